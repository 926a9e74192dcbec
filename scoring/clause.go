package scoring

import "schemer"

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
}

// sentence is a run of tokens between two sentence ends, with the headings that govern it.
type sentence struct {
	first, last int // tokens [first, last)
	start, end  int // bytes of the field, trimmed
	block       int
	item        bool // a list item or table row
	question    bool
	colon       bool  // ends with a colon: it leads in what follows
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
