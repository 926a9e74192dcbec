package extract

import (
	"strings"

	"schemer"
)

// wordpress reads articles and their comments in classic themes; wordpressBlock does so in block themes. Pages of a
// WordPress site that are no article are read as pages of a site.
var wordpress = skin{
	name: "wordpress", is: isWordPress,
	post:   css("article[id^=post-], .hentry[id^=post-], .post[id^=post-], li.comment[id^=comment-], li[id^=comment-], div.comment[id^=comment-]"),
	drop:   css("li.pingback, li.trackback, article.page, article.type-page, li[id^=comment-].pingback, #comments article"),
	number: wordpressNumber, sortOf: wordpressSort, list: wordpressList, listing: wordpressListing,
	author: css("b.fn, cite.fn, .comment-author .fn, .author-title, .posted-by .author, .byline .author a, .byline .author, .posted-by a, .posted-by, .entry-author, " +
		".author.vcard a, .author.vcard, .post-author a, .entry-meta .author, a[rel=author]"),
	person: css("a.url, .author-title a, .byline a[href*=author], .posted-by a, .author a, a[rel=author]"), userID: wordpressUser,
	date:   css(".comment-metadata time, .comment-meta time, time.entry-date, time.published, .entry-meta time, .posted-on time, time[datetime], .comment-metadata a, .comment-meta a"),
	edited: css("time.updated:not(.published)"),
	link:   css(".comment-metadata a[href*=#comment-], .comment-meta a[href*=#comment-]"), perma: wordpressPermalink,
	body:  css(".comment-content, .comment-text, .entry-content, .post-content, .entry-summary"),
	cut:   wordpressCuts,
	gone:  nil,
	title: css("h1.entry-title, .entry-title, h1.post-title, h1"), boards: css(".cat-links a, a[rel*=category]"),
	thread: wordpressThread, stuck: css("article.sticky"),
	next: css("a.next.page-numbers, .nav-previous a[href*=/page/], .nav-previous a[href*=comment-page]"), pager: css(".page-numbers:not([href*=comment-page]), .pagination"),
	kind: wordpressKind, login: css("body.login #loginform, form.post-password-form"), offset: func(*page) int { return -1 },
}

var wordpressBlock = skin{
	name: "wordpress",
	is: func(p *page) bool {
		return isWordPress(p) && p.has(css(".wp-site-blocks, .wp-block-post-content, .wp-block-post-title"))
	},
	post: css("main, li.comment[id^=comment-], li[id^=comment-]"), drop: css("li.pingback, li.trackback"),
	number: wordpressNumber, sortOf: wordpressSort, list: wordpressList, listing: wordpressListing,
	author: css(".wp-block-comment-author-name, .wp-block-post-author__name, .wp-block-post-author-name, b.fn"),
	person: css(".wp-block-comment-author-name a, .wp-block-post-author-name a, .wp-block-post-author__name a"), userID: wordpressUser,
	date: css(".wp-block-comment-date time, .wp-block-post-date time"), edited: css(".wp-block-post-date__modified-date time"),
	link: css(".wp-block-comment-date a"), perma: wordpressPermalink,
	body:  css(".wp-block-comment-content, .wp-block-post-content, .entry-content"),
	cut:   wordpressCuts,
	title: css("h1.wp-block-post-title, .wp-block-post-title, h1"), boards: css(".wp-block-post-terms a[rel=tag]"),
	thread: wordpressThread, next: css("a.wp-block-query-pagination-next, a.wp-block-comments-pagination-next"), pager: css(".wp-block-query-pagination"),
	kind: wordpressKind, login: css("body.login #loginform, form.post-password-form"), offset: func(*page) int { return -1 },
}

var wordpressCuts = cuts{
	drop: css(".reply, .comment-awaiting-moderation, .sharedaddy, .jp-relatedposts, .addtoany_share_save_container, .post-edit-link, .edit-link, .author-bio, " +
		".comment-meta, .page-links, .post-views, .wp-block-comment-reply-link, .more-link .screen-reader-text, .screen-reader-text"),
	quote: css("blockquote"), quoteHead: css("cite"), code: css("pre"),
}

func isWordPress(p *page) bool {
	if strings.HasPrefix(p.metaContent("generator"), "WordPress") {
		return true
	}
	for _, l := range p.rels {
		if l.rel == "https://api.w.org/" || strings.Contains(l.href, "/wp-content/") || strings.Contains(l.href, "/wp-includes/") {
			return true
		}
	}
	return strings.Contains(p.in.Header.Get("Link"), "api.w.org") || p.has(css("body.wp-singular, .wp-site-blocks, body.wp-custom-logo"))
}

