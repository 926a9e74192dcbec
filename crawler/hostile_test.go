package crawler_test

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"schemer"
	"schemer/crawler"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

// pack compresses data by the name of a content coding.
func pack(t *testing.T, coding string, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	var w io.WriteCloser
	var err error
	switch coding {
	case "gzip":
		w = gzip.NewWriter(&b)
	case "deflate":
		w, err = flate.NewWriter(&b, 9)
	case "br":
		w = brotli.NewWriter(&b)
	case "zstd":
		w, err = zstd.NewWriter(&b)
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// only returns the one exchange with a path.
func only(t *testing.T, m *memory, url string) schemer.Exchange {
	t.Helper()
	i := slices.IndexFunc(m.exchanges, func(ex schemer.Exchange) bool { return ex.URL == url })
	if i < 0 {
		t.Fatalf("%s was not fetched; errors %v", url, m.errorsOf())
	}
	return m.exchanges[i]
}

func site(host string) schemer.Source {
	return schemer.Source{ID: schemer.SourceID(host), URL: "http://" + host + "/", Kind: schemer.KindReseller}
}

func TestBombsAreCutAndFlagged(t *testing.T) {
	zeros := make([]byte, 64<<20)
	for _, c := range []struct{ coding, header, want string }{
		{"gzip", "gzip", "ratio"},
		{"deflate", "deflate", "ratio"},
		{"br", "br", "ratio"},
		{"zstd", "zstd", "ratio"},
		{"gzip", "gzip, gzip", "encoding"},
		{"gzip", "br", "encoding"},
		{"gzip", "exotic", "encoding"},
	} {
		t.Run(c.coding+" as "+c.header, func(t *testing.T) {
			bomb := pack(t, c.coding, zeros)
			s, m := newWeb(t), newMemory()
			s.hosts["bomb.example"] = func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Length", strconv.Itoa(len(bomb)))
				w.Header().Set("Content-Type", "text/html")
				w.Header().Set("Content-Encoding", c.header)
				_, _ = w.Write(bomb)
			}
			run(t, s.options(m, site("bomb.example")))
			ex := only(t, m, "http://bomb.example/")
			if ex.Truncated != c.want || len(ex.Body) > 10<<20 {
				t.Errorf("truncated %q with %d bytes, want %q", ex.Truncated, len(ex.Body), c.want)
			}
			if !bytes.HasSuffix(ex.Response, bomb) {
				t.Error("the wire was not kept as it came")
			}
			for _, d := range m.documents {
				if d.Degraded == "" {
					t.Errorf("%s was taken as whole", d.URL)
				}
			}
		})
	}
}

func TestGzippedFilesAreNotExpandedAsPages(t *testing.T) {
	file := pack(t, "gzip", bytes.Repeat([]byte("0"), 8<<20))
	s, m := newWeb(t), newMemory()
	s.hosts["file.example"] = func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/":
			w.Header().Set("Content-Type", "text/html")
			_, _ = fmt.Fprint(w, `<a href="/type">a</a>`)
		case "/sitemap.xml", "/robots.txt":
			http.NotFound(w, r)
		default:
			w.Header().Set("Content-Type", "application/gzip")
			_, _ = w.Write(file)
		}
	}
	run(t, s.options(m, site("file.example")))
	if ex := only(t, m, "http://file.example/type"); !bytes.Equal(ex.Body, file) || ex.Truncated != "" {
		t.Errorf("got %d bytes, truncated %q; want the file's own %d", len(ex.Body), ex.Truncated, len(file))
	}
}

// raw serves one connection after another with a function over the bare stream.
func raw(t *testing.T, serve func(c net.Conn, request string)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = c.Close() }()
				buf := make([]byte, 64<<10)
				for {
					n, err := c.Read(buf)
					if err != nil {
						return
					}
					if strings.HasPrefix(string(buf[:n]), "GET /robots.txt ") {
						_, _ = fmt.Fprint(c, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
						continue
					}
					serve(c, string(buf[:n]))
				}
			}()
		}
	}()
	return l.Addr().String()
}

