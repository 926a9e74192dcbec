package crawler_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"schemer"
	"schemer/crawler"
)

// web is a loopback server that answers for every host by name.
type web struct {
	*httptest.Server
	mu    sync.Mutex
	hosts map[string]http.HandlerFunc
	log   []string // "host/path"
}

func newWeb(t *testing.T) *web {
	t.Helper()
	s := &web{hosts: map[string]http.HandlerFunc{}}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.log = append(s.log, r.Host+r.URL.RequestURI())
		h := s.hosts[r.Host]
		s.mu.Unlock()
		if h == nil {
			http.NotFound(w, r)
			return
		}
		h(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

// page serves fixed pages by path and query; robots.txt is absent unless it is one of them.
func (s *web) pages(host string, pages map[string]string) {
	s.hosts[host] = func(w http.ResponseWriter, r *http.Request) {
		body, ok := pages[r.URL.RequestURI()]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = fmt.Fprint(w, body)
	}
}

func (s *web) addr() string { return strings.TrimPrefix(s.URL, "http://") }

func (s *web) asked(host string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for _, line := range s.log {
		if rest, ok := strings.CutPrefix(line, host); ok {
			out = append(out, rest)
		}
	}
	return out
}

// options are those of most tests: every host on the web, no delay worth waiting for.
func (s *web) options(m *memory, sources ...schemer.Source) crawler.Options {
	for i := range sources {
		if sources[i].Delay == 0 {
			sources[i].Delay = time.Microsecond
		}
	}
	return crawler.Options{
		Archive: m, Frontier: m, Reader: plainReader{}, Sources: sources, Resolve: map[string]string{"*": s.addr()},
		Workers: 4, Tool: "schemer/test", Patience: time.Millisecond,
	}
}

func run(t *testing.T, opt crawler.Options) crawler.Stats {
	t.Helper()
	c, err := crawler.New(opt)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	stats, err := c.Run(ctx)
	if err != nil {
		t.Fatalf("run: %v", err)
	}
	return stats
}

func forum(host string) schemer.Source {
	return schemer.Source{ID: schemer.SourceID(strings.SplitN(host, ".", 2)[0]), URL: "http://" + host + "/", Kind: schemer.KindForum}
}

func TestCrawlFollowsAForumAndDiscoversTheSitesItNames(t *testing.T) {
	s, m := newWeb(t), newMemory()
	s.pages("board.example", map[string]string{
		"/":            `<body class=index><a class=board href="/f?id=1">Hosting</a><a class=noise href="/login">Log in</a>`,
		"/f?id=1":      `<body class=board><a class=thread data-mark=7 href="/t?id=7&sid=0123456789abcdef0123456789abcdef">Offer</a><a class=next href="/f?id=1&p=2">next</a>`,
		"/f?id=1&p=2":  `<body class=board><a class=thread data-mark=3 href="/t?id=3">Old</a>`,
		"/t?id=7":      `<body class=thread><p>We are kelder.example and sell servers</p><a class=next href="/t?id=7&p=2">2</a><a class=profile href="/u/1">u</a>`,
		"/t?id=7&p=2":  `<body class=thread><p>Still here</p>`,
		"/t?id=3":      `<body class=thread><p>Hello gmail.com</p>`,
		"/sitemap.xml": `<urlset><url><loc>http://board.example/secret</loc></url></urlset>`,
	})
	s.pages("kelder.example", map[string]string{
		"/":           `<p>Servers</p><a href="/tos">Terms</a><a href="/blog/one">One</a><a href="/logo.png">x</a>`,
		"/tos":        `<p>We ignore complaints</p>`,
		"/robots.txt": "User-agent: *\nDisallow: /blog/\n",
	})
	stats := run(t, s.options(m, forum("board.example")))
	want := []string{"/robots.txt", "/", "/f?id=1", "/f?id=1&p=2", "/t?id=7", "/t?id=7&p=2", "/t?id=3"}
	got := s.asked("board.example")
	if len(got) != len(want) || got[0] != "/robots.txt" {
		t.Errorf("forum: asked for %q, want %q in some order, robots.txt first", got, want)
	}
	for _, path := range want {
		if !slices.Contains(got, path) {
			t.Errorf("forum: %s was not asked for", path)
		}
	}
	if got, want := s.asked("kelder.example"), []string{"/robots.txt", "/", "/tos", "/sitemap.xml"}; !slices.Equal(got, want) {
		t.Errorf("site: asked for %q, want %q", got, want)
	}
	if len(m.sites) != 1 || m.sites[0].ID != "kelder.example" || !m.sites[0].Discovered || m.sites[0].FoundOn != "http://board.example/t?id=7" {
		t.Errorf("discovered %+v, want kelder.example alone", m.sites)
	}
	if stats.Sites != 1 || stats.Posts != 5 {
		t.Errorf("stats: %d sites, %d posts; want 1, 5", stats.Sites, stats.Posts)
	}
	for _, ex := range m.exchanges {
		if strings.Contains(ex.URL, "sid=") {
			t.Errorf("a session id was kept in %s", ex.URL)
		}
	}
}
