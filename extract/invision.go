package extract

import (
	"strings"
)

// invision reads Invision Community 4 and, where its markup kept its names, 5.
var invision = skin{
	name: "invision",
	is: func(p *page) bool {
		return p.is(p.body, css("body[data-pageapp]")) || p.has(css("article.ipsComment, li.cForumRow, .cForumGrid, [data-controller=forums.frontforum.topicRow], #elCopyright"))
	},
	post: css("article.ipsComment, article[id^=elComment_], article.ipsEntry"), drop: css("[data-role=recommendedComments] article, .ipsComment_recommended, .cTopicOverview article"),
	number: func(p *page, lo, hi int) string {
		if id := trailingDigits(p.nodes[lo].id()); id != "" {
			return id
		}
		return p.attr(p.first(lo, hi, css("[data-commentid]")), "data-commentid")
	},
	author: css(".cAuthorPane_author, .ipsComment_author .ipsUsername, a.ipsUsername, .ipsUsername, .ipsEntry__username > a, .ipsEntry__username"),
	person: css(".cAuthorPane_author a[href*=profile], a.ipsUsername, .ipsEntry__username a"),
	userID: func(_ *page, _, _ int, href string) string { return digitsAfter(href, "profile/") },
	rank:   css("[data-role=group], .ipsEntry__group, .cAuthorPane_info [data-role=group-icon], .cAuthorPane_info .ipsType_reset strong"),
	date:   css("time[datetime]"), edited: css(".ipsComment_edited time, .ipsEdited time, [data-excludequote] time"),
	link: css("a[href*=findComment], .ipsComment_meta a[href*=comment], .ipsType_blendLinks a[href*=comment]"),
	perma: func(p *page, _, _ int, number, href string) string {
		if href != "" || number == "" {
			return href
		}
		return cutFragment(p.address()) + "?do=findComment&comment=" + number
	},
	key: func(p *page, u string) string {
		id := digitsAfter(u, "topic/")
		c := param(u, "comment")
		if id == "" || c == "" {
			return u
		}
		return u[:strings.Index(u, "topic/")] + "topic/" + id + "#" + c
	},
	body: css("[data-role=commentContent], .ipsComment_content [data-role=commentContent]"), sig: css("[data-role=memberSignature]"),
	gone: css(".ipsModerated, .ipsComment_deleted, [data-role=deleted]"),
	cut: cuts{
		drop: css(".ipsQuote_citation, .ipsSpoiler_header, .ipsEmbedded_citation, .ipsComment_edited, [data-role=reactionCount], .ipsItemControls, " +
			".ipsReact, [data-excludequote], .ipsAttachLink_dimensions"),
		quote: css("blockquote"), quoteBy: invisionQuote, sig: css("[data-role=memberSignature]"), code: css("pre"), keep: css(".ipsSpoiler"),
	},
	title: css("h1.ipsType_pageTitle, .ipsPageHeader__title"), boards: css(".ipsBreadcrumb a[href*=forum]:not([rel=home]), nav.ipsBreadcrumb a[href*=/forum/]"),
	thread: func(p *page) (id, url string) {
		u := cutFragment(p.address())
		k := strings.Index(u, "topic/")
		if k < 0 {
			return "", ""
		}
		seg := u[k+len("topic/"):]
		if stop := strings.IndexAny(seg, "/?"); stop >= 0 {
			seg = seg[:stop]
		}
		return digitsAfter(seg, ""), u[:k] + "topic/" + seg + "/"
	},
	offset: func(*page) int { return -1 },
	row:    css("[data-rowid]"), rowTitle: css(".ipsDataItem_title a[title], .ipsDataItem_title a[data-ipshover], .ipsDataItem_title a, .ipsData__title a"),
	rowSticky: css(".fa-thumb-tack, .fa-thumbtack, .ipsDataItem_pinned, [data-role=pinned]"), rowLast: css(".ipsDataItem_lastPoster, .ipsData__last"),
	boardLink: css("li.cForumRow .ipsDataItem_title a, .cForumGrid__title a, .ipsDataItem_subList a, .ipsData__title a"),
	next:      css("li.ipsPagination_next a, .ipsPagination__next a"), pager: css(".ipsPagination"),
	kind: invisionKind, login: css("body[data-pagecontroller=login], #elSignIn_loginForm"), message: css("body[data-pagecontroller=error], #elError"),
}

// invisionQuote reads the attributes of a quote: the header that readers see is made by a script.
func invisionQuote(p *page, i int) (author, post string) {
	return p.attr(i, "data-ipsquote-username"), p.attr(i, "data-ipsquote-contentcommentid")
}

func invisionKind(ref string) string {
	switch {
	case hasParam(ref, "do", "csrfKey", "sortby", "sortdirection", "tab"):
		if strings.Contains(ref, "do=findComment") {
			return linkPost
		}
		return linkNoise
	case strings.Contains(ref, "/topic/"):
		if strings.Contains(ref, "#comment") || strings.Contains(ref, "#findComment") {
			return linkPost
		}
		return linkThread
	case strings.Contains(ref, "/forum/"):
		if strings.HasSuffix(ref, ".xml/") || strings.HasSuffix(ref, ".xml") {
			return linkNoise
		}
		return linkBoard
	case strings.Contains(ref, "/profile/"):
		return linkProfile
	case strings.Contains(ref, "attachment.php"):
		return linkAttachment
	}
	return ""
}
