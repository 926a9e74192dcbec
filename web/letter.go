package web

import (
	"bytes"
	"mime"
	"net/http"

	"schemer/letter"
)

func (s *server) letter(w http.ResponseWriter, r *http.Request) {
	l, err := s.House.Letter(r.Context())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if !s.viewed(w, r, "letter "+l.Edition.Edition) {
		return
	}
	var b bytes.Buffer
	if err := letter.HTML(&b, l); err != nil {
		s.fail(w, r, err)
		return
	}
	// The letter is a document of its own with its style inside; it may run nothing and load nothing.
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; sandbox")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(b.Bytes())
}

func (s *server) letterODT(w http.ResponseWriter, r *http.Request) {
	l, err := s.House.Letter(r.Context())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if !s.viewed(w, r, "letter.odt "+l.Edition.Edition) {
		return
	}
	var b bytes.Buffer
	if err := letter.ODT(&b, l); err != nil {
		s.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/vnd.oasis.opendocument.text")
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": "brief-" + l.Edition.Edition + ".odt"}))
	_, _ = w.Write(b.Bytes())
}
