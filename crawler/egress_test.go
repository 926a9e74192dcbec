package crawler_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"schemer"
	"schemer/crawler"
)

const onionHost = "abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnopqrstuvwx.onion"

// socks is a SOCKS5 proxy that leads every name to one address and notes what it was asked for.
type socks struct {
	addr  string
	mu    sync.Mutex
	names []string
}

func newSocks(t *testing.T, leadsTo string) *socks {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	p := &socks{addr: l.Addr().String()}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go p.serve(c, leadsTo)
		}
	}()
	return p
}

// serve speaks as much of RFC 1928 as a CONNECT to a name needs.
func (p *socks) serve(c net.Conn, leadsTo string) {
	defer func() { _ = c.Close() }()
	head := make([]byte, 2)
	if _, err := io.ReadFull(c, head); err != nil {
		return
	}
	_, _ = io.CopyN(io.Discard, c, int64(head[1]))
	_, _ = c.Write([]byte{5, 0})
	request := make([]byte, 5)
	if _, err := io.ReadFull(c, request); err != nil || request[3] != 3 {
		return // an address instead of a name would be a leak
	}
	rest := make([]byte, int(request[4])+2)
	if _, err := io.ReadFull(c, rest); err != nil {
		return
	}
	p.mu.Lock()
	p.names = append(p.names, fmt.Sprintf("%s:%d", rest[:len(rest)-2], binary.BigEndian.Uint16(rest[len(rest)-2:])))
	p.mu.Unlock()
	up, err := net.Dial("tcp", leadsTo)
	if err != nil {
		return
	}
	defer func() { _ = up.Close() }()
	_, _ = c.Write([]byte{5, 0, 0, 1, 0, 0, 0, 0, 0, 0})
	go func() { _, _ = io.Copy(up, c) }()
	_, _ = io.Copy(c, up)
}

func (p *socks) askedFor() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.names)
}

// neverLookUp fails the test when a name is looked up here.
func neverLookUp(t *testing.T) crawler.Lookup {
	return func(_ context.Context, host string) ([]netip.Addr, error) {
		t.Errorf("%s was looked up", host)
		return nil, fmt.Errorf("no")
	}
}

func TestSocksCarriesNamesAndIsNeverBypassed(t *testing.T) {
	s, m := newWeb(t), newMemory()
	s.pages(onionHost, map[string]string{"/": `<p>hidden</p>`})
	s.pages("board.example", map[string]string{"/": `<p>mirror at ` + onionHost + ` and kelder.example</p>`})
	s.pages("kelder.example", map[string]string{"/": `<p>found</p>`})
	proxy := newSocks(t, s.addr())
	src := forum("board.example")
	src.Delay, src.Egress = 1, "socks5h://"+proxy.addr
	run(t, crawler.Options{
		Archive: m, Frontier: m, Reader: plainReader{}, Sources: []schemer.Source{src}, Patience: time.Millisecond, Lookup: neverLookUp(t),
	})
	for _, want := range []string{"board.example:80", "kelder.example:80", onionHost + ":80"} {
		if !slices.Contains(proxy.askedFor(), want) {
			t.Errorf("proxy was asked for %q, want %s too", proxy.askedFor(), want)
		}
	}
	if ex := only(t, m, "http://"+onionHost+"/"); ex.Network.Egress != src.Egress || len(ex.Network.Resolved) != 0 || ex.Network.Server != proxy.addr {
		t.Errorf("network %+v", ex.Network)
	}
}

func TestDeadProxyMeansNoFetch(t *testing.T) {
	s, m := newWeb(t), newMemory()
	s.pages("board.example", map[string]string{"/": `<p>x</p>`})
	for _, egress := range []string{"socks5h://127.0.0.1:1", "http://127.0.0.1:1"} {
		src := forum("board.example")
		src.Delay, src.Egress = 1, egress
		run(t, crawler.Options{
			Archive: m, Frontier: m, Reader: plainReader{}, Sources: []schemer.Source{src}, Patience: time.Millisecond, Lookup: neverLookUp(t),
			Resolve: map[string]string{"board.example": s.addr()},
		})
	}
	if got := s.asked("board.example"); len(got) != 0 {
		t.Errorf("fell back to direct for %q", got)
	}
	if len(m.exchanges) != 0 || m.errorsOf()["robots-proxy"] == 0 {
		t.Errorf("%d exchanges, outcomes %v", len(m.exchanges), m.errorsOf())
	}
}