// wordpressList reports whether the page lists articles or is none: then nothing on it is read as a post.
func wordpressList(p *page) bool {
	class := p.nodes[p.body].class()
	switch {
	case hasWord(class, "single"), hasWord(class, "single-post"):
		return false
	case hasWord(class, "blog"), hasWord(class, "archive"), hasWord(class, "search"), hasWord(class, "page"), hasWord(class, "error404"):
		return true
	}
	articles := 0
	for _, i := range p.all(p.body, len(p.nodes), css("article[id^=post-], .hentry[id^=post-]")) {
		if p.up(i, css("#comments, .comments-area")) < 0 {
			articles++
		}
	}
	return articles != 1 || p.first(p.body, len(p.nodes), css("time.entry-date, .posted-on, .entry-date, .byline, .comments-area, #comments")) < 0
}

// wordpressListing reports whether the page lists articles: a blog's front page or an archive.
func wordpressListing(p *page) bool {
	class := p.nodes[p.body].class()
	return (hasWord(class, "blog") || hasWord(class, "archive")) && p.has(css("article[id^=post-], .hentry[id^=post-], li.wp-block-post"))
}

func wordpressSort(p *page, lo int) schemer.PostKind {
	if strings.HasPrefix(p.nodes[lo].id(), "comment-") {
		return schemer.PostComment
	}
	return schemer.PostArticle
}

// wordpressNumber is the id of the article or "c" and the id of the comment: two id spaces.
func wordpressNumber(p *page, lo, _ int) string {
	id := p.nodes[lo].id()
	if n, ok := strings.CutPrefix(id, "comment-"); ok {
		return "c-" + n
	}
	if n, ok := strings.CutPrefix(id, "post-"); ok {
		return n
	}
	if n := digitsAfter(p.nodes[p.body].class(), "postid-"); n != "" {
		return n
	}
	return p.shortlink()
}

// shortlink returns the id in <link rel=shortlink href="/?p=ID">, or "".
func (p *page) shortlink() string {
	for _, l := range p.rels {
		if l.rel == "shortlink" {
			return param(l.href, "p")
		}
	}
	return ""
}

// wordpressUser reads the login from the classes of a comment or the address of the author's archive.
func wordpressUser(p *page, lo, _ int, href string) string {
	const mark = "comment-author-"
	if k := strings.Index(p.nodes[lo].class(), mark); k >= 0 {
		word, _ := nextWord(p.nodes[lo].class()[k+len(mark):])
		return word
	}
	if _, login, ok := strings.Cut(href, "/author/"); ok {
		return strings.TrimSuffix(login, "/")
	}
	return ""
}

func wordpressPermalink(p *page, _, _ int, number, _ string) string {
	_, u := wordpressThread(p)
	if n, ok := strings.CutPrefix(number, "c-"); ok {
		return u + "#comment-" + n
	}
	return u
}

// wordpressThread returns the article's address without the page of its comments.
func wordpressThread(p *page) (id, url string) {
	u := cutFragment(p.address())
	if k := strings.Index(u, "/comment-page-"); k > 0 {
		u = u[:k+1]
	}
	id = digitsAfter(p.nodes[p.body].class(), "postid-")
	if id == "" {
		if id = p.shortlink(); id == "" {
			if a := p.first(p.body, len(p.nodes), css("article[id^=post-]")); a >= 0 {
				id = trailingDigits(p.nodes[a].id())
			}
		}
	}
	return id, u
}

// wordpressKind also names the pages of an article's comments: an article opens with the newest of them, so that the
// others lie before it as well as after it and no single link leads on.
func wordpressKind(ref string) string {
	switch {
	case hasParam(ref, "replytocom", "p", "author", "cat", "share", "s", "attachment_id"):
		return linkNoise
	case strings.Contains(ref, "/comment-page-"):
		return linkArticle
	case strings.Contains(ref, "/wp-content/uploads/"):
		return linkAttachment
	case strings.Contains(ref, "/author/"):
		return linkProfile
	}
	for _, dir := range []string{"/wp-json", "/wp-login", "/wp-admin", "/feed", "/xmlrpc", "/tag/", "/category/", "/oembed", "/wp-includes", "/embed/"} {
		if strings.Contains(ref, dir) {
			return linkNoise
		}
	}
	if strings.HasPrefix(ref, "/20") && len(ref) > 9 && ref[5] == '/' {
		if strings.Count(strings.Trim(ref, "/"), "/") >= 2 && len(strings.Trim(ref, "/")) > 11 {
			return linkArticle
		}
		return linkNoise // date archives
	}
	if strings.Contains(ref, "#comment") {
		return linkPost
	}
	return ""
}
