package extract

import (
	"strings"

	"golang.org/x/net/html/atom"
)

// inTable handles a token in the "in table" mode (13.2.6.4.9): what belongs to no table goes before it.
func (b *treeMaker) inTable() bool {
	switch b.tok.kind {
	case tokenText:
		if b.top().t.has(tagFosterer) && strings.Trim(b.tok.text, blanks) == "" {
			b.addText(b.tok.text)
			return true
		}
	case tokenComment:
		b.addComment(nil)
		return true
	case tokenDoctype:
		return true
	case tokenStart:
		if handled, consumed := b.tableStart(); handled {
			return consumed
		}
	case tokenEnd:
		switch b.tok.tag.atom {
		case atom.Table:
			if b.closeTo(tagTable, tagTableScope) {
				b.resetMode()
			}
			return true
		case atom.Body, atom.Caption, atom.Col, atom.Colgroup, atom.Html, atom.Tbody, atom.Td, atom.Tfoot, atom.Th, atom.Thead, atom.Tr:
			return true
		}
	}
	b.foster = true
	b.inBody()
	b.foster = false
	return true
}

// tableStart handles the start tags of a table's parts; handled is false for all others.
func (b *treeMaker) tableStart() (handled, consumed bool) {
	switch b.tok.tag.atom {
	case atom.Caption:
		b.cutTo(tagTableScope)
		b.active = append(b.active, openTag{})
		b.element()
		b.mode = modeCaption
	case atom.Colgroup:
		b.cutTo(tagTableScope)
		b.element()
		b.mode = modeColumns
	case atom.Col:
		b.cutTo(tagTableScope)
		b.push(tagColgroup, nil)
		b.mode = modeColumns
		return true, false
	case atom.Tbody, atom.Tfoot, atom.Thead:
		b.cutTo(tagTableScope)
		b.element()
		b.mode = modeSection
	case atom.Td, atom.Th, atom.Tr:
		b.cutTo(tagTableScope)
		b.push(tagTbody, nil)
		b.mode = modeSection
		return true, false
	case atom.Table:
		if b.closeTo(tagTable, tagTableScope) {
			b.resetMode()
			return true, false
		}
	case atom.Style, atom.Script, atom.Template:
		b.headStart()
	case atom.Input:
		for _, a := range b.tok.attrs {
			if a.Key == "type" && strings.EqualFold(a.Val, "hidden") {
				b.lone()
				return true, true
			}
		}
		return false, false
	case atom.Form:
		if b.form == nil {
			b.element()
			b.form = b.pop().n
		}
	default:
		return false, false
	}
	return true, true
}

// resetMode finds the mode that fits the stack (13.2.4.1, "reset the insertion mode appropriately").
func (b *treeMaker) resetMode() {
	for i := len(b.open) - 1; i >= 0; i-- {
		switch t := b.open[i].t; {
		case t.has(tagCell):
			b.mode = modeCell
		case t == tagTr:
			b.mode = modeRow
		case t.has(tagSection):
			b.mode = modeSection
		case t == tagCaption:
			b.mode = modeCaption
		case t == tagColgroup:
			b.mode = modeColumns
		case t == tagTable:
			b.mode = modeTable
		case t == tagHead:
			b.mode = modeHead
		case t == tagBody, i == 0:
			b.mode = modeBody
		default:
			continue
		}
		return
	}
}

func (b *treeMaker) inCaption() bool {
	switch a := b.tok.tag.atomOf(b.tok.kind); {
	case b.tok.kind == tokenStart && (isPart(a) && a != atom.Th):
		return b.endCaption(false)
	case b.tok.kind == tokenEnd && a == atom.Caption:
		return b.endCaption(true)
	case b.tok.kind == tokenEnd && a == atom.Table:
		return b.endCaption(false)
	case b.tok.kind == tokenEnd && (isPart(a) || a == atom.Body || a == atom.Html):
		return true
	}
	return b.inBody()
}

// endCaption closes the caption; consumed is whether that was all that the token asked for.
func (b *treeMaker) endCaption(consumed bool) bool {
	if !b.closeTo(tagCaption, tagTableScope) {
		return true
	}
	b.clearActive()
	b.mode = modeTable
	return consumed
}

// isPart reports whether an element is a part of tables.
func isPart(a atom.Atom) bool {
	switch a {
	case atom.Caption, atom.Col, atom.Colgroup, atom.Tbody, atom.Td, atom.Tfoot, atom.Th, atom.Thead, atom.Tr:
		return true
	}
	return false
}

