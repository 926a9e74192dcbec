package index

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// fieldKind is how a field is indexed and so what its filter takes.
type fieldKind int

const (
	unknown fieldKind = iota
	words             // analysed text
	keyword           // whole values, lower case
	moment            // a time
)

// field is one field of the query language.
type field struct {
	kind     fieldKind
	engine   string // name in the index when it differs
	reversed bool   // its reverse is indexed too, for *suffix
	fold     func(string) string
}

// fields are all fields of the query language. The default ones of a bare word are listed in defaultFields.
var fields = map[string]field{
	"text": {kind: words}, "title": {kind: words}, "thread": {kind: words}, "signature": {kind: words},
	"quotes": {kind: words}, "quote": {kind: words, engine: "quotes"},

	"source": {kind: keyword}, "site": {kind: keyword, reversed: true, fold: foldSite}, "kind": {kind: keyword}, "engine": {kind: keyword},
	"role": {kind: keyword}, "lang": {kind: keyword}, "author": {kind: keyword}, "signal": {kind: keyword}, "grade": {kind: keyword},
	"reseller": {kind: keyword}, "domain": {kind: keyword, reversed: true, fold: foldDomain}, "handle": {kind: keyword, reversed: true, fold: foldHandle},
	"asn": {kind: keyword, fold: foldASN}, "is": {kind: keyword}, "month": {kind: keyword}, "url": {kind: keyword},

	"posted": {kind: moment}, "seen": {kind: moment, engine: "captured"}, "captured": {kind: moment},
}

// defaultFields are searched for a word without a field, with their weights. What a post quotes of others is not.
var defaultFields = []struct {
	name  string
	boost float64
}{{"text", 1}, {"title", 2}, {"thread", 1.5}, {"signature", 0.7}}

func (f field) name(typed string) string {
	if f.engine != "" {
		return f.engine
	}
	return typed
}

// read reads an unquoted value.
func (f field) read(name, value string) (node, error) {
	switch f.kind {
	case moment:
		return readSpan(name, value)
	case words:
		return readWord(name, value)
	}
	stem, begins := strings.CutPrefix(value, "*")
	stem, ends := strings.CutSuffix(stem, "*")
	if !begins && !ends {
		return f.quoted(name, value)
	}
	stem = f.folded(stem)
	switch {
	case begins && ends, strings.Contains(stem, "*"):
		return nil, refuse("%s:%s: one star, at the beginning or at the end", name, value)
	case begins && !f.reversed:
		return nil, refuse("%s:%s: a star at the beginning works with domain:, site: and handle: only", name, value)
	case utf8.RuneCountInString(stem) < minPrefix:
		return nil, refuse("%s:%s: put at least %d letters beside the star", name, value, minPrefix)
	case begins:
		return suffix{name, stem}, nil
	}
	return prefix{name, stem}, nil
}

// quoted reads a whole value.
func (f field) quoted(name, value string) (node, error) {
	switch f.kind {
	case moment:
		return readSpan(name, value)
	case words:
		return quotedText(name, value)
	}
	if value = f.folded(value); value == "" {
		return nil, nil
	}
	return term{name, value}, nil
}

// folded is how a keyword is indexed. Folding what is folded changes nothing.
func (f field) folded(s string) string {
	for range 8 {
		was := s
		s = foldKeyword(s)
		if f.fold != nil {
			s = f.fold(s)
		}
		if s == was {
			break
		}
	}
	return s
}

func foldSite(s string) string { return strings.TrimPrefix(s, "www.") }

// foldDomain takes a URL or host as it was copied and leaves the host.
func foldDomain(s string) string {
	if _, after, ok := strings.Cut(s, "://"); ok {
		s = after
	}
	if i := strings.IndexAny(s, "/?#"); i >= 0 {
		s = s[:i]
	}
	return strings.TrimSuffix(foldSite(s), ".")
}

func foldHandle(s string) string {
	kind, name, ok := strings.Cut(s, ":")
	if !ok {
		return strings.TrimPrefix(s, "@")
	}
	return kind + ":" + strings.TrimPrefix(name, "@")
}

func foldASN(s string) string { return strings.TrimPrefix(s, "as") }

func contains(list []string, s string) bool { return slices.Contains(list, s) }
