package scoring

import (
	"slices"

	"schemer"
)

// crimes are the crime types that the seller itself admits to serve, in the order of the letter. What buyers say adds a
// type only to a seller that openly admits others, and only when two independent buyers say it, or one of standing whose
// story the seller lets stand in a thread in which it speaks later.
func (w *world) crimes(v *verdict) []string {
	found := map[string]bool{}
	for _, s := range v.admitted {
		if s.hit.Polarity < 0 {
			continue
		}
		for _, c := range crimesOf(s) {
			found[c] = true
		}
	}
	if v.grade == schemer.GradeOpen {
		buyers := map[string]int{}
		var said []*saying
		for _, s := range v.outsiders {
			if s.speaker == schemer.SpeakerBuyer {
				said = append(said, s)
			}
		}
		for _, o := range w.origins(said) {
			once := map[string]int{}
			for _, s := range o.sayings {
				weight := 1
				if w.answered(s) {
					weight = 2
				}
				for _, c := range crimesOf(s) {
					once[c] = max(once[c], weight)
				}
			}
			for c, weight := range once {
				buyers[c] += weight
			}
		}
		for c, n := range buyers {
			found[c] = found[c] || n >= 2
		}
	}
	out := []string{}
	for _, c := range crimeNames {
		if found[c] {
			out = append(out, c)
		}
	}
	return out
}

// answered reports whether a customer of some standing tells his own story in a thread in which the seller speaks, and so
// lets it stand.
func (w *world) answered(s *saying) bool {
	if w.young(s) || !ownStory(s.trace, s.hit) {
		return false
	}
	return slices.ContainsFunc(s.entity.self, func(t *trace) bool {
		return !t.isPage() && t.site == s.trace.site && t.thread == s.trace.thread && t.at.After(s.at)
	})
}

// crimesOf are the crime types of a hit, or of its signal when the hit names none.
func crimesOf(s *saying) []string {
	if len(s.hit.Crimes) > 0 {
		return s.hit.Crimes
	}
	return slices.Clone(s.signal.Crimes)
}
