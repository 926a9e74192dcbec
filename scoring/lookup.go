package scoring

import (
	"strings"
	"unicode/utf8"
)

// wordInfo is what the lexicon knows of one word form. It is computed once per form and kept.
type wordInfo struct {
	tags     []tag
	elements []element
	function langs // languages in which it is a common function word
	steps    steps
	folded   string // as looked up, when leet was undone
	translit translit
	hash     uint32
	features []feature // of the model, by the word alone
	like     float32   // their weights, summed
}

// translit tells whether a word is a small word of Russian in Latin letters, and whether other languages have it too.
type translit uint8

const (
	translitOwn translit = iota + 1
	translitShared
)

// look returns what the lexicon knows of a folded word as it stands.
func (lex *lexicon) look(word string) wordInfo {
	var info wordInfo
	if e := lex.exact[word]; e != nil {
		info.tags = appendTags(info.tags, e.tags)
		info.elements = append(info.elements, e.elements...)
	}
	for n := min(len(word), lex.maxStem); n > 1; n-- {
		if n < len(word) && !utf8.RuneStart(word[n]) {
			continue
		}
		if s := lex.stems[word[:n]]; s != nil {
			info.tags = appendTags(info.tags, s.tags)
			info.elements = append(info.elements, s.elements...)
		}
	}
	if len(word) > 5 {
		for _, in := range lex.inner {
			if in.suffix && strings.HasSuffix(word, in.part) || !in.suffix && strings.Contains(word, in.part) {
				info.tags = appendTags(info.tags, in.tags)
			}
		}
	}
	info.function = lex.function[word]
	return info
}

// appendTags adds tags, joining the languages of a concept that is already there.
func appendTags(to, more []tag) []tag {
next:
	for _, t := range more {
		for i := range to {
			if to[i].concept == t.concept {
				to[i].langs |= t.langs
				continue next
			}
		}
		to = append(to, t)
	}
	return to
}

// study returns what the lexicon knows of a folded word, undoing leet spelling when the word means nothing as it stands.
func (lex *lexicon) study(word string, did steps) *wordInfo {
	info := lex.look(word)
	info.steps = did
	if len(info.tags) > 0 || len(info.elements) > 0 || info.function != 0 {
		return &info
	}
	for _, form := range leetForms(word) {
		plain := lex.look(form)
		if len(plain.tags) > 0 || len(plain.elements) > 0 || plain.function != 0 {
			plain.steps = did | stepLeet
			plain.folded = form
			return &plain
		}
	}
	if len(word) > 8 && word[0] >= utf8.RuneSelf {
		if twin := latinTwin(word); twin != "" {
			plain := lex.look(twin)
			if len(plain.tags) > 0 {
				plain.steps = did | stepTranslit
				plain.folded = twin
				return &plain
			}
		}
	}
	return &info
}
