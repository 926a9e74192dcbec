// Package demoweb is a small internet on one port: it serves every host of a fictional world by its name, in the
// markup of the engine that the host is said to run, with the manners and the bad habits of real sites. A crawler
// meets it over HTTP only.
package demoweb

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"schemer"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
)

// Options say what is served.
type Options struct {
	World          fs.FS     // truth.json and sites/<host>.json; required
	AsOf           time.Time // the day it is; zero means the world's newest
	PostsPerPage   int       // 0 means the custom of each engine
	ThreadsPerPage int       // 0 means the custom of each engine
	Log            *slog.Logger
}

// Request is one request as it came in and how it was answered.
type Request struct {
	Host        string // without port
	Path        string // with query
	UserAgent   string
	Time        time.Time
	Status      int
	Conditional bool // it carried If-None-Match or If-Modified-Since
}

// Server serves a world as it stands on one day. It is a [http.Handler]; the Host header says which site is meant.
type Server struct {
	sites map[string]*site
	asOf  time.Time
	log   *slog.Logger

	mu       sync.Mutex
	requests []Request
	busy     map[string]bool // hosts that have given their one 503
	server   *http.Server
}

// New reads a world. The error names the file that is off.
func New(o Options) (*Server, error) {
	if o.World == nil {
		return nil, fmt.Errorf("demoweb: no world given: %w", schemer.ErrUsage)
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	sites, asOf, err := loadWorld(o.World, o.AsOf)
	if err != nil {
		return nil, err
	}
	skins, err := loadSkins(o)
	if err != nil {
		return nil, err
	}
	for _, s := range sites {
		if skins[s.Engine] == nil {
			return nil, fmt.Errorf("demoweb: %s runs on %q, which nobody here has the markup of", s.Host, s.Engine)
		}
		s.skin = skins[s.Engine]
	}
	giveQuirks(sites)
	return &Server{sites: sites, asOf: asOf, log: o.Log, busy: map[string]bool{}}, nil
}

// Hosts returns the names that are served, sorted.
func (s *Server) Hosts() []string {
	var out []string
	for host := range s.sites {
		out = append(out, host)
	}
	slices.Sort(out)
	return out
}

// Start listens on addr ("127.0.0.1:0" for any free port) and serves until ctx ends or [Server.Close] is called. It
// returns the address that it listens on.
func (s *Server) Start(ctx context.Context, addr string) (net.Addr, error) {
	var lc net.ListenConfig
	ln, err := lc.Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("demoweb: listen on %s: %w", addr, err)
	}
	server := &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second}
	s.mu.Lock()
	s.server = server
	s.mu.Unlock()
	go func() {
		if err := server.Serve(ln); err != nil && !errors.Is(err, http.ErrServerClosed) {
			s.log.Error("demoweb stopped", "error", err)
		}
	}()
	context.AfterFunc(ctx, func() { _ = server.Close() })
	return ln.Addr(), nil
}

// Close stops what Start began.
func (s *Server) Close() error {
	s.mu.Lock()
	server := s.server
	s.mu.Unlock()
	if server == nil {
		return nil
	}
	return server.Close()
}

// Requests returns a copy of the log of all requests so far, in the order in which they were answered.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

// ServeHTTP answers as the host that the request names.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	host := strings.ToLower(r.Host)
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	a := s.answer(host, r)
	status := a.write(w, r)
	entry := Request{
		Host: host, Path: r.URL.RequestURI(), UserAgent: r.UserAgent(), Time: time.Now(), Status: status,
		Conditional: r.Header.Get("If-None-Match") != "" || r.Header.Get("If-Modified-Since") != "",
	}
	s.mu.Lock()
	s.requests = append(s.requests, entry)
	s.mu.Unlock()
	s.log.Debug("demoweb", "host", host, "path", entry.Path, "status", status)
}

