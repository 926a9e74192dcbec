package scoring

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// lookalikes pairs Latin letters with the Cyrillic ones that are drawn alike in at least one case (after UTS 39).
var lookalikes = [...][2]rune{
	{'a', 'а'},
	{'b', 'в'},
	{'c', 'с'},
	{'e', 'е'},
	{'h', 'н'},
	{'i', 'і'},
	{'j', 'ј'},
	{'k', 'к'},
	{'m', 'м'},
	{'o', 'о'},
	{'p', 'р'},
	{'s', 'ѕ'},
	{'t', 'т'},
	{'u', 'и'},
	{'x', 'х'},
	{'y', 'у'},
	{'r', 'г'},
	{'n', 'п'},
}

// leetLetters are the letters that digits and signs stand for inside a word that also has letters.
var leetLetters = map[rune]rune{'0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't', '@': 'a', '$': 's', '!': 'i'}

// foldText prepares text for cue matching: lower case, full-width forms narrowed, zero-width signs dropped, blanks
// joined, typographic apostrophes plain, and in every word the look-alike letters and digits undone. Offsets are not
// kept: what is quoted is quoted from the original by sentence.
func foldText(text string) string {
	var out strings.Builder
	out.Grow(len(text))
	word := make([]rune, 0, 32)
	blank := true
	for _, r := range text {
		r = foldRune(r)
		switch {
		case r == 0:
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r), len(word) > 0 && (r == '@' || r == '$'):
			word = append(word, r)
		default:
			if len(word) > 0 {
				writeWord(&out, word)
				word, blank = word[:0], false
			}
			if unicode.IsSpace(r) {
				if !blank {
					out.WriteByte(' ')
				}
				blank = true
				continue
			}
			out.WriteRune(r)
			blank = false
		}
	}
	writeWord(&out, word)
	return out.String()
}

// foldRune lowers one rune; it returns 0 for signs without width.
func foldRune(r rune) rune {
	switch {
	case r < utf8.RuneSelf:
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	case r == '\u00ad' || r >= '\u200b' && r <= '\u200f' || r >= '\u202a' && r <= '\u202e' || r == '\u2060' || r == '\ufeff':
		return 0
	case r == '’' || r == '‘' || r == 'ʼ':
		return '\''
	case r == '\u00a0' || r == '\u202f':
		return ' '
	case r >= '！' && r <= '～':
		return unicode.ToLower(r - '！' + '!')
	case r == 'ё' || r == 'Ё':
		return 'е'
	}
	return unicode.ToLower(r)
}

// writeWord appends a word with its disguises undone: letters of the minority script become those of the majority,
// digits between letters become letters.
func writeWord(out *strings.Builder, word []rune) {
	latin, cyrillic, digits, letters := 0, 0, 0, 0
	for _, r := range word {
		switch {
		case r >= 'a' && r <= 'z':
			latin++
		case r >= 'а' && r <= 'ӿ':
			cyrillic++
		case r >= '0' && r <= '9' || r == '@' || r == '$':
			digits++
		}
		if unicode.IsLetter(r) {
			letters++
		}
	}
	mixed := latin > 0 && cyrillic > 0
	toCyrillic := cyrillic > latin
	if mixed && latin == cyrillic {
		toCyrillic = !slices.ContainsFunc(word, func(r rune) bool { return r >= 'a' && r <= 'z' && unmix(r, true) == r })
	}
	leet := digits > 0 && letters >= 2 && letters >= digits && latin == letters && !unicode.IsDigit(word[0]) ||
		digits > 0 && letters >= 3 && latin == letters
	for _, r := range word {
		if mixed {
			r = unmix(r, toCyrillic)
		}
		if leet {
			if l, ok := leetLetters[r]; ok {
				r = l
			}
		}
		out.WriteRune(r)
	}
}

// unmix turns a look-alike letter into the Cyrillic or the Latin one of its pair.
func unmix(r rune, toCyrillic bool) rune {
	for _, pair := range lookalikes {
		if toCyrillic && r == pair[0] {
			return pair[1]
		}
		if !toCyrillic && r == pair[1] && r != 'и' && r != 'г' && r != 'п' {
			return pair[0]
		}
	}
	return r
}
