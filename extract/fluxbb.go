package extract

import "strings"

// fluxbb reads FluxBB 1.4 and 1.5 and PunBB 1.2, from which it comes.
var fluxbb = skin{
	name: "fluxbb",
	is: func(p *page) bool {
		return p.has(css("#punwrap, div.pun, #brdheader, #brdmain, #punviewtopic, #punviewforum, #punindex"))
	},
	post: css("div.blockpost"), drop: css("#quickpost"),
	number: func(p *page, lo, _ int) string { return trailingDigits(p.nodes[lo].id()) },
	author: css(".postleft dt"), userID: func(_ *page, _, _ int, href string) string { return param(href, "id") },
	rank: css(".postleft .usertitle"), date: css("h2 a"), edited: css(".postedit"),
	link: css("h2 a[href*=pid]"), place: css("h2 .conr"),
	body: css(".postright > .postmsg:not(.postsignature), .postright .postmsg:not(.postsignature)"), sig: css(".postsignature"),
	cut: cuts{
		drop: css(".postedit, .postsignature"), quote: css(".quotebox, blockquote"), quoteHead: css("cite, h4"), code: css(".codebox, pre"),
	},
	title: css(".crumbs li strong a, .crumbs strong, #brdmain h1"), boards: css(".crumbs a[href*=viewforum]"),
	thread: punThread, offset: firstPage("p", 25),
	row: css("#vf tr"), rowTitle: css("td.tcl .tclcon a[href*=viewtopic], td.tcl a[href*=viewtopic]"), rowSticky: css(".isticky"),
	rowLast: css("td.tcr"), mark: func(href string) string { return param(href, "pid") },
	boardLink: css("td.tcl h3 a, #brdmain td.tcl h3 a[href*=viewforum]"),
	next:      css(".pagelink a[rel=next]"), pager: css(".pagelink, .pagestext"), kind: punKind,
	login: css("form#login, #punlogin"), message: css("#msg .inbox, #punmessage"),
}

// punbb reads PunBB 1.3 and 1.4. The signature is inside the body.
var punbb = skin{
	name: "punbb",
	is: func(p *page) bool {
		return p.has(css("#brd-wrap, .brd-page, #brd-main")) && p.has(css("#brd-wrap.brd, .brd-page, #brd-main"))
	},
	post: css("#brd-main div.post, #brd-viewtopic div.post"), drop: css(".post.preview"),
	number: func(p *page, lo, hi int) string {
		return trailingDigits(p.nodes[max(p.first(lo, hi, css(".posthead[id^=p]")), lo)].id())
	},
	author: css(".author-ident .username, .post-author .username"),
	userID: func(_ *page, _, _ int, href string) string {
		if id := param(href, "id"); id != "" {
			return id
		}
		return digitsAfter(href, "user")
	},
	rank: css(".author-ident .usertitle"), date: css("a.permalink, .post-link"), edited: css(".post-edited"),
	link: css("a.permalink"), place: css(".post-num"),
	body: css(".entry-content"), sig: css(".sig-content"),
	cut: cuts{
		drop: css(".sig-line, .post-edited"), quote: css(".quotebox, blockquote"), quoteHead: css("cite"), sig: css(".sig-content"), code: css(".codebox, pre"),
	},
	title: css(".main-title a, #brd-head .main-title, h1.main-title"), boards: css(".crumb a[href*=forum], #brd-crumbs-top a[href*=forum]"),
	thread: punThread, offset: firstPage("p", 25),
	row: css(".main-item"), rowTitle: css("h3.hn a"), rowSticky: css(".sticky"), rowLast: css(".info-lastpost"),
	mark: func(href string) string {
		if id := param(href, "pid"); id != "" {
			return id
		}
		return digitsAfter(href, "post")
	},
	boardLink: css("#brd-index .main-item h3.hn a"),
	next:      css(".paging a[rel=next]"), pager: css(".paging, .item-nav"), kind: punKind, login: css("#brd-login"), message: css("#brd-message"),
}

func punThread(p *page) (id, url string) {
	u := p.in.Capture.URL
	if param(u, "id") == "" && p.canonical() != "" {
		u = p.canonical()
	}
	if id = param(u, "id"); id != "" {
		return id, p.base.resolve("viewtopic.php?id=" + id)
	}
	if a := p.first(0, len(p.nodes), css(".crumbs strong a[href*=viewtopic], .main-title a, a[href*=viewtopic][rel=canonical], .pagelink a[href*=viewtopic]")); a >= 0 {
		href := p.attr(a, "href")
		if id = param(href, "id"); id != "" {
			return id, p.base.resolve("viewtopic.php?id=" + id)
		}
		if id = digitsAfter(href, "topic"); id == "" {
			id = digitsAfter(href, "topic/")
		}
		return id, cutFragment(p.base.resolve(href))
	}
	return "", ""
}

func punKind(ref string) string {
	s := script(ref)
	switch {
	case s == "viewtopic.php":
		switch {
		case param(ref, "pid") != "":
			return linkPost
		case param(ref, "action") != "":
			return linkNoise
		}
		return linkThread
	case s == "viewforum.php":
		return linkBoard
	case s == "profile.php":
		return linkProfile
	case s == "attachment.php":
		return linkAttachment
	case strings.Contains(ref, "/topic/"), strings.HasPrefix(s, "topic"):
		return linkThread
	case strings.Contains(ref, "/forum/"), strings.HasPrefix(s, "forum") && strings.HasSuffix(s, ".html"):
		return linkBoard
	case strings.Contains(ref, "/post/"), strings.HasPrefix(s, "post") && strings.HasSuffix(s, ".html"):
		return linkPost
	case strings.Contains(ref, "/user/"), strings.HasPrefix(s, "user"):
		return linkProfile
	}
	switch s {
	case "login.php", "register.php", "search.php", "userlist.php", "post.php", "misc.php", "help.php", "extern.php", "edit.php", "delete.php":
		return linkNoise
	}
	return ""
}
