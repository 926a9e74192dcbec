package extract

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// idToken is a word or number of a text, folded for comparison.
type idToken struct {
	start, end int
	size       int    // bytes of fold
	fold       string // lower case, without accents
	upper      bool   // begins with a capital letter or a digit
	capitals   bool   // has no small letter
}

// letterSort says what a character of two bytes or fewer is in a word.
type letterSort struct {
	size                    uint8 // bytes of fold; 0 for an accent of its own
	fold                    [4]byte
	word, upper, low, digit bool
}

// letters describes the characters below U+0800: Latin, Greek, Cyrillic and some more.
var letters = sync.OnceValue(func() *[0x800]letterSort {
	t := new([0x800]letterSort)
	for r := range rune(len(t)) {
		l := &t[r]
		if r < utf8.RuneSelf {
			l.word = isASCIIWord(byte(r))
		} else {
			l.word = unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r)
		}
		l.upper, l.low, l.digit = unicode.IsUpper(r), unicode.IsLower(r), unicode.IsDigit(r)
		var out strings.Builder
		foldRune(&out, unicode.ToLower(r))
		l.size = uint8(copy(l.fold[:], out.String()))
	}
	return t
})

// idTokens cuts a text into words and numbers. Han characters make one token a run. The folded words share one string.
func idTokens(text string) []idToken {
	return cutTokens(text, nil, new(identityRoom))
}

// cutTokens is idTokens in given memory.
func cutTokens(text string, tokens []idToken, room *identityRoom) []idToken {
	w := idCutter{text: text, letters: letters(), tokens: tokens, folded: room.folded[:0], start: -1}
	for i := 0; i < len(text); {
		c := text[i]
		if c < utf8.RuneSelf {
			if smallLetters[c] != 0 {
				i = w.plain(i)
			} else {
				w.next(i, rune(c))
				i++
			}
			continue
		}
		if c >= 0xc2 && c < 0xe0 && i+1 < len(text) && text[i+1]&0xc0 == 0x80 {
			w.letter(i, &w.letters[rune(c&0x1f)<<6|rune(text[i+1]&0x3f)])
			i += 2
			continue
		}
		r, n := utf8.DecodeRuneInString(text[i:])
		w.next(i, r)
		i += n
	}
	w.flush(len(text))
	room.folded = w.folded
	folded := string(w.folded)
	from := 0
	for k := range w.tokens {
		t := &w.tokens[k]
		t.fold = folded[from : from+t.size]
		from += t.size
	}
	return w.tokens
}

// An idCutter cuts a text into tokens.
type idCutter struct {
	text    string
	letters *[0x800]letterSort
	tokens  []idToken
	folded  []byte
	start   int // of the open token, or -1
	at      int // its place in folded
	han     bool
	lower   bool // it has a small letter
	upper   bool // it begins with a capital letter or a digit
}

// smallLetters are the small letters of the ASCII letters, digits for digits, 0 for all else.
var smallLetters = func() (t [utf8.RuneSelf]byte) {
	for c := range byte(utf8.RuneSelf) {
		if isASCIIWord(c) {
			if t[c] = c; c >= 'A' && c <= 'Z' {
				t[c] = c + 'a' - 'A'
			}
		}
	}
	return t
}()

// plain takes the run of ASCII letters and digits at byte i and returns where it ends.
func (w *idCutter) plain(i int) int {
	if w.start >= 0 && w.han {
		w.flush(i)
	}
	text, folded, lower := w.text, w.folded, w.lower
	if w.start < 0 {
		w.start, w.at, w.han, w.upper, lower = i, len(folded), false, text[i] <= 'Z', false
	}
	for ; i < len(text) && text[i] < utf8.RuneSelf; i++ {
		small := smallLetters[text[i]]
		if small == 0 {
			break
		}
		lower = lower || text[i] >= 'a'
		folded = append(folded, small)
	}
	w.folded, w.lower = folded, lower
	return i
}

