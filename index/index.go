// Package index answers what researchers ask of the posts: full text with filters, facets and highlights. The index is
// disposable: it is fed from the store and can be rebuilt beside the old one at any time.
//
// Queries are written in the package's own language (docs/queries.md), parsed here and translated for the engine; no
// engine ever sees what an analyst typed. Bleve is embedded and the default, OpenSearch is for scale.
package index

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"schemer"
)

// Index is a search index of posts. Its methods may be called by many goroutines at once.
type Index interface {
	// Put stores documents, each in place of the one with the same post id. They are durable and can be found on return.
	Put(ctx context.Context, docs []Doc) error
	// Delete removes documents; an unknown id is no error.
	Delete(ctx context.Context, ids []schemer.PostID) error
	// Search answers a query. A query that cannot be understood or is too broad gives an error wrapping
	// [schemer.ErrUsage] that says what to change.
	Search(ctx context.Context, q Query) (Page, error)
	// Count returns how many documents the index holds.
	Count(ctx context.Context) (uint64, error)
	// NewGeneration begins an empty index beside this one, which goes on answering.
	NewGeneration(ctx context.Context) (Generation, error)
	// Caps tells what the backend can do.
	Caps() Caps
	// Close releases the index.
	Close() error
}

// Generation is an index in the making. Exactly one of Activate and Drop ends it.
type Generation interface {
	// Put stores documents, durably.
	Put(ctx context.Context, docs []Doc) error
	// Activate makes the generation the one that answers, and removes the one before.
	Activate(ctx context.Context) error
	// Drop removes the generation.
	Drop(ctx context.Context) error
}

// Caps are the traits in which backends differ.
type Caps struct {
	Name        string
	MultiWriter bool // several processes may write at once
	Machines    bool // may be spread over several machines
}

// Doc is one document: a post and what scoring says of it.
type Doc struct {
	Post      *schemer.Post
	Signals   []schemer.SignalID // of its hits
	Grade     schemer.Grade      // best grade of its hits; empty when none
	Resellers []string           // ids and names of the resellers it is evidence about
}

// Sort is the order of hits.
type Sort string

// The orders. Ties are broken by post id.
const (
	ByRelevance Sort = "relevance" // BM25; the default
	NewestFirst Sort = "newest"    // by date of the post; undated ones last
	OldestFirst Sort = "oldest"
)

// Query is a question to the index. Its zero value asks for everything.
type Query struct {
	Text    string              // in the query language
	Filters map[string][]string // field to values, as in facets; values of one field are alternatives
	Since   time.Time           // posts dated at or after; zero for no bound
	Until   time.Time           // posts dated before; zero for no bound
	Sort    Sort
	Size    int      // hits a page; 0 means 20, at most 200
	After   string   // Next of the page before, for the same query
	Facets  []string // which facets to count; nil means none, one of source, site, kind, lang, engine, signal, grade, month, author, reseller
}

// facetFields are the fields that can be counted, "month" being the post's date as YYYY-MM.
var facetFields = []string{"source", "site", "kind", "lang", "engine", "signal", "grade", "month", "author", "reseller"}

// Page is a page of an answer.
type Page struct {
	ReadAs       string        `json:"read_as"` // how the query was understood, in the query language
	Hits         []Hit         `json:"hits"`
	Total        uint64        `json:"total"`
	TotalAtLeast bool          `json:"total_at_least,omitempty"` // Total is a lower bound
	Facets       []Facet       `json:"facets,omitempty"`         // in the order asked for
	Next         string        `json:"next,omitempty"`           // for Query.After; empty on the last page
	Took         time.Duration `json:"took"`
}

// Hit is one post found.
type Hit struct {
	ID        schemer.PostID     `json:"id"`
	URL       string             `json:"url"`
	Site      string             `json:"site"`
	Source    schemer.SourceID   `json:"source"`
	Kind      schemer.PostKind   `json:"kind"`
	Role      string             `json:"role,omitempty"`
	Author    string             `json:"author"`
	Title     string             `json:"title,omitempty"`
	Thread    string             `json:"thread,omitempty"`
	Lang      string             `json:"lang,omitempty"`
	PostedAt  time.Time          `json:"posted_at,omitzero"`
	Captured  time.Time          `json:"captured_at"`
	Gone      time.Time          `json:"gone_since,omitzero"`
	Signals   []schemer.SignalID `json:"signals,omitempty"`
	Grade     schemer.Grade      `json:"grade,omitempty"`
	Score     float64            `json:"score"` // comparable within one answer only
	Fragments []Fragment         `json:"fragments"`
}

