package extract

import (
	"strings"
	"unicode/utf8"
)

// phraseSort says what a phrase is about, and so what its tag means.
type phraseSort uint8

const (
	phraseCue      phraseSort = iota // tag: an idCue
	phrasePlace                      // tag: index in the gazetteer
	phrasePay                        // tag: index in payNames
	phraseShop                       // tag: index in shopNames
	phraseRegister                   // tag: the two letters of a country
	phraseSorts
)

// phrase is a sequence of words to be found; a word that ends in "*" stands for all that begin so.
type phrase struct {
	words []string
	sort  phraseSort
	tag   int
	size  int // bytes
	short bool
}

// phraseBook finds phrases in tokens: by their first word, or by its beginning when any ending will do.
type phraseBook struct {
	whole, open map[string][]phrase
	begins      *[1024]uint64 // a Bloom filter over the keys of both
}

func newPhraseBook() phraseBook {
	return phraseBook{make(map[string][]phrase), make(map[string][]phrase), new([1024]uint64)}
}

// mark enters a key into the filter.
func (b phraseBook) mark(key string) {
	h := hashToken(0, key)
	b.begins[h>>6&1023] |= 1 << (h & 63)
}

// maybe reports whether the key of that hash may be there.
func (b phraseBook) maybe(h uint32) bool {
	h ^= h >> 15
	return b.begins[h>>6&1023]>>(h&63)&1 == 1
}

var phraseBlanks = strings.NewReplacer("-", " ", ".", " ", "&", " ", "’", "'")

// add enters a phrase under a tag.
func (b phraseBook) add(text string, sort phraseSort, tag int) {
	p := phrase{sort: sort, tag: tag, size: len(text)}
	for w := range strings.FieldsSeq(phraseBlanks.Replace(text)) {
		var out strings.Builder
		for _, r := range strings.ToLower(w) {
			foldRune(&out, r)
		}
		p.words = append(p.words, out.String())
	}
	if len(p.words) == 0 {
		return
	}
	p.short = utf8.RuneCountInString(strings.Join(p.words, "")) <= 3
	if stem, open := strings.CutSuffix(p.words[0], "*"); open {
		key := beginning(stem, 3)
		b.mark(key)
		b.open[key] = append(b.open[key], p)
		return
	}
	b.mark(p.words[0])
	b.whole[p.words[0]] = append(b.whole[p.words[0]], p)
}

// beginning returns the first n characters of w, or all.
func beginning(w string, n int) string {
	for i := range w {
		if n == 0 {
			return w[:i]
		}
		n--
	}
	return w
}

// spot is a phrase found at the tokens first to last.
type spot struct {
	*phrase
	first, last int
}

// find returns the phrases in a text by sort, in order and in given memory. Of cues every one counts, of the others the
// longest at a place.
func (b phraseBook) find(text string, tokens []idToken, room [phraseSorts][]spot) [phraseSorts][]spot {
	out := room
	for k := range out {
		out[k] = out[k][:0]
	}
	for i := range tokens {
		fold := tokens[i].fold
		// The hashes of the whole word, and of its first two and three characters, are those of hashToken.
		h, runes, two, three := uint32(hashOrigin), 0, 0, 0
		var hashTwo, hashThree uint32
		for k := range len(fold) {
			if c := fold[k]; c&0xc0 != 0x80 {
				switch runes++; runes {
				case 3:
					two, hashTwo = k, h
				case 4:
					three, hashThree = k, h
				}
			}
			h = (h ^ uint32(fold[k])) * hashPrime
		}
		var lists [3][]phrase
		if b.maybe(h) {
			lists[0] = b.whole[fold]
			if three == 0 {
				lists[1] = b.open[fold]
			}
		}
		if three > 0 && b.maybe(hashThree) {
			lists[1] = b.open[fold[:three]]
		}
		if two > 0 && b.maybe(hashTwo) {
			lists[2] = b.open[fold[:two]]
		}
		for _, list := range lists {
			for k := range list {
				if p := &list[k]; p.at(text, tokens, i) {
					out[p.sort] = p.join(out[p.sort], i)
				}
			}
		}
	}
	return out
}

// join adds the phrase at token i to what was found of its sort.
func (p *phrase) join(found []spot, i int) []spot {
	s := spot{p, i, i + len(p.words) - 1}
	if n := len(found) - 1; p.sort != phraseCue && n >= 0 && found[n].last >= i {
		if old := found[n]; old.first < i || old.last > s.last || old.last == s.last && old.size >= p.size {
			return found
		}
		found[n] = s
		return found
	}
	return append(found, s)
}

// at reports whether the phrase stands at token i.
func (p *phrase) at(text string, tokens []idToken, i int) bool {
	if i+len(p.words) > len(tokens) {
		return false
	}
	for k, w := range p.words {
		t := &tokens[i+k]
		if stem, open := strings.CutSuffix(w, "*"); open {
			if !strings.HasPrefix(t.fold, stem) || len(t.fold)-len(stem) > 14 {
				return false
			}
		} else if t.fold != w {
			return false
		}
		if k > 0 && !joins(text[tokens[i+k-1].end:t.start]) {
			return false
		}
	}
	return true
}

// joins reports whether what stands between two words lets them be one name.
func joins(between string) bool {
	return len(between) <= 3 && strings.Trim(between, " .-&\u00a0") == ""
}
