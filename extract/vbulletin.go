package extract

import (
	"strings"

	"schemer"
)

// vbulletin3 reads vBulletin 3: posts in nested tables, every part found by its id.
var vbulletin3 = skin{
	name: "vbulletin",
	is: func(p *page) bool {
		return p.has(css("table[id^=post] a.bigusername, td[id^=td_post_], a[id^=thread_title_], td.alt1Active[id^=f], td[id^=td_threadtitle_]")) ||
			strings.HasPrefix(p.metaContent("generator"), "vBulletin 3")
	},
	post: css("table[id^=post]"), drop: css("#posts_table, #postmenu"),
	number: func(p *page, lo, _ int) string { return trailingDigits(p.nodes[lo].id()) },
	author: css("a.bigusername, [id^=postmenu_]"),
	userID: func(_ *page, _, _ int, href string) string { return param(href, "u") },
	rank:   css("td.alt2 > .smallfont"),
	date:   css("td.thead"), undate: css("a, img, script, strong, div[style*=float]"),
	edited: css(".smallfont em"),
	link:   css("a[id^=postcount]"), place: css("a[id^=postcount] strong, a[id^=postcount]"),
	perma: func(p *page, _, _ int, number, href string) string {
		if number == "" {
			return href
		}
		return p.base.resolve("showthread.php?p=" + number + "#post" + number)
	},
	body: css("[id^=post_message_]"), gone: css(".post-deleted, [id^=deleted]"),
	who: vb3Author, also: vb3Signature,
	cut: cuts{
		drop:  css(".smallfont[style*=margin-bottom], [id^=edit_note]"),
		quote: css("td.alt2, .bbcode_quote"), quoteBy: vb3Quote, quoteHead: css("td.alt2 > div:not([style*=italic])"),
		code: css("pre.alt2, pre"), keep: css(".spoiler, .alt2[style*=none]"),
	},
	title: css("td.navbar strong, .navbar > strong"), boards: css(".navbar a[href*=forumdisplay], span.navbar a[href*=forumdisplay]"),
	thread: vbThread("t"), offset: vbPage,
	row: css("tr"), rowTitle: css("a[id^=thread_title_]"), rowSticky: css("[id^=sticky_icon], img[src*=sticky]"),
	rowLast: css("td.alt2 .smallfont[style*=right], td.alt1 .smallfont[style*=right], .lastpost"), mark: vbMark,
	boardLink: css("td.alt1Active a[href*=forumdisplay], td[id^=f] a[href*=forumdisplay]"),
	next:      css(".pagenav a[rel=next]"), pager: css(".pagenav"), kind: vbKind, login: css("form[action*=login.php] input[name=vb_login_username][tabindex]"),
}

// vbulletin4 reads vBulletin 4. The post itself is a blockquote.
var vbulletin4 = skin{
	name: "vbulletin",
	is: func(p *page) bool {
		return p.is(p.root, css("html#vbulletin_html")) || strings.HasPrefix(p.metaContent("generator"), "vBulletin 4") ||
			p.has(css("li.postcontainer blockquote.postcontent, h3.threadtitle a.title, h2.forumtitle a"))
	},
	post:   css("li.postcontainer, li.postbitlegacy[id^=post_], li.postbit[id^=post_], li.postbitdeleted"),
	number: func(p *page, lo, _ int) string { return trailingDigits(p.nodes[lo].id()) },
	author: css(".username_container .username, .username_container .guest, .username_container strong, .username"),
	person: css(".username_container a.username, .username_container a"),
	userID: vbUser,
	rank:   css(".userinfo .usertitle, .usertitle"),
	date:   css(".posthead .postdate .date, .postdate .date, .postdate"), undate: css(".postdate_icon, img"),
	edited: css("blockquote.lastedited, .postbody .lastedited"),
	link:   css("a.postcounter"), place: css("a.postcounter"),
	perma: func(p *page, _, _ int, number, href string) string {
		if number == "" {
			return href
		}
		if href == "" {
			return cutFragment(p.address()) + "#post" + number
		}
		return cutFragment(href) + "#post" + number
	},
	body: css("[id^=post_message_] blockquote.postcontent, blockquote.postcontent, [id^=post_message_]"),
	sig:  css("blockquote.signature .signaturecontainer, .signaturecontainer"), gone: css(".postbitdeleted, .deletedpost"),
	cut: cuts{
		drop:  css(".lastedited, .attachments, .bbcode_code_head, .bbcode_description, .after_content"),
		quote: css(".bbcode_quote, blockquote"), quoteHead: css(".bbcode_postedby"), quoteBy: vb4Quote, sig: css(".signature, .signaturecontainer"),
		code: css(".bbcode_code, pre"), keep: css(".spoiler, .bbcode_spoiler"),
	},
	title: css(".threadtitle a, #pagetitle .threadtitle, #pagetitle h1"), boards: css("#breadcrumb a[href*=forumdisplay], #breadcrumb li.navbit a, .breadcrumb li.navbit a"),
	thread: vbThread("t"), offset: vbPage,
	row: css("li.threadbit"), rowTitle: css("h3.threadtitle a.title, .threadtitle a.title"), rowSticky: css(".sticky, .threadbit.sticky"),
	rowLast: css(".threadlastpost"), mark: vbMark, boardLink: css("h2.forumtitle a, .forumtitle a, .subforum a"),
	next: css("span.prev_next a[rel=next], .pagination a[rel=next]"), pager: css(".pagination, .pagination_top, .threadpagenav"), notPager: css(".threadinfo"),
	kind: vbKind, login: css("form.vbform[action*=login.php]"), message: css(".standard_error"),
}

