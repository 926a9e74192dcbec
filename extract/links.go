package extract

import (
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html/atom"

	"schemer"
)

// The kinds of link, as the crawler knows them.
const (
	linkBoard      = "board"
	linkThread     = "thread"
	linkNext       = "next"
	linkLast       = "last"
	linkPost       = "post"
	linkProfile    = "profile"
	linkAttachment = "attachment"
	linkLegal      = "legal"
	linkArticle    = "article"
	linkPage       = "page"
	linkExternal   = "external"
	linkNoise      = "noise"
)

// row is a thread as a list of threads shows it.
type row struct {
	mark   string
	sticky bool
}

// rowList is a list of threads: the rows by their title links, and the elements that are rows.
type rowList struct {
	byTitle map[int]row
	spans   map[int]bool
}

// holds reports whether node i lies in a row.
func (l *rowList) holds(p *page, i int) bool {
	if len(l.spans) == 0 {
		return false
	}
	for ; i >= 0; i = int(p.nodes[i].parent) {
		if l.spans[i] {
			return true
		}
	}
	return false
}

// rows finds the threads of a list by their title links.
func (p *page) rows(sk *skin) rowList {
	if len(sk.rowTitle) == 0 || !p.mayHave(sk.rowTitle) {
		return rowList{}
	}
	list := rowList{byTitle: map[int]row{}, spans: map[int]bool{}}
	if len(sk.row) == 0 {
		for _, a := range p.all(p.body, len(p.nodes), sk.rowTitle) {
			list.byTitle[a] = row{}
		}
		return list
	}
	for _, lo := range p.all(p.body, len(p.nodes), sk.row) {
		hi := p.end(lo)
		title := p.pick(lo, hi, sk.rowTitle)
		if title < 0 {
			continue
		}
		list.spans[lo] = true
		r := row{mark: p.rowMark(sk, lo, hi)}
		r.sticky = len(sk.rowSticky) > 0 && p.first(lo, hi, sk.rowSticky) >= 0
		list.byTitle[title] = r
	}
	return list
}

// rowMark returns what moves when a thread gets a new post: the last post's id, else its date.
func (p *page) rowMark(sk *skin, lo, hi int) string {
	l := p.first(lo, hi, sk.rowLast)
	if l < 0 {
		return ""
	}
	if sk.mark != nil {
		for i := l; i < p.end(l); i++ {
			if href := p.attr(i, "href"); href != "" {
				if m := sk.mark(href); m != "" {
					return m
				}
			}
		}
	}
	if s, ok := p.machineDate(l, p.end(l)); ok {
		return s.at.Format("2006-01-02T15:04:05Z")
	}
	words := p.dateText(l, anchorRule)
	if s := p.textDate(words); !s.at.IsZero() && s.how != "relative" {
		return s.at.Format("2006-01-02T15:04:05Z")
	}
	return clip(words, 80)
}

// links returns the links of the page, each URL once, in document order, with their kinds.
func (p *page) links(sk *skin) []schemer.Link {
	p.hrefs = p.hrefs[:0]
	for _, a := range p.anchors {
		p.hrefs = append(p.hrefs, p.base.resolve(p.attr(int(a), "href")))
	}
	rows := p.rows(sk)
	robots := strings.ToLower(p.metaContent("robots"))
	nofollow := strings.Contains(robots, "nofollow") || strings.Contains(robots, "none")
	out := make([]schemer.Link, 0, len(p.anchors)+1)
	at := make(map[string]int, len(p.anchors))
	self := withoutSession(cutFragment(p.in.Capture.URL))
	add := func(l schemer.Link) {
		if k, ok := at[l.URL]; ok {
			if linkRank(l.Kind) > linkRank(out[k].Kind) {
				out[k] = l
			} else if out[k].Text == "" {
				out[k].Text = l.Text
			}
			return
		}
		at[l.URL] = len(out)
		out = append(out, l)
	}
	pages := p.pageLinks(sk, &rows)
	if p.next != "" && pages.next < 0 {
		if u := cutFragment(p.base.resolve(p.next)); u != "" && u != self {
			add(schemer.Link{URL: u, Kind: linkNext, Rel: "next"})
		}
	}
	for k, a := range p.anchors {
		if p.hrefs[k] == "" {
			continue
		}
		l := p.link(sk, int(a), p.hrefs[k], self, &rows, &pages)
		if nofollow {
			l.Rel = "nofollow"
		}
		add(l)
	}
	return out
}

// leadsTo returns where node i leads, or "" when it is no link that leads anywhere.
func (p *page) leadsTo(i int) string {
	if k, ok := slices.BinarySearch(p.anchors, int32(i)); ok && k < len(p.hrefs) {
		return p.hrefs[k]
	}
	return p.base.resolve(p.attr(i, "href"))
}

