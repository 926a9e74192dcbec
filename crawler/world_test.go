package crawler_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"schemer"
	"schemer/crawler"
	"schemer/evidence"
	"schemer/extract"
	"schemer/internal/demoweb"
	"schemer/internal/store"
	"schemer/seeds"
)

// realReader is the real reader as the pipeline hands it in. It notes the posts it has read.
type realReader struct {
	kinds map[schemer.SourceID]schemer.SourceKind
	posts *sync.Map // of schemer.PostID to URL; may be nil
}

func (r realReader) Read(c schemer.Capture, header http.Header, body []byte) schemer.Document {
	kind := r.kinds[c.Source]
	if kind == "" {
		kind = schemer.KindUnknown
	}
	doc := extract.Read(extract.Input{Capture: c, Source: kind, Header: header, Body: body})
	if r.posts != nil {
		for i := range doc.Posts {
			r.posts.Store(doc.Posts[i].ID, doc.Posts[i].URL)
		}
	}
	return doc
}

// world is the fictional internet with everything real around the crawler.
type world struct {
	store   *store.Store
	archive *evidence.Archive
	posts   sync.Map // every post read so far
}

func newWorld(t *testing.T) *world {
	t.Helper()
	dir := t.TempDir()
	w := &world{}
	var err error
	w.store, err = store.Open(t.Context(), "sqlite:"+dir+"/schemer.db", store.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.store.Close() })
	w.archive, err = evidence.Open(t.Context(), evidence.Options{URL: "file:" + dir + "/evidence", Tool: "schemer/test"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.archive.Close(context.Background()) })
	return w
}

// crawl runs one crawl of the world as it was at a moment and returns what was asked for.
func (w *world) crawl(t *testing.T, asOf time.Time, all bool) (crawler.Stats, []demoweb.Request) {
	t.Helper()
	server, err := demoweb.New(demoweb.Options{World: seeds.Demo(), AsOf: asOf})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	addr, err := server.Start(ctx, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = server.Close() }()
	sources := seeds.DemoSources()
	for i := range sources {
		sources[i].Delay = 5 * time.Millisecond
	}
	known, err := w.store.Sources(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, src := range known {
		if !slices.ContainsFunc(sources, func(s schemer.Source) bool { return s.ID == src.ID }) {
			sources = append(sources, src)
		}
	}
	kinds := map[schemer.SourceID]schemer.SourceKind{}
	for _, src := range sources {
		kinds[src.ID] = src.Kind
	}
	c, err := crawler.New(crawler.Options{
		Archive: w.archive, Frontier: w.store, Reader: realReader{kinds, &w.posts}, Sources: sources, Workers: 8, All: all,
		Resolve: map[string]string{"*": addr.String()}, Tool: "schemer/test", Now: func() time.Time { return asOf.Add(time.Hour) },
	})
	if err != nil {
		t.Fatal(err)
	}
	stats, err := c.Run(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return stats, server.Requests()
}

// whole counts the pages that were sent whole.
func whole(requests []demoweb.Request) (n int) {
	for _, r := range requests {
		if r.Status == http.StatusOK && r.Path != "/robots.txt" {
			n++
		}
	}
	return n
}

// TestWorld crawls the fictional internet with everything real around the crawler: as it was a year ago, a year on, and
// from nothing, and then at once again.
func TestWorld(t *testing.T) {
	now := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	w := newWorld(t)
	first, requests := w.crawl(t, now.AddDate(-1, 0, 0), false)
	t.Logf("a year ago: %d requests, %d whole, %d posts, %d sites, %v", len(requests), whole(requests), first.Posts, first.Sites, first.Elapsed)
	checkManners(t, requests)
	next, moved := w.crawl(t, now, false)
	checkManners(t, moved)

	fresh := newWorld(t)
	full, all := fresh.crawl(t, now, false)
	checkManners(t, all)
	t.Logf("from nothing: %d requests, %d whole, %d posts, %d sites, errors %v, traps %v, %v",
		len(all), whole(all), full.Posts, full.Sites, full.Errors, full.Traps, full.Elapsed)
	t.Logf("a year on: %d requests, %d whole, %d posts, %d continued, errors %v", len(moved), whole(moved), next.Posts, next.Continuation, next.Errors)
	fresh.posts.Range(func(id, url any) bool {
		if _, ok := w.posts.Load(id); !ok {
			t.Errorf("a year on %s was not found", url)
		}
		return true
	})

	again, repeated := fresh.crawl(t, now.Add(2*time.Hour), true)
	t.Logf("again: %d requests, %d whole, %d skipped, errors %v", len(repeated), whole(repeated), again.Skipped, again.Errors)
	if whole(repeated)*100 > 3*whole(all) {
		t.Errorf("second pass got %d of %d pages whole", whole(repeated), whole(all))
	}
	for _, r := range repeated {
		if r.Status == http.StatusOK && r.Path != "/robots.txt" {
			t.Logf("whole again: %s%s", r.Host, r.Path)
		}
	}
}

// checkManners holds the crawl to what it promises to every host.
func checkManners(t *testing.T, requests []demoweb.Request) {
	t.Helper()
	seen := map[string]bool{}
	for _, r := range requests {
		if !seen[r.Host] && r.Path != "/robots.txt" {
			t.Errorf("%s was asked for %s before robots.txt", r.Host, r.Path)
		}
		seen[r.Host] = true
		if strings.HasPrefix(r.Path, "/staff-only") && r.Status == http.StatusOK {
			t.Errorf("%s%s is closed by robots.txt", r.Host, r.Path)
		}
		if lower := strings.ToLower(r.Path); strings.Contains(lower, "sid=") {
			t.Errorf("session id in %s%s", r.Host, r.Path)
		}
	}
	calendar := 0
	for _, r := range requests {
		if strings.HasPrefix(r.Path, "/calendar/") {
			calendar++
		}
	}
	if calendar > 50 {
		t.Errorf("%d pages of a calendar", calendar)
	}
}
