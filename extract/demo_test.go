package extract_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"schemer"
	"schemer/extract"
	"schemer/internal/demoweb"
)

// site is a host of the fictional internet as its author wrote it.
type site struct {
	Host, Kind, Engine, Lang, Title string
	Pages                           []struct{ Path, Title, From, Until, Markdown string }
	Boards                          []struct {
		Name    string
		Threads []struct {
			ID     int
			Title  string
			Sticky bool
			Posts  []written
		}
	}
}

// written is a post as its author wrote it.
type written struct {
	ID              int
	Author          string
	Date, Until     moment
	Text, Signature string
	QuoteOf         int `json:"quote_of"`
}

// moment is a date or a time in the world's files.
type moment struct{ time.Time }

func (m *moment) UnmarshalText(b []byte) error {
	at, err := time.Parse(time.RFC3339, string(b))
	if err != nil {
		at, err = time.Parse(time.DateOnly, string(b))
	}
	m.Time = at
	return err
}

func (m *moment) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		return nil
	}
	return m.UnmarshalText([]byte(strings.Trim(string(b), `"`)))
}

var asOf = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)

func sites(t testing.TB) []site {
	t.Helper()
	root := os.DirFS("../seeds/demo")
	names, err := fs.Glob(root, "sites/*.json")
	if err != nil || len(names) < 50 {
		t.Fatalf("%d sites (%v)", len(names), err)
	}
	var all []site
	for _, name := range names {
		b, err := fs.ReadFile(root, name)
		if err != nil {
			t.Fatal(err)
		}
		var s site
		if err := json.Unmarshal(b, &s); err != nil {
			t.Fatal(err)
		}
		all = append(all, s)
	}
	return all
}

// seen is a page as it came and as it was read.
type seen struct {
	in  extract.Input
	doc schemer.Document
}

func documents(pages []seen) []schemer.Document {
	docs := make([]schemer.Document, len(pages))
	for k := range pages {
		docs[k] = pages[k].doc
	}
	return docs
}

// crawl fetches what the reader's own links lead to on one host, and returns the documents by URL.
func crawl(t testing.TB, web http.Handler, s site) []seen {
	t.Helper()
	queue := []string{"http://" + s.Host + "/"}
	for _, p := range s.Pages {
		queue = append(queue, "http://"+s.Host+p.Path)
	}
	asked := map[string]bool{}
	var docs []seen
	cookies := map[string]string{}
	for len(queue) > 0 && len(asked) < 600 {
		u := queue[0]
		queue = queue[1:]
		if asked[u] {
			continue
		}
		asked[u] = true
		in, location := get(t, web, u, cookies)
		if location != "" {
			queue = append(queue, location)
			continue
		}
		in.Source = schemer.SourceKind(s.Kind)
		if in.Capture.Status != http.StatusOK {
			continue
		}
		doc := extract.Read(in)
		docs = append(docs, seen{in, doc})
		for _, l := range doc.Links {
			switch l.Kind {
			case "noise", "external", "profile", "attachment", "post":
			default:
				if !asked[l.URL] && strings.HasPrefix(l.URL, "http://"+s.Host) {
					queue = append(queue, l.URL)
				}
			}
		}
	}
	return docs
}

func get(t testing.TB, web http.Handler, u string, cookies map[string]string) (in extract.Input, location string) {
	t.Helper()
	parsed, err := url.Parse(u)
	if err != nil {
		t.Fatal(err)
	}
	for range 4 {
		r := httptest.NewRequest(http.MethodGet, u, nil)
		r.Host = parsed.Host
		r.Header.Set("User-Agent", "schemer-test")
		for k, v := range cookies {
			r.AddCookie(&http.Cookie{Name: k, Value: v})
		}
		w := httptest.NewRecorder()
		web.ServeHTTP(w, r)
		res := w.Result()
		_ = res.Body.Close()
		for _, c := range res.Cookies() {
			cookies[c.Name] = c.Value
		}
		if loc := res.Header.Get("Location"); loc != "" && res.StatusCode/100 == 3 {
			ref, err := parsed.Parse(loc)
			if err != nil {
				t.Fatal(err)
			}
			return in, ref.String()
		}
		if res.StatusCode == http.StatusServiceUnavailable {
			continue
		}
		body := w.Body.Bytes()
		return extract.Input{
			Capture: schemer.Capture{
				URL: u, Status: res.StatusCode, FetchedAt: asOf, ContentType: res.Header.Get("Content-Type"), Payload: schemer.DigestOf(body),
			},
			Header: res.Header, Body: body,
		}, ""
	}
	return in, ""
}

var (
	bullets = regexp.MustCompile(`(?m)^\s*[-*+•–]\s+`)
	mdLink  = regexp.MustCompile(`\[([^\]]+)\]\([^)\s]+\)`)
	light   = regexp.MustCompile("[*_#>`|~\\[\\]()]+")
)

func squash(s string) string {
	s = mdLink.ReplaceAllString(bullets.ReplaceAllString(s, ""), "$1")
	return strings.ToLower(strings.Join(strings.Fields(light.ReplaceAllString(s, "")), " "))
}

