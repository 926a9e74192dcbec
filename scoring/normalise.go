package scoring

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// steps records which repairs a word needed before it could be matched. Honest sites do not hide words, so that a step
// on a word that matters is itself a finding.
type steps uint8

const (
	stepInvisible  steps = 1 << iota // zero-width characters or soft hyphens inside the word
	stepCompat                       // NFKC: full-width, mathematical or circled letters
	stepConfusable                   // look-alike letters of another script (UTS 39)
	stepLeet                         // digits and signs for letters
	stepSpacing                      // letters or syllables set apart
	stepTranslit                     // Russian or Ukrainian in Latin letters, or the reverse
)

// hiding are the steps that hide a word from readers' searches; transliteration and full-width letters are habits.
const hiding = stepInvisible | stepConfusable | stepLeet | stepSpacing

// names lists the steps in a fixed order.
func (s steps) names() []string {
	var out []string
	for i, name := range [...]string{"invisible", "compat", "confusable", "leet", "spacing", "translit"} {
		if s&(1<<i) != 0 {
			out = append(out, name)
		}
	}
	return out
}

// foldWord brings one word to the form that concepts are written in: NFKC, no invisible characters, lower case, no
// diacritics on Latin letters, look-alikes folded to the script that the word is in. It appends to dst.
func foldWord(dst, word []byte) ([]byte, steps) {
	if out, ok := foldPlain(dst, word); ok {
		return out, 0
	}
	return foldWide(dst, string(word))
}

// foldWide is foldWord for words with letters beyond ASCII.
func foldWide(dst []byte, word string) ([]byte, steps) {
	var did steps
	var latin, cyrillic, onlyLatin, onlyCyrillic int
	runes := make([]rune, 0, len(word))
	compat := false
	for _, r := range word {
		if invisible(r) {
			did |= stepInvisible
			continue
		}
		if compatible(r) {
			compat = true
		}
		runes = append(runes, r)
	}
	if compat {
		did |= stepCompat
		runes = []rune(norm.NFKC.String(string(runes)))
	}
	for i, r := range runes {
		r = unicode.ToLower(r)
		runes[i] = r
		switch {
		case r < utf8.RuneSelf && 'a' <= r && r <= 'z', unicode.Is(unicode.Latin, r):
			latin++
			if _, ok := latinToCyrillic[r]; !ok {
				onlyLatin++
			}
		case unicode.Is(unicode.Cyrillic, r):
			cyrillic++
			if _, ok := cyrillicToLatin[r]; !ok {
				onlyCyrillic++
			}
		}
	}
	table := foldScript(latin, cyrillic, onlyLatin, onlyCyrillic)
	for _, r := range runes {
		if table != nil {
			if to, ok := table[r]; ok {
				r = to
				did |= stepConfusable
			}
		}
		if to, ok := lookAlike[r]; ok && latin+cyrillic > 0 {
			r = to
			did |= stepConfusable
		}
		dst = appendPlain(dst, r)
	}
	return dst, did
}

// foldScript returns the table that brings a word of mixed scripts to its own script, nil when it is in one script.
func foldScript(latin, cyrillic, onlyLatin, onlyCyrillic int) map[rune]rune {
	switch {
	case latin == 0 || cyrillic == 0:
		return nil
	case onlyCyrillic > onlyLatin:
		return latinToCyrillic
	case onlyLatin > onlyCyrillic:
		return cyrillicToLatin
	case latin > cyrillic:
		return cyrillicToLatin
	default:
		return latinToCyrillic
	}
}

// appendPlain appends a lower-case letter without its diacritic.
func appendPlain(dst []byte, r rune) []byte {
	switch r {
	case '’', '‘', 'ʼ', '`', '´':
		return append(dst, '\'')
	case 'ß':
		return append(dst, "ss"...)
	case 'æ':
		return append(dst, "ae"...)
	case 'œ':
		return append(dst, "oe"...)
	case 'ё':
		return append(dst, "е"...)
	case 'ґ':
		return append(dst, "г"...)
	}
	if r < utf8.RuneSelf {
		return append(dst, byte(r))
	}
	if r < 0x250 || (r >= 0x1E00 && r < 0x1F00) {
		if b, ok := plainLatin(r); ok {
			return append(dst, b)
		}
	}
	if unicode.Is(unicode.Mn, r) {
		if r == 0x306 || r == 0x308 { // the marks of й and ї, when they stand alone
			return dst
		}
		return dst
	}
	return utf8.AppendRune(dst, r)
}

// invisible reports characters that readers do not see inside a word.
func invisible(r rune) bool {
	switch r {
	case 0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x180E, 0x034F, 0x2061, 0x2062, 0x2063:
		return true
	}
	return r >= 0xFE00 && r <= 0xFE0F
}

// compatible reports characters that NFKC brings to plain letters.
func compatible(r rune) bool {
	switch {
	case r >= 0xFF01 && r <= 0xFF5E, r >= 0x1D400 && r <= 0x1D7FF, r >= 0x2460 && r <= 0x24FF, r >= 0xFB00 && r <= 0xFB06,
		r >= 0x300 && r <= 0x36F, r >= 0x1F130 && r <= 0x1F189, r >= 0x2100 && r <= 0x214F, r >= 0x1D00 && r <= 0x1DBF:
		return true
	}
	return false
}

