package extract

import "strings"

// smf reads Simple Machines Forum 2.0 and 2.1 and 1.1's successors in the default theme.
var smf = skin{
	name: "smf",
	is: func(p *page) bool {
		return p.is(p.body, css("body#smf")) || p.has(css("#forumposts .inner[id^=msg_], #forumposts .post_wrapper, #messageindex span[id^=msg_], #topic_container span[id^=msg_]")) ||
			p.has(css("#smfheader, a.subject[id^=b], a.subject[name^=b], #smf_footer, .smf_copyright, span.smalltext > a[href*=simplemachines]"))
	},
	post: css("#forumposts .windowbg, #forumposts .windowbg2, #forumposts .approvebg"),
	number: func(p *page, lo, hi int) string {
		if id := p.nodes[lo].id(); strings.HasPrefix(id, "msg") {
			return trailingDigits(id)
		}
		return trailingDigits(p.nodes[max(p.first(lo, hi, css(".inner[id^=msg_], .post [id^=msg_]")), 0)].id())
	},
	author: css(".poster h4"), userID: smfUser, rank: css(".poster .membergroup, .poster .title"),
	date: css(".postinfo > a.smalltext, .postinfo .smalltext, .keyinfo .smalltext, .keyinfo a.smalltext"), undate: css("strong"),
	edited: css("[id^=modified_], .modified"),
	link:   css("[id^=subject_] a, .keyinfo h5 a, .postinfo > a.smalltext, .postinfo .page_number a"),
	body:   css(".inner"), sig: css(".signature"),
	cut: cuts{
		drop:  css(".codeheader, .quoteheader_none, .modified, .bbc_code_copy, .noline"),
		quote: css("blockquote"), quoteHead: css("cite, .quoteheader"), sig: css(".signature"), quoteBy: smfQuote, before: smfBefore,
		code: css("code.bbc_code, code.bbc_code2, pre.bbc_code, pre"), keep: css(".sp-body, .spoiler_body, .spoiler"),
	},
	title:  css("#top_subject, .navigate_section li.last a, .display_head > .display_title, h2.display_title span, h3.catbg #top_subject"),
	boards: css(".navigate_section a[href*=board]"),
	thread: smfThread, offset: smfOffset,
	row: css("#topic_container > .windowbg, #topic_container > .stickybg, #messageindex tr"), rowTitle: css("span[id^=msg_] > a, span[id^=msg_] a"),
	rowSticky: css(".sticky, .stickybg, .stickybg2, .lockedsticky, .lockedbg2"), rowLast: css(".lastpost"), mark: smfMark,
	boardLink: css("a.subject, .children a, .board_children a"),
	next:      css(".pagelinks .next_page"), pager: css(".pagelinks, .pagesection .pagelinks"),
	kind: smfKind, login: css("#frmLogin input[type=password], .login input[type=password]"), message: css("#fatal_error"),
}

func smfUser(_ *page, _, _ int, href string) string {
	if id := param(href, "u"); id != "" {
		return id
	}
	return digitsAfter(href, "/u,")
}

// smfQuote reads "Quote from: NAME on DATE" in cite (2.1) or in the header before the quote (2.0).
func smfQuote(p *page, i int) (author, post string) {
	c := p.first(i, p.end(i), css("cite"))
	if c >= 0 && p.up(int(p.nodes[c].parent), css("blockquote")) != i {
		c = -1
	}
	if c < 0 {
		if c = smfBefore(p, i); c < 0 {
			return "", ""
		}
	}
	if a := p.first(c, p.end(c), anchorRule); a >= 0 {
		post = digitsAfter(p.attr(a, "href"), "msg=")
		if post == "" {
			post = digitsAfter(p.attr(a, "href"), ".msg")
		}
	}
	return quotedAuthor(p.inline(c)), post
}

// smfBefore finds the header of SMF 2.0 that stands before its quote.
func smfBefore(p *page, i int) int {
	for k := i - 1; k > int(p.nodes[i].parent); k-- {
		if p.is(k, css(".quoteheader")) {
			return k
		}
		if p.nodes[k].parent == p.nodes[i].parent && !p.nodes[k].text {
			return -1
		}
	}
	return -1
}

// smfMark reads the id of the last message: "topic=5.15#msg123", "topic=5.msg123#new", "?msg=123".
func smfMark(href string) string {
	for _, mark := range []string{"#msg", ".msg", "msg="} {
		if id := digitsAfter(href, mark); id != "" {
			return id
		}
	}
	return ""
}

// smfTopic returns topic id and offset of an address, with or without queries.
func smfTopic(u string) (id, offset string) {
	v := param(u, "topic")
	if v == "" {
		k := strings.Index(u, "topic,")
		if k < 0 {
			return "", ""
		}
		v = strings.TrimSuffix(cutFragment(u[k+len("topic,"):]), "/")
		if q := strings.IndexByte(v, '?'); q >= 0 {
			v = v[:q]
		}
		v = strings.TrimSuffix(v, ".html")
	}
	id, offset, _ = strings.Cut(v, ".")
	return id, offset
}

func smfThread(p *page) (id, url string) {
	id, _ = smfTopic(p.address())
	if id == "" {
		if id, _ = smfTopic(p.in.Capture.URL); id == "" {
			return "", ""
		}
	}
	if k := strings.Index(p.base.path, "topic,"+id); k >= 0 {
		return id, p.base.resolve(p.base.path[:k] + "topic," + id + ".0.html")
	}
	return id, p.base.resolve("?topic=" + id + ".0")
}

func smfOffset(p *page) int {
	if id, off := smfTopic(p.address()); id != "" {
		if off == "" {
			return 0
		}
		if n, ok := number(off); ok {
			return n
		}
	}
	return -1
}

func smfKind(ref string) string {
	action := param(ref, "action")
	switch {
	case strings.Contains(ref, "prev_next="), strings.Contains(ref, ".new"), strings.Contains(ref, ";sort="), strings.Contains(ref, "wap2"):
		return linkNoise
	case action == "profile":
		return linkProfile
	case action == "dlattach":
		return linkAttachment
	case action != "":
		return linkNoise
	case strings.Contains(ref, "?msg="), strings.Contains(ref, ".msg"):
		return linkPost
	case strings.Contains(ref, "topic=") || strings.Contains(ref, "topic,"):
		return linkThread
	case strings.Contains(ref, "board=") || strings.Contains(ref, "board,"):
		return linkBoard
	}
	return ""
}