// vbulletin5 reads vBulletin 5 and 6.
var vbulletin5 = skin{
	name: "vbulletin",
	is: func(p *page) bool {
		return p.has(css("li.b-post[data-node-id], tr.topic-item[data-node-id], tr.forum-item a.forum-title")) || strings.HasPrefix(p.metaContent("generator"), "vBulletin 5")
	},
	post:   css("li.b-post[data-node-id], .b-comment[data-node-id]"),
	number: func(p *page, lo, _ int) string { return p.attr(lo, "data-node-id") },
	author: css(".author, .b-comment__author"), person: css(".author a, .b-comment__author a"),
	userID: func(p *page, lo, hi int, href string) string {
		if a := p.first(lo, hi, css(".author a[data-userid], [data-userid]")); a >= 0 {
			return p.attr(a, "data-userid")
		}
		return digitsAfter(href, "member/")
	},
	rank: css(".usertitle"),
	date: css("time[itemprop=dateCreated], .b-post__timestamp time, time"), edited: css(".post-edited-by time, .b-post__edit-notice"),
	perma: func(p *page, _, _ int, number, href string) string {
		if href == "" && number != "" {
			return cutFragment(p.address()) + "?p=" + number + "#post" + number
		}
		return href
	},
	link: css("a.b-post__count"), place: css("a.b-post__count"), body: css(".js-post__content-text"), sig: css(".post-signature"), gone: css(".b-post--deleted, .deleted"),
	cut: cuts{
		drop:  css(".bbcode_code_head, .bbcode_description, .post-edited-by, .b-post__attachments"),
		quote: css(".bbcode_quote, blockquote"), quoteHead: css(".bbcode_postedby"), quoteBy: vb4Quote, sig: css(".post-signature"),
		code: css(".bbcode_code, pre"), keep: css(".spoiler"),
	},
	title: css(".b-main__title, h1.main-title, .main-title"), boards: css("#breadcrumbs a.crumb, .b-breadcrumbs a, .breadcrumbs a"),
	row: css("tr.topic-item"), rowTitle: css("a.topic-title"), rowSticky: css(".sticky, .prefix-sticky"), rowLast: css(".lastpost-date, .cell-lastpost"),
	boardLink: css("a.forum-title, a.subforum-title"), next: css("a.right-arrow[href], a.js-pagenav-next-button"), pager: css(".pagenav, .b-pagenav"),
	thread: func(p *page) (id, url string) {
		u := cutFragment(p.address())
		if k := strings.Index(u, "/page"); k > 0 && trailingDigits(u) == u[k+len("/page"):] {
			u = u[:k]
		}
		seg := u[strings.LastIndexByte(u, '/')+1:]
		return digitsAfter(seg, ""), u
	},
	offset: pathPage("/page", 15),
	kind: func(ref string) string {
		switch {
		case strings.Contains(ref, "/member/"):
			return linkProfile
		case strings.Contains(ref, "filedata/fetch"):
			return linkAttachment
		}
		return ""
	},
}

// vb3Signature finds the element under the words that starts with a line of underscores.
func vb3Signature(p *page, post *schemer.Post, lo, hi int) {
	for _, i := range p.all(lo, hi, css("td[id^=td_post_] > div")) {
		if strings.HasPrefix(p.nodes[i].id(), "post_message_") || !strings.HasPrefix(p.inline(i), "__________") {
			continue
		}
		var text rendered
		p.addSignature(&text, i)
		post.Signature = text.sig
		for _, l := range text.links {
			post.Mentions = append(post.Mentions, linkMentions(l)...)
		}
		return
	}
}

