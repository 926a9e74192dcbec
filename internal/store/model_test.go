package store_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"schemer"
	"schemer/internal/store"
)

// model says from the definition what the store must tell about a history, with no regard to how it arrives.
func model(history []page) []string {
	type sighting struct {
		seq int64
		url string
	}
	seen := map[string][]sighting{} // by "number words"
	complete := map[string][]int64{}
	last := map[string]page{} // last document of a URL
	for _, p := range history {
		shown := p
		switch p.show {
		case "gone":
			shown.show = ""
		case "same":
			doc, ok := last[p.url]
			if !ok {
				continue
			}
			shown.show, shown.bad = doc.show, doc.bad
		default:
			last[p.url] = p
		}
		if shown.bad == "" {
			complete[p.url] = append(complete[p.url], p.seq)
		}
		for f := range strings.FieldsSeq(shown.show) {
			key := strings.Replace(f, ":", " ", 1)
			seen[key] = append(seen[key], sighting{p.seq, p.url})
		}
	}
	current := map[string]int64{} // newest sighting of any wording, by number
	for key, s := range seen {
		number, _, _ := strings.Cut(key, " ")
		current[number] = max(current[number], s[len(s)-1].seq)
	}
	var out []string
	for key, s := range seen {
		number, _, _ := strings.Cut(key, " ")
		first, newest := s[0], s[len(s)-1]
		line := fmt.Sprintf("%s %d-%d", key, first.seq, newest.seq)
		if i := slices.IndexFunc(complete[newest.url], func(seq int64) bool { return seq > newest.seq }); i >= 0 {
			line += fmt.Sprintf(" gone %d", complete[newest.url][i])
		}
		if newest.seq != current[number] {
			line += " old"
		}
		out = append(out, line)
	}
	slices.Sort(out)
	return out
}

// TestHistories: for any history, arriving in any order and settled at any moments, the store tells what the model says.
func TestHistories(t *testing.T) {
	dir := t.TempDir()
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		s, err := store.Open(t.Context(), "sqlite:"+filepath.Join(dir, fmt.Sprintf("%d.db", n)), store.Options{Now: func() time.Time { return day }})
		if err != nil {
			rt.Fatal(err)
		}
		defer func() {
			if err := s.Close(); err != nil {
				rt.Error(err)
			}
		}()
		history := make([]page, rapid.IntRange(1, 10).Draw(rt, "readings"))
		for i := range history {
			history[i] = drawPage(rt, int64(i+1))
		}
		arrival := rapid.Permutation(history).Draw(rt, "arrival")
		for _, p := range arrival {
			c, d := p.read()
			if err := s.Adopt(t.Context(), c, d); err != nil {
				rt.Fatal(err)
			}
			if rapid.Bool().Draw(rt, "settle") {
				if err := s.Settle(t.Context()); err != nil {
					rt.Fatal(err)
				}
			}
		}
		got := told(t, s, store.PostFilter{AllVersions: true})
		slices.Sort(got)
		if want := model(history); !slices.Equal(got, want) {
			rt.Fatalf("history %+v\narriving as %+v\ngives %q\nwant  %q", history, arrival, got, want)
		}
	})
}

func drawPage(rt *rapid.T, seq int64) page {
	p := page{seq: seq, url: rapid.SampledFrom([]string{"http://a.example/t/1", "http://a.example/t/2"}).Draw(rt, "url")}
	switch kind := rapid.IntRange(0, 9).Draw(rt, "kind"); kind {
	case 0:
		p.show = "gone"
		return p
	case 1, 2:
		p.show = "same"
		return p
	case 3:
		p.bad = schemer.PageLogin
		return p
	}
	var posts []string
	for number := range 3 {
		if words := rapid.SampledFrom([]string{"", "one", "two"}).Draw(rt, "words"); words != "" {
			posts = append(posts, fmt.Sprintf("%d:%s", number+1, words))
		}
	}
	p.show = strings.Join(posts, " ")
	return p
}

// event is what a worker of a crowd tells: a host taken or given back, a target done, or why it stopped.
type event struct {
	url  string
	held bool
	err  error
}

// work leases, finishes and releases until nothing is left.
func work(t *testing.T, s *store.Store, owner string, events chan<- event) {
	for {
		l, next, err := s.Lease(t.Context(), owner, day, time.Hour, 3)
		if err != nil {
			if !next.IsZero() { // others are at work
				time.Sleep(time.Millisecond)
				continue
			}
			events <- event{err: err}
			return
		}
		events <- event{url: l.Host, held: true}
		for _, f := range l.Targets {
			if err := s.Done(t.Context(), l, schemer.Outcome{Target: f}); err != nil {
				events <- event{err: err}
				return
			}
			events <- event{url: f.URL}
		}
		events <- event{url: l.Host}
		if err := s.Release(t.Context(), l, time.Time{}); err != nil {
			events <- event{err: err}
			return
		}
	}
}

// crowd: several workers of two processes share the hosts; no host is leased twice at a time and no target is done twice.
func crowd(t *testing.T, stores ...*store.Store) {
	const hosts, pages = 12, 10
	var targets []schemer.Target
	for h := range hosts {
		for p := range pages {
			targets = append(targets, target(fmt.Sprintf("h%d.example", h), fmt.Sprintf("/%d", p), p))
		}
	}
	add(t, stores[0], len(targets), targets...)
	events := make(chan event)
	for i := range 3 * len(stores) {
		go work(t, stores[i%len(stores)], fmt.Sprint(i), events)
	}
	held, done := map[string]bool{}, map[string]int{}
	for range 3 * len(stores) {
		for e := range events {
			if e.err != nil {
				break
			}
			isHost := !strings.HasPrefix(e.url, "http")
			if !isHost {
				done[e.url]++
				continue
			}
			if e.held == held[e.url] {
				t.Errorf("host %s is held twice", e.url)
			}
			held[e.url] = e.held
		}
	}
	if len(done) != len(targets) {
		t.Errorf("%d of %d targets done", len(done), len(targets))
	}
	for url, n := range done {
		if n != 1 {
			t.Errorf("%s was done %d times", url, n)
		}
	}
}
