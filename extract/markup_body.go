package extract

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Tags that the rules themselves name.
var (
	tagHTML     = tags.find("html")
	tagHead     = tags.find("head")
	tagBody     = tags.find("body")
	tagP        = tags.find("p")
	tagButton   = tags.find("button")
	tagSelect   = tags.find("select")
	tagForm     = tags.find("form")
	tagNobr     = tags.find("nobr")
	tagRuby     = tags.find("ruby")
	tagImg      = tags.find("img")
	tagTable    = tags.find("table")
	tagCaption  = tags.find("caption")
	tagColgroup = tags.find("colgroup")
	tagTbody    = tags.find("tbody")
	tagTr       = tags.find("tr")
	tagLi       = tags.find("li")
)

// inBody handles a token in the "in body" mode (13.2.6.4.7).
func (b *treeMaker) inBody() bool {
	switch b.tok.kind {
	case tokenText:
		b.bodyText()
	case tokenComment:
		b.addComment(nil)
	case tokenStart:
		b.bodyStart()
	case tokenEnd:
		b.bodyEnd()
	}
	return true
}

func (b *treeMaker) bodyText() {
	text := b.tok.text
	if top := b.top(); top.t.has(tagVerse) && top.n.FirstChild == nil {
		text = strings.TrimPrefix(text, "\n")
	}
	if text == "" {
		return
	}
	b.reconstruct()
	b.addText(text)
}

// bodyStart handles a start tag.
func (b *treeMaker) bodyStart() {
	t := b.tok.tag
	switch t.start {
	case startBlock:
		b.closeTo(tagP, tagButtonScope)
		b.element()
		b.plain = t.atom == atom.Plaintext
	case startFormat:
		b.reconstruct()
		b.formatting()
	case startAnchor:
		b.anchor()
	case startVoid:
		b.reconstruct()
		if t.atom == atom.Image {
			b.tok.tag = tagImg
		}
		b.lone()
	case startOther:
		b.reconstruct()
		b.element()
	case startHTML:
		copyAttributes(b.open[0].n, b.tok.attrs)
	case startBody:
		if len(b.open) > 1 && b.open[1].t == tagBody {
			copyAttributes(b.open[1].n, b.tok.attrs)
		}
	case startHeadVoid, startHeadRaw, startTemplate:
		b.headStart()
	case startTable:
		if !b.quirks {
			b.closeTo(tagP, tagButtonScope)
		}
		b.element()
		b.mode = modeTable
	case startMarker:
		b.reconstruct()
		b.element()
		b.active = append(b.active, openTag{})
	case startForeign:
		b.reconstruct()
		b.element()
		if b.tok.self {
			b.pop()
		} else {
			b.inForeign = true
		}
	case startPart:
	default:
		b.bodyStartRarer(t)
	}
}

func (b *treeMaker) bodyStartRarer(t *tag) {
	switch t.start {
	case startHeading:
		b.closeTo(tagP, tagButtonScope)
		if b.top().t.has(tagHeading) {
			b.pop()
		}
		b.element()
	case startForm:
		if b.form == nil {
			b.closeTo(tagP, tagButtonScope)
			b.element()
			b.form = b.top().n
		}
	case startItem, startTerm:
		b.item(t)
	case startButton:
		if b.scopeIndex(tagButton, tagScope) >= 0 {
			b.closeImplied(0)
			b.closeTo(tagButton, tagScope)
		}
		b.reconstruct()
		b.element()
	case startNobr:
		b.reconstruct()
		if b.scopeIndex(tagNobr, tagScope) >= 0 {
			b.endFormatting(tagNobr)
			b.reconstruct()
		}
		b.formatting()
	case startInput:
		b.closeTo(tagSelect, tagScope)
		b.reconstruct()
		b.lone()
	case startLoneVoid:
		b.lone()
	case startHr:
		b.rule()
	case startTextarea, startRaw, startXmp:
		if t.start == startXmp {
			b.closeTo(tagP, tagButtonScope)
			b.reconstruct()
		}
		b.raw()
	default:
		b.bodyStartOfForm(t)
	}
}

// bodyStartOfForm handles the parts of select and ruby.
func (b *treeMaker) bodyStartOfForm(t *tag) {
	switch t.start {
	case startSelect:
		if !b.closeTo(tagSelect, tagScope) {
			b.reconstruct()
			b.element()
		}
	case startOption, startOptgroup:
		except := atom.Optgroup
		if t.start == startOptgroup {
			except = 0
		}
		if b.scopeIndex(tagSelect, tagScope) >= 0 {
			b.closeImplied(except)
		} else if b.top().t.atom == atom.Option {
			b.pop()
		}
		b.reconstruct()
		b.element()
	case startRuby, startRubyText:
		except := atom.Rtc
		if t.start == startRuby {
			except = 0
		}
		if b.scopeIndex(tagRuby, tagScope) >= 0 {
			b.closeImplied(except)
		}
		b.element()
	}
}

