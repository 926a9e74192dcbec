package scoring

import (
	"cmp"
	"slices"
	"strings"

	"schemer"
)

// How many quotes a candidate shows.
const (
	maxSelfQuotes  = 16
	maxOtherQuotes = 6
	maxContra      = 6
)

// evidence lists the quotes that support the grade: the seller's own first, then buyers and third parties, each wording
// once, best first.
func (w *world) evidence(v *verdict) []schemer.Evidence {
	out := []schemer.Evidence{}
	seen := map[string]bool{}
	self := slices.Concat(v.admitted, v.unbound)
	slices.SortStableFunc(self, newest)
	others := slices.Clone(v.outsiders)
	slices.SortStableFunc(others, func(a, b *saying) int {
		return cmp.Or(speakerRank(a.speaker)-speakerRank(b.speaker), newest(a, b))
	})
	for i, list := range [][]*saying{self, others} {
		limit := []int{maxSelfQuotes, maxOtherQuotes}[i]
		for _, s := range list {
			form := s.trace.site + s.loose
			if limit == 0 || seen[form] || strings.TrimSpace(s.hit.Quote) == "" || w.chrome(s) && better(list, s) {
				continue
			}
			seen[form] = true
			limit--
			out = append(out, v.shown(s))
		}
	}
	return out
}

// shown makes the evidence of a saying. What an account says in the name of a seller whose own words admit nothing is
// shown, but as somebody else's, unless it shares the seller's contact or has kept up its offers for half a year and the
// seller warns of no fakes.
func (v *verdict) shown(s *saying) schemer.Evidence {
	e := s.proof()
	if gradeRank(v.grade) < gradeRank(schemer.GradeHint) && slices.Contains(v.unbound, s) {
		known := s.tie == tieShared || s.entity.persistent(s.trace.site, s.trace.post.Author, 3, youngFor)
		if known && !s.entity.flags["impersonated"] && !s.entity.flags["impersonator"] {
			e.Grade = schemer.GradeNone
			return e
		}
		e.Speaker, e.Grade = schemer.SpeakerOther, schemer.GradeNone
	}
	return e
}

// chrome reports whether a quote belongs to the frame of a site rather than to the page: a title, or a line that stands
// on several of its pages.
func (w *world) chrome(s *saying) bool {
	if !s.trace.isPage() {
		return false
	}
	if s.hit.Field == "title" {
		return true
	}
	pages := 0
	for _, p := range w.sites[s.trace.site].pages {
		if !p.past() && strings.Contains(p.post.Text, s.hit.Quote) {
			pages++
		}
	}
	return pages > 1
}

// better reports whether another statement in the list, not of the frame, supports the same or a higher grade.
func better(list []*saying, than *saying) bool {
	return slices.ContainsFunc(list, func(s *saying) bool {
		return s != than && s.loose != than.loose && s.hit.Field != "title" && gradeRank(s.signal.Grade) >= gradeRank(than.signal.Grade)
	})
}

func speakerRank(s schemer.Speaker) int {
	return slices.Index([]schemer.Speaker{schemer.SpeakerSelf, schemer.SpeakerBuyer, schemer.SpeakerThird, schemer.SpeakerOther}, s)
}

// contra lists the quotes that speak against.
func (w *world) contra(v *verdict) []schemer.Evidence {
	out := []schemer.Evidence{}
	list := slices.Clone(v.contrary)
	slices.SortStableFunc(list, newest)
	seen := map[string]bool{}
	for _, s := range list {
		if form := s.loose; !seen[form] && len(out) < maxContra {
			seen[form] = true
			e := s.proof()
			e.Grade = schemer.GradeNone
			out = append(out, e)
		}
	}
	return out
}

// proof makes the evidence of one saying.
func (s *saying) proof() schemer.Evidence {
	p := s.trace.post
	grade := s.signal.Grade
	if grade != schemer.GradeOpen && grade != schemer.GradeHint {
		grade = schemer.GradeNone
	}
	return schemer.Evidence{
		URL: p.URL, Quote: s.hit.Quote, Context: contextOf(p, s.hit), Author: p.Author, PostedAt: p.PostedAt, Speaker: s.speaker, Grade: grade,
		Signal: string(s.hit.Signal), Crimes: slices.Clone(crimesOf(s)), CapturedAt: p.CapturedAt, SHA256: p.SHA256, WARC: p.WARC, Admiralty: s.admiralty(),
		Post: p.ID, Site: p.Site, Lang: cmp.Or(s.hit.Lang, p.Lang), GoneSince: p.GoneSince, Points: s.hitWeight(), Words: s.hit.Words,
	}
}

// contextOf is the text around a quote, up to two hundred bytes to either side, cut at blanks.
func contextOf(p *schemer.Post, h schemer.Hit) string {
	text := p.Text
	if h.Field == "signature" {
		text = p.Signature
	}
	if h.Field == "title" || h.Start < 0 || h.End > len(text) || h.Start > h.End {
		return ""
	}
	start, end := max(0, h.Start-200), min(len(text), h.End+200)
	if start > 0 {
		if n := strings.IndexAny(text[start:h.Start], " \n"); n >= 0 {
			start += n + 1
		} else {
			start = h.Start
		}
	}
	if end < len(text) {
		if n := strings.LastIndexAny(text[h.End:end], " \n"); n >= 0 {
			end = h.End + n
		} else {
			end = h.End
		}
	}
	return text[start:end]
}

// admiralty proposes the code of a capture: a letter for the account that speaks, a number for the statement.
func (s *saying) admiralty() string {
	switch {
	case s.tie == tieSite, s.tie == tieChannel, s.tie == tieMutual:
		return "B2"
	case s.tie == tieAlone, s.tie == tieShared:
		return "C3"
	case s.tie == tieClaim:
		return "D3"
	case s.speaker == schemer.SpeakerBuyer:
		return "C3"
	case s.speaker == schemer.SpeakerOther:
		return "E5"
	case s.trace.post.SourceKind == schemer.KindNews, s.trace.post.SourceKind == schemer.KindBlog:
		return "B3"
	}
	return "E4"
}
