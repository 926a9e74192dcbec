package extract

import "strings"

// xenforo2 reads XenForo 2.0 to 2.3.
var xenforo2 = skin{
	name: "xenforo",
	is: func(p *page) bool {
		return p.is(p.root, css("html#XF, html[data-xf]")) || p.has(css("article.message--post[data-author], .structItem--thread .structItem-title, .node--forum .node-title"))
	},
	post: css("article.message--post, article.message[data-content^=post-], .message--deleted, .js-post.message"), drop: css(".message--quickReply"),
	number: func(p *page, lo, _ int) string {
		if c := p.attr(lo, "data-content"); c != "" {
			return trailingDigits(c)
		}
		return trailingDigits(p.nodes[lo].id())
	},
	author: css(".message-name, .message-user .username"),
	who: func(p *page, lo, hi int) string {
		if a := p.attr(lo, "data-author"); a != "" {
			return a
		}
		return p.inline(p.first(lo, hi, css(".message-name .username, .message-name, .username")))
	},
	person: css(".message-name a[data-user-id], .message-name a.username"),
	userID: func(p *page, lo, hi int, href string) string {
		if u := p.first(lo, hi, css(".message-name [data-user-id], [data-user-id]")); u >= 0 && p.attr(u, "data-user-id") != "0" {
			return p.attr(u, "data-user-id")
		}
		return trailingDigits(strings.TrimSuffix(href, "/"))
	},
	rank: css(".message-userTitle, .userTitle"),
	date: css(".message-attribution-main time, .message-attribution time, time.u-dt"), edited: css(".message-lastEdit time"),
	link:  css(".message-attribution-opposite li > a[href*=post-], .message-attribution-opposite a[href*=post], .message-attribution-main a[href*=post]"),
	place: css(".message-attribution-opposite li:not(.u-hidden) > a:not(.message-attribution-gadget)"),
	perma: func(p *page, _, _ int, number, href string) string {
		if href == "" && number != "" {
			return strings.TrimSuffix(cutFragment(p.address()), "/") + "/post-" + number
		}
		return href
	},
	key:  withoutSlug,
	body: css(".message-body .bbWrapper, .message-userContent .bbWrapper, .message-content .bbWrapper"), sig: css(".message-signature"),
	gone: css(".message--deleted, .messageNotice--deleted"),
	cut: cuts{
		drop: css(".message-lastEdit, .bbCodeBlock-expandLink, .bbCodeBlock-shrinkLink, .bbCodeSpoiler-button, .message-attachments, .reactionsBar, " +
			".bbCodeBlock--code .bbCodeBlock-title, .bbCodeBlock--screenLimited .bbCodeBlock-title, .js-selectToQuoteEnd, .bbCodeBlock--hidden, .bbCodeBlock--unfurl"),
		quote: css("blockquote.bbCodeBlock--quote, blockquote"), quoteHead: css(".bbCodeBlock-title"), quoteBy: xenforoQuote,
		code: css(".bbCodeCode, pre.bbCodeCode, pre"), keep: css(".bbCodeSpoiler-content, .bbCodeInlineSpoiler"),
	},
	title: css(".p-title-value"), boards: css(".p-breadcrumbs a[href*=forums], .p-breadcrumbs a"),
	thread: xenforoThread, offset: pathPage("page-", 20),
	row: css(".structItem--thread"), rowTitle: css(".structItem-title a[data-tp-primary], .structItem-title a:not(.labelLink)"),
	rowSticky: css(".structItem-status--sticky"), rowLast: css("time.structItem-latestDate, .structItem-cell--latest"),
	boardLink: css(".node-title a, .subNodeLink"),
	next:      css("a.pageNav-jump--next"), pager: css(".pageNav, .pageNavSimple, .structItem-pageJump"),
	kind: xenforoKind, login: css("html[data-template=login], html[data-template=error] form[action*=login]"),
	message: css("html[data-template=error]"),
}

