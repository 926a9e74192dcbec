package scoring

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// formCountry is the country of a legal form that only one uses; forms of several countries have none.
var formCountry = map[string]string{
	"gmbh": "DE", "ug": "DE", "eg": "DE", "bv": "NL", "nv": "NL", "eenmanszaak": "NL", "vof": "NL", "coöperatie": "NL", "llp": "GB", "sarl": "FR", "sas": "FR", "sasu": "FR", "oü": "EE",
	"sia": "LV", "uab": "LT", "ehf": "IS", "hf": "IS", "kft": "HU", "eood": "BG", "еоод": "BG", "aps": "DK", "oyj": "FI", "oy": "FI", "ооо": "RU", "оао": "RU",
	"зао": "RU", "тоо": "KZ", "тов": "UA", "фоп": "UA", "fze": "AE", "fzco": "AE", "fzllc": "AE", "lda": "PT", "ltda": "BR", "eireli": "BR", "spzoo": "PL", "pvt": "IN", "sdn": "MY", "pte": "SG", "şti": "TR",
	"spa": "IT", "asa": "NO", "a/s": "DK", "bhd": "MY", "ood": "BG", "ead": "BG", "оод": "BG", "zrt": "HU", "nyrt": "HU", "mb": "LT", "осоо": "KG", "чуп": "BY", "тдв": "UA", "прат": "UA", "mchj": "UZ", "dmcc": "AE", "fzc": "AE",
	"sal": "LB", "eurl": "FR", "ohg": "DE", "sprl": "BE", "bvba": "BE", "mtü": "EE", "ohf": "IS", "slf": "IS", "eirl": "PE", "shpk": "AL", "wll": "BH", "ab": "SE",
}

// sharedForms are the legal forms that many countries use.
var sharedForms = map[string]bool{
	"ltd": true, "limited": true, "llc": true, "inc": true, "corp": true, "corporation": true, "ag": true, "sa": true, "srl": true, "plc": true, "ibc": true, "foundation": true, "lp": true,
	"genossenschaft": true, "gbr": true, "pty": true, "kg": true, "sl": true, "slu": true, "ип": true, "ао": true, "пао": true, "as": true, "sro": true, "spółka": true, "aş": true,
	"fz": true, "ou": true, "doo": true, "ad": true, "holdings": true, "holding": true, "trust": true, "lc": true,
}

// looseForms are the legal forms that are read in small letters too; the others are words of some language.
var looseForms = map[string]bool{
	"ltd": true, "llc": true, "gmbh": true, "inc": true, "srl": true, "sarl": true, "bv": true, "llp": true, "oü": true, "uab": true, "eood": true, "ltda": true, "spzoo": true, "sro": true, "doo": true, "ibc": true,
	"eenmanszaak": true, "vof": true, "coöperatie": true, "pty": true, "genossenschaft": true, "spółka": true, "фоп": true, "plc": true,
}

// namedForms are words that make a company's name only after another capitalised word.
var namedForms = map[string]bool{"limited": true, "corporation": true, "foundation": true, "holdings": true, "holding": true, "trust": true, "corp": true, "inc": true}

// legalForm finds a legal form in a sentence: the word, and its country when only one has it.
func legalForm(sentence string) (word, country string) {
	sentence = strings.NewReplacer("Sp. z o.o.", "SpZoo", "sp. z o.o.", "spzoo", "Sp. z o. o.", "SpZoo", "S.à r.l.", "SARL", "s.r.o.", "sro").Replace(sentence)
	named := false
	for _, w := range strings.FieldsFunc(sentence, func(r rune) bool { return strings.ContainsRune(" ,;:()[]«»\"„“”*|\n/-·", r) }) {
		short := strings.ReplaceAll(w, ".", "")
		key := foldText(short)
		own, known := formCountry[key]
		upper := strings.ToUpper(short) == short || len([]rune(key)) > 3 && capital(short)
		if (known || sharedForms[key]) && (upper && (!namedForms[key] || named) || looseForms[key] || capital(short) && looseForms[key]) {
			if word == "" || country == "" && own != "" {
				word, country = strings.Trim(w, "."), own
			}
		}
		named = capital(short)
	}
	if word == "" && strings.Contains(sentence, "有限公司") {
		word = "有限公司"
	}
	return word, country
}

