package demoweb_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"schemer/internal/demoweb"

	"golang.org/x/net/html"
	"golang.org/x/text/encoding/charmap"
)

// hostOf returns the first host whose home page or robots.txt fits.
func hostOf(t *testing.T, s *demoweb.Server, v *visitor, path string, fits func(reply, string) bool) string {
	t.Helper()
	for _, host := range s.Hosts() {
		if res, body := v.get("http://" + host + path); res.StatusCode == http.StatusOK && fits(res, body) {
			return host
		}
	}
	t.Fatalf("no host fits at %s", path)
	return ""
}

func TestUnknownNamesAndPathsAreRefused(t *testing.T) {
	s, v := serve(t, demoweb.Options{})
	if res, _ := v.get("http://nobody.example/"); res.StatusCode != http.StatusMisdirectedRequest {
		t.Errorf("unknown host: %s", res.Status)
	}
	for _, host := range s.Hosts() {
		if res, _ := v.get("http://" + host + "/no/such/page"); res.StatusCode != http.StatusNotFound {
			t.Errorf("%s: unknown path: %s", host, res.Status)
		}
	}
	host := s.Hosts()[0]
	if res, _ := v.get("http://www." + host + "/"); res.Header.Get("Location") != "http://"+host+"/" {
		t.Errorf("www.%s does not lead to %s", host, host)
	}
	log := s.Requests()
	if len(log) < len(s.Hosts()) || log[0].Host != "nobody.example" || log[0].UserAgent != "test-bot/1" || log[0].Status != 421 {
		t.Errorf("the request log starts with %+v", log[:1])
	}
}

func TestPagesAppearAndVanish(t *testing.T) {
	early, then := serve(t, demoweb.Options{AsOf: time.Date(2025, 11, 1, 0, 0, 0, 0, time.UTC)})
	late, now := serve(t, demoweb.Options{})
	born, gone := 0, 0
	for _, host := range late.Hosts() {
		if !slices.Contains(early.Hosts(), host) {
			born++
			if res, _ := then.get("http://" + host + "/"); res.StatusCode == http.StatusOK {
				t.Errorf("%s answers before its time", host)
			}
		}
	}
	for _, host := range early.Hosts() {
		if !slices.Contains(late.Hosts(), host) {
			gone++
			if res, _ := now.get("http://" + host + "/"); res.StatusCode == http.StatusOK {
				t.Errorf("%s answers after its time", host)
			}
		}
	}
	if born == 0 || gone == 0 {
		t.Errorf("%d hosts came and %d went within a year", born, gone)
	}
}

func TestPostsFollowTheDay(t *testing.T) {
	at := time.Date(2025, 11, 1, 0, 0, 0, 0, time.UTC)
	_, v := serve(t, demoweb.Options{AsOf: at})
	gone := 0
	for _, s := range worldSites(t) {
		if len(s.Boards) == 0 {
			continue
		}
		want, seen := s.visible(at), map[string]int{}
		if len(want) == 0 {
			continue
		}
		walk(t, v, s, seen, func(key string, _ *html.Node) {
			if _, ok := want[key]; !ok {
				t.Errorf("%s shows post %s, which is not visible then", s.Host, key)
			}
		})
		if len(seen) != len(want) {
			t.Errorf("%s shows %d posts, want %d", s.Host, len(seen), len(want))
		}
		gone += len(s.visible(day)) - len(want)
	}
	if gone <= 0 {
		t.Error("nothing was written in a year")
	}
}

func TestRobotsAndTheClosedDoor(t *testing.T) {
	s, v := serve(t, demoweb.Options{})
	delays := map[string]int{}
	for _, host := range s.Hosts() {
		res, body := v.get("http://" + host + "/robots.txt")
		if res.StatusCode == http.StatusNotFound {
			continue
		}
		for line := range strings.Lines(body) {
			if d, ok := strings.CutPrefix(line, "Crawl-delay: "); ok {
				delays[strings.TrimSpace(d)]++
			}
		}
		if !strings.Contains(body, "Disallow: /staff-only/") {
			t.Errorf("%s leaves the door open:\n%s", host, body)
		}
		_, home := v.get("http://" + host + "/")
		if !strings.Contains(home, "/staff-only/") {
			t.Errorf("%s does not tempt anybody to the closed door", host)
		}
		if _, behind := v.get("http://" + host + "/staff-only/"); !strings.Contains(behind, "lockeddoor.example") {
			t.Errorf("%s has nothing behind the door", host)
		}
	}
	if delays["1"] != 1 || delays["0.1"] < 5 {
		t.Errorf("crawl delays %v; want one of a second and many short ones", delays)
	}
}

