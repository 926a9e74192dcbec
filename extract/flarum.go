package extract

import (
	"strings"

	"schemer"
)

// flarum reads Flarum 1. The page that readers see is made by a script; what it is made from lies in the page as
// JSON, with dates and ids. Without it the readable copy in noscript is read, which has neither.
var flarum = skin{
	name: "flarum",
	is: func(p *page) bool {
		return p.has(css("#flarum-json-payload, #flarum-content, #flarum-loading")) || p.payload("flarum-json-payload") != ""
	},
	read: func(p *page) []schemer.Post {
		if payload := p.payload("flarum-json-payload"); payload != "" {
			return flarumPosts(p.in, []byte(payload))
		}
		return nil
	},
	post:   css("#flarum-content article"),
	number: func(p *page, lo, _ int) string { return "" },
	author: css(".PostUser-name, h3"), body: css(".Post-body"), cut: flarumCuts,
	title: css("#flarum-content h1"), thread: flarumThread,
	rowTitle: css("#flarum-content ul > li > a[href*=/d/]"),
	next:     css("#flarum-content a[rel=next]"),
	kind: func(ref string) string {
		switch {
		case strings.Contains(ref, "/d/"):
			return linkThread
		case strings.Contains(ref, "/t/"):
			return linkBoard
		case strings.Contains(ref, "/u/"):
			return linkProfile
		}
		return ""
	},
	offset: func(*page) int { return -1 },
}

var flarumCuts = cuts{quote: css("blockquote"), quoteHead: css("a.PostMention"), quoteBy: flarumQuote, code: css("pre"), keep: css(".spoiler, details")}

// flarumQuote reads the mention inside a quote, which names the quoted post.
func flarumQuote(p *page, i int) (author, post string) {
	if m := p.first(i, p.end(i), css("a.PostMention")); m >= 0 {
		return strings.TrimPrefix(p.inline(m), "@"), p.attr(m, "data-id")
	}
	return "", ""
}

func flarumThread(p *page) (id, url string) {
	u := cutFragment(p.address())
	if q := strings.IndexByte(u, '?'); q > 0 {
		u = u[:q]
	}
	k := strings.Index(u, "/d/")
	if k < 0 {
		return "", ""
	}
	seg, _, _ := strings.Cut(u[k+3:], "/")
	return digitsAfter(seg, ""), u[:k+3] + seg
}

// payload returns the text of the data script with that id, or "".
func (p *page) payload(id string) string {
	for _, i := range p.scripts {
		if e := &p.nodes[i]; e.id() == id && e.n.FirstChild != nil {
			return e.n.FirstChild.Data
		}
	}
	return ""
}