// vb3Author takes the name from the profile link, or for guests from the author cell.
func vb3Author(p *page, lo, hi int) string {
	if a := p.first(lo, hi, css("a.bigusername")); a >= 0 {
		return p.inline(a)
	}
	a := p.first(lo, hi, css("[id^=postmenu_]"))
	if a < 0 {
		return ""
	}
	cut := cuts{drop: css(".smallfont, script, .vbmenu_popup")}
	r := renderer{p: p, cut: &cut, cell: 1}
	r.children(a)
	return string(r.out)
}

// vb3Quote reads "Originally Posted by <strong>X</strong>" and the link to the post beside it.
func vb3Quote(p *page, i int) (author, post string) {
	if s := p.first(i, p.end(i), css("div > strong")); s >= 0 && s-i < 8 {
		author = p.inline(s)
	}
	if a := p.first(i, min(p.end(i), i+16), css("a[href*=showthread], a[href*=showpost]")); a >= 0 {
		post = vbMark(p.attr(a, "href"))
	}
	return author, post
}

// vb4Quote reads .bbcode_postedby.
func vb4Quote(p *page, i int) (author, post string) {
	by := p.first(i, p.end(i), css(".bbcode_postedby"))
	if by < 0 || p.up(int(p.nodes[by].parent), css(".bbcode_quote")) != p.up(i, css(".bbcode_quote")) && p.is(i, css(".bbcode_quote")) {
		return "", ""
	}
	if s := p.first(by, p.end(by), css("strong")); s >= 0 {
		author = p.inline(s)
	}
	if a := p.first(by, p.end(by), anchorRule); a >= 0 {
		post = vbMark(p.attr(a, "href"))
	}
	return author, post
}

func vbUser(_ *page, _, _ int, href string) string {
	if id := param(href, "u"); id != "" {
		return id
	}
	if id := digitsAfter(href, "member.php/"); id != "" {
		return id
	}
	return digitsAfter(href, "member.php?")
}

// vbMark reads the id of the post that a link leads to.
func vbMark(href string) string {
	if id := param(href, "p"); id != "" {
		return id
	}
	return digitsAfter(href, "#post")
}

// vbThread reads "showthread.php?t=17", "showthread.php?17-words" and "threads/17-words".
func vbThread(key string) func(*page) (id, url string) {
	return func(p *page) (id, url string) {
		for _, u := range []string{p.canonical(), p.in.Capture.URL} {
			if id = param(u, key); id != "" {
				return id, p.base.resolve("showthread.php?" + key + "=" + id)
			}
			for _, mark := range []string{"showthread.php?", "showthread.php/", "threads/"} {
				if id = digitsAfter(u, mark); id != "" {
					u = cutFragment(u)
					at := strings.Index(u, mark) + len(mark)
					stop := strings.IndexAny(u[at:], "/&?")
					if stop < 0 {
						stop = len(u) - at
					}
					return id, u[:at+stop]
				}
			}
		}
		if a := p.first(0, len(p.nodes), css("a[href*=showthread][href*=mode], a[href*=printthread], a[href*=newreply]")); a >= 0 {
			if id = param(p.attr(a, "href"), key); id != "" {
				return id, p.base.resolve("showthread.php?" + key + "=" + id)
			}
		}
		return "", ""
	}
}

func vbPage(*page) int { return -1 }

func vbKind(ref string) string {
	s := script(ref)
	switch {
	case hasParam(ref, "goto", "mode", "highlight", "styleid", "sort", "order", "daysprune", "do"), strings.Contains(ref, "/archive/"):
		return linkNoise
	case s == "showthread.php", strings.Contains(ref, "/threads/"), strings.Contains(ref, "showthread.php/"):
		if param(ref, "p") != "" || strings.Contains(ref, "#post") {
			return linkPost
		}
		return linkThread
	case s == "forumdisplay.php", strings.Contains(ref, "forumdisplay.php/"), strings.Contains(ref, "/forums/"):
		return linkBoard
	case s == "member.php", strings.Contains(ref, "member.php/"), strings.Contains(ref, "/members/"):
		return linkProfile
	case s == "attachment.php":
		return linkAttachment
	}
	switch s {
	case "showpost.php", "printthread.php", "newreply.php", "newthread.php", "search.php", "register.php", "login.php", "misc.php", "calendar.php",
		"memberlist.php", "usercp.php", "private.php", "external.php", "online.php", "report.php", "sendmessage.php", "subscription.php", "profile.php",
		"faq.php", "ajax.php", "cron.php", "image.php", "clientscript", "poll.php", "postings.php", "tags.php", "threadrate.php", "album.php", "blog.php":
		return linkNoise
	}
	return ""
}