// xenforo1 reads XenForo 1.
var xenforo1 = skin{
	name: "xenforo",
	is: func(p *page) bool {
		return p.is(p.root, css("html#XenForo")) || p.has(css("li.message[data-author] .messageContent"))
	},
	post: css("li.message[id^=post-], li.message[data-author]"), drop: css(".quickReply"),
	number: func(p *page, lo, _ int) string { return trailingDigits(p.nodes[lo].id()) },
	author: css(".userText .username, .messageUserInfo .username"),
	who: func(p *page, lo, hi int) string {
		if a := p.attr(lo, "data-author"); a != "" {
			return a
		}
		return p.inline(p.first(lo, hi, css(".userText .username, .username")))
	},
	person: css(".userText a.username, a.username"),
	userID: func(_ *page, _, _ int, href string) string {
		return trailingDigits(strings.TrimSuffix(href, "/"))
	},
	rank: css(".userTitle"), date: css(".messageMeta .DateTime, .datePermalink .DateTime, .DateTime"), edited: css(".editDate .DateTime, .editDate"),
	link: css(".messageMeta a.postNumber, a.datePermalink, .publicControls a.postNumber"), place: css("a.postNumber, .postNumber"), key: withoutSlug,
	perma: func(p *page, _, _ int, number, href string) string {
		if number != "" && (href == "" || !strings.Contains(href, "posts/") && !strings.Contains(href, "post-")) {
			return cutFragment(p.address()) + "#post-" + number
		}
		return href
	},
	body: css(".messageContent article, .messageContent .messageText, .messageText"), sig: css(".signature"), gone: css(".deleted, .deletedNotice"),
	cut: cuts{
		drop:  css(".quoteExpand, .messageTextEndMarker, .editDate, .attachedFiles, .bbCodeCode .type, .bbCodeBlock > .type:not(.attribution), .bbCodeSpoilerButton"),
		quote: css(".bbCodeQuote, blockquote.quoteContainer"), quoteHead: css(".attribution"), quoteBy: xenforoQuote, sig: css(".signature"),
		code: css(".bbCodeCode pre, pre"), keep: css(".bbCodeSpoilerText, .bbCodeSpoilerContainer"),
	},
	title: css(".titleBar h1"), boards: css(".breadcrumb a[href*=forums], .crumbs a[href*=forums]"),
	thread: xenforoThread, offset: pathPage("page-", 20),
	row: css("li.discussionListItem"), rowTitle: css("h3.title a.PreviewTooltip, h3.title a:not(.prefixLink)"), rowSticky: css(".sticky"), rowLast: css(".lastPost"),
	boardLink: css(".nodeTitle a, .subForumList a"), next: css("a.text[href*=page-], .PageNav nav a.text"), pager: css(".PageNav"),
	kind: xenforoKind, login: css("#pageLogin"),
}

// xenforoQuote reads the attributes of a quote: data-quote and "post: N" in data-source, or the jump link.
func xenforoQuote(p *page, i int) (author, post string) {
	author = p.attr(i, "data-quote")
	if author == "" {
		author = p.attr(i, "data-author")
	}
	if s, ok := strings.CutPrefix(p.attr(i, "data-source"), "post: "); ok {
		post = digitsAfter(s, "")
	}
	if post == "" {
		if a := p.first(i, p.end(i), css(".bbCodeBlock-sourceJump, a.AttributionLink")); a >= 0 {
			if post = trailingDigits(p.attr(a, "data-content-selector")); post == "" {
				post = trailingDigits(strings.TrimSuffix(p.attr(a, "href"), "/"))
			}
		}
	}
	return author, post
}

// withoutSlug drops the words from "/threads/some-words.123/post-456", which change when a title is edited.
func withoutSlug(_ *page, u string) string {
	for _, dir := range []string{"threads/", "topic/"} {
		k := strings.Index(u, dir)
		if k < 0 {
			continue
		}
		rest := u[k+len(dir):]
		stop := strings.IndexByte(rest, '/')
		if stop < 0 {
			stop = len(rest)
		}
		if dot := strings.LastIndexByte(rest[:stop], '.'); dot >= 0 {
			return u[:k+len(dir)] + rest[dot+1:]
		}
	}
	return u
}

// xenforoThread reads the id that ends "/threads/words.123/".
func xenforoThread(p *page) (id, url string) {
	u := cutFragment(p.address())
	k := strings.Index(u, "threads/")
	if k < 0 {
		return "", ""
	}
	seg := u[k+len("threads/"):]
	if stop := strings.IndexByte(seg, '/'); stop >= 0 {
		seg = seg[:stop]
	}
	if id = trailingDigits(seg); id == "" {
		return "", ""
	}
	return id, u[:k] + "threads/" + seg + "/"
}

func xenforoKind(ref string) string {
	switch {
	case strings.Contains(ref, "threads/"):
		if hasParam(ref, "order", "direction") || strings.HasSuffix(ref, "/latest") || strings.HasSuffix(ref, "/unread") {
			return linkNoise
		}
		for _, tail := range []string{"/reply", "/watch", "/draft", "/add-", "/vote", "/preview"} {
			if strings.Contains(ref, tail) {
				return linkNoise
			}
		}
		if strings.Contains(ref, "/post-") || strings.Contains(ref, "#post-") {
			return linkPost
		}
		return linkThread
	case strings.Contains(ref, "/posts/"), strings.Contains(ref, "?posts/"):
		return linkNoise
	case strings.Contains(ref, "forums/"):
		if hasParam(ref, "order", "direction", "prefix_id") || strings.Contains(ref, "/post-thread") || strings.Contains(ref, "index.rss") || strings.Contains(ref, "/-/") {
			return linkNoise
		}
		return linkBoard
	case strings.Contains(ref, "members/"):
		return linkProfile
	case strings.Contains(ref, "attachments/"):
		return linkAttachment
	}
	for _, dir := range []string{"login", "register", "search", "whats-new", "misc/", "goto/", "account", "help/", "tags/", "lost-password", "conversations", "online"} {
		if strings.Contains(ref, "/"+dir) || strings.Contains(ref, "?"+dir) {
			return linkNoise
		}
	}
	return ""
}

// pathPage reads the posts before this page from a page number in its path.
func pathPage(mark string, size int) func(*page) int {
	return func(p *page) int {
		n, ok := number(digitsAfter(p.in.Capture.URL, mark))
		switch {
		case !ok:
			return firstPageOnly(p)
		case n > 0:
			return (n - 1) * size
		}
		return -1
	}
}
