package crawler

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestRobotsRules(t *testing.T) {
	for _, c := range []struct{ name, file, allowed, denied string }{
		{"empty file", "", "/ /a", ""},
		{"disallow all", "User-agent: *\nDisallow: /", "", "/ /a"},
		{"empty disallow", "User-agent: *\nDisallow:", "/ /a", ""},
		{"prefix", "User-agent: *\nDisallow: /adm", "/ /ad", "/adm /admin /adm/x"},
		{"directory", "User-agent: *\nDisallow: /adm/", "/adm", "/adm/ /adm/x"},
		{"longest wins", "User-agent: *\nDisallow: /a\nAllow: /a/b\nDisallow: /a/b/c", "/a/b /a/b/d", "/a /a/x /a/b/c/d"},
		{"allow wins a tie", "User-agent: *\nDisallow: /page\nAllow: /page", "/page", ""},
		{"star", "User-agent: *\nDisallow: /*/print", "/print", "/a/print /a/b/print?x"},
		{"end", "User-agent: *\nDisallow: /*.php$", "/a.php?x /a.phps", "/a.php /b/c.php"},
		{"end of a plain path", "User-agent: *\nDisallow: /x$", "/xy /x?", "/x"},
		{"dollar inside", "User-agent: *\nDisallow: /a$b", "/a", "/a$b"},
		{"query", "User-agent: *\nDisallow: /*?sid=", "/t?id=1", "/t?sid=1"},
		{"own group beats star", "User-agent: *\nDisallow: /\n\nUser-agent: schemer\nDisallow: /x", "/ /a", "/x"},
		{"own group beats star, order", "User-agent: schemer\nDisallow: /x\n\nUser-agent: *\nDisallow: /", "/ /a", "/x"},
		{"case and version", "User-Agent: SCHEMER/2.0\nDISALLOW: /x", "/", "/x"},
		{"other agent's group", "User-agent: otherbot\nDisallow: /", "/ /a", ""},
		{"name that only begins alike", "User-agent: schemerbot\nDisallow: /", "/", ""},
		{"groups merge", "User-agent: schemer\nDisallow: /a\n\nUser-agent: *\nDisallow: /\n\nUser-agent: schemer\nDisallow: /b", "/c", "/a /b"},
		{"shared group", "User-agent: otherbot\nUser-agent: schemer\nDisallow: /x", "/", "/x"},
		{"empty lines do not end a group", "User-agent: schemer\n\nUser-agent: otherbot\nDisallow: /x", "/", "/x"},
		{"own group allows by silence", "User-agent: schemer\nDisallow:\n\nUser-agent: *\nDisallow: /", "/ /a", ""},
		{"comments and spaces", "  User-agent :  *  # all\n\tDisallow:\t/x # no\n", "/", "/x"},
		{"carriage returns", "User-agent: *\rDisallow: /x\r", "/", "/x"},
		{"byte order mark", "\ufeffUser-agent: *\nDisallow: /x", "/", "/x"},
		{"percent encoding", "User-agent: *\nDisallow: /%7euser/%d0%bc", "/user", "/~user/%D0%BC"},
		{"raw UTF-8", "User-agent: *\nDisallow: /м", "/", "/%D0%BC"},
		{"no leading slash", "User-agent: *\nDisallow: x", "/", "/x"},
		{"rules before any group", "Disallow: /\nUser-agent: *\nDisallow: /x", "/", "/x"},
		{"sitemap does not end a group", "User-agent: *\nSitemap: http://a.example/s.xml\nDisallow: /x", "/", "/x"},
		{"garbage", "<html><body>Not found</body></html>", "/ /a", ""},
		{"many stars", "User-agent: *\nDisallow: /" + strings.Repeat("*a", 50) + "$", "/b", "/" + strings.Repeat("a", 60)},
	} {
		f := parseRobots([]byte(c.file), agentToken, 500<<10)
		for path := range strings.FieldsSeq(c.allowed) {
			if !f.allowed(path) {
				t.Errorf("%s: %s is denied", c.name, path)
			}
		}
		for path := range strings.FieldsSeq(c.denied) {
			if f.allowed(path) {
				t.Errorf("%s: %s is allowed", c.name, path)
			}
		}
	}
}

func TestRobotsDelayAndSitemaps(t *testing.T) {
	for value, want := range map[string]time.Duration{
		"5": 5 * time.Second, "0.5": 500 * time.Millisecond, "86400": maxCrawlDelay, "1e300": maxCrawlDelay, "-1": 0, "soon": 0, "NaN": 0, "Inf": maxCrawlDelay,
	} {
		f := parseRobots([]byte("User-agent: *\nCrawl-delay: "+value+"\nSitemap: http://a.example/s.xml"), agentToken, 500<<10)
		if f.delay != want {
			t.Errorf("crawl-delay %s: %v, want %v", value, f.delay, want)
		}
		if len(f.sitemaps) != 1 {
			t.Errorf("sitemaps %q", f.sitemaps)
		}
	}
}

func TestRobotsReadsNoMoreThanItsLimit(t *testing.T) {
	var b strings.Builder
	b.WriteString("User-agent: *\nDisallow: /early\n")
	for i := 0; b.Len() < 600<<10; i++ {
		fmt.Fprintf(&b, "Disallow: /p%d\n", i)
	}
	b.WriteString("Disallow: /late\n")
	f := parseRobots([]byte(b.String()), agentToken, 500<<10)
	if f.allowed("/early") || !f.allowed("/late") {
		t.Error("the limit is not where it should be")
	}
}

func TestSitemaps(t *testing.T) {
	limits := Limits{}.withDefaults()
	entries := parseSitemap([]byte("\ufeff<?xml version='1.0'?><urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>"+
		"<url><loc> http://a.example/?a=1&amp;b=2 </loc><lastmod>2026-01-02</lastmod></url><url><loc>http://a.example/b</loc>"), &limits)
	if len(entries) != 1 || entries[0] != (sitemapEntry{url: "http://a.example/?a=1&b=2", lastmod: "2026-01-02"}) {
		t.Errorf("urlset: %+v", entries)
	}
	entries = parseSitemap([]byte("<sitemapindex><sitemap><loc>http://a.example/1.xml.gz</loc></sitemap></sitemapindex>"), &limits)
	if len(entries) != 1 || !entries[0].index {
		t.Errorf("index: %+v", entries)
	}
	if entries := parseSitemap([]byte("http://a.example/1\nhttp://a.example/2\n"), &limits); len(entries) != 2 {
		t.Errorf("plain: %+v", entries)
	}
	huge := "<urlset>" + strings.Repeat("<url><loc>http://a.example/x</loc></url>", 3*maxSitemapURLs) + "</urlset>"
	if entries := parseSitemap([]byte(huge), &limits); len(entries) != maxSitemapURLs {
		t.Errorf("huge: %d entries", len(entries))
	}
}

func FuzzRobots(f *testing.F) {
	f.Add("User-agent: *\nDisallow: /*a*b$\nAllow: /%zz", "/a/b")
	f.Fuzz(func(t *testing.T, file, path string) {
		r := parseRobots([]byte(file), agentToken, 4<<10)
		r.allowed("/" + path)
	})
}
