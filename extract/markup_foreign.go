package extract

import (
	"strings"

	"golang.org/x/net/html/atom"
)

// What became of a token inside a foreign element (MathML, SVG).
const (
	foreignDone   = iota
	foreignExit   // the foreign element ends before the token
	foreignBefore // the end tag of something around the foreign element
)

// foreignToken handles a token inside a foreign element, of which only the element itself is kept. It has to be known
// where it ends (13.2.6.5): some start tags end it, and so do end tags of what is around it.
func (b *treeMaker) foreignToken() int {
	switch b.tok.kind {
	case tokenStart:
		return b.foreignStart()
	case tokenEnd:
		for i := len(b.foreign) - 1; i >= 0; i-- {
			if strings.EqualFold(b.foreign[i], b.tok.name) {
				b.foreign = b.foreign[:i]
				return foreignDone
			}
		}
		if b.tok.name == b.top().n.Data {
			b.leaveForeignNow()
			return foreignDone
		}
		if b.welcomesHTML() {
			return foreignDone
		}
		return foreignBefore
	}
	return foreignDone
}

func (b *treeMaker) foreignStart() int {
	t := b.tok.tag
	if b.welcomesHTML() {
		if !t.has(tagVoid) && !b.tok.self {
			b.foreign = append(b.foreign, b.tok.name)
		}
	} else {
		breaks := t.has(tagBreakout)
		if t.atom == atom.Font {
			for _, a := range b.tok.attrs {
				breaks = breaks || a.Key == "color" || a.Key == "face" || a.Key == "size"
			}
		}
		if breaks {
			b.leaveForeignNow()
			return foreignExit
		}
		if !b.tok.self {
			b.foreign = append(b.foreign, b.tok.name)
		}
	}
	if len(b.open)+len(b.foreign) > maxOpen {
		b.failed = "depth"
	}
	return foreignDone
}

// welcomesHTML reports whether HTML may stand where the parser is in the foreign element.
func (b *treeMaker) welcomesHTML() bool {
	for _, name := range b.foreign {
		switch name {
		case "foreignobject", "desc", "title", "mi", "mo", "mn", "ms", "mtext", "annotation-xml":
			return true
		}
	}
	return false
}

// leaveForeignNow closes the foreign element.
func (b *treeMaker) leaveForeignNow() {
	b.pop()
	b.inForeign, b.foreign = false, b.foreign[:0]
}

// leaveForeign notes that an end tag has closed the foreign element along with what is around it.
func (b *treeMaker) leaveForeign() {
	if b.top().t.start != startForeign {
		b.inForeign, b.foreign = false, b.foreign[:0]
	}
}

// template adds a template without its content, which no page shows.
func (b *treeMaker) template() {
	b.element()
	b.pop()
	for depth := 1; depth > 0 && b.next(); {
		t := b.tok.tag
		switch {
		case b.tok.kind == tokenStart && t.has(tagRaw):
			b.rawText(t)
		case b.tok.kind == tokenStart && t.atom == atom.Template:
			depth++
		case b.tok.kind == tokenEnd && t.atom == atom.Template:
			depth--
		}
	}
}
