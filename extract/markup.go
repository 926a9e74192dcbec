package extract

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxNodes bounds the elements and texts of one page: a page of 10 MB has a quarter of it. What comes after is not read.
const maxNodes = 1 << 20

// maxOpen bounds how deep elements nest; deeper pages are laid out by flatTree.
const maxOpen = 512

// A treeMaker builds the tree of a page as the standard tells browsers to (WHATWG HTML, 13.2, scripting off), with the
// nodes of x/net/html and, but for what no reader looks at, the tree that x/net/html builds. It is three times as fast
// because names and texts are parts of the page and nodes come in slabs, and it bounds how much a page can make it do.
// What it leaves out: the content of templates and foreign elements, and framesets, whose pages show no text.
type treeMaker struct {
	src  string
	at   int
	tok  markToken
	doc  *html.Node
	head *html.Node
	form *html.Node

	open   []openTag      // the stack of open elements
	count  [maxTags]int32 // how many of each name are open
	active []openTag      // the list of active formatting elements; an entry without node is a marker
	mode   treeMode
	foster bool // what is added inside a table's own elements goes before the table
	quirks bool

	foreign   []string // open elements inside the foreign element on top of the stack
	inForeign bool

	plain bool // the rest of the page is text

	grown  map[*html.Node][]byte // texts of several tokens
	spare  int                   // how many more elements may be opened again
	failed string

	slabs     *slabs
	nodes     []html.Node
	attrs     []html.Attribute
	firstAttr int  // of the tag that is being read
	kept      bool // the last attribute was kept
}

// openTag is an element together with what its name says.
type openTag struct {
	n *html.Node
	t *tag
}

// treeMode is an insertion mode (13.2.4.1).
type treeMode uint8

const (
	modeInitial treeMode = iota
	modeBeforeHTML
	modeBeforeHead
	modeHead
	modeHeadNoscript
	modeAfterHead
	modeBody
	modeTable
	modeCaption
	modeColumns
	modeSection
	modeRow
	modeCell
	modeAfterBody
	modeAfterAfterBody
)

const blanks = " \t\r\n\f"

// parseTree builds the tree of a page in UTF-8. degraded says why it gave up, without a tree: "depth" for elements nested
// too deep, "unclosed" for formatting that was left open so often that opening it again would outgrow the page; or that the
// tree holds but the beginning of the page: "crowded".
func parseTree(text []byte, m *slabs) (root *html.Node, degraded string) {
	b := treeMaker{src: pageString(text), slabs: m, spare: 1000 + len(text)/32, quirks: true, open: m.open, active: m.active}
	b.doc = b.node(html.DocumentNode)
	for b.failed == "" && !b.crowded() && b.next() {
		b.process()
	}
	if b.failed != "" {
		return nil, b.failed
	}
	if b.crowded() {
		degraded = "crowded"
	}
	b.finish()
	for n, text := range b.grown {
		n.Data = string(text)
	}
	m.keep(&b)
	return b.doc, degraded
}

// crowded reports whether the page has as many nodes as are read of one.
func (b *treeMaker) crowded() bool { return len(b.slabs.nodes) >= maxNodes/nodeSlab }

// pageString copies a page, with line ends as line feeds and without NUL.
func pageString(text []byte) string {
	s := string(text)
	if strings.IndexByte(s, '\r') >= 0 {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	}
	if strings.IndexByte(s, 0) >= 0 {
		s = strings.ReplaceAll(s, "\x00", "")
	}
	return s
}

// process runs the current token through the modes until one has consumed it.
func (b *treeMaker) process() {
	for {
		if b.inForeign {
			switch b.foreignToken() {
			case foreignDone:
				return
			case foreignBefore:
				consumed := b.dispatch()
				b.leaveForeign()
				if consumed || b.inForeign {
					return
				}
				continue
			}
		}
		if b.dispatch() {
			return
		}
	}
}

// dispatch handles the current token in the current mode and reports whether it was consumed.
func (b *treeMaker) dispatch() bool {
	switch b.mode {
	case modeBody:
		return b.inBody()
	case modeCell:
		return b.inCell()
	case modeRow:
		return b.inRow()
	case modeSection:
		return b.inSection()
	case modeTable:
		return b.inTable()
	case modeCaption:
		return b.inCaption()
	case modeColumns:
		return b.inColumns()
	case modeAfterBody, modeAfterAfterBody:
		return b.afterBody()
	}
	return b.beforeBody()
}

// finish opens what even an empty page has.
func (b *treeMaker) finish() {
	if len(b.open) == 0 {
		b.push(tagHTML, nil)
	}
	if b.head == nil {
		b.push(tagHead, nil)
		b.head = b.top().n
		b.pop()
	}
	if b.mode < modeBody {
		b.cut(1)
		b.push(tagBody, nil)
	}
}

