package store_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"schemer"
	"schemer/internal/store"
)

// post makes a post of thread 1 of a.example.
func post(number, words string) schemer.Post {
	return schemer.Post{
		ID: schemer.NewPostID("a.example", number), URL: "http://a.example/p/" + number, Site: "a.example", Source: "a", Kind: schemer.PostForum,
		ThreadID: "1", Number: number, Author: "ann", PostedAt: day, Text: words, Quotes: []schemer.Quote{{Author: "bob", Text: "quoted"}},
	}
}

// page is one reading of a URL: "gone", "same", or the posts that it shows as "number:words".
type page struct {
	seq  int64
	url  string
	show string
	bad  schemer.PageKind // login, challenge; empty for a good page
}

func (p page) at() time.Time { return day.Add(time.Duration(p.seq) * time.Hour) }

func (p page) read() (schemer.Capture, *schemer.Document) {
	c := capture(p.seq, p.url, p.at())
	switch p.show {
	case "gone":
		c.Status = 404
		return c, nil
	case "same":
		c.Status, c.RevisitOf = 304, "urn:uuid:earlier"
		return c, nil
	}
	d := &schemer.Document{Capture: c.ID, URL: p.url, Site: "a.example", Source: "a", Kind: schemer.PageThread, CapturedAt: p.at()}
	if p.bad != "" {
		d.Kind = p.bad
	}
	for f := range strings.FieldsSeq(p.show) {
		number, words, _ := strings.Cut(f, ":")
		one := post(number, words)
		one.Capture, one.CapturedAt = c.ID, p.at()
		d.Posts = append(d.Posts, one)
	}
	return c, d
}

func adopt(t *testing.T, s *store.Store, p page) {
	t.Helper()
	c, d := p.read()
	if err := s.Adopt(t.Context(), c, d); err != nil {
		t.Fatal(err)
	}
}