func TestHTTPProxyGetsNoInsideAddressAndNoSecretIsKept(t *testing.T) {
	s, m := newWeb(t), newMemory()
	s.pages("board.example", map[string]string{"/": `<p>x</p>`})
	var mu sync.Mutex
	var asked []string
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		asked = append(asked, r.Method+" "+r.RequestURI+" "+r.Header.Get("Proxy-Authorization"))
		mu.Unlock()
		r.Host = r.URL.Host
		s.Config.Handler.ServeHTTP(w, r)
	}))
	t.Cleanup(proxy.Close)
	at := strings.TrimPrefix(proxy.URL, "http://")
	egress := "http://crawler:secret@" + at
	sources := []schemer.Source{{ID: "board", URL: "http://board.example/", Kind: schemer.KindForum, Delay: 1, Egress: egress}}
	for i, v := range insideAddresses {
		sources = append(sources, schemer.Source{ID: schemer.SourceID(fmt.Sprint("v", i)), URL: fmt.Sprintf(v, "80"), Kind: schemer.KindReseller, Delay: 1, Egress: egress})
	}
	for _, src := range sources {
		c, err := crawler.New(crawler.Options{
			Archive: m, Frontier: m, Reader: plainReader{}, Sources: []schemer.Source{src}, Patience: time.Millisecond, Lookup: neverLookUp(t),
		})
		if err == nil {
			_, _ = c.Run(t.Context())
		}
	}
	for _, line := range asked {
		named := strings.Contains(line, "//board.example/") || strings.Contains(line, "//rebind.example/") || strings.Contains(line, "//inside.example/") ||
			strings.Contains(line, "//mapped.example/") || strings.Contains(line, "//sixtofour.example/") || strings.Contains(line, "CONNECT rebind.example:80")
		if !named {
			t.Errorf("proxy was asked %q", line)
		}
	}
	ex := only(t, m, "http://board.example/")
	if strings.Contains(string(ex.Request), "Proxy-Authorization") || ex.Network.Egress != "http://"+at {
		t.Errorf("kept request %q over %s", ex.Request, ex.Network.Egress)
	}
	if !slices.ContainsFunc(asked, func(l string) bool { return strings.HasSuffix(l, "Basic Y3Jhd2xlcjpzZWNyZXQ=") }) {
		t.Errorf("credentials were not sent: %q", asked)
	}
}

func TestOnionIsNeverAskedOfDNS(t *testing.T) {
	s, m := newWeb(t), newMemory()
	s.pages("board.example", map[string]string{"/": `<p>mirror at ` + onionHost + `</p>`})
	s.pages(onionHost, map[string]string{"/": `<p>hidden</p>`})
	opt := s.options(m, forum("board.example"))
	opt.Resolve = map[string]string{"board.example": s.addr()}
	opt.Lookup = neverLookUp(t)
	run(t, opt)
	if len(m.sites) != 1 || m.sites[0].ID != onionHost {
		t.Errorf("discovered %+v, want the onion to be noted", m.sites)
	}
	if got := s.asked(onionHost); len(got) != 0 {
		t.Errorf("asked the onion for %q", got)
	}
	m = newMemory()
	opt = s.options(m, forum("board.example"))
	opt.Resolve = map[string]string{"board.example": s.addr(), onionHost: s.addr()}
	opt.Lookup = neverLookUp(t)
	run(t, opt)
	if got := s.asked(onionHost); !slices.Contains(got, "/") {
		t.Errorf("with a Resolve entry asked the onion for %q", got)
	}
}

func TestTLSIsRecorded(t *testing.T) {
	m := newMemory()
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = fmt.Fprint(w, "<p>x</p>")
	}))
	t.Cleanup(s.Close)
	src := schemer.Source{ID: "tls", URL: "https://tls.example/", Kind: schemer.KindReseller, Delay: 1}
	run(t, crawler.Options{
		Archive: m, Frontier: m, Reader: plainReader{}, Sources: []schemer.Source{src}, Patience: time.Millisecond,
		Resolve: map[string]string{"tls.example": strings.TrimPrefix(s.URL, "https://")},
	})
	n := only(t, m, "https://tls.example/").Network
	want := schemer.DigestOf(s.Certificate().Raw)
	if len(n.CertSHA256) != 1 || n.CertSHA256[0] != want || n.CertTrusted || n.TLSVersion == "" || n.TLSCipher == "" {
		t.Errorf("network %+v, want untrusted certificate %s", n, want)
	}
}

func TestSettingsThatCannotBeMeantAreRefused(t *testing.T) {
	m := newMemory()
	for name, change := range map[string]func(o *crawler.Options){
		"egress scheme":     func(o *crawler.Options) { o.Sources[0].Egress = "socks5://127.0.0.1:9050" },
		"egress of words":   func(o *crawler.Options) { o.Sources[0].Egress = "tor" },
		"source scheme":     func(o *crawler.Options) { o.Sources[0].URL = "ftp://a.example/" },
		"allow expression":  func(o *crawler.Options) { o.Sources[0].Allow = []string{"("} },
		"resolve to a name": func(o *crawler.Options) { o.Resolve = map[string]string{"a.example": "localhost:80"} },
		"no archive":        func(o *crawler.Options) { o.Archive = nil },
	} {
		opt := crawler.Options{Archive: m, Frontier: m, Reader: plainReader{}, Sources: []schemer.Source{site("a.example")}}
		change(&opt)
		if _, err := crawler.New(opt); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
