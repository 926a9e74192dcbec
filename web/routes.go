// Package web is the analysts' workbench: the ranked list, a candidate's dossier, search and the state of the sources,
// rendered on the server. It works without JavaScript, sends nothing elsewhere, and shows crawled text as text only.
package web

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"schemer"
	"schemer/index"
	"schemer/letter"
)

//go:embed static
var static embed.FS

// House is what the workbench shows; the pipeline implements it.
type House interface {
	// Draft returns the latest scored list; schemer.ErrNotFound before the first scoring.
	Draft(ctx context.Context) (schemer.Edition, error)
	// Search asks the index.
	Search(ctx context.Context, q index.Query) (index.Page, error)
	// Sources tells the state of every source.
	Sources(ctx context.Context) ([]SourceState, error)
	// Viewed records that somebody looked at something (Wpg art. 32a, LED 2016/680 art. 25: consultation is logged).
	Viewed(ctx context.Context, who, object string) error
	// Letter composes the letter of the draft.
	Letter(ctx context.Context) (letter.Letter, error)
}

// SourceState is one row of the sources page.
type SourceState struct {
	Source   schemer.Source
	LastRun  time.Time
	NextDue  time.Time
	Fetched  int
	Posts    int
	Errors   map[string]int // by class: dns, timeout, status-503, robots, trap, …
	Degraded int
	Note     string // parser drift and the like; empty when all is well
}

// Options of New.
type Options struct {
	House   House        // required
	Log     *slog.Logger // required
	Version string       // shown in the footer
}

type server struct {
	Options
	pages map[string]*page
}

// New returns the workbench as a handler. It fails when a template does not parse.
func New(o Options) (http.Handler, error) {
	if o.House == nil || o.Log == nil {
		return nil, errors.New("web.New: House and Log are required")
	}
	s := &server{Options: o}
	var err error
	if s.pages, err = loadPages(); err != nil {
		return nil, fmt.Errorf("web.New: %w", err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.list)
	mux.HandleFunc("GET /list.json", s.listJSON)
	mux.HandleFunc("GET /list.csv", s.listCSV)
	mux.HandleFunc("GET /candidate/{id}", s.candidate)
	mux.HandleFunc("GET /search", s.search)
	mux.HandleFunc("GET /sources", s.sources)
	mux.HandleFunc("GET /letter", s.letter)
	mux.HandleFunc("GET /letter.odt", s.letterODT)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok\n")) })
	mux.Handle("GET /static/", http.FileServerFS(static))
	return s.guard(http.NewCrossOriginProtection().Handler(mux)), nil
}

// guard sets the headers of every answer (OWASP ASVS 5.0, 3.4) and logs the request.
func (s *server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			h.Set("Allow", "GET, HEAD")
			http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
			return
		}
		s.Log.Debug("request", slog.String("path", r.URL.Path), slog.String("from", r.RemoteAddr))
		next.ServeHTTP(w, r)
	})
}

// fail answers with the status that belongs to err, in this one place.
func (s *server) fail(w http.ResponseWriter, r *http.Request, err error) {
	status := http.StatusInternalServerError
	switch {
	case errors.Is(err, schemer.ErrNotFound):
		status = http.StatusNotFound
	case errors.Is(err, schemer.ErrUsage):
		status = http.StatusBadRequest
	case errors.Is(err, schemer.ErrLocked):
		status = http.StatusServiceUnavailable
	case errors.Is(err, context.DeadlineExceeded):
		status = http.StatusGatewayTimeout
	}
	if status == http.StatusInternalServerError {
		s.Log.Error("request failed", slog.String("path", r.URL.Path), slog.Any("error", err))
	}
	s.render(w, r, status, "problem", problem{Message: err.Error(), Empty: status == http.StatusNotFound && !strings.HasPrefix(r.URL.Path, "/candidate/")})
}

// problem is what the problem page says; Empty means that there is no list yet.
type problem struct {
	Message string
	Empty   bool
}

// viewed logs the view; a view that cannot be logged is not given.
func (s *server) viewed(w http.ResponseWriter, r *http.Request, object string) bool {
	who, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		who = r.RemoteAddr
	}
	if err := s.House.Viewed(r.Context(), "web:"+who, object); err != nil {
		s.fail(w, r, fmt.Errorf("log the view of %s: %w", object, err))
		return false
	}
	return true
}
