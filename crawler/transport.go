package crawler

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"schemer"
)

// flight is one request on its way: what it needs, and the exchange that becomes of it. It travels in the request's
// context, below colly.
type flight struct {
	url     *url.URL
	egress  *egress
	private bool // may reach a private address
	limits  *Limits
	now     func() time.Time
	ex      schemer.Exchange
	entity  []byte   // the body as sent: transfer decoded, still content-encoded
	lent    [][]byte // the memory behind the exchange and the entity
	err     error
}

type flightKey struct{}

// transport is the http.RoundTripper under colly. It speaks HTTP/1.1, keeps request and answer byte for byte, decodes
// the body under caps and hands colly an answer whose body is already in the flight.
type transport struct {
	dialer *dialer
	pool   *pool
	space  *spaces
}

// RoundTrip implements http.RoundTripper.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	f, ok := req.Context().Value(flightKey{}).(*flight)
	if !ok {
		return nil, fmt.Errorf("round trip %s: not one of the crawler's own requests: %w", req.URL, schemer.ErrPolicy)
	}
	if err := t.fly(req, f); err != nil {
		f.err = err
		return nil, err
	}
	return shellResponse(req, f), nil
}

// fly sends the request, once more on a fresh connection when an idle one turns out to be closed.
func (t *transport) fly(req *http.Request, f *flight) error {
	head, secret := encodeRequest(req, f), ""
	if f.egress.proxy == "http" && f.url.Scheme == "http" {
		secret = f.egress.authorization()
	}
	ctx := req.Context()
	f.ex.URL, f.ex.Method, f.ex.Started = f.url.String(), req.Method, f.now()
	begun := time.Now()
	key := f.egress.name + " " + f.url.Scheme + "://" + f.url.Host
	for first := true; ; first = false {
		var w *wire
		if first {
			w = t.pool.get(key)
		}
		reused := w != nil
		if w == nil {
			var err error
			if w, err = t.dialer.dial(ctx, f, key); err != nil {
				return err
			}
		}
		answer, err := w.roundTrip(ctx, head, secret, req, f.limits, t.space)
		if err != nil {
			closeQuietly(w)
			if reused && len(w.tape.buf) == 0 && ctx.Err() == nil {
				continue
			}
			return err
		}
		answer.into(f, begun)
		if answer.keep {
			t.pool.put(w)
		} else {
			closeQuietly(w)
		}
		return nil
	}
}

// answer is what came back on a wire.
type answer struct {
	request   []byte
	raw       []byte
	response  *http.Response
	entity    []byte
	lent      [][]byte
	truncated string
	first     time.Time
	network   schemer.Network
	keep      bool
}

// into fills the flight's exchange. Clock times follow from the monotonic ones.
func (a *answer) into(f *flight, begun time.Time) {
	ex := &f.ex
	ex.Elapsed = time.Since(begun)
	ex.Ended = ex.Started.Add(ex.Elapsed)
	ex.FirstByte = ex.Started.Add(a.first.Sub(begun))
	ex.Request, ex.Response = a.request, a.raw
	ex.Status, ex.Header = a.response.StatusCode, a.response.Header
	ex.Network, f.entity, f.lent = a.network, a.entity, a.lent
	ex.Body, ex.Truncated = decode(ex.Header, a.entity, a.truncated, f.limits)
}

// roundTrip writes the request and reads the whole answer. An error means that there is no answer to keep; a body that
// breaks off is kept as far as it came, flagged.
func (w *wire) roundTrip(ctx context.Context, head []byte, secret string, req *http.Request, limits *Limits, space *spaces) (*answer, error) {
	if err := w.tape.rewind(limits, time.Now(), space); err != nil {
		return nil, failed("disconnect", err)
	}
	w.br.Reset(w.tape)
	stop := context.AfterFunc(ctx, w.tape.halt)
	defer stop()
	if _, err := w.Write(withSecret(head, secret)); err != nil {
		return nil, w.broken(ctx, err)
	}
	response, start, err := w.readHead(req) //nolint:bodyclose // closing reads an endless body to its end; the connection is closed instead
	if err != nil {
		return nil, w.broken(ctx, err)
	}
	a := &answer{request: head, response: response, network: w.network, first: w.tape.first}
	if response.StatusCode == http.StatusSwitchingProtocols {
		return nil, failed("protocol", errors.New("the server switched protocols unasked"))
	}
	w.tape.bodyFollows(response.ContentLength)
	a.entity, err = readEntity(response.Body, response.ContentLength, space.get(w.tape.room(32<<10)), limits.Body)
	if err != nil {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		a.truncated = truncation(err)
	}
	a.raw = w.tape.buf[start:w.consumed():w.consumed()]
	a.lent = [][]byte{w.tape.buf, a.entity}
	a.keep = err == nil && !response.Close && w.br.Buffered() == 0 && stop()
	return a, nil
}

