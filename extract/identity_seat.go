package extract

import (
	"slices"
	"strings"
	"unicode"
)

// The scores of a claimed seat; below seatLeast there is none.
const (
	seatRegistered = 10
	seatEntity     = 9
	seatPeople     = 7
	seatRegister   = 6
	seatBased      = 5.5
	seatLaw        = 5
	seatForm       = 4
	seatOffice     = 3.5
	seatLeast      = 3
)

// maxClaims bounds the claims that are weighed of one text.
const maxClaims = 300

// seat returns the best claim of a seat; among equals the first.
func (r *identityReader) seat() (claim, bool) {
	r.entityClaims()
	r.phraseClaims()
	r.peopleClaims()
	r.attributeClaims()
	r.registerClaims()
	r.numberClaims()
	r.nationalNumbers()
	r.selfClaims()
	r.hanClaims()
	best := claim{}
	for _, c := range r.claims {
		if c.score > best.score || c.score == best.score && c.start < best.start {
			best = c
		}
	}
	return best, best.score >= seatLeast
}

// entityClaims claims by the places that follow a legal entity's name, or stand right before it in "Town (Name Ltd)".
func (r *identityReader) entityClaims() {
	for k := range r.entities {
		e := &r.entities[k]
		if r.foreign(e) {
			continue
		}
		bonus := 0.0
		if r.introduced(e) {
			bonus = 0.5
		}
		if p, direct, ok := r.tail(e); ok {
			score := seatEntity + bonus
			if !direct {
				score -= 2.5
			}
			r.claims = append(r.claims, claim{p.iso, score, e.start, p.end, k})
		}
		for _, p := range r.placesIn(e.first-8, e.first) {
			if p.last == e.first-1 && strings.TrimSpace(r.text[p.end:e.start]) == "(" && p.sort != placePeople && !r.marked(idServer, p.first-3, p.first-1) {
				r.claims = append(r.claims, claim{p.iso, seatEntity - 1, p.start, e.end, k})
			}
			if p.first == e.first && (p.sort == placeCountry || p.iso == "CN") && p.start >= e.start && p.end < e.end && e.name[0] >= 0xe4 && p.start-e.start < 4 {
				r.claims = append(r.claims, claim{p.iso, seatForm + 1, e.start, e.end, k}) // 香港…有限公司
			}
		}
		if e.iso != "" {
			r.claims = append(r.claims, claim{e.iso, seatForm + bonus/2, e.start, e.end, k})
		}
	}
}

// tail reads the words after an entity as an address and returns the place that decides: the last country, else the last
// town. direct says that it follows a comma, a bracket or "of", and not a bare "in".
func (r *identityReader) tail(e *entity) (best place, direct, ok bool) {
	direct = true
	prev := e.end
	for i, words := e.last+1, 0; i < len(r.tokens) && words < 14; words++ {
		t := r.tokens[i]
		if t.start < prev { // the name ends within this word
			i++
			continue
		}
		gap := r.text[prev:t.start]
		if strings.ContainsAny(gap, ":;?!") || strings.Contains(gap, "\n\n") || strings.Contains(gap, "。") || strings.Count(gap, "\n") > 1 ||
			strings.Contains(gap, ". ") && !ok && i > e.last+1 && !abbreviated(r.tokens[i-1].fold) || r.sentence[i] != r.sentence[e.last] && strings.Contains(gap, ". ") {
			break
		}
		if k := r.placeAt[i]; k >= 0 {
			p := r.places[k]
			if ok && strings.Trim(gap, " \u00a0") == "" && !isPreposition(r.tokens[i-1].fold) && p.iso != best.iso {
				break
			}
			if p.sort != placePeople && (!ok || p.sort == placeCountry || best.sort == placeTown && p.iso == best.iso) {
				best, ok = p, true
			}
			prev, i = p.end, p.last+1
			if strings.HasPrefix(strings.TrimLeft(r.text[prev:], " "), ")") {
				break
			}
			continue
		}
		if !r.addressWord(i, e.last+1, gap) {
			break
		}
		if i == e.last+1 && isInside(t.fold) {
			direct = false
		}
		prev = t.end
		i++
	}
	return best, direct, ok
}

// placesIn returns the places that begin among the tokens lo to hi.
func (r *identityReader) placesIn(lo, hi int) []place {
	from, _ := slices.BinarySearchFunc(r.places, lo, func(p place, lo int) int { return p.first - lo })
	to := from
	for to < len(r.places) && r.places[to].first <= hi {
		to++
	}
	return r.places[from:to]
}

