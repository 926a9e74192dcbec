package extract

import (
	"strings"

	"golang.org/x/net/html"

	"schemer"
)

// nodeTextLink is a link in a text.
type nodeTextLink struct {
	href       string
	start, end int
}

// nodeWords is the text of a subtree: paragraphs apart by an empty line, line breaks kept, other white space collapsed.
type nodeWords struct {
	text   string
	blocks []schemer.Block
	links  []nodeTextLink
}

// nodeText renders a subtree without the elements that skip names.
func nodeText(n *html.Node, skip func(*html.Node) bool) nodeWords {
	w := nodeWriter{skip: skip}
	w.node(n)
	return w.done()
}

// A nodeWriter collects the words of a subtree.
type nodeWriter struct {
	skip  func(*html.Node) bool
	out   strings.Builder
	words nodeWords
	start int // of the open block
	owed  string
}

func (w *nodeWriter) node(n *html.Node) {
	switch n.Type {
	case html.TextNode:
		w.write(n.Data)
		return
	case html.ElementNode:
		if w.skip(n) || n.Data == "script" || n.Data == "style" || n.Data == "template" || hasAttr(n, "hidden") {
			return
		}
	}
	switch n.Data {
	case "br":
		w.owe("\n")
		return
	case "p", "div", "li", "ul", "ol", "table", "tr", "section", "article", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "header", "footer", "dl", "dd", "dt":
		w.owe("\n\n")
		defer w.owe("\n\n")
	}
	start := w.out.Len()
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.node(c)
	}
	if n.Data == "a" && attr(n, "href") != "" && w.out.Len() > start {
		w.words.links = append(w.words.links, nodeTextLink{attr(n, "href"), w.afterGap(start), w.out.Len()})
	}
}

// afterGap returns where the words begin that were written from start on.
func (w *nodeWriter) afterGap(start int) int {
	s := w.out.String()[start:]
	return start + len(s) - len(strings.TrimLeft(s, " \n"))
}

func (w *nodeWriter) owe(gap string) {
	if len(gap) > len(strings.TrimLeft(w.owed, " ")) {
		w.owed = gap
	}
}

func (w *nodeWriter) write(s string) {
	for i, word := range strings.Fields(s) {
		if i > 0 || isBlank(s[0]) {
			if w.owed == "" {
				w.owed = " "
			}
		}
		if w.out.Len() > 0 {
			if w.owed == "\n\n" {
				w.block()
			}
			w.out.WriteString(w.owed)
			if w.owed == "\n\n" {
				w.start = w.out.Len()
			}
		}
		w.owed = ""
		w.out.WriteString(word)
	}
	if s != "" && isBlank(s[len(s)-1]) && w.owed == "" {
		w.owed = " "
	}
}

func (w *nodeWriter) block() {
	if w.out.Len() > w.start {
		w.words.blocks = append(w.words.blocks, schemer.Block{Kind: "paragraph", Start: w.start, End: w.out.Len()})
	}
}

func (w *nodeWriter) done() nodeWords {
	w.block()
	w.words.text = w.out.String()
	return w.words
}

// firstElement returns the first element below n, in document order, that matches.
func firstElement(n *html.Node, match func(*html.Node) bool) *html.Node {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode {
			if match(c) {
				return c
			}
			if found := firstElement(c, match); found != nil {
				return found
			}
		}
	}
	return nil
}

// firstOutside is firstElement that leaves out the elements, with all that is in them, that skip.
func firstOutside(n *html.Node, skip, match func(*html.Node) bool) *html.Node {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.ElementNode || skip(c) {
			continue
		}
		if match(c) {
			return c
		}
		if found := firstOutside(c, skip, match); found != nil {
			return found
		}
	}
	return nil
}

// allText joins the text of a subtree.
func allText(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}