func rawOptions(m *memory, addr string, limits crawler.Limits) crawler.Options {
	src := site("raw.example")
	src.Delay = time.Microsecond
	return crawler.Options{
		Archive: m, Frontier: m, Reader: plainReader{}, Sources: []schemer.Source{src}, Resolve: map[string]string{"*": addr},
		Workers: 1, Patience: time.Millisecond, Limits: limits,
	}
}

func TestWireIsKeptByteForByte(t *testing.T) {
	const page = "HTTP/1.1 200 Fine by me\r\nserver: Odd/1\r\nCONTENT-type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n" +
		"7;note=x\r\n<p>Hi y\r\n003\r\nou!\r\n0\r\nTrailer-Field: kept\r\n\r\n"
	const early = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"
	m := newMemory()
	var requests []string
	addr := raw(t, func(c net.Conn, request string) {
		requests = append(requests, request)
		_, _ = fmt.Fprint(c, early+page)
	})
	run(t, rawOptions(m, addr, crawler.Limits{}))
	ex := only(t, m, "http://raw.example/")
	if string(ex.Response) != page {
		t.Errorf("response kept as %q, want %q", ex.Response, page)
	}
	if i := slices.Index(requests, string(ex.Request)); i < 0 || !strings.HasPrefix(requests[i], "GET / HTTP/1.1\r\nHost: raw.example\r\n") {
		t.Errorf("request kept as %q, sent %q", ex.Request, requests)
	}
	if string(ex.Body) != "<p>Hi you!" || ex.Truncated != "" {
		t.Errorf("body %q, truncated %q", ex.Body, ex.Truncated)
	}
	if ex.Network.Server != addr || ex.Network.Egress != "direct" || ex.Network.Resolved[0] != "127.0.0.1" {
		t.Errorf("network %+v", ex.Network)
	}
}

const okHead = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"

// drip sends first and then a byte now and then, as long as somebody listens.
func drip(c net.Conn, first string) {
	for _, err := fmt.Fprint(c, first); err == nil; _, err = fmt.Fprint(c, "x") {
		time.Sleep(20 * time.Millisecond)
	}
}

// hostileStreams are answers that nobody should send.
var hostileStreams = []struct {
	name      string
	serve     func(c net.Conn, request string)
	truncated string // of the exchange, when there is one
	class     string // of the outcome, when there is none
}{
	{"endless page", func(c net.Conn, _ string) {
		block := strings.Repeat("<p>more</p>", 1000)
		for _, err := fmt.Fprint(c, okHead+"\r\n"); err == nil; {
			_, err = fmt.Fprint(c, block)
		}
	}, "length", ""},
	{"endless chunks of one byte", func(c net.Conn, _ string) {
		block := strings.Repeat("1\r\nx\r\n", 1000)
		for _, err := fmt.Fprint(c, okHead+"Transfer-Encoding: chunked\r\n\r\n"); err == nil; {
			_, err = fmt.Fprint(c, block)
		}
	}, "length", ""},
	{"a few bytes a second", func(c net.Conn, _ string) { drip(c, okHead+"\r\n") }, "time", ""},
	{"body never comes", func(c net.Conn, _ string) { _, _ = fmt.Fprint(c, okHead+"Content-Length: 10\r\n\r\nabc") }, "time", ""},
	{"cut short", func(c net.Conn, _ string) {
		_, _ = fmt.Fprint(c, okHead+"Content-Length: 10\r\n\r\nabc")
		_ = c.Close()
	}, "disconnect", ""},
	{"head never ends", func(c net.Conn, _ string) { drip(c, okHead+"X: ") }, "", "timeout"},
	{"huge head", func(c net.Conn, _ string) {
		line := "X-Filler: " + strings.Repeat("y", 1000) + "\r\n"
		for _, err := fmt.Fprint(c, okHead); err == nil; {
			_, err = fmt.Fprint(c, line)
		}
	}, "", "header"},
	{"not HTTP", func(c net.Conn, _ string) { _, _ = fmt.Fprint(c, "SSH-2.0-OpenSSH_9\r\n\r\n") }, "", "protocol"},
	{"endless interim answers", func(c net.Conn, _ string) {
		for _, err := fmt.Fprint(c, ""); err == nil; {
			_, err = fmt.Fprint(c, "HTTP/1.1 103 Early Hints\r\n\r\n")
		}
	}, "", "protocol"},
	{"closes at once", func(c net.Conn, _ string) { _ = c.Close() }, "", "disconnect"},
}

