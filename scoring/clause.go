package scoring

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"schemer"
)

// pause is how strongly the punctuation before a word parts it from the word before.
type pause uint8

const (
	pauseNone     pause = iota
	pauseComma          // comma, bracket
	pauseClause         // dash, colon, semicolon, "but"
	pauseSentence       // full stop, question mark, line end
)

// token is one word with the bytes of the field that it was read from: the offset map back to the original.
type token struct {
	start, end int32
	info       *wordInfo
	pause      pause
	single     bool // one letter, a part of letter spacing perhaps
	joined     bool // nothing but one space, dot or hyphen stands between it and the word before
	quoted     bool // inside quotation marks
	noun       bool // written with a capital inside a sentence, or any unknown word: unused by most rules
}

// sentence is a run of tokens between two sentence ends, with the headings that govern it.
type sentence struct {
	first, last int // tokens [first, last)
	start, end  int // bytes of the field, trimmed
	block       int
	item        bool // a list item or table row
	question    bool
	colon       bool // ends with a colon: it leads in what follows
	langs       langs // that its paragraph, the post or its own words speak for
	lang        langs // the most likely one
	own         langs // by its own words
}

// reading is one field of a post, cut into sentences of tokens. It is reused from post to post.
type reading struct {
	text      string
	blocks    []schemer.Block
	tokens    []token
	sentences []sentence
	word      []byte
}

// wordSource knows words; the scratch of a detection does, with its memory of words seen before.
type wordSource interface {
	word(folded []byte, did steps) *wordInfo
}

// read cuts text into sentences. Blocks tell where paragraphs, items and headings begin; without them lines do.
func (r *reading) read(text string, blocks []schemer.Block, hint langs, words wordSource) {
	r.text, r.tokens, r.sentences = text, r.tokens[:0], r.sentences[:0]
	r.blocks = blocks
	if len(blocks) == 0 {
		r.blocks = lineBlocks(text)
	}
	total := langCount{}
	for i := range r.blocks {
		b := &r.blocks[i]
		if b.Start < 0 || b.End > len(text) || b.Start >= b.End {
			continue
		}
		from := len(r.sentences)
		r.cut(i, b.Start, b.End, words)
		count := langCount{}
		for k := from; k < len(r.sentences); k++ {
			s := &r.sentences[k]
			own := langCount{}
			own.add(r.tokens[s.first:s.last], text)
			s.own, _ = own.judge(4)
			for l := range own {
				count[l] += own[l]
			}
		}
		for l := range total {
			total[l] += count[l]
		}
		set, top := count.judge(3)
		for k := from; k < len(r.sentences); k++ {
			r.sentences[k].langs, r.sentences[k].lang = set, top
		}
	}
	whole, wholeTop := total.judge(1)
	if whole == 0 {
		whole, wholeTop = hint, hint
	}
	for k := range r.sentences {
		s := &r.sentences[k]
		if s.langs == 0 {
			s.langs, s.lang = whole, wholeTop
			if s.langs == 0 {
				s.langs, s.lang = langAll, langEN
			}
		}
		s.langs |= langEN | hint | s.own
	}
}

