package demoweb

import (
	"cmp"
	"fmt"
	"html"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/encoding/charmap"
)

// quirks are the habits of one host; they follow from what the world holds, never from a name.
type quirks struct {
	robots      bool    // has a robots.txt
	sitemap     bool    // has a sitemap
	delay       float64 // Crawl-delay in seconds
	busy        bool    // answers the first page with 503
	calendar    bool    // has a calendar without end
	charset1251 bool    // speaks windows-1251 and says so in a meta element only
	mute        bool    // gives no validators, so nothing is ever 304
	lies        bool    // sends a Last-Modified that means nothing
}

// closedDoor is the path that robots.txt closes. What lies behind it must never be fetched by a polite crawler.
const closedDoor = "/staff-only/"

// giveQuirks deals the habits out, in order of host name.
func giveQuirks(sites map[string]*site) {
	var order []*site
	for _, s := range sites {
		order = append(order, s)
	}
	slices.SortFunc(order, func(a, b *site) int { return cmp.Compare(a.Host, b.Host) })
	for i, s := range order {
		s.quirks.robots = s.hasBoards() || i%3 != 0
		s.quirks.sitemap = slices.Contains([]string{"wordpress", "xenforo", "discourse", "nodebb"}, s.Engine) || s.Engine == "static" && i%2 == 0
		if s.hasBoards() {
			s.quirks.delay = 0.1
		}
		s.quirks.mute = s.Engine == "mybb"
		s.quirks.lies = s.Engine == "smf"
	}
	mark := func(fits func(*site) bool, give func(*quirks)) {
		if i := slices.IndexFunc(order, fits); i >= 0 {
			give(&order[i].quirks)
		}
	}
	mark(func(s *site) bool { return s.Engine == "static" && !s.hasBoards() && cyrillic(s) },
		func(q *quirks) { q.charset1251 = true })
	mark(func(s *site) bool { return s.Kind == "directory" }, func(q *quirks) { q.robots, q.busy = true, true })
	mark(func(s *site) bool { return s.Kind == "blog" || s.Kind == "news" }, func(q *quirks) { q.calendar = true })
	mark(func(s *site) bool { return s.Kind == "other" && !s.hasBoards() },
		func(q *quirks) { q.robots, q.delay = true, 1 })
}

// cyrillic says whether the site is Russian or Ukrainian and fits into windows-1251.
func cyrillic(s *site) bool {
	if s.Lang != "ru" && s.Lang != "uk" {
		return false
	}
	for _, p := range s.Pages {
		if _, err := charmap.Windows1251.NewEncoder().String(p.Title + p.Markdown); err != nil {
			return false
		}
	}
	return true
}

// manners answers what is the same on every engine: robots.txt, sitemaps, the closed door, the calendar.
func (s *site) manners(r *http.Request, asOf time.Time) (answer, bool) {
	path := r.URL.Path
	switch {
	case path == "/robots.txt" && s.quirks.robots:
		return answer{status: http.StatusOK, kind: plain, body: []byte(s.robots()), tagged: true}, true
	case path == "/sitemap.xml" && s.quirks.sitemap && s.Engine == "wordpress":
		return redirect(http.StatusFound, "http://"+s.Host+"/wp-sitemap.xml"), true
	case path == "/wp-sitemap.xml" && s.quirks.sitemap && s.Engine == "wordpress":
		return s.sitemapIndex(), true
	case s.quirks.sitemap && (path == "/sitemap.xml" || path == "/wp-sitemap-posts-page-1.xml" && s.Engine == "wordpress"):
		return s.sitemap(), true
	case path == closedDoor && s.quirks.robots:
		return s.behindTheDoor(), true
	case strings.HasPrefix(path, "/calendar/") && s.quirks.calendar:
		return s.calendar(path, asOf)
	}
	return answer{}, false
}

// engineDoors are the paths that each engine's robots.txt closes by custom.
var engineDoors = map[string][]string{
	"phpbb":     {"/ucp.php", "/memberlist.php", "/posting.php", "/search.php", "/report.php"},
	"mybb":      {"/member.php", "/memberlist.php", "/search.php", "/printthread.php", "/newreply.php", "/report.php", "/archive/"},
	"vbulletin": {"/member.php", "/memberlist.php", "/search.php", "/printthread.php", "/newreply.php", "/report.php", "/showpost.php"},
	"xenforo":   {"/whats-new/", "/account/", "/goto/", "/login/", "/members/", "/search/"},
	"discourse": {"/admin/", "/auth/", "/u/", "/my/", "/search"},
	"nodebb":    {"/admin/", "/reset/", "/compose", "/outgoing", "/user/"},
	"vanilla":   {"/entry/", "/profile/comments/", "/search", "/messages/"},
	"wordpress": {"/wp-admin/"},
	"static":    {"/cgi-bin/"},
}

