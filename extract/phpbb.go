package extract

import "strings"

// phpbb reads phpBB 3.0 to 3.3 in prosilver and styles made from it. phpBB 2 and subsilver lay posts out in tables
// without ids and are read by phpbbTables.
var phpbb = skin{
	name: "phpbb",
	is: func(p *page) bool {
		return p.is(p.body, css("body#phpbb")) || strings.Contains(p.comment, "phpBB style name") || p.has(css("#page-body .postbody .postprofile, body.section-viewtopic"))
	},
	post: css("div.post[id^=p]"), number: func(p *page, lo, _ int) string { return trailingDigits(p.nodes[lo].id()) },
	author: css("p.author .username, p.author .username-coloured, .postprofile .username, .postprofile .username-coloured, p.author strong a, " +
		"p.author strong, .postprofile dt a, .postprofile dt"),
	userID: func(_ *page, _, _ int, href string) string { return param(href, "u") },
	rank:   css(".profile-rank"),
	date:   css("p.author time, p.author"), undate: css(".responsive-hide, .username, .username-coloured, .unread, a, strong"),
	edited: css(".notice"),
	link:   css("h3 a[href*=viewtopic], p.author a[href*=viewtopic]"),
	perma: func(p *page, _, _ int, number, href string) string {
		if number == "" {
			return href
		}
		return p.base.resolve("viewtopic.php?p=" + number + "#p" + number)
	},
	body: css(".postbody .content"), sig: css(".signature"),
	gone: css(".post-delete-info, .deleted"),
	cut: cuts{
		drop: css(".notice, .attachbox, .codebox > p, .codebox > dt, dl.codebox > dt, .inline-attachment, .post-buttons, .quotetitle-hide"),
		sig:  css(".signature"), quote: css("blockquote"), quoteHead: css("cite"), code: css("pre, dl.codebox code"),
		keep: css(".spoiler, .spoiler_content, .quotecontent"), quoteBy: phpbbQuote,
	},
	title: css("h2.topic-title, h2 a[href*=viewtopic], .topic-title"), boards: css(".breadcrumbs .crumb a[href*=viewforum], .breadcrumbs a[href*=viewforum], .navlinks a[href*=viewforum], .icon-home a[href*=viewforum]"),
	thread: phpbbThread,
	offset: offsetOf("start"),
	row:    css("li.row"), rowTitle: css("a.topictitle"), rowSticky: css("li.sticky, li.announce, li.global-announce"),
	rowLast: css("dd.lastpost"), mark: phpbbMark,
	boardLink: css("a.forumtitle, a.subforum"),
	next:      css(".pagination .next a, .pagination a[rel=next], .pagination a.right-box"), pager: css(".pagination"),
	kind:    phpbbKind,
	login:   css("form#login, .section-ucp #login"),
	message: css("#message .panel, #message .inner"),
}

// phpbbThread reads the topic id from the address, else from the title's link.
func phpbbThread(p *page) (id, url string) {
	if id = param(p.address(), "t"); id == "" {
		for _, a := range p.all(p.body, len(p.nodes), css("h2 a[href*=viewtopic]")) {
			id = param(p.attr(a, "href"), "t")
		}
	}
	if id == "" {
		return "", ""
	}
	return id, p.base.resolve("viewtopic.php?t=" + id)
}

// phpbbQuote reads who is quoted: the name linked in cite, or what stands before "wrote:".
func phpbbQuote(p *page, i int) (author, post string) {
	c := p.first(i, p.end(i), css("cite"))
	if c < 0 || p.up(int(p.nodes[c].parent), css("blockquote")) != i {
		return "", ""
	}
	if a := p.first(c, p.end(c), css("a[data-post-id]")); a >= 0 {
		post = p.attr(a, "data-post-id")
	} else if a := p.first(c, p.end(c), css("a[href*=viewtopic]")); a >= 0 {
		post = param(p.attr(a, "href"), "p")
	}
	if a := p.first(c, p.end(c), css("a[href*=memberlist], a.username, .username")); a >= 0 {
		author = p.inline(a)
	} else {
		author = quotedAuthor(p.inline(c))
	}
	return author, post
}

func phpbbMark(href string) string { return param(href, "p") }

func phpbbKind(ref string) string {
	switch script(ref) {
	case "viewtopic.php":
		if param(ref, "p") != "" {
			return linkPost
		}
		if strings.Contains(ref, "view=") {
			return linkNoise
		}
		return linkThread
	case "viewforum.php":
		if hasParam(ref, "sk", "sd", "st", "mark") {
			return linkNoise
		}
		return linkBoard
	case "memberlist.php":
		return linkProfile
	case "file.php":
		return linkAttachment
	case "ucp.php", "posting.php", "search.php", "mcp.php", "cron.php", "app.php", "report.php":
		return linkNoise
	case "faq.php":
		return linkNoise
	case "index.php":
		return linkPage
	}
	return ""
}

// script returns the file name of a link's path, or "".
func script(ref string) string {
	if k := strings.IndexAny(ref, "?#"); k >= 0 {
		ref = ref[:k]
	}
	return ref[strings.LastIndexByte(ref, '/')+1:]
}

// hasParam reports whether a link has any of these parameters.
func hasParam(ref string, keys ...string) bool {
	for _, k := range keys {
		if param(ref, k) != "" {
			return true
		}
	}
	return false
}

// offsetOf returns a function that reads the number of posts before this page from a parameter of its address.
func offsetOf(key string) func(*page) int {
	return func(p *page) int {
		v := param(p.in.Capture.URL, key)
		if v == "" {
			return firstPageOnly(p)
		}
		if n, ok := number(v); ok {
			return n
		}
		return -1
	}
}

// firstPageOnly returns 0 for a page that is plainly the first: its address is that of its thread.
func firstPageOnly(p *page) int {
	u := p.in.Capture.URL
	if hasParam(u, "p", "pid", "post", "msg") || strings.Contains(u, "#") {
		if c := p.canonical(); c == "" || hasParam(c, "p", "pid", "start", "page") {
			return -1
		}
	}
	return 0
}
