package scoring

import (
	"cmp"
	"hash/fnv"
	"slices"
	"time"

	"schemer"
)

// Bounds within which several utterances count as one origin.
const (
	burst        = 72 * time.Hour // utterances of young accounts this close together are one campaign
	youngFor     = 180 * 24 * time.Hour
	sketchSize   = 48
	maxOutsiders = 400 // of the sayings about one seller are grouped, oldest first
	alike        = 0.8 // share of equal sketch values above which two texts are one
)

// sketch is a MinHash over the word triples of a text (Broder 1997).
type sketch [sketchSize]uint32

// sketchOf sketches a text; texts of fewer than five words have no sketch.
func sketchOf(text string) (sketch, bool) {
	words := wordsOf(text)
	var s sketch
	if len(words) < 5 {
		return s, false
	}
	for i := range s {
		s[i] = ^uint32(0)
	}
	for i := 0; i+3 <= len(words); i++ {
		h := fnv.New64a()
		for _, w := range words[i : i+3] {
			h.Write([]byte(w.loose))
			h.Write([]byte{0})
		}
		sum := h.Sum64()
		low, high := uint32(sum), uint32(sum>>32)|1
		for k := range s {
			low += high
			s[k] = min(s[k], low^(low>>15)*0x2c1b3c6d)
		}
	}
	return s, true
}

// drawn returns the sketch of the post's text, made once; nil when the text is too short.
func (t *trace) drawn() *sketch {
	if !t.sketched {
		t.sketched = true
		if s, ok := sketchOf(t.post.Text); ok {
			t.sketch = &s
		}
	}
	return t.sketch
}

// like is the share of equal values: an estimate of the Jaccard similarity of the texts.
func (s *sketch) like(other *sketch) float64 {
	n := 0
	for i := range s {
		if s[i] == other[i] {
			n++
		}
	}
	return float64(n) / sketchSize
}

// origin is a group of sayings that count as one: same author, same text, or one burst of young accounts.
type origin struct {
	sayings []*saying
	authors map[authorKey]bool
	site    string
	from    time.Time
	to      time.Time
	young   bool
	text    *sketch
}

// origins groups what outsiders say of a seller, so that a campaign counts once whatever the number of its posts.
func (w *world) origins(said []*saying) []*origin {
	list := slices.Clone(said)
	slices.SortStableFunc(list, func(a, b *saying) int {
		return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.trace.post.ID, b.trace.post.ID))
	})
	if len(list) > maxOutsiders {
		list = list[:maxOutsiders]
	}
	var out []*origin
	for _, s := range list {
		if o := w.originOf(out, s); o != nil {
			o.sayings = append(o.sayings, s)
			o.authors[s.author()] = true
			if s.at.After(o.to) {
				o.to = s.at
			}
			continue
		}
		o := &origin{sayings: []*saying{s}, authors: map[authorKey]bool{s.author(): true}, site: s.trace.site, from: s.at, to: s.at, young: w.young(s)}
		o.text = s.trace.drawn()
		out = append(out, o)
	}
	return out
}

// originOf finds the group that a saying belongs to.
func (w *world) originOf(list []*origin, s *saying) *origin {
	text := s.trace.drawn()
	young := w.young(s)
	for _, o := range list {
		switch {
		case o.authors[s.author()],
			text != nil && o.text != nil && text.like(o.text) >= alike,
			young && o.young && s.at.Sub(o.to) <= burst && !s.at.IsZero():
			return o
		}
	}
	return nil
}

func (s *saying) author() authorKey { return authorKey{s.trace.site, s.trace.post.Author} }

// young reports whether the author had no history when it spoke: less than half a year, or nothing but this thread.
func (w *world) young(s *saying) bool {
	a := w.census.authors[s.author()]
	return a == nil || s.trace.post.Author == "" || s.at.Sub(a.first) < youngFor || !a.several
}

// sourcesOf counts the independent places that speak of a seller: its own sites are one, every platform with an
// utterance that is no copy of another is one.
func (w *world) sourcesOf(said []*saying) int {
	seen := map[string]bool{}
	var outsiders []*saying
	for _, s := range said {
		switch {
		case s.tie == tieSite:
			seen["own site"] = true
		case s.speaker == schemer.SpeakerSelf:
			seen[s.source] = true
		default:
			outsiders = append(outsiders, s)
		}
	}
	for _, o := range w.origins(outsiders) {
		seen[o.site] = true
	}
	return len(seen)
}

// persistent reports whether an account has kept up its offers: that many posts over that time. A campaign is over in
// weeks.
func (e *entity) persistent(site, account string, least int, over time.Duration) bool {
	var first, last time.Time
	posts := 0
	for _, t := range e.self {
		if t.site != site || t.post.Author != account || t.at.IsZero() {
			continue
		}
		posts++
		if first.IsZero() || t.at.Before(first) {
			first = t.at
		}
		if t.at.After(last) {
			last = t.at
		}
	}
	return posts >= least && last.Sub(first) >= over
}
