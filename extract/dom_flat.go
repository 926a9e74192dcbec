package extract

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxDepth bounds the tree that flatTree builds; deeper elements are left out and their text goes to the element at
// the limit.
const maxDepth = 200

// flatTree builds a tree from tokens alone, for pages that html.Parse refuses because they nest too deep. It closes
// what is left open, ignores stray end tags and moves nothing about. Its time is linear in the text.
func flatTree(text string) *html.Node {
	doc := &html.Node{Type: html.DocumentNode}
	open := []*html.Node{doc}
	skipped := 0 // open elements beyond the limit
	z := html.NewTokenizer(strings.NewReader(text))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return doc
		case html.TextToken:
			if t := string(z.Text()); t != "" {
				open[len(open)-1].AppendChild(&html.Node{Type: html.TextNode, Data: t})
			}
		case html.CommentToken:
			open[len(open)-1].AppendChild(&html.Node{Type: html.CommentNode, Data: string(z.Text())})
		case html.SelfClosingTagToken, html.StartTagToken:
			t := z.Token()
			if len(open) >= maxDepth && !voidElement(t.DataAtom) {
				skipped++
				continue
			}
			open = closeImplied(open, t.DataAtom)
			n := &html.Node{Type: html.ElementNode, Data: t.Data, DataAtom: t.DataAtom, Attr: t.Attr}
			open[len(open)-1].AppendChild(n)
			if !voidElement(t.DataAtom) && t.Type == html.StartTagToken {
				open = append(open, n)
				if t.DataAtom == atom.Noscript {
					z.NextIsNotRawText()
				}
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			if skipped > 0 {
				skipped--
				continue
			}
			open = closeNamed(open, string(name))
		}
	}
}

// closeImplied closes the elements that a start tag ends without saying so.
func closeImplied(open []*html.Node, tag atom.Atom) []*html.Node {
	last := open[len(open)-1].DataAtom
	ends := false
	switch tag {
	case atom.Li:
		ends = last == atom.Li
	case atom.P, atom.Div, atom.Ul, atom.Ol, atom.Table, atom.Blockquote, atom.Section, atom.Article:
		ends = last == atom.P
	case atom.Td, atom.Th:
		ends = last == atom.Td || last == atom.Th
	case atom.Tr:
		if last == atom.Td || last == atom.Th {
			open = open[:len(open)-1]
			last = open[len(open)-1].DataAtom
		}
		ends = last == atom.Tr
	case atom.Dt, atom.Dd:
		ends = last == atom.Dt || last == atom.Dd
	case atom.Option:
		ends = last == atom.Option
	}
	if ends {
		open = open[:len(open)-1]
	}
	return open
}

// closeNamed closes up to the nearest open element of that name; without one it does nothing. It looks only a bounded
// way up, which keeps pages of stray end tags linear.
func closeNamed(open []*html.Node, name string) []*html.Node {
	for k := len(open) - 1; k > 0; k-- {
		if open[k].Data == name {
			return open[:k]
		}
	}
	return open
}

func voidElement(tag atom.Atom) bool {
	switch tag {
	case atom.Area, atom.Base, atom.Br, atom.Col, atom.Embed, atom.Hr, atom.Img, atom.Input, atom.Link, atom.Meta, atom.Source,
		atom.Track, atom.Wbr:
		return true
	}
	return false
}