// broken classifies an error before the head was read.
func (w *wire) broken(ctx context.Context, err error) error {
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.Is(err, errHead):
		return failed("header", err)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return failed("disconnect", err)
	case strings.Contains(err.Error(), "malformed"):
		return failed("protocol", err)
	}
	return failed("disconnect", err)
}

// readHead reads the response head, skipping at most five interim ones (RFC 9110 §15.2); start is where it begins.
func (w *wire) readHead(req *http.Request) (response *http.Response, start int, err error) {
	for range 6 {
		start = w.consumed()
		response, err = http.ReadResponse(w.br, req)
		if err != nil {
			return nil, 0, err
		}
		if response.StatusCode >= 200 || response.StatusCode == http.StatusSwitchingProtocols {
			return response, start, nil
		}
		_ = response.Body.Close()
	}
	return nil, 0, errors.New("malformed: too many interim responses")
}

// readEntity reads a body of at most limit bytes into buf, with room for all of it when its length is known; what came
// before an error is returned with it.
func readEntity(body io.ReadCloser, expected int64, buf []byte, limit int) ([]byte, error) {
	if expected >= int64(cap(buf)) && expected <= int64(limit) {
		buf = make([]byte, 0, int(expected)+1)
	}
	for {
		if len(buf) == cap(buf) {
			buf = slices.Grow(buf, len(buf))
		}
		n, err := body.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		switch {
		case len(buf) > limit:
			return buf[:limit], errLength
		case errors.Is(err, io.EOF):
			return buf, nil
		case err != nil:
			return buf, err
		}
	}
}

// truncation is the reason of WARC-Truncated (ISO 28500 §5.13) for a body that broke off.
func truncation(err error) string {
	fe := failed("disconnect", err)
	switch {
	case errors.Is(err, errLength):
		return "length"
	case errors.Is(err, errSlow), fe.class == "timeout":
		return "time"
	}
	return "disconnect"
}

// encodeRequest renders the request as it goes over the wire: Host first, the rest in the order of the names.
func encodeRequest(req *http.Request, f *flight) []byte {
	var b bytes.Buffer
	b.Grow(512)
	target := wireURI(f.url)
	if f.egress.proxy == "http" && f.url.Scheme == "http" {
		target = "http://" + f.url.Host + target
	}
	b.WriteString(req.Method + " " + target + " HTTP/1.1\r\nHost: " + f.url.Host + "\r\n")
	names := make([]string, 0, len(req.Header))
	for name := range req.Header {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		for _, value := range req.Header[name] {
			if name != "Host" && !strings.ContainsAny(name+value, "\r\n\x00") {
				b.WriteString(name + ": " + value + "\r\n")
			}
		}
	}
	b.WriteString("\r\n")
	return b.Bytes()
}

// withSecret adds the credentials for a proxy, the one thing that is sent and not kept.
func withSecret(head []byte, secret string) []byte {
	if secret == "" {
		return head
	}
	open := len(head) - len("\r\n")
	return slices.Concat(head[:open], []byte("Proxy-Authorization: "+secret+"\r\n\r\n"))
}

// wireURI is the request target with every byte that may not stand in a request line escaped.
func wireURI(u *url.URL) string {
	uri := u.RequestURI()
	plain := true
	for i := range len(uri) {
		plain = plain && uri[i] > ' ' && uri[i] < 0x7f
	}
	if plain {
		return uri
	}
	var b strings.Builder
	for i := range len(uri) {
		if uri[i] > ' ' && uri[i] < 0x7f {
			b.WriteByte(uri[i])
		} else {
			fmt.Fprintf(&b, "%%%02X", uri[i])
		}
	}
	return b.String()
}

// shellResponse is the answer as colly gets it. The body stays in the flight: colly would re-encode it by the header's
// charset, so its content type goes without one; and it would follow a Location by itself.
func shellResponse(req *http.Request, f *flight) *http.Response {
	header := f.ex.Header.Clone()
	header.Del("Location")
	header.Del("Content-Encoding")
	if mediaType, _, found := strings.Cut(header.Get("Content-Type"), ";"); found {
		header.Set("Content-Type", mediaType)
	}
	return &http.Response{
		Status: http.StatusText(f.ex.Status), StatusCode: f.ex.Status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header, Body: http.NoBody, ContentLength: 0, Uncompressed: true, Request: req,
	}
}