// capital reports whether a word begins with a capital letter.
func capital(word string) bool {
	r, _ := utf8.DecodeRuneInString(word)
	return unicode.IsUpper(r)
}

// companyTalk grades how plainly a sentence speaks of a company, and where in its folded text: 4 by a legal form, 3 by
// words of a register or seat, 2 by law or a postal address, 1 by a word for a firm, 0 not. The form's country is "" when
// several use it.
func companyTalk(sentence, folded string) (strength, at int, form string) {
	if word, country := legalForm(sentence); word != "" {
		return 4, max(0, strings.Index(folded, foldText(word))), country
	}
	for i, list := range [...][]string{registerWords, lawWords, addressWords} {
		if at := firstOf(folded, list); at >= 0 {
			return [...]int{3, 2, 2}[i], at, ""
		}
	}
	if deal := firstOf(folded, dealStems); deal >= 0 {
		for _, list := range [...][]string{lawStems, courtStems} {
			if at := firstOf(folded, list); at >= 0 && countCues(folded)[cueNever] == 0 {
				return 2, at, ""
			}
		}
	}
	for _, list := range [...][]string{companyWords, obliqueWords} {
		if at := firstOf(folded, list); at >= 0 {
			return 1, at, ""
		}
	}
	if at := copyrightAt(folded); at >= 0 {
		return 1, at, ""
	}
	return 0, 0, ""
}

// firstOf is where the first stem of a list that stands in folded text does so, or -1.
func firstOf(folded string, list []string) int {
	for _, stem := range list {
		if at := wordIndex(folded, stem); at >= 0 {
			return at
		}
	}
	return -1
}

// copyrightAt is where a copyright line ends before what follows its year, or -1: the place in such a line is the owner's.
func copyrightAt(folded string) int {
	for _, mark := range [...]string{"©", "(c) ", "copyright "} {
		if strings.HasPrefix(folded, mark) && len(folded) < 120 {
			return max(0, len(folded)-formReach)
		}
	}
	return -1
}

// bracketed is the country whose code stands in brackets in a company's name: "Tarn (HK) Limited".
func bracketed(sentence string) string {
	for rest := sentence; ; {
		_, after, ok := strings.Cut(rest, "(")
		if !ok {
			return ""
		}
		code, _, _ := strings.Cut(after, ")")
		switch rest = after; code {
		case "UK":
			return "GB"
		case "BVI":
			return "VG"
		case "UAE":
			return "AE"
		}
		if len(code) == 2 && strings.ToUpper(code) == code && shellSeat(code) != "" {
			return code
		}
	}
}

// seatClaim is a seat as one passage claims it.
type seatClaim struct {
	country  string
	words    string
	strength int
}

// formReach is how many bytes after a legal form of one country a place of another still is its seat.
const formReach = 24

// nearReach is how many bytes from a word for a firm its place may stand.
const nearReach = 40

// addressLines is how many short lines after a company's name are read as its address.
const addressLines = 4