// TestDemoWorld reads the fictional internet as its engines show it and compares every post with what its author
// wrote: author, date and own words.
func TestDemoWorld(t *testing.T) {
	web, err := demoweb.New(demoweb.Options{World: os.DirFS("../seeds/demo"), AsOf: asOf})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = web.Close() }()
	table := map[string]*tally{}
	for _, s := range sites(t) {
		if len(s.Boards) == 0 {
			continue
		}
		k := s.Engine
		if s.Engine == "static" {
			k = s.Engine + " " + s.Kind
		}
		if table[k] == nil {
			table[k] = &tally{}
		}
		table[k].compare(t, s, documents(crawl(t, web, s)))
	}
	for _, k := range slices.Sorted(maps.Keys(table)) {
		n := table[k]
		t.Logf("%-16s %s", k, n)
		if float64(n.whole) < 0.995*float64(n.written) || float64(n.extra) > 0.005*float64(n.written) {
			t.Errorf("%s: %s", k, n)
		}
	}
}

// TestLeaveOneEngineOut switches each engine's reader off and lets the generic reader read its posts.
func TestLeaveOneEngineOut(t *testing.T) {
	web, err := demoweb.New(demoweb.Options{World: os.DirFS("../seeds/demo"), AsOf: asOf})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = web.Close() }()
	table := map[string]*tally{}
	for _, s := range sites(t) {
		if len(s.Boards) == 0 || s.Engine == "static" {
			continue
		}
		if table[s.Engine] == nil {
			table[s.Engine] = &tally{}
		}
		var docs []schemer.Document
		for _, page := range crawl(t, web, s) {
			docs = append(docs, extract.ReadWithout(page.in, s.Engine))
		}
		table[s.Engine].compare(t, s, docs)
	}
	for _, k := range slices.Sorted(maps.Keys(table)) {
		n := table[k]
		t.Logf("%-16s %s", k, n)
		if float64(n.whole) < 0.9*float64(n.written) {
			t.Errorf("%s: %s", k, n)
		}
	}
}

// tally counts how one engine's posts were read.
type tally struct{ written, read, author, date, text, whole, extra int }

func (n tally) String() string {
	return fmt.Sprintf("written %d read %d author %d date %d text %d whole %d extra %d", n.written, n.read, n.author, n.date, n.text, n.whole, n.extra)
}

func (n *tally) compare(t *testing.T, s site, docs []schemer.Document) {
	t.Helper()
	// Engines number openers, replies and places in the thread each their own way, so a post is also found by when
	// and by whom it was written.
	got, byID, byTime := map[string]schemer.Post{}, map[string]string{}, map[string]string{}
	for _, d := range docs {
		for _, p := range d.Posts {
			if p.Kind == schemer.PostPage {
				continue
			}
			got[p.URL] = p
			byTime[fmt.Sprint(p.PostedAt.Unix())] = p.URL
			byTime[fmt.Sprint(p.PostedAt.Unix(), p.Author)] = p.URL
			byID[strings.TrimPrefix(p.Number, "c-")] = p.URL
		}
	}
	find := func(w written, id string) (string, bool) {
		for _, at := range []time.Time{w.Date.Time, w.Date.Truncate(time.Minute)} {
			if u, ok := byTime[fmt.Sprint(at.Unix(), w.Author)]; ok {
				return u, true
			}
		}
		u, ok := byID[id]
		return u, ok
	}
	shown := 0
	for _, b := range s.Boards {
		for _, th := range b.Threads {
			for _, w := range th.Posts {
				if w.Date.After(asOf) || !w.Until.IsZero() && !w.Until.After(asOf) {
					continue
				}
				n.written++
				u, ok := find(w, fmt.Sprint(w.ID))
				p := got[u]
				if !ok {
					t.Logf("%s: post %d of %q not read", s.Host, w.ID, th.Title)
					continue
				}
				delete(got, u)
				n.read++
				a, d := p.Author == w.Author, p.PostedAt.Equal(w.Date.Time) || p.PostedAt.Equal(w.Date.Truncate(time.Minute))
				x := squash(p.Text) == squash(w.Text)
				for _, c := range []struct {
					ok  bool
					sum *int
				}{{a, &n.author}, {d, &n.date}, {x, &n.text}, {a && d && x, &n.whole}} {
					if c.ok {
						*c.sum++
					}
				}
				if !a || !d || !x {
					if shown++; shown < 6 {
						t.Logf("%s post %d %s:\n author %q %q\n date %s %s (%s %q)\n text %q\n want %q", s.Host, w.ID, p.URL, p.Author, w.Author, p.PostedAt, w.Date, p.DateHow, p.DateRaw, p.Text, w.Text)
					}
				}
			}
		}
	}
	n.extra += len(got)
}

// BenchmarkDemo reads every page of the demo's forums and parses the same pages, in turn, and reports how fast the
// reading is against the bare parse.
func BenchmarkDemo(b *testing.B) {
	web, err := demoweb.New(demoweb.Options{World: os.DirFS("../seeds/demo"), AsOf: asOf})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = web.Close() }()
	var forums, others []extract.Input
	for _, s := range sites(b) {
		for _, page := range crawl(b, web, s) {
			if len(s.Boards) > 0 {
				forums = append(forums, page.in)
			} else {
				others = append(others, page.in)
			}
		}
	}
	for _, set := range []struct {
		name  string
		pages []extract.Input
	}{{"forums", forums}, {"sites", others}, {"all", slices.Concat(forums, others)}} {
		b.Run(set.name, func(b *testing.B) {
			size := int64(0)
			for _, in := range set.pages {
				size += int64(len(in.Body))
			}
			b.SetBytes(size)
			extract.CompareReading(b, set.pages)
		})
	}
}
