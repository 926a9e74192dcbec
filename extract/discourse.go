package extract

import (
	"strings"

	"schemer"
)

// discourse reads the crawler view of Discourse and the same markup inside noscript; discourse_json.go reads its JSON.
var discourse = skin{
	name: "discourse",
	is: func(p *page) bool {
		return strings.HasPrefix(p.metaContent("generator"), "Discourse") || p.has(css("div.crawler-post, nav.crawler-nav, noscript[data-path], tr.topic-list-item a.raw-topic-link"))
	},
	post: css("div.crawler-post"),
	number: func(p *page, lo, hi int) string {
		if id := trailingDigits(p.nodes[lo].id()); id != "" {
			return id
		}
		return strings.TrimPrefix(p.attr(p.first(lo, hi, css("[itemprop=position]")), "content"), "#")
	},
	author: css(".creator [itemprop=name], .creator a, [itemprop=author] [itemprop=name]"), person: css(".creator a[href*=/u/], [itemprop=author] a"),
	userID: func(_ *page, _, _ int, href string) string {
		_, name, _ := strings.Cut(href, "/u/")
		return strings.TrimSuffix(name, "/")
	},
	date: css("time.post-time, .crawler-post-infos time, [itemprop=datePublished]"), edited: css("[itemprop=dateModified]"),
	link: css("a[itemprop=url][href*=/t/], .crawler-post-infos a[href*=/t/]"),
	perma: func(p *page, _, _ int, number, href string) string {
		if _, url := discourseThread(p); number != "" && url != "" {
			return url + "/" + number
		}
		return href
	},
	key: func(_ *page, u string) string {
		k := strings.Index(u, "/t/")
		if k < 0 {
			return u
		}
		parts := strings.Split(u[k+3:], "/")
		if len(parts) < 2 {
			return u
		}
		return u[:k] + "/t/" + strings.Join(parts[max(len(parts)-2, 0):], "/")
	},
	body: css("div.post[itemprop], div.post"), gone: css(".deleted-user-post, .post-deleted"),
	cut:   discourseCuts,
	title: css("#topic-title h1 a, #topic-title h1, h1[itemprop=headline] a, h1.crawler-topic-title"),
	boards: css(".topic-category .badge-wrapper [itemprop=name], .topic-category .category-title, .topic-category .badge-category__name, .topic-category a span[itemprop=name], " +
		".topic-category .badge-category, [itemprop=articleSection]"),
	thread: discourseThread,
	row:    css("tr.topic-list-item"), rowTitle: css("a.raw-topic-link, a.title"), rowSticky: css(".pinned, .topic-status .d-icon-thumbtack"),
	rowLast:   css("td:not(.main-link):not(.replies):not(.views):not(.posters)"),
	boardLink: css(".category-list a[href*=/c/], .category-title-link, a.category-title-link, td.category a[href*=/c/], h3 > a[href*=/c/]"),
	next:      css("a[rel=next]"), pager: css(".navigation, [role=navigation] [rel=prev]"),
	kind: func(ref string) string {
		switch {
		case strings.Contains(ref, "/t/"):
			return linkThread
		case strings.Contains(ref, "/c/"):
			return linkBoard
		case strings.Contains(ref, "/u/"):
			return linkProfile
		case strings.Contains(ref, "/uploads/"):
			return linkAttachment
		case strings.HasPrefix(ref, "/tag"), strings.HasPrefix(ref, "/latest"), strings.HasPrefix(ref, "/top"), strings.HasPrefix(ref, "/search"),
			strings.HasPrefix(ref, "/g/"), strings.HasPrefix(ref, "/badges"), strings.HasPrefix(ref, "/new"), strings.HasPrefix(ref, "/unread"):
			return linkNoise
		}
		return ""
	},
	offset: func(*page) int { return -1 },
	also: func(_ *page, post *schemer.Post, _, _ int) {
		post.Position, _ = number(post.Number)
	},
}

var discourseCuts = cuts{
	drop:  css(".post-likes, aside.onebox, .onebox-body, .lightbox-wrapper .meta, .quote-controls, .poll, .poll-container, .cooked-selection-barrier"),
	quote: css("aside.quote, blockquote"), quoteHead: css("aside.quote > .title"), quoteBy: discourseQuote,
	code: css("pre"), keep: css(".spoiler, .spoiled, details"),
}

// discourseQuote reads the attributes of aside.quote; the blockquote in it is the same quote.
func discourseQuote(p *page, i int) (author, post string) {
	return p.attr(i, "data-username"), p.attr(i, "data-post")
}

func discourseThread(p *page) (id, url string) {
	u := cutFragment(p.address())
	if q := strings.IndexByte(u, '?'); q >= 0 {
		u = u[:q]
	}
	k := strings.Index(u, "/t/")
	if k < 0 {
		return "", ""
	}
	parts := strings.Split(u[k+3:], "/")
	for n, part := range parts {
		if _, ok := number(part); ok {
			return part, u[:k+3] + strings.Join(parts[:n+1], "/")
		}
	}
	return "", ""
}
