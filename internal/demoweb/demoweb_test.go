package demoweb_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"schemer/internal/demoweb"
	"schemer/seeds"

	"golang.org/x/net/html"
)

// visitor asks one server for pages of any host, as a browser with or without cookies.
type visitor struct {
	t      *testing.T
	client *http.Client
	agent  string
}

// reply is an answer whose body has been read.
type reply struct {
	StatusCode int
	Status     string
	Header     http.Header
}

func serve(t *testing.T, o demoweb.Options) (*demoweb.Server, *visitor) {
	t.Helper()
	o.World = seeds.Demo()
	s, err := demoweb.New(o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	addr, err := s.Start(ctx, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cancel)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	proxy := &url.URL{Scheme: "http", Host: addr.String()}
	client := &http.Client{
		Transport: &http.Transport{Proxy: http.ProxyURL(proxy)}, Jar: jar,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return s, &visitor{t: t, client: client, agent: "test-bot/1"}
}

func (v *visitor) get(address string, header ...string) (reply, string) {
	v.t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, address, nil)
	if err != nil {
		v.t.Fatal(err)
	}
	req.Header.Set("User-Agent", v.agent)
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := v.client.Do(req)
	if err != nil {
		v.t.Fatal(err)
	}
	body, err := io.ReadAll(res.Body)
	if err = errors.Join(err, res.Body.Close()); err != nil {
		v.t.Fatal(err)
	}
	if res.StatusCode == http.StatusServiceUnavailable && res.Header.Get("Retry-After") != "" {
		return v.get(address, header...)
	}
	return reply{res.StatusCode, res.Status, res.Header}, string(body)
}

// page is a parsed page.
func (v *visitor) page(address string) *html.Node {
	v.t.Helper()
	res, body := v.get(address)
	if res.StatusCode != http.StatusOK {
		v.t.Fatalf("GET %s: %s", address, res.Status)
	}
	return parse(v.t, body)
}

func parse(t *testing.T, body string) *html.Node {
	t.Helper()
	doc, err := html.ParseWithOptions(strings.NewReader(body), html.ParseOptionEnableScripting(false))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// all returns the elements that fit, in document order.
func all(n *html.Node, fits func(*html.Node) bool) []*html.Node {
	var out []*html.Node
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && fits(d) {
			out = append(out, d)
		}
	}
	return out
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func class(name string) func(*html.Node) bool {
	return func(n *html.Node) bool {
		for c := range strings.FieldsSeq(attr(n, "class")) {
			if c == name {
				return true
			}
		}
		return false
	}
}

func has(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		} else if d.Type == html.ElementNode && (d.Data == "br" || d.Data == "p" || d.Data == "li" || d.Data == "td" || d.Data == "th" || d.Data == "tr") {
			b.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

var day = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
