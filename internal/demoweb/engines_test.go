package demoweb_test

import (
	"encoding/json"
	"io/fs"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"schemer/internal/demoweb"
	"schemer/seeds"

	"golang.org/x/net/html"
)

type pred = func(*html.Node) bool

func tag(name string) pred { return func(n *html.Node) bool { return n.Data == name } }

func with(name, value string) pred { return func(n *html.Node) bool { return attr(n, name) == value } }

func both(a, b pred) pred { return func(n *html.Node) bool { return a(n) && b(n) } }

func idStarts(prefix string) pred {
	return func(n *html.Node) bool {
		rest, ok := strings.CutPrefix(attr(n, "id"), prefix)
		_, err := strconv.Atoi(rest)
		return ok && err == nil
	}
}

func within(outer, inner pred) func(*html.Node) []*html.Node {
	return func(n *html.Node) []*html.Node {
		var out []*html.Node
		for _, o := range all(n, outer) {
			out = append(out, all(o, inner)...)
		}
		return out
	}
}

// layout is where a person who knows the engine looks for things.
type layout struct {
	boards  func(*html.Node) []*html.Node // links
	threads func(*html.Node) []*html.Node
	next    func(*html.Node) []*html.Node
	posts   pred
	number  func(*html.Node) string // the world's id of the post, or "#n" for its number in the thread
	author  func(*html.Node) string
	date    func(*html.Node) string
	form    string // of the date
	body    pred
	quote   pred // to be taken out of the body
	nests   bool // answers hang under what they answer instead of quoting it
}

func firstText(p pred) func(*html.Node) string {
	return func(n *html.Node) string {
		if found := all(n, p); len(found) > 0 {
			return text(found[0])
		}
		return ""
	}
}

func firstAttr(p pred, name string) func(*html.Node) string {
	return func(n *html.Node) string {
		if found := all(n, p); len(found) > 0 {
			return attr(found[0], name)
		}
		return ""
	}
}

func ownID(prefix string) func(*html.Node) string {
	return func(n *html.Node) string { return strings.TrimPrefix(attr(n, "id"), prefix) }
}

func own(name string) func(*html.Node) string {
	return func(n *html.Node) string { return attr(n, name) }
}

const iso = "2006-01-02T15:04:05Z07:00"

