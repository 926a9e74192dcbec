package crawler

import (
	"bytes"
	"strconv"
	"strings"
	"time"
)

// maxCrawlDelay is the longest Crawl-delay that is honoured; a site that asks for more gets this.
const maxCrawlDelay = time.Minute

// robotsFile is what a robots.txt says to one product token (RFC 9309).
type robotsFile struct {
	rules    []robotsRule
	delay    time.Duration
	sitemaps []string
}

type robotsRule struct {
	pattern string // normalised, "*" and a final "$" special
	allow   bool
}

// parseRobots reads at most limit bytes of a robots.txt for the product token agent, given in lower case. Groups that
// name the agent are merged; without any, those for "*" are.
func parseRobots(body []byte, agent string, limit int) *robotsFile {
	if len(body) > limit {
		body = body[:limit]
		if cut := bytes.LastIndexAny(body, "\r\n"); cut >= 0 {
			body = body[:cut] // half a rule is no rule
		}
	}
	body = bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
	var own, all, file robotsFile
	named, inOwn, inAll, open := false, false, false, false
	for line := range bytes.FieldsFuncSeq(body, func(r rune) bool { return r == '\n' || r == '\r' }) {
		key, value, ok := robotsLine(line)
		if !ok {
			continue
		}
		switch key {
		case "user-agent":
			if !open { // the first of a group
				inOwn, inAll = false, false
			}
			open = true
			token := robotsToken(value)
			inOwn = inOwn || token == agent
			inAll = inAll || token == "*"
			named = named || inOwn
		case "sitemap":
			if len(file.sitemaps) < 20 && value != "" {
				file.sitemaps = append(file.sitemaps, value)
			}
		case "allow", "disallow", "crawl-delay":
			open = false
			if inOwn {
				own.add(key, value)
			}
			if inAll {
				all.add(key, value)
			}
		}
	}
	chosen := all
	if named {
		chosen = own
	}
	chosen.sitemaps = file.sitemaps
	return &chosen
}

// robotsLine splits a line into key and value; comments and lines without a colon give false.
func robotsLine(line []byte) (key, value string, ok bool) {
	if i := bytes.IndexByte(line, '#'); i >= 0 {
		line = line[:i]
	}
	k, v, ok := bytes.Cut(line, []byte(":"))
	return strings.ToLower(string(bytes.TrimSpace(k))), string(bytes.TrimSpace(v)), ok
}

// robotsToken is the product token of a user-agent line: letters, "-" and "_" (RFC 9309 §2.2.1), in lower case.
func robotsToken(value string) string {
	if value == "*" {
		return value
	}
	end := strings.IndexFunc(value, func(r rune) bool {
		return r != '-' && r != '_' && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	})
	if end >= 0 {
		value = value[:end]
	}
	return strings.ToLower(value)
}

func (f *robotsFile) add(key, value string) {
	if key == "crawl-delay" {
		if seconds, err := strconv.ParseFloat(value, 64); err == nil && seconds > 0 {
			f.delay = maxCrawlDelay
			if seconds < maxCrawlDelay.Seconds() {
				f.delay = time.Duration(seconds * float64(time.Second))
			}
		}
		return
	}
	if value == "" {
		return // an empty rule matches nothing
	}
	if value[0] != '/' && value[0] != '*' {
		value = "/" + value
	}
	f.rules = append(f.rules, robotsRule{pattern: tidyEscapes(value), allow: key == "allow"})
}

// allowed says whether a path with query, in canonical form, may be fetched: the longest matching rule decides, allow
// wins a tie, and no rule allows.
func (f *robotsFile) allowed(pathQuery string) bool {
	allow, longest := true, -1
	for _, rule := range f.rules {
		n := len(rule.pattern)
		if n < longest || n == longest && !rule.allow {
			continue
		}
		if matchRobots(rule.pattern, pathQuery) {
			allow, longest = rule.allow, n
		}
	}
	return allow
}

// matchRobots matches a pattern against the begin of path; "*" is any run of bytes and a final "$" the end. It runs in
// time proportional to the product of the lengths at worst, with no recursion.
func matchRobots(pattern, path string) bool {
	pattern, anchored := strings.CutSuffix(pattern, "$")
	p, s, star, mark := 0, 0, -1, 0
	for {
		switch {
		case p == len(pattern) && (!anchored || s == len(path)):
			return true
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, s
			p++
		case p < len(pattern) && s < len(path) && pattern[p] == path[s]:
			p++
			s++
		case star >= 0 && mark < len(path):
			mark++
			p, s = star+1, mark
		default:
			return false
		}
	}
}
