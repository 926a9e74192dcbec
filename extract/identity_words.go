package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// idToken is a word or number of a text, folded for comparison.
type idToken struct {
	start, end int
	fold       string // lower case, without accents
	upper      bool   // begins with a capital letter or a digit
	capitals   bool   // has no small letter
}

// idTokens cuts a text into words and numbers. Han characters make one token a run.
func idTokens(text string) []idToken {
	tokens := make([]idToken, 0, len(text)/6+8)
	start := -1
	flush := func(end int) {
		if start >= 0 {
			if t := newIDToken(text, start, end); t.fold != "" { // a lone accent folds to nothing
				tokens = append(tokens, t)
			}
			start = -1
		}
	}
	han := false
	for i, r := range text {
		var isHan, word bool
		if r < utf8.RuneSelf {
			word = isASCIIWord(byte(r)) || r == '\'' && start >= 0
		} else {
			isHan = r >= 0x3000 && unicode.Is(unicode.Han, r)
			word = unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r) || r == '’' && start >= 0
		}
		if !word || start >= 0 && isHan != han {
			flush(i)
		}
		if word && start < 0 {
			start, han = i, isHan
		}
	}
	flush(len(text))
	return tokens
}

func newIDToken(text string, start, end int) idToken {
	for end > start+1 && (text[end-1] == '\'' || strings.HasSuffix(text[start:end], "’")) {
		_, n := utf8.DecodeLastRuneInString(text[start:end])
		end -= n
	}
	t := idToken{start: start, end: end, capitals: true}
	if plain := text[start:end]; isPlainWord(plain) {
		t.upper = plain[0] <= 'Z'
		t.fold = strings.ToLower(plain)
		for i := range len(plain) {
			t.capitals = t.capitals && plain[i] < 'a'
		}
		return t
	}
	var out strings.Builder
	out.Grow(end - start)
	for i, r := range text[start:end] {
		if i == 0 {
			t.upper = unicode.IsUpper(r) || unicode.IsDigit(r)
		}
		if unicode.IsLower(r) {
			t.capitals = false
		}
		foldRune(&out, unicode.ToLower(r))
	}
	t.fold = out.String()
	return t
}

// isPlainWord reports whether s is of ASCII letters and digits alone.
func isPlainWord(s string) bool {
	for i := range len(s) {
		if !isASCIIWord(s[i]) {
			return false
		}
	}
	return true
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
		b.open[key] = append(b.open[key], p)
		return
	}
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

// find returns the phrases in a text by sort, in order. Of cues every one counts, of the others the longest at a place.
func (b phraseBook) find(text string, tokens []idToken) [phraseSorts][]spot {
	var out [phraseSorts][]spot
	for i := range tokens {
		fold := tokens[i].fold
		three := beginning(fold, 3)
		lists := [...][]phrase{b.whole[fold], b.open[three], nil}
		if two := beginning(three, 2); len(two) < len(three) {
			lists[2] = b.open[two]
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