var layouts = map[string]layout{
	"phpbb": {
		boards: within(tag("body"), class("forumtitle")), threads: within(tag("body"), class("topictitle")),
		next:  within(class("next"), with("rel", "next")),
		posts: both(class("post"), idStarts("p")), number: ownID("p"),
		author: firstText(both(tag("a"), class("username"))), date: firstAttr(tag("time"), "datetime"), form: iso,
		body: class("content"), quote: tag("blockquote"),
	},
	"mybb": {
		boards:  within(func(n *html.Node) bool { return class("trow1")(n) && attr(n, "valign") == "top" }, tag("a")),
		threads: within(idStarts("tid_"), tag("a")),
		next: within(tag("body"), func(n *html.Node) bool {
			return class("pagination_next")(n) && !class("pagination_breadcrumb")(n.Parent)
		}),
		posts: both(class("post"), idStarts("post_")), number: ownID("post_"),
		author: firstText(class("largetext")),
		date: func(n *html.Node) string {
			d := all(n, class("post_date"))[0]
			return strings.TrimSpace(strings.TrimSuffix(text(d), text(all(d, class("post_edit"))[0])))
		},
		form: "01-02-2006, 03:04:05 PM", body: class("post_body"), quote: class("mycode_quote"),
	},
	"smf": {
		boards:  within(tag("body"), both(class("subject"), idStarts("b"))),
		threads: within(idStarts("msg_"), tag("a")),
		next: within(tag("body"), func(n *html.Node) bool {
			return class("nav_page")(n) && len(all(n, class("next_page"))) > 0
		}),
		posts: both(class("windowbg"), idStarts("msg")), number: ownID("msg"),
		author: within1(class("poster"), tag("a")), date: firstText(both(tag("a"), class("smalltext"))), form: "January 02, 2006, 03:04:05 PM",
		body: class("inner"), quote: class("bbc_standard_quote"),
	},
	"xenforo": {
		boards: within(class("node-title"), tag("a")), threads: within(class("structItem-title"), func(n *html.Node) bool { return has(n, "data-tp-primary") }),
		next:  within(tag("body"), class("pageNav-jump--next")),
		posts: class("message--post"), number: ownID("js-post-"), author: own("data-author"),
		date: within1Attr(class("message-attribution-main"), tag("time"), "datetime"), form: "2006-01-02T15:04:05-0700",
		body: class("message-body"), quote: class("bbCodeBlock--quote"),
	},
	"vbulletin": {
		boards: within(class("forumtitle"), tag("a")), threads: within(tag("body"), idStarts("thread_title_")),
		next:  within(class("prev_next"), with("rel", "next")),
		posts: both(class("postcontainer"), idStarts("post_")), number: ownID("post_"),
		author: within1(class("username_container"), tag("strong")), date: firstText(class("date")), form: "02.01.2006, 15:04:05 -07",
		body: both(class("postcontent"), class("restore")), quote: class("bbcode_quote"),
	},
	"discourse": {
		boards: within(class("category"), tag("a")), threads: within(tag("body"), class("raw-topic-link")),
		next:  within(tag("head"), with("rel", "next")),
		posts: class("crawler-post"), number: func(n *html.Node) string { return "#" + strings.TrimPrefix(attr(n, "id"), "post_") },
		author: within1(class("creator"), with("itemprop", "name")), date: firstAttr(class("post-time"), "datetime"), form: iso,
		body: class("post"), quote: class("quote"),
	},
	"nodebb": {
		boards: within(class("title"), with("itemprop", "url")), threads: within(with("component", "topic/header"), tag("a")),
		next:  within(tag("head"), with("rel", "next")),
		posts: with("component", "post"), number: own("data-pid"), author: own("data-username"),
		date: firstAttr(with("itemprop", "datePublished"), "content"), form: "2006-01-02T15:04:05.000Z07:00",
		body: with("component", "post/content"),
		quote: func(n *html.Node) bool {
			return n.Data == "blockquote" || n.Data == "p" && len(all(n, class("plugin-mentions-user"))) > 0
		},
	},
	"vanilla": {
		boards: within(idStarts("Category_"), class("Title")), threads: within(class("Title"), tag("a")),
		next: within(tag("body"), class("Next")),
		posts: func(n *html.Node) bool {
			return class("Item")(n) && (idStarts("Discussion_")(n) || idStarts("Comment_")(n))
		},
		number: func(n *html.Node) string {
			if strings.HasPrefix(attr(n, "id"), "Discussion_") {
				return "#1"
			}
			return strings.TrimPrefix(attr(n, "id"), "Comment_")
		},
		author: firstText(class("Username")), date: firstAttr(tag("time"), "datetime"), form: iso,
		body: class("Message"), quote: class("UserQuote"),
	},
	"wordpress": {
		boards: within(class("menu-item-object-category"), tag("a")), threads: within(class("entry-title"), tag("a")),
		next: within(tag("body"), class("next")),
		posts: func(n *html.Node) bool {
			return n.Data == "article" && (idStarts("post-")(n) || idStarts("div-comment-")(n))
		},
		number: func(n *html.Node) string {
			if strings.HasPrefix(attr(n, "id"), "post-") {
				return "#1"
			}
			return strings.TrimPrefix(attr(n, "id"), "div-comment-")
		},
		author: firstText(class("fn")), date: firstAttr(tag("time"), "datetime"), form: iso,
		body: func(n *html.Node) bool { return class("entry-content")(n) || class("comment-content")(n) }, quote: tag("blockquote"), nests: true,
	},
	"static": {
		boards: within(class("sections"), tag("a")), threads: within(class("list"), tag("a")), next: within(class("pages"), with("rel", "next")),
		posts: idStarts("p"), number: ownID("p"),
		author: func(n *html.Node) string {
			if name := within(tag("p"), with("itemprop", "name"))(n); len(name) > 0 {
				return text(name[0])
			}
			return firstText(tag("b"))(n)
		},
		date: firstAttr(tag("time"), "datetime"), form: iso,
		body: func(n *html.Node) bool {
			return slices.Contains([]string{"review-text", "reply-text", "text", "said"}, attr(n, "class"))
		},
		quote: tag("blockquote"),
	},
}

func within1(outer, inner pred) func(*html.Node) string {
	return func(n *html.Node) string { return text(within(outer, inner)(n)[0]) }
}

