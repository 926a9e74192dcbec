package extract

import "strings"

// vanilla reads Vanilla 2 and 3. The opening post and the replies have two id spaces: "d-8" and "c-8".
var vanilla = skin{
	name: "vanilla",
	is: func(p *page) bool {
		return strings.HasPrefix(p.in.Header.Get("X-Garden-Version"), "Vanilla") || strings.HasPrefix(p.nodes[p.body].id(), "vanilla_") ||
			p.has(css("li.ItemComment[id^=Comment_], .ItemDiscussion[id^=Discussion_], li.ItemDiscussion, li[id^=Category_].Item, .MessageList .ItemDiscussion"))
	},
	post: css(".ItemComment, .MessageList .ItemDiscussion, #Content .Discussion .ItemDiscussion, .ItemDiscussion:not(li)"),
	drop: css(".DataList.Discussions .ItemDiscussion, ul.Discussions .ItemDiscussion"),
	number: func(p *page, lo, _ int) string {
		id := p.nodes[lo].id()
		if n, ok := strings.CutPrefix(id, "Discussion_"); ok {
			return "d-" + n
		}
		if n, ok := strings.CutPrefix(id, "Comment_"); ok {
			return "c-" + n
		}
		return ""
	},
	author: css("a.Username, .Author .Username, .AuthorName"), person: css("a.Username"),
	userID: func(p *page, lo, hi int, href string) string {
		if id := digitsAfter(href, "/profile/"); id != "" && strings.Count(href[strings.Index(href, "/profile/"):], "/") > 2 {
			return id
		}
		_, name, _ := strings.Cut(href, "/profile/")
		return strings.ToLower(strings.TrimSuffix(name, "/"))
	},
	rank: css(".AuthorInfo .RoleTitle, .MItem.RoleTitle, .AuthorInfo .Rank"),
	date: css(".DateCreated time, .DateCreated, time"), edited: css(".DateUpdated"),
	link: css("a.Permalink, .DateCreated a"),
	perma: func(p *page, _, _ int, number, href string) string {
		if n, ok := strings.CutPrefix(number, "c-"); ok {
			return p.base.resolve(vanillaRoot(p) + "/discussion/comment/" + n + "/#Comment_" + n)
		}
		if n, ok := strings.CutPrefix(number, "d-"); ok {
			return p.base.resolve(vanillaRoot(p) + "/discussion/" + n + "#Discussion_" + n)
		}
		return href
	},
	body: css(".Message"), sig: css(".Signature, .UserSignature"), gone: css(".Deleted, .DeletedComment"),
	cut: cuts{
		drop:  css(".Reactions, .SpoilerTitle, .SpoilerReveal, .Attachments, .QuoteFolding, .js-mediaEmbed"),
		quote: css("blockquote"), quoteHead: css(".QuoteAuthor, .blockquote-author"), quoteBy: vanillaQuote, sig: css(".Signature, .UserSignature"),
		code: css("pre"), keep: css(".Spoiler, .SpoilerText"),
	},
	title: css("#Item_0 h1, .PageTitle h1, h1.HomepageTitle, h1"), boards: css(".Breadcrumbs a[href*=/categories/], .MItem.Category a"),
	thread: vanillaThread, offset: func(p *page) int {
		if n, ok := number(trailingDigits(p.base.path)); ok && strings.HasSuffix(p.base.path, "/p"+trailingDigits(p.base.path)) && n > 1 {
			return (n-1)*30 + 1
		}
		return firstPageOnly(p)
	},
	row: css("li.ItemDiscussion, tr.ItemDiscussion"), rowTitle: css(".Title a, a.Title"), rowSticky: css(".Tag-Announcement, .Announcement"),
	rowLast:   css(".LastCommentDate, .MItem.LastCommentDate, td.LastUser"),
	boardLink: css("[id^=Category_] a.Title, h3.CategoryName a, h2.CategoryName a, .CategoryName a, .CategoryGroup .Title a"),
	next:      css("a.Next, a[rel=next]"), pager: css(".Pager"),
	kind: vanillaKind, login: css("#vanilla_entry_signin, .Entry_SignIn form, #Form_User_SignIn"),
}

func vanillaRoot(p *page) string {
	if k := strings.Index(p.base.path, "/discussion/"); k > 0 {
		return p.base.path[:k]
	}
	return ""
}

func vanillaQuote(p *page, i int) (author, post string) {
	if a := p.first(i, p.end(i), css(".QuoteAuthor a, .blockquote-author a, .QuoteAuthor")); a >= 0 && p.up(a, css("blockquote")) == i {
		author = strings.TrimPrefix(quotedAuthor(p.inline(a)), "@")
		if l := p.first(i, p.end(i), css(".QuoteAuthor a[href*=comment], .QuoteLink")); l >= 0 {
			if id := digitsAfter(p.attr(l, "href"), "comment/"); id != "" {
				post = "c-" + id
			} else if id := digitsAfter(p.attr(l, "href"), "discussion/"); id != "" {
				post = "d-" + id
			}
		}
	}
	if author == "" {
		author = p.attr(i, "rel")
	}
	return author, post
}

func vanillaThread(p *page) (id, url string) {
	path := p.base.path
	if c, ok := p.base.pathOf(p.address()); ok {
		path = c
	}
	k := strings.Index(path, "/discussion/")
	if k < 0 {
		return "", ""
	}
	rest := path[k+len("/discussion/"):]
	id = digitsAfter(rest, "")
	if id == "" {
		return "", ""
	}
	parts := strings.Split(rest, "/")
	if len(parts) > 1 && parts[1] != "" && "p"+trailingDigits(parts[1]) != parts[1] {
		return id, p.base.resolve(path[:k] + "/discussion/" + id + "/" + parts[1])
	}
	return id, p.base.resolve(path[:k] + "/discussion/" + id)
}

func vanillaKind(ref string) string {
	switch {
	case strings.Contains(ref, "/discussion/comment/"), strings.Contains(ref, "#Comment_"), strings.Contains(ref, "#latest"):
		return linkPost
	case strings.Contains(ref, "/discussion/"):
		return linkThread
	case strings.Contains(ref, "/categories/"):
		if strings.HasSuffix(ref, "feed.rss") {
			return linkNoise
		}
		return linkBoard
	case strings.Contains(ref, "/profile/"):
		return linkProfile
	case strings.Contains(ref, "/uploads/"):
		return linkAttachment
	case strings.HasPrefix(ref, "/entry"), strings.HasPrefix(ref, "/search"), strings.HasPrefix(ref, "/activity"), strings.HasPrefix(ref, "/discussions"),
		strings.HasPrefix(ref, "/post/"), strings.HasPrefix(ref, "/messages"), strings.HasPrefix(ref, "/badges"), strings.HasPrefix(ref, "/bestof"):
		return linkNoise
	}
	return ""
}
