package scoring

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
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

// shellSeat is how much a seat is used by shell companies: H, M, L, "-" or "".
func shellSeat(code string) string {
	for _, tries := range seatTries() {
		if s, ok := tries.shell[code]; ok {
			return s
		}
	}
	return ""
}

// namedPlace is a country named in folded text: by its name, a town, its people, or a postal code of one of its states.
type namedPlace struct {
	code       string
	start, end int
}

// placesIn returns the countries named in folded text, in order; of names that begin at one word the longest counts, and
// no name begins within another.
func placesIn(folded string) []namedPlace {
	var out []namedPlace
	end := 0
	for _, word := range wordStarts(folded) {
		if word < end {
			continue
		}
		best := namedPlace{}
		for _, tries := range seatTries() {
			set, length := tries.lex.longest(folded[word:])
			if set == 0 || word+length <= best.end {
				continue
			}
			for i, code := range tries.codes {
				if set&(1<<i) != 0 {
					best = namedPlace{code, word, word + length}
					break
				}
			}
		}
		if best.code == "" && stateCode(folded[word:]) {
			best = namedPlace{"US", word, word + 2}
		}
		if best.code != "" {
			out, end = append(out, best), best.end
		}
	}
	return out
}

// longest returns the classes of the longest entry that begins where rest begins, and its length.
func (lex *cueLexicon) longest(rest string) (set uint32, length int) {
	at := lex.root[rest[0]]
	for i := 0; at != 0; {
		node := lex.nodes[at]
		i++
		found := node.prefix
		if node.whole != 0 && wordEnds(rest[i:]) {
			found |= node.whole
		}
		if found != 0 {
			set, length = found, i
		}
		if i == len(rest) {
			break
		}
		at = lex.find(at, rest[i])
	}
	return set, length
}

// states are the postal codes of the states of the USA in which companies are mostly seated.
var states = " al ak az ar ca co ct de fl ga ia id il in ks ky la ma md me mi mn mo ms mt nc nd ne nh nj nm nv ny oh ok or pa ri sc sd tn tx ut va vt wa wi wv wy "

// stateCode reports whether text begins with a state's postal code and a ZIP code: "DE 19901".
func stateCode(folded string) bool {
	if len(folded) < 8 || folded[2] != ' ' || !strings.Contains(states, " "+folded[:2]+" ") {
		return false
	}
	for _, c := range []byte(folded[3:8]) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(folded) == 8 || folded[8] == '-' || wordEnds(folded[8:])
}

// wordIndex finds a stem at a word's start; Chinese ones anywhere.
func wordIndex(folded, stem string) int {
	for from := 0; ; {
		at := strings.Index(folded[from:], stem)
		if at < 0 {
			return -1
		}
		at += from
		before, _ := utf8.DecodeLastRuneInString(folded[:at])
		if at == 0 || hasHan(stem) || !unicode.IsLetter(before) && !unicode.IsDigit(before) {
			return at
		}
		from = at + len(stem)
	}
}
