package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"schemer"
	"schemer/internal/store"
)

func health(t *testing.T, s *store.Store) {
	given := schemer.Source{ID: "a.example", URL: "http://a.example/", Kind: schemer.KindForum, Every: time.Hour, Allow: []string{"^/t"}}
	if err := s.PutSources(t.Context(), []schemer.Source{given}); err != nil {
		t.Fatal(err)
	}
	run := func(at time.Time, posts int, class string) {
		t.Helper()
		if err := s.MakeDue(t.Context(), at, []schemer.SourceID{"a.example"}, true); err != nil {
			t.Fatal(err)
		}
		l := lease(t, s, at)
		for i, f := range l.Targets {
			f.LastFetch = at
			c := capture(at.Unix()+int64(i), f.URL, at)
			o := schemer.Outcome{
				Target: f, Captures: []schemer.Capture{c}, NextDue: at.Add(time.Hour),
				Document: &schemer.Document{Capture: c.ID, URL: f.URL, Kind: schemer.PageThread, CapturedAt: at},
			}
			for range posts {
				o.Document.Posts = append(o.Document.Posts, post("1", "x"))
			}
			if i == 0 && class != "" {
				o.Document, o.Error = nil, class
			}
			finish(t, s, l, o)
		}
		release(t, s, l, at)
	}
	for i := range 6 {
		add(t, s, 1, target("a.example", "/t/"+string(rune('a'+i)), 1))
	}
	run(day, 1, "")
	run(day.Add(time.Hour), 0, "trap")
	got, err := s.SourceHealth(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := []store.Health{{
		Source: "a.example", LastRun: day.Add(time.Hour), NextDue: day.Add(2 * time.Hour), Fetched: 6, Errors: map[string]int{"trap": 1}, Traps: 1,
		Threads: 5, Barren: 1, ThreadsAgo: 6, AllFetched: 12, AllPosts: 6, KnownURLs: 6,
	}}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("health (-want +got):\n%s", d)
	}
	if d := got[0].Drift(); d != 1 {
		t.Errorf("drift %v, want 1: no thread gave a post any more", d)
	}
	sources, err := s.Sources(t.Context())
	if d := cmp.Diff([]schemer.Source{given}, sources); err != nil || d != "" {
		t.Errorf("sources: %v (-want +got):\n%s", err, d)
	}
}

func hits(t *testing.T, s *store.Store) {
	ctx := t.Context()
	one, two := schemer.Hit{Signal: "one", Quote: "1"}, schemer.Hit{Signal: "two", Quote: "2"}
	if err := s.PutHits(ctx, "r1", map[string][]schemer.Hit{"x": {one, two}, "y": nil}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		rules schemer.Digest
		want  map[string][]schemer.Hit
	}{
		{"r1", map[string][]schemer.Hit{"x": {one, two}, "y": nil}},
		{"r2", map[string][]schemer.Hit{}},
	} {
		got, err := s.Hits(ctx, c.rules, []string{"x", "y", "z"})
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("hits under %s (-want +got):\n%s", c.rules, d)
		}
	}
}

func outbox(t *testing.T, s *store.Store) {
	ctx := t.Context()
	next := func(limit int) store.Batch {
		t.Helper()
		b, err := s.Outbox(ctx, limit)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	texts := func(b store.Batch) []string {
		var out []string
		for _, w := range b.Posts {
			out = append(out, w.Post.Text)
		}
		return out
	}
	adopt(t, s, page{seq: 1, url: "http://a.example/t/1", show: "1:one 2:two 3:three"})
	b := next(2)
	same(t, "first", texts(b), []string{"one", "two"})
	same(t, "not acknowledged: again", texts(next(2)), []string{"one", "two"})
	if err := s.Indexed(ctx, b.Through); err != nil {
		t.Fatal(err)
	}
	b = next(2)
	same(t, "second", texts(b), []string{"three"})
	if err := s.Indexed(ctx, b.Through); err != nil {
		t.Fatal(err)
	}
	same(t, "up to date", texts(next(2)), nil)
	adopt(t, s, page{seq: 2, url: "http://a.example/t/1", show: "1:edited 2:two 3:three"})
	same(t, "edited", texts(next(9)), []string{"edited"})
	if err := s.Touch(ctx, []schemer.PostID{schemer.NewPostID("a.example", "2"), "none"}); err != nil {
		t.Fatal(err)
	}
	same(t, "touched", texts(next(9)), []string{"edited", "two"})
}

func editions(t *testing.T, s *store.Store) {
	ctx := t.Context()
	if _, err := s.Draft(ctx); !errors.Is(err, schemer.ErrNotFound) {
		t.Errorf("no draft yet: %v", err)
	}
	e := schemer.Edition{Edition: "2026", GeneratedAt: day, Candidates: []schemer.Candidate{{Rank: 1, Name: "First"}}}
	if err := s.PutDraft(ctx, e); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Draft(ctx); err != nil || cmp.Diff(e, got) != "" {
		t.Errorf("draft: %v %s", err, cmp.Diff(e, got))
	}
	if err := s.Freeze(ctx, e); err != nil {
		t.Fatal(err)
	}
	other := e
	other.Candidates = nil
	err := s.Freeze(ctx, other)
	if !errors.Is(err, schemer.ErrPolicy) {
		t.Errorf("frozen twice: %v", err)
	}
	e.Frozen = true
	if got, err := s.Edition(ctx, "2026"); err != nil || cmp.Diff(e, got) != "" {
		t.Errorf("edition: %v %s", err, cmp.Diff(e, got))
	}
	other.Edition, other.Frozen = "2025", true
	if err := s.Freeze(ctx, other); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Editions(ctx); err != nil || cmp.Diff([]schemer.Edition{other, e}, got) != "" {
		t.Errorf("editions: %v %s", err, cmp.Diff([]schemer.Edition{other, e}, got))
	}
	if _, err := s.Edition(ctx, "1999"); !errors.Is(err, schemer.ErrNotFound) {
		t.Errorf("no such edition: %v", err)
	}
}

func meta(t *testing.T, s *store.Store) {
	ctx := t.Context()
	if _, err := s.Meta(ctx, "x"); !errors.Is(err, schemer.ErrNotFound) {
		t.Errorf("meta: %v", err)
	}
	for _, v := range []string{"1", "2"} {
		if err := s.SetMeta(ctx, "x", v); err != nil {
			t.Fatal(err)
		}
		if got, err := s.Meta(ctx, "x"); err != nil || got != v {
			t.Errorf("meta %q, %v", got, err)
		}
	}
}
