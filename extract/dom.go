package extract

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A node is one element or text of a page. The nodes of a page lie in one slice in document order, so that a subtree
// is a range of it and a search is a scan.
type node struct {
	n       *html.Node
	mask    uint64 // a 64-bit Bloom filter over id and classes
	end     int32  // index after the last descendant
	parent  int32  // -1 at the top
	tag     atom.Atom
	idAt    uint16 // place of the id among the attributes, from 1; 0 for none
	classAt uint16
	text    bool
	marked  bool // has attributes
	hidden  bool // hidden from readers by its own attributes or by a style of the page
}

func (e *node) id() string { return e.value(e.idAt) }

func (e *node) class() string { return e.value(e.classAt) }

func (e *node) value(at uint16) string {
	if at == 0 {
		return ""
	}
	return e.n.Attr[at-1].Val
}

// page is a parsed page: its nodes and what its head says.
type page struct {
	in      Input
	doc     *html.Node
	schema  bool // has schema.org microdata or JSON-LD
	base    base
	nodes   []node
	tokens  *[256]uint64 // Bloom filter over all ids and classes of the page
	root    int          // the html element
	body    int
	anchors []int32  // a[href]
	marked  []int32  // elements with attributes
	hrefs   []string // where the anchors lead, once that was resolved
	scripts []int32  // script elements that carry data
	title   string
	canon   string // link rel=canonical as written
	next    string // link rel=next as written
	lang    string
	meta    []metaTag
	rels    []relLink
	hides   []rule // simple selectors that the page's own style sheet hides
	secret  bool   // has a password field
	comment string // HTML comments of the head that name a forum engine
	zone    zoneMemo
	memory  *memory
}

type metaTag struct{ name, content string }

type relLink struct{ rel, href string }

// newPage lays out a parsed document. It walks the tree once.
func newPage(in Input, root *html.Node, m *memory) *page {
	p := &page{in: in, doc: root, root: -1, body: -1, memory: m}
	if n := m.slabs.taken(); cap(m.nodes) < n {
		m.nodes = make([]node, 0, n)
	}
	p.nodes, p.anchors, p.marked, p.hrefs, p.tokens = m.nodes[:0], m.anchors[:0], m.marked[:0], m.hrefs[:0], &m.tokens
	for c := root.FirstChild; c != nil; c = c.NextSibling {
		p.lay(c, -1)
	}
	p.root, p.body = max(p.root, 0), max(p.body, 0)
	if len(p.nodes) == 0 {
		p.nodes = append(p.nodes, node{n: &html.Node{Type: html.TextNode}, end: 1, parent: -1, text: true})
	}
	p.base = newBase(in.Capture.URL, p.base.raw)
	p.hide()
	return p
}

// lay appends n and its subtree to the page.
func (p *page) lay(n *html.Node, parent int32) {
	switch n.Type {
	case html.TextNode:
		p.nodes = append(p.nodes, node{n: n, end: int32(len(p.nodes) + 1), parent: parent, text: true})
		return
	case html.CommentNode:
		if len(p.comment) < 4096 && len(n.Data) < 512 {
			p.comment += n.Data + "\n"
		}
		return
	case html.ElementNode:
	default:
		return
	}
	i := len(p.nodes)
	p.nodes = append(p.nodes, node{n: n, parent: parent, tag: n.DataAtom})
	if len(n.Attr) > 0 {
		p.attributes(i, n)
		p.marked = append(p.marked, int32(i))
	}
	if !p.leaf(i, n) {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			p.lay(c, int32(i))
		}
	}
	p.nodes[i].end = int32(len(p.nodes))
}

// attributes notes id, classes and what hides the element.
func (p *page) attributes(i int, n *html.Node) {
	e := &p.nodes[i]
	e.marked = true
	for k := range n.Attr {
		a := &n.Attr[k]
		switch a.Key {
		case "href", "src", "alt", "title", "rel", "type", "name", "content", "value", "width", "height", "target", "lang":
		case "id":
			if e.idAt = attrPlace(k); a.Val != "" {
				p.token(e, '#', a.Val)
			}
		case "class":
			e.classAt = attrPlace(k)
			for rest := a.Val; rest != ""; {
				var word string
				if word, rest = nextWord(rest); word != "" {
					p.token(e, '.', word)
				}
			}
		case "itemtype":
			p.token(e, '[', a.Key)
			p.schema = p.schema || strings.Contains(a.Val, "schema.org/")
		case "hidden":
			p.token(e, '[', a.Key)
			e.hidden = true
		case "style":
			if hidesText(a.Val) {
				e.hidden = true
			}
		default:
			p.token(e, '[', a.Key)
		}
	}
}

// attrPlace counts attributes from 1; those beyond the count of any page that is meant to be read have none.
func attrPlace(k int) uint16 {
	if k >= 1<<16-1 {
		return 0
	}
	return uint16(k + 1)
}

// token adds one id or class to the filters of the element and the page.
func (p *page) token(e *node, sort byte, word string) {
	h := hashToken(sort, word)
	e.mask |= 1 << (h & 63)
	p.tokens[h>>6&255] |= 1 << (h >> 14 & 63)
}