// seatClaims finds the seats that a text claims for its author, whose names are given. A name with a legal form or a word
// of registration reaches over the short lines of an address below it.
func seatClaims(text string, own []brand) []seatClaim {
	var out []seatClaim
	sentences := splitSentences(text)
	for i, sentence := range sentences {
		for _, clause := range present(sentence) {
			folded := foldText(clause)
			strength, anchor, form := companyTalk(clause, folded)
			if strength == 0 && i > 0 && firstOf(foldText(sentences[i-1]), dealStems) >= 0 {
				if at := firstOf(folded, courtStems); at >= 0 {
					strength, anchor = 2, at
				}
			}
			if strength == 0 {
				if c := lineClaim(clause, folded, sentences[max(0, i-2):i], own); c.country != "" {
					out = append(out, c)
				}
				continue
			}
			if foreign(clause, folded, anchor, own) {
				continue
			}
			c := claimIn(clause, folded, strength, anchor, form)
			if c.country == "" && strength >= 2 {
				c = claimBelow(text, sentences, i, strength)
			}
			if c.country == "" && strength == 3 && i > 0 && countCues(clause)[cueHere] > 0 {
				if places := placesIn(foldText(sentences[i-1])); len(places) == 1 {
					c = seatClaim{places[0].code, sentences[i-1], strength}
				}
			}
			if c.country == "" && form != "" {
				c = seatClaim{form, sentence, 1}
			}
			if c.country != "" {
				out = append(out, c)
			}
		}
	}
	return out
}

// lineClaim is the seat that a line tells by its form alone: "Brand · Place · contact", the last line of an address under
// the brand, or "we are … from Place".
func lineClaim(line, folded string, before []string, own []brand) seatClaim {
	places := placesIn(folded)
	if len(places) == 0 || len(line) > 160 || cues().count(folded)[cueNever]+cues().count(folded)[cueForeign] > 0 {
		return seatClaim{}
	}
	if comesFrom(folded, places[0]) {
		return seatClaim{places[0].code, line, 1}
	}
	p := places[len(places)-1]
	if slices.ContainsFunc(places, func(o namedPlace) bool { return o.code != p.code }) || ofMachines(folded, places[0], len(folded)) {
		return seatClaim{}
	}
	c := cues().count(folded)
	switch {
	case c[cueServer] == 0 && len(line) <= 80 && strings.ContainsAny(line, "·|•–—") && bears(own, line):
		return seatClaim{p.code, line, 1}
	case len(line) <= 40 && len(strings.Fields(line)) <= 4 && !strings.HasSuffix(line, ".") && c[cueServer] == 0 && len(before) > 0 && bears(own, before[0]) && len(before[0]) <= 60 && strings.ContainsAny(before[len(before)-1], "0123456789") && len(before[len(before)-1]) <= 60:
		return seatClaim{p.code, line, 1}
	case p.code != "NL" && len(line) <= 40 && len(strings.Fields(line)) <= 5 && c[cueServer] == 0 && !strings.ContainsAny(line, ":0123456789") && !listsPlaces(before):
		return seatClaim{p.code, line, 0}
	}
	return seatClaim{}
}

// listsPlaces reports whether the lines before a place are about servers or are places themselves: a list of locations.
func listsPlaces(before []string) bool {
	return slices.ContainsFunc(before, func(line string) bool {
		folded := foldText(line)
		return len(line) < 80 && cues().count(folded)[cueServer] > 0 || len(line) < 40 && len(placesIn(folded)) > 0
	})
}

// comesFrom reports whether folded text says "we are … from" a place in its first clause.
func comesFrom(folded string, p namedPlace) bool {
	before := strings.TrimRight(folded[:p.start], " ")
	c := cues().count(before)
	return c[cueWe] > 0 && c[cueServer] == 0 && !strings.ContainsAny(before, ",;:") && slices.ContainsFunc(fromWords, func(word string) bool { return strings.HasSuffix(before, " "+word) })
}

// fromWords say where somebody comes from.
var fromWords = []string{"from", "uit", "aus", "de", "du", "des", "da", "do", "z", "ze", "из", "с", "з", "із"}

// bears reports whether a line holds one of the names.
func bears(own []brand, line string) bool {
	loose := looseText(line)
	return slices.ContainsFunc(own, func(b brand) bool { return b.telling() && strings.Contains(loose, b.core) })
}

