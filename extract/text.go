package extract

import (
	"slices"
	"strconv"
	"strings"

	"schemer"
)

// cuts says which elements inside a text are not the author's own words. The zero value cuts nothing.
type cuts struct {
	drop      rule // furniture: buttons, notices, counters
	quote     rule // words of somebody else
	quoteHead rule // inside a quote: who is quoted
	sig       rule
	keep      rule // shown although hidden: spoilers
	code      rule // verbatim
	marked    bool // all of these can match only elements with attributes
	quoteBy   func(p *page, i int) (author, post string)
	// before finds an attribution that stands before the quote at i, outside it; it returns the node to leave out.
	before func(p *page, i int) (attribution int)
}

// rendered is the text of a subtree with what was set apart from it.
type rendered struct {
	text   string
	blocks []schemer.Block
	quotes []schemer.Quote
	sig    string
	hidden string
	links  []textLink
}

// textLink is a link inside a rendered text that leads to another place than the page's host.
type textLink struct {
	href       string
	start, end int
	sig        bool
}

// A renderer turns nodes into text: paragraphs separated by a blank line, <br> a line feed, list items and table rows
// a line each, code verbatim, all other white space collapsed.
type renderer struct {
	p       *page
	cut     *cuts
	out     []byte
	blocks  []schemer.Block
	gap     int  // line feeds owed before the next word
	space   bool // a blank owed before the next word
	open    bool // a block is open
	start   int  // of the open block
	kind    string
	level   int
	bold    int // depth of bold elements
	strong  int // bytes of the open block that are bold
	pre     int
	cell    int // depth of table cells: breaks are blanks there
	inKeep  int
	breaks  int
	prefix  string
	headed  bool // the open block is a heading
	bare    bool // pictures other than smilies are left out
	heads   headings
	lists   []list
	quotes  []schemer.Quote
	links   []textLink
	sig     strings.Builder
	hidden  strings.Builder
	skipped []int // attributions that were found to stand before a quote
}

type list struct {
	ordered bool
	next    int
	lead    string
}

// render returns the text of the nodes in [lo, hi), which must hold whole subtrees.
func (p *page) render(lo, hi int, cut *cuts) rendered {
	r := renderer{p: p, cut: cut}
	r.borrow()
	r.span(lo, hi)
	text := r.done()
	r.giveBack()
	return text
}

func (r *renderer) done() rendered {
	r.shut(2)
	return rendered{
		text: string(r.out), blocks: append([]schemer.Block(nil), r.blocks...), quotes: r.quotes, links: r.links,
		sig: strings.TrimSpace(r.sig.String()), hidden: strings.TrimSpace(r.hidden.String()),
	}
}

// span renders sibling subtrees.
func (r *renderer) span(lo, hi int) {
	if r.cut.before != nil {
		r.attributions(lo, hi)
	}
	for i := lo; i < hi; i = r.p.end(i) {
		r.node(i)
	}
}

func (r *renderer) attributions(lo, hi int) {
	for i := lo; i < hi; i = r.p.end(i) {
		if r.p.is(i, r.cut.quote) {
			if k := r.cut.before(r.p, i); k >= 0 {
				r.skipped = append(r.skipped, k)
			}
		}
	}
}

func (r *renderer) node(i int) {
	e := &r.p.nodes[i]
	if e.text {
		if slices.Contains(r.skipped, i) {
			return
		}
		if r.pre > 0 {
			r.verbatim(e.n.Data)
		} else {
			r.words(e.n.Data)
		}
		return
	}
	if !r.apart(i) {
		r.element(i, e.tag)
	}
}

