package scoring

import (
	"strings"

	"schemer"
)

// seatRoles order pages by how much weight a claim of a seat on them has.
var seatRoles = map[string]int{"legal": 6, "terms": 5, "about": 4, "contact": 4, "privacy": 3, "aup": 3, "home": 3}

// seat returns the country of the seat that the seller claims, and the words that claim it: the plainest claim on the most
// legal of its current pages; for a seller without one, what its own posts say of its company.
func (w *world) seat(e *entity) (country, claim string) {
	best := -1
	take := func(code, words string, rank int) {
		if code != "" && rank > best {
			country, claim, best = code, strings.TrimSpace(words), rank
		}
	}
	for _, s := range e.sites {
		for _, p := range s.pages {
			rank := seatRoles[p.post.Role]
			if p.past() {
				rank -= 30
			}
			if id := p.post.Identity; id != nil && id.Country != "" && !foreignIdentity(p.post, e.brands) {
				take(id.Country, id.Claim, 60+rank)
			}
			for _, c := range seatClaims(p.post.Text, e.brands) {
				take(c.country, c.words, 20+10*c.strength+rank)
			}
		}
	}
	if best >= 0 {
		return country, claim
	}
	for _, t := range e.self {
		if t.isPage() {
			continue
		}
		if id := t.post.Identity; id != nil && id.Country != "" && !foreignIdentity(t.post, e.brands) {
			take(id.Country, id.Claim, 5)
		}
		for _, field := range [...]string{t.post.Text, t.post.Signature} {
			for _, c := range seatClaims(field, e.brands) {
				take(c.country, c.words, c.strength)
			}
		}
	}
	if best < 0 {
		c := w.answeredSeat(e)
		take(c.country, c.words, c.strength)
	}
	if best < 0 {
		country, claim = w.toldSeat(e)
	}
	return country, claim
}

// foreignIdentity reports whether the company that the reader found on a page is somebody else's, or a seat of the past.
func foreignIdentity(p *schemer.Post, own []brand) bool {
	if p.Identity.Start < 0 || p.Identity.End > len(p.Text) || p.Identity.Start >= p.Identity.End {
		return false
	}
	if denies(foldText(strings.TrimLeft(p.Text[p.Identity.End:min(len(p.Text), p.Identity.End+20)], " "))) {
		return true
	}
	for _, sentence := range splitSentences(p.Text) {
		at := strings.Index(sentence, firstLine(p.Text[p.Identity.Start:p.Identity.End]))
		if at < 0 {
			continue
		}
		if countCues(sentence)[cuePast] > 0 {
			return !strings.Contains(strings.Join(present(sentence), ", "), firstLine(p.Identity.Claim))
		}
		folded := foldText(sentence)
		if cues().count(folded)[cueNever] > 0 && firstOf(folded, courtStems) >= 0 && firstOf(folded, dealStems) < 0 {
			return true // courts that are not obeyed
		}
		return foreign(sentence, folded, at+len(p.Identity.Claim), own)
	}
	return false
}

// firstLine is the text up to its first line end.
func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

// jurisdiction adds a little for a seat that shell companies favour; never more than the cap of its family.
func (v *verdict) jurisdiction(code string) {
	if v.grade != schemer.GradeOpen && v.grade != schemer.GradeHint {
		return
	}
	switch shellSeat(code) {
	case "H":
		v.add("offshore_seat", 30, "seat claimed in "+code+", a seat that shell companies favour")
	case "M":
		v.add("offshore_seat", 15, "seat claimed in "+code+", a seat that shell companies use")
	}
}
