package evidence

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"
)

// The caps of decoding: a body may grow to maxDecoded bytes and to maxRatio times its compressed size, but a small page
// may be as repetitive as it likes.
const (
	maxDecoded = 10 << 20
	maxRatio   = 100
	ratioFloor = 1 << 20
)

// decode undoes the content coding of a payload. The second value is empty when the body is whole, else why it is not:
// length (over the cap), ratio (a bomb), disconnect (the coding breaks off) or encoding (unknown or nested codings).
func decode(h http.Header, payload []byte) ([]byte, string) {
	var codings []string
	for part := range strings.SplitSeq(strings.ToLower(strings.Join(h.Values("Content-Encoding"), ",")), ",") {
		if part = strings.TrimSpace(part); part != "" && part != "identity" {
			codings = append(codings, part)
		}
	}
	limit := min(maxDecoded, max(ratioFloor, maxRatio*len(payload)))
	switch {
	case len(payload) == 0:
		return nil, ""
	case len(codings) == 0:
		if len(payload) > maxDecoded {
			return payload[:maxDecoded:maxDecoded], "length"
		}
		return payload, ""
	case len(codings) > 1:
		return nil, "encoding"
	}
	r, err := decoder(codings[0], payload)
	if err != nil {
		return nil, "disconnect"
	}
	if r == nil {
		return nil, "encoding"
	}
	defer func() { _ = r.Close() }()
	var out bytes.Buffer
	_, err = out.ReadFrom(io.LimitReader(r, int64(limit)+1))
	body := out.Bytes()
	switch {
	case len(body) > limit && limit < maxDecoded:
		return body[:limit:limit], "ratio"
	case len(body) > limit:
		return body[:limit:limit], "length"
	case err != nil && !errors.Is(err, io.EOF):
		return body, "disconnect"
	}
	return body, ""
}

// decoder returns nil for a coding that is not known.
func decoder(coding string, payload []byte) (io.ReadCloser, error) {
	in := bytes.NewReader(payload)
	switch coding {
	case "gzip", "x-gzip":
		return gzip.NewReader(in)
	case "deflate": // zlib by RFC 9110 §8.4.1.2, but some servers send it bare
		buffered := bufio.NewReader(in)
		if head, _ := buffered.Peek(2); len(head) == 2 && head[0]&0x0f == 8 && (int(head[0])<<8|int(head[1]))%31 == 0 {
			return zlib.NewReader(buffered)
		}
		return flate.NewReader(buffered), nil
	case "br":
		return io.NopCloser(brotli.NewReader(in)), nil
	case "zstd":
		d, err := zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(4*maxDecoded), zstd.WithDecoderMaxWindow(8<<20))
		if err != nil {
			return nil, err
		}
		return d.IOReadCloser(), nil
	}
	return nil, nil
}
