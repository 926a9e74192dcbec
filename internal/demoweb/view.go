package demoweb

import (
	"cmp"
	"html/template"
	"strconv"
	"strings"
	"time"
)

// view is what a template sees.
type view struct {
	Site      *site
	Host      string
	Base      string // http://host
	Path      string
	Kind      string // home, board, thread, page, login, print, missing
	Lang      string
	Title     string
	Canonical string // path of the page without session and decoration
	AsOf      time.Time
	Nav       []link
	Door      string // the closed path, when the host has one
	Calendar  string // the endless calendar, when the host has one
	Bot       bool
	Boards    []boardRow
	Board     boardRow
	Threads   []threadRow
	Thread    threadRow
	Posts     []postRow
	Pager     pager
	Page      *pageRow
	Intro     template.HTML

	skin    *skin
	session string
}

type link struct{ Title, URL string }

type pageRow struct {
	Heading string
	Body    template.HTML
	changed time.Time
}

type boardRow struct {
	ID, Threads, Posts int
	Pages              int
	Name, URL          string
	Slug               string
	Last               *postRow // nil when the board is empty
	LastTitle          string
}

type threadRow struct {
	ID, Replies, Views, FirstID, LastID int
	Title, URL, Slug, Author            string
	AuthorURL                           string
	AuthorID                            int
	Sticky                              bool
	Start                               time.Time
	Last                                postRow
	InRow                               []pageLink // pages of the thread, linked in the list
	Board                               string
}

type postRow struct {
	ID, Number, Seq, AuthorID    int
	AuthorPosts                  int
	Author, AuthorURL, Rank, URL string
	Thread                       int
	Date                         time.Time // in the board's zone
	Edited                       time.Time
	Body                         template.HTML
	Signature                    template.HTML
	Quote                        *quoteRow
	Plain                        string
	Stars                        int // a leading ★★★☆☆ of a review; 0 when none
	Owner                        bool
	Replies                      []postRow // nested comments
}

type quoteRow struct {
	ID, Seq, AuthorID, Thread int
	Author, AuthorURL, URL    string
	Date                      time.Time
	Body                      template.HTML
	Inner                     *quoteRow
}

type pageLink struct {
	N       int
	URL     string
	Current bool
}

type pager struct {
	Page, Pages, Items int
	Prev, Next         string
	Links              []pageLink
}

// Link adds the session of a visitor without cookie to an address of the site.
func (v *view) Link(u string) string {
	if v.session == "" {
		return u
	}
	u, anchor, hasAnchor := strings.Cut(u, "#")
	path, q, hasQuery := strings.Cut(u, "?")
	own := v.skin.session + "=" + v.session
	switch {
	case !hasQuery:
		u = path + "?" + own
	case v.skin.first:
		u = path + "?" + own + "&" + q
	default:
		u = path + "?" + q + "&" + own
	}
	if hasAnchor {
		u += "#" + anchor
	}
	return u
}

// quoted is a quote with the view around it, for templates that nest.
type quoted struct {
	Q *quoteRow
	V *view
}

// Quoted ties a quote to the view.
func (v *view) Quoted(q *quoteRow) quoted { return quoted{q, v} }

// answered is a comment with the view around it, for templates that nest.
type answered struct {
	P postRow
	V *view
}

// Answered ties a comment to the view.
func (v *view) Answered(p postRow) answered { return answered{p, v} }

// Year is the year of the copyright line.
func (v *view) Year() int { return v.AsOf.Year() }

// Session is the session of a visitor without cookie, "" otherwise.
func (v *view) Session() string { return v.session }

func (v *view) nav() []link {
	var out []link
	for _, p := range v.Site.Pages {
		out = append(out, link{p.Title, p.Path})
	}
	return out
}

// setPage shows a page; its own first heading becomes the heading of the page.
func (v *view) setPage(p *page) {
	head, text := p.Title, strings.TrimSpace(p.Markdown)
	if rest, ok := strings.CutPrefix(text, "# "); ok {
		head, text, _ = strings.Cut(rest, "\n")
	}
	pm := proseWriter
	pm.mail = v.Site.Engine == "wordpress"
	v.Title, v.Canonical = p.Title, p.Path
	v.Lang = cmp.Or(p.Lang, v.Lang)
	v.Page = &pageRow{Heading: head, Body: pm.html(text), changed: p.From.Time}
}

