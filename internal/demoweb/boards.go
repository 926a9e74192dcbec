package demoweb

import (
	"fmt"
	"strconv"
	"strings"
)

// phpbbURLs counts in offsets, which depend on how many items a page holds.
func phpbbURLs(posts, threads int) addresses {
	return addresses{
		home:  "/index.php",
		board: func(b *board, page int) string { return phpbbOffset("/viewforum.php?f=", b.ID, page, threads) },
		thread: func(t *thread, page int) string {
			return phpbbOffset("/viewtopic.php?t=", t.ID, page, posts)
		},
		post: func(p *post, _ int) string { return fmt.Sprintf("/viewtopic.php?p=%d#p%d", p.ID, p.ID) },
		user: func(id int, _ string) string { return fmt.Sprintf("/memberlist.php?mode=viewprofile&u=%d", id) },
		ask: func(_ *site, path string, q query) asked {
			switch path {
			case "/", "/index.php":
				return asked{what: "home"}
			case "/viewforum.php":
				return asked{what: "board", id: q.num("f"), skip: q.num("start")}
			case "/viewtopic.php":
				switch {
				case q["view"] == "print":
					return asked{what: "print", id: q.num("t")}
				case q["view"] == "next" || q["view"] == "previous":
					return asked{what: "goto", id: q.num("t"), hop: q["view"][:4]}
				case q["p"] != "":
					return asked{what: "post", id: q.num("p")}
				}
				return asked{what: "thread", id: q.num("t"), skip: q.num("start")}
			case "/memberlist.php", "/ucp.php", "/posting.php", "/report.php", "/search.php":
				return asked{what: "login"}
			}
			return asked{}
		},
	}
}

func phpbbOffset(address string, id, page, per int) string {
	if page <= 1 {
		return address + strconv.Itoa(id)
	}
	return fmt.Sprintf("%s%d&start=%d", address, id, (page-1)*per)
}

var mybbURLs = addresses{
	home: "/index.php",
	board: func(b *board, page int) string {
		return paged(fmt.Sprintf("/forumdisplay.php?fid=%d", b.ID), "&page=%d", page)
	},
	thread: func(t *thread, page int) string {
		return paged(fmt.Sprintf("/showthread.php?tid=%d", t.ID), "&page=%d", page)
	},
	post: func(p *post, _ int) string {
		return fmt.Sprintf("/showthread.php?tid=%d&pid=%d#pid%d", p.thread.ID, p.ID, p.ID)
	},
	user: func(id int, _ string) string { return fmt.Sprintf("/member.php?action=profile&uid=%d", id) },
	ask: func(_ *site, path string, q query) asked {
		switch path {
		case "/", "/index.php":
			return asked{what: "home"}
		case "/forumdisplay.php":
			return asked{what: "board", id: q.num("fid"), page: q.num("page")}
		case "/showthread.php":
			switch q["action"] {
			case "lastpost", "newpost":
				return asked{what: "goto", id: q.num("tid"), hop: "last"}
			case "nextnewest", "nextoldest":
				return asked{what: "goto", id: q.num("tid"), hop: map[string]string{"nextnewest": "next", "nextoldest": "prev"}[q["action"]]}
			}
			if q["pid"] != "" {
				return asked{what: "post", id: q.num("pid")}
			}
			return asked{what: "thread", id: q.num("tid"), page: q.num("page")}
		case "/printthread.php":
			return asked{what: "print", id: q.num("tid")}
		case "/member.php", "/memberlist.php", "/newreply.php", "/newthread.php", "/report.php", "/search.php", "/misc.php":
			return asked{what: "login"}
		case "/archive/index.php":
			for name := range q {
				if id, ok := strings.CutPrefix(name, "thread-"); ok {
					return asked{what: "print", id: atoi(strings.TrimSuffix(id, ".html"))}
				}
			}
		}
		return asked{}
	},
}

// smfURLs counts in offsets too.
func smfURLs(posts, threads int) addresses {
	return addresses{
		home: "/index.php",
		board: func(b *board, page int) string {
			return fmt.Sprintf("/index.php?board=%d.%d", b.ID, (max(page, 1)-1)*threads)
		},
		thread: func(t *thread, page int) string {
			return fmt.Sprintf("/index.php?topic=%d.%d", t.ID, (max(page, 1)-1)*posts)
		},
		post: func(p *post, _ int) string { return fmt.Sprintf("/index.php?msg=%d", p.ID) },
		user: func(id int, _ string) string { return fmt.Sprintf("/index.php?action=profile;u=%d", id) },
		ask: func(_ *site, path string, q query) asked {
			if path != "/" && path != "/index.php" {
				return asked{}
			}
			topic, offset, _ := strings.Cut(q["topic"], ".")
			board, skip, _ := strings.Cut(q["board"], ".")
			message, isMessage := strings.CutPrefix(offset, "msg")
			switch {
			case q["action"] == "printpage":
				return asked{what: "print", id: atoi(topic)}
			case q["action"] != "" && q["action"] != "forum":
				return asked{what: "login"}
			case q["msg"] != "":
				return asked{what: "goto", id: q.num("msg")}
			case q["prev_next"] != "":
				return asked{what: "goto", id: atoi(topic), hop: q["prev_next"]}
			case isMessage:
				return asked{what: "post", id: atoi(message)}
			case offset == "new":
				return asked{what: "goto", id: atoi(topic), hop: "last"}
			case topic != "":
				return asked{what: "thread", id: atoi(topic), skip: atoi(offset)}
			case board != "":
				return asked{what: "board", id: atoi(board), skip: atoi(skip)}
			}
			return asked{what: "home"}
		},
	}
}

var vbulletinURLs = addresses{
	home: "/forum.php",
	board: func(b *board, page int) string {
		return paged(fmt.Sprintf("/forumdisplay.php?f=%d", b.ID), "&page=%d", page)
	},
	thread: func(t *thread, page int) string {
		return paged(fmt.Sprintf("/showthread.php?t=%d", t.ID), "&page=%d", page)
	},
	post: func(p *post, _ int) string { return fmt.Sprintf("/showthread.php?p=%d#post%d", p.ID, p.ID) },
	user: func(id int, _ string) string { return fmt.Sprintf("/member.php?u=%d", id) },
	ask: func(_ *site, path string, q query) asked {
		switch path {
		case "/", "/index.php", "/forum.php":
			return asked{what: "home"}
		case "/forumdisplay.php":
			return asked{what: "board", id: q.num("f"), page: q.num("page")}
		case "/showthread.php":
			switch q["goto"] {
			case "newpost", "lastpost":
				return asked{what: "goto", id: q.num("t"), hop: "last"}
			case "nextnewest", "nextoldest":
				return asked{what: "goto", id: q.num("t"), hop: map[string]string{"nextnewest": "next", "nextoldest": "prev"}[q["goto"]]}
			}
			if q["p"] != "" {
				return asked{what: "post", id: q.num("p")}
			}
			return asked{what: "thread", id: q.num("t"), page: q.num("page")}
		case "/showpost.php":
			return asked{what: "post", id: q.num("p")}
		case "/printthread.php":
			return asked{what: "print", id: q.num("t")}
		case "/member.php", "/memberlist.php", "/newreply.php", "/newthread.php", "/report.php", "/search.php", "/login.php", "/misc.php":
			return asked{what: "login"}
		}
		return asked{}
	},
}
