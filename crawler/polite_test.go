package crawler_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"schemer"
	"schemer/crawler"
)

// TestGapBetweenRequestsIsNeverBelowTheDelay runs on synthetic time: the server stands outside the bubble, so its
// answers take no time, and every wait of the crawler is exact.
func TestGapBetweenRequestsIsNeverBelowTheDelay(t *testing.T) {
	robots := map[string]string{
		"slow.example": "User-agent: *\nCrawl-delay: 7\n", "quick.example": "User-agent: *\nCrawl-delay: 1\n",
		"never.example": "User-agent: *\nCrawl-delay: 999999\n", "plain.example": "",
	}
	wants := map[string]time.Duration{
		"slow.example": 7 * time.Second, "quick.example": 3 * time.Second, "never.example": time.Minute, "plain.example": 3 * time.Second,
	}
	var mu sync.Mutex
	var first []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		first = append(first, r.Host+r.URL.Path)
		mu.Unlock()
		switch r.URL.Path {
		case "/robots.txt":
			_, _ = fmt.Fprint(w, robots[r.Host])
		case "/":
			http.Redirect(w, r, "/home", http.StatusFound)
		default:
			w.Header().Set("Content-Type", "text/html")
			_, _ = fmt.Fprintf(w, `<p>%s</p><a href="/a">a</a><a href="/b">b</a>`, r.URL.Path)
		}
	}))
	defer server.Close()
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		var sources []schemer.Source
		for host := range wants {
			sources = append(sources, schemer.Source{ID: schemer.SourceID(host), URL: "http://" + host + "/", Kind: schemer.KindReseller, Delay: 3 * time.Second})
		}
		c, err := crawler.New(crawler.Options{
			Archive: m, Frontier: m, Reader: plainReader{}, Sources: sources, Workers: 3,
			Resolve: map[string]string{"*": strings.TrimPrefix(server.URL, "http://")},
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		checkGaps(t, m, wants)
	})
	seen := map[string]bool{}
	for _, line := range first {
		host, path, _ := strings.Cut(line, "/")
		if !seen[host] && path != "robots.txt" {
			t.Errorf("%s was asked for /%s first", host, path)
		}
		seen[host] = true
	}
}

// checkGaps holds the starts of the requests to every host, robots.txt included, to its delay.
func checkGaps(t *testing.T, m *memory, wants map[string]time.Duration) {
	t.Helper()
	starts := map[string][]time.Time{}
	for _, ex := range m.exchanges {
		host := strings.Split(ex.URL, "/")[2]
		starts[host] = append(starts[host], ex.Started)
	}
	for host, delay := range wants {
		times := starts[host]
		slices.SortFunc(times, time.Time.Compare)
		if len(times) != 6 { // robots.txt, /, /home, /a, /b, /sitemap.xml
			t.Errorf("%s: %d requests, want 6", host, len(times))
		}
		for i := 1; i < len(times); i++ {
			if gap := times[i].Sub(times[i-1]); gap < delay {
				t.Errorf("%s: gap %v between requests %d and %d, want %v", host, gap, i-1, i, delay)
			}
		}
	}
}

func TestRobotsStatuses(t *testing.T) {
	for _, c := range []struct {
		name    string
		robots  http.HandlerFunc
		allowed bool
		verdict string
	}{
		{"missing", http.NotFound, true, "none"},
		{"forbidden", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) }, true, "none"},
		{"server error", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }, false, ""},
		{"unavailable", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }, false, ""},
		{"too many", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTooManyRequests) }, false, ""},
		{"allows", func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, "User-agent: *\nDisallow: /x\n") }, true, "allowed"},
		{"denies", func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, "User-agent: *\nDisallow: /\n") }, false, ""},
		{"breaks off", func(w http.ResponseWriter, _ *http.Request) { panic(http.ErrAbortHandler) }, false, ""},
		{"five redirects", redirects(5, "User-agent: *\nDisallow: /\n"), false, ""},
		{"six redirects", redirects(6, "User-agent: *\nDisallow: /\n"), true, "none"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, m := newWeb(t), newMemory()
			s.hosts["a.example"] = func(w http.ResponseWriter, r *http.Request) {
				if strings.HasPrefix(r.URL.Path, "/robots") {
					c.robots(w, r)
					return
				}
				w.Header().Set("Content-Type", "text/html")
				_, _ = fmt.Fprint(w, "<p>x</p>")
			}
			run(t, s.options(m, site("a.example")))
			asked := s.asked("a.example")
			if got := slices.Contains(asked, "/"); got != c.allowed {
				t.Errorf("asked for %q", asked)
			}
			if c.allowed {
				if p := only(t, m, "http://a.example/").Policy; p.Robots != c.verdict || (p.RobotsSHA256 != "") != (c.verdict == "allowed") {
					t.Errorf("policy %+v", p)
				}
			}
		})
	}
}

