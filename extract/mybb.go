package extract

import "strings"

// mybb reads MyBB 1.6 and 1.8, default theme and its descendants, postbit and classic postbit, with or without
// search-friendly addresses.
var mybb = skin{
	name: "mybb",
	is: func(p *page) bool {
		return p.mayHave(css(".post_body, .postbit_buttons, .forumdisplay_sticky, #tabmenu_posts")) && p.has(css(".post_body[id^=pid_]")) ||
			p.has(css("span[id^=tid_] > a, td.trow1 > strong > a[href*=forumdisplay], td.trow2 > strong > a[href*=forumdisplay]")) ||
			p.has(css("#mybb_body, #debug a[href*=mybb], #footer a[href*=mybb.com], #footer .lower a[href*=mybb], .trow1 .thead a[href*=forumdisplay]")) ||
			strings.Contains(p.comment, "start: postbit")
	},
	post: css("div.post[id^=post_], table[id^=post_], div.post_block[id^=post_]"), number: func(p *page, lo, _ int) string { return trailingDigits(p.nodes[lo].id()) },
	author: css(".author_information .largetext, .post_author .largetext"),
	userID: func(_ *page, _, _ int, href string) string {
		if id := param(href, "uid"); id != "" {
			return id
		}
		return digitsAfter(href, "user-")
	},
	rank: css(".author_information .smalltext"),
	date: css(".post_date"), undate: css(".post_edit, .edited_post"),
	edited: css(".post_edit .edited_post, .post_edit, .edited_post"),
	link:   mybbLink,
	body:   css(".post_body"), sig: css(".signature"),
	cut: cuts{
		drop:  css(".post_edit, .post_attachments, .codeblock > .title, .post_controls, .spoiler_title, .spoiler_header"),
		quote: css("blockquote"), quoteHead: css("cite"), quoteBy: mybbQuote, sig: css(".signature"),
		code: css(".codeblock code, .codeblock .body pre, pre"), keep: css(".spoiler_body, .spoiler_content, .spoiler"),
	},
	title:  css("#posts_container .thead strong, td.thead > div > strong, .navigation .active"),
	boards: css(".navigation > a[href*=forumdisplay], .navigation > a[href*=forum-], .breadcrumb > a[href*=forumdisplay], .breadcrumb > a[href*=forum-]"),
	thread: mybbThread, offset: firstPage("page", 10),
	row: css("tr.inline_row, table tr"), rowTitle: css("span[id^=tid_] > a"), rowSticky: css(".forumdisplay_sticky"),
	rowLast: css("span.lastpost"), boardLink: css("td.trow1 > strong > a, td.trow2 > strong > a, .sub_forums a, .subforumicon + a"),
	next:     css("a.pagination_next"),
	pager:    css(".pagination"),
	notPager: css(".pagination_breadcrumb, #breadcrumb_multipage_popup"),
	kind:     mybbKind,
	login:    css("form[action*=member.php] input[name=quick_password], form[action*=member.php] input[name=password].textbox"),
}

var mybbLink = css(".post_head strong a, .post_head .float_right a, .post_head a[href*=pid]")

// mybbQuote reads the quoted post and, past the date in brackets, the name.
func mybbQuote(p *page, i int) (author, post string) {
	c := p.first(i, p.end(i), css("cite"))
	if c < 0 || p.up(int(p.nodes[c].parent), css("blockquote")) != i {
		return "", ""
	}
	if a := p.first(c, p.end(c), css("a[href*=pid]")); a >= 0 {
		if post = param(p.attr(a, "href"), "pid"); post == "" {
			post = digitsAfter(p.attr(a, "href"), "#pid")
		}
	}
	cut := cuts{drop: css("span, a.quick_jump")}
	r := renderer{p: p, cut: &cut, cell: 1}
	r.children(c)
	return quotedAuthor(string(r.out)), post
}

func mybbThread(p *page) (id, url string) {
	u := p.in.Capture.URL
	id = param(u, "tid")
	if id == "" {
		id = digitsAfter(u, "thread-")
	}
	href := ""
	if id == "" || strings.Contains(u, "pid=") {
		if a := p.first(p.body, len(p.nodes), mybbLink); a >= 0 {
			if href = p.attr(a, "href"); id == "" {
				if id = param(href, "tid"); id == "" {
					id = digitsAfter(href, "thread-")
				}
			}
		}
	}
	switch {
	case id == "":
		return "", ""
	case strings.Contains(u+href, "thread-"+id):
		return id, p.base.resolve("thread-" + id + ".html")
	}
	return id, p.base.resolve("showthread.php?tid=" + id)
}

func mybbKind(ref string) string {
	s := script(ref)
	switch {
	case s == "showthread.php":
		if hasParam(ref, "action", "mode") {
			return linkNoise
		}
		if param(ref, "pid") != "" {
			return linkPost
		}
		return linkThread
	case s == "forumdisplay.php":
		if hasParam(ref, "sortby", "order", "datecut", "prefix", "action") {
			return linkNoise
		}
		return linkBoard
	case strings.HasPrefix(s, "thread-") && strings.HasSuffix(s, ".html"):
		if strings.Contains(s, "-post-") {
			return linkPost
		}
		if strings.Contains(s, "-lastpost") || strings.Contains(s, "-newpost") || strings.Contains(s, "-nextnewest") || strings.Contains(s, "-nextoldest") {
			return linkNoise
		}
		return linkThread
	case strings.HasPrefix(s, "forum-") && strings.HasSuffix(s, ".html"):
		return linkBoard
	case s == "member.php" && param(ref, "action") == "profile", strings.HasPrefix(s, "user-"):
		return linkProfile
	case s == "attachment.php":
		return linkAttachment
	case strings.Contains(ref, "/archive/"):
		return linkNoise
	}
	switch s {
	case "member.php", "memberlist.php", "search.php", "newreply.php", "newthread.php", "calendar.php", "misc.php", "usercp.php", "private.php",
		"printthread.php", "reputation.php", "report.php", "sendthread.php", "syndication.php", "online.php", "stats.php", "portal.php", "showteam.php",
		"polls.php", "ratethread.php", "moderation.php", "editpost.php", "contact.php", "warnings.php":
		return linkNoise
	}
	return ""
}

// firstPage returns a function that reads the posts before this page from a page number and the page's size.
func firstPage(key string, size int) func(*page) int {
	return func(p *page) int {
		v := param(p.in.Capture.URL, key)
		if v == "" || v == "1" {
			return firstPageOnly(p)
		}
		if n, ok := number(v); ok && n > 1 {
			return (n - 1) * size
		}
		return -1
	}
}