// cut tokenises the bytes [from, to) of a block and closes sentences.
func (r *reading) cut(block, from, to int, words wordSource) {
	text := r.text
	item := r.blocks[block].Kind == "item" || r.blocks[block].Kind == "row"
	first := len(r.tokens)
	gap := pauseSentence
	spaces, quoted := 9, false
	var question, colon bool
	closeSentence := func(end int) {
		if len(r.tokens) > first {
			r.sentences = append(r.sentences, sentence{
				first: first, last: len(r.tokens), start: int(r.tokens[first].start),
				end: end, block: block, item: item, question: question, colon: colon,
			})
		}
		first = len(r.tokens)
		question, colon = false, false
	}
	for i := from; i < to; {
		c := text[i]
		if wordByte(c) || c >= utf8.RuneSelf {
			r0, size := rune(c), 1
			if c >= utf8.RuneSelf {
				r0, size = utf8.DecodeRuneInString(text[i:to])
			}
			if wordRune(r0) {
				end := r.wordEnd(i, to, r0)
				r.addToken(i, end, gap, spaces == 1, quoted, r0, words)
				colon = false
				gap, spaces = pauseNone, 0
				i = end
				continue
			}
			gap, spaces = max(gap, widePause(r0)), spaces+1
			switch r0 {
			case '“', '«', '„', '»', '”', '「', '」':
				quoted = r0 != '”' && r0 != '»' && r0 != '」'
				if r0 == '“' && i > from && text[i-1] != ' ' && text[i-1] != '\n' && text[i-1] != '(' {
					quoted = false // „…“ closes with this one
				}
				spaces += 8
			case '？':
				question = true
			case '：':
				colon = true
			}
			i += size
			if widePause(r0) == pauseSentence {
				closeSentence(trimEnd(text, i))
			}
			continue
		}
		i++
		switch c {
		case ' ', '\t':
			spaces++
		case '-', '_', '*', '~', '\'':
			if spaces == 0 && i < to && text[i] != ' ' {
				spaces = 1
			} else {
				spaces++
				if c == '-' && i < to && (text[i] == ' ' || text[i] == '-') && i > from+1 && text[i-2] == ' ' {
					gap = max(gap, pauseClause)
				}
			}
		case ',', '(', ')', '/', '[', ']', '&', '+', '|':
			gap, spaces = max(gap, pauseComma), spaces+8
		case ':', ';', '=':
			gap, spaces = max(gap, pauseClause), spaces+8
			colon = c == ':'
		case '"':
			quoted = !quoted && (i-2 < from || text[i-2] == ' ' || text[i-2] == '\n' || text[i-2] == '(' || text[i-2] == ':')
			spaces += 8
		case '.', '!', '?', '\n':
			if c != '\n' && i < to && !spaceByte(text[i]) && !closer(text[i:to]) {
				spaces++
				if i < to && text[i] == '.' {
					spaces += 8
				}
				if c == '.' && spaces > 1 {
					gap = max(gap, pauseComma)
				}
				continue
			}
			if c == '.' && r.abbreviation(i-1, first) {
				spaces++
				continue
			}
			question = question || c == '?'
			gap, spaces = pauseSentence, 9
			closeSentence(trimEnd(text, i))
			quoted = quoted && c != '\n'
		default:
			spaces += 2
		}
	}
	closeSentence(trimEnd(text, to))
}

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
		return n <= 4 && i+2 < len(r.text) && r.text[i+1] == ' ' && !(r.text[i+2] >= 'A' && r.text[i+2] <= 'Z')
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

// lineBlocks makes blocks from lines, for text that came without: items by their bullets, the lead-in line above them as
// their heading.
func lineBlocks(text string) []schemer.Block {
	var out []schemer.Block
	lead, leadBlank := "", false
	for start := 0; start < len(text); {
		end := len(text)
		if n := strings.IndexByte(text[start:], '\n'); n >= 0 {
			end = start + n
		}
		line := text[start:end]
		trimmed := strings.TrimSpace(line)
		switch {
		case trimmed == "":
			leadBlank = true
		case bullet(trimmed):
			b := schemer.Block{Kind: "item", Start: start, End: end}
			if lead != "" {
				b.Headings = []string{lead}
			}
			out = append(out, b)
			leadBlank = false
		default:
			if n := len(out); n > 0 && !leadBlank && out[n-1].Kind == "paragraph" && lead == "" {
				out[n-1].End = end
			} else {
				out = append(out, schemer.Block{Kind: "paragraph", Start: start, End: end})
			}
			lead, leadBlank = "", false
			if trimmed[len(trimmed)-1] == ':' || strings.HasSuffix(trimmed, "：") {
				lead = trimmed
			}
		}
		start = end + 1
	}
	return out
}