// addressWord reports whether the word at i can stand between a company's name and its place: a number, a capitalised
// word after a comma, a preposition.
func (r *identityReader) addressWord(i, first int, gap string) bool {
	t := r.tokens[i]
	if isPreposition(t.fold) {
		return true
	}
	if r.marked(idServer, i, i) || r.marked(idNot, i, i) {
		return false
	}
	if r.companyAt[i] >= 0 {
		return false
	}
	if unicode.IsDigit(rune(t.fold[0])) {
		return true
	}
	if !t.upper {
		return len(t.fold) <= 4 && i > first && r.tokens[i-1].upper && (t.fold == "str" || t.fold == "pk" || t.fold == "оф" || t.fold == "ул" || t.fold == "maj")
	}
	if i == first {
		return strings.ContainsAny(gap, ",(-–—|·\n/") || strings.Contains(gap, "（") || strings.Contains(gap, "，")
	}
	return true
}

// isPreposition lists the small words of addresses.
func isPreposition(w string) bool {
	switch w {
	case "of", "from", "in", "at", "aus", "uit", "te", "de", "des", "du", "d", "en", "on", "the", "republic", "commonwealth", "republik", "to", "a", "au", "aux", "из", "в", "на", "г", "город", "з", "у",
		"м", "ve", "w", "z", "di", "and", "und", "и", "of the", "state", "city", "kingdom", "federation", "респ", "республика", "do", "da", "das", "dos", "em", "den", "der", "dem", "het", "el", "os", "as", "nas", "auf", "op", "los", "las", "les", "la":
		return true
	}
	return false
}

// isInside lists the prepositions that may tell where somebody works rather than where he is from.
func isInside(w string) bool {
	switch w {
	case "in", "at", "en", "te", "a", "em", "w", "в", "у", "на", "on", "auf", "op":
		return true
	}
	return false
}

// phraseClaims claims by phrases: a seat, a law, a base or an office, with the nearest place of the sentence.
func (r *identityReader) phraseClaims() {
	for _, m := range r.marks {
		if len(r.claims) > maxClaims {
			return
		}
		var score float64
		reach, back := 7, 0
		switch m.cue {
		case idSeat:
			score, reach, back = seatRegistered, 9, 5
		case idLaw:
			score, back = seatLaw, 3
		case idBased:
			score, reach = seatBased, 3
		case idOffice:
			score, reach = seatOffice, 4
		default:
			continue
		}
		lo, hi := r.sentenceSpan(m.first)
		if r.elsewhere(lo, hi) || r.marked(idNot, max(lo, m.first-5), m.first) || m.cue == idLaw && r.marked(idNot, lo, hi) || m.cue != idLaw && r.marked(idThing, max(lo, m.first-4), m.first-1) ||
			m.cue == idLaw && r.machines(lo, hi) || (m.cue == idBased || m.cue == idOffice) && r.countries(lo, hi) > 2 ||
			r.marked(idFormer, max(lo, m.first-5), m.first-1) || m.cue != idSeat && r.marked(idLimit, lo, m.first) || m.cue == idBased && !r.aboutUs(lo, m.first) || m.cue == idOffice && m.first-lo > 1 && !r.saysOurs(lo, m.first) {
			continue
		}
		if m.cue == idSeat && r.othersBefore(lo, m.first) {
			continue
		}
		p, end, ok := r.nearest(m, max(lo, m.first-back), min(hi, m.last+reach))
		if !ok {
			continue
		}
		start := min(r.tokens[m.first].start, p.start)
		end = max(end, r.tokens[m.last].end)
		if m.cue == idSeat {
			score -= float64(max(0, p.first-m.last-4)) * 0.2
		}
		owner := -1
		for i := lo; i <= hi; i++ {
			if k := r.companyAt[i]; k >= 0 && !r.foreign(&r.entities[k]) {
				owner = k
				start, end = min(start, r.entities[k].start), max(end, r.entities[k].end)
				break
			}
		}
		r.claims = append(r.claims, claim{p.iso, score, start, end, owner})
	}
}

// othersBefore reports whether the last company named in the tokens lo to i is somebody else's.
func (r *identityReader) othersBefore(lo, i int) bool {
	for k := i - 1; k >= lo; k-- {
		if e := r.companyAt[k]; e >= 0 {
			return r.foreign(&r.entities[e])
		}
	}
	return false
}