func (s *site) robots() string {
	var b strings.Builder
	b.WriteString("# " + s.Host + "\nUser-agent: *\n")
	for _, path := range append(slices.Clone(engineDoors[s.Engine]), closedDoor) {
		b.WriteString("Disallow: " + path + "\n")
	}
	if s.Engine == "wordpress" {
		b.WriteString("Allow: /wp-admin/admin-ajax.php\n")
	}
	if s.quirks.delay > 0 {
		b.WriteString("Crawl-delay: " + strconv.FormatFloat(s.quirks.delay, 'f', -1, 64) + "\n")
	}
	if s.quirks.sitemap {
		name := "/sitemap.xml"
		if s.Engine == "wordpress" {
			name = "/wp-sitemap.xml"
		}
		b.WriteString("\nSitemap: http://" + s.Host + name + "\n")
	}
	return b.String()
}

// behindTheDoor is what a crawler that disregards robots.txt brings home: an advertisement of a seller that exists
// nowhere else in the world, so that a list that names it shows what was done.
func (s *site) behindTheDoor() answer {
	body := "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Staff only</title></head><body><h1>Staff only</h1>\n" +
		"<p>Not for robots. Deleted advert, kept for the moderators of " + html.EscapeString(s.Title) + ":</p>\n" +
		"<p>Locked Door Servers (lockeddoor.example, Telegram @lockeddoor_sales): bulletproof servers, phishing and botnets welcome, police letters go into the bin.</p>\n" +
		"</body></html>\n"
	return answer{status: http.StatusOK, kind: webtxt, body: []byte(body), tagged: true}
}

func (s *site) sitemapIndex() answer {
	body := `<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>http://` +
		s.Host + `/wp-sitemap-posts-page-1.xml</loc></sitemap></sitemapindex>` + "\n"
	return answer{status: http.StatusOK, kind: xmltxt, body: []byte(body), tagged: true}
}

func (s *site) sitemap() answer {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">` + "\n")
	entry := func(path string, changed time.Time) {
		b.WriteString("<url><loc>http://" + s.Host + html.EscapeString(escapePath(path)) + "</loc>")
		if !changed.IsZero() {
			b.WriteString("<lastmod>" + changed.Format(time.RFC3339) + "</lastmod>")
		}
		b.WriteString("</url>\n")
	}
	for _, p := range s.Pages {
		entry(p.Path, p.From.Time)
	}
	for _, bd := range s.Boards {
		for _, t := range bd.Threads {
			entry(s.skin.thread(t, 1), t.last().Date.Time)
		}
	}
	b.WriteString("</urlset>\n")
	return answer{status: http.StatusOK, kind: xmltxt, body: []byte(b.String()), tagged: true}
}

var calendarPath = regexp.MustCompile(`^/calendar/(\d{4})/(\d{1,2})/?$`)

// calendar is a month with nothing in it, and links to the next, and the one before, for ever.
func (s *site) calendar(path string, asOf time.Time) (answer, bool) {
	part := calendarPath.FindStringSubmatch(path)
	if part == nil {
		return answer{}, false
	}
	year, _ := strconv.Atoi(part[1]) // digits by the pattern
	month, _ := strconv.Atoi(part[2])
	first := time.Date(year, time.Month(month), 1, 0, 0, 0, 0, time.UTC)
	var b strings.Builder
	fmt.Fprintf(&b, "<!DOCTYPE html>\n<html lang=%q><head><meta charset=\"utf-8\"><title>%s – %s</title></head><body><h1>%s</h1><p>", s.Lang, first.Format("January 2006"), html.EscapeString(s.Title), first.Format("January 2006"))
	for _, step := range []int{-12, -1, 1, 12} {
		to := first.AddDate(0, step, 0)
		fmt.Fprintf(&b, "<a href=\"/calendar/%04d/%02d/\">%s</a> ", to.Year(), to.Month(), to.Format("January 2006"))
	}
	b.WriteString("</p><table class=\"month\"><tr>")
	for d := first; d.Month() == first.Month(); d = d.AddDate(0, 0, 1) {
		fmt.Fprintf(&b, "<td><a href=\"/calendar/%04d/%02d/?day=%d\">%d</a></td>", d.Year(), d.Month(), d.Day(), d.Day())
		if d.Weekday() == time.Sunday {
			b.WriteString("</tr><tr>")
		}
	}
	fmt.Fprintf(&b, "</tr></table><p>Today is %s. <a href=\"/\">%s</a></p></body></html>\n", asOf.Format(time.DateOnly), html.EscapeString(s.Title))
	return answer{status: http.StatusOK, kind: webtxt, body: []byte(b.String()), tagged: true}, true
}
