package extract

import (
	"strings"
	"unicode"
)

// The commonest letters and characters by script, for telling a right decoding from a wrong one. A wrong decoding of
// Russian gives Cyrillic too, but the rare letters and with the case swapped.
const (
	commonCyrillic = "оеаинтсрвлкмдпуяыьгзбчйжхшію"
	commonHan      = "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日服务器支持客户主机付款網站的時間問題們個來說為會對後於過發這"
	commonLatin    = "éèàùâêîôûçäöüßñáíóúãõøåæœëïąćęłńśźżğışıİŞöçÄÖÜÉ–—’‘“”…€«»·°©®•"
)

// readability scores a decoding: about 1 for a text of common letters, below 0 for a wrong one. Only characters
// beyond ASCII count.
func readability(text string) float64 {
	var total, points float64
	prev := ' '
	for _, r := range text {
		if r >= 0x80 {
			total++
			points += readable(prev, r)
		} else if prev >= 0x80 && unicode.IsUpper(r) && unicode.IsLower(prev) {
			points--
		}
		prev = r
	}
	if total == 0 {
		return 0
	}
	return points / total
}

// readable scores one character beyond ASCII after prev.
func readable(prev, r rune) float64 {
	switch {
	case r == unicode.ReplacementChar, r < 0xa0, unicode.Is(unicode.Co, r):
		return -3
	case r >= 0x2500 && r < 0x2600: // box drawing: code page 866 read of anything
		return -2
	case unicode.Is(unicode.Cyrillic, r):
		return cyrillicPoints(prev, r)
	case unicode.Is(unicode.Han, r):
		if strings.ContainsRune(commonHan, r) {
			return 1.6
		}
		return 0.45
	case r >= 0xff61 && r < 0xffa0: // half-width katakana: Shift JIS read of anything
		return -0.5
	case unicode.In(r, unicode.Hiragana, unicode.Katakana, unicode.Hangul):
		if prev < 0x80 && unicode.IsLetter(prev) {
			return -1
		}
		return 0.8
	case r >= 0x3000 && r < 0x3040, r >= 0xff00 && r < 0xff61:
		return 0.8
	case strings.ContainsRune(commonLatin, r):
		return latinPoints(prev, r)
	case unicode.IsLetter(r):
		return latinPoints(prev, r) - 0.6
	case unicode.IsLetter(prev) && prev != ' ': // a symbol in or after a word
		return -0.8
	}
	return 0
}

func cyrillicPoints(prev, r rune) float64 {
	switch {
	case unicode.IsUpper(r) && unicode.IsLower(prev):
		return -1.5
	case prev < 0x80 && unicode.IsLetter(prev):
		return -0.8
	case strings.ContainsRune(commonCyrillic, r):
		return 1
	case unicode.IsUpper(r) && unicode.IsUpper(prev):
		return 0.1
	case r >= 'А' && r <= 'я' || strings.ContainsRune("ёЁїЇєЄґҐіІўЎ", r):
		return 0.4
	}
	return -1
}

// latinPoints prefers letters that stand alone among ASCII: Latin words seldom hold two accented letters in a row.
func latinPoints(prev, r rune) float64 {
	switch {
	case unicode.IsUpper(r) && unicode.IsLower(prev):
		return -1.5
	case prev >= 0x80 && unicode.IsLetter(prev) && unicode.IsLetter(r):
		return -0.3
	}
	return 0.9
}