func TestSessionsInLinksUntilTheCookieComesBack(t *testing.T) {
	s, _ := serve(t, demoweb.Options{})
	ask := func(host, agent, cookie string) string {
		req := httptest.NewRequest(http.MethodGet, "http://"+host+"/", nil)
		req.Header.Set("User-Agent", agent)
		if cookie != "" {
			req.Header.Set("Cookie", cookie)
		}
		rec := httptest.NewRecorder()
		s.ServeHTTP(rec, req)
		if cookie == "" && rec.Header().Get("Set-Cookie") == "" {
			t.Errorf("%s sets no cookie", host)
		}
		return rec.Body.String()
	}
	forms := map[string]string{
		"phpbb": `viewforum\.php\?f=\d+&amp;sid=[0-9a-f]{32}"`, "vbulletin": `forumdisplay\.php\?s=[0-9a-f]{32}&amp;f=\d+"`,
		"smf": `index\.php\?PHPSESSID=[0-9a-f]{32}&amp;board=\d+\.0"`,
	}
	cookies := map[string]string{"phpbb": "phpbb3_x7k2p_sid=1", "vbulletin": "bb_sessionhash=1", "smf": "PHPSESSID=1"}
	for _, site := range worldSites(t) {
		form := forms[site.Engine]
		if form == "" {
			continue
		}
		re := regexp.MustCompile(form)
		if !re.MatchString(ask(site.Host, "somebody", "")) {
			t.Errorf("%s (%s): no session in the links of the first page", site.Host, site.Engine)
		}
		if re.MatchString(ask(site.Host, "somebody", cookies[site.Engine])) || re.MatchString(ask(site.Host, "Googlebot/2.1", "")) {
			t.Errorf("%s (%s): a session in links that should have none", site.Host, site.Engine)
		}
	}
}

func TestCachesCompressionAndTheOneRefusal(t *testing.T) {
	s, v := serve(t, demoweb.Options{})
	fresh, tagless := 0, 0
	for _, host := range s.Hosts() {
		v.get("http://" + host + "/") // takes the cookie
		res, _ := v.get("http://" + host + "/")
		tag := res.Header.Get("ETag")
		if tag == "" {
			tagless++
			continue
		}
		if again, body := v.get("http://"+host+"/", "If-None-Match", tag); again.StatusCode != http.StatusNotModified || body != "" {
			t.Errorf("%s: %s with its own ETag", host, again.Status)
		}
		if again, _ := v.get("http://"+host+"/", "If-Modified-Since", res.Header.Get("Last-Modified")); res.Header.Get("Last-Modified") != "" && again.StatusCode != http.StatusNotModified {
			t.Errorf("%s: %s with its own Last-Modified", host, again.Status)
		}
		fresh++
	}
	if fresh < 9*tagless || tagless == 0 {
		t.Errorf("%d hosts answer 304, %d never do", fresh, tagless)
	}
	refused := 0
	for _, r := range s.Requests() {
		if r.Status == http.StatusServiceUnavailable {
			if r.Path == "/robots.txt" {
				t.Error("robots.txt is refused, which closes the host")
			}
			refused++
		}
	}
	if refused != 1 {
		t.Errorf("%d refusals with 503, want one host, once", refused)
	}
	res, body := v.get("http://"+s.Hosts()[0]+"/", "Accept-Encoding", "gzip")
	z, err := gzip.NewReader(strings.NewReader(body))
	if res.Header.Get("Content-Encoding") != "gzip" || err != nil {
		t.Fatalf("no gzip: %v %v", res.Header, err)
	}
	plain, err := io.ReadAll(z)
	if err != nil || !bytes.Contains(plain, []byte("</html>")) {
		t.Errorf("gzip ends in %v", err)
	}
}

func TestOneHostSpeaksWindows1251(t *testing.T) {
	s, v := serve(t, demoweb.Options{})
	host := hostOf(t, s, v, "/", func(res reply, body string) bool {
		return res.Header.Get("Content-Type") == "text/html" && strings.Contains(body, "charset=windows-1251")
	})
	_, body := v.get("http://" + host + "/")
	text, err := charmap.Windows1251.NewDecoder().String(body)
	if err != nil || !strings.ContainsAny(text, "абвгдежз") {
		t.Errorf("%s is not Cyrillic in windows-1251 (%v)", host, err)
	}
}

