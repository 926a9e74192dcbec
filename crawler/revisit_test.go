package crawler_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"schemer"
	"schemer/crawler"
)

// board is a forum of threads with a few posts a page. It can grow, and may or may not answer conditionally.
type board struct {
	threads    [][]string // posts of each thread
	perPage    int
	perBoard   int
	etags      bool
	whole      int // pages sent whole
	unmodified int
	marks      bool
}

func (b *board) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var body strings.Builder
	var id, page int
	switch r.URL.Path {
	case "/":
		body.WriteString(`<body class=index><a class=board href="/f?p=0">all</a>`)
	case "/f":
		_, _ = fmt.Sscanf(r.URL.RawQuery, "p=%d", &page)
		b.list(&body, page)
	case "/t":
		if n, _ := fmt.Sscanf(r.URL.RawQuery, "id=%d&p=%d", &id, &page); n == 0 || id >= len(b.threads) {
			http.NotFound(w, r)
			return
		}
		b.thread(&body, id, page)
	default:
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/html")
	if tag := `"` + string(schemer.DigestOf([]byte(body.String())))[:16] + `"`; b.etags {
		w.Header().Set("ETag", tag)
		if r.Header.Get("If-None-Match") == tag {
			b.unmodified++
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	b.whole++
	_, _ = fmt.Fprint(w, body.String())
}

// list shows the threads, newest last post first, which here means highest number of posts ever made.
func (b *board) list(body *strings.Builder, page int) {
	order := make([]int, len(b.threads))
	for i := range order {
		order[i] = i
	}
	last := func(i int) string { return b.threads[i][len(b.threads[i])-1] }
	slices.SortStableFunc(order, func(x, y int) int { return strings.Compare(last(y), last(x)) })
	body.WriteString(`<body class=board>`)
	for _, id := range order[page*b.perBoard : min(len(order), (page+1)*b.perBoard)] {
		mark := ""
		if b.marks {
			mark = last(id)
		}
		_, _ = fmt.Fprintf(body, `<a class=thread data-mark="%s" href="/t?id=%d">t</a>`, mark, id)
	}
	if (page+1)*b.perBoard < len(order) {
		_, _ = fmt.Fprintf(body, `<a class=next href="/f?p=%d">next</a>`, page+1)
	}
}

func (b *board) thread(body *strings.Builder, id, page int) {
	body.WriteString(`<body class=thread>`)
	posts := b.threads[id]
	for _, post := range posts[min(len(posts), page*b.perPage):min(len(posts), (page+1)*b.perPage)] {
		_, _ = fmt.Fprintf(body, `<p>%s</p>`, post)
	}
	if (page+1)*b.perPage < len(posts) {
		_, _ = fmt.Fprintf(body, `<a class=next href="/t?id=%d&p=%d">next</a>`, id, page+1)
	}
}

// grown is a forum with n threads of the given number of posts.
func grown(n, posts int) *board {
	b := &board{perPage: 5, perBoard: 10}
	for id := range n {
		var list []string
		for p := range posts {
			list = append(list, fmt.Sprintf("2025-%04d-%04d post", p, id))
		}
		b.threads = append(b.threads, list)
	}
	return b
}

// texts lists every text that was read.
func (m *memory) texts() map[string]bool {
	out := map[string]bool{}
	for _, d := range m.documents {
		for _, p := range d.Posts {
			out[p.Text] = true
		}
	}
	return out
}

func (b *board) missing(m *memory) (missing []string) {
	have := m.texts()
	for _, thread := range b.threads {
		for _, post := range thread {
			if !have[post] {
				missing = append(missing, post)
			}
		}
	}
	return missing
}

// visitBoard runs the crawl once at a moment and returns how many requests that took.
func visitBoard(t *testing.T, s *web, m *memory, at time.Time, all bool) (requests int, stats crawler.Stats) {
	t.Helper()
	before := len(s.asked("board.example"))
	opt := s.options(m, forum("board.example"))
	opt.All = all
	opt.Workers = 2
	opt.Now = func() time.Time { return at }
	stats = run(t, opt)
	return len(s.asked("board.example")) - before, stats
}

func TestSecondPassFetchesNothingWhole(t *testing.T) {
	for name, change := range map[string]func(b *board){
		"with entity tags":        func(b *board) { b.etags = true },
		"with marks":              func(b *board) { b.marks = true },
		"with entity tags, marks": func(b *board) { b.etags, b.marks = true, true },
	} {
		t.Run(name, func(t *testing.T) {
			b := grown(60, 12)
			change(b)
			s, m := newWeb(t), newMemory()
			s.hosts["board.example"] = b.ServeHTTP
			now := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
			full, _ := visitBoard(t, s, m, now, true)
			if missing := b.missing(m); len(missing) > 0 {
				t.Fatalf("first pass missed %d posts", len(missing))
			}
			b.whole = 0
			again, stats := visitBoard(t, s, m, now.Add(time.Hour), true)
			lists := 0
			if !b.etags {
				lists = 7 // index and boards come back byte for byte
			}
			if b.whole > lists {
				t.Errorf("second pass got %d pages whole of %d (%d requests, %d skipped)", b.whole, full, again, stats.Skipped)
			}
			for _, c := range m.captures[full:] {
				if c.RevisitOf == "" && c.Kind != "robots" && c.Status != 404 {
					t.Errorf("%s was kept whole again", c.URL)
				}
			}
		})
	}
}

func TestAYearLaterOnlyWhatMovedIsFetched(t *testing.T) {
	b := grown(100, 12)
	b.marks = true
	s, m := newWeb(t), newMemory()
	s.hosts["board.example"] = b.ServeHTTP
	now := time.Date(2025, 11, 1, 12, 0, 0, 0, time.UTC)
	visitBoard(t, s, m, now, false)
	for i := range 8 { // old threads grow, over the border of a page
		for p := range 4 {
			b.threads[i*12] = append(b.threads[i*12], fmt.Sprintf("2026-%04d-%04d post", i, p))
		}
	}
	for i := range 5 { // and new ones begin
		b.threads = append(b.threads, []string{fmt.Sprintf("2026-9%03d new", i)})
	}
	requests, stats := visitBoard(t, s, m, now.AddDate(1, 0, 0), false)
	if missing := b.missing(m); len(missing) > 0 {
		t.Errorf("missed %q", missing)
	}
	full := 1 + 1 + 11 + 100*3 + 8 + 5
	if requests > full/5 {
		t.Errorf("%d requests, a full crawl takes %d", requests, full)
	}
	if stats.Continuation != 8 {
		t.Errorf("%d threads were continued at their last page, want 8", stats.Continuation)
	}
	asked := s.asked("board.example")
	asked = asked[len(asked)-requests:]
	if slices.Contains(asked, "/t?id=0") || slices.Contains(asked, "/t?id=0&p=1") || !slices.Contains(asked, "/t?id=0&p=2") || !slices.Contains(asked, "/t?id=0&p=3") {
		t.Errorf("asked for %q; want the last known page of thread 0 and what follows", asked)
	}
}

func TestBoardsWithoutMarksAreReadByTime(t *testing.T) {
	b := grown(8, 3)
	s, m := newWeb(t), newMemory()
	s.hosts["board.example"] = b.ServeHTTP
	now := time.Date(2025, 11, 1, 12, 0, 0, 0, time.UTC)
	visitBoard(t, s, m, now, false)
	b.threads[3] = append(b.threads[3], "2026 late post")
	visitBoard(t, s, m, now.AddDate(0, 0, 2), false)
	if missing := b.missing(m); len(missing) > 0 {
		t.Errorf("missed %q", missing)
	}
}

func TestVanishedPagesAreNoted(t *testing.T) {
	b := grown(2, 2)
	s, m := newWeb(t), newMemory()
	s.hosts["board.example"] = b.ServeHTTP
	now := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	visitBoard(t, s, m, now, true)
	b.threads = b.threads[:1]
	visitBoard(t, s, m, now.Add(24*time.Hour), true)
	gone := slices.ContainsFunc(m.outcomes, func(o schemer.Outcome) bool { return o.Gone && o.Target.URL == "http://board.example/t?id=1" })
	if !gone {
		t.Error("a thread that vanished was not noted as gone")
	}
}

func TestRunStopsAndResumes(t *testing.T) {
	b := grown(40, 12)
	s, m := newWeb(t), newMemory()
	ctx, cancel := context.WithCancel(t.Context())
	count := 0
	s.hosts["board.example"] = func(w http.ResponseWriter, r *http.Request) {
		if count++; count == 20 {
			cancel()
		}
		b.ServeHTTP(w, r)
	}
	c, err := crawler.New(s.options(m, forum("board.example")))
	if err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	stats, err := c.Run(ctx)
	if !errors.Is(err, context.Canceled) || stats.Requests == 0 || time.Since(begun) > 10*time.Second {
		t.Fatalf("run returned %d requests, %v", stats.Requests, err)
	}
	if m.hosts["board.example"].until.After(time.Now()) {
		t.Error("the lease was not given back")
	}
	if len(b.missing(m)) == 0 {
		t.Fatal("the run was not cut short")
	}
	run(t, s.options(m, forum("board.example")))
	if missing := b.missing(m); len(missing) > 0 {
		t.Errorf("missed %d posts after resuming", len(missing))
	}
	twice := map[string]int{}
	for _, ex := range m.exchanges {
		if twice[ex.URL]++; twice[ex.URL] == 2 && !strings.HasSuffix(ex.URL, "/robots.txt") {
			t.Errorf("%s was fetched and kept twice", ex.URL)
		}
	}
}

func TestOrphansAreCompletedWithoutFetchingAgain(t *testing.T) {
	s, m := newWeb(t), newMemory()
	s.hosts["a.example"] = func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		switch r.URL.Path {
		case "/":
			_, _ = fmt.Fprint(w, `<p>home</p><a href="/tos">Terms</a>`)
		case "/tos":
			http.Redirect(w, r, "/terms", http.StatusFound)
		case "/terms":
			_, _ = fmt.Fprint(w, `<p>we ignore everything</p>`)
		default:
			http.NotFound(w, r)
		}
	}
	run(t, s.options(m, site("a.example")))

	// Another frontier that knows the page but not its outcome: killed between Save and Done. The archive gives the
	// exchanges back with their own URL as target.
	killed := newMemory()
	asked := len(s.asked("a.example"))
	c, err := crawler.New(s.options(killed, site("a.example")))
	if err != nil {
		t.Fatal(err)
	}
	for i, ex := range m.exchanges {
		if ex.URL != "http://a.example/tos" && ex.URL != "http://a.example/terms" {
			continue
		}
		if ex.Hop == 0 {
			killed.add([]schemer.Target{ex.Target})
		}
		ex.Target = schemer.Target{URL: ex.URL, Source: ex.Target.Source, Kind: ex.Target.Kind}
		if err := c.Adopt(t.Context(), m.captures[i], ex); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := c.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if again := s.asked("a.example")[asked:]; slices.Contains(again, "/tos") || slices.Contains(again, "/terms") {
		t.Errorf("asked for %q", again)
	}
	j := slices.IndexFunc(killed.outcomes, func(o schemer.Outcome) bool { return o.Target.URL == "http://a.example/tos" })
	if j < 0 || len(killed.outcomes[j].Captures) != 2 || killed.outcomes[j].Document == nil || killed.outcomes[j].Document.Posts[0].Text != "we ignore everything" {
		t.Errorf("the orphans were not completed: %+v", killed.outcomes)
	}
}
