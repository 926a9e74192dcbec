package extract

import (
	"slices"
	"strings"

	"schemer"
)

// A skin says where one forum engine keeps the parts of a page. Everything is a rule over the markup or a small
// function; the reading itself is the same for all.
type skin struct {
	name    string
	is      func(*page) bool           // recognises the engine by what the page is
	read    func(*page) []schemer.Post // reads the posts from data in the page; nil or no posts: by the rules below
	list    func(*page) bool           // the page shows no posts, whatever matches below
	listing func(*page) bool           // the page lists articles

	post    rule                             // one match a post
	drop    rule                             // matches of post that are none
	extent  func(p *page, i int) int         // where post i ends, when that is not the end of its element
	number  func(p *page, lo, hi int) string // the engine's id; nil: the digits that end the element's id
	author  rule                             // the name; nil text falls to authorOf
	who     func(p *page, lo, hi int) string // the name, when a rule cannot say it
	person  rule                             // link to the profile; nil: the author element or the link in or around it
	userID  func(p *page, lo, hi int, href string) string
	rank    rule
	date    rule
	undate  rule // parts of the date element that are not its date
	edited  rule
	link    rule // permalink
	perma   func(p *page, lo, hi int, number, href string) string
	place   rule // holds "#5", the position in the thread
	idLink  bool // the permalink reads "#5" for the id, not the position
	body    rule
	around  bool // the words are cut up: the body is the element around the first match
	sigLine bool // a line of underscores starts the signature
	sig     rule // outside the body; inside it cut.sig counts too
	gone    rule // marks a post, or something in it, as deleted
	cut     cuts
	sortOf  func(p *page, lo int) schemer.PostKind        // nil: forum posts
	also    func(p *page, post *schemer.Post, lo, hi int) // what is peculiar to the engine
	dateOf  func(p *page, d int) string                   // the date's words, when they are not the element's text
	key     func(p *page, permalink string) string        // permalink without decoration; nil: as it is

	title  rule // of the thread
	boards rule // breadcrumb; the last match is the board
	thread func(p *page) (id, url string)
	offset func(p *page) int // posts on the pages before this one, -1 unknown

	row       rule // one match a thread of a list
	rowTitle  rule // its title link
	rowSticky rule // matches the row or something in it
	rowLast   rule // holds the last post's link or date
	mark      func(href string) string
	boardLink rule
	stuck     rule // on a thread page: says that the thread is sticky
	next      rule
	pager     rule // holds the page links
	notPager  rule
	kind      func(ref string) string // kind of a link of this site by its path and query; "" unknown
	login     rule                    // the page is a login form or a refusal to guests
	message   rule                    // the page is an error message of the engine
}

// thread is what a page says about the thread or board that its posts stand in.
type thread struct {
	id, url, title, board string
	sticky                bool
}

// threadOf reads title, board and address of the thread on this page.
func (p *page) threadOf(sk *skin) thread {
	var t thread
	if i := p.pick(p.body, len(p.nodes), sk.title); i >= 0 {
		t.title = p.inlineWithout(i, &titleCuts)
	}
	if t.title == "" {
		t.title = p.title
	}
	if i := p.last(0, len(p.nodes), sk.boards); i >= 0 {
		t.board = p.inline(i)
	}
	if sk.thread != nil {
		t.id, t.url = sk.thread(p)
	}
	if t.url == "" {
		t.url = cutFragment(p.address())
	}
	t.sticky = len(sk.stuck) > 0 && p.has(sk.stuck)
	return t
}

var titleCuts = cuts{drop: css(".label, .labelLink, .label-append, .prefix, .screen-reader-text, .sr-only")}

// address returns the page's own address: its canonical link when that stays on the site, else its URL; session ids
// stripped.
func (p *page) address() string {
	if c := p.canonical(); c != "" {
		return c
	}
	return withoutSession(cutFragment(p.in.Capture.URL))
}

// canonical returns the page's canonical link, resolved, or "" when it has none or it leads to another site.
func (p *page) canonical() string {
	if p.canon == "" {
		return ""
	}
	c := cutFragment(p.base.resolve(p.canon))
	if _, same := p.base.pathOf(c); !same {
		return ""
	}
	return c
}

