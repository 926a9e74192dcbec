package crawler_test

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"schemer"

	"golang.org/x/net/html"
)

// memory is a small frontier and archive that keeps everything in maps, by the contracts of crawler.Frontier and
// crawler.Archive.
type memory struct {
	mu        sync.Mutex
	urls      map[string]*row
	hosts     map[string]*hostRow
	sites     []schemer.Source
	exchanges []schemer.Exchange
	captures  []schemer.Capture
	outcomes  []schemer.Outcome
	documents []*schemer.Document
	failSave  error
}

type row struct {
	schemer.Target
	resting bool // not due until made so
}

type hostRow struct {
	ready time.Time
	owner string
	until time.Time
	fence int64
}

func newMemory() *memory { return &memory{urls: map[string]*row{}, hosts: map[string]*hostRow{}} }

func (m *memory) Save(_ context.Context, list []schemer.Exchange) ([]schemer.Capture, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.failSave != nil {
		return nil, m.failSave
	}
	var out []schemer.Capture
	for _, ex := range list {
		seq := int64(len(m.captures) + 1)
		_, entity, _ := strings.Cut(string(ex.Response), "\r\n\r\n")
		c := schemer.Capture{
			ID: schemer.CaptureID(fmt.Sprintf("urn:uuid:%d", seq)), URL: ex.URL, Source: ex.Target.Source, Kind: string(ex.Target.Kind),
			FetchedAt: ex.Started, Status: ex.Status, Payload: schemer.DigestOf([]byte(entity)), Truncated: ex.Truncated, Seq: seq,
		}
		if ex.RevisitOf != nil {
			c.RevisitOf = ex.RevisitOf.ID
		}
		ex.Request, ex.Response, ex.Body = bytes.Clone(ex.Request), bytes.Clone(ex.Response), bytes.Clone(ex.Body)
		m.exchanges = append(m.exchanges, ex)
		m.captures = append(m.captures, c)
		out = append(out, c)
	}
	return out, nil
}

func (m *memory) Add(_ context.Context, targets []schemer.Target) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.add(targets), nil
}

func (m *memory) add(targets []schemer.Target) int {
	n := 0
	for _, t := range targets {
		known := m.urls[t.URL]
		switch {
		case known == nil:
			m.urls[t.URL] = &row{Target: t}
			if m.hosts[t.Host] == nil {
				m.hosts[t.Host] = &hostRow{}
			}
			n++
		case t.LastMark != "" && t.LastMark != known.LastMark:
			known.LastMark, known.DueAt, known.resting = t.LastMark, t.DueAt, false
		}
	}
	return n
}

func (m *memory) Lease(_ context.Context, owner string, now time.Time, ttl time.Duration, limit int) (schemer.Lease, time.Time, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	due := map[string][]schemer.Target{}
	var next time.Time
	soonest := func(t time.Time) {
		if next.IsZero() || t.Before(next) {
			next = t
		}
	}
	for _, r := range m.urls {
		h := m.hosts[r.Host]
		switch ready := latest(h.ready, h.until, r.DueAt); {
		case r.resting:
		case ready.After(now):
			soonest(ready)
		default:
			due[r.Host] = append(due[r.Host], r.Target)
		}
	}
	if len(due) == 0 {
		return schemer.Lease{}, next, schemer.ErrNotFound
	}
	var names []string
	for name := range due {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(m.hosts[a].ready.Compare(m.hosts[b].ready), cmp.Compare(a, b))
	})
	name := names[0]
	slices.SortFunc(due[name], func(a, b schemer.Target) int {
		return cmp.Or(cmp.Compare(b.Priority, a.Priority), cmp.Compare(a.URL, b.URL))
	})
	h := m.hosts[name]
	h.owner, h.until, h.fence = owner, now.Add(ttl), h.fence+1
	return schemer.Lease{Host: name, Owner: owner, Fence: h.fence, Until: h.until, Targets: due[name][:min(limit, len(due[name]))]}, next, nil
}

func latest(times ...time.Time) time.Time { return slices.MaxFunc(times, time.Time.Compare) }

