package extract

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// beforeBody handles a token in one of the modes before the body (13.2.6.4.1 to 13.2.6.4.6).
func (b *treeMaker) beforeBody() bool {
	switch b.mode {
	case modeInitial:
		return b.initial()
	case modeBeforeHTML:
		return b.beforeHTML()
	case modeBeforeHead:
		return b.beforeHead()
	case modeHead:
		return b.inHead()
	case modeHeadNoscript:
		return b.inHeadNoscript()
	}
	return b.afterHead()
}

// blankText drops the blanks that begin a text and reports whether nothing is left.
func (b *treeMaker) blankText() bool {
	b.tok.text = strings.TrimLeft(b.tok.text, blanks)
	return b.tok.text == ""
}

// addBlanks adds the blanks that begin a text to the current node and reports whether nothing is left.
func (b *treeMaker) addBlanks() bool {
	text := b.tok.text
	rest := strings.TrimLeft(text, blanks)
	b.addText(text[:len(text)-len(rest)])
	b.tok.text = rest
	return rest == ""
}

// aside handles what may stand between the parts of a page: doctypes, which count no more, comments, and the blanks that
// begin a text. It reports whether nothing is left.
func (b *treeMaker) aside() bool {
	switch b.tok.kind {
	case tokenDoctype:
		return true
	case tokenComment:
		b.addComment(nil)
		return true
	case tokenText:
		return b.addBlanks()
	}
	return false
}

func (b *treeMaker) initial() bool {
	switch b.tok.kind {
	case tokenText:
		if b.blankText() {
			return true
		}
	case tokenComment:
		b.addComment(b.doc)
		return true
	case tokenDoctype:
		b.quirks, b.mode = quirky(b.tok.text), modeBeforeHTML
		return true
	}
	b.mode = modeBeforeHTML
	return false
}

// quirky reports whether a page with that doctype lets tables stand inside paragraphs, as browsers do for old ones.
func quirky(doctype string) bool {
	if doctype == "html" || len(doctype) > 1<<10 {
		return false
	}
	root, err := html.Parse(strings.NewReader("<!DOCTYPE " + doctype + "><p><table>"))
	if err != nil {
		return false
	}
	for n := range root.Descendants() {
		if n.DataAtom == atom.Table {
			return n.Parent.DataAtom == atom.P
		}
	}
	return false
}

// endsHead reports whether the token is one of the end tags that open what is missing before the body.
func (b *treeMaker) endsHead() bool {
	switch b.tok.tag.atom {
	case atom.Head, atom.Body, atom.Html, atom.Br:
		return true
	}
	return false
}

func (b *treeMaker) beforeHTML() bool {
	switch b.tok.kind {
	case tokenDoctype:
		return true
	case tokenText:
		if b.blankText() {
			return true
		}
	case tokenComment:
		b.addComment(b.doc)
		return true
	case tokenStart:
		if b.tok.tag == tagHTML {
			b.element()
			b.mode = modeBeforeHead
			return true
		}
	case tokenEnd:
		if !b.endsHead() {
			return true
		}
	}
	b.push(tagHTML, nil)
	b.mode = modeBeforeHead
	return false
}

func (b *treeMaker) beforeHead() bool {
	switch b.tok.kind {
	case tokenDoctype:
		return true
	case tokenText:
		if b.blankText() {
			return true
		}
	case tokenComment:
		b.addComment(nil)
		return true
	case tokenStart:
		switch b.tok.tag {
		case tagHTML:
			return b.inBody()
		case tagHead:
			b.element()
			b.head, b.mode = b.top().n, modeHead
			return true
		}
	case tokenEnd:
		if !b.endsHead() {
			return true
		}
	}
	b.push(tagHead, nil)
	b.head, b.mode = b.top().n, modeHead
	return false
}

func (b *treeMaker) inHead() bool {
	if b.aside() {
		return true
	}
	switch b.tok.kind {
	case tokenStart:
		switch t := b.tok.tag; {
		case t == tagHTML:
			return b.inBody()
		case t == tagHead:
			return true
		case t.atom == atom.Noscript:
			b.element()
			b.mode = modeHeadNoscript
			return true
		case b.headStart():
			return true
		}
	case tokenEnd:
		if b.tok.tag == tagHead {
			b.pop()
			b.mode = modeAfterHead
			return true
		}
		if !b.endsHead() {
			return true
		}
	}
	b.pop()
	b.mode = modeAfterHead
	return false
}

// headStart handles the start tags that belong into a head wherever they come, and reports whether this is one.
func (b *treeMaker) headStart() bool {
	switch b.tok.tag.start {
	case startHeadVoid:
		b.lone()
	case startHeadRaw:
		b.raw()
	case startTemplate:
		b.template()
	default:
		return false
	}
	return true
}

func (b *treeMaker) inHeadNoscript() bool {
	switch b.tok.kind {
	case tokenDoctype:
		return true
	case tokenText:
		if strings.Trim(b.tok.text, blanks) == "" {
			b.addText(b.tok.text)
			return true
		}
	case tokenComment:
		b.addComment(nil)
		return true
	case tokenStart:
		switch b.tok.tag.atom {
		case atom.Html:
			return b.inBody()
		case atom.Head, atom.Noscript:
			return true
		case atom.Basefont, atom.Bgsound, atom.Link, atom.Meta, atom.Noframes, atom.Style:
			return b.headStart()
		}
	case tokenEnd:
		if b.tok.tag.atom == atom.Noscript {
			b.pop()
			b.mode = modeHead
			return true
		}
		if b.tok.tag.atom != atom.Br {
			return true
		}
	}
	b.pop()
	b.mode = modeHead
	return false
}

func (b *treeMaker) afterHead() bool {
	if b.aside() {
		return true
	}
	switch b.tok.kind {
	case tokenStart:
		switch t := b.tok.tag; {
		case t == tagHTML:
			return b.inBody()
		case t == tagBody:
			b.element()
			b.mode = modeBody
			return true
		case t == tagHead, t.atom == atom.Frameset:
			return true
		case t.start == startHeadVoid, t.start == startHeadRaw, t.start == startTemplate:
			b.enter(openTag{b.head, tagHead})
			b.headStart()
			b.drop(b.head)
			return true
		}
	case tokenEnd:
		if b.tok.tag == tagHead || !b.endsHead() {
			return true
		}
	}
	b.push(tagBody, nil)
	b.mode = modeBody
	return false
}