// apart handles what does not belong to the running text, and reports whether i was such.
func (r *renderer) apart(i int) bool {
	p, c := r.p, r.cut
	if slices.Contains(r.skipped, i) {
		return true
	}
	if e := &p.nodes[i]; c.marked && !e.marked && !e.hidden {
		return false
	}
	switch {
	case len(c.drop) > 0 && p.is(i, c.drop):
		return true
	case len(c.keep) > 0 && p.is(i, c.keep):
		r.inKeep++
		r.element(i, p.nodes[i].tag)
		r.inKeep--
		return true
	case p.nodes[i].hidden && r.inKeep == 0:
		r.aside(&r.hidden, i)
		return true
	case len(c.sig) > 0 && p.is(i, c.sig):
		r.signature(i)
		return true
	case len(c.quote) > 0 && p.is(i, c.quote):
		r.quote(i)
		return true
	case len(c.code) > 0 && p.is(i, c.code):
		r.code(i)
		return true
	}
	return false
}

// aside renders i into another place and leaves the running text as it was.
func (r *renderer) aside(to *strings.Builder, i int) {
	sub := renderer{p: r.p, cut: &noCuts, inKeep: 1}
	sub.borrow()
	defer sub.giveBack()
	sub.children(i)
	sub.shut(2)
	if len(sub.out) > 0 {
		if to.Len() > 0 {
			to.WriteString("\n\n")
		}
		to.Write(sub.out)
	}
}

func (r *renderer) children(i int) { r.span(i+1, r.p.end(i)) }

func (r *renderer) signature(i int) {
	sub := renderer{p: r.p, cut: &noCuts}
	sub.borrow()
	defer sub.giveBack()
	sub.element(i, r.p.nodes[i].tag)
	sub.shut(2)
	text := strings.TrimSpace(strings.TrimLeft(string(sub.out), "_- \n"))
	if text == "" {
		return
	}
	if r.sig.Len() > 0 {
		r.sig.WriteString("\n")
	}
	r.sig.WriteString(text)
	for _, l := range sub.links {
		l.sig, l.start, l.end = true, 0, 0
		r.links = append(r.links, l)
	}
}

// quote sets a quotation apart; quotations inside it follow it.
func (r *renderer) quote(i int) {
	p := r.p
	sub := renderer{p: p, cut: r.cut, inKeep: r.inKeep}
	sub.borrow()
	defer sub.giveBack()
	at := len(r.quotes)
	r.quotes = append(r.quotes, schemer.Quote{})
	var q schemer.Quote
	if len(r.cut.quoteHead) > 0 {
		if k := p.first(i+1, p.end(i), r.cut.quoteHead); k >= 0 && r.nearestQuote(k) == i {
			q.Author = quotedAuthor(p.inline(k))
			inner := *r.cut
			inner.drop = append(inner.drop[:len(inner.drop):len(inner.drop)], r.cut.quoteHead...)
			inner.marked = inner.marked && r.cut.quoteHead.marked()
			sub.cut = &inner
		}
	}
	if r.cut.before != nil && q.Author == "" {
		if k := r.cut.before(p, i); k >= 0 {
			q.Author = quotedAuthor(p.inline(k))
		}
	}
	if r.cut.quoteBy != nil {
		author, post := r.cut.quoteBy(p, i)
		if author != "" {
			q.Author = author
		}
		q.Post = post
	}
	sub.children(i)
	sub.shut(2)
	q.Text = string(sub.out)
	if q.Text == "" && len(sub.quotes) > 0 && sub.quotes[0].Author == "" {
		// A box around the quotation matched as well as the quotation itself.
		q.Text, sub.quotes = sub.quotes[0].Text, sub.quotes[1:]
	}
	if q.Author == "" {
		q.Author, q.Text = announced(q.Text)
	}
	r.quotes[at] = q
	r.quotes = append(r.quotes, sub.quotes...)
	if sub.hidden.Len() > 0 {
		r.hidden.WriteString(sub.hidden.String())
	}
	r.shut(2)
}

// nearestQuote returns the innermost quotation that holds node k.
func (r *renderer) nearestQuote(k int) int {
	return r.p.up(int(r.p.nodes[k].parent), r.cut.quote)
}

func (r *renderer) code(i int) {
	r.shut(2)
	r.kind = "code"
	r.pre++
	r.children(i)
	r.pre--
	r.shut(2)
}

func (l *list) mark() string {
	if !l.ordered {
		return "- "
	}
	l.next++
	return strconv.Itoa(l.next-1) + ". "
}