func (v *view) setHome(n int) {
	v.Canonical = v.skin.home
	if p := v.Site.find("/"); p != nil {
		_, text, _ := strings.Cut(strings.TrimSpace(p.Markdown), "\n")
		v.Intro = proseWriter.html(text)
	}
	for _, b := range v.Site.Boards {
		v.Boards = append(v.Boards, v.boardRow(b))
	}
	var latest []*thread
	for _, b := range v.Site.Boards {
		latest = append(latest, b.Threads...)
	}
	if v.skin.name != "wordpress" {
		return
	}
	newestFirst(latest)
	from, to := span(len(latest), v.skin.threads, n)
	for _, t := range latest[from:to] {
		row := v.threadRow(t)
		row.Last = v.postRow(t.first())
		v.Threads = append(v.Threads, row)
	}
	v.Pager = makePager(len(latest), v.skin.threads, n, func(i int) string {
		if i == 1 {
			return "/"
		}
		return "/page/" + strconv.Itoa(i) + "/"
	})
}

func (v *view) setBoard(b *board, n int) {
	v.Board, v.Title, v.Canonical = v.boardRow(b), b.Name, v.skin.board(b, n)
	from, to := span(len(b.Threads), v.skin.threads, n)
	for _, t := range b.Threads[from:to] {
		v.Threads = append(v.Threads, v.threadRow(t))
	}
	v.Pager = makePager(len(b.Threads), v.skin.threads, n, func(i int) string { return v.skin.board(b, i) })
}

func (v *view) setThread(t *thread, n, per int) {
	v.Board, v.Thread, v.Title, v.Canonical = v.boardRow(t.board), v.threadRow(t), t.Title, v.skin.thread(t, n)
	from, to := span(len(t.Posts), per, n)
	for _, p := range t.Posts[from:to] {
		v.Posts = append(v.Posts, v.postRow(p))
	}
	v.Pager = makePager(len(t.Posts), per, n, func(i int) string { return v.skin.thread(t, i) })
	if v.skin.name == "wordpress" {
		v.nestComments(t.Posts[from:to])
	}
}

// nestComments hangs a comment under the one it answers, as WordPress does; the article stays first.
func (v *view) nestComments(posts []*post) {
	rows := map[int]*postRow{}
	under := map[int][]int{}
	var tops []int
	for i, p := range posts {
		rows[p.ID] = &v.Posts[i]
		if q := rows[p.QuoteOf]; q != nil && p.QuoteOf != posts[0].ID {
			under[p.QuoteOf] = append(under[p.QuoteOf], p.ID)
		} else {
			tops = append(tops, p.ID)
		}
	}
	var build func(id int) postRow
	build = func(id int) postRow {
		row := *rows[id]
		for _, child := range under[id] {
			row.Replies = append(row.Replies, build(child))
		}
		return row
	}
	nested := make([]postRow, 0, len(tops))
	for _, id := range tops {
		nested = append(nested, build(id))
	}
	v.Posts = nested
}

func (v *view) boardRow(b *board) boardRow {
	row := boardRow{ID: b.ID, Name: b.Name, URL: v.skin.board(b, 1), Slug: b.slug, Threads: len(b.Threads), Pages: pages(len(b.Threads), v.skin.threads)}
	var newest *post
	for _, t := range b.Threads {
		row.Posts += len(t.Posts)
		if newest == nil || t.last().Date.After(newest.Date.Time) {
			newest = t.last()
		}
	}
	if newest != nil {
		last := v.postRow(newest)
		row.Last, row.LastTitle = &last, newest.thread.Title
	}
	return row
}

func (v *view) threadRow(t *thread) threadRow {
	first, last := t.first(), t.last()
	id := v.Site.users[first.Author]
	row := threadRow{
		ID: t.ID, Replies: len(t.Posts) - 1, Views: 40 + 17*len(t.Posts) + t.ID%23, FirstID: first.ID, LastID: last.ID,
		Title: t.Title, URL: v.skin.thread(t, 1), Slug: t.slug, Author: first.Author, AuthorID: id,
		AuthorURL: v.skin.user(id, first.Author), Sticky: t.Sticky, Start: v.local(first.Date.Time), Last: v.postRow(last),
		Board: t.board.Name,
	}
	if n := pages(len(t.Posts), v.skin.posts); n > 1 {
		for i := 1; i <= n; i++ {
			row.InRow = append(row.InRow, pageLink{N: i, URL: v.skin.thread(t, i)})
		}
	}
	return row
}