// rule adds a thematic break.
func (b *treeMaker) rule() {
	if b.scopeIndex(tagP, tagButtonScope) >= 0 {
		b.closeImplied(atom.P)
		b.closeTo(tagP, tagScope)
	}
	if b.scopeIndex(tagSelect, tagScope) >= 0 {
		b.closeImplied(0)
	}
	b.lone()
}

// lone adds an element that has no content.
func (b *treeMaker) lone() {
	b.element()
	b.pop()
}

// raw adds an element whose content is text without markup.
func (b *treeMaker) raw() {
	t := b.tok.tag
	b.element()
	text := b.rawText(t)
	if t.has(tagRCDATA) {
		text = unescape(text)
	}
	if t.has(tagVerse) {
		text = strings.TrimPrefix(text, "\n")
	}
	if text != "" {
		n := b.node(html.TextNode)
		n.Data = text
		appendChild(b.top().n, n)
	}
	b.pop()
}

// item opens a list item or a term, and closes the one before it.
func (b *treeMaker) item(t *tag) {
	for i := len(b.open) - 1; i >= 0; i-- {
		o := b.open[i].t
		if o.start == t.start {
			b.cut(i)
			break
		}
		if o.has(tagSpecial) && o.atom != atom.Address && o.atom != atom.Div && o.atom != atom.P {
			break
		}
	}
	b.closeTo(tagP, tagButtonScope)
	b.element()
}

// copyAttributes adds those attributes to n whose names it lacks.
func copyAttributes(n *html.Node, attrs []html.Attribute) {
	if len(n.Attr) > maxCopied {
		return
	}
	for _, a := range attrs[:min(len(attrs), maxCopied)] {
		if !hasAttr(n, a.Key) {
			n.Attr = append(n.Attr, a)
		}
	}
}

// maxCopied bounds the attributes that repeated html and body tags add.
const maxCopied = 64

// bodyEnd handles an end tag.
func (b *treeMaker) bodyEnd() {
	t := b.tok.tag
	switch t.end {
	case endBlock:
		if b.scopeIndex(t, tagScope) >= 0 {
			b.closeImplied(0)
			b.closeTo(t, tagScope)
		}
	case endParagraph:
		if !b.closeTo(tagP, tagButtonScope) {
			b.impliedP()
		}
	case endFormat:
		b.endFormatting(t)
	case endOther:
		b.endAny(t, b.tok.name)
	case endItem:
		b.closeTo(tagLi, tagListScope)
	case endTerm:
		b.closeTo(t, tagScope)
	case endHeading:
		b.closeToSet(tagHeading, tagScope)
	case endBr:
		b.tok.attrs = nil
		b.reconstruct()
		b.lone()
	case endBody, endHTML:
		if b.scopeIndex(tagBody, tagScope) >= 0 {
			if b.mode = modeAfterBody; t.end == endHTML {
				b.mode = modeAfterAfterBody
			}
		}
	case endForm:
		b.endForm()
	case endMarker:
		if b.closeTo(t, tagScope) {
			b.clearActive()
		}
	}
}

// impliedP adds the empty paragraph of an end tag without a start.
func (b *treeMaker) impliedP() {
	if b.inForeign {
		b.leaveForeignNow()
	}
	b.push(tagP, nil)
	b.pop()
}

func (b *treeMaker) endForm() {
	form := b.form
	b.form = nil
	i := b.scopeIndex(tagForm, tagScope)
	if form == nil || i < 0 || b.open[i].n != form {
		return
	}
	b.closeImplied(0)
	b.drop(form)
}

// endAny closes the innermost element of that name, unless a special element stands inside it.
func (b *treeMaker) endAny(t *tag, name string) {
	if t != &unknownTag && b.count[t.no] == 0 {
		return
	}
	for i := len(b.open) - 1; i >= 0; i-- {
		if o := b.open[i]; o.t == t && o.n.Data == name && o.n.Namespace == "" {
			b.cut(i)
			return
		} else if o.t.has(tagSpecial) {
			return
		}
	}
}

// afterBody handles what comes behind the end of the body.
func (b *treeMaker) afterBody() bool {
	switch b.tok.kind {
	case tokenText:
		if strings.Trim(b.tok.text, blanks) == "" {
			return b.inBody()
		}
	case tokenComment:
		if b.mode == modeAfterAfterBody {
			b.addComment(b.doc)
		} else {
			b.addComment(b.open[0].n)
		}
		return true
	case tokenDoctype:
		return true
	case tokenStart:
		if b.tok.tag == tagHTML {
			return b.inBody()
		}
	case tokenEnd:
		if b.tok.tag == tagHTML && b.mode == modeAfterBody {
			b.mode = modeAfterAfterBody
			return true
		}
	}
	b.mode = modeBody
	return false
}