func TestHostileStreams(t *testing.T) {
	patient := crawler.Limits{Body: 1 << 20}
	quick := crawler.Limits{Body: 1 << 20, Total: 600 * time.Millisecond, Answer: 500 * time.Millisecond, Stall: 300 * time.Millisecond}
	for _, c := range hostileStreams {
		t.Run(c.name, func(t *testing.T) {
			m := newMemory()
			limits := patient
			if c.truncated == "time" || c.class == "timeout" {
				limits = quick
			}
			run(t, rawOptions(m, raw(t, c.serve), limits))
			if c.class != "" {
				if m.errorsOf()[c.class] == 0 || len(m.exchanges) != 1 {
					t.Errorf("outcomes %v with %d exchanges, want %s and robots.txt alone", m.errorsOf(), len(m.exchanges), c.class)
				}
				return
			}
			ex := only(t, m, "http://raw.example/")
			if ex.Truncated != c.truncated || len(ex.Body) > 1<<20 {
				t.Errorf("truncated %q with %d bytes, want %q", ex.Truncated, len(ex.Body), c.truncated)
			}
			for _, d := range m.documents {
				if d.Degraded == "" {
					t.Error("the page was taken as whole")
				}
			}
		})
	}
}

func TestRedirectLoopEnds(t *testing.T) {
	s, m := newWeb(t), newMemory()
	s.hosts["loop.example"] = func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
			return
		}
		http.Redirect(w, r, fmt.Sprintf("/n%sx", r.URL.Path[1:]), http.StatusFound)
	}
	stats := run(t, s.options(m, site("loop.example")))
	if n := len(s.asked("loop.example")); n > 7 {
		t.Errorf("%d requests", n)
	}
	if stats.Traps["redirects"] != 1 {
		t.Errorf("traps %v", stats.Traps)
	}
	for i, ex := range m.exchanges[1:] {
		if ex.Hop != i {
			t.Errorf("exchange %d of the trip is hop %d", i, ex.Hop)
		}
	}
}

// trapPages are sites without an end; n counts their pages.
func trapPages(n *int) map[string]func(r *http.Request) string {
	filler := strings.Repeat("welcome to the site of a small company that rents machines to people ", 5)
	return map[string]func(r *http.Request) string{
		"calendar by path": func(r *http.Request) string {
			*n++
			return fmt.Sprintf(`<p>Events of month %d: none. %s</p><a href="/events/%d/%d">next</a><a href="/events/%d/%d">later</a>`, *n, filler, 2026+*n/12, *n%12, 2030+*n/12, *n%12)
		},
		"calendar by query": func(r *http.Request) string {
			*n++
			return fmt.Sprintf(`<p>%s</p><a href="/cal?month=%d">next</a>`, filler, *n)
		},
		"session ids": func(r *http.Request) string {
			*n++
			return fmt.Sprintf(`<p>%s</p><a href="/a?PHPSESSID=%032x">a</a><a href="/b;jsessionid=%032X">b</a><a href="/c?s=%032x&x=1">c</a>`, filler, *n, *n, *n)
		},
		"sort links": func(r *http.Request) string {
			*n++
			return fmt.Sprintf(`<p>%s</p><a href="/list?sort=%d">a</a><a href="/list?order=x%d">b</a><a href="/list?replytocom=%d">c</a>`, filler, *n, *n, *n)
		},
		"path that goes round": func(r *http.Request) string {
			return fmt.Sprintf(`<p>%s</p><a href="%s/a/b">deeper</a>`, filler, strings.TrimSuffix(r.URL.Path, "/"))
		},
		"numbers for ever": func(r *http.Request) string {
			*n++
			return fmt.Sprintf(`<p>Item %d unlike every other: %x %x %x</p><a href="/item/%d">one</a><a href="/item/%d">two</a>`, *n, *n*7919, *n*104729, *n*1299709, 2**n, 2**n+1)
		},
		"slugs for ever": func(r *http.Request) string {
			*n++
			return fmt.Sprintf(`<p>%s</p><a href="/page/%s">one</a><a href="/page/%s">two</a>`, filler, letters(2**n), letters(2**n+1))
		},
		"next for ever": func(r *http.Request) string {
			*n++
			return fmt.Sprintf(`<body class=thread><p>%s</p><a class=next href="/topic?start=%d">next</a>`, filler, *n*10)
		},
		"boards for ever": func(r *http.Request) string {
			*n++
			return fmt.Sprintf(`<body class=board><a class=next href="/forum?start=%d">next</a>`, *n*10)
		},
		"soft 404": func(r *http.Request) string {
			*n++
			return fmt.Sprintf(`<body class=soft404><p>Not found</p><a href="/gone/%d">home</a>`, *n)
		},
		"login": func(r *http.Request) string {
			*n++
			return fmt.Sprintf(`<body class=login><p>Log in</p><a class=thread href="/t/%d">home</a>`, *n)
		},
	}
}