func TestTheCalendarHasNoEnd(t *testing.T) {
	s, v := serve(t, demoweb.Options{})
	next := regexp.MustCompile(`href="(/calendar/\d{4}/\d{2}/)"`)
	host := hostOf(t, s, v, "/", func(_ reply, body string) bool { return next.MatchString(body) })
	_, body := v.get("http://" + host + "/")
	path := next.FindStringSubmatch(body)[1]
	seen := map[string]bool{}
	for range 60 {
		if seen[path] {
			t.Fatalf("the calendar repeats at %s", path)
		}
		seen[path] = true
		_, body = v.get("http://" + host + path)
		all := next.FindAllStringSubmatch(body, -1)
		if len(all) < 3 {
			t.Fatalf("the calendar ends at %s", path)
		}
		path = all[2][1]
	}
}

func TestDoorsForMembersAnswerALoginFormWith200(t *testing.T) {
	_, v := serve(t, demoweb.Options{})
	for _, site := range worldSites(t) {
		l, ok := layouts[site.Engine]
		if len(site.Boards) == 0 || !ok || site.Engine == "wordpress" || site.Engine == "static" {
			continue
		}
		home := "http://" + site.Host + "/"
		profile := regexp.MustCompile(`href="([^"]*(?:memberlist|member\.php|action=profile|/members/|/u/|/user/|/profile/)[^"]*)"`)
		board := links(t, home, l.boards(v.page(home)))[0]
		_, body := v.get(board)
		m := profile.FindStringSubmatch(body)
		if m == nil {
			t.Errorf("%s: no profile is linked in %s", site.Host, board)
			continue
		}
		to, err := url.Parse(home)
		if err != nil {
			t.Fatal(err)
		}
		at, err := to.Parse(html.UnescapeString(m[1]))
		if err != nil {
			t.Fatal(err)
		}
		if res, form := v.get(at.String()); res.StatusCode != http.StatusOK || !strings.Contains(form, `type="password"`) {
			t.Errorf("%s: %s is %s without a login form", site.Host, at, res.Status)
		}
	}
}

func TestSameWorldSameBytes(t *testing.T) {
	_, a := serve(t, demoweb.Options{})
	sb, b := serve(t, demoweb.Options{})
	for _, host := range sb.Hosts() {
		for _, path := range []string{"/", "/robots.txt", "/sitemap.xml"} {
			_, x := a.get("http://" + host + path)
			_, y := b.get("http://" + host + path)
			if x != y {
				t.Errorf("%s%s differs between two servers", host, path)
			}
		}
	}
}

func TestSitemapsNameLivePages(t *testing.T) {
	s, v := serve(t, demoweb.Options{})
	loc := regexp.MustCompile(`<loc>([^<]+)</loc>`)
	listed := 0
	for _, host := range s.Hosts() {
		_, robots := v.get("http://" + host + "/robots.txt")
		_, sitemap, ok := strings.Cut(robots, "Sitemap: ")
		if !ok {
			continue
		}
		queue := []string{strings.TrimSpace(sitemap)}
		for len(queue) > 0 {
			res, body := v.get(queue[0])
			if res.StatusCode != http.StatusOK {
				t.Errorf("%s: %s", queue[0], res.Status)
			}
			queue = queue[1:]
			for _, m := range loc.FindAllStringSubmatch(body, -1) {
				listed++
				if strings.Contains(body, "<sitemapindex") {
					queue = append(queue, m[1])
				} else if res, _ := v.get(html.UnescapeString(m[1])); res.StatusCode != http.StatusOK {
					t.Errorf("%s lists %s: %s", host, m[1], res.Status)
				}
			}
		}
	}
	if listed < 50 {
		t.Errorf("%d addresses in sitemaps", listed)
	}
}

func TestNewNamesWhatIsOff(t *testing.T) {
	if _, err := demoweb.New(demoweb.Options{}); err == nil || !strings.Contains(err.Error(), "no world") {
		t.Errorf("without a world: %v", err)
	}
	if _, err := demoweb.New(demoweb.Options{World: fstest.MapFS{"truth.json": {Data: []byte(`{"as_of": "2026-11-01"}`)}}}); err == nil || !strings.Contains(err.Error(), "no site stands") {
		t.Errorf("a world without sites: %v", err)
	}
	odd := fstest.MapFS{"truth.json": {Data: []byte(`{"as_of": "2026-11-01"}`)}, "sites/x.example.json": {Data: []byte(`{"host": "x.example", "engine": "typewriter", "pages": [{"path": "/"}]}`)}}
	if _, err := demoweb.New(demoweb.Options{World: odd}); err == nil || !strings.Contains(err.Error(), `x.example runs on "typewriter"`) {
		t.Errorf("an unknown engine: %v", err)
	}
}