func within1Attr(outer, inner pred, name string) func(*html.Node) string {
	return func(n *html.Node) string { return attr(within(outer, inner)(n)[0], name) }
}

// told is a post as the world tells it.
type told struct {
	ID      int       `json:"id"`
	Author  string    `json:"author"`
	Date    time.Time `json:"date"`
	Until   string    `json:"until"`
	Text    string    `json:"text"`
	QuoteOf int       `json:"quote_of"`
}

type toldSite struct {
	Host, Engine, Kind string
	Boards             []struct {
		Threads []struct {
			ID    int
			Posts []told
		}
	}
}

func worldSites(t *testing.T) []toldSite {
	t.Helper()
	files, err := fs.Glob(seeds.Demo(), "sites/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal("no sites", err)
	}
	var out []toldSite
	for _, f := range files {
		raw, err := fs.ReadFile(seeds.Demo(), f)
		if err != nil {
			t.Fatal(err)
		}
		var s toldSite
		if err := json.Unmarshal(raw, &s); err != nil {
			t.Fatal(f, err)
		}
		out = append(out, s)
	}
	return out
}

// visible returns the posts of a site that stand on a day, by id and, for engines that hide ids, "#n" in a thread.
func (s toldSite) visible(at time.Time) map[string]told {
	out := map[string]told{}
	for _, b := range s.Boards {
		for _, th := range b.Threads {
			slices.SortStableFunc(th.Posts, func(a, b told) int { return a.Date.Compare(b.Date) })
			opener := true
			for i, p := range th.Posts {
				if p.Date.After(at) || p.Until != "" && p.Until <= at.Format(time.DateOnly) {
					continue
				}
				key := strconv.Itoa(p.ID)
				switch s.Engine {
				case "discourse":
					key = strconv.Itoa(th.ID) + "#" + strconv.Itoa(i+1)
				case "vanilla", "wordpress":
					if opener {
						key = strconv.Itoa(th.ID) + "#1"
					}
				}
				opener = false
				out[key] = p
			}
		}
	}
	return out
}

var (
	marks   = regexp.MustCompile("[*#`]|(?m:^- )")
	numbers = regexp.MustCompile(`(^|\s)[1-9][.] `)
)

// bare strips the light markup of the world; the numbers of lists go too, since some engines keep them and some do not.
func bare(s string) string {
	return strings.Join(strings.Fields(numbers.ReplaceAllString(marks.ReplaceAllString(s, ""), " ")), " ")
}

// walk follows boards, threads and next pages as a reader does and returns every post found, by id.
func walk(t *testing.T, v *visitor, s toldSite, seen map[string]int, check func(key string, post *html.Node)) {
	t.Helper()
	l := layouts[s.Engine]
	home := "http://" + s.Host + "/"
	for _, board := range links(t, home, l.boards(v.page(home))) {
		for _, thread := range through(t, v, board, l, l.threads) {
			id := ""
			through(t, v, thread, l, func(doc *html.Node) []*html.Node {
				for _, p := range all(doc, l.posts) {
					key := l.number(p)
					if strings.HasPrefix(key, "#") {
						if id == "" {
							id = threadID(s, v, thread)
						}
						key = id + key
					}
					seen[key]++
					check(key, p)
				}
				return nil
			})
		}
	}
}

var digits = regexp.MustCompile(`\d+`)

// threadID finds the world's id of a thread from its address, or from the shortlink of a page that hides it.
func threadID(s toldSite, v *visitor, address string) string {
	if s.Engine == "wordpress" {
		return digits.FindString(firstAttr(with("rel", "shortlink"), "href")(v.page(address)))
	}
	u, err := url.Parse(address)
	if err != nil {
		v.t.Fatal(err)
	}
	all := digits.FindAllString(u.Path, -1)
	if s.Engine == "vanilla" {
		return all[0]
	}
	return all[len(all)-1]
}

// through visits a list or thread page by page and gathers the links that pick finds.
func through(t *testing.T, v *visitor, start string, l layout, pick func(*html.Node) []*html.Node) []string {
	t.Helper()
	var out []string
	for address, n := start, 0; address != ""; n++ {
		if n > 50 {
			t.Fatalf("%s: more than 50 pages", start)
		}
		doc := v.page(address)
		out = append(out, links(t, address, pick(doc))...)
		next := links(t, address, l.next(doc))
		address = ""
		if len(next) > 0 {
			address = next[0]
		}
	}
	return out
}

