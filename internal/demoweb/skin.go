package demoweb

import (
	"bytes"
	"cmp"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"schemer"
)

//go:embed skins/*.html
var skinFiles embed.FS

// addresses is how an engine names its pages.
type addresses struct {
	home   string
	board  func(b *board, page int) string
	thread func(t *thread, page int) string
	post   func(p *post, page int) string // permalink; page is the page of the thread that shows it
	user   func(id int, name string) string
	ask    func(s *site, path string, q query) asked
}

// asked is what an address means.
type asked struct {
	what string // home, board, thread, post (the page that shows it), goto (redirect to it), print, login; "" for nothing
	id   int
	page int    // from 1
	skip int    // offset of the first item, when the engine counts that way; -1 when it does not
	hop  string // of a goto: last, next, prev; "" for the post id
}

// skin is an engine: its addresses, its markup and its customs.
type skin struct {
	addresses
	name     string
	posts    int // a page
	threads  int
	markup   markup
	nested   bool   // quotes in quotes are kept
	zone     int    // hours east of UTC in which dates are printed
	session  string // parameter that carries the session of a visitor without cookie
	first    bool   // that parameter stands before all others
	cookie   string
	header   map[string]string
	template *template.Template
}

// addressesOf returns how an engine names its pages, given how many posts and threads it puts on one.
func addressesOf(engine string, posts, threads int) addresses {
	switch engine {
	case "phpbb":
		return phpbbURLs(posts, threads)
	case "smf":
		return smfURLs(posts, threads)
	}
	return map[string]addresses{
		"mybb": mybbURLs, "xenforo": xenforoURLs, "vbulletin": vbulletinURLs, "discourse": discourseURLs,
		"nodebb": nodebbURLs, "vanilla": vanillaURLs, "wordpress": wordpressURLs, "static": staticURLs,
	}[engine]
}

// oldBoard is the markup of boards that keep lines with br.
var oldBoard = markup{bbcode: true, br: "<br>", bold: `<strong>`, em: `<em>`}

// proseWriter is the markup of engines that write paragraphs.
var proseWriter = markup{bold: "<strong>", em: "<em>"}

// loadSkins parses the templates and puts the engines together.
func loadSkins(o Options) (map[string]*skin, error) {
	phpbb := oldBoard
	phpbb.bold, phpbb.em, phpbb.mail = `<strong class="text-strong">`, `<em class="text-italics">`, true
	mybb := oldBoard
	mybb.br, mybb.bold, mybb.em = "<br />", `<span style="font-weight: bold;" class="mycode_b">`, `<span style="font-style: italic;" class="mycode_i">`
	smf := oldBoard
	smf.mail = true
	vb := oldBoard
	vb.br, vb.bold, vb.em = "<br />", "<b>", "<i>"
	xf := oldBoard
	xf.br, xf.bold, xf.em = "<br />", "<b>", "<i>"
	prose := proseWriter
	mailing := proseWriter
	mailing.mail = true
	out := map[string]*skin{}
	for _, sk := range []*skin{
		{name: "phpbb", posts: 10, threads: 25, markup: phpbb, nested: true, session: "sid", cookie: "phpbb3_x7k2p_sid"},
		{name: "mybb", posts: 10, threads: 10, markup: mybb, cookie: "mybb[lastvisit]"},
		{name: "smf", posts: 15, threads: 20, markup: smf, session: "PHPSESSID", first: true, cookie: "PHPSESSID"},
		{name: "xenforo", posts: 20, threads: 20, markup: xf, cookie: "xf_csrf"},
		{name: "vbulletin", posts: 10, threads: 10, markup: vb, zone: 3, session: "s", first: true, cookie: "bb_sessionhash"},
		{name: "discourse", posts: 20, threads: 25, markup: prose, cookie: "_forum_session"},
		{name: "nodebb", posts: 20, threads: 20, markup: mailing, cookie: "express.sid", header: map[string]string{"X-Powered-By": "NodeBB"}},
		{name: "vanilla", posts: 20, threads: 25, markup: prose, cookie: "Vanilla-tk", header: map[string]string{"X-Garden-Version": "Vanilla 3.3"}},
		{name: "wordpress", posts: 20, threads: 10, markup: mailing},
		{name: "static", posts: 20, threads: 25, markup: prose},
	} {
		sk.posts = cmp.Or(o.PostsPerPage, sk.posts)
		sk.threads = cmp.Or(o.ThreadsPerPage, sk.threads)
		sk.addresses = addressesOf(sk.name, sk.posts, sk.threads)
		t, err := template.New(sk.name).Funcs(template.FuncMap{"raw": raw}).ParseFS(skinFiles, "skins/shared.html", "skins/"+sk.name+".html")
		if err != nil {
			return nil, fmt.Errorf("demoweb: skin %s: %w", sk.name, err)
		}
		sk.template = t
		out[sk.name] = sk
	}
	return out, nil
}

