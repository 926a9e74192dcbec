package scoring

import (
	"slices"
	"strings"
	"time"

	"schemer"
)

// trace is what is kept of a post after it has been read: the post itself, trimmed, with its hits and the counts of
// its cue words.
type trace struct {
	post     *schemer.Post
	site     string
	thread   string
	at       time.Time
	position int
	hits     []schemer.Hit
	cues     cueCount // of text and signature
	title    cueCount // of the thread's title, or the page's
	prices   int
	ids      []identifier // hard and strong identifiers in the author's own words
	sketched bool
	sketch   *sketch  // nil when the text is too short
	domains  []string // hosts named in the author's own words
	bare     []string // @names in the author's own words, without the @
}

// identifier is a contact or account that a post names: kind and canonical value.
type identifier struct{ kind, value string }

// idStrength grades the kinds of identifier; kinds that are not here identify nobody.
var idStrength = map[string]schemer.Strength{
	"wallet": schemer.Hard, "pgp": schemer.Hard, "tox": schemer.Hard, "session": schemer.Hard,
	"telegram": schemer.Strong, "jabber": schemer.Strong, "email": schemer.Strong, "discord": schemer.Strong, "icq": schemer.Strong,
	"whatsapp": schemer.Strong, "signal": schemer.Strong, "matrix": schemer.Strong, "phone": schemer.Strong,
	"onion": schemer.Strong, "asn": schemer.Strong, "prefix": schemer.Strong,
}

// newTrace reads the structure of a post.
func newTrace(p *schemer.Post, hits []schemer.Hit) *trace {
	t := &trace{post: p, site: p.Site, thread: threadOf(p), at: p.PostedAt, position: p.Position, hits: hits}
	t.adoptChannel()
	folded := foldText(p.Text)
	t.cues = cues().count(folded)
	if p.Signature != "" {
		signed := foldText(p.Signature)
		for class, n := range cues().count(signed) {
			t.cues[class] += min(n, 255-t.cues[class])
		}
	}
	t.prices = countPrices(folded)
	t.identify()
	return t
}

// cmpOr returns the first of two strings that is not empty.
func cmpOr(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// identify collects the identifiers of the post's own words; what stands in quotes or hidden text is not the author's.
func (t *trace) identify() {
	seen := map[identifier]bool{}
	add := func(list *[]identifier, id identifier) {
		if id.value != "" && !seen[id] {
			seen[id] = true
			*list = append(*list, id)
		}
	}
	var hosts []identifier
	for _, m := range t.post.Mentions {
		if m.Field == "quote" || m.Field == "hidden" || m.Field == "thread" || m.Field == "author_url" {
			continue
		}
		switch m.Kind {
		case "domain", "onion":
			add(&hosts, identifier{"domain", strings.TrimPrefix(strings.ToLower(m.Value), "www.")})
		default:
			if idStrength[m.Kind] != "" {
				add(&t.ids, identifier{m.Kind, m.Value})
			}
		}
	}
	t.bare = bareHandles(t.post.Text, t.post.Signature)
	for _, h := range hosts {
		t.domains = append(t.domains, h.value)
	}
}

// bareHandles finds names written with an @ and nothing else, as messengers and forums do; not the hosts of addresses.
func bareHandles(texts ...string) []string {
	var out []string
	for _, text := range texts {
		for i := strings.IndexByte(text, '@'); i >= 0 && i < len(text); {
			end := i + 1
			for end < len(text) && nameByte(text[end]) {
				end++
			}
			name := strings.ToLower(text[i+1 : end])
			if len(name) >= 5 && (i == 0 || !nameByte(text[i-1]) && text[i-1] != '.') && (end == len(text) || text[end] != '.' || end+1 == len(text) || !nameByte(text[end+1])) && !slices.Contains(out, name) {
				out = append(out, name)
			}
			next := strings.IndexByte(text[end:], '@')
			if next < 0 {
				break
			}
			i = end + next
		}
	}
	return out
}

func nameByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_'
}

// matters reports whether anything later looks at the post.
func (t *trace) matters() bool {
	p := t.post
	if p.Kind == schemer.PostPage || p.Kind == schemer.PostReply || p.Kind == schemer.PostChannel || len(t.hits) > 0 {
		return true
	}
	if len(t.ids) > 0 || len(t.domains) > 0 || len(t.bare) > 0 || p.Subject != "" && p.Kind != schemer.PostReview {
		return true
	}
	return t.prices > 0 && t.cues[cueServer]+t.cues[cueSell] > 0
}

// tells reports whether the post may tell of a seller's life: its end, its names, fakes, or in the first person, or may offer something.
func (t *trace) tells() bool {
	c := &t.cues
	if t.position == 1 && c[cueSell]+c[cueContact]+c[cueServer]+c[cueWe] > 0 {
		return true
	}
	return c[cueClosing]+c[cueContinuity]+c[cueDisown]+c[cueBanned] > 0 || c[cueWe]+c[cueI] > 0 && tradeNamed(t.post.Thread) || t.tellsSeat()
}

// trim counts the cue words of the title and drops what nobody reads again.
func (t *trace) trim() {
	p := t.post
	t.title = countCues(cmpOr(p.Thread, p.Title))
	p.Mentions = nil
	p.Hidden = ""
	p.Blocks = nil
	if len(p.Quotes) > 0 { // whom it answers is read again, what they said is not; the caller's own list is left alone
		p.Quotes = slices.Clone(p.Quotes)
		for i := range p.Quotes {
			p.Quotes[i].Text = ""
		}
	}
	if len(p.Text) > 64<<10 {
		p.Text = strings.Clone(p.Text[:64<<10])
	}
}

// isPage reports whether the post is a page of somebody's own site rather than an utterance on a platform.
func (t *trace) isPage() bool { return t.post.Kind == schemer.PostPage }

// past reports whether the wording is no longer shown.
func (t *trace) past() bool { return t.post.Superseded || !t.post.GoneSince.IsZero() }

// seen is when the wording is known to have stood: its date, or the last visit that showed it.
func (t *trace) seen() time.Time {
	p := t.post
	if p.Kind == schemer.PostPage || p.PostedAt.IsZero() {
		if !p.LastSeen.IsZero() {
			return p.LastSeen
		}
		return p.CapturedAt
	}
	return p.PostedAt
}