// link reads link i, which leads to full.
func (p *page) link(sk *skin, i int, full, self string, rows *rowList, pages *pager) schemer.Link {
	l := schemer.Link{URL: cutFragment(full)}
	if rel := p.attr(i, "rel"); strings.Contains(rel, "nofollow") {
		l.Rel = "nofollow"
	} else if i == pages.next && hasWord(rel, "next") {
		l.Rel = "next"
	}
	ref, same := p.base.pathOf(full)
	r, isRow := rows.byTitle[i]
	switch {
	case !same:
		l.Kind = linkExternal
	case isRow:
		l.Kind, l.Mark, l.Sticky = linkThread, r.mark, r.sticky
	case i == pages.next:
		l.Kind = linkNext
	case i == pages.last:
		l.Kind = linkLast
	case pages.holds(i), l.URL == self:
		l.Kind = linkNoise
	case len(sk.boardLink) > 0 && p.is(i, sk.boardLink):
		l.Kind = linkBoard
	default:
		l.Kind = p.kindOf(sk, ref, i)
		if (l.Kind == linkThread || l.Kind == linkBoard) && rows.holds(p, i) {
			l.Kind = linkNoise // a later page of the row's thread, a prefix, its last post
		}
	}
	if l.Kind != linkNoise && l.Kind != linkProfile {
		l.Text = clip(p.inline(i), 200)
	}
	return l
}

// linkRank orders kinds for the case that one URL is linked in several ways.
func linkRank(kind string) int {
	switch kind {
	case linkNext, linkLast:
		return 5
	case linkThread:
		return 4
	case linkBoard:
		return 3
	case linkLegal, linkArticle, linkPost:
		return 2
	case linkNoise:
		return 0
	}
	return 1
}

// pager holds the links of a pager by node index; -1 for none.
type pager struct {
	next, last int
	spans      [][2]int
}

func (g *pager) holds(i int) bool {
	for _, s := range g.spans {
		if i >= s[0] && i < s[1] {
			return true
		}
	}
	return false
}

// pageLinks finds the next and the last page of this list. A pager inside a row of a list leads through that row's
// thread and does not count. A pager without a next link shows by its current number which one it is.
func (p *page) pageLinks(sk *skin, rows *rowList) pager {
	g := pager{next: -1, last: -1}
	for _, i := range p.all(p.body, len(p.nodes), sk.next) {
		if i = p.up(i, anchorRule); i >= 0 && (len(sk.notPager) == 0 || p.up(i, sk.notPager) < 0) && !rows.holds(p, i) {
			g.next = i
			break
		}
	}
	highest := 0
	for _, lo := range p.all(p.body, len(p.nodes), sk.pager) {
		if rows.holds(p, lo) {
			continue
		}
		g.spans = append(g.spans, [2]int{lo, p.end(lo)})
		if len(sk.notPager) > 0 && p.up(lo, sk.notPager) >= 0 {
			continue
		}
		current := 0
		for i := lo; i < p.end(lo); i++ {
			e := &p.nodes[i]
			if e.text {
				if n, err := strconv.Atoi(strings.Trim(e.n.Data, " []\n")); err == nil && p.up(i, anchorRule) < lo {
					current = n
				}
				continue
			}
			if e.tag != atom.A || attr(e.n, "href") == "" {
				continue
			}
			n, err := strconv.Atoi(p.inline(i))
			if err != nil {
				continue
			}
			if g.next < 0 && p.next == "" && current > 0 && n == current+1 {
				g.next = i
			}
			if n > highest && n > current {
				highest, g.last = n, i
			}
		}
	}
	if g.next < 0 && p.next == "" {
		g.next = p.pageAfter(g.spans)
	}
	if g.last >= 0 && (g.next < 0 && p.next == "" || g.next >= 0 && p.attr(g.last, "href") == p.attr(g.next, "href")) {
		g.last = -1 // the highest number is behind us, or is the next page itself
	}
	return g
}

// pageAfter finds in pagers that show arrows in place of numbers the link whose page= is one higher than this page's
// own; -1 when there is none.
func (p *page) pageAfter(pagers [][2]int) int {
	path, query, _ := strings.Cut(p.in.Capture.URL, "?")
	after := max(1, pageNumber(query)) + 1
	for _, span := range pagers {
		for i := span[0]; i < span[1]; i++ {
			if p.nodes[i].tag != atom.A || p.nodes[i].text {
				continue
			}
			to, ask, _ := strings.Cut(p.leadsTo(i), "?")
			if to == path && pageNumber(ask) == after {
				return i
			}
		}
	}
	return -1
}