// Look-alikes between Latin and Cyrillic, after Unicode's confusables (UTS 39) with the hand-written ones that forums
// use (u for и, m for т in italics are not, as they meet ordinary words too often).
var cyrillicToLatin = map[rune]rune{
	'а': 'a', 'е': 'e', 'о': 'o', 'р': 'p', 'с': 'c', 'х': 'x', 'у': 'y', 'к': 'k', 'м': 'm', 'т': 't', 'н': 'h', 'в': 'b',
	'і': 'i', 'ї': 'i', 'ј': 'j', 'ѕ': 's', 'ԁ': 'd', 'ԛ': 'q', 'ԝ': 'w', 'һ': 'h', 'г': 'r', 'п': 'n', 'ё': 'e', 'б': 'b', 'з': '3',
}

var latinToCyrillic = map[rune]rune{
	'a': 'а', 'e': 'е', 'o': 'о', 'p': 'р', 'c': 'с', 'x': 'х', 'y': 'у', 'k': 'к', 'm': 'м', 't': 'т', 'h': 'н', 'b': 'в',
	'i': 'і', 'u': 'и', 'n': 'п', 'r': 'г', '3': 'з', '0': 'о', '6': 'б', '4': 'ч',
}

// lookAlike are letters of yet other scripts that stand for Latin ones.
var lookAlike = map[rune]rune{
	'ο': 'o', 'α': 'a', 'ε': 'e', 'ρ': 'p', 'τ': 't', 'υ': 'u', 'ν': 'v', 'ι': 'i', 'κ': 'k', 'χ': 'x', 'η': 'n', 'ѵ': 'v', 'օ': 'o', 'ո': 'n',
	'ս': 'u', 'հ': 'h', 'ɑ': 'a', 'ɡ': 'g', 'ꞵ': 'b', 'β': 'b', 'ʟ': 'l', 'ɴ': 'n', 'ʀ': 'r', 'ɪ': 'i', 'ᴀ': 'a', 'ᴇ': 'e', 'ᴏ': 'o',
}

// leetForms returns what a word of letters mixed with digits and signs may stand for, best guess first.
func leetForms(word string) []string {
	letters, signs := 0, 0
	for i := range len(word) {
		c := word[i]
		switch {
		case c >= 'a' && c <= 'z' || c >= utf8.RuneSelf:
			letters++
		case strings.IndexByte("01345678@$!9", c) >= 0:
			signs++
		default:
			return nil
		}
	}
	if letters < 2 || signs == 0 || signs > letters+1 || len(word) < 3 {
		return nil
	}
	swap := func(one, six, nine string) string {
		return strings.NewReplacer("0", "o", "1", one, "!", "i", "3", "e", "4", "a", "@", "a", "5", "s", "$", "s", "7", "t",
			"8", "b", "6", six, "9", nine).Replace(word)
	}
	return []string{swap("i", "b", "g"), swap("l", "g", "q")}
}

// cyrillicTwin writes a word in Latin letters as Russian; it is the reverse of the usual transliterations, read greedily.
func cyrillicTwin(word string) string {
	var b strings.Builder
	for i := 0; i < len(word); {
		matched := false
		for n := min(4, len(word)-i); n > 0; n-- {
			if to, ok := russianLetters[word[i:i+n]]; ok {
				if n == 1 && word[i] == 'y' {
					to = russianY(word, i)
				}
				b.WriteString(to)
				i += n
				matched = true
				break
			}
		}
		if !matched {
			return ""
		}
	}
	return b.String()
}

// russianY tells the ы of "zhaloby" from the й of "ustoychivyy".
func russianY(word string, i int) string {
	if i > 0 && strings.IndexByte("aeiouy", word[i-1]) >= 0 {
		return "й"
	}
	return "ы"
}

var russianLetters = map[string]string{
	"shch": "щ", "sch": "щ", "zh": "ж", "kh": "х", "ts": "ц", "ch": "ч", "sh": "ш", "yu": "ю", "ju": "ю", "ya": "я", "ja": "я",
	"yo": "е", "jo": "е", "ye": "е", "je": "е", "iy": "ий", "ij": "ий", "a": "а", "b": "б", "v": "в", "g": "г", "d": "д", "e": "е", "z": "з", "i": "и",
	"j": "й", "k": "к", "l": "л", "m": "м", "n": "н", "o": "о", "p": "п", "r": "р", "s": "с", "t": "т", "u": "у", "f": "ф", "h": "х",
	"c": "ц", "y": "ы", "w": "в", "x": "кс", "'": "ь", "q": "я",
}

// latinTwin writes a Cyrillic word in Latin letters, for English words in Russian spelling.
func latinTwin(word string) string {
	var b strings.Builder
	for _, r := range word {
		to, ok := latinLetters[r]
		if !ok {
			return ""
		}
		b.WriteString(to)
	}
	return b.String()
}

var latinLetters = map[rune]string{
	'а': "a", 'б': "b", 'в': "v", 'г': "g", 'д': "d", 'е': "e", 'ж': "zh", 'з': "z", 'и': "i", 'й': "i", 'к': "k", 'л': "l", 'м': "m",
	'н': "n", 'о': "o", 'п': "p", 'р': "r", 'с': "s", 'т': "t", 'у': "u", 'ф': "f", 'х': "h", 'ц': "c", 'ч': "ch", 'ш': "sh", 'щ': "sch",
	'ы': "y", 'ь': "", 'ъ': "", 'э': "e", 'ю': "yu", 'я': "ya", 'і': "i", 'ї': "i", 'є': "e",
}
