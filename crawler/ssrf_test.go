package crawler_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"schemer"
	"schemer/crawler"
)

// insideAddresses are spellings of places that no crawl may reach, %s being the port of the trap.
var insideAddresses = []string{
	"http://127.0.0.1:%s/", "http://127.0.0.1.:%s/", "http://127.1:%s/", "http://127.0.1:%s/", "http://127.255.255.254:%s/",
	"http://2130706433:%s/", "http://017700000001:%s/", "http://0x7f000001:%s/", "http://0x7f.0.0.1:%s/", "http://0x7f.1:%s/",
	"http://0177.0.0.1:%s/", "http://0177.0.0.01:%s/", "http://127.0.0.01:%s/", "http://00127.0.0.1:%s/", "http://127.0.0.0x1:%s/",
	"http://①②⑦.⓪.⓪.①:%s/", "http://127。0。0。1:%s/", "http://%%31%%32%%37.0.0.1:%s/", "http://0:%s/", "http://0.0.0.0:%s/",
	"http://[::1]:%s/", "http://[::]:%s/", "http://[0:0:0:0:0:0:0:1]:%s/", "http://[::ffff:127.0.0.1]:%s/", "http://[::ffff:7f00:1]:%s/",
	"http://[0:0:0:0:0:ffff:7f00:0001]:%s/", "http://[::127.0.0.1]:%s/", "http://[64:ff9b::7f00:1]:%s/", "http://[64:ff9b:1::7f00:1]:%s/",
	"http://[2002:7f00:1::]:%s/", "http://[2001:0:7f00:1::]:%s/", "http://[fe80::1]:%s/", "http://[fe80::1%%25lo]:%s/", "http://[::1%%25lo]:%s/",
	"http://[fc00::1]:%s/", "http://[fd00:ec2::254]:%s/", "http://[ff02::1]:%s/", "http://[100::1]:%s/",
	"http://10.0.0.1:%s/", "http://172.16.0.1:%s/", "http://192.168.0.1:%s/", "http://169.254.169.254:%s/latest/meta-data/",
	"http://169.254.169.254.:%s/", "http://2852039166:%s/", "http://0xa9fea9fe:%s/", "http://[::ffff:169.254.169.254]:%s/",
	"http://100.64.0.1:%s/", "http://192.0.0.1:%s/", "http://198.18.0.1:%s/", "http://224.0.0.1:%s/", "http://255.255.255.255:%s/", "http://240.0.0.1:%s/",
	"http://localhost:%s/", "http://LOCALHOST:%s/", "http://localhost.:%s/", "http://sub.localhost:%s/", "http://printer.local:%s/",
	"http://metadata.internal:%s/", "http://router.lan:%s/", "http://intranet:%s/", "http://box.home.arpa:%s/",
	"http://user:pass@127.0.0.1:%s/", "http://public.example@127.0.0.1:%s/", "http://127.0.0.1:%s#@public.example/",
	"http://rebind.example:%s/", "http://inside.example:%s/", "http://mapped.example:%s/", "http://sixtofour.example:%s/",
	"https://127.0.0.1:%s/", "https://rebind.example:%s/", "ftp://127.0.0.1:%s/", "gopher://127.0.0.1:%s/_x", "file:///etc/passwd?%s",
	"dict://127.0.0.1:%s/", "unix://127.0.0.1:%s/", "//127.0.0.1:%s/", "http:127.0.0.1:%s/", "http:///127.0.0.1:%s/", `http:\\127.0.0.1:%s\`,
}

// trapPort listens on every loopback address and counts what connects.
func trapPort(t *testing.T) (port string, hits *atomic.Int64) {
	t.Helper()
	hits = new(atomic.Int64)
	l, err := net.Listen("tcp", ":0")
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
			hits.Add(1)
			_ = c.Close()
		}
	}()
	_, port, _ = net.SplitHostPort(l.Addr().String())
	return port, hits
}

// treacherous answers the first question for a name with a public address and every later one with a private one.
func treacherous() crawler.Lookup {
	var mu sync.Mutex
	asked := map[string]int{}
	return func(_ context.Context, host string) ([]netip.Addr, error) {
		mu.Lock()
		defer mu.Unlock()
		asked[host]++
		switch {
		case host == "mapped.example":
			return []netip.Addr{netip.MustParseAddr("::ffff:127.0.0.1")}, nil
		case host == "sixtofour.example":
			return []netip.Addr{netip.MustParseAddr("2002:7f00:1::")}, nil
		case host == "rebind.example" && asked[host] == 1:
			return []netip.Addr{netip.MustParseAddr("0.0.0.0"), netip.MustParseAddr("127.0.0.1")}, nil
		}
		return []netip.Addr{netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("::1")}, nil
	}
}

func insideOptions(m *memory, sources []schemer.Source, resolve map[string]string) crawler.Options {
	return crawler.Options{
		Archive: m, Frontier: m, Reader: plainReader{}, Sources: sources, Resolve: resolve, Lookup: treacherous(),
		Patience: time.Millisecond, Limits: crawler.Limits{Connect: 2 * time.Second}, Workers: 4,
	}
}

func TestNoWayLeadsInside(t *testing.T) {
	if len(insideAddresses) < 60 {
		t.Fatalf("%d vectors", len(insideAddresses))
	}
	port, hits := trapPort(t)
	routes := map[string]func(t *testing.T, vector string){
		"as source": func(t *testing.T, vector string) {
			opt := insideOptions(newMemory(), []schemer.Source{{ID: "v", URL: vector, Kind: schemer.KindReseller, Delay: 1}}, nil)
			if c, err := crawler.New(opt); err == nil {
				_, _ = c.Run(t.Context())
			}
		},
		"by redirect": func(t *testing.T, vector string) { redirectTo(t, vector) },
		"by link":     func(t *testing.T, vector string) { linkTo(t, vector) },
	}
	for name, route := range routes {
		for _, v := range insideAddresses {
			vector := fmt.Sprintf(v, port)
			before := hits.Load()
			route(t, vector)
			if n := hits.Load() - before; n != 0 {
				t.Errorf("%s %s: %d connects", name, vector, n)
			}
		}
	}
}

// redirectTo crawls a public site that redirects everything to a vector.
func redirectTo(t *testing.T, vector string) {
	s, m := newWeb(t), newMemory()
	s.hosts["public.example"] = func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", vector)
		w.WriteHeader(http.StatusFound)
	}
	src := site("public.example")
	src.Delay = 1
	run(t, insideOptions(m, []schemer.Source{src}, map[string]string{"public.example": s.addr()}))
	s.Close()
}

// linkTo crawls a forum that links to and names a vector.
func linkTo(t *testing.T, vector string) {
	s, m := newWeb(t), newMemory()
	s.pages("public.example", map[string]string{
		"/": `<p>see ` + vector + `</p><a class=external href="` + vector + `">x</a><a class=page href="` + vector + `">y</a><a class=board href="` + vector + `">z</a>`,
	})
	src := forum("public.example")
	src.Delay = 1
	run(t, insideOptions(m, []schemer.Source{src}, map[string]string{"public.example": s.addr()}))
	s.Close()
}

func TestOperatorMayReachInside(t *testing.T) {
	port, hits := trapPort(t)
	src := schemer.Source{ID: "lab", URL: "http://inside.example:" + port + "/", Kind: schemer.KindReseller, Delay: 1, AllowPrivate: true}
	run(t, insideOptions(newMemory(), []schemer.Source{src}, nil))
	if hits.Load() == 0 {
		t.Error("a source with AllowPrivate was not asked")
	}
}

func TestPortsOutsideTheListAreRefused(t *testing.T) {
	s, m := newWeb(t), newMemory()
	s.pages("a.example", map[string]string{"/": `<p>x</p><a href="http://a.example:22/">ssh</a><a href="http://a.example:8080/ok">alt</a>`})
	s.pages("board.example", map[string]string{"/": `<a class=external href="http://named.example:22/">x</a><a class=external href="http://named.example:8443/">y</a>`})
	s.pages("a.example:8080", map[string]string{"/ok": `<p>y</p>`})
	run(t, s.options(m, site("a.example"), forum("board.example")))
	if got := s.asked("named.example:22"); len(got) != 0 {
		t.Errorf("a post led to port 22: %q", got)
	}
	if got := s.asked("named.example:8443"); len(got) == 0 {
		t.Error("a post did not lead to port 8443")
	}
	if got := s.asked("a.example:22"); len(got) != 0 {
		t.Errorf("asked port 22 for %q", got)
	}
	if got := s.asked("a.example:8080"); !strings.Contains(strings.Join(got, " "), "/ok") {
		t.Errorf("port 8080 was asked for %q", got)
	}
}