// pageNumber returns the value of page= in a query, 0 without one.
func pageNumber(query string) int {
	for pair := range strings.SplitSeq(query, "&") {
		if digits, ok := strings.CutPrefix(pair, "page="); ok {
			n, _ := strconv.Atoi(digits) // what is no number is no page
			return n
		}
	}
	return 0
}

// kindOf says what link i of the site leads to, by the engine's own addresses and then by common ones.
func (p *page) kindOf(sk *skin, ref string, i int) string {
	if sk.kind != nil {
		if k := sk.kind(ref); k != "" {
			return k
		}
	}
	kind := commonKind(ref, p.inline(i))
	if sk.name == unknown.name && p.in.Source == schemer.KindForum && (kind == linkPage || kind == linkLegal) {
		if k := forumKind(ref); k != "" {
			return k
		}
	}
	return kind
}

// commonKind classifies by what addresses and captions look like everywhere.
func commonKind(ref, text string) string {
	path := ref
	if k := strings.IndexAny(path, "?#"); k >= 0 {
		path = path[:k]
	}
	low := strings.ToLower(path)
	if dot := strings.LastIndexByte(low, '.'); dot > strings.LastIndexByte(low, '/') {
		switch low[dot+1:] {
		case "jpg", "jpeg", "png", "gif", "webp", "svg", "ico", "css", "js", "mp4", "mp3", "webm", "woff", "woff2":
			return linkNoise
		case "zip", "rar", "7z", "gz", "tar", "exe", "pdf", "doc", "docx", "xls", "xlsx", "iso", "apk", "txt", "asc":
			return linkAttachment
		}
	}
	if noisePaths.in(low) {
		return linkNoise
	}
	if k := strings.IndexByte(ref, '?'); k >= 0 && noiseQueries.in(ref[k:]) {
		return linkNoise
	}
	if legalWords(low) || legalWords(strings.ToLower(text)) {
		return linkLegal
	}
	return linkPage
}

// noisePaths are parts of paths that lead to forms, feeds and tools, never to something to read.
var noisePaths = newWordSet(
	"/login", "/logout", "/signin", "/sign-in", "/signup", "/sign-up", "/register", "/cart", "/checkout", "/wp-login", "/wp-admin",
	"/wp-json", "/xmlrpc", "/feed/", "/rss", "/search", "/print", "/share", "/lostpassword", "/password", "/cdn-cgi/", "/captcha",
	"/api/", "/account", "/clientarea", "/outgoing", "/calendar", "/whats-new", "/goto/", "/misc/", "/oembed", "/trackback",
)

var noiseQueries = newWordSet(
	"replytocom=", "action=login", "action=register", "action=search", "sort=", "order=", "orderby=", "direction=", "sortby=",
	"highlight=", "print=", "share=", "lang=", "feed=", "add-to-cart=", "redirect", "return=", "month=", "date=", "filter",
)

// legalWords reports whether a lower-case path or caption names one of the pages where a provider states its rules
// or itself: terms, AUP, abuse, DMCA, FAQ, about, contact, legal, privacy, locations, pricing.
func legalWords(s string) bool {
	return len(s) <= 120 && legalStems.in(s)
}

var legalStems = newWordSet(
	"terms", "/tos", "aup", "acceptable", "abuse", "dmca", "copyright", "faq", "about", "contact", "legal", "policy", "policies",
	"privacy", "rules", "pricing", "prices", "location", "datacenter", "data-center", "data center", "imprint", "impressum",
	"knowledge", "/kb", "offshore", "refund", "sla", "agb", "datenschutz", "kontakt", "nutzungsbedingungen", "preise", "über uns",
	"ueber-uns", "voorwaarden", "spelregels", "over-ons", "over ons", "/over", "prijzen", "locaties", "klachten", "misbruik", "huisregels",
	"conditions", "mentions", "à propos", "a-propos", "tarif", "règles", "regles", "nous contacter", "términos", "terminos", "condiciones",
	"política", "politica", "normas", "precios", "contacto", "nosotros", "quejas", "termos", "política de", "preços", "precos", "contato",
	"sobre", "regulamin", "zasady", "cennik", "o nas", "o-nas", "nadużyci", "sözleşme", "kurallar", "hakkımızda", "iletişim", "fiyat",
	"правила", "pravila", "условия", "usloviya", "оферта", "oferta", "жалоб", "zhalob", "абуз", "контакт", "kontakty", "о нас", "цены", "ceny",
	"вопрос", "умови", "umovy", "скарг", "skarg", "ціни", "про нас", "条款", "條款", "规则", "政策", "关于", "联系", "价格", "投诉", "常见问题",
	"tiaokuan", "guanyu", "lianxi", "jiage",
)

// clip cuts s to at most n bytes at a rune boundary.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xC0 == 0x80 {
		n--
	}
	return s[:n]
}