// Fragment is a piece of a field's text around what matched. It is crawled text and must be shown as such.
type Fragment struct {
	Field string `json:"field"` // text, title, thread, signature, quotes
	Text  string `json:"text"`
	Marks []Span `json:"marks,omitempty"` // what matched, in order, not overlapping
	Cut   bool   `json:"cut,omitempty"`   // the field goes on before or after
}

// Span is a range of bytes.
type Span struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// Facet counts the values of a field among all hits.
type Facet struct {
	Field   string   `json:"field"`
	Buckets []Bucket `json:"buckets"` // most frequent first, ties by value
	Other   uint64   `json:"other"`   // hits with further values
}

// Bucket is one value and how many hits have it.
type Bucket struct {
	Value string `json:"value"`
	Count uint64 `json:"count"`
}

// order sorts the values as they are shown.
func (f *Facet) order() {
	slices.SortFunc(f.Buckets, func(a, b Bucket) int { return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value)) })
}

// Options of Open.
type Options struct {
	Log     *slog.Logger  // nil discards
	Timeout time.Duration // of a search; 0 means 2 s
	Busy    int           // searches at once; 0 means 4, further ones wait within their time
	// Rebuild opens an index that cannot be read, so that a new generation can replace it: it answers nothing until then.
	Rebuild bool
}

// Open opens the index that url names, "bleve:DIR" or "opensearch:URL", and creates it when it does not exist. A
// damaged or outdated one gives an error wrapping [schemer.ErrIntegrity] that names the remedy; one that another process
// has open gives an error wrapping [schemer.ErrLocked].
func Open(ctx context.Context, url string, o Options) (Index, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Timeout == 0 {
		o.Timeout = 2 * time.Second
	}
	if o.Busy == 0 {
		o.Busy = 4
	}
	scheme, rest, _ := strings.Cut(url, ":")
	switch {
	case scheme == "bleve" && rest != "":
		return openBleve(ctx, rest, o)
	case scheme == "opensearch" && rest != "":
		return openOpenSearch(ctx, rest, o)
	}
	return nil, fmt.Errorf("%w: index %q: expected bleve:DIR or opensearch:URL", schemer.ErrUsage, url)
}

// schemaVersion grows with every change of what is indexed or how; an index of another version is rebuilt.
const schemaVersion = 1

// remedy is what to do about an index that cannot be used.
const remedy = `run "schemer index rebuild"; nothing but the index is lost`

// maxPage bounds the hits of a page.
const maxPage = 200

// check completes a query and refuses what no backend can do.
func (q *Query) check() error {
	if q.Size == 0 {
		q.Size = 20
	}
	if q.Size < 0 || q.Size > maxPage {
		return fmt.Errorf("%w: page size %d: expected 1 to %d", schemer.ErrUsage, q.Size, maxPage)
	}
	switch q.Sort {
	case "":
		q.Sort = ByRelevance
	case ByRelevance, NewestFirst, OldestFirst:
	default:
		return fmt.Errorf("%w: order %q: expected relevance, newest or oldest", schemer.ErrUsage, q.Sort)
	}
	for _, f := range q.Facets {
		if !contains(facetFields, f) {
			return fmt.Errorf("%w: facet %q: expected one of %s", schemer.ErrUsage, f, strings.Join(facetFields, ", "))
		}
	}
	for f := range q.Filters {
		if fields[f].kind != keyword {
			return fmt.Errorf("%w: filter %q: no such field", schemer.ErrUsage, f)
		}
	}
	return nil
}

// limiter gives every search its time and bounds how many run at once.
type limiter struct {
	slots   chan struct{}
	timeout time.Duration
}

func newLimiter(o Options) limiter {
	return limiter{slots: make(chan struct{}, o.Busy), timeout: o.Timeout}
}

// run calls search under the limits. An engine that does not look at its context is left behind when its time is up;
// its slot stays taken until it ends, so that such searches cannot pile up.
func (l limiter) run(ctx context.Context, search func(context.Context) (Page, error)) (Page, error) {
	ctx, cancel := context.WithTimeout(ctx, l.timeout)
	defer cancel()
	select {
	case l.slots <- struct{}{}:
	case <-ctx.Done():
		return Page{}, l.late(ctx)
	}
	type answer struct {
		page Page
		err  error
	}
	done := make(chan answer, 1)
	go func() {
		defer func() { <-l.slots }()
		page, err := search(ctx)
		done <- answer{page, err}
	}()
	select {
	case a := <-done:
		if ctx.Err() != nil {
			return Page{}, l.late(ctx)
		}
		return a.page, a.err
	case <-ctx.Done():
		return Page{}, l.late(ctx)
	}
}

func (l limiter) late(ctx context.Context) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return fmt.Errorf("search: no answer within %s: %w; narrow it down by a site or a date", l.timeout, ctx.Err())
	}
	return ctx.Err()
}
