package scoring

import (
	"slices"
	"strings"
	"time"

	"schemer"
)

// site is a host with what its pages and posts say of it.
type site struct {
	host     string
	kind     schemer.SourceKind
	pages    []*trace // its own pages, and articles when it sells
	speakers int      // forum posts, reviews and channel messages: others write here
	articles []*trace
	selling  bool
	unseen   bool // no later visit than others' first revisit showed it: it may be dead
	name     string
	brand    brand
	ids      map[identifier]bool // contacts it gives as its own
	disowned map[identifier]bool // contacts it warns of
	loose    string              // all its text in loose letters, to look for names of platforms and accounts
}

// platformKinds are the kinds of source at which others speak, never the seller's own site.
var platformKinds = map[schemer.SourceKind]bool{
	schemer.KindForum: true, schemer.KindReview: true, schemer.KindNews: true, schemer.KindDirectory: true, schemer.KindChannel: true, schemer.KindBlog: true,
	schemer.KindOther: true,
}

// sites groups the traces by host and decides which hosts are sellers' own.
func sites(c *census) map[string]*site {
	out := map[string]*site{}
	for _, t := range c.traces {
		s := out[t.site]
		if s == nil {
			s = &site{host: t.site, ids: map[identifier]bool{}, disowned: map[identifier]bool{}}
			out[t.site] = s
		}
		if s.kind == "" || s.kind == schemer.KindUnknown {
			s.kind = t.post.SourceKind
		}
		switch t.post.Kind {
		case schemer.PostPage:
			s.pages = append(s.pages, t)
		case schemer.PostArticle, schemer.PostComment:
			s.articles = append(s.articles, t)
		default:
			s.speakers++
		}
	}
	for _, s := range out {
		s.selling = s.sells()
		s.unseen = s.missed(c)
	}
	for _, s := range out {
		if s.selling || s.mirrors() || s.wing(out) {
			s.describe()
		}
	}
	return out
}

// longUnseen is how far behind the newest visit of anything a site's last sight may lie before it counts as missed.
const longUnseen = 60 * 24 * time.Hour

// missed reports whether the site was not seen any more when others were visited again.
func (s *site) missed(c *census) bool {
	var last time.Time
	for _, p := range s.pages {
		for _, at := range [...]time.Time{p.post.CapturedAt, p.post.LastSeen, p.post.GoneSince} {
			if at.After(last) {
				last = at
			}
		}
	}
	return !last.IsZero() && (!c.again.IsZero() && last.Before(c.again) || c.visited.Sub(last) > longUnseen)
}

// platform reports whether others speak at the host.
func (s *site) platform() bool {
	return platformKinds[s.kind] || s.speakers > 0 || len(s.articles) > 0 && !s.selling
}

// sells reports whether the host's own pages offer server space: prices beside server words, or server words with
// words of selling or a page of prices, which may be written in words.
func (s *site) sells() bool {
	if platformKinds[s.kind] || s.speakers > 0 {
		return false
	}
	prices, servers, sell, we, admits, lists := 0, 0, 0, 0, 0, false
	for _, p := range s.pages {
		lists = lists || p.post.Role == "pricing" && p.cues[cueServer]+p.title[cueServer] > 0
		for _, h := range p.hits {
			if h.Polarity > 0 && h.Scope == "" && h.Subject == "we" {
				admits++
			}
		}
		prices += min(p.prices, 10)
		servers += int(p.cues[cueServer] + p.title[cueServer])
		sell += int(p.cues[cueSell])
		we += int(p.cues[cueWe] + p.cues[cueI])
	}
	switch s.kind {
	case schemer.KindReseller:
		return servers > 0 || prices > 0
	case schemer.KindHoster:
		return prices > 0 && servers >= 2
	}
	return prices > 0 && servers >= 2 || prices >= 3 && servers > 0 || servers >= 3 && (sell > 0 && we > 0 || lists) || servers > 0 && admits >= 2
}

// mirrors reports whether the host is a page that says it stands in for another.
func (s *site) mirrors() bool {
	if s.selling || s.platform() {
		return false
	}
	for _, p := range s.pages {
		if p.cues[cueMirror]+p.title[cueMirror] > 0 && len(p.domains) > 0 {
			return true
		}
	}
	return false
}

// describe fills in the name of the site and the contacts that it gives.
func (s *site) describe() {
	var titles, claimed []string
	var loose strings.Builder
	slices.SortStableFunc(s.pages, func(a, b *trace) int { return homeRank(a) - homeRank(b) })
	for _, p := range s.pages {
		titles = append(titles, p.post.Title)
		if id := p.post.Identity; id != nil && id.Name != "" {
			claimed = append(claimed, id.Name)
		}
		s.contacts(p)
		for _, word := range splitName(p.post.Text) {
			loose.WriteString(looseToken(foldText(word)))
		}
		loose.WriteByte(' ')
	}
	s.loose = loose.String()
	s.name = siteBrand(s.host, titles, claimed)
	s.brand = newBrand(s.name)
}

// homeRank orders pages so that the current home page comes first.
func homeRank(t *trace) int {
	rank := 2
	if t.post.Role == "home" || strings.HasSuffix(strings.TrimSuffix(t.post.URL, "/"), t.site) {
		rank = 0
	}
	if t.past() {
		rank++
	}
	return rank
}

// contacts takes the identifiers of a page as the site's own, except those it warns of. An identifier counts as
// warned of when every sentence that holds it also speaks of fakes and none calls it the only or the official one.
func (s *site) contacts(p *trace) {
	sentences := splitSentences(p.post.Text)
	ids := slices.Clone(p.ids)
	for _, name := range p.bare {
		if !slices.ContainsFunc(ids, func(id identifier) bool { return strings.EqualFold(lastPart(id), name) }) {
			ids = append(ids, identifier{"telegram", name})
		}
	}
	for _, id := range ids {
		if id.kind == "email" && shareddesk(id.value, s.host) {
			continue
		}
		warned, clean := false, false
		for _, sentence := range sentences {
			folded := foldText(sentence)
			if !strings.Contains(folded, strings.ToLower(lastPart(id))) {
				continue
			}
			c := cues().count(folded)
			if c[cueDisown] > 0 && c[cueOnly] == 0 {
				warned = true
			} else {
				clean = true
			}
		}
		if warned && !clean {
			s.disowned[id] = true
		} else {
			s.ids[id] = true
		}
	}
}

// lastPart is the part of an identifier that surely stands in the text as written.
func lastPart(id identifier) string {
	value, _, _ := strings.Cut(id.value, "@")
	return value
}

// shareddesk reports whether an address belongs to another host's desk: not the site's own e-mail.
func shareddesk(address, host string) bool {
	user, domain, _ := strings.Cut(address, "@")
	if domain == host || strings.HasSuffix(domain, "."+host) {
		return false
	}
	return user == "abuse" || user == "info" && domain != host
}

// splitSentences cuts text into sentences and lines; the parts keep their original bytes.
func splitSentences(text string) []string {
	var out []string
	start := 0
	cut := func(end int) {
		if part := strings.TrimSpace(text[start:end]); part != "" {
			out = append(out, part)
		}
		start = end
	}
	for i, r := range text {
		switch r {
		case '\n', '。', '！', '？', '；':
			cut(i + len(string(r)))
		case '.', '!', '?', ';', '…':
			rest := text[i+len(string(r)):]
			if rest == "" || rest[0] == ' ' || rest[0] == '\n' || rest[0] == '\t' {
				cut(i + len(string(r)))
			}
		}
	}
	cut(len(text))
	return out
}