// atomOf is the atom of a tag token, 0 for a token that is no tag.
func (t *tag) atomOf(kind int) atom.Atom {
	if kind == tokenStart || kind == tokenEnd {
		return t.atom
	}
	return 0
}

func (b *treeMaker) inColumns() bool {
	if b.aside() {
		return true
	}
	switch b.tok.kind {
	case tokenStart:
		switch b.tok.tag.atom {
		case atom.Html:
			return b.inBody()
		case atom.Col:
			b.lone()
			return true
		case atom.Template:
			return b.headStart()
		}
	case tokenEnd:
		switch b.tok.tag.atom {
		case atom.Colgroup:
			if b.top().t == tagColgroup {
				b.pop()
				b.mode = modeTable
			}
			return true
		case atom.Col, atom.Template:
			return true
		}
	}
	if b.top().t != tagColgroup {
		return true
	}
	b.pop()
	b.mode = modeTable
	return false
}

// inSection handles a token inside thead, tbody or tfoot (13.2.6.4.13).
func (b *treeMaker) inSection() bool {
	a := b.tok.tag.atomOf(b.tok.kind)
	switch {
	case a == 0:
	case b.tok.kind == tokenStart && a == atom.Tr:
		b.cutTo(tagSectionContext)
		b.element()
		b.mode = modeRow
		return true
	case b.tok.kind == tokenStart && (a == atom.Td || a == atom.Th):
		b.cutTo(tagSectionContext)
		b.push(tagTr, nil)
		b.mode = modeRow
		return false
	case b.tok.kind == tokenEnd && b.tok.tag.has(tagSection):
		if b.scopeIndex(b.tok.tag, tagTableScope) >= 0 {
			b.cutTo(tagSectionContext)
			b.pop()
			b.mode = modeTable
		}
		return true
	case b.tok.kind == tokenStart && isPart(a), b.tok.kind == tokenEnd && a == atom.Table:
		if b.closeToSet(tagSection, tagTableScope) {
			b.mode = modeTable
			return false
		}
		return true
	case b.tok.kind == tokenEnd && (isPart(a) || a == atom.Body || a == atom.Html):
		return true
	}
	return b.inTable()
}

// inRow handles a token inside a row (13.2.6.4.14).
func (b *treeMaker) inRow() bool {
	a := b.tok.tag.atomOf(b.tok.kind)
	switch {
	case a == 0:
	case b.tok.kind == tokenStart && (a == atom.Td || a == atom.Th):
		b.cutTo(tagRowContext)
		b.element()
		b.active = append(b.active, openTag{})
		b.mode = modeCell
		return true
	case b.tok.kind == tokenStart && isPart(a), b.tok.kind == tokenEnd && a == atom.Table:
		return b.endRow(false)
	case b.tok.kind == tokenEnd && a == atom.Tr:
		return b.endRow(true)
	case b.tok.kind == tokenEnd && b.tok.tag.has(tagSection):
		return b.scopeIndex(b.tok.tag, tagTableScope) < 0 || b.endRow(false)
	case b.tok.kind == tokenEnd && (isPart(a) || a == atom.Body || a == atom.Html):
		return true
	}
	return b.inTable()
}

// endRow closes the row; consumed is whether that was all that the token asked for.
func (b *treeMaker) endRow(consumed bool) bool {
	if b.scopeIndex(tagTr, tagTableScope) < 0 {
		return true
	}
	b.cutTo(tagRowContext)
	b.pop()
	b.mode = modeSection
	return consumed
}

// inCell handles a token inside a cell (13.2.6.4.15).
func (b *treeMaker) inCell() bool {
	a := b.tok.tag.atomOf(b.tok.kind)
	switch {
	case a == 0:
	case b.tok.kind == tokenStart && isPart(a):
		return !b.endCell()
	case b.tok.kind == tokenEnd && b.tok.tag.has(tagCell):
		if b.closeTo(b.tok.tag, tagTableScope) {
			b.clearActive()
			b.mode = modeRow
		}
		return true
	case b.tok.kind == tokenEnd && (a == atom.Table || a == atom.Tr || b.tok.tag.has(tagSection)):
		if b.scopeIndex(b.tok.tag, tagTableScope) < 0 {
			return true
		}
		if !b.endCell() {
			b.mode = modeRow
		}
		return false
	case b.tok.kind == tokenEnd && (isPart(a) || a == atom.Body || a == atom.Html):
		return true
	}
	return b.inBody()
}

// endCell closes the cell and reports whether there was one.
func (b *treeMaker) endCell() bool {
	if !b.closeToSet(tagCell, tagTableScope) {
		return false
	}
	b.clearActive()
	b.mode = modeRow
	return true
}