func (v *view) postRow(p *post) postRow {
	id := v.Site.users[p.Author]
	row := postRow{
		ID: p.ID, Number: p.number, Seq: p.seq, Thread: p.thread.ID, AuthorID: id, AuthorPosts: v.Site.activity[p.Author], Author: p.Author,
		AuthorURL: v.skin.user(id, p.Author), Rank: v.Site.rank(p.Author), URL: v.skin.post(p, (p.number-1)/v.skin.posts+1),
		Date: v.local(p.Date.Time), Body: v.skin.markup.html(p.Text), Plain: p.Text,
	}
	if p.Signature != "" {
		row.Signature = v.skin.markup.html(p.Signature)
	}
	if !p.Edited.IsZero() && !p.Edited.After(v.AsOf) {
		row.Edited = v.local(p.Edited.Time)
	}
	row.Quote = v.quoteRow(v.Site.past[p.QuoteOf], 0)
	row.Stars = strings.Count(firstWord(p.Text), "★")
	row.Owner = strings.Contains(p.Author, "(owner)")
	return row
}

func (v *view) quoteRow(p *post, depth int) *quoteRow {
	if p == nil || depth > 0 && !v.skin.nested || depth > 2 {
		return nil
	}
	id := v.Site.users[p.Author]
	return &quoteRow{
		ID: p.ID, Seq: p.seq, AuthorID: id, Thread: p.thread.ID, Author: p.Author, AuthorURL: v.skin.user(id, p.Author),
		URL: v.skin.post(p, (max(p.number, 1)-1)/v.skin.posts+1), Date: v.local(p.Date.Time), Body: v.skin.markup.html(p.Text),
		Inner: v.quoteRow(v.Site.past[p.QuoteOf], depth+1),
	}
}

func (v *view) local(t time.Time) time.Time {
	if v.skin.zone == 0 {
		return t.UTC()
	}
	return t.In(time.FixedZone("", v.skin.zone*3600))
}

func firstWord(s string) string {
	word, _, _ := strings.Cut(s, " ")
	return word
}

func span(items, per, page int) (from, to int) {
	from = min((page-1)*per, items)
	return from, min(from+per, items)
}

func makePager(items, per, page int, address func(int) string) pager {
	p := pager{Page: page, Pages: pages(items, per), Items: items}
	for i := 1; i <= p.Pages; i++ {
		p.Links = append(p.Links, pageLink{N: i, URL: address(i), Current: i == page})
	}
	if page > 1 {
		p.Prev = address(page - 1)
	}
	if page < p.Pages {
		p.Next = address(page + 1)
	}
	return p
}

// rowed is a thread row with the view around it.
type rowed struct {
	P threadRow
	V *view
}

// Row ties a thread row to the view.
func (v *view) Row(t threadRow) rowed { return rowed{t, v} }

// Count is the number of posts in a thread.
func (t threadRow) Count() int { return t.Replies + 1 }

// SlugOf is a board's own name in addresses.
func (v *view) SlugOf(b *board) string { return b.slug }

// HasPage says whether the site has a page of its own at the path.
func (v *view) HasPage(path string) bool { return v.Site.find(path) != nil }

// PageID is a number for a page, as engines give one.
func (v *view) PageID() int {
	for i, p := range v.Site.Pages {
		if p.Path == v.Canonical {
			return 10 + i
		}
	}
	return 9
}

// Recent are the newest threads of the site, for a sidebar.
func (v *view) Recent() []link {
	var all []*thread
	for _, b := range v.Site.Boards {
		all = append(all, b.Threads...)
	}
	newestFirst(all)
	var out []link
	for _, t := range all[:min(5, len(all))] {
		out = append(out, link{t.Title, v.skin.thread(t, 1)})
	}
	return out
}

// IsMirror says whether the boards are copies of channels: each thread is one author's.
func (s *site) IsMirror() bool {
	for _, t := range s.threads {
		for _, p := range t.Posts {
			if p.Author != t.first().Author {
				return false
			}
		}
	}
	return s.hasBoards()
}