// answer decides what a host says to a request.
func (s *Server) answer(host string, r *http.Request) answer {
	bare, www := strings.CutPrefix(host, "www.")
	here, known := s.sites[bare]
	switch {
	case !known:
		return answer{status: http.StatusMisdirectedRequest, kind: plain, body: []byte("No such site here.\n")}
	case www:
		return redirect(http.StatusMovedPermanently, "http://"+bare+r.URL.RequestURI())
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		return answer{status: http.StatusMethodNotAllowed, kind: plain, body: []byte("GET and HEAD only.\n")}
	}
	if a, ok := here.manners(r, s.asOf); ok {
		return a
	}
	if here.quirks.busy && s.firstCall(bare) {
		return answer{
			status: http.StatusServiceUnavailable, kind: plain, body: []byte("Excessive load, come back in a second.\n"),
			header: map[string]string{"Retry-After": "1"},
		}
	}
	a := here.skin.serve(here, r, s.asOf)
	if here.quirks.charset1251 {
		a.recode()
	}
	return a
}

func (s *Server) firstCall(host string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	first := !s.busy[host]
	s.busy[host] = true
	return first
}

const (
	plain  = "text/plain; charset=utf-8"
	webtxt = "text/html; charset=utf-8"
	xmltxt = "application/xml; charset=utf-8"
)

// answer is a response before it meets caches and compression.
type answer struct {
	status   int
	kind     string // content type
	body     []byte
	header   map[string]string
	cookie   *http.Cookie
	modified time.Time // Last-Modified; zero sends none
	tagged   bool      // send an ETag and honour If-None-Match
}

func redirect(status int, to string) answer {
	return answer{status: status, kind: webtxt, body: []byte("<a href=\"" + to + "\">Moved</a>\n"), header: map[string]string{"Location": to}}
}

// recode turns the page into windows-1251, which its meta element alone declares.
func (a *answer) recode() {
	if a.kind != webtxt {
		return
	}
	text := bytes.Replace(a.body, []byte(`<meta charset="utf-8">`), []byte(`<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">`), 1)
	coded, err := encoding.HTMLEscapeUnsupported(charmap.Windows1251.NewEncoder()).Bytes(text)
	if err != nil {
		return
	}
	a.body, a.kind = coded, "text/html"
}

// write sends the answer, or 304, and returns the status sent.
func (a *answer) write(w http.ResponseWriter, r *http.Request) int {
	h := w.Header()
	h.Set("Content-Type", a.kind)
	h.Set("Vary", "Accept-Encoding, Cookie")
	for name, value := range a.header {
		h.Set(name, value)
	}
	if a.cookie != nil {
		http.SetCookie(w, a.cookie)
	}
	if !a.modified.IsZero() {
		h.Set("Last-Modified", a.modified.UTC().Format(http.TimeFormat))
	}
	if a.tagged && a.status == http.StatusOK {
		tag := `W/"` + string(schemer.DigestOf(a.body)[:20]) + `"`
		h.Set("ETag", tag)
		if a.unchanged(r, tag) {
			w.WriteHeader(http.StatusNotModified)
			return http.StatusNotModified
		}
	}
	body := a.body
	if len(body) > 600 && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		body = zipped(body)
	}
	h.Set("Content-Length", fmt.Sprint(len(body)))
	w.WriteHeader(a.status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // the client may have gone; there is nobody to tell
	}
	return a.status
}

// unchanged answers a conditional request (RFC 9110, section 13.2.2): the date counts only where no tag is given.
func (a *answer) unchanged(r *http.Request, tag string) bool {
	if given := r.Header.Get("If-None-Match"); given != "" {
		return given == tag
	}
	since, err := http.ParseTime(r.Header.Get("If-Modified-Since"))
	return err == nil && !a.modified.IsZero() && !a.modified.After(since)
}

func zipped(body []byte) []byte {
	var buf bytes.Buffer
	z := gzip.NewWriter(&buf)
	_, err := z.Write(body)
	if err = errors.Join(err, z.Close()); err != nil {
		return body // cannot happen: writing to memory does not fail
	}
	return buf.Bytes()
}