func links(t *testing.T, base string, nodes []*html.Node) []string {
	t.Helper()
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, n := range nodes {
		to, err := u.Parse(attr(n, "href"))
		if err != nil {
			t.Fatal(err)
		}
		to.Fragment = ""
		if !slices.Contains(out, to.String()) {
			out = append(out, to.String())
		}
	}
	return out
}

func drop(n *html.Node, quote pred) {
	for _, q := range all(n, quote) {
		if q.Parent != nil {
			q.Parent.RemoveChild(q)
		}
	}
}

func TestEveryPostStandsOnceInItsEnginesMarkup(t *testing.T) {
	for name, o := range map[string]demoweb.Options{"customary pages": {}, "pages of three": {PostsPerPage: 3, ThreadsPerPage: 3}} {
		t.Run(name, func(t *testing.T) {
			_, v := serve(t, o)
			engines := map[string]int{}
			for _, s := range worldSites(t) {
				if len(s.Boards) == 0 {
					continue
				}
				want, seen, l := s.visible(day), map[string]int{}, layouts[s.Engine]
				walk(t, v, s, seen, func(key string, p *html.Node) {
					truth, known := want[key]
					if !known {
						t.Errorf("%s: post %s is none of the world's visible ones", s.Host, key)
						return
					}
					comparePost(t, s.Host, l, p, truth)
				})
				for key := range want {
					if seen[key] != 1 {
						t.Errorf("%s: post %s stands %d times, want once", s.Host, key, seen[key])
					}
				}
				engines[s.Engine] += len(seen)
			}
			if len(engines) != 10 {
				t.Errorf("posts on engines %v; the world has ten", slices.Sorted(maps.Keys(engines)))
			}
		})
	}
}

func comparePost(t *testing.T, host string, l layout, p *html.Node, truth told) {
	t.Helper()
	if got := l.author(p); got != truth.Author {
		t.Errorf("%s: post %d by %q, want %q", host, truth.ID, got, truth.Author)
	}
	raw := strings.ReplaceAll(l.date(p), "\u00a0", " ")
	if strings.HasSuffix(l.form, " -07") {
		raw += " +03"
	}
	date, err := time.Parse(l.form, raw)
	if err != nil || !date.Equal(truth.Date) {
		t.Errorf("%s: post %d of %s (%v), want %s", host, truth.ID, raw, err, truth.Date)
	}
	body := all(p, l.body)
	if len(body) == 0 {
		t.Fatalf("%s: post %d has no body", host, truth.ID)
	}
	quotes := len(all(p, l.quote))
	drop(body[0], l.quote)
	if got := bare(strings.TrimSuffix(text(body[0]), text1(body[0], class("user-signature")))); got != bare(truth.Text) {
		t.Errorf("%s: post %d says\n%q, want\n%q", host, truth.ID, got, bare(truth.Text))
	}
	if truth.QuoteOf != 0 && quotes == 0 && !l.nests {
		t.Errorf("%s: post %d quotes %d, but shows no quote", host, truth.ID, truth.QuoteOf)
	}
}

func text1(n *html.Node, p pred) string {
	if found := all(n, p); len(found) > 0 {
		return text(found[0])
	}
	return ""
}

func TestPermalinksAndTheWorldsOwnAddressesLeadToThePost(t *testing.T) {
	_, v := serve(t, demoweb.Options{PostsPerPage: 3})
	for _, s := range worldSites(t) {
		if len(s.Boards) == 0 {
			continue
		}
		l := layouts[s.Engine]
		thread := s.Boards[0].Threads[0]
		address := "http://" + s.Host + "/t/" + strconv.Itoa(thread.ID)
		res, body := v.get(address)
		for hops := 0; res.StatusCode/100 == 3 && hops < 3; hops++ {
			address = res.Header.Get("Location")
			res, body = v.get(address)
		}
		if res.StatusCode != http.StatusOK || len(all(parse(t, body), l.posts)) == 0 {
			t.Errorf("%s: /t/%d leads to %s %s without posts", s.Host, thread.ID, res.Status, address)
		}
	}
}
