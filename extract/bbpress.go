package extract

import "strings"

// bbpress reads bbPress 2, a forum inside WordPress. A post's header and body are siblings.
var bbpress = skin{
	name: "bbpress",
	is: func(p *page) bool {
		return p.has(css("body.bbpress, #bbpress-forums, .bbp-reply-header, .bbp-topic-permalink"))
	},
	post: css(".bbp-reply-header, .bbp-topic-header, .bbp-lead-topic .bbp-topic-header"), drop: css("li.bbp-header .bbp-reply-header"),
	extent: func(p *page, i int) int {
		for k := p.end(i); k < p.end(max(int(p.nodes[i].parent), 0)); k = p.end(k) {
			if !p.nodes[k].text {
				if strings.Contains(p.nodes[k].class(), "type-") || strings.Contains(p.nodes[k].class(), "post-") {
					return p.end(k)
				}
				break
			}
		}
		return p.end(i)
	},
	number: func(p *page, lo, _ int) string { return trailingDigits(p.nodes[lo].id()) },
	author: css(".bbp-author-name"), person: css("a.bbp-author-link, a.bbp-author-name"), rank: css(".bbp-author-role"),
	userID: func(p *page, lo, hi int, _ string) string {
		for i := lo; i < hi; i++ {
			if id := digitsAfter(p.nodes[i].class(), "user-id-"); id != "" && id != "0" {
				return id
			}
		}
		return ""
	},
	date: css(".bbp-reply-post-date, .bbp-topic-post-date"), edited: css(".bbp-reply-revision-log li, .bbp-topic-revision-log li"),
	link:   css("a.bbp-reply-permalink, a.bbp-topic-permalink"),
	idLink: true,
	body:   css(".bbp-reply-content, .bbp-topic-content"),
	cut:    cuts{drop: css(".bbp-reply-revision-log, .bbp-topic-revision-log, .bbp-attachments, .bbp-signature-none"), quote: css("blockquote"), quoteHead: css("cite, .bbp-quote-author"), sig: css(".bbp-signature"), code: css("pre")},
	title:  css("h1.entry-title, .bbp-breadcrumb-current, h1.page-title, h1"), boards: css("a.bbp-breadcrumb-forum"),
	thread: func(p *page) (id, url string) {
		u := cutFragment(p.address())
		if q := strings.IndexByte(u, '?'); q > 0 {
			u = u[:q]
		}
		if k := strings.LastIndex(u, "/page/"); k > 0 {
			u = u[:k+1]
		}
		for i := range p.nodes {
			class := p.nodes[i].class()
			if hasWord(class, "type-topic") {
				id = digitsAfter(class, " post-")
			} else {
				id = digitsAfter(class, "bbp-parent-topic-")
			}
			if id != "" && id != "0" {
				return id, u
			}
		}
		return strings.Trim(u[strings.LastIndexByte(strings.TrimSuffix(u, "/"), '/')+1:], "/"), u
	},
	offset: pathPage("/page/", 15),
	row:    css("ul[id^=bbp-topic-], ul.topic.type-topic, ul.type-topic"), rowTitle: css("a.bbp-topic-permalink"), rowSticky: css(".sticky, .super-sticky"),
	rowLast: css(".bbp-topic-freshness"), mark: func(href string) string { return digitsAfter(href, "#post-") },
	boardLink: css("a.bbp-forum-title, a.bbp-forum-link"),
	next:      css(".bbp-pagination-links a.next"), pager: css(".bbp-pagination-links, .bbp-topic-pagination"),
	kind: func(ref string) string {
		switch {
		case strings.Contains(ref, "/topic/"):
			if strings.Contains(ref, "#post-") {
				return linkPost
			}
			if strings.Contains(ref, "/feed/") || strings.Contains(ref, "/edit") || strings.Contains(ref, "bbp_reply_to") {
				return linkNoise
			}
			return linkThread
		case strings.Contains(ref, "/reply/"):
			return linkNoise
		case strings.Contains(ref, "/forum/"):
			return linkBoard
		case strings.Contains(ref, "/users/"):
			return linkProfile
		}
		return wordpressKind(ref)
	},
	login: css("body.login #loginform"),
}
