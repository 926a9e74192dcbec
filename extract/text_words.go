package extract

import (
	"strings"
	"unicode/utf8"
)

// words appends running text, collapsing white space.
func (r *renderer) words(s string) {
	for s != "" {
		k := 0
		for k < len(s) {
			c := s[k]
			if isBlank(c) || c == '\v' {
				k++
			} else if c == 0xC2 && strings.HasPrefix(s[k:], "\u00a0") {
				k += 2
			} else {
				break
			}
		}
		if k > 0 {
			r.space = true
			if s = s[k:]; s == "" {
				return
			}
		}
		for k = 0; k < len(s); k++ {
			c := s[k]
			if c > ' ' && c != 0xC2 {
				continue
			}
			if c == ' ' && k+1 < len(s) && s[k+1] > ' ' && s[k+1] != 0xC2 {
				continue // a single blank between words
			}
			if isBlank(c) || c == '\v' || c == 0xC2 && strings.HasPrefix(s[k:], "\u00a0") {
				break
			}
		}
		r.word(s[:k])
		s = s[k:]
	}
}

// word appends words with single blanks between them, after what is owed before them.
func (r *renderer) word(w string) {
	if !r.open && w != "" && w[0] >= utf8.RuneSelf {
		if w = strings.TrimSpace(w); w == "" { // ideographic and other wide blanks
			return
		}
	}
	r.begin()
	r.out = append(r.out, w...)
	if r.bold > 0 {
		r.strong += len(w)
	}
}

// begin opens a block if none is open and writes the line feeds, blank or list mark that are owed.
func (r *renderer) begin() {
	if r.open {
		if r.breaks > 0 {
			r.out = append(r.out, '\n')
		} else if r.space {
			r.out = append(r.out, ' ')
			if r.bold > 0 {
				r.strong++
			}
		}
		r.breaks, r.space = 0, false
		return
	}
	if len(r.out) > 0 {
		for range max(r.gap, 1) {
			r.out = append(r.out, '\n')
		}
	}
	r.gap, r.breaks, r.space = 0, 0, false
	r.open, r.start, r.strong = true, len(r.out), 0
	if r.prefix != "" {
		r.out = append(r.out, r.prefix...)
		r.prefix = ""
	}
}

// verbatim appends preformatted text.
func (r *renderer) verbatim(s string) {
	if r.cell > 0 {
		r.words(s)
		return
	}
	if !r.open {
		if s = strings.TrimLeft(s, "\r\n"); strings.TrimSpace(s) == "" {
			return
		}
	}
	for line := range strings.Lines(s) {
		body := strings.TrimRight(line, " \t\r\n")
		if body != "" {
			r.beginLines()
			r.out = append(r.out, strings.ReplaceAll(body, "\u00a0", " ")...)
		}
		if strings.HasSuffix(line, "\n") {
			r.breaks++
		} else if body != "" && len(body) < len(line) {
			r.space = true
		}
	}
}

// beginLines is begin for verbatim text, which keeps blank lines.
func (r *renderer) beginLines() {
	if r.open && r.breaks > 0 {
		for range r.breaks {
			r.out = append(r.out, '\n')
		}
		r.breaks, r.space = 0, false
		return
	}
	r.begin()
}

// lineBreak is a <br>: one makes a new line, two a new paragraph.
func (r *renderer) lineBreak() {
	switch {
	case r.cell > 0:
		r.space = true
	case r.pre > 0:
		r.breaks++
	case !r.open:
	default:
		if r.breaks++; r.breaks > 1 {
			r.shut(2)
		}
	}
}

// shut closes the open block; the next one is to stand at least gap line feeds away.
func (r *renderer) shut(gap int) {
	if r.cell > 0 {
		r.space = true
		return
	}
	if r.open {
		r.close()
	}
	r.open, r.kind, r.level, r.headed, r.space, r.breaks = false, "", 0, false, false, 0
	if len(r.lists) > 0 {
		gap = min(gap, 1)
	}
	r.gap = max(r.gap, gap)
}

// inline returns the words of a subtree on one line.
func (p *page) inline(i int) string {
	if i < 0 {
		return ""
	}
	if e := &p.nodes[i]; e.text {
		return oneLine(e.n.Data)
	}
	if end := p.end(i); end == i+2 && p.nodes[i+1].text {
		if s := p.nodes[i+1].n.Data; len(s) < 200 || utf8.RuneCountInString(s) < 200 {
			return oneLine(s)
		}
	}
	return p.inlineWithout(i, &noCuts)
}

// inlineWithout is inline without the parts that cut drops.
func (p *page) inlineWithout(i int, cut *cuts) string {
	r := renderer{p: p, cut: cut, cell: 1, bare: true}
	r.borrow()
	r.children(i)
	text := string(r.out)
	r.giveBack()
	return text
}

var noCuts = cuts{marked: true}
