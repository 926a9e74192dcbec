package seeds

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"schemer"

	"go.yaml.in/yaml/v3"
)

// kinds are the kinds a person may give; unknown is for sites the crawler finds.
var kinds = []schemer.SourceKind{
	schemer.KindForum, schemer.KindReseller, schemer.KindReview, schemer.KindBlog, schemer.KindNews,
	schemer.KindDirectory, schemer.KindHoster, schemer.KindChannel, schemer.KindOther,
}

// keys are the settings of an entry, in the order of the example.
var keys = []string{
	"id", "url", "kind", "basis", "every", "allow", "deny", "max_pages", "delay", "egress", "user_agent",
	"ignore_robots", "allow_private", "screenshots",
}

var idShape = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]*$`)

// source reads one entry; ok is false when it is not even a mapping.
func (r *reader) source(n *yaml.Node) (s schemer.Source, ok bool) {
	if n.Kind != yaml.MappingNode {
		r.bad(n.Line, "an entry is not a mapping; write `- {url: …, kind: …}`")
		return s, false
	}
	line := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if first, twice := line[key.Value]; twice {
			r.bad(key.Line, "%s stands twice in this entry (first on line %d); remove one", key.Value, first)
			continue
		}
		line[key.Value] = key.Line
		if !slices.Contains(keys, key.Value) {
			r.bad(key.Line, "unknown key %q; the keys are %s", key.Value, strings.Join(keys, ", "))
			continue
		}
		r.setting(&s, key.Value, value)
	}
	if _, given := line["url"]; !given {
		r.bad(n.Line, "the entry has no url; add `url: https://…`")
	}
	if _, given := line["kind"]; !given {
		r.bad(n.Line, "the entry has no kind; add `kind:` with one of %s", kindList())
	}
	r.whole(&s, n.Line, line)
	return s, true
}

// whole checks what involves more than one setting.
func (r *reader) whole(s *schemer.Source, at int, line map[string]int) {
	u, err := url.Parse(s.URL)
	if s.URL == "" || err != nil {
		return
	}
	if s.ID == "" {
		if _, given := line["id"]; !given {
			s.ID = schemer.SourceID(u.Hostname())
		}
	}
	if first, twice := r.ids[string(s.ID)]; twice && s.ID != "" {
		r.bad(at, "the id %q is taken by the entry on line %d; give this one an id of its own", s.ID, first)
	} else {
		r.ids[string(s.ID)] = at
	}
	if first, twice := r.urls[s.URL]; twice {
		r.bad(at, "the url %s is watched by the entry on line %d already; remove one", s.URL, first)
	} else {
		r.urls[s.URL] = at
	}
}

func (r *reader) setting(s *schemer.Source, key string, v *yaml.Node) {
	switch key {
	case "id":
		s.ID = schemer.SourceID(r.text(key, v))
		if s.ID != "" && !idShape.MatchString(string(s.ID)) {
			r.bad(v.Line, "the id %q has other signs than a-z, 0-9, dot and hyphen; choose such a one", s.ID)
		}
	case "url":
		s.URL = r.address(v)
	case "kind":
		s.Kind = schemer.SourceKind(r.text(key, v))
		if !slices.Contains(kinds, s.Kind) {
			r.bad(v.Line, "%q is no kind; use one of %s", s.Kind, kindList())
		}
	case "basis":
		s.Basis = r.text(key, v)
	case "every":
		s.Every = r.duration(key, v, time.Minute)
	case "allow":
		s.Allow = r.patterns(key, v)
	case "deny":
		s.Deny = r.patterns(key, v)
	case "max_pages":
		s.MaxPages = r.count(key, v)
	case "delay":
		s.Delay = r.duration(key, v, time.Millisecond)
	case "egress":
		s.Egress = r.egress(v)
	case "user_agent":
		s.UserAgent = r.text(key, v)
		if strings.ContainsFunc(s.UserAgent, func(c rune) bool { return c < ' ' || c == 0x7f }) {
			r.bad(v.Line, "user_agent holds control characters; write it on one line")
		}
	case "ignore_robots":
		s.IgnoreRobots = r.text(key, v)
		if v.Tag == "!!bool" {
			r.bad(v.Line, "ignore_robots takes a reason, not %s; write why robots.txt may be ignored here, or drop the key", v.Value)
		}
	case "allow_private":
		s.AllowPrivate = r.yes(key, v)
	case "screenshots":
		s.Screenshots = r.yes(key, v)
	}
}

