package scoring

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// nameIndex finds sellers by their names in running text.
type nameIndex struct {
	exactly map[string]*entity // loose form to its one bearer; nil value: several bear it
}

// maxNameWords is how many words of text are tried as one name.
const maxNameWords = 4

// newNameIndex indexes all names; a form that two sellers bear finds neither.
func newNameIndex(list []*entity) *nameIndex {
	x := &nameIndex{exactly: map[string]*entity{}}
	put := func(form string, e *entity) {
		if utf8.RuneCountInString(form) < 4 && !hasHan(form) || len(form) < 4 {
			return
		}
		if known, ok := x.exactly[form]; ok && known != e {
			x.exactly[form] = nil
			return
		}
		x.exactly[form] = e
	}
	for _, e := range list {
		for _, b := range e.brands {
			put(b.full, e)
			if b.telling() {
				put(b.core, e)
			}
		}
		for _, d := range e.domains {
			put(looseToken(foldText(hostLabel(d))), e)
		}
		for _, alias := range e.aliases {
			put(newBrand(alias).full, e)
		}
	}
	return x
}

func hasHan(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

// exact returns the seller of that name, or nil.
func (x *nameIndex) exact(b brand) *entity {
	if e := x.exactly[b.full]; e != nil {
		return e
	}
	if b.telling() {
		return x.exactly[b.core]
	}
	return nil
}

// naming is a seller named in text, and where.
type naming struct {
	entity *entity
	at     int // byte offset of the first word
}

// all returns the sellers named in text, in order.
func (x *nameIndex) all(text string) []naming {
	words := wordsOf(text)
	var out []naming
	for i := 0; i < len(words); {
		e, n := x.longestAt(words[i:])
		if e != nil {
			out = append(out, naming{e, words[i].at})
		}
		i += max(n, 1)
	}
	return out
}

// only returns the one seller named in text; nil when there is none or more than one.
func (x *nameIndex) only(text string) *entity {
	var found *entity
	for _, n := range x.all(text) {
		if found != nil && found != n.entity {
			return nil
		}
		found = n.entity
	}
	return found
}

// looseWord is a word of text in loose form.
type looseWord struct {
	loose string
	at    int
	upper bool
}

// longestAt finds the longest name that the words begin with, and how many words it takes.
func (x *nameIndex) longestAt(words []looseWord) (*entity, int) {
	joined := make([]string, 0, maxNameWords)
	var form strings.Builder
	for _, w := range words[:min(len(words), maxNameWords)] {
		form.WriteString(w.loose)
		joined = append(joined, form.String())
	}
	for n := len(joined); n > 0; n-- {
		if e := x.exactly[joined[n-1]]; e != nil && (n > 1 || words[0].upper || len(joined[0]) >= 5) {
			return e, n
		}
	}
	if len(words) > 0 && words[0].upper {
		return x.inflected(words[0].loose), 1
	}
	return nil, 1
}

// inflected finds a name behind a Slavic or Germanic ending of at most two letters.
func (x *nameIndex) inflected(loose string) *entity {
	for cut := 1; cut <= 2 && len(loose)-cut >= 4; cut++ {
		stem := loose[:len(loose)-cut]
		if !utf8.ValidString(stem) {
			continue
		}
		if e := x.exactly[stem]; e != nil && strings.ContainsAny(loose[len(loose)-cut:], "aeiouims") {
			return e
		}
	}
	return nil
}

// wordsOf cuts text into words in loose form.
func wordsOf(text string) []looseWord {
	var out []looseWord
	start := -1
	flush := func(end int) {
		if start >= 0 {
			word := text[start:end]
			r, _ := utf8.DecodeRuneInString(word)
			out = append(out, looseWord{looseToken(foldText(word)), start, unicode.IsUpper(r)})
			start = -1
		}
	}
	for i, r := range text {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) {
			if start < 0 {
				start = i
			}
			continue
		}
		flush(i)
	}
	flush(len(text))
	return out
}
