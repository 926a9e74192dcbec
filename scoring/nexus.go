package scoring

import (
	"slices"
	"strings"
	"unicode"

	"schemer"
)

// nexus says whether the seller offers server space in the Netherlands by its own words: claimed when a page of its own
// or an offer of its accounts gives a Dutch place as a location, none otherwise. The proof is the sentence.
func (w *world) nexus(e *entity) (state, proof string) {
	best, bestRank := "", 0
	for _, t := range e.self {
		if t.past() && e.alive() || !t.isPage() && !locates(t, e) {
			continue
		}
		for _, sentence := range splitSentences(t.post.Thread + "\n" + t.post.Text) {
			if rank := dutchOffer(sentence, t); rank > bestRank {
				best, bestRank = sentence, rank
			}
		}
	}
	for _, s := range e.sites {
		for _, p := range s.pages {
			if id := p.post.Identity; bestRank == 0 && !p.past() && id != nil && slices.Contains(id.Places, "NL") {
				return "claimed", strings.TrimSpace(id.Claim)
			}
		}
	}
	if bestRank == 0 {
		return "none", ""
	}
	return "claimed", best
}

// locates reports whether a post is an offer, where places are those of the servers: it has a price, or opens the
// seller's own thread, or speaks of servers.
func locates(t *trace, _ *entity) bool {
	return t.position == 1 || t.prices > 0 || t.cues[cueServer] > 0 && t.cues[cueWe]+t.cues[cueSell] > 0 || t.post.Kind == schemer.PostChannel
}

// dutchOffer grades how well a sentence claims servers in the Netherlands: 0 not at all, 1 by a place alone, 2 beside
// words for servers, prices or other places.
func dutchOffer(sentence string, t *trace) int {
	folded := foldText(sentence)
	c := cues().count(folded)
	if c[cueNL] == 0 && !upperNL(sentence) || denied(folded, sentence) {
		return 0
	}
	if onlyAbout(folded) {
		return 0
	}
	if c[cueServer]+c[cueSell] > 0 || countPrices(folded) > 0 || strings.ContainsAny(sentence, "/·:,") || upperNL(sentence) {
		return 2
	}
	if t.isPage() {
		return 1
	}
	return 0
}

// upperNL reports whether the country's code or the exchange's city code stands alone in capitals.
func upperNL(sentence string) bool {
	for _, word := range strings.FieldsFunc(sentence, func(r rune) bool { return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if word == "NL" || word == "AMS" {
			return true
		}
	}
	return false
}

// denied reports whether a negation stands before the Dutch place within its clause, or the place is where customers are
// sent elsewhere for.
func denied(folded, sentence string) bool {
	for _, away := range [...]string{"look elsewhere", "go elsewhere", "try elsewhere", "ergens anders zijn", "woanders suchen", "voir ailleurs", "busquen en otro", "не к нам"} {
		if strings.Contains(folded, away) {
			return true
		}
	}
	for _, clause := range strings.FieldsFunc(sentence, func(r rune) bool { return strings.ContainsRune(";:!?()—–", r) }) {
		at := placeAt(clause)
		if at < 0 {
			continue
		}
		if countCues(clause[:at])[cueNever] == 0 && !departed(foldText(clause)) {
			return false
		}
	}
	return true
}

// leftWords say that somebody has gone from a place.
var leftWords = foldList(`we left; have left; moved out of; moved away from; pulled out of; withdrew from; gone from; closed our; no longer in; not in; formerly in; weg uit; vertrokken uit; verlaten; gestopt in; niet meer in; verlassen; abgezogen aus; nicht mehr in; nous avons quitté; avons quitté; partis de; plus aux; plus à
 ; hemos dejado; dejamos; salimos de; nos fuimos de; ya no estamos en; saímos de; deixamos; já não estamos; opuściliśmy; wyprowadziliśmy się z; już nie w; ayrıldık; çıktık; artık yok; ушли из; съехали из; съехали с; выехали из; покинули; больше не в; пішли з; виїхали з; залишили; більше не в; 撤出; 离开; 不再`)

// departed reports whether folded text says that somebody has gone from a place.
func departed(folded string) bool { return firstOf(folded, leftWords) >= 0 }

// placeAt is where the first Dutch place stands in a clause, or -1.
func placeAt(clause string) int {
	for _, word := range wordStarts(clause) {
		rest := clause[word:]
		head := rest
		if fields := strings.FieldsFunc(rest, func(r rune) bool { return r == ' ' || r == ',' || r == '/' }); len(fields) > 0 {
			head = strings.Join(fields[:min(2, len(fields))], " ")
		}
		if set := cues().match(strings.TrimLeft(foldText(head), "*_ ") + " "); set&(1<<cueNL) != 0 {
			return word
		}
		if (strings.HasPrefix(rest, "NL") || strings.HasPrefix(rest, "AMS")) && upperNL(head) {
			return word
		}
	}
	return -1
}

// wordStarts are the offsets at which words begin; every Chinese character begins one.
func wordStarts(text string) []int {
	var out []int
	for _, w := range wordsOf(text) {
		out = append(out, w.at)
		if hasHan(w.loose) {
			for i := range text[w.at:] {
				if i > 0 && i < 60 {
					out = append(out, w.at+i)
				}
			}
		}
	}
	return out
}

// onlyAbout reports whether the Dutch place belongs to police, letters, banks or customers rather than to servers.
func onlyAbout(folded string) bool {
	for _, word := range [...]string{
		"police", "letter", "authorit", "court", "customers in", "clients in", "полици", "письм", "поліці", "politie", "brief", "justitie",
		"polizei", "behörd", "courrier", "policía", "policia", "carta", "policj", "polis", "警", "来信",
	} {
		if strings.Contains(folded, word) {
			return true
		}
	}
	return false
}