func (m *memory) Done(_ context.Context, l schemer.Lease, o schemer.Outcome) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.hosts[l.Host].fence != l.Fence {
		return schemer.ErrLocked
	}
	r := m.urls[o.Target.URL]
	if r == nil {
		return fmt.Errorf("done %s: %w", o.Target.URL, schemer.ErrNotFound)
	}
	attempts := r.Attempts
	r.Target = o.Target
	r.DueAt, r.resting = o.NextDue, o.NextDue.IsZero()
	if o.Retry {
		r.Attempts = attempts + 1
	}
	m.add(o.Found)
	m.sites = append(m.sites, o.Sites...)
	m.outcomes = append(m.outcomes, o)
	if o.Document != nil {
		m.documents = append(m.documents, o.Document)
	}
	return nil
}

func (m *memory) Release(_ context.Context, l schemer.Lease, readyAt time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	h := m.hosts[l.Host]
	if h.fence != l.Fence {
		return schemer.ErrLocked
	}
	h.ready, h.until = readyAt, time.Time{}
	return nil
}

func (m *memory) Fetched(_ context.Context, id schemer.SourceID, since time.Time) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := 0
	for _, o := range m.outcomes {
		if len(o.Captures) > 0 && o.Target.Source == id && o.Target.Kind != schemer.TargetRobots && !o.Captures[0].FetchedAt.Before(since) {
			n++
		}
	}
	return n, nil
}

func (m *memory) Known(_ context.Context, url string) (schemer.Target, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if r := m.urls[url]; r != nil {
		return r.Target, nil
	}
	return schemer.Target{}, fmt.Errorf("known %s: %w", url, schemer.ErrNotFound)
}

func (m *memory) MakeDue(_ context.Context, now time.Time, ids []schemer.SourceID, all bool) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, r := range m.urls {
		if all && slices.Contains(ids, r.Source) {
			r.DueAt, r.resting = now, false
		}
	}
	for _, h := range m.hosts {
		h.ready = time.Time{}
	}
	return nil
}

// errorsOf counts outcomes by class.
func (m *memory) errorsOf() map[string]int {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := map[string]int{}
	for _, o := range m.outcomes {
		if o.Error != "" {
			out[o.Error]++
		}
	}
	return out
}

// plainReader reads the small HTML of these tests: the kind of a link is its class, its mark data-mark, a post is a
// <p>, and a link to another host is external. <body class> is the kind of page.
type plainReader struct{}

func (plainReader) Read(c schemer.Capture, _ http.Header, body []byte) schemer.Document {
	doc := schemer.Document{Capture: c.ID, URL: c.URL, Source: c.Source, Kind: schemer.PageSite, Engine: "static"}
	z := html.NewTokenizer(strings.NewReader(string(body)))
	base := c.URL
	inPost := false
	for {
		switch z.Next() {
		case html.ErrorToken:
			return doc
		case html.TextToken:
			if inPost {
				addText(&doc, string(z.Text()))
			}
		case html.EndTagToken:
			inPost = false
		case html.StartTagToken:
			t := z.Token()
			attr := map[string]string{}
			for _, a := range t.Attr {
				attr[a.Key] = a.Val
			}
			switch t.Data {
			case "body":
				doc.Kind = schemer.PageKind(cmp.Or(attr["class"], "site"))
			case "p":
				inPost = true
			case "a":
				doc.Links = append(doc.Links, schemer.Link{
					URL: absolute(base, attr["href"]), Kind: cmp.Or(attr["class"], "page"), Mark: attr["data-mark"],
					Sticky: attr["data-sticky"] != "", Text: attr["title"],
				})
			}
		}
	}
}

func addText(doc *schemer.Document, text string) {
	p := schemer.Post{Text: text, Number: fmt.Sprint(len(doc.Posts) + 1)}
	for word := range strings.FieldsSeq(text) {
		if strings.HasSuffix(word, ".example") || strings.HasSuffix(word, ".test") {
			p.Mentions = append(p.Mentions, schemer.Mention{Kind: "domain", Value: word, Field: "text"})
		}
		if strings.HasSuffix(word, ".onion") {
			p.Mentions = append(p.Mentions, schemer.Mention{Kind: "onion", Value: word, Field: "text"})
		}
	}
	doc.Posts = append(doc.Posts, p)
}

func absolute(base, ref string) string {
	u, err := http.NewRequest(http.MethodGet, base, nil)
	if err != nil {
		return ref
	}
	r, err := u.URL.Parse(ref)
	if err != nil {
		return ref
	}
	return r.String()
}

var errDiskFull = errors.New("no space left on device")
