package scoring

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// closer reports whether s begins with something that may follow the end of a sentence: a closing mark.
func closer(s string) bool {
	switch s[0] {
	case '"', '\'', ')', ']', '*', '.', '!', '?', '<':
		return true
	}
	r, _ := utf8.DecodeRuneInString(s)
	return r == '”' || r == '“' || r == '»' || r == '’' || r == '…'
}

// abbreviation reports whether the dot at i follows one letter or a number, as in "z.B." or "2.", inside a sentence.
func (r *reading) abbreviation(i, first int) bool {
	if len(r.tokens) <= first {
		return true
	}
	t := r.tokens[len(r.tokens)-1]
	if int(t.end) != i {
		return false
	}
	n := t.end - t.start
	if n == 1 {
		c := r.text[t.start]
		if c == 'm' && i+2 < len(r.text) && r.text[i+1] == ' ' && r.text[i+2] >= 'A' && r.text[i+2] <= 'Z' {
			return false // "at 3 a.m. We …"
		}
		return c >= 'a' && c <= 'z' || len(r.tokens) == first+1
	}
	switch strings.ToLower(r.text[t.start:t.end]) {
	case "bijv", "bzw", "etc", "vs", "st", "mr", "dr", "nr", "no", "ca", "ltd", "inc":
		return n <= 4 && i+2 < len(r.text) && r.text[i+1] == ' ' && (r.text[i+2] < 'A' || r.text[i+2] > 'Z')
	}
	return false
}

// wordEnd returns where the word that begins at i ends. Han characters are words of their own.
func (r *reading) wordEnd(i, to int, r0 rune) int {
	text := r.text
	if r0 >= 0x2E80 && unicode.Is(unicode.Han, r0) {
		return i + utf8.RuneLen(r0)
	}
	start := i
	for i < to {
		c := text[i]
		if c < utf8.RuneSelf {
			if wordByte(c) {
				i++
				continue
			}
			// Signs inside a word: an apostrophe, and signs that stand for letters.
			if (c == '\'' || c == '@' || c == '$' || c == '!') && i > start && i+1 < to && letterAt(text, i+1) {
				if c == '\'' && elides(text[start:i]) {
					return i + 1
				}
				i++
				continue
			}
			break
		}
		rn, size := utf8.DecodeRuneInString(text[i:to])
		if rn == '’' && i > start && i+size < to && letterAt(text, i+size) {
			if elides(text[start:i]) {
				return i + size
			}
			i += size
			continue
		}
		if !wordRune(rn) && !invisible(rn) || unicode.Is(unicode.Han, rn) {
			break
		}
		i += size
	}
	return i
}

// elides reports the French words that lose a vowel before an apostrophe: "l'abuse" is two words, "don't" is one.
func elides(word string) bool {
	switch word {
	case "l", "d", "n", "s", "j", "m", "t", "c", "L", "D", "N", "S", "J", "M", "T", "C", "qu", "Qu":
		return true
	}
	return false
}

func (r *reading) addToken(start, end int, gap pause, joined, quoted bool, r0 rune, words wordSource) {
	var did steps
	r.word, did = foldWord(r.word[:0], []byte(r.text[start:end]))
	if n := len(r.word); n > 1 && r.word[n-1] == '\'' {
		r.word = r.word[:n-1]
	}
	info := words.word(r.word, did)
	single := end-start == utf8.RuneLen(r0) && unicode.IsLetter(r0) && (r0 < 0x2E80)
	r.tokens = append(r.tokens, token{
		start: int32(start), end: int32(end), info: info, pause: gap, single: single,
		joined: joined && gap == pauseNone, quoted: quoted,
	})
}

func wordByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

func wordRune(r rune) bool {
	if r < utf8.RuneSelf {
		return wordByte(byte(r))
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r) || compatible(r) || r == 0xAD
}

func letterAt(text string, i int) bool {
	r, _ := utf8.DecodeRuneInString(text[i:])
	return unicode.IsLetter(r) || r < utf8.RuneSelf && wordByte(byte(r))
}

func spaceByte(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

// widePause is the pause of punctuation beyond ASCII.
func widePause(r rune) pause {
	switch r {
	case '。', '！', '？', '…':
		return pauseSentence
	case '，', '、', '（', '）':
		return pauseComma
	case '—', '–', '：', '；', '→', '•', '·', '⇒':
		return pauseClause
	}
	return pauseNone
}

// trimEnd takes closing marks into a sentence that ends at i.
func trimEnd(text string, i int) int {
	for i > 0 && spaceByte(text[i-1]) {
		i--
	}
	return i
}