// posts reads every post of the page by the skin.
func (p *page) posts(sk *skin) []schemer.Post {
	if sk.list != nil && sk.list(p) {
		return nil
	}
	if sk.read != nil {
		if posts := sk.read(p); len(posts) > 0 {
			return posts
		}
	}
	heads := p.all(p.body, len(p.nodes), sk.post)
	if len(sk.drop) > 0 {
		heads = slices.DeleteFunc(heads, func(i int) bool { return p.is(i, sk.drop) })
	}
	if len(heads) == 0 {
		return nil
	}
	t := p.threadOf(sk)
	posts := make([]schemer.Post, 0, len(heads))
	seen := make(map[string]bool, len(heads))
	for k, i := range heads {
		hi := p.end(i)
		if sk.extent != nil {
			hi = sk.extent(p, i)
		}
		if k+1 < len(heads) && heads[k+1] < hi {
			hi = heads[k+1]
		}
		posts = append(posts, schemer.Post{})
		post := &posts[len(posts)-1]
		if !p.post(sk, &t, post, i, hi) || post.Number != "" && seen[post.Number] {
			posts = posts[:len(posts)-1]
			continue
		}
		seen[post.Number] = true
	}
	p.settleOrder(posts)
	p.positions(sk, posts)
	return posts
}

// post reads one post from the nodes [lo, hi); false when there is none.
func (p *page) post(sk *skin, t *thread, post *schemer.Post, lo, hi int) bool {
	*post = schemer.Post{
		Kind: schemer.PostForum, Engine: sk.name, Confidence: 1,
		Board: t.board, Thread: t.title, ThreadID: t.id, ThreadURL: t.url, Sticky: t.sticky,
	}
	if sk.sortOf != nil {
		post.Kind = sk.sortOf(p, lo)
	}
	if sk.number != nil {
		post.Number = sk.number(p, lo, hi)
	} else {
		post.Number = trailingDigits(p.nodes[lo].id())
	}
	body := p.pick(lo, hi, sk.body)
	if body >= 0 && sk.around {
		body = int(p.nodes[body].parent)
	}
	post.Deleted = len(sk.gone) > 0 && p.first(lo, hi, sk.gone) >= 0
	if body < 0 && !post.Deleted {
		return false
	}
	p.authorOf(sk, post, lo, hi)
	p.permalinkOf(sk, post, lo, hi)
	d := p.dateOf(sk, lo, hi)
	post.PostedAt, post.DateHow, post.DateRaw = d.at, d.how, d.raw
	if e := p.pick(lo, hi, sk.edited); e >= 0 && !post.Deleted {
		post.EditedAt = p.editTime(e, post)
	}
	if body < 0 || post.Deleted {
		return true
	}
	text := p.render(body+1, min(p.end(body), hi), &sk.cut)
	if len(sk.sig) > 0 && text.sig == "" {
		for _, s := range p.all(lo, hi, sk.sig) {
			if s < body || s >= p.end(body) {
				p.addSignature(&text, s)
			}
		}
	}
	p.fill(post, text)
	if sk.sigLine {
		splitSignature(post)
	}
	if post.Kind == schemer.PostArticle {
		post.Title = post.Thread
	}
	if sk.also != nil {
		sk.also(p, post, lo, hi)
	}
	return true
}

// on returns the skin without the selectors that cannot match on this page.
func (p *page) on(sk *skin) *skin {
	c := *sk
	for _, r := range []*rule{&c.cut.drop, &c.cut.quote, &c.cut.quoteHead, &c.cut.sig, &c.cut.keep, &c.cut.code} {
		*r = p.live(*r, nil)
	}
	for _, r := range []*rule{
		&c.post, &c.drop, &c.author, &c.person, &c.rank, &c.date, &c.undate, &c.edited, &c.link, &c.place, &c.body, &c.sig, &c.gone,
		&c.title, &c.boards, &c.row, &c.rowTitle, &c.rowSticky, &c.rowLast, &c.boardLink, &c.stuck, &c.next, &c.pager, &c.notPager,
	} {
		if len(*r) == 0 {
			continue
		}
		if *r = p.live(*r, nil); len(*r) == 0 {
			*r = nowhere
		}
	}
	c.cut.marked = c.cut.drop.marked() && c.cut.keep.marked() && c.cut.sig.marked() && c.cut.quote.marked() && c.cut.code.marked()
	return &c
}

// nowhere matches nothing; a rule that is nil means that the engine has no such thing, which is not the same.
var nowhere = css("body html")

