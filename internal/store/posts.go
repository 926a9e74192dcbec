package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"schemer"
)

// PostFilter bounds [Store.Posts]. Its zero value takes the current wording of every post, gone ones included.
type PostFilter struct {
	ID          schemer.PostID
	URL         string
	Site        string
	Source      schemer.SourceID
	SourceKind  schemer.SourceKind
	Kind        schemer.PostKind
	Author      string
	Lang        string
	PostedSince time.Time // inclusive; posts without a date are left out
	PostedUntil time.Time // exclusive
	AllVersions bool      // superseded wordings too
	Visible     bool      // only what was on its page when that was last read
}

func (f PostFilter) where() (string, []any) {
	parts, args := []string{"last_seq > 0"}, []any{}
	add := func(cond string, arg any) {
		args = append(args, arg)
		parts = append(parts, fmt.Sprintf("%s $%d", cond, len(args)))
	}
	for _, c := range []struct{ cond, value string }{
		{"id =", text(f.ID)},
		{"url =", key(f.URL)},
		{"site =", text(f.Site)},
		{"source =", text(f.Source)},
		{"source_kind =", text(f.SourceKind)},
		{"kind =", text(f.Kind)},
		{"author =", text(f.Author)},
		{"lang =", text(f.Lang)},
	} {
		if c.value != "" {
			add(c.cond, c.value)
		}
	}
	if f.Site != "" { // sort_key begins with the site: the index gives its posts in order
		from := append(appendNatural(nil, f.Site), 0)
		add("sort_key >=", from)
		add("sort_key <", append(appendNatural(nil, f.Site), 1))
	}
	if !f.PostedSince.IsZero() {
		add("posted_at >=", nanos(f.PostedSince))
	}
	if !f.PostedUntil.IsZero() {
		add("posted_at <>", 0)
		add("posted_at <", nanos(f.PostedUntil))
	}
	if !f.AllVersions {
		parts = append(parts, "superseded = 0")
	}
	if f.Visible {
		parts = append(parts, "gone_seq = 0")
	}
	return strings.Join(parts, " AND "), args
}

// Posts hands over the posts that f takes, in a fixed order: site, thread, number (as a number), URL, first seen. It
// keeps only a few in memory. An error of yield ends it and is returned. The post belongs to yield.
func (s *Store) Posts(ctx context.Context, f PostFilter, yield func(*schemer.Post) error) error {
	return s.Wordings(ctx, f, func(w Wording) error { return yield(w.Post) })
}

// Wording is one wording of a post with what identifies it.
type Wording struct {
	Post    *schemer.Post
	Content string // names what was read; equal contents give equal hits
	Changed int64  // grows with every change of any post: new, edited, gone, back
}

// Wordings is like [Store.Posts] and tells more about each.
func (s *Store) Wordings(ctx context.Context, f PostFilter, yield func(Wording) error) error {
	if err := s.Settle(ctx); err != nil {
		return err
	}
	where, args := f.where()
	return s.stream(ctx, "SELECT "+postColumns+" FROM post WHERE "+where+" ORDER BY sort_key, first_seen, wording", args, yield)
}

// Post returns the current wording of a post, or an error wrapping [schemer.ErrNotFound].
func (s *Store) Post(ctx context.Context, id schemer.PostID) (*schemer.Post, error) {
	var found *schemer.Post
	err := s.Posts(ctx, PostFilter{ID: id}, func(p *schemer.Post) error { found = p; return nil })
	if err == nil && found == nil {
		err = fmt.Errorf("post %s: %w", id, schemer.ErrNotFound)
	}
	return found, err
}

const postColumns = "data, content, changed, first_seen, last_seen, gone_since, superseded"
