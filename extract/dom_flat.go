package extract

import (
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxDepth bounds the tree that flatTree builds; deeper elements are left out and their text goes to the element at
// the limit.
const maxDepth = 200

// flatTree builds a tree from tokens alone, for pages that parseTree gives up because they nest too deep or leave too
// much open. It closes what is left open when an element around it closes, ignores stray end tags and moves nothing
// about. Its time is linear in the text.
func flatTree(text []byte, m *slabs) *html.Node {
	b := treeMaker{src: pageString(text), slabs: m, open: m.open}
	b.doc = b.node(html.DocumentNode)
	t := treeOf{b: &b, named: map[string]int{}}
	for _, name := range [...]*tag{tagHTML, tagBody} {
		b.push(name, nil)
	}
	for !b.crowded() && b.next() {
		switch b.tok.kind {
		case tokenText, tokenComment:
			if b.tok.text != "" {
				n := b.node(html.TextNode)
				if n.Data = b.tok.text; b.tok.kind == tokenComment {
					n.Type = html.CommentNode
				}
				appendChild(t.top(), n)
			}
		case tokenStart:
			t.start()
		case tokenEnd:
			t.end(b.tok.tag, b.tok.name)
		}
	}
	m.keep(&b)
	return b.doc
}

// treeOf is a flat tree under construction. Elements beyond maxDepth have no node of their own: theirs is the deepest
// around them that has one.
type treeOf struct {
	b     *treeMaker
	named map[string]int // open elements of names that the standard does not know
}

func (t *treeOf) top() *html.Node { return t.b.top().n }

func (t *treeOf) start() {
	b := t.b
	name := b.tok.tag
	switch name {
	case tagHTML:
		copyAttributes(b.open[0].n, b.tok.attrs)
		return
	case tagBody:
		copyAttributes(b.open[1].n, b.tok.attrs)
		return
	case tagHead:
		return
	}
	t.closeImplied(name.atom)
	void := name.has(tagVoid) || b.tok.self
	o := openTag{t.top(), name}
	if len(b.open) < maxDepth || void {
		n := b.node(html.ElementNode)
		n.Data, n.DataAtom, n.Attr = b.tok.name, name.atom, b.tok.attrs
		appendChild(o.n, n)
		o.n = n
	}
	switch {
	case void:
	case name.has(tagRaw):
		text := b.rawText(name)
		if name.has(tagRCDATA) {
			text = unescape(text)
		}
		n := b.node(html.TextNode)
		n.Data = text
		appendChild(o.n, n)
	default:
		b.open = append(b.open, o)
		t.counted(o, 1)
	}
}

// counted notes that an element was opened or closed.
func (t *treeOf) counted(o openTag, by int32) {
	if o.t == &unknownTag {
		t.named[o.n.Data] += int(by)
		return
	}
	t.b.count[o.t.no] += by
}

// closeImplied closes the elements that a start tag ends without saying so.
func (t *treeOf) closeImplied(tag atom.Atom) {
	for len(t.b.open) > 0 {
		last := t.b.top().t.atom
		ends := false
		switch tag {
		case atom.Li:
			ends = last == atom.Li || last == atom.P
		case atom.P, atom.Div, atom.Ul, atom.Ol, atom.Table, atom.Blockquote, atom.Section, atom.Article:
			ends = last == atom.P
		case atom.Td, atom.Th:
			ends = last == atom.Td || last == atom.Th
		case atom.Tr:
			ends = last == atom.Td || last == atom.Th || last == atom.Tr
		case atom.Dt, atom.Dd:
			ends = last == atom.Dt || last == atom.Dd
		case atom.Option:
			ends = last == atom.Option
		}
		if !ends {
			return
		}
		t.pop()
	}
}

// end closes up to the nearest open element of that name; without one it does nothing.
func (t *treeOf) end(tag *tag, name string) {
	if tag == tagHTML || tag == tagBody {
		return
	}
	if tag == &unknownTag && t.named[name] == 0 || tag != &unknownTag && t.b.count[tag.no] == 0 {
		return
	}
	for t.b.top().t != tag || tag == &unknownTag && t.top().Data != name {
		t.pop()
	}
	t.pop()
}

func (t *treeOf) pop() {
	last := len(t.b.open) - 1
	t.counted(t.b.open[last], -1)
	t.b.open = t.b.open[:last]
}
