package evidence_test

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"

	"schemer/evidence"
)

func TestBodiesAreDecodedUnderCaps(t *testing.T) {
	a := open(t, t.TempDir(), nil)
	defer closeArchive(t, a)
	zip := func(n int) []byte {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		_, _ = z.Write(make([]byte, n))
		_ = z.Close()
		return b.Bytes()
	}
	cases := []struct {
		name, coding string
		body         []byte
		size         int
		truncated    string
	}{
		{"repetitive small page", "gzip", zip(900 << 10), 900 << 10, ""},
		{"bomb", "gzip", zip(200 << 20), 10 << 20, "length"},
		{"small bomb", "gzip", zip(5 << 20), 1 << 20, "ratio"},
		{"broken off", "gzip", zip(900 << 10)[:500], -1, "disconnect"},
		{"nested", "gzip, gzip", zip(10), 0, "encoding"},
		{"unknown", "snappy", zip(10), 0, "encoding"},
		{"not what it says", "br", []byte("plain text"), -1, "disconnect"},
		{"zstd that is none", "zstd", []byte("plain text"), -1, "disconnect"},
		{"identity", "identity", []byte("plain text"), 10, ""},
	}
	for _, c := range cases {
		x := page(1, "")
		x.Response = append([]byte("HTTP/1.1 200 OK\r\nContent-Encoding: "+c.coding+"\r\n\r\n"), c.body...)
		got := load(t, a, save(t, a, x)[0])
		if c.size >= 0 && len(got.Body) != c.size || got.Truncated != c.truncated {
			t.Errorf("%s: %d bytes, truncated %q", c.name, len(got.Body), got.Truncated)
		}
	}
}

func TestEveryContentCodingIsDecoded(t *testing.T) {
	a := open(t, t.TempDir(), nil)
	defer closeArchive(t, a)
	text := strings.Repeat("the quick brown fox ", 100)
	writers := map[string]func(io.Writer) io.WriteCloser{
		"gzip":    func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) },
		"deflate": func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) },
		"br":      func(w io.Writer) io.WriteCloser { return brotli.NewWriter(w) },
		"zstd": func(w io.Writer) io.WriteCloser {
			z, err := zstd.NewWriter(w)
			if err != nil {
				t.Fatal(err)
			}
			return z
		},
		"Deflate": func(w io.Writer) io.WriteCloser { // bare, as some servers send it
			z, err := flate.NewWriter(w, 5)
			if err != nil {
				t.Fatal(err)
			}
			return z
		},
	}
	for coding, make := range writers {
		var b bytes.Buffer
		b.WriteString("HTTP/1.1 200 OK\r\nContent-Encoding: " + coding + "\r\n\r\n")
		w := make(&b)
		_, _ = io.WriteString(w, text)
		_ = w.Close()
		x := page(1, "")
		x.Response, x.Body = b.Bytes(), []byte(text)
		if got := load(t, a, save(t, a, x)[0]); string(got.Body) != text || got.Truncated != "" {
			t.Errorf("%s: %d bytes, truncated %q", coding, len(got.Body), got.Truncated)
		}
	}
	if _, err := a.Verify(t.Context(), evidence.VerifyOptions{}); err != nil {
		t.Error(err)
	}
}