// claimIn is the seat that one clause claims.
func claimIn(clause, folded string, strength, anchor int, form string) seatClaim {
	country, distance := seatNear(folded, anchor)
	if strength == 4 {
		if code := bracketed(clause); code != "" {
			country, distance = code, 0
		}
	}
	if form != "" && country != form && distance > formReach {
		country = form // the place is that of machines or customers
	}
	if strength == 1 && distance > nearReach {
		country = ""
	}
	return seatClaim{country, clause, strength}
}

// claimBelow reads the short lines below a company's name, a word of registration or a word for an address.
func claimBelow(text string, sentences []string, i, strength int) seatClaim {
	for k := i + 1; k <= i+addressLines && k < len(sentences) && len(sentences[k]) <= 80; k++ {
		folded := foldText(sentences[k])
		if c := cues().count(folded); c[cueServer] > 0 && !strings.ContainsAny(sentences[k], "0123456789") {
			break
		}
		country, _ := seatNear(folded, 0)
		if country == "" {
			continue
		}
		words := sentences[i] + " " + sentences[k]
		if !strings.Contains(text, words) {
			words = sentences[k]
		}
		return seatClaim{country, words, strength}
	}
	return seatClaim{}
}

// seatNear is placeNear without the places that are those of machines, or that are denied.
func seatNear(folded string, anchor int) (country string, distance int) {
	found, best := "", 1<<30
	for _, p := range placesIn(folded) {
		d := p.start - anchor
		switch {
		case d < 0 && d >= -formReach:
			d = -d / 2 // "Dubai paper", "a Belizean company"
		case d < 0:
			d = -2 * d
		}
		if d < best && !ofMachines(folded, p, anchor) {
			found, best = p.code, d
		}
	}
	return found, best
}

// ofMachines reports whether a place is where machines stand, or is denied: words for servers or a negator stand before it
// in its part of the sentence and no talk of the company between, or a word for servers follows it at once.
func ofMachines(folded string, p namedPlace, anchor int) bool {
	part := strings.LastIndexAny(folded[:p.start], ",;:.()|—–") + 1
	if anchor >= part && anchor < p.start {
		part = anchor
	}
	before := cues().count(folded[part:p.start])
	if before[cueServer] > 0 && anchor != part || before[cueNever] > 0 {
		return true
	}
	after := strings.TrimLeft(folded[p.end:], " ")
	if denies(after) {
		return true
	}
	return after != "" && cues().match(after)&(1<<cueServer) != 0 && (anchor < p.start || anchor > p.end+24)
}

// denies reports whether folded text begins with a negator that looks back, as in Turkish: "Belize değil".
func denies(after string) bool {
	return strings.HasPrefix(after, "değil") || strings.HasPrefix(after, "nicht,") || strings.HasPrefix(after, "not,")
}

// present returns the parts of a sentence that speak of now: all of it, or the clauses without words for the past.
func present(sentence string) []string {
	if countCues(sentence)[cuePast] == 0 {
		return []string{sentence}
	}
	var out []string
	for _, clause := range strings.FieldsFunc(sentence, func(r rune) bool { return strings.ContainsRune(",;:()—–，；", r) }) {
		if countCues(clause)[cuePast] == 0 {
			out = append(out, strings.TrimSpace(clause))
		}
	}
	return out
}

// foreign reports whether a clause speaks of somebody else's company: a word for a supplier, a payment firm, a
// representative or customers stands before the company or just behind it, and no name of one's own in the clause.
func foreign(clause, folded string, anchor int, own []brand) bool {
	at := cues().first(folded, cueForeign)
	if at < 0 || at > anchor+formReach {
		return false
	}
	return !bears(own, clause)
}

// first is where the first word of a class stands in folded text, or -1.
func (lex *cueLexicon) first(folded string, class cue) int {
	for _, word := range wordStarts(folded) {
		if lex.match(folded[word:])&(1<<class) != 0 {
			return word
		}
	}
	return -1
}
