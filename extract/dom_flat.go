package extract

import (
	"bytes"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxDepth bounds the tree that flatTree builds; deeper elements are left out and their text goes to the element at
// the limit.
const maxDepth = 200

// flatTree builds a tree from tokens alone, for pages that html.Parse refuses because they nest too deep. It closes
// what is left open when an element around it closes, ignores stray end tags and moves nothing about. Its time is
// linear in the text.
func flatTree(text []byte) *html.Node {
	t := treeOf{doc: &html.Node{Type: html.DocumentNode}, open: map[string]int{}}
	z := html.NewTokenizer(bytes.NewReader(text))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return t.doc
		case html.TextToken:
			if words := string(z.Text()); words != "" {
				t.top().AppendChild(&html.Node{Type: html.TextNode, Data: words})
			}
		case html.CommentToken:
			t.top().AppendChild(&html.Node{Type: html.CommentNode, Data: string(z.Text())})
		case html.SelfClosingTagToken, html.StartTagToken:
			token := z.Token()
			t.start(token)
			if token.DataAtom == atom.Noscript {
				z.NextIsNotRawText()
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			t.end(string(name))
		}
	}
}

// treeOf is a tree under construction.
type treeOf struct {
	doc   *html.Node
	stack []openElement
	open  map[string]int // open elements by name
}

// openElement is an element whose end has not come; beyond maxDepth it has no node of its own.
type openElement struct {
	name string
	node *html.Node // itself, or the deepest element around it that has one
}

func (t *treeOf) top() *html.Node {
	if n := len(t.stack); n > 0 {
		return t.stack[n-1].node
	}
	return t.doc
}

func (t *treeOf) start(token html.Token) {
	t.closeImplied(token.DataAtom)
	void := voidElement(token.DataAtom) || token.Type == html.SelfClosingTagToken
	node, parent := t.top(), t.top()
	deep := len(t.stack) >= maxDepth
	if !deep || void {
		node = &html.Node{Type: html.ElementNode, Data: token.Data, DataAtom: token.DataAtom, Attr: token.Attr}
		parent.AppendChild(node)
	}
	if !void {
		t.stack = append(t.stack, openElement{token.Data, node})
		t.open[token.Data]++
	}
}

// closeImplied closes the elements that a start tag ends without saying so.
func (t *treeOf) closeImplied(tag atom.Atom) {
	for len(t.stack) > 0 {
		last := t.stack[len(t.stack)-1].name
		ends := false
		switch tag {
		case atom.Li:
			ends = last == "li" || last == "p"
		case atom.P, atom.Div, atom.Ul, atom.Ol, atom.Table, atom.Blockquote, atom.Section, atom.Article:
			ends = last == "p"
		case atom.Td, atom.Th:
			ends = last == "td" || last == "th"
		case atom.Tr:
			ends = last == "td" || last == "th" || last == "tr"
		case atom.Dt, atom.Dd:
			ends = last == "dt" || last == "dd"
		case atom.Option:
			ends = last == "option"
		}
		if !ends {
			return
		}
		t.pop()
	}
}

// end closes up to the nearest open element of that name; without one it does nothing.
func (t *treeOf) end(name string) {
	if t.open[name] == 0 {
		return
	}
	for t.stack[len(t.stack)-1].name != name {
		t.pop()
	}
	t.pop()
}

func (t *treeOf) pop() {
	last := len(t.stack) - 1
	t.open[t.stack[last].name]--
	t.stack = t.stack[:last]
}

func voidElement(tag atom.Atom) bool {
	switch tag {
	case atom.Area, atom.Base, atom.Br, atom.Col, atom.Embed, atom.Hr, atom.Img, atom.Input, atom.Link, atom.Meta, atom.Source,
		atom.Track, atom.Wbr:
		return true
	}
	return false
}
