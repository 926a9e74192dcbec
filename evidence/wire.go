package evidence

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"schemer"
)

// wire is an HTTP/1 response as it was on the wire, taken apart without copying.
type wire struct {
	head    []byte   // status line and header of the final response, the empty line included
	body    []byte   // what follows, still transfer coded
	payload [][]byte // body without transfer coding, in pieces
	chunked bool
	whole   bool // false when the transfer coding breaks off
}

// parseWire finds the parts of a response; interim responses (1xx but 101) are passed over.
func parseWire(response []byte) (wire, error) {
	rest := response
	for {
		end := headEnd(rest)
		if end < 0 {
			return wire{}, fmt.Errorf("response of %d bytes has no end of header: %w", len(response), schemer.ErrIntegrity)
		}
		status, err := statusOf(rest)
		if err != nil {
			return wire{}, err
		}
		if status >= 100 && status < 200 && status != http.StatusSwitchingProtocols && end < len(rest) {
			rest = rest[end:]
			continue
		}
		w := wire{head: rest[:end], body: rest[end:], whole: true}
		w.chunked = strings.Contains(strings.ToLower(w.field("Transfer-Encoding")), "chunked")
		if w.chunked {
			w.payload, w.whole = dechunk(w.body)
		} else {
			w.payload = [][]byte{w.body}
		}
		return w, nil
	}
}

// headEnd returns the length of the header up to and with its empty line, or -1.
func headEnd(b []byte) int {
	crlf, lf := bytes.Index(b, []byte("\r\n\r\n")), bytes.Index(b, []byte("\n\n"))
	switch {
	case crlf >= 0 && (lf < 0 || crlf < lf):
		return crlf + 4
	case lf >= 0:
		return lf + 2
	}
	return -1
}

func statusOf(b []byte) (int, error) {
	line, _, _ := bytes.Cut(b, []byte("\n"))
	parts := strings.Fields(string(line[:min(len(line), 200)]))
	if len(parts) < 2 || !strings.HasPrefix(parts[0], "HTTP/") {
		return 0, fmt.Errorf("status line %.40q: %w", line, schemer.ErrIntegrity)
	}
	n, err := strconv.Atoi(parts[1])
	if err != nil || n < 100 || n > 999 {
		return 0, fmt.Errorf("status line %.40q: %w", line, schemer.ErrIntegrity)
	}
	return n, nil
}

// field returns the first header field of that name without surrounding space; bytes that are no UTF-8 are replaced.
func (w *wire) field(name string) string {
	head := w.head
	for len(head) > 0 {
		var line []byte
		line, head, _ = bytes.Cut(head, []byte("\n"))
		if len(line) > len(name) && line[len(name)] == ':' && strings.EqualFold(string(line[:len(name)]), name) {
			return strings.ToValidUTF8(strings.TrimSpace(string(line[len(name)+1:])), "\uFFFD")
		}
	}
	return ""
}

// header parses the header; lines that are no field are passed over.
func (w *wire) header() http.Header {
	out := http.Header{}
	_, rest, _ := bytes.Cut(w.head, []byte("\n"))
	for len(rest) > 0 {
		var line []byte
		line, rest, _ = bytes.Cut(rest, []byte("\n"))
		if name, value, ok := strings.Cut(string(line), ":"); ok && name != "" {
			out.Add(strings.TrimSpace(name), strings.TrimSpace(value))
		}
	}
	return out
}

// size returns the length of the payload.
func (w *wire) size() int64 {
	n := int64(0)
	for _, p := range w.payload {
		n += int64(len(p))
	}
	return n
}

// carries tells whether the payload is exactly body.
func (w *wire) carries(body []byte) bool {
	for _, p := range w.payload {
		if !bytes.HasPrefix(body, p) {
			return false
		}
		body = body[len(p):]
	}
	return len(body) == 0
}

// joined returns the payload in one piece.
func (w *wire) joined() []byte {
	if len(w.payload) == 1 {
		return w.payload[0]
	}
	return bytes.Join(w.payload, nil)
}

// dechunk takes the chunked coding (RFC 9112 §7.1) apart. False when it breaks off or is not well formed: then the
// pieces up to there are returned.
func dechunk(b []byte) ([][]byte, bool) {
	var out [][]byte
	for {
		line, rest, ok := bytes.Cut(b, []byte("\n"))
		if !ok {
			return out, false
		}
		size, err := chunkSize(line)
		if err != nil {
			return out, false
		}
		if size == 0 {
			return out, true
		}
		if int64(len(rest)) < size {
			if len(rest) > 0 {
				out = append(out, rest)
			}
			return out, false
		}
		out = append(out, rest[:size])
		b = bytes.TrimPrefix(bytes.TrimPrefix(rest[size:], []byte("\r")), []byte("\n"))
	}
}

func chunkSize(line []byte) (int64, error) {
	digits, _, _ := bytes.Cut(line, []byte(";"))
	digits = bytes.TrimSpace(digits)
	if len(digits) == 0 || len(digits) > 15 {
		return 0, errors.New("chunk size")
	}
	n, err := strconv.ParseUint(string(digits), 16, 63)
	return int64(n), err
}
