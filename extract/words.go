package extract

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A wordSet finds whether any of many words occurs in a text, by one look at a table for each position. Words have at
// least three bytes.
type wordSet struct {
	bits [128]uint64
	by   map[[3]byte][]string
}

func newWordSet(words ...string) *wordSet {
	s := &wordSet{by: make(map[[3]byte][]string)}
	for _, w := range words {
		key := [3]byte{w[0], w[1], w[2]}
		s.by[key] = append(s.by[key], w)
		h := wordHash(w[0], w[1], w[2])
		s.bits[h>>6] |= 1 << (h & 63)
	}
	return s
}

// newCasedSet is newWordSet for words in small letters that may also stand in a text with a capital letter or in capitals.
func newCasedSet(words []string) *wordSet {
	all := make([]string, 0, 3*len(words))
	for _, w := range words {
		upper, _ := utf8.DecodeRuneInString(w)
		title := string(unicode.ToUpper(upper)) + w[utf8.RuneLen(upper):]
		for _, form := range [...]string{w, title, strings.ToUpper(w)} {
			if !slices.Contains(all, form) {
				all = append(all, form)
			}
		}
	}
	return newWordSet(all...)
}

func wordHash(a, b, c byte) uint32 {
	return (uint32(a)*0x9E37 ^ uint32(b)*0x85EB ^ uint32(c)*0xC2B3) & 0x1FFF
}

// in reports whether one of the words occurs in text.
func (s *wordSet) in(text string) bool {
	for i := 0; i+2 < len(text); i++ {
		h := wordHash(text[i], text[i+1], text[i+2])
		if s.bits[h>>6]&(1<<(h&63)) == 0 {
			continue
		}
		for _, w := range s.by[[3]byte{text[i], text[i+1], text[i+2]}] {
			if strings.HasPrefix(text[i:], w) {
				return true
			}
		}
	}
	return false
}
