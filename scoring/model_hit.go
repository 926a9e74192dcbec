package scoring

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"schemer"
)

// signalLike is the signal of a passage that is like the examples of those who serve crime.
const signalLike = "reads_like"

// Bounds of the model's say. Odds are natural-log odds; at likeFrom nine in ten passages that honest firms say in the words
// of the others stay below (TestExamplesHeldOut). What a hit weighs stays under plainWeight, so that no passage alone
// proposes anybody.
const (
	likeFrom   = 1.3
	likeWeight = 2.0
	fewWords   = 4
	// weightyWords is how many words are shown for a hit.
	weightyWords = 5
)

// likelihood is what the model says of one sentence, open to being added to that of its neighbour.
type likelihood struct {
	sum   float64
	parts int
}

func (l likelihood) plus(o likelihood) likelihood {
	return likelihood{l.sum + o.sum, l.parts + o.parts}
}

func (l likelihood) odds(bias float64) float64 {
	return bias + l.sum/math.Sqrt(float64(max(1, l.parts)))
}

// weighSentence reads sentence i by the model.
func (s *scratch) weighSentence(i int) likelihood {
	var l likelihood
	sen := &s.text.sentences[i]
	for n := sen.first; n < sen.last; n++ {
		info := s.text.tokens[n].info
		l.sum += float64(info.like)
		l.parts += len(info.features)
	}
	s.feats = s.between(s.feats[:0], i)
	l.sum += s.model.sum(s.feats)
	l.parts += len(s.feats)
	return l
}

// likes adds a hit for every passage, a sentence or a short one with its neighbour, that is like the examples of those who
// serve crime and that nothing marks as asked, reported, explained or forbidden.
func (s *scratch) likes() {
	if s.model == nil {
		return
	}
	number, known := s.rules.byID[signalLike]
	if !known {
		return
	}
	s.odds = s.odds[:0]
	for i := range s.text.sentences {
		s.odds = append(s.odds, s.weighSentence(i))
	}
	bias := s.model.bias
	for i := 0; i < len(s.odds); i++ {
		j, odds := i, s.odds[i].odds(bias)
		if i+1 < len(s.odds) && s.text.sentences[i].block == s.text.sentences[i+1].block && (s.short(i) || s.short(i+1)) {
			if both := s.odds[i].plus(s.odds[i+1]).odds(bias); both > odds && s.speaks(i+1) {
				j, odds = i+1, both
			}
		}
		if odds < likeFrom || j == i && s.short(i) || !s.speaks(i) || s.ruled(i, j) {
			continue
		}
		s.add(number, i, j, 1, s.subject(i, j, nil), "", min(likeWeight, 0.8+0.5*(odds-likeFrom)), nil, 0)
		s.hits[len(s.hits)-1].Words = s.weighty(i, j)
		i = j
	}
}

// ruled reports whether a rule already speaks of sentences i to j: of an admission, which likeness would count twice, or
// against one, which likeness must not talk away.
func (s *scratch) ruled(i, j int) bool {
	start, end := s.text.sentences[i].start, s.text.sentences[j].end
	return slices.ContainsFunc(s.hits, func(h schemer.Hit) bool {
		grade := s.rules.rules[s.rules.byID[h.Signal]].signal.Grade
		admits := h.Polarity > 0 && h.Scope == "" && gradeRank(grade) >= gradeRank(schemer.GradeHint)
		return (admits || h.Polarity < 0) && h.Start < end && start < h.End
	})
}

// weighty returns the words of sentences i to j that speak most for likeness, the heaviest first.
func (s *scratch) weighty(i, j int) []string {
	tokens := slices.Clone(s.text.tokens[s.text.sentences[i].first:s.text.sentences[j].last])
	slices.SortStableFunc(tokens, func(a, b token) int { return cmp.Compare(b.info.like, a.info.like) })
	var out []string
	for _, t := range tokens {
		if word := s.text.text[t.start:t.end]; t.info.like > 0 && len(out) < weightyWords && !slices.Contains(out, word) {
			out = append(out, strings.Clone(word))
		}
	}
	return out
}

// short reports a sentence of a few words, which says little alone.
func (s *scratch) short(i int) bool {
	sen := &s.text.sentences[i]
	return sen.last-sen.first < fewWords || sen.lang == langZH && sen.last-sen.first < 2*fewWords
}

// speaks reports whether sentence i is meant as it stands.
func (s *scratch) speaks(i int) bool {
	sen := &s.text.sentences[i]
	if sen.question || s.scope(i) != "" || s.headingPolarity(i) < 0 {
		return false
	}
	quoted := 0
	for n := sen.first; n < sen.last; n++ {
		if s.text.tokens[n].quoted {
			quoted++
		}
	}
	return 2*quoted <= sen.last-sen.first
}
