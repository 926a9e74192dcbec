package extract

import (
	"strings"

	"schemer"
)

// nodebb reads NodeBB 1 to 4 (Persona, Harmony) as HTML; nodebb_json.go reads its API.
var nodebb = skin{
	name: "nodebb",
	is: func(p *page) bool {
		return strings.EqualFold(p.in.Header.Get("X-Powered-By"), "NodeBB") || p.is(p.body, css("body.theme-harmony, body.theme-persona")) && p.has(css("[component]")) ||
			p.has(css("li[component=post], li[component=category/topic], li[component=categories/category], [component=topic]"))
	},
	post:   css("[component=post]"),
	number: func(p *page, lo, _ int) string { return p.attr(lo, "data-pid") },
	author: css("[data-username]"),
	who: func(p *page, lo, hi int) string {
		// The attribute holds the login, the link the name as shown; they differ where full names are on.
		if a := p.attr(lo, "data-username"); a != "" {
			return a
		}
		return p.inline(p.first(lo, hi, css("a[itemprop=author], [component=post/header] a[href*=/user/], a[href*=/user/]")))
	},
	person: css("[component=post/header] a[href*=/user/], a[itemprop=author], a[href*=/user/]"),
	userID: func(p *page, lo, _ int, _ string) string { return strings.TrimPrefix(p.attr(lo, "data-uid"), "0") },
	also: func(p *page, post *schemer.Post, lo, _ int) {
		if n, ok := number(p.attr(lo, "data-index")); ok {
			post.Position = n + 1
		}
	},
	rank: css("[component=user/group], .group-label, .badge[href*=groups]"),
	date: css("[component=post]"), edited: css("[component=post/edit-indicator]:not(.hidden)"),
	link: css("a[component=post/timestamp], a[href*=/post/]"),
	perma: func(p *page, _, _ int, number, href string) string {
		if number == "" {
			return href
		}
		if strings.Contains(number, "://") { // a post of another server, by ActivityPub
			return number
		}
		return p.base.resolve(nodebbRoot(p) + "/post/" + number)
	},
	body: css("[component=post/content]"), sig: css("[component=post/signature]"), gone: css("[component=post].deleted"),
	cut: cuts{
		drop:  css(".post-signature, .vote-container, .spoiler-control, .blockquote-attribution"),
		quote: css("blockquote"), before: nodebbBefore, quoteBy: nodebbQuote, sig: css("[component=post/signature]"), code: css("pre"), keep: css(".spoiler, details, .ns-spoiler-content"),
	},
	title: css("[component=topic/title], h1 .topic-title, h1[itemprop=name]"), boards: css(".breadcrumb a[href*=/category/], .breadcrumb a[itemprop=item]"),
	thread: nodebbThread, offset: func(*page) int { return -1 },
	row: css("[component=category/topic]"), rowTitle: css("[component=topic/header] a, a[component=topic/header]"), rowSticky: css(".pinned"),
	rowLast: css("[component=topic/teaser], .teaser, .lastpost"), mark: func(href string) string { return digitsAfter(href, "/post/") },
	boardLink: css("[component=categories/category] h2.title a, [component=categories/category] .title a, [component=categories/category] h2 a"),
	next:      css(".pagination .next a, [component=pagination] .next a"), pager: css("[component=pagination], .pagination"),
	kind: nodebbKind, login: css("body.template-login, [component=login/form], #login-form"), message: css("body.template-404, body.template-403, body.template-500"),
}

// nodebbRoot returns the path of the forum: what stands before /topic/ or /category/ in the page's address.
func nodebbRoot(p *page) string {
	for _, dir := range []string{"/topic/", "/category/"} {
		if k := strings.Index(p.base.path, dir); k > 0 {
			return p.base.path[:k]
		}
	}
	return ""
}

// nodebbBefore finds the attribution "@x said in …:" or "x wrote:", a paragraph of its own before the quote.
func nodebbBefore(p *page, i int) int {
	for k := i - 1; k > int(p.nodes[i].parent); k-- {
		if p.nodes[k].parent != p.nodes[i].parent {
			continue
		}
		if p.nodes[k].text {
			if strings.TrimSpace(p.nodes[k].n.Data) != "" {
				return -1
			}
			continue
		}
		if !p.is(k, css("p")) || p.end(k)-k > 24 {
			return -1
		}
		words := p.inline(k)
		if !strings.HasSuffix(words, ":") {
			return -1
		}
		if p.first(k, p.end(k), css("a[href*=/post/], a[href*=/topic/], a[href*=/user/]")) >= 0 && quotedAuthor(words) != "" {
			return k
		}
		if _, ok := attribution(words); ok {
			return k
		}
		return -1
	}
	return -1
}

func nodebbQuote(p *page, i int) (author, post string) {
	k := nodebbBefore(p, i)
	if k < 0 {
		return "", ""
	}
	if a := p.first(k, p.end(k), css("a[href*=/post/]")); a >= 0 {
		href := p.attr(a, "href")
		post = href[strings.LastIndex(href, "/post/")+len("/post/"):]
	}
	if a := p.first(k, p.end(k), anchorRule); a >= 0 && strings.HasPrefix(p.inline(a), "@") {
		return strings.TrimPrefix(p.inline(a), "@"), post
	}
	return quotedAuthor(p.inline(k)), post
}

func nodebbThread(p *page) (id, url string) {
	path := p.base.path
	k := strings.Index(path, "/topic/")
	if k < 0 {
		t := p.first(0, len(p.nodes), css("[component=topic][data-tid]"))
		if id = p.attr(t, "data-tid"); id == "" {
			return "", ""
		}
		return id, p.base.resolve("/topic/" + id)
	}
	parts := strings.Split(path[k+len("/topic/"):], "/")
	url = path[:k] + "/topic/" + parts[0]
	if len(parts) > 1 && parts[1] != "" {
		url += "/" + parts[1]
	}
	return parts[0], p.base.resolve(url)
}

func nodebbKind(ref string) string {
	switch {
	case strings.Contains(ref, "/topic/"):
		if strings.HasSuffix(ref, ".rss") {
			return linkNoise
		}
		if strings.Count(ref[strings.Index(ref, "/topic/"):], "/") > 3 {
			return linkPost // /topic/ID/words/INDEX
		}
		return linkThread
	case strings.Contains(ref, "/category/"):
		if strings.HasSuffix(ref, ".rss") || strings.Contains(ref, "sort=") {
			return linkNoise
		}
		return linkBoard
	case strings.Contains(ref, "/post/"):
		return linkPost
	case strings.Contains(ref, "/user/"), strings.Contains(ref, "/uid/"):
		return linkProfile
	case strings.Contains(ref, "/assets/uploads/"):
		return linkAttachment
	}
	for _, dir := range []string{
		"/login", "/register", "/compose", "/outgoing", "/recent", "/popular", "/tags", "/users", "/groups", "/search", "/unread", "/top",
		"/reset", "/world", "/notifications", "/chats", "/admin",
	} {
		if strings.HasPrefix(ref, dir) {
			return linkNoise
		}
	}
	return ""
}