// told tells the posts of a store in one line each: number, words, first and last seen as sequence numbers, gone since,
// and which capture it is quoted from.
func told(t *testing.T, s *store.Store, f store.PostFilter) []string {
	t.Helper()
	seq := func(at time.Time) int { return int(at.Sub(day).Hours()) }
	var out []string
	err := s.Posts(t.Context(), f, func(p *schemer.Post) error {
		line := fmt.Sprintf("%s %s %d-%d", p.Number, p.Text, seq(p.FirstSeen), seq(p.LastSeen))
		if !p.GoneSince.IsZero() {
			line += fmt.Sprintf(" gone %d", seq(p.GoneSince))
		}
		if p.Superseded {
			line += " old"
		}
		if seq(p.CapturedAt) != seq(p.FirstSeen) {
			line += fmt.Sprintf(" quoted from %d", seq(p.CapturedAt))
		}
		out = append(out, line)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func same(t *testing.T, what string, got, want []string) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

// history is a thread over time: a post is edited, one deleted, one moves, a login page and a 304 come in between.
var history = []page{
	{seq: 1, url: "http://a.example/t/1", show: "9:one 10:two 11:three"},
	{seq: 2, url: "http://a.example/t/1", show: "", bad: schemer.PageLogin},
	{seq: 3, url: "http://a.example/t/1", show: "9:one 10:edited 11:three"},
	{seq: 4, url: "http://a.example/t/1", show: "same"},
	{seq: 5, url: "http://a.example/t/1", show: "10:edited"},
	{seq: 6, url: "http://a.example/t/2", show: "11:three 100:four"},
	{seq: 7, url: "http://a.example/t/1", show: "gone"},
	{seq: 8, url: "http://a.example/t/2", show: "9:one 100:four"},
}

var (
	historyAll = []string{
		"9 one 1-8",
		"10 two 1-1 gone 3 old",
		"10 edited 3-5 gone 7",
		"11 three 1-6 gone 8",
		"100 four 6-8",
	}
	historyNow = []string{"9 one 1-8", "10 edited 3-5 gone 7", "11 three 1-6 gone 8", "100 four 6-8"}
)

func postHistory(t *testing.T, s *store.Store) {
	for _, p := range history {
		adopt(t, s, p)
	}
	same(t, "all wordings", told(t, s, store.PostFilter{AllVersions: true}), historyAll)
	same(t, "current wordings", told(t, s, store.PostFilter{}), historyNow)
	same(t, "visible", told(t, s, store.PostFilter{Visible: true}), []string{"9 one 1-8", "100 four 6-8"})
	same(t, "of another site", told(t, s, store.PostFilter{Site: "a.exampl"}), nil)
	same(t, "of the site", told(t, s, store.PostFilter{Site: "a.example", Author: "ann"}), historyNow)
}

// postReplay: reading everything again gives the same rows, and so does settling after every step or in any order.
func postReplay(t *testing.T, s *store.Store) {
	for _, p := range history {
		adopt(t, s, p)
		if err := s.Settle(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	same(t, "settled after every step", told(t, s, store.PostFilter{AllVersions: true}), historyAll)
	if err := s.ResetRead(t.Context()); err != nil {
		t.Fatal(err)
	}
	same(t, "after a reset", told(t, s, store.PostFilter{AllVersions: true}), nil)
	for _, p := range history {
		if c, d := p.read(); d != nil {
			if err := s.PutDocument(t.Context(), c, *d); err != nil {
				t.Fatal(err)
			}
		}
	}
	same(t, "read again", told(t, s, store.PostFilter{AllVersions: true}), historyAll)
}

func postAnyOrder(t *testing.T, s *store.Store) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 6 {
		order := slices.Clone(history)
		rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		if err := s.ResetRead(t.Context()); err != nil {
			t.Fatal(err)
		}
		for i, p := range order {
			if _, d := p.read(); d != nil {
				c, _ := p.read()
				if err := s.Adopt(t.Context(), c, d); err != nil {
					t.Fatal(err)
				}
			} else {
				adopt(t, s, p)
			}
			if i%2 == 0 {
				if err := s.Settle(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
		}
		same(t, fmt.Sprintf("order %v", order), told(t, s, store.PostFilter{AllVersions: true}), historyAll)
	}
}

// postReread: a capture that is read again replaces what it gave before.
func postReread(t *testing.T, s *store.Store) {
	p := page{seq: 1, url: "http://a.example/t/1", show: "1:one 2:two"}
	adopt(t, s, p)
	adopt(t, s, page{seq: 2, url: "http://a.example/t/2", show: "2:two"})
	same(t, "first", told(t, s, store.PostFilter{}), []string{"1 one 1-1", "2 two 1-2"})
	p.show = "1:better"
	c, d := p.read()
	if err := s.PutDocument(t.Context(), c, *d); err != nil {
		t.Fatal(err)
	}
	same(t, "second", told(t, s, store.PostFilter{AllVersions: true}), []string{"1 better 1-1", "2 two 2-2 quoted from 1"})
}

func postChanges(t *testing.T, s *store.Store) {
	changed := func() (numbers []string) {
		t.Helper()
		b, err := s.Outbox(t.Context(), 100)
		if err != nil {
			t.Fatal(err)
		}
		for i, w := range b.Posts {
			if i > 0 && w.Changed <= b.Posts[i-1].Changed {
				t.Errorf("change %d after %d", w.Changed, b.Posts[i-1].Changed)
			}
			numbers = append(numbers, w.Post.Number+" "+w.Post.Text)
		}
		if err := s.Indexed(t.Context(), b.Through); err != nil {
			t.Fatal(err)
		}
		slices.Sort(numbers)
		return numbers
	}
	adopt(t, s, page{seq: 1, url: "http://a.example/t/1", show: "1:one 2:two"})
	same(t, "at first", changed(), []string{"1 one", "2 two"})
	adopt(t, s, page{seq: 2, url: "http://a.example/t/1", show: "1:one 2:two"})
	same(t, "nothing new", changed(), nil)
	adopt(t, s, page{seq: 3, url: "http://a.example/t/1", show: "2:edited 3:three"})
	same(t, "one gone, one edited, one new", changed(), []string{"1 one", "2 edited", "3 three"})
	adopt(t, s, page{seq: 4, url: "http://a.example/t/2", show: "1:one"})
	same(t, "it is back", changed(), []string{"1 one"})

	stop := errors.New("enough")
	if err := s.Posts(t.Context(), store.PostFilter{}, func(*schemer.Post) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("yield's error: %v", err)
	}
	if p, err := s.Post(t.Context(), schemer.NewPostID("a.example", "3")); err != nil || p.Text != "three" || len(p.Quotes) != 1 {
		t.Errorf("post 3: %+v, %v", p, err)
	}
	if _, err := s.Post(t.Context(), "none"); !errors.Is(err, schemer.ErrNotFound) {
		t.Errorf("unknown post: %v", err)
	}
}