func (r *reader) text(key string, v *yaml.Node) string {
	if v.Kind != yaml.ScalarNode || strings.TrimSpace(v.Value) == "" {
		r.bad(v.Line, "%s is not a text; write one value behind it or drop the key", key)
		return ""
	}
	return strings.TrimSpace(v.Value)
}

// address checks a URL and returns it with a lower-case host and without fragment.
func (r *reader) address(v *yaml.Node) string {
	raw := r.text("url", v)
	if raw == "" {
		return ""
	}
	u, err := url.Parse(raw)
	switch {
	case err != nil || u.Host == "" || u.Hostname() == "":
		r.bad(v.Line, "the url %q has no host; write it whole, as in https://forum.example/", raw)
		return ""
	case u.Scheme != "http" && u.Scheme != "https":
		r.bad(v.Line, "the url %q does not start with http:// or https://; only those are fetched", raw)
		return ""
	case u.User != nil:
		r.bad(v.Line, "the url %q carries a name or password; only public pages are read, remove it", u.Redacted())
		return ""
	}
	if port := u.Port(); port != "" {
		if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
			r.bad(v.Line, "the url %q has a port out of range; use 1 to 65535", raw)
			return ""
		}
	}
	u.Host = strings.ToLower(u.Host)
	u.Fragment, u.RawFragment = "", ""
	if u.Path == "" {
		u.Path = "/"
	}
	return u.String()
}

func (r *reader) egress(v *yaml.Node) string {
	raw := r.text("egress", v)
	if raw == "" || raw == "direct" {
		return raw
	}
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "socks5h" {
		r.bad(v.Line, "the egress %q is none; use direct, http://host:port or socks5h://host:port (plain socks5 would leak names)", raw)
	}
	return raw
}

// duration reads Go's form ("90s", "24h") and whole days and weeks ("7d", "2w").
func (r *reader) duration(key string, v *yaml.Node, least time.Duration) time.Duration {
	raw := r.text(key, v)
	if raw == "" {
		return 0
	}
	d, err := time.ParseDuration(raw)
	for suffix, unit := range map[string]time.Duration{"d": 24 * time.Hour, "w": 7 * 24 * time.Hour} {
		number, found := strings.CutSuffix(raw, suffix)
		if n, convErr := strconv.Atoi(number); found && convErr == nil && n < 4000 {
			d, err = time.Duration(n)*unit, nil
		}
	}
	switch {
	case err != nil:
		r.bad(v.Line, "%s: %q is no duration; write a number and a unit, as in 30s, 12h or 7d", key, raw)
		return 0
	case d < least:
		r.bad(v.Line, "%s: %q is shorter than %s; give more or drop the key", key, raw, least)
		return 0
	}
	return d
}

func (r *reader) count(key string, v *yaml.Node) int {
	n, err := strconv.Atoi(r.text(key, v))
	if err != nil || n < 1 {
		r.bad(v.Line, "%s: %q is no whole number above 0; write one or drop the key", key, v.Value)
		return 0
	}
	return n
}

func (r *reader) yes(key string, v *yaml.Node) bool {
	if v.Tag != "!!bool" {
		r.bad(v.Line, "%s: %q is neither true nor false; write one of them", key, v.Value)
	}
	return v.Tag == "!!bool" && strings.EqualFold(v.Value, "true")
}

func (r *reader) patterns(key string, v *yaml.Node) []string {
	items := v.Content
	if v.Kind == yaml.ScalarNode {
		items = []*yaml.Node{v}
	} else if v.Kind != yaml.SequenceNode {
		r.bad(v.Line, "%s is not a list of patterns; write `%s: ['^/forum/']`", key, key)
		return nil
	}
	var out []string
	for _, item := range items {
		p := r.text(key, item)
		if p == "" {
			continue
		}
		if _, err := regexp.Compile(p); err != nil {
			r.bad(item.Line, "%s: %q is no RE2 pattern (%s); correct it", key, p, err)
			continue
		}
		out = append(out, p)
	}
	return out
}

func kindList() string {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = string(k)
	}
	return strings.Join(names, ", ")
}
