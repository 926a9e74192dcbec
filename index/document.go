package index

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"schemer"
)

// record is a document as the engines take it: fields by name.
type record struct {
	id     string
	text   map[string]string    // analysed
	words  map[string][]string  // keywords
	times  map[string]time.Time // set ones only
	shown  string               // JSON of the hit to be
	weight int                  // bytes of text, to bound a batch
}

// maxField bounds the text that is indexed of one field; the store keeps all of it.
const maxField = 1 << 20

// recordOf says how a document is indexed; both backends take it from here.
func recordOf(d Doc) (record, error) {
	p := d.Post
	r := record{id: string(p.ID), text: map[string]string{}, words: map[string][]string{}, times: map[string]time.Time{}}
	quotes := make([]string, len(p.Quotes))
	for i, q := range p.Quotes {
		quotes[i] = q.Text
	}
	for name, text := range map[string]string{
		"text": p.Text, "title": p.Title, "thread": p.Thread, "signature": p.Signature, "quotes": strings.Join(quotes, "\n"),
		"skeleton": skeletonText(p.Text, p.Title, p.Thread, p.Signature),
	} {
		if text = clip(strings.ToValidUTF8(text, "\uFFFD")); text != "" {
			r.text[name] = text
			r.weight += len(text)
		}
	}
	r.keywords(d)
	if !p.PostedAt.IsZero() {
		r.times["posted"] = p.PostedAt.UTC()
		r.words["month"] = []string{p.PostedAt.UTC().Format("2006-01")}
	}
	if !p.CapturedAt.IsZero() {
		r.times["captured"] = p.CapturedAt.UTC()
	}
	shown, err := json.Marshal(Hit{
		ID: p.ID, URL: p.URL, Site: p.Site, Source: p.Source, Kind: p.Kind, Role: p.Role, Author: p.Author, Title: p.Title, Thread: p.Thread,
		Lang: p.Lang, PostedAt: p.PostedAt, Captured: p.CapturedAt, Gone: p.GoneSince, Signals: d.Signals, Grade: d.Grade,
	})
	if err != nil {
		return r, fmt.Errorf("index: document %s: %w", p.ID, err)
	}
	r.shown = string(shown)
	return r, nil
}

// clip bounds a text at a rune.
func clip(s string) string {
	if len(s) > maxField {
		s = strings.ToValidUTF8(s[:maxField], "")
	}
	return s
}

func (r *record) keywords(d Doc) {
	p := d.Post
	set := func(name string, values ...string) {
		var out []string
		for _, v := range values {
			if v = fields[name].folded(v); v != "" && len(v) <= 512 && !slices.Contains(out, v) {
				out = append(out, v)
			}
		}
		if len(out) == 0 {
			return
		}
		r.words[name] = out
		if fields[name].reversed {
			for _, v := range out {
				r.words[name+"_rev"] = append(r.words[name+"_rev"], reversed(v))
			}
		}
	}
	set("source", string(p.Source))
	set("site", p.Site)
	set("kind", string(p.Kind))
	set("engine", p.Engine)
	set("role", p.Role)
	set("lang", p.Lang)
	set("author", p.Author)
	set("url", p.URL)
	set("grade", string(d.Grade))
	signals := make([]string, len(d.Signals))
	for i, s := range d.Signals {
		signals[i] = string(s)
	}
	set("signal", signals...)
	set("reseller", d.Resellers...)
	domains, handles, asns := mentioned(p.Mentions)
	set("domain", domains...)
	set("handle", handles...)
	set("asn", asns...)
	set("is", traits(p)...)
}

// traits are what is: asks for.
func traits(p *schemer.Post) []string {
	var is []string
	for _, t := range []struct {
		name string
		yes  bool
	}{
		{"gone", !p.GoneSince.IsZero()},
		{"edited", !p.EditedAt.IsZero()},
		{"sticky", p.Sticky},
		{"opening", p.Position == 1},
		{"dated", !p.PostedAt.IsZero()},
	} {
		if t.yes {
			is = append(is, t.name)
		}
	}
	return is
}

// mentioned sorts the identifiers of a post into the fields that find them. A domain is found by its parents too; a
// handle with its kind ("telegram:x") and without.
func mentioned(mentions []schemer.Mention) (domains, handles, asns []string) {
	for _, m := range mentions {
		switch m.Kind {
		case "domain", "onion", "url":
			domains = append(domains, parents(foldDomain(foldKeyword(m.Value)))...)
		case "asn":
			asns = append(asns, m.Value)
		case "prefix", "ip":
			handles = append(handles, m.Kind+":"+m.Value, m.Value)
		case "email":
			if _, host, ok := strings.Cut(m.Value, "@"); ok {
				domains = append(domains, parents(foldKeyword(host))...)
			}
			handles = append(handles, "email:"+m.Value, m.Value)
		default:
			handles = append(handles, m.Kind+":"+m.Value, m.Value)
		}
	}
	return domains, handles, asns
}

// parents returns a host and the domains above it, top level aside.
func parents(host string) []string {
	out := []string{host}
	for {
		_, above, ok := strings.Cut(host, ".")
		if !ok || !strings.Contains(above, ".") {
			return out
		}
		host = above
		out = append(out, host)
	}
}

func reversed(s string) string {
	r := []rune(s)
	slices.Reverse(r)
	return string(r)
}
