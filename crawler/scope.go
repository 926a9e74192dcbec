package crawler

import (
	"fmt"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"schemer"

	"golang.org/x/net/publicsuffix"
)

// scope says which URLs belong to a source.
type scope struct {
	host        string // of the source's URL, without "www."
	registrable string // its registrable domain, or the host when there is none
	home        string // the source's own URL, canonical: always in scope
	wide        bool   // any host under the registrable domain belongs to it
	ports       []string
	allow, deny []*regexp.Regexp
}

// The longest way from a source's home to a page, in links, and the deepest path, in segments.
const (
	maxDepth    = 8
	maxSegments = 12
)

func newScope(src schemer.Source) (*scope, error) {
	u, err := canonicalURL(src.URL)
	if err != nil {
		return nil, fmt.Errorf("source %s: url %q: %w: %w", src.ID, src.URL, schemer.ErrUsage, err)
	}
	s := &scope{
		host: bareHost(u.Hostname()), home: u.String(), ports: []string{"80", "443", "8080", "8443"},
		wide: src.Kind != schemer.KindForum && src.Kind != schemer.KindReview && src.Kind != schemer.KindDirectory,
	}
	s.registrable = registrable(u.Hostname())
	if !src.Discovered { // a person may name any port, a post may not
		s.ports = append(s.ports, portOf(u))
	}
	for _, list := range []struct {
		from []string
		to   *[]*regexp.Regexp
	}{{src.Allow, &s.allow}, {src.Deny, &s.deny}} {
		for _, expr := range list.from {
			re, err := regexp.Compile(expr)
			if err != nil {
				return nil, fmt.Errorf("source %s: %q: %w: %w", src.ID, expr, schemer.ErrUsage, err)
			}
			*list.to = append(*list.to, re)
		}
	}
	return s, nil
}

// bareHost is a host without "www.".
func bareHost(host string) string { return strings.TrimPrefix(strings.ToLower(host), "www.") }

// registrable is the registrable domain of a host (publicsuffix.org), or the host itself.
func registrable(host string) string {
	if domain, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return domain
	}
	return bareHost(host)
}

// owns says whether a host belongs to the source.
func (s *scope) owns(host string) bool {
	bare := bareHost(host)
	return bare == s.host || s.wide && (bare == s.registrable || strings.HasSuffix(bare, "."+s.registrable))
}

// isHome says whether a URL is the source's own, or its usual second name.
func (s *scope) isHome(u *url.URL) bool {
	address := u.String()
	for _, name := range []string{"", "index.php", "index.html", "index.htm", "default.aspx"} {
		if address == s.home+name && (name == "" || strings.HasSuffix(s.home, "/")) {
			return true
		}
	}
	return false
}

// refuse says why a canonical URL is not fetched for the source; empty when it is. Kind is what the URL is expected
// to be.
func (s *scope) refuse(u *url.URL, kind schemer.TargetKind, depth int) string {
	if u.Scheme != "http" && u.Scheme != "https" {
		return "scheme"
	}
	if !slices.Contains(s.ports, portOf(u)) {
		return "port"
	}
	if !s.owns(u.Hostname()) {
		return "host"
	}
	if kind == schemer.TargetRobots || kind == schemer.TargetSitemap {
		return ""
	}
	if u.String() == s.home {
		return ""
	}
	if reason := noise(u); reason != "" {
		return reason
	}
	if depth > maxDepth && kind != schemer.TargetThread && kind != schemer.TargetBoard {
		return "depth"
	}
	pathQuery := u.RequestURI()
	matches := func(re *regexp.Regexp) bool { return re.MatchString(pathQuery) }
	if slices.ContainsFunc(s.deny, matches) {
		return "denied"
	}
	if len(s.allow) > 0 && !slices.ContainsFunc(s.allow, matches) {
		return "not allowed"
	}
	return ""
}

// noise says why a URL never leads to a page of its own: a view, an action or a file; or one of a trap.
func noise(u *url.URL) string {
	if len(u.Path)+len(u.RawQuery) > maxURL {
		return "length"
	}
	segments := strings.Split(strings.Trim(u.Path, "/"), "/")
	if len(segments) > maxSegments {
		return "segments"
	}
	if repeats(segments) {
		return "repeated segments"
	}
	for _, segment := range segments {
		if noisePath[strings.TrimSuffix(strings.ToLower(segment), path.Ext(segment))] {
			return "noise path"
		}
	}
	if noiseFile[strings.ToLower(path.Ext(u.Path))] {
		return "file"
	}
	for part := range strings.FieldsFuncSeq(u.RawQuery, func(r rune) bool { return r == '&' || r == ';' }) {
		name, value, _ := strings.Cut(part, "=")
		if noiseParam[strings.ToLower(name)] || strings.EqualFold(name, "do") && strings.HasPrefix(value, "get") {
			return "noise parameter"
		}
	}
	return ""
}

// repeats says whether a path goes round: one segment three times, or a run of segments twice in a row.
func repeats(segments []string) bool {
	for i, s := range segments {
		count := 0
		for _, other := range segments[i:] {
			if s == other {
				count++
			}
		}
		if count >= 3 {
			return true
		}
	}
	for n := 2; 2*n <= len(segments); n++ {
		for i := 0; i+2*n <= len(segments); i++ {
			if slices.Equal(segments[i:i+n], segments[i+n:i+2*n]) {
				return true
			}
		}
	}
	return false
}

func set(words string) map[string]bool {
	m := map[string]bool{}
	for word := range strings.FieldsSeq(words) {
		m[word] = true
	}
	return m
}

var (
	noisePath = set(`login logout signin signout register registration signup lostpassword search memberlist
		members cart basket checkout calendar kalender calendrier calendario whosonline online printthread sendmessage
		newreply newthread posting ucp mcp wp-login wp-admin wp-json xmlrpc cgi-bin feed rss atom trackback
		unsubscribe captcha javascript cdn-cgi`)
	noiseFile = set(`.jpg .jpeg .png .gif .webp .svg .ico .bmp .css .js .mjs .map .json .woff .woff2 .ttf .eot .zip
		.rar .7z .gz .bz2 .xz .tar .iso .img .exe .msi .dmg .apk .deb .rpm .bin .pdf .doc .docx .xls .xlsx .ppt .odt
		.mp3 .mp4 .avi .mkv .webm .mov .ogg .wav .flac .m3u8 .torrent .rss .atom`)
	noiseParam = set(`sort sortby sortdir sort_by sort_key sort_dir sk sd st order orderby order_by dir direction
		highlight hilit print printable view mode replytocom share action lang language hl locale setlang styleid style theme
		filter filters datecut daysprune prefix pid post msg goto prev_next return returnto redirect next_url ref_url
		month year day date week cal tab do_search search q query add-to-cart currency csrf format feed preview`)
)
