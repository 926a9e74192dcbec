package scoring

import (
	"unicode/utf8"
)

// far is a gap between two words that is more than one space.
const far = 8

// cutter reads the bytes [at, to) of one block into tokens and sentences.
type cutter struct {
	*reading
	words    wordSource
	block    int
	item     bool
	from, to int
	at       int
	first    int   // first token of the open sentence
	gap      pause // since the last word
	spaces   int   // since the last word; far and more when anything but one space, dot or hyphen stood there
	quoted   bool
	question bool
	colon    bool
}

// cut tokenises the bytes [from, to) of a block and closes its sentences.
func (r *reading) cut(block, from, to int, words wordSource) {
	kind := r.blocks[block].Kind
	c := cutter{
		reading: r, words: words, block: block, item: kind == "item" || kind == "row",
		from: from, to: to, at: from, first: len(r.tokens), gap: pauseSentence, spaces: far,
	}
	for c.at < to {
		switch b := r.text[c.at]; {
		case wordByte(b):
			c.word(rune(b))
		case b >= utf8.RuneSelf:
			r0, size := utf8.DecodeRuneInString(r.text[c.at:to])
			if wordRune(r0) {
				c.word(r0)
			} else {
				c.sign(r0, size)
			}
		default:
			c.at++
			c.mark(b)
		}
	}
	c.close(to)
}

// close ends the open sentence at the byte end.
func (c *cutter) close(end int) {
	if len(c.tokens) > c.first {
		c.sentences = append(c.sentences, sentence{
			first: c.first, last: len(c.tokens), start: int(c.tokens[c.first].start), end: trimEnd(c.text, end),
			block: c.block, item: c.item, question: c.question, colon: c.colon,
		})
	}
	c.first = len(c.tokens)
	c.question, c.colon = false, false
}

// word reads the word that begins here.
func (c *cutter) word(r0 rune) {
	end := c.wordEnd(c.at, c.to, r0)
	c.addToken(c.at, end, c.gap, c.spaces == 1, c.quoted, r0, c.words)
	if end-c.at > 1 && (end < c.to && c.text[end] == '_' || c.at > c.from && c.text[c.at-1] == '_') {
		c.tokens[len(c.tokens)-1].info = none // an identifier of some program
	}
	c.colon = false
	c.gap, c.spaces = pauseNone, 0
	c.at = end
}

// sign reads punctuation beyond ASCII.
func (c *cutter) sign(r rune, size int) {
	p := widePause(r)
	c.gap, c.spaces = max(c.gap, p), c.spaces+1
	switch r {
	case '“', '«', '„', '「':
		// „…“ closes with the mark that opens “…”.
		closes := r == '“' && c.at > c.from && !opensAfter(c.text[c.at-1])
		c.quoted = !closes
		c.spaces += far
	case '»', '”', '」':
		c.quoted = false
		c.spaces += far
	case '？':
		c.question = true
	case '：':
		c.colon = true
	}
	c.at += size
	if p == pauseSentence {
		c.close(c.at)
	}
}

// opensAfter reports the characters after which a quotation mark opens.
func opensAfter(c byte) bool { return c == ' ' || c == '\n' || c == '(' || c == ':' }

// mark reads ASCII punctuation, which stands before the current byte.
func (c *cutter) mark(b byte) {
	switch b {
	case ' ', '\t':
		c.spaces++
	case '-', '_', '*', '~', '\'':
		c.hyphen(b)
	case ',', '(', ')', '/', '[', ']', '&', '+', '|':
		c.gap, c.spaces = max(c.gap, pauseComma), c.spaces+far
	case ':', ';', '=':
		c.gap, c.spaces = max(c.gap, pauseClause), c.spaces+far
		c.colon = b == ':'
	case '"':
		c.quoted = !c.quoted && (c.at-2 < c.from || opensAfter(c.text[c.at-2]))
		c.spaces += far
	case '.', '!', '?', '\n':
		c.stop(b)
	default:
		c.spaces += 2
	}
}

// hyphen joins two words, or parts two clauses when it stands apart.
func (c *cutter) hyphen(b byte) {
	next := byte(' ')
	if c.at < c.to {
		next = c.text[c.at]
	}
	if c.spaces == 0 && next != ' ' {
		c.spaces = 1
		return
	}
	c.spaces++
	if b == '-' && (next == ' ' || next == '-') && c.at > c.from+1 && c.text[c.at-2] == ' ' {
		c.gap = max(c.gap, pauseClause)
	}
}

// stop ends a sentence, unless the mark stands inside a word, a number or an abbreviation.
func (c *cutter) stop(b byte) {
	if b != '\n' && c.at < c.to && !spaceByte(c.text[c.at]) && !closer(c.text[c.at:c.to]) {
		c.spaces++
		if b == '.' && c.spaces > 1 {
			c.gap = max(c.gap, pauseComma)
		}
		return
	}
	if b == '.' && c.abbreviation(c.at-1, c.first) {
		c.spaces++
		return
	}
	c.question = c.question || b == '?'
	c.gap, c.spaces = pauseSentence, far
	c.close(c.at)
	c.quoted = c.quoted && b != '\n'
}