// letter takes the character of two bytes at byte i.
func (w *idCutter) letter(i int, l *letterSort) {
	if w.start >= 0 && (!l.word || w.han) {
		w.flush(i)
	}
	if !l.word {
		return
	}
	if w.start < 0 {
		w.start, w.at, w.han, w.lower, w.upper = i, len(w.folded), false, false, l.upper || l.digit
	}
	w.lower = w.lower || l.low
	switch l.size {
	case 2:
		w.folded = append(w.folded, l.fold[0], l.fold[1])
	case 1:
		w.folded = append(w.folded, l.fold[0])
	default:
		w.folded = append(w.folded, l.fold[:l.size]...)
	}
}

// next takes the character at byte i.
func (w *idCutter) next(i int, r rune) {
	var l letterSort
	var isHan bool
	switch {
	case r < 0x800:
		l = w.letters[r]
		if r == '\'' {
			l.word = w.start >= 0
		}
	case r == '’':
		l.word = w.start >= 0
		l.size, l.fold[0] = 1, '\''
	default:
		isHan = r >= 0x3000 && unicode.Is(unicode.Han, r)
		l.word = unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r)
		l.upper, l.low, l.digit = unicode.IsUpper(r), unicode.IsLower(r), unicode.IsDigit(r)
	}
	if w.start >= 0 && (!l.word || isHan != w.han) {
		w.flush(i)
	}
	if !l.word {
		return
	}
	if w.start < 0 {
		w.start, w.at, w.han, w.lower, w.upper = i, len(w.folded), isHan, false, l.upper || l.digit
	}
	w.lower = w.lower || l.low
	switch {
	case r < 0x800 || r == '’':
		w.folded = append(w.folded, l.fold[:l.size]...)
	case isHan:
		w.folded = utf8.AppendRune(w.folded, r)
	default:
		var out strings.Builder
		foldRune(&out, unicode.ToLower(r))
		w.folded = append(w.folded, out.String()...)
	}
}

// flush ends the open token at byte end. Apostrophes that end it are no part of it.
func (w *idCutter) flush(end int) {
	if w.start < 0 {
		return
	}
	for end > w.start+1 {
		switch {
		case w.text[end-1] == '\'':
			end--
		case strings.HasSuffix(w.text[w.start:end], "’") && end > w.start+len("’"):
			end -= len("’")
		default:
			w.add(end)
			return
		}
		w.folded = w.folded[:len(w.folded)-1]
	}
	w.add(end)
}

func (w *idCutter) add(end int) {
	if size := len(w.folded) - w.at; size > 0 { // a lone accent folds to nothing
		w.tokens = append(w.tokens, idToken{start: w.start, end: end, size: size, upper: w.upper, capitals: !w.lower})
	}
	w.start = -1
}

// foldRune writes a small letter without its accent.
func foldRune(out *strings.Builder, r rune) {
	switch r {
	case 'á', 'à', 'â', 'ä', 'ã', 'å', 'ā', 'ă', 'ą', 'ạ', 'ả':
		r = 'a'
	case 'é', 'è', 'ê', 'ë', 'ē', 'ę', 'ě', 'ė':
		r = 'e'
	case 'í', 'ì', 'î', 'ï', 'ī', 'ı', 'į':
		r = 'i'
	case 'ó', 'ò', 'ô', 'ö', 'õ', 'ø', 'ő':
		r = 'o'
	case 'ú', 'ù', 'û', 'ü', 'ū', 'ů', 'ű', 'ų':
		r = 'u'
	case 'ç', 'ć', 'č':
		r = 'c'
	case 'ñ', 'ń', 'ň', 'ņ':
		r = 'n'
	case 'ś', 'š', 'ş', 'ș':
		r = 's'
	case 'ź', 'ż', 'ž':
		r = 'z'
	case 'ł', 'ļ':
		r = 'l'
	case 'ğ', 'ģ':
		r = 'g'
	case 'ķ':
		r = 'k'
	case 'ý':
		r = 'y'
	case 'ț', 'ţ':
		r = 't'
	case 'ё':
		r = 'е'
	case '’', 'ʼ':
		r = '\''
	case 'ß':
		out.WriteString("ss")
		return
	case '\u0307', '\u0301', '\u0306':
		return
	}
	out.WriteRune(r)
}