// raw lets a template write what html/template would drop, such as comments; it is given constants only.
func raw(s string) template.HTML { return template.HTML(s) } //nolint:gosec // constants of the skins

var aliasPath = regexp.MustCompile(`^/t/(\d+)$`)

// serve answers a request that is about the site's own content.
func (sk *skin) serve(s *site, r *http.Request, asOf time.Time) answer {
	path, q := r.URL.Path, parseQuery(r.URL.RawQuery)
	if p := s.find(path); p != nil && (path != "/" || !s.hasBoards()) {
		if path != p.Path {
			return redirect(http.StatusMovedPermanently, "http://"+s.Host+escapePath(p.Path))
		}
		return sk.show(s, r, asOf, "page", func(v *view) { v.setPage(p) })
	}
	if m := aliasPath.FindStringSubmatch(path); m != nil && sk.name != "static" {
		id, _ := strconv.Atoi(m[1]) // digits by the pattern
		if t := s.threads[id]; t != nil {
			return redirect(http.StatusFound, sk.absolute(s, sk.thread(t, 1)))
		}
		return sk.missing(s, r, asOf)
	}
	if !s.hasBoards() {
		return sk.missing(s, r, asOf)
	}
	a := sk.ask(s, path, q)
	switch a.what {
	case "home":
		return sk.show(s, r, asOf, "home", func(v *view) { v.setHome(max(a.page, 1)) })
	case "board":
		return sk.boardPage(s, r, asOf, a)
	case "thread":
		return sk.threadPage(s, r, asOf, a)
	case "post", "goto":
		return sk.postPage(s, r, asOf, a)
	case "print":
		if t := s.threads[a.id]; t != nil {
			return sk.show(s, r, asOf, "print", func(v *view) { v.setThread(t, 1, len(t.Posts)) })
		}
	case "login":
		return sk.show(s, r, asOf, "login", func(v *view) { v.Title = v.T("Log in") })
	}
	return sk.missing(s, r, asOf)
}

func (sk *skin) boardPage(s *site, r *http.Request, asOf time.Time, a asked) answer {
	b := s.boards[a.id]
	page := a.at(sk.threads)
	if b == nil || page > pages(len(b.Threads), sk.threads) {
		return sk.missing(s, r, asOf)
	}
	return sk.show(s, r, asOf, "board", func(v *view) { v.setBoard(b, page) })
}

func (sk *skin) threadPage(s *site, r *http.Request, asOf time.Time, a asked) answer {
	t := s.threads[a.id]
	if t == nil {
		return sk.missing(s, r, asOf)
	}
	page := a.at(sk.posts)
	if page > pages(len(t.Posts), sk.posts) {
		return sk.missing(s, r, asOf)
	}
	canonical, err := url.Parse(sk.thread(t, page))
	if err == nil && slices.Contains([]string{"xenforo", "discourse", "vanilla"}, sk.name) && canonical.Path != r.URL.Path && a.skip < 0 {
		return redirect(http.StatusMovedPermanently, sk.absolute(s, sk.thread(t, page)))
	}
	return sk.show(s, r, asOf, "thread", func(v *view) { v.setThread(t, page, sk.posts) })
}

