package scoring

import (
	"slices"
	"strings"
	"unicode/utf8"

	"schemer"
)

// disowns reports whether a site says that an account is not its own: a page speaks of fakes and names the account or
// a contact that the account gives; or a page says that adverts in its name are fake, or that it has no accounts, and
// the account uses its name. Copied contacts do not help the account when the site says that it has none at all.
func disowns(s *site, v *voice) bool {
	for id := range v.ids {
		if s.disowned[id] {
			return true
		}
	}
	shared := sharesAny(v.ids, s.ids)
	claims := anySame([]brand{s.brand, newBrand(hostLabel(s.host))}, v.names) || slices.Contains(v.domains, s.host)
	nick := strings.ToLower(bareNick(v.account))
	for _, p := range s.pages {
		if p.past() || p.cues[cueDisown]+p.title[cueDisown] == 0 {
			continue
		}
		for _, sentence := range splitSentences(p.post.Title + "\n" + p.post.Text) {
			lower := strings.ToLower(sentence)
			if utf8.RuneCountInString(nick) >= 4 && strings.Contains(lower, nick) && (p.title[cueDisown] > 0 || countCues(sentence)[cueDisown] > 0) && countCues(sentence)[cueOnly] == 0 {
				return true
			}
		}
		notice := p.title[cueDisown] > 0 || p.cues[cueDisown] >= 3
		if claims && notice && (!shared || p.cues[cueNoAccount] > 0) {
			return true
		}
	}
	return false
}

// lookalikes binds sellers negatively whose names are easily taken for one another and who share nothing.
func keepApart(list []*entity) {
	for i, a := range list {
		for _, b := range list[i+1:] {
			if a.brand.close(b.brand) && !sharesAny(a.ids, b.ids) {
				why := "the names differ by a letter; domains, contacts and company differ"
				a.flag("lookalike")
				b.flag("lookalike")
				a.relate(b, "not_same_as", why)
				b.relate(a, "not_same_as", why)
				a.bindings = append(a.bindings, negative(a, b, why))
				b.bindings = append(b.bindings, negative(b, a, why))
			}
		}
	}
}

func negative(a, b *entity, why string) schemer.Binding {
	return schemer.Binding{
		A: schemer.Alias{Kind: "name", Value: a.name, Strength: schemer.Weak}, B: schemer.Alias{Kind: "name", Value: b.name, Strength: schemer.Weak},
		Relation: "same", Negative: true, Strength: schemer.Strong, Posts: []schemer.PostID{}, Why: why, By: "lookalike",
	}
}

func sharesAny(a, b map[identifier]bool) bool {
	for id := range a {
		if b[id] {
			return true
		}
	}
	return false
}
