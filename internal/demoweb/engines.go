package demoweb

import (
	"cmp"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// paged appends an engine's page suffix, but for the first page.
func paged(address, format string, page int) string {
	if page <= 1 {
		return address
	}
	return address + fmt.Sprintf(format, page)
}

func newestFirst(threads []*thread) {
	slices.SortStableFunc(threads, func(a, b *thread) int { return b.first().Date.Compare(a.first().Date.Time) })
}

// atoi reads digits that a pattern has matched; "" is 0.
func atoi(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

var (
	xfBoard  = regexp.MustCompile(`^/forums/(?:[^/]*\.)?(\d+)(?:/(?:page-(\d+))?)?$`)
	xfThread = regexp.MustCompile(`^/threads/(?:[^/]*\.)?(\d+)(?:/(?:page-(\d+)|post-(\d+)|(latest|unread))?)?$`)
	xfNoise  = regexp.MustCompile(`^/(?:threads/[^/]*/reply|posts/\d+/report|forums/[^/]*/post-thread)$`)
	xfPost   = regexp.MustCompile(`^/posts/(\d+)/?$`)
)

var xenforoURLs = addresses{
	home: "/",
	board: func(b *board, page int) string {
		return paged(fmt.Sprintf("/forums/%s.%d/", b.slug, b.ID), "page-%d", page)
	},
	thread: func(t *thread, page int) string {
		return paged(fmt.Sprintf("/threads/%s.%d/", t.slug, t.ID), "page-%d", page)
	},
	post: func(p *post, page int) string {
		return paged(fmt.Sprintf("/threads/%s.%d/", p.thread.slug, p.thread.ID), "page-%d", page) + fmt.Sprintf("#post-%d", p.ID)
	},
	user: func(id int, name string) string { return fmt.Sprintf("/members/%s.%d/", slug(name), id) },
	ask: func(_ *site, path string, q query) asked {
		if m := xfBoard.FindStringSubmatch(path); m != nil {
			return asked{what: "board", id: atoi(m[1]), page: atoi(m[2]), skip: -1}
		}
		if m := xfThread.FindStringSubmatch(path); m != nil {
			switch {
			case m[3] != "":
				return asked{what: "goto", id: atoi(m[3])}
			case m[4] != "":
				return asked{what: "goto", id: atoi(m[1]), hop: "last"}
			}
			return asked{what: "thread", id: atoi(m[1]), page: atoi(m[2]), skip: -1}
		}
		if m := xfPost.FindStringSubmatch(path); m != nil {
			return asked{what: "goto", id: atoi(m[1])}
		}
		switch {
		case path == "/" || path == "/forums/":
			return asked{what: "home"}
		case path == "/goto/post":
			return asked{what: "goto", id: q.num("id")}
		case xfNoise.MatchString(path) || hasAny(path, "/members/", "/whats-new/", "/search/", "/misc/", "/login/", "/account/"):
			return asked{what: "login"}
		}
		return asked{}
	},
}

func hasAny(path string, starts ...string) bool {
	return slices.ContainsFunc(starts, func(p string) bool { return strings.HasPrefix(path, p) })
}

var (
	dcBoard  = regexp.MustCompile(`^/c/[^/]*/(\d+)$`)
	dcThread = regexp.MustCompile(`^/t/[^/]*/(\d+)(?:/(\d+))?$`)
)

var discourseURLs = addresses{
	home: "/",
	board: func(b *board, page int) string {
		return discoursePage(fmt.Sprintf("/c/%s/%d", b.slug, b.ID), page, 0)
	},
	thread: func(t *thread, page int) string {
		return discoursePage(fmt.Sprintf("/t/%s/%d", t.slug, t.ID), page, 1)
	},
	post: func(p *post, _ int) string {
		return fmt.Sprintf("/t/%s/%d/%d", p.thread.slug, p.thread.ID, p.seq)
	},
	user: func(_ int, name string) string { return "/u/" + slug(name) },
	ask: func(s *site, path string, q query) asked {
		if m := dcBoard.FindStringSubmatch(path); m != nil {
			return asked{what: "board", id: atoi(m[1]), page: q.num("page") + 1}
		}
		if m := dcThread.FindStringSubmatch(path); m != nil {
			if t := s.threads[atoi(m[1])]; t != nil && m[2] != "" {
				return asked{what: "post", id: t.nearest(atoi(m[2])).ID}
			}
			return asked{what: "thread", id: atoi(m[1]), page: q.num("page"), skip: -1}
		}
		switch {
		case path == "/" || path == "/categories" || path == "/latest":
			return asked{what: "home"}
		case hasAny(path, "/u/", "/login", "/my/", "/search"):
			return asked{what: "login"}
		}
		return asked{}
	},
}

// discoursePage counts lists from page 0 and topics from page 1.
func discoursePage(address string, page, first int) string {
	if page <= 1 {
		return address
	}
	return fmt.Sprintf("%s?page=%d", address, page-1+first)
}

// nearest returns the visible post with the given number, or the one before it.
func (t *thread) nearest(seq int) *post {
	found := t.first()
	for _, p := range t.Posts {
		if p.seq <= seq {
			found = p
		}
	}
	return found
}

var (
	nbBoard  = regexp.MustCompile(`^/category/(\d+)(?:/[^/]*)?$`)
	nbThread = regexp.MustCompile(`^/topic/(\d+)(?:/[^/]*)?(?:/(\d+))?$`)
	nbPost   = regexp.MustCompile(`^/post/(\d+)$`)
)

var nodebbURLs = addresses{
	home: "/",
	board: func(b *board, page int) string {
		return paged(fmt.Sprintf("/category/%d/%s", b.ID, b.slug), "?page=%d", page)
	},
	thread: func(t *thread, page int) string {
		return paged(fmt.Sprintf("/topic/%d/%s", t.ID, t.slug), "?page=%d", page)
	},
	post: func(p *post, _ int) string { return fmt.Sprintf("/post/%d", p.ID) },
	user: func(_ int, name string) string { return "/user/" + slug(name) },
	ask: func(s *site, path string, q query) asked {
		if m := nbBoard.FindStringSubmatch(path); m != nil {
			return asked{what: "board", id: atoi(m[1]), page: q.num("page")}
		}
		if m := nbThread.FindStringSubmatch(path); m != nil {
			if t := s.threads[atoi(m[1])]; t != nil && m[2] != "" {
				return asked{what: "post", id: t.nearest(atoi(m[2])).ID}
			}
			return asked{what: "thread", id: atoi(m[1]), page: q.num("page")}
		}
		if m := nbPost.FindStringSubmatch(path); m != nil {
			return asked{what: "goto", id: atoi(m[1])}
		}
		switch {
		case path == "/" || path == "/categories":
			return asked{what: "home"}
		case hasAny(path, "/user/", "/login", "/compose", "/search", "/users"):
			return asked{what: "login"}
		}
		return asked{}
	},
}

var (
	vnBoard  = regexp.MustCompile(`^/categories/([^/]+)(?:/p(\d+))?$`)
	vnThread = regexp.MustCompile(`^/discussion/(\d+)(?:/[^/]*)?(?:/p(\d+))?$`)
	vnPost   = regexp.MustCompile(`^/discussion/comment/(\d+)/?$`)
)

var vanillaURLs = addresses{
	home: "/categories",
	board: func(b *board, page int) string {
		return paged("/categories/"+b.slug, "/p%d", page)
	},
	thread: func(t *thread, page int) string {
		return paged(fmt.Sprintf("/discussion/%d/%s", t.ID, t.slug), "/p%d", page)
	},
	post: func(p *post, _ int) string {
		if p.number == 1 {
			return fmt.Sprintf("/discussion/%d/%s", p.thread.ID, p.thread.slug)
		}
		return fmt.Sprintf("/discussion/comment/%d/#Comment_%d", p.ID, p.ID)
	},
	user: func(_ int, name string) string { return "/profile/" + url.PathEscape(name) },
	ask: func(s *site, path string, _ query) asked {
		if m := vnPost.FindStringSubmatch(path); m != nil {
			return asked{what: "goto", id: atoi(m[1])}
		}
		if m := vnThread.FindStringSubmatch(path); m != nil {
			return asked{what: "thread", id: atoi(m[1]), page: atoi(m[2]), skip: -1}
		}
		if m := vnBoard.FindStringSubmatch(path); m != nil {
			for _, b := range s.Boards {
				if b.slug == m[1] {
					return asked{what: "board", id: b.ID, page: atoi(m[2])}
				}
			}
		}
		switch {
		case path == "/" || path == "/categories" || path == "/discussions":
			return asked{what: "home"}
		case hasAny(path, "/profile/", "/entry/", "/search", "/messages/", "/post/"):
			return asked{what: "login"}
		}
		return asked{}
	},
}

var (
	wpPost = regexp.MustCompile(`^/(\d{4})/(\d{2})/([^/]+)/(?:comment-page-(\d+)/?)?$`)
	wpPage = regexp.MustCompile(`^/page/(\d+)/?$`)
	wpCat  = regexp.MustCompile(`^/category/([^/]+)/(?:page/(\d+)/?)?$`)
)

var wordpressURLs = addresses{
	home:  "/",
	board: func(b *board, page int) string { return paged("/category/"+b.slug+"/", "page/%d/", page) },
	thread: func(t *thread, page int) string {
		return paged(t.first().Date.Format("/2006/01/")+t.slug+"/", "comment-page-%d/", page)
	},
	post: func(p *post, page int) string {
		address := paged(p.thread.first().Date.Format("/2006/01/")+p.thread.slug+"/", "comment-page-%d/", page)
		if p.number == 1 {
			return address
		}
		return fmt.Sprintf("%s#comment-%d", address, p.ID)
	},
	user: func(_ int, name string) string { return "/author/" + slug(name) + "/" },
	ask: func(s *site, path string, q query) asked {
		if m := wpPost.FindStringSubmatch(path); m != nil {
			for _, t := range s.threads {
				if t.slug == m[3] && t.first().Date.Format("2006/01") == m[1]+"/"+m[2] {
					return asked{what: "thread", id: t.ID, page: atoi(m[4])}
				}
			}
			return asked{}
		}
		if m := wpCat.FindStringSubmatch(path); m != nil {
			for _, b := range s.Boards {
				if b.slug == m[1] {
					return asked{what: "board", id: b.ID, page: atoi(m[2])}
				}
			}
		}
		m := wpPage.FindStringSubmatch(path)
		switch {
		case m != nil:
			return asked{what: "home", page: atoi(m[1])}
		case path == "/" && q["p"] != "":
			t := s.threads[q.num("p")]
			if t == nil {
				return asked{}
			}
			return asked{what: "goto", id: t.first().ID}
		case path == "/":
			return asked{what: "home"}
		case hasAny(path, "/wp-login.php", "/wp-admin/"):
			return asked{what: "login"}
		}
		return asked{}
	},
}

var (
	ownBoard  = regexp.MustCompile(`^/b/(\d+)$`)
	ownThread = regexp.MustCompile(`^/t/(\d+)$`)
)

var staticURLs = addresses{
	home:   "/",
	board:  func(b *board, page int) string { return paged(fmt.Sprintf("/b/%d", b.ID), "?page=%d", page) },
	thread: func(t *thread, page int) string { return paged(fmt.Sprintf("/t/%d", t.ID), "?page=%d", page) },
	post: func(p *post, page int) string {
		return paged(fmt.Sprintf("/t/%d", p.thread.ID), "?page=%d", page) + fmt.Sprintf("#p%d", p.ID)
	},
	user: func(_ int, name string) string { return "/by/" + url.PathEscape(slug(name)) },
	ask: func(_ *site, path string, q query) asked {
		if m := ownBoard.FindStringSubmatch(path); m != nil {
			return asked{what: "board", id: atoi(m[1]), page: cmp.Or(q.num("page"), 1)}
		}
		if m := ownThread.FindStringSubmatch(path); m != nil {
			return asked{what: "thread", id: atoi(m[1]), page: cmp.Or(q.num("page"), 1)}
		}
		switch {
		case path == "/":
			return asked{what: "home"}
		case hasAny(path, "/by/", "/login"):
			return asked{what: "login"}
		}
		return asked{}
	},
}
