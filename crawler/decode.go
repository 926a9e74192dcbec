package crawler

import (
	"bufio"
	"bytes"
	"compress/flate"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"
)

// errRatio is a body that grows beyond all proportion when decoded.
var errRatio = errors.New("decoded body over its ratio")

// decode undoes the content encoding of an entity under the caps of limits. The result may be shorter than the whole;
// then the second value says why: length, ratio, or encoding for one that is corrupt, unknown or nested. An entity
// that was already cut keeps its first reason.
func decode(header http.Header, entity []byte, truncated string, limits *Limits) ([]byte, string) {
	coding := strings.ToLower(strings.TrimSpace(strings.Join(header.Values("Content-Encoding"), ",")))
	if coding == "" || coding == "identity" || len(entity) == 0 {
		return entity, truncated
	}
	r, err := decoder(coding, entity)
	if err != nil {
		return nil, first(truncated, "encoding")
	}
	defer func() { _ = r.Close() }()
	body, err := readCapped(r, len(entity), limits)
	switch {
	case err == nil:
		return body, truncated
	case errors.Is(err, errLength):
		return body, first(truncated, "length")
	case errors.Is(err, errRatio):
		return body, first(truncated, "ratio")
	}
	return body, first(truncated, "encoding")
}

func first(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

// decoder opens one content coding (RFC 9110 §8.4.1); nested and unknown ones are refused.
func decoder(coding string, entity []byte) (io.ReadCloser, error) {
	in := bytes.NewReader(entity)
	switch coding {
	case "gzip", "x-gzip":
		return gzip.NewReader(in)
	case "br":
		return io.NopCloser(brotli.NewReader(in)), nil
	case "zstd":
		d, err := zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(32<<20),
			zstd.WithDecoderMaxWindow(8<<20), zstd.WithDecoderLowmem(true))
		if err != nil {
			return nil, err
		}
		return d.IOReadCloser(), nil
	case "deflate":
		// The name means zlib, but some servers send the bare stream.
		if z, err := zlib.NewReader(in); err == nil {
			return z, nil
		}
		return flate.NewReader(bytes.NewReader(entity)), nil
	}
	return nil, errors.New("content coding not accepted: " + coding)
}

// readCapped reads r until it ends, or the body or its ratio to the encoded size passes the limits; what was read
// before comes with the error.
func readCapped(r io.Reader, encoded int, limits *Limits) ([]byte, error) {
	bound := max(limits.Floor, limits.Ratio*encoded)
	why := errRatio
	if bound >= limits.Body {
		bound, why = limits.Body, errLength
	}
	buf := bytes.NewBuffer(make([]byte, 0, min(bound, 4*encoded+512)))
	n, err := io.Copy(buf, io.LimitReader(r, int64(bound)+1))
	if n > int64(bound) {
		return buf.Bytes()[:bound], why
	}
	return buf.Bytes(), err
}

// gunzip opens a file that is itself gzipped, as sitemaps may be, under the same caps.
func gunzip(file []byte, limits *Limits) ([]byte, error) {
	r, err := gzip.NewReader(bufio.NewReader(bytes.NewReader(file)))
	if err != nil {
		return nil, err
	}
	defer func() { _ = r.Close() }()
	return readCapped(r, len(file), limits)
}
