package scoring

import (
	_ "embed"
	"strings"
	"sync"

	"schemer"
)

//go:embed seats.tsv
var seatTable string

// seatWords finds seats of companies in text.
type seatWords struct {
	lex   *cueLexicon
	codes []string
	shell map[string]string
}

// seatsPerTrie is how many classes one trie holds.
const seatsPerTrie = 32

// seatTries returns the words of all seats, in as many tries as their number needs, built once.
var seatTries = sync.OnceValue(func() []*seatWords {
	var out []*seatWords
	for line := range strings.Lines(seatTable) {
		fields := strings.Split(strings.TrimSpace(line), "\t")
		if len(fields) != 3 || strings.HasPrefix(line, "#") {
			continue
		}
		if len(out) == 0 || len(out[len(out)-1].codes) == seatsPerTrie {
			out = append(out, &seatWords{lex: &cueLexicon{nodes: make([]cueNode, 1)}, shell: map[string]string{}})
		}
		last := out[len(out)-1]
		for word := range strings.SplitSeq(fields[2], ";") {
			last.lex.insert(strings.TrimSpace(word), cue(len(last.codes)))
		}
		last.codes = append(last.codes, fields[0])
		last.shell[fields[0]] = fields[1]
	}
	return out
})

// seatIn returns the country that a sentence names nearest to its words for a company, and "" when it names none. A
// place before the word is only taken when none follows it.
func seatIn(sentence string) string {
	folded := foldText(sentence)
	anchor := companyAt(folded)
	found, best := "", 1<<30
	starts := wordStarts(folded)
	for at, word := range starts {
		for _, tries := range seatTries() {
			set := tries.lex.match(folded[word:])
			for i, code := range tries.codes {
				if set&(1<<i) == 0 {
					continue
				}
				distance := word - anchor
				switch {
				case distance < 0 && at+1 < len(starts) && starts[at+1] == anchor:
					distance = 1
				case distance < 0:
					distance = -2 * distance
				}
				if distance < best {
					found, best = code, distance
				}
			}
		}
	}
	return found
}

// companyAt is where the first word for a company stands in folded text.
func companyAt(folded string) int {
	for _, w := range wordsOf(folded) {
		word, _, _ := strings.Cut(folded[w.at:], " ")
		word = strings.Trim(word, ".,:;()«»\"*")
		if companyForms[word] || companyForms[strings.ReplaceAll(word, ".", "")] {
			return w.at
		}
	}
	for _, word := range companyWords {
		if at := strings.Index(folded, word); at >= 0 {
			return at
		}
	}
	return 0
}

// shellSeat is how much a seat is used by shell companies: H, M, L, "-" or "".
func shellSeat(code string) string {
	for _, tries := range seatTries() {
		if s, ok := tries.shell[code]; ok {
			return s
		}
	}
	return ""
}

// seatRoles order pages by how much weight a claim of a seat on them has.
var seatRoles = map[string]int{"legal": 6, "terms": 5, "about": 4, "contact": 4, "privacy": 3, "aup": 3, "home": 3}

// seat returns the country of the seat that the seller claims, and the words that claim it: the claim on the most legal
// of its current pages; for a seller without pages, what its own posts say of its company.
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
				rank -= 10
			}
			if id := p.post.Identity; id != nil && id.Country != "" {
				take(id.Country, id.Claim, 20+rank)
			}
			for _, sentence := range splitSentences(p.post.Text) {
				if strength := companyTalk(sentence); strength > 0 {
					take(seatIn(sentence), sentence, 8+rank/4+4*strength)
				}
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
		for _, sentence := range splitSentences(t.post.Text) {
			if strength := companyTalk(sentence); strength > 0 {
				take(seatIn(sentence), sentence, strength)
			}
		}
	}
	return country, claim
}

// companyWords speak of a company rather than of machines; the strong ones are legal forms.
var companyWords = strings.Fields(`company corp incorporated registered registry paper papers flag firm limited seat jurisdiction entity юрлиц компани фирм зарегистр юридическ
 bedrijf firma ingeschreven handelsregister gevestigd sitz firmensitz gesellschaft société entreprise siège pavillon empresa sociedad sede registrad spółka siedzib şirket kayıtlı 公司 注册`)

var companyForms = map[string]bool{
	"ltd": true, "limited": true, "llc": true, "llp": true, "inc": true, "corp": true, "gmbh": true, "ug": true, "eg": true, "bv": true, "nv": true, "sa": true, "sarl": true,
	"ou": true, "oü": true, "ehf": true, "doo": true, "fze": true, "fzco": true, "ibc": true, "pty": true, "plc": true, "ооо": true, "тоо": true, "ип": true, "тов": true, "фоп": true, "sia": true,
	"uab": true, "eenmanszaak": true, "foundation": true, "stichting": true, "coöperatie": true, "genossenschaft": true,
}

// companyTalk grades how plainly a sentence speaks of a company: 2 by a legal form, 1 by a word, 0 not.
func companyTalk(sentence string) int {
	folded := foldText(strings.NewReplacer("B.V.", "bv", "S.A.", "sa", "d.o.o.", "doo", "N.V.", "nv", "U.A.", "ua").Replace(sentence))
	for _, word := range strings.FieldsFunc(folded, func(r rune) bool { return strings.ContainsRune(" ,.;:()«»\"„“*\n", r) }) {
		if companyForms[word] {
			return 2
		}
	}
	for _, word := range companyWords {
		if strings.Contains(folded, word) {
			return 1
		}
	}
	return 0
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