func TestTrapsStopWithinFiftyPages(t *testing.T) {
	n := 0
	for name, page := range trapPages(&n) {
		t.Run(name, func(t *testing.T) {
			n = 1
			s, m := newWeb(t), newMemory()
			s.hosts["trap.example"] = func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "text/html")
				_, _ = fmt.Fprint(w, page(r))
			}
			src := forum("trap.example")
			if !strings.Contains(name, "for ever") || name == "slugs for ever" || name == "numbers for ever" {
				src = site("trap.example")
			}
			src.MaxPages = 5000
			src.IgnoreRobots = "test"
			opt := s.options(m, src)
			opt.Workers = 1
			run(t, opt)
			if got := len(s.asked("trap.example")); got > 50 || got == 0 {
				t.Errorf("%d requests; last %q", got, s.asked("trap.example")[max(0, got-3):])
			}
		})
	}
}

func letters(n int) string {
	var b strings.Builder
	for ; n > 0; n /= 20 {
		b.WriteByte("bcdfghjklmnpqrstvwxz"[n%20])
	}
	return b.String() + "-page"
}

func TestHostThatAsksForTimeGetsIt(t *testing.T) {
	s, m := newWeb(t), newMemory()
	refusals := 1
	s.hosts["busy.example"] = func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/robots.txt":
			http.NotFound(w, r)
		case refusals > 0:
			refusals--
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusServiceUnavailable)
		default:
			w.Header().Set("Content-Type", "text/html")
			_, _ = fmt.Fprint(w, "<p>Back</p>")
		}
	}
	opt := s.options(m, site("busy.example"))
	opt.Patience = 10 * time.Second
	run(t, opt)
	var starts []time.Time
	for _, ex := range m.exchanges {
		if ex.URL == "http://busy.example/" {
			starts = append(starts, ex.Started)
		}
	}
	if len(starts) != 2 || starts[1].Sub(starts[0]) < time.Second {
		t.Errorf("asked at %v, want twice, a second apart", starts)
	}
}

func TestReaderThatPanicsEndsNothing(t *testing.T) {
	s, m := newWeb(t), newMemory()
	s.pages("odd.example", map[string]string{"/": `<p>x</p>`})
	opt := s.options(m, site("odd.example"))
	opt.Reader = panicking{}
	run(t, opt)
	if m.errorsOf()["reader"] == 0 || len(m.captures) == 0 {
		t.Errorf("outcomes %v, %d captures", m.errorsOf(), len(m.captures))
	}
}

type panicking struct{}

func (panicking) Read(schemer.Capture, http.Header, []byte) schemer.Document { panic("page from hell") }

func TestArchiveThatFailsEndsTheRun(t *testing.T) {
	s, m := newWeb(t), newMemory()
	m.failSave = errDiskFull
	s.pages("a.example", map[string]string{"/": `<p>x</p>`})
	c, err := crawler.New(s.options(m, site("a.example")))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Run(context.Background()); err == nil || !strings.Contains(err.Error(), errDiskFull.Error()) {
		t.Errorf("run returned %v", err)
	}
	if len(m.outcomes) != 0 {
		t.Errorf("%d outcomes of what was never kept", len(m.outcomes))
	}
}