// aboutUs reports whether the sentence from lo to the phrase speaks of us or of the company: "based in" is said of much.
func (r *identityReader) aboutUs(lo, at int) bool {
	if r.marked(idServer, lo, at-1) {
		return false
	}
	if at == lo && r.namedAfter(at) {
		return true
	}
	if r.marked(idSelf, lo, at) || r.marked(idCompany, lo, at) {
		return true
	}
	for i := lo; i < at; i++ {
		switch r.tokens[i].fold {
		case "we", "wij", "we're", "wir", "nous", "nosotros", "мы", "ми", "biz":
			return true
		}
	}
	for i := lo; i <= at; i++ {
		if r.companyAt[i] >= 0 {
			return true
		}
	}
	return false
}

// namedAfter reports whether the sentence that begins at token i goes on to name a company: "Based in Zug, Ibis GmbH is …".
func (r *identityReader) namedAfter(i int) bool {
	_, hi := r.sentenceSpan(i)
	for k := i; k <= min(hi, i+8); k++ {
		if e := r.companyAt[k]; e >= 0 {
			return !r.foreign(&r.entities[e])
		}
	}
	return false
}

// nearest returns the place of a phrase among the tokens lo to hi: after it, else before it. Places that follow at once
// ("Victoria, Mahé, Seychelles") are read together, the country decides.
func (r *identityReader) nearest(m idMark, lo, hi int) (best place, end int, ok bool) {
	after := r.placesIn(m.first, hi)
	for k, p := range after {
		if p.first <= m.last && (m.first != m.last || p.first != m.first) || p.last > hi || p.sort == placePeople && m.cue != idLaw {
			continue
		}
		if r.marked(idServer, m.last+1, p.first-1) || r.marked(idNot, m.last+1, p.first-1) || m.cue != idLaw && r.marked(idLimit, m.last+1, p.first-1) {
			break
		}
		best, end = p, p.end
		for _, q := range after[k+1:] {
			gap := r.text[end:q.start]
			if q.sort == placePeople || len(gap) > 12 || !onlySeparators(gap) || best.sort == placeCountry && q.iso != best.iso || q.sort == placeTown && q.iso != best.iso {
				break
			}
			if q.sort == placeCountry {
				best = q
			}
			end = q.end
		}
		return best, end, true
	}
	for _, p := range slices.Backward(r.placesIn(lo, m.first-1)) {
		if p.last < m.first && (p.sort != placePeople || m.cue == idLaw) {
			return p, p.end, true
		}
	}
	return place{}, 0, false
}

// onlySeparators reports whether between two places stand but commas, brackets and small words.
func onlySeparators(gap string) bool {
	for w := range strings.FieldsFuncSeq(gap, func(c rune) bool { return unicode.IsSpace(c) || strings.ContainsRune(",()/–—-.，（）", c) }) {
		if !isPreposition(strings.ToLower(w)) {
			return false
		}
	}
	return true
}

// address returns what follows the best entity as its address, or what a word for an address announces.
func (r *identityReader) address() string {
	for _, c := range r.claims {
		if c.owner < 0 || c.score < seatEntity {
			continue
		}
		if e := r.entities[c.owner]; c.end > e.end {
			rest := strings.TrimLeft(r.text[e.end:c.end], " .")
			if rest != "" && strings.IndexByte(",(-|\n", rest[0]) < 0 && rest[0] < 0x80 && !isPreposition(cutAny(rest, " ")) {
				continue // a sentence, not an address
			}
			rest = strings.Trim(oneLine(rest), " ,()（）–—-|·")
			for _, lead := range [...]string{"of ", "from ", "uit ", "aus ", "из ", "de "} {
				rest = strings.TrimPrefix(rest, lead)
			}
			return rest
		}
	}
	for _, m := range r.marks {
		if m.cue != idAddress {
			continue
		}
		rest := r.text[r.tokens[m.last].end:]
		trimmed := strings.TrimLeft(rest, " ")
		if !strings.HasPrefix(trimmed, ":") && !strings.HasPrefix(trimmed, "：") {
			continue
		}
		line, _, _ := strings.Cut(strings.TrimLeft(trimmed, ":： \n"), "\n")
		if line = strings.TrimSpace(line); len(line) > 8 && len(line) < 200 && strings.ContainsAny(line, " ,") && !strings.ContainsAny(line, "@€$") {
			if tokens := idTokens(line); len(places().find(line, tokens, idBook().find(line, tokens, [phraseSorts][]spot{})[phrasePlace])) > 0 {
				return line
			}
		}
	}
	return ""
}