func redirects(n int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var i int
		_, _ = fmt.Sscanf(r.URL.Path, "/robots%d", &i)
		if i < n {
			http.Redirect(w, r, fmt.Sprintf("/robots%d", i+1), http.StatusFound)
			return
		}
		_, _ = fmt.Fprint(w, body)
	}
}

func TestRobotsHoldsForEveryHopAndCanBeOverruled(t *testing.T) {
	s, m := newWeb(t), newMemory()
	s.hosts["a.example"] = func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/robots.txt":
			_, _ = fmt.Fprint(w, "User-agent: schemer\nDisallow: /private\n")
		case "/":
			http.Redirect(w, r, "/private/home", http.StatusFound)
		default:
			w.Header().Set("Content-Type", "text/html")
			_, _ = fmt.Fprint(w, "<p>x</p>")
		}
	}
	run(t, s.options(m, site("a.example")))
	if asked := s.asked("a.example"); slices.Contains(asked, "/private/home") {
		t.Errorf("followed a redirect to what robots.txt denies: %q", asked)
	}
	m = newMemory()
	src := site("a.example")
	src.IgnoreRobots = "court order 12"
	run(t, s.options(m, src))
	if p := only(t, m, "http://a.example/private/home").Policy; p.Robots != "ignored: court order 12" {
		t.Errorf("policy %+v", p)
	}
}

func TestScope(t *testing.T) {
	s, m := newWeb(t), newMemory()
	pages := map[string]string{"/": ``}
	for _, path := range []string{"/a", "/in/1", "/in/2", "/out/1", "/login", "/x.zip", "/p?lang=de", "/p?action=x", "/deep/" + strings.Repeat("x/", 12)} {
		pages["/"] += `<a href="` + path + `">l</a>`
		pages[path] = `<p>` + path + `</p>`
	}
	pages["/"] += `<a href="http://other.example/in/3">o</a><a class=board href="http://www.a.example/in/4">w</a>`
	s.pages("a.example", pages)
	s.pages("www.a.example", map[string]string{"/in/4": `<p>w</p>`})
	s.pages("other.example", map[string]string{"/in/3": `<p>o</p>`})
	src := site("a.example")
	src.Allow, src.Deny = []string{`^/in/`}, []string{`2$`}
	run(t, s.options(m, src))
	if got, want := s.asked("a.example"), []string{"/robots.txt", "/", "/sitemap.xml", "/in/1"}; !slices.Equal(got, want) {
		t.Errorf("asked for %q, want %q", got, want)
	}
	if got := s.asked("www.a.example"); !slices.Contains(got, "/in/4") {
		t.Errorf("asked www for %q", got)
	}
	if got := s.asked("other.example"); len(got) != 0 {
		t.Errorf("asked another host for %q", got)
	}
}

func TestBudgets(t *testing.T) {
	s, m := newWeb(t), newMemory()
	var links strings.Builder
	for i := range 50 {
		_, _ = fmt.Fprintf(&links, `<a href="/%s">l</a>`, letters(i+1))
	}
	s.hosts["a.example"] = func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = fmt.Fprintf(w, "<p>%s says something all of its own</p>%s", r.URL.Path, links.String())
	}
	src := site("a.example")
	src.MaxPages = 7
	opt := s.options(m, src)
	run(t, opt)
	if n := len(s.asked("a.example")); n != 8 {
		t.Errorf("%d requests, want robots.txt and 7", n)
	}
	run(t, opt) // the next run has a budget of its own, and goes on where this one stopped
	if n := len(s.asked("a.example")); n != 16 {
		t.Errorf("%d requests after the second run, want 16", n)
	}
	opt.Since = time.Now().Add(-time.Hour) // the same run continued: its budget is spent
	run(t, opt)
	if n := len(s.asked("a.example")); n != 16 {
		t.Errorf("%d requests after the continued run, want no more", n)
	}
}

func TestCookiesGoBackToTheirHostOnly(t *testing.T) {
	s, m := newWeb(t), newMemory()
	var mu sync.Mutex
	got := map[string]string{}
	for _, host := range []string{"a.example", "b.example"} {
		s.hosts[host] = func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			got[r.Host+r.URL.Path] = r.Header.Get("Cookie")
			mu.Unlock()
			w.Header().Set("Content-Type", "text/html")
			w.Header().Set("Set-Cookie", "sid="+strings.ReplaceAll(r.Host, ".", ""))
			_, _ = fmt.Fprint(w, `<p>x</p><a href="/more">m</a>`)
		}
	}
	run(t, s.options(m, site("a.example"), site("b.example")))
	for key, want := range map[string]string{"a.example/more": "sid=aexample", "b.example/more": "sid=bexample"} {
		if got[key] != want {
			t.Errorf("%s got cookie %q, want %q", key, got[key], want)
		}
	}
}