// splitSignature moves what follows a line of underscores out of the text.
func splitSignature(post *schemer.Post) {
	k := strings.LastIndex("\n"+post.Text, "\n__________")
	if k < 0 {
		return
	}
	tail := strings.TrimSpace(strings.TrimLeft(post.Text[k:], "_"))
	if post.Signature == "" {
		post.Signature = tail
	}
	post.Text, post.Blocks = without(post.Text, post.Blocks, [][2]int{{k, len(post.Text)}})
}

// addSignature renders a signature that stands outside the body.
func (p *page) addSignature(text *rendered, i int) {
	r := renderer{p: p, cut: &noCuts}
	r.signature(i)
	if s := strings.TrimSpace(r.sig.String()); s != "" {
		if text.sig != "" {
			text.sig += "\n"
		}
		text.sig += s
	}
	text.links = append(text.links, r.links...)
}

func (p *page) authorOf(sk *skin, post *schemer.Post, lo, hi int) {
	a := p.pick(lo, hi, sk.author)
	if a >= 0 {
		post.Author = p.inline(a)
	}
	if sk.who != nil {
		post.Author = sk.who(p, lo, hi)
	}
	link := -1
	if len(sk.person) > 0 {
		link = p.pick(lo, hi, sk.person)
	} else if a >= 0 {
		if link = p.up(a, anchorRule); link < lo {
			link = p.first(a, p.end(a), anchorRule)
		}
	}
	href := p.attr(link, "href")
	if href != "" {
		post.AuthorURL = p.leadsTo(link)
	}
	if sk.userID != nil {
		post.AuthorID = sk.userID(p, lo, hi, href)
	}
	if r := p.pick(lo, hi, sk.rank); r >= 0 {
		post.AuthorRank = p.inline(r)
	}
}

var anchorRule = css("a[href]")

func (p *page) permalinkOf(sk *skin, post *schemer.Post, lo, hi int) {
	l := p.pick(lo, hi, sk.link)
	href := ""
	if l >= 0 {
		href = p.leadsTo(l)
	}
	if sk.perma != nil {
		href = sk.perma(p, lo, hi, post.Number, href)
	}
	if href == "" {
		href = post.ThreadURL
		if id := p.nodes[lo].id(); id != "" {
			href += "#" + id
		}
	}
	post.URL = href
	if sk.key != nil {
		post.ID = schemer.PostID(sk.key(p, href))
	}
	at := l
	if len(sk.place) > 0 {
		at = p.pick(lo, hi, sk.place)
	}
	if at >= 0 && !sk.idLink {
		if words := p.inline(at); len(sk.place) > 0 || strings.HasPrefix(words, "#") {
			post.Position = placeNumber(words)
		}
	}
}

// placeNumber reads "#1,205" or "5"; 0 when there is more than that.
func placeNumber(words string) int {
	n := 0
	for i := range len(words) {
		switch c := words[i]; {
		case c >= '0' && c <= '9' && n < 100_000_000:
			n = n*10 + int(c-'0')
		case c == '#' || c == ',' || c == '.':
		default:
			return 0
		}
	}
	return n
}

// positions numbers the posts that do not say their own place, when the page's offset is known and its dates rise.
func (p *page) positions(sk *skin, posts []schemer.Post) {
	if sk.offset == nil || len(posts) == 0 || posts[0].Position != 0 {
		return
	}
	for k := 1; k < len(posts); k++ {
		if posts[k].PostedAt.Before(posts[k-1].PostedAt) {
			return
		}
	}
	if off := sk.offset(p); off >= 0 {
		for k := range posts {
			posts[k].Position = off + k + 1
		}
	}
}

// fill puts a rendered text into the post.
func (p *page) fill(post *schemer.Post, text rendered) {
	post.Text, post.Blocks, post.Quotes = text.text, text.blocks, text.quotes
	post.Signature, post.Hidden = text.sig, text.hidden
	if post.Kind != schemer.PostPage {
		splitPlainQuotes(post, &text.links)
	}
	for _, l := range text.links {
		post.Mentions = append(post.Mentions, linkMentions(l)...)
	}
}

// trailingDigits returns the digits that end s.
func trailingDigits(s string) string {
	k := len(s)
	for k > 0 && s[k-1] >= '0' && s[k-1] <= '9' {
		k--
	}
	return s[k:]
}

// digitsAfter returns the digits that follow mark in s, or "".
func digitsAfter(s, mark string) string {
	k := strings.Index(s, mark)
	if k < 0 {
		return ""
	}
	s = s[k+len(mark):]
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return s[:n]
}
