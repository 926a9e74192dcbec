package store_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"schemer"
	"schemer/internal/store"
)

// day is the fixed clock of these tests.
var day = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)

func open(t *testing.T, url string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), url, store.Options{Now: func() time.Time { return day }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// suite is what every backend must pass. fresh returns the URL of an empty database.
func suite(t *testing.T, fresh func(*testing.T) string) {
	for _, c := range []struct {
		name string
		run  func(*testing.T, *store.Store)
	}{
		{"LeaseOrder", leaseOrder},
		{"LeaseFences", leaseFences},
		{"LeaseWakes", leaseWakes},
		{"Found", found},
		{"Done", done},
		{"Budget", budget},
		{"PostHistory", postHistory},
		{"PostReplay", postReplay},
		{"PostAnyOrder", postAnyOrder},
		{"PostReread", postReread},
		{"PostChanges", postChanges},
		{"Health", health},
		{"Hits", hits},
		{"Outbox", outbox},
		{"Editions", editions},
		{"Meta", meta},
	} {
		t.Run(c.name, func(t *testing.T) { c.run(t, open(t, fresh(t))) })
	}
	t.Run("Crowd", func(t *testing.T) {
		url := fresh(t)
		crowd(t, open(t, url), open(t, url))
	})
}

func TestSQLite(t *testing.T) {
	suite(t, func(t *testing.T) string { return "sqlite:" + filepath.Join(t.TempDir(), "schemer.db") })
}

func target(host, path string, priority int) schemer.Target {
	return schemer.Target{URL: "http://" + host + path, Host: host, Source: schemer.SourceID(host), Kind: schemer.TargetThread, Priority: priority, Reason: "seed"}
}

func add(t *testing.T, s *store.Store, want int, targets ...schemer.Target) {
	t.Helper()
	n, err := s.Add(t.Context(), targets)
	if err != nil {
		t.Fatal(err)
	}
	if n != want {
		t.Fatalf("added %d of %d targets, want %d", n, len(targets), want)
	}
}

func lease(t *testing.T, s *store.Store, now time.Time) schemer.Lease {
	t.Helper()
	l, _, err := s.Lease(t.Context(), "w1", now, time.Minute, 10)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// noLease checks that nothing is ready at now and that the next host is ready at want.
func noLease(t *testing.T, s *store.Store, now, want time.Time) {
	t.Helper()
	l, next, err := s.Lease(t.Context(), "w1", now, time.Minute, 10)
	if !errors.Is(err, schemer.ErrNotFound) {
		t.Fatalf("lease at %s: %+v, %v, want ErrNotFound", now, l, err)
	}
	if !next.Equal(want) {
		t.Fatalf("next host is ready at %s, want %s", next, want)
	}
}

func release(t *testing.T, s *store.Store, l schemer.Lease, at time.Time) {
	t.Helper()
	if err := s.Release(t.Context(), l, at); err != nil {
		t.Fatal(err)
	}
}

func finish(t *testing.T, s *store.Store, l schemer.Lease, o schemer.Outcome) {
	t.Helper()
	if err := s.Done(t.Context(), l, o); err != nil {
		t.Fatal(err)
	}
}

func urls(targets []schemer.Target) []string {
	var out []string
	for _, f := range targets {
		out = append(out, f.URL)
	}
	return out
}

func leaseOrder(t *testing.T, s *store.Store) {
	deep := target("a.example", "/deep", 5)
	deep.Depth = 3
	add(t, s, 4, target("a.example", "/low", 1), deep, target("a.example", "/z", 5), target("a.example", "/y", 5))
	add(t, s, 0, target("a.example", "/low", 1))
	l := lease(t, s, day)
	want := []string{"http://a.example/y", "http://a.example/z", "http://a.example/deep", "http://a.example/low"}
	if got := urls(l.Targets); !slices.Equal(got, want) {
		t.Errorf("leased %v, want %v", got, want)
	}
	if !l.Until.Equal(day.Add(time.Minute)) || l.Host != "a.example" || l.Owner != "w1" || l.Fence != 1 {
		t.Errorf("lease %+v", l)
	}
	noLease(t, s, day, day.Add(time.Minute))
}

func leaseFences(t *testing.T, s *store.Store) {
	add(t, s, 1, target("a.example", "/1", 1))
	old := lease(t, s, day)
	later := day.Add(2 * time.Minute)
	l := lease(t, s, later) // the first lease has run out
	if l.Fence != old.Fence+1 {
		t.Fatalf("fence %d after %d", l.Fence, old.Fence)
	}
	o := schemer.Outcome{Target: old.Targets[0], Captures: []schemer.Capture{capture(1, "http://a.example/1", day)}}
	if err := s.Done(t.Context(), old, o); !errors.Is(err, schemer.ErrLocked) {
		t.Errorf("Done under a lost lease: %v, want ErrLocked", err)
	}
	if has, err := s.HasCapture(t.Context(), o.Captures[0]); err != nil || has {
		t.Errorf("a refused outcome left its capture behind (%v, %v)", has, err)
	}
	if err := s.Release(t.Context(), old, later); !errors.Is(err, schemer.ErrLocked) {
		t.Errorf("Release of a lost lease: %v, want ErrLocked", err)
	}
	finish(t, s, l, o)
	release(t, s, l, later.Add(time.Second))
	noLease(t, s, later.Add(time.Hour), time.Time{})

	add(t, s, 1, target("b.example", "/1", 1))
	stray := lease(t, s, later)
	if err := s.ReleaseAll(t.Context(), "", later); err != nil {
		t.Fatal(err)
	}
	if l := lease(t, s, later); l.Host != "b.example" {
		t.Errorf("leased %s after ReleaseAll", l.Host)
	}
	if err := s.Release(t.Context(), stray, later); !errors.Is(err, schemer.ErrLocked) {
		t.Errorf("Release of a lease ended by ReleaseAll: %v, want ErrLocked", err)
	}
}

func leaseWakes(t *testing.T, s *store.Store) {
	noLease(t, s, day, time.Time{})
	soon := target("a.example", "/soon", 1)
	soon.DueAt = day.Add(time.Hour)
	add(t, s, 1, soon)
	noLease(t, s, day, soon.DueAt)
	add(t, s, 1, target("a.example", "/now", 1))
	l := lease(t, s, day)
	if got := urls(l.Targets); !slices.Equal(got, []string{"http://a.example/now"}) {
		t.Fatalf("leased %v", got)
	}
	finish(t, s, l, schemer.Outcome{Target: l.Targets[0], NextDue: day.Add(30 * time.Minute)})
	release(t, s, l, day.Add(10*time.Second))
	noLease(t, s, day.Add(20*time.Second), day.Add(30*time.Minute))
	l = lease(t, s, day.Add(time.Hour))
	if len(l.Targets) != 2 {
		t.Fatalf("leased %v", urls(l.Targets))
	}
	release(t, s, l, day.Add(2*time.Hour)) // nothing done: still due, but the host wants its rest
	noLease(t, s, day.Add(time.Hour), day.Add(2*time.Hour))

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := s.Lease(ctx, "w1", day.Add(3*time.Hour), time.Minute, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("lease under a cancelled context: %v", err)
	}
	if l := lease(t, s, day.Add(3*time.Hour)); len(l.Targets) != 2 {
		t.Errorf("a cancelled lease was kept: %v", urls(l.Targets))
	}
}

func found(t *testing.T, s *store.Store) {
	if err := s.MakeDue(t.Context(), day, nil, false); err != nil {
		t.Fatal(err)
	}
	add(t, s, 1, target("a.example", "/board", 9))
	visit := func(at time.Time, found ...schemer.Target) schemer.Lease {
		t.Helper()
		l := lease(t, s, at)
		for _, f := range l.Targets {
			f.LastFetch, f.Visits = at, f.Visits+1
			o := schemer.Outcome{Target: f, NextDue: at.Add(24 * time.Hour)}
			if f.URL == "http://a.example/board" {
				o.Found = found
			}
			finish(t, s, l, o)
		}
		release(t, s, l, at)
		return l
	}
	marked := func(mark string, priority int) schemer.Target {
		f := target("a.example", "/thread", priority)
		f.LastMark = mark
		return f
	}
	visit(day, target("a.example", "/thread", 3))
	visit(day) // the thread, without a mark yet
	add(t, s, 0, marked("p7", 3))
	noLease(t, s, day, day.Add(24*time.Hour)) // a first mark of a thread fetched in this run is only remembered
	add(t, s, 0, marked("p7", 3))
	noLease(t, s, day, day.Add(24*time.Hour))
	add(t, s, 0, marked("p8", 7)) // it moved
	l := visit(day.Add(time.Minute))
	if len(l.Targets) != 1 || l.Targets[0].LastMark != "p8" || l.Targets[0].Priority != 7 || l.Targets[0].Visits != 1 {
		t.Fatalf("leased %+v", l.Targets)
	}
	add(t, s, 0, marked("p7", 3)) // and back: moved again
	l = lease(t, s, day.Add(2*time.Minute))
	add(t, s, 0, marked("p9", 3)) // moves while it is being fetched
	finish(t, s, l, schemer.Outcome{Target: l.Targets[0], NextDue: day.Add(24 * time.Hour)})
	release(t, s, l, day)
	if l := lease(t, s, day.Add(3*time.Minute)); len(l.Targets) != 1 || l.Targets[0].LastMark != "p9" {
		t.Errorf("a mark that moved during the fetch was lost: %+v", l.Targets)
	}
	add(t, s, 1, target("c.example", "/unmarked", 3))
	l = lease(t, s, day.Add(4*time.Minute))
	first := target("c.example", "/unmarked", 3)
	first.LastMark = "p1"
	add(t, s, 0, first) // its first mark, while it is being fetched
	finish(t, s, l, schemer.Outcome{Target: l.Targets[0], NextDue: day.Add(24 * time.Hour)})
	release(t, s, l, day)
	if known, err := s.Known(t.Context(), first.URL); err != nil || known.LastMark != "p1" || !known.DueAt.Equal(day.Add(24*time.Hour)) {
		t.Errorf("a first mark during the fetch: %+v, %v", known, err)
	}
}

func capture(seq int64, url string, at time.Time) schemer.Capture {
	return schemer.Capture{
		ID: schemer.CaptureID(fmt.Sprintf("urn:uuid:%08d", seq)), URL: url, Source: "a.example", Kind: "thread", FetchedAt: at, Status: 200,
		ContentType: "text/html", Payload: schemer.DigestOf([]byte(url)), Block: "b", File: "f.warc.gz", Offset: seq * 100, Length: 99, Seq: seq,
	}
}

func done(t *testing.T, s *store.Store) {
	seed := target("a.example", "/1", 1)
	seed.Anchor = "broken \xff and \x00 text"
	add(t, s, 1, seed)
	l := lease(t, s, day)
	f := l.Targets[0]
	f.ETag, f.Visits, f.Changes, f.LastFetch, f.Interval = `"e"`, 1, 1, day, time.Hour
	f.LastID, f.Payload, f.LastDigest, f.Next, f.Thread = "urn:uuid:00000002", "p", "d", "http://a.example/2", "http://a.example/1"
	hop, last := capture(1, "http://a.example/0", day), capture(2, f.URL, day)
	hop.Status, last.FoundOn, last.Truncated, last.Imported = 301, hop.ID, "length", true
	o := schemer.Outcome{
		Target: f, Captures: []schemer.Capture{hop, last}, NextDue: day.Add(time.Hour), Error: "status-503", Retry: true,
		Found: []schemer.Target{target("b.example", "/", 4)}, Sites: []schemer.Source{{ID: "b.example", URL: "http://b.example/", Discovered: true}},
	}
	finish(t, s, l, o)
	got, err := s.Known(t.Context(), f.URL)
	if err != nil {
		t.Fatal(err)
	}
	want := f
	want.Anchor, want.DueAt, want.Attempts = "broken \uFFFD and \uFFFD text", day.Add(time.Hour), 1
	if got != want {
		t.Errorf("known %+v\nwant  %+v", got, want)
	}
	var captures []schemer.Capture
	for c, err := range s.Captures(t.Context(), store.CaptureFilter{}) {
		if err != nil {
			t.Fatal(err)
		}
		captures = append(captures, c)
	}
	if !slices.Equal(captures, o.Captures) {
		t.Errorf("captures %+v\nwant     %+v", captures, o.Captures)
	}
	if seq, err := s.LastSeq(t.Context()); err != nil || seq != 2 {
		t.Errorf("last seq %d, %v", seq, err)
	}
	if sources, err := s.Sources(t.Context()); err != nil || len(sources) != 1 || sources[0].ID != "b.example" || !sources[0].Discovered {
		t.Errorf("sources %+v, %v", sources, err)
	}
	if _, err := s.Known(t.Context(), "http://a.example/none"); !errors.Is(err, schemer.ErrNotFound) {
		t.Errorf("unknown URL: %v", err)
	}
	if l := lease(t, s, day); l.Host != "b.example" {
		t.Errorf("leased %s", l.Host)
	}
}

// budget: what was fetched is counted for good; what will be tried again is not.
func budget(t *testing.T, s *store.Store) {
	add(t, s, 1, target("a.example", "/1", 1))
	l := lease(t, s, day)
	f := l.Targets[0]
	f.LastFetch = day
	finish(t, s, l, schemer.Outcome{Target: f, NextDue: day, Error: "status-503", Retry: true})
	fetched := func(since time.Time, want int) {
		t.Helper()
		if n, err := s.Fetched(t.Context(), f.Source, since); err != nil || n != want {
			t.Errorf("%d fetches counted since %s, want %d (%v)", n, since, want, err)
		}
	}
	attempts := func(want int) {
		t.Helper()
		if got, err := s.Known(t.Context(), f.URL); err != nil || got.Attempts != want {
			t.Errorf("%d attempts, want %d (%v)", got.Attempts, want, err)
		}
	}
	fetched(day, 0)
	attempts(1)
	finish(t, s, l, schemer.Outcome{Target: f, NextDue: day.Add(time.Hour)})
	fetched(day, 1)
	fetched(day.Add(1), 0)
	attempts(0)
	if err := s.MakeDue(t.Context(), day.Add(time.Minute), []schemer.SourceID{"a.example"}, true); err != nil {
		t.Fatal(err)
	}
	release(t, s, l, day)
	if l := lease(t, s, day.Add(time.Minute)); len(l.Targets) != 1 || l.Targets[0].URL != f.URL {
		t.Errorf("MakeDue(all) made %v due", urls(l.Targets))
	}
}
