package extract

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"schemer"
)

// headings is the stack of headings over the running text.
type headings struct {
	stack []headline
	now   []string // what the blocks share until the stack changes
	fresh bool
}

type headline struct {
	level int
	text  string
}

func (h *headings) push(level int, text string) {
	for len(h.stack) > 0 && h.stack[len(h.stack)-1].level >= level {
		h.stack = h.stack[:len(h.stack)-1]
	}
	h.stack = append(h.stack, headline{level, text})
	h.changed()
}

func (h *headings) changed() { h.fresh = false }

// over returns the headings over the running text, outermost first, with the lead-in lines of the open lists last.
func (h *headings) over(lists []list) []string {
	if h.fresh {
		return h.now
	}
	h.now = nil
	for _, s := range h.stack {
		h.now = append(h.now, s.text)
	}
	for _, l := range lists {
		if l.lead != "" {
			h.now = append(h.now, l.lead)
		}
	}
	h.fresh = true
	return h.now
}

// close ends the open block and files it.
func (r *renderer) close() {
	if n := len(r.out); n > r.start && r.out[n-1] >= utf8.RuneSelf {
		r.out = r.out[:r.start+len(bytes.TrimRightFunc(r.out[r.start:], unicode.IsSpace))]
	}
	end := len(r.out)
	text := r.out[r.start:end]
	switch {
	case r.headed:
		r.headingBlock(string(text), end)
	case r.kind == "row" || r.kind == "code":
		r.file(r.kind, 0, r.start, end)
	case len(r.lists) > 0:
		r.file("item", len(r.lists), r.start, end)
	case r.strong > 0 && r.strong >= len(text) && boldHeading(string(text)):
		r.level = 6
		r.headingBlock(string(text), end)
	case bytes.IndexByte(text, '\n') >= 0 && hasMarkedLine(text):
		r.lines(string(text))
	default:
		r.file("paragraph", 0, r.start, end)
	}
}

func (r *renderer) headingBlock(text string, end int) {
	for len(r.heads.stack) > 0 && r.heads.stack[len(r.heads.stack)-1].level >= r.level {
		r.heads.stack = r.heads.stack[:len(r.heads.stack)-1]
	}
	r.heads.changed()
	r.file("heading", r.level, r.start, end)
	r.heads.push(r.level, text)
}

// maxBlocks is how many blocks of a text are told apart; what comes after is one more.
const maxBlocks = 20_000

func (r *renderer) file(kind string, level, start, end int) {
	if n := len(r.blocks); n > maxBlocks {
		r.blocks[n-1].End = end
		return
	} else if n == maxBlocks {
		kind, level = "paragraph", 0
	}
	r.blocks = append(r.blocks, schemer.Block{Kind: kind, Level: level, Start: start, End: end, Headings: r.heads.over(r.lists)})
}

// boldHeading reports whether a paragraph that is bold throughout heads what follows it.
func boldHeading(text string) bool {
	return len(text) <= 100 && strings.IndexByte(text, '\n') < 0 && !strings.HasSuffix(text, ".") && !strings.HasSuffix(text, ",")
}

// lead returns the last line of the block just filed when it ends with a colon, else "".
func (r *renderer) lead() string {
	if len(r.blocks) == 0 {
		return ""
	}
	b := r.blocks[len(r.blocks)-1]
	if b.Kind == "heading" || b.Kind == "code" {
		return ""
	}
	last := r.out[b.Start:b.End]
	return leadIn(string(last[bytes.LastIndexByte(last, '\n')+1:]))
}

// leadIn returns the last line of text when it announces a list.
func leadIn(text string) string {
	if k := strings.LastIndexByte(text, '\n'); k >= 0 {
		text = text[k+1:]
	}
	text = strings.TrimPrefix(text, "- ")
	if strings.HasSuffix(text, ":") || strings.HasSuffix(text, "：") {
		return text
	}
	return ""
}

// lines files a paragraph whose lines are marked as list items, each line for itself, under its lead-in line.
func (r *renderer) lines(text string) {
	at, plain, lead := r.start, r.start, ""
	flush := func(to int) {
		if to > plain {
			r.file("paragraph", 0, plain, to)
		}
	}
	for line := range strings.Lines(text) {
		body := strings.TrimSuffix(line, "\n")
		next := at + len(line)
		if marked(body) {
			flush(at - 1)
			r.lists = append(r.lists, list{lead: lead})
			r.heads.changed()
			r.file("item", 1, at, at+len(body))
			r.lists = r.lists[:len(r.lists)-1]
			r.heads.changed()
			plain = next
		} else {
			lead = leadIn(body)
		}
		at = next
	}
	flush(r.start + len(text))
}

// hasMarkedLine looks closer only at lines that do not begin with a Latin letter.
func hasMarkedLine(text []byte) bool {
	for line := range bytes.Lines(text) {
		if c := line[0] | 0x20; (c < 'a' || c > 'z') && marked(string(line)) {
			return true
		}
	}
	return false
}

// marked reports whether a line starts like a list item written by hand.
func marked(line string) bool {
	for _, mark := range []string{"- ", "* ", "• ", "– ", "— ", "· ", "+ ", "✓ ", "✔ ", "✅", "❌", "✗ ", "▪", "►", "» "} {
		if strings.HasPrefix(line, mark) {
			return true
		}
	}
	k := 0
	for k < len(line) && k < 3 && line[k] >= '0' && line[k] <= '9' {
		k++
	}
	return k > 0 && k+1 < len(line) && (line[k] == '.' || line[k] == ')') && line[k+1] == ' '
}
