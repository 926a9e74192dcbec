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
			tokens = append(tokens, newIDToken(text, start, end))
			start = -1
		}
	}
	han := false
	for i, r := range text {
		isHan := unicode.Is(unicode.Han, r)
		word := unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r) || (r == '\'' || r == '’') && start >= 0
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

// foldRune writes a small letter without its accent.
func foldRune(out *strings.Builder, r rune) {
	switch r {
	case 'á', 'à', 'â', 'ä', 'ã', 'å', 'ā', 'ă', 'ą':
		r = 'a'
	case 'é', 'è', 'ê', 'ë', 'ē', 'ę', 'ě':
		r = 'e'
	case 'í', 'ì', 'î', 'ï', 'ī', 'ı':
		r = 'i'
	case 'ó', 'ò', 'ô', 'ö', 'õ', 'ø', 'ő':
		r = 'o'
	case 'ú', 'ù', 'û', 'ü', 'ū', 'ů', 'ű':
		r = 'u'
	case 'ç', 'ć', 'č':
		r = 'c'
	case 'ñ', 'ń', 'ň':
		r = 'n'
	case 'ś', 'š', 'ş', 'ș':
		r = 's'
	case 'ź', 'ż', 'ž':
		r = 'z'
	case 'ł':
		r = 'l'
	case 'ğ':
		r = 'g'
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

// phrase is a sequence of words to be found; a word that ends in "*" stands for all that begin so.
type phrase struct {
	words []string
	tag   int
	size  int // bytes
	short bool
}

// phraseBook finds phrases in tokens by the beginning of their first word.
type phraseBook map[string][]phrase

// add enters a phrase under a tag.
func (b phraseBook) add(text string, tag int) {
	var p phrase
	for w := range strings.FieldsSeq(strings.NewReplacer("-", " ", ".", " ", "&", " ", "’", "'").Replace(text)) {
		var out strings.Builder
		for _, r := range strings.ToLower(w) {
			foldRune(&out, r)
		}
		p.words = append(p.words, out.String())
	}
	if len(p.words) == 0 {
		return
	}
	p.tag, p.size = tag, len(text)
	first := strings.TrimSuffix(p.words[0], "*")
	p.short = utf8.RuneCountInString(strings.Join(p.words, "")) <= 3
	key := phraseKey(first)
	b[key] = append(b[key], p)
}

func phraseKey(w string) string {
	n := 0
	for i := range w {
		if n == 2 {
			return w[:i]
		}
		n++
	}
	return w
}

// match returns the longest phrase at token i and how many tokens it takes, or 0.
func (b phraseBook) match(text string, tokens []idToken, i int) (best phrase, n int) {
	for _, p := range b[phraseKey(tokens[i].fold)] {
		if (len(p.words) > n || len(p.words) == n && p.size > best.size) && p.at(text, tokens, i) {
			best, n = p, len(p.words)
		}
	}
	return best, n
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
