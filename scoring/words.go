package scoring

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxWords bounds the words that one scratch remembers; a full table is emptied and begun anew.
const maxWords = 1 << 15

// wordTable remembers what is known of words: an open table, so that a look-up costs one hash and mostly one comparison.
type wordTable struct {
	slots []wordSlot
	used  int
}

type wordSlot struct {
	hash uint64
	key  string
	info *wordInfo
}

func newWordTable() wordTable {
	return wordTable{slots: make([]wordSlot, 2*maxWords)}
}

// find returns what is known of a word, nil when it was not seen, with the slot where it belongs.
func (t *wordTable) find(word []byte) (*wordInfo, uint64, int) {
	hash := uint64(14695981039346656037) // FNV-1a
	for _, c := range word {
		hash = (hash ^ uint64(c)) * 1099511628211
	}
	at := int(hash>>16) & (len(t.slots) - 1)
	for {
		s := &t.slots[at]
		if s.info == nil {
			return nil, hash, at
		}
		if s.hash == hash && s.key == string(word) {
			return s.info, hash, at
		}
		at = (at + 1) & (len(t.slots) - 1)
	}
}

// keep remembers a word at the slot that find gave.
func (t *wordTable) keep(word string, hash uint64, at int, info *wordInfo) {
	if t.used >= maxWords {
		clear(t.slots)
		t.used = 0
		at = int(hash>>16) & (len(t.slots) - 1)
	}
	t.used++
	t.slots[at] = wordSlot{hash, word, info}
}

// foldPlain folds a word that is in one script and needs no repair, without allocating; false hands it to foldWide.
func foldPlain(dst, word []byte) ([]byte, bool) {
	start := len(dst)
	latin, cyrillic := false, false
	for i := 0; i < len(word); {
		c := word[i]
		if c < utf8.RuneSelf {
			if 'A' <= c && c <= 'Z' {
				c += 'a' - 'A'
			}
			latin = latin || 'a' <= c && c <= 'z'
			dst = append(dst, c)
			i++
			continue
		}
		r, size := utf8.DecodeRune(word[i:])
		i += size
		switch {
		case r >= 0x400 && r < 0x530:
			cyrillic = true
			switch r = lowerCyrillic(r); r {
			case 'ё':
				r = 'е'
			case 'ґ':
				r = 'г'
			}
			dst = utf8.AppendRune(dst, r)
		case r >= 0xC0 && r < 0x250 && latinPlain[r] != 0:
			latin = true
			dst = append(dst, latinPlain[r])
		case r >= 0x4E00 && r <= 0x9FFF:
			dst = utf8.AppendRune(dst, r)
		case r == '’':
			dst = append(dst, '\'')
		default:
			return dst[:start], false
		}
	}
	if latin && cyrillic {
		return dst[:start], false
	}
	return dst, true
}

func lowerCyrillic(r rune) rune {
	switch {
	case r >= 0x410 && r <= 0x42F:
		return r + 32
	case r >= 0x400 && r <= 0x40F:
		return r + 80
	case r <= 0x45F:
		return r
	}
	return unicode.ToLower(r)
}

// latinPlain holds the ASCII letter under every Latin letter with a diacritic, 0 for those that need more than one.
var latinPlain = func() (table [0x250]byte) {
	for r := rune(0xC0); r < 0x250; r++ {
		low := unicode.ToLower(r)
		if b, ok := plainLatin(low); ok {
			table[r] = b
		}
	}
	return table
}()

// plainLatin returns the ASCII letter under a lower-case Latin letter with a diacritic.
func plainLatin(r rune) (byte, bool) {
	switch r {
	case 'ł':
		return 'l', true
	case 'ı':
		return 'i', true
	case 'ø':
		return 'o', true
	case 'đ', 'ð':
		return 'd', true
	}
	d := norm.NFD.PropertiesString(string(r)).Decomposition()
	if len(d) > 0 && d[0] < utf8.RuneSelf {
		return d[0], true
	}
	return 0, false
}