// top returns the current node; of an empty stack it is the document.
func (b *treeMaker) top() openTag {
	if n := len(b.open); n > 0 {
		return b.open[n-1]
	}
	return openTag{b.doc, &unknownTag}
}

// node takes a new node.
func (b *treeMaker) node(sort html.NodeType) *html.Node {
	if len(b.nodes) == cap(b.nodes) {
		b.nodes = b.slabs.moreNodes(b.nodes)
	}
	b.nodes = b.nodes[:len(b.nodes)+1]
	n := &b.nodes[len(b.nodes)-1]
	n.Type = sort
	return n
}

func (b *treeMaker) moreAttrs() { b.attrs, b.firstAttr = b.slabs.moreAttrs(b.attrs, b.firstAttr), 0 }

// push opens an element of that tag at the appropriate place.
func (b *treeMaker) push(t *tag, attrs []html.Attribute) {
	n := b.node(html.ElementNode)
	n.DataAtom, n.Data, n.Attr = t.atom, t.name, attrs
	if t == &unknownTag {
		n.Data = b.tok.name
		n.DataAtom = atom.Lookup([]byte(n.Data))
	}
	if t.start == startForeign {
		n.Namespace = t.name
	}
	b.add(n)
	b.enter(openTag{n, t})
}

// element opens the element of the current token.
func (b *treeMaker) element() { b.push(b.tok.tag, b.tok.attrs) }

func (b *treeMaker) enter(o openTag) {
	b.open = append(b.open, o)
	b.count[o.t.no]++
	if len(b.open) > maxOpen {
		b.failed = "depth"
	}
}

func (b *treeMaker) pop() openTag {
	last := len(b.open) - 1
	o := b.open[last]
	b.count[o.t.no]--
	b.open = b.open[:last]
	return o
}

// cut closes all open elements from place i on.
func (b *treeMaker) cut(i int) {
	for len(b.open) > i {
		b.pop()
	}
}

// drop takes an element off the stack wherever it stands.
func (b *treeMaker) drop(n *html.Node) {
	if i := indexOf(b.open, n); i >= 0 {
		b.count[b.open[i].t.no]--
		b.open = append(b.open[:i], b.open[i+1:]...)
	}
}

func indexOf(list []openTag, n *html.Node) int {
	for i := len(list) - 1; i >= 0; i-- {
		if list[i].n == n {
			return i
		}
	}
	return -1
}

// add makes n a child of the current node, or puts it before the table.
func (b *treeMaker) add(n *html.Node) {
	if b.fosters() {
		b.beforeTable(n)
		return
	}
	appendChild(b.top().n, n)
}

func appendChild(parent, n *html.Node) {
	n.Parent, n.PrevSibling = parent, parent.LastChild
	if parent.LastChild != nil {
		parent.LastChild.NextSibling = n
	} else {
		parent.FirstChild = n
	}
	parent.LastChild = n
}

func (b *treeMaker) fosters() bool { return b.foster && b.top().t.has(tagFosterer) }

// beforeTable adds n before the last open table (13.2.6.1, "foster parent").
func (b *treeMaker) beforeTable(n *html.Node) {
	i := len(b.open) - 1
	for i > 0 && b.open[i].t.atom != atom.Table {
		i--
	}
	if i <= 0 {
		appendChild(b.open[0].n, n)
		return
	}
	table := b.open[i].n
	parent := table.Parent
	if parent == nil {
		appendChild(b.open[i-1].n, n)
		return
	}
	if prev := table.PrevSibling; prev != nil && prev.Type == html.TextNode && n.Type == html.TextNode {
		b.lengthen(prev, n.Data)
		return
	}
	parent.InsertBefore(n, table)
}

// addText adds text at the current node, to the text that ends it if one does.
func (b *treeMaker) addText(text string) {
	if text == "" {
		return
	}
	if !b.fosters() {
		if last := b.top().n.LastChild; last != nil && last.Type == html.TextNode {
			b.lengthen(last, text)
			return
		}
	}
	n := b.node(html.TextNode)
	n.Data = text
	b.add(n)
}

// lengthen adds to a text node. Its Data is complete only when the page is.
func (b *treeMaker) lengthen(n *html.Node, text string) {
	if b.grown == nil {
		b.grown = make(map[*html.Node][]byte)
	}
	have, ok := b.grown[n]
	if !ok {
		have = []byte(n.Data)
	}
	b.grown[n] = append(have, text...)
}

func (b *treeMaker) addComment(parent *html.Node) {
	n := b.node(html.CommentNode)
	n.Data = b.tok.text
	if parent == nil {
		b.add(n)
		return
	}
	appendChild(parent, n)
}