// hashToken is FNV-1a over a sort mark ('#' or '.') and the word.
func hashToken(sort byte, word string) uint32 {
	h := (uint32(2166136261) ^ uint32(sort)) * hashPrime
	for i := range len(word) {
		h = (h ^ uint32(word[i])) * hashPrime
	}
	return h ^ h>>15
}

// hashPrime is the prime of FNV-1a, hashOrigin what hashToken begins with for the sort mark 0.
const (
	hashPrime  = 16777619
	hashOrigin = 2166136261 * hashPrime & 0xFFFFFFFF
)

// leaf handles elements whose content is no part of the text, and notes what the head says. It reports whether the
// children are to be left out.
func (p *page) leaf(i int, n *html.Node) bool {
	switch n.DataAtom {
	case atom.Html:
		if p.root < 0 {
			p.root, p.lang = i, attr(n, "lang")
		}
	case atom.Body:
		if p.body < 0 {
			p.body = i
		}
	case atom.A:
		if hasAttr(n, "href") {
			p.anchors = append(p.anchors, int32(i))
		}
	case atom.Title:
		if p.title == "" && n.FirstChild != nil && (n.Parent == nil || n.Parent.Namespace == "") {
			p.title = oneLine(n.FirstChild.Data)
		}
		return true
	case atom.Base:
		if p.base.raw == "" {
			p.base.raw = attr(n, "href")
		}
		return true
	case atom.Meta:
		p.metaTag(n)
		return true
	case atom.Link:
		p.relLink(n)
		return true
	case atom.Script:
		if t := attr(n, "type"); t != "" && strings.Contains(t, "json") {
			p.scripts = append(p.scripts, int32(i))
			p.schema = p.schema || strings.Contains(t, "ld+json")
		}
		return true
	case atom.Style:
		if n.FirstChild != nil {
			p.styleSheet(n.FirstChild.Data)
		}
		return true
	case atom.Template, atom.Svg, atom.Iframe, atom.Object, atom.Canvas, atom.Math:
		return true
	case atom.Input:
		p.secret = p.secret || strings.EqualFold(attr(n, "type"), "password")
		return true
	}
	return false
}

func (p *page) metaTag(n *html.Node) {
	name := attr(n, "name")
	if name == "" {
		name = attr(n, "property")
	}
	if name == "" {
		name = attr(n, "itemprop")
	}
	if name != "" && len(p.meta) < 200 {
		p.meta = append(p.meta, metaTag{strings.ToLower(name), attr(n, "content")})
	}
}

func (p *page) relLink(n *html.Node) {
	rel, href := strings.ToLower(attr(n, "rel")), attr(n, "href")
	switch {
	case rel == "" || href == "" || len(p.rels) > 200:
	case rel == "canonical" && p.canon == "":
		p.canon = href
	case rel == "next" && p.next == "":
		p.next = href
	}
	if rel != "" && len(p.rels) < 200 {
		p.rels = append(p.rels, relLink{rel, href})
	}
}

// metaContent returns the content of the first meta element of that name (lower case), or "".
func (p *page) metaContent(name string) string {
	for _, m := range p.meta {
		if m.name == name {
			return m.content
		}
	}
	return ""
}

// attr returns the value of an attribute of n, or "".
func attr(n *html.Node, key string) string {
	for i := range n.Attr {
		if n.Attr[i].Key == key {
			return n.Attr[i].Val
		}
	}
	return ""
}

func hasAttr(n *html.Node, key string) bool {
	for i := range n.Attr {
		if n.Attr[i].Key == key {
			return true
		}
	}
	return false
}

// attr returns the value of an attribute of node i, or "".
func (p *page) attr(i int, key string) string {
	if i < 0 || p.nodes[i].text {
		return ""
	}
	return attr(p.nodes[i].n, key)
}

// end returns the index after the last descendant of node i.
func (p *page) end(i int) int { return int(p.nodes[i].end) }

// nextWord cuts the first blank-separated word off s.
func nextWord(s string) (word, rest string) {
	start := 0
	for start < len(s) && isBlank(s[start]) {
		start++
	}
	stop := start
	for stop < len(s) && !isBlank(s[stop]) {
		stop++
	}
	return s[start:stop], s[stop:]
}

func isBlank(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f' }

// hasWord reports whether the blank-separated list holds word.
func hasWord(list, word string) bool {
	for from := 0; ; {
		k := strings.Index(list[from:], word)
		if k < 0 {
			return false
		}
		k += from
		stop := k + len(word)
		if (k == 0 || isBlank(list[k-1])) && (stop == len(list) || isBlank(list[stop])) {
			return true
		}
		from = k + 1
	}
}

// oneLine collapses white space to single blanks and trims.
func oneLine(s string) string {
	s = strings.TrimSpace(s)
	for i := range len(s) {
		switch c := s[i]; {
		case c == ' ' && s[i+1] != ' ' && s[i+1] != 0xC2:
		case c <= ' ', c == 0xC2 && strings.HasPrefix(s[i:], "\u00a0"):
			return strings.Join(strings.Fields(s), " ")
		}
	}
	return s
}