// postPage shows the page of a thread that holds a post, or leads to it.
func (sk *skin) postPage(s *site, r *http.Request, asOf time.Time, a asked) answer {
	p := s.posts[a.id]
	if a.hop != "" {
		t := s.threads[a.id]
		if t == nil {
			return sk.missing(s, r, asOf)
		}
		p = t.last()
		if i := slices.Index(t.board.Threads, t); a.hop == "next" {
			p = t.board.Threads[(i+1)%len(t.board.Threads)].first()
		} else if a.hop == "prev" {
			p = t.board.Threads[(i+len(t.board.Threads)-1)%len(t.board.Threads)].first()
		}
	}
	if p == nil {
		return sk.missing(s, r, asOf)
	}
	page := (p.number-1)/sk.posts + 1
	if a.what == "goto" {
		to := sk.thread(p.thread, page)
		if _, anchor, ok := strings.Cut(sk.post(p, page), "#"); ok {
			to += "#" + anchor
		}
		return redirect(http.StatusFound, sk.absolute(s, to))
	}
	return sk.show(s, r, asOf, "thread", func(v *view) { v.setThread(p.thread, page, sk.posts) })
}

func (sk *skin) missing(s *site, r *http.Request, asOf time.Time) answer {
	a := sk.show(s, r, asOf, "missing", func(v *view) { v.Title = v.T("Not found") })
	a.status, a.tagged, a.modified = http.StatusNotFound, false, time.Time{}
	return a
}

func (sk *skin) absolute(s *site, path string) string { return "http://" + s.Host + escapeURL(path) }

// show runs one template of the skin.
func (sk *skin) show(s *site, r *http.Request, asOf time.Time, name string, fill func(*view)) answer {
	v := &view{Site: s, Host: s.Host, Base: "http://" + s.Host, Lang: cmp.Or(s.Lang, "en"), Title: s.Title, AsOf: asOf, skin: sk, Path: r.URL.Path, Kind: name}
	if s.quirks.robots {
		v.Door = closedDoor
	}
	if s.quirks.calendar {
		v.Calendar = asOf.Format("/calendar/2006/01/")
	}
	v.Nav = v.nav()
	a := answer{status: http.StatusOK, kind: webtxt, header: sk.header, tagged: !s.quirks.mute && !s.quirks.lies, modified: s.changed}
	v.Bot = isBot(r.UserAgent())
	if _, err := r.Cookie(sk.cookie); sk.cookie != "" && err != nil {
		key := string(schemer.DigestOf([]byte(s.Host + r.UserAgent()))[:32])
		a.cookie = &http.Cookie{Name: sk.cookie, Value: key, Path: "/", HttpOnly: true}
		if sk.session != "" && !slices.ContainsFunc([]string{"Googlebot", "bingbot"}, func(b string) bool { return strings.Contains(r.UserAgent(), b) }) {
			v.session = key
		}
	}
	fill(v)
	if v.Page != nil && !v.Page.changed.IsZero() {
		a.modified = v.Page.changed
	}
	switch {
	case s.quirks.mute:
		a.modified = time.Time{}
	case s.quirks.lies:
		a.modified = asOf
	}
	var buf bytes.Buffer
	if err := sk.template.ExecuteTemplate(&buf, name, v); err != nil {
		return answer{status: http.StatusInternalServerError, kind: plain, body: []byte("demoweb: " + err.Error() + "\n")}
	}
	a.body = buf.Bytes()
	return a
}

func isBot(agent string) bool {
	agent = strings.ToLower(agent)
	return !strings.Contains(agent, "mozilla") || strings.Contains(agent, "bot")
}

// at turns an offset into a page, when the engine counts in offsets.
func (a asked) at(per int) int {
	if a.skip > 0 {
		return a.skip/per + 1
	}
	return max(a.page, 1)
}

func pages(items, per int) int { return max(1, (items+per-1)/per) }

// query holds parameters; the separator is & or ;.
type query map[string]string

func parseQuery(raw string) query {
	q := query{}
	for part := range strings.FieldsFuncSeq(raw, func(r rune) bool { return r == '&' || r == ';' }) {
		name, value, _ := strings.Cut(part, "=")
		name, err := url.QueryUnescape(name)
		value, err2 := url.QueryUnescape(value)
		if err == nil && err2 == nil {
			q[name] = value
		}
	}
	return q
}

// num returns a parameter as a number, 0 when it is none.
func (q query) num(name string) int {
	n, err := strconv.Atoi(q[name])
	if err != nil || n < 0 {
		return 0
	}
	return n
}

func escapePath(path string) string { return (&url.URL{Path: path}).EscapedPath() }

func escapeURL(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return raw
	}
	return u.String()
}
