package extract

import (
	"strings"
	"time"
)

// hyperkitty reads the mail archive of Mailman 3.
var hyperkitty = skin{
	name: "hyperkitty",
	is: func(p *page) bool {
		return p.has(css(".email-header, .email-body, a.thread-title[name], tr.list a.list-name")) && p.has(css(".email .email-body, a.thread-title, a.list-name"))
	},
	post: css("div.email"),
	number: func(p *page, lo, hi int) string {
		return p.nodes[max(p.first(lo, hi, css(".email-header[id]")), lo)].id()
	},
	author: css(".email-author .name, .email-author"), date: css(".email-header .time span[title], .time span[title], .email-date span[title]"),
	dateOf: hyperkittyDate,
	link:   css(".messagelink a"),
	perma: func(p *page, _, _ int, number, href string) string {
		if href == "" && number != "" {
			return cutFragment(p.address()) + "#" + number
		}
		return href
	},
	body: css(".email-body"),
	cut: cuts{
		drop: css(".quoted-switch, .attachments"), quote: css("blockquote.quoted-text, blockquote, .quoted-text"), before: hyperkittyBefore,
		sig: css(".text-muted, .signature"), code: css("pre"),
	},
	title: css("h2#thread-title, .thread-header h3, h3.thread-title, h3"), boards: css(".navbar-brand-list, a.list-name, .page-header a[href*=/list/]"),
	thread: func(p *page) (id, url string) {
		u := cutFragment(p.address())
		k := strings.Index(u, "/thread/")
		if k < 0 {
			return "", u
		}
		id, _, _ = strings.Cut(u[k+len("/thread/"):], "/")
		return id, u[:k] + "/thread/" + id + "/"
	},
	row: css(".thread"), rowTitle: css("a.thread-title, .thread-title a"), rowLast: css(".thread-date"),
	boardLink: css("a.list-name"), next: css(".pagination .next a, .page-item.next a, a.page-link[rel=next]"), pager: css(".pagination"),
	kind: func(ref string) string {
		switch {
		case strings.Contains(ref, "/thread/"):
			return linkThread
		case strings.Contains(ref, "/message/"):
			return linkPost
		case strings.Contains(ref, "/list/"):
			if strings.Contains(ref, "/feed/") || strings.Contains(ref, "/export/") || strings.Contains(ref, "/new") {
				return linkNoise
			}
			return linkBoard
		case strings.Contains(ref, "/users/"):
			return linkProfile
		case strings.Contains(ref, "/accounts/"), strings.Contains(ref, "/search"):
			return linkNoise
		case strings.Contains(ref, "/attachment/"):
			return linkAttachment
		}
		return ""
	},
	offset: func(*page) int { return -1 },
}

// hyperkittyDate reads title="Sender's time: June 22, 2024, 4:27 p.m."; the visible text may lack the year.
func hyperkittyDate(p *page, d int) string {
	title := p.attr(d, "title")
	_, raw, ok := strings.Cut(title, ": ")
	if !ok {
		raw = title
	}
	return djangoTime(raw)
}

// djangoTime rewrites Django's "4:27 p.m.", "9 a.m.", "noon" and "midnight" as a clock everybody reads.
func djangoTime(s string) string {
	s = strings.Replace(s, "noon", "12:00 PM", 1)
	s = strings.Replace(s, "midnight", "12:00 AM", 1)
	s = strings.Replace(strings.Replace(s, "a.m.", "AM", 1), "p.m.", "PM", 1)
	if at, err := time.Parse("January 2, 2006, 3:04 PM", expandMonth(s)); err == nil {
		return at.Format("2006-01-02 15:04")
	}
	if at, err := time.Parse("January 2, 2006, 3 PM", expandMonth(s)); err == nil {
		return at.Format("2006-01-02 15:04")
	}
	return s
}

// expandMonth writes Django's short months ("Sept.", "Feb.") in full.
func expandMonth(s string) string {
	for _, m := range [...][2]string{{"Jan. ", "January "}, {"Feb. ", "February "}, {"Aug. ", "August "}, {"Sept. ", "September "}, {"Oct. ", "October "}, {"Nov. ", "November "}, {"Dec. ", "December "}} {
		if rest, ok := strings.CutPrefix(s, m[0]); ok {
			return m[1] + rest
		}
	}
	return s
}

// hyperkittyBefore finds the attribution "On …, X wrote:", a paragraph of its own before the quote or its switch.
func hyperkittyBefore(p *page, i int) int {
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
		if p.is(k, css(".quoted-switch")) {
			continue
		}
		if p.is(k, css("p")) && strings.HasSuffix(p.inline(k), ":") && quotedAuthor(p.inline(k)) != "" {
			return k
		}
		return -1
	}
	return -1
}
