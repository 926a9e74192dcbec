package extract

import (
	"golang.org/x/net/html"
)

// maxAlike is how many open formatting elements that are all the same are opened again (the "Noah's Ark clause").
const maxAlike = 3

// formatting opens a formatting element, which later blocks open again while it has no end tag (13.2.4.3).
func (b *treeMaker) formatting() {
	b.element()
	o := b.top()
	alike := 0
	for i := len(b.active) - 1; i >= 0 && b.active[i].n != nil; i-- {
		if a := b.active[i]; a.t != o.t || !sameAttrs(a.n.Attr, o.n.Attr) {
			continue
		}
		if alike++; alike >= maxAlike {
			b.active = append(b.active[:i], b.active[i+1:]...)
		}
	}
	b.active = append(b.active, o)
}

// sameAttrs compares attributes in any order; each name comes once.
func sameAttrs(a, b []html.Attribute) bool {
	if len(a) != len(b) {
		return false
	}
next:
	for i := range a {
		if i < len(b) && a[i] == b[i] {
			continue
		}
		if len(b) > maxCopied {
			return false
		}
		for k := range b {
			if a[i] == b[k] {
				continue next
			}
		}
		return false
	}
	return true
}

// anchor opens a link; one that is still open ends first.
func (b *treeMaker) anchor() {
	for i := len(b.active) - 1; i >= 0 && b.active[i].n != nil; i-- {
		if a := b.active[i]; a.t == b.tok.tag {
			b.endFormatting(a.t)
			b.drop(a.n)
			b.inactive(a.n)
			break
		}
	}
	b.reconstruct()
	b.formatting()
}

// inactive takes an element off the list of active formatting elements.
func (b *treeMaker) inactive(n *html.Node) {
	if i := indexOf(b.active, n); i >= 0 {
		b.active = append(b.active[:i], b.active[i+1:]...)
	}
}

// clearActive empties the list of active formatting elements to the last marker.
func (b *treeMaker) clearActive() {
	for n := len(b.active); n > 0; n = len(b.active) {
		last := b.active[n-1]
		b.active = b.active[:n-1]
		if last.n == nil {
			return
		}
	}
}

// reconstruct opens the active formatting elements again that a block has closed.
func (b *treeMaker) reconstruct() {
	i := len(b.active)
	for i > 0 && b.active[i-1].n != nil && !b.isOpen(b.active[i-1]) {
		i--
	}
	for ; i < len(b.active) && b.failed == ""; i++ {
		o := openTag{b.copyOf(b.active[i].n), b.active[i].t}
		b.add(o.n)
		b.enter(o)
		b.active[i] = o
	}
}

// isOpen reports whether an element is on the stack.
func (b *treeMaker) isOpen(o openTag) bool { return b.count[o.t.no] > 0 && indexOf(b.open, o.n) >= 0 }

// copyOf opens a formatting element a second time.
func (b *treeMaker) copyOf(n *html.Node) *html.Node {
	if b.spare--; b.spare < 0 {
		b.failed = "unclosed"
	}
	again := b.node(html.ElementNode)
	again.DataAtom, again.Data, again.Attr = n.DataAtom, n.Data, n.Attr[:len(n.Attr):len(n.Attr)]
	return again
}

// endFormatting handles the end tag of a formatting element, with the "adoption agency algorithm": the content of a
// block that begins inside the element and goes on behind its end tag is divided (13.2.6.4.7).
func (b *treeMaker) endFormatting(t *tag) {
	if top := b.top(); top.t == t && indexOf(b.active, top.n) < 0 {
		b.pop()
		return
	}
	for range 8 {
		at := len(b.active) - 1
		for at >= 0 && b.active[at].n != nil && b.active[at].t != t {
			at--
		}
		if at < 0 || b.active[at].n == nil {
			b.endAny(t, t.name)
			return
		}
		f := b.active[at]
		place := indexOf(b.open, f.n)
		if place < 0 {
			b.inactive(f.n)
			return
		}
		if b.scopeIndex(t, tagScope) < 0 {
			return
		}
		block := place
		for block < len(b.open) && !b.open[block].t.has(tagSpecial) {
			block++
		}
		if block == len(b.open) {
			b.cut(place)
			b.inactive(f.n)
			return
		}
		b.adopt(f, place, block, at)
	}
}

// adopt divides formatting element f at place of the stack around the block at another place; at is f's place in the
// list of active formatting elements.
func (b *treeMaker) adopt(f openTag, place, block, at int) {
	furthest, above := b.open[block], b.open[place-1]
	last, bookmark := furthest.n, at
	for depth, i := 1, block-1; i > place; depth, i = depth+1, i-1 {
		o := b.open[i]
		k := indexOf(b.active, o.n)
		if depth > 3 && k >= 0 {
			b.inactive(o.n)
			if k <= bookmark {
				bookmark--
			}
			continue
		}
		if k < 0 {
			b.drop(o.n)
			continue
		}
		again := openTag{b.copyOf(o.n), o.t}
		b.active[k], b.open[i] = again, again
		if last == furthest.n {
			bookmark = k + 1
		}
		b.move(last, again.n)
		last = again.n
	}
	if last.Parent != nil {
		last.Parent.RemoveChild(last)
	}
	if above.t.has(tagFosterer) {
		b.beforeTable(last)
	} else {
		appendChild(above.n, last)
	}
	again := openTag{b.copyOf(f.n), f.t}
	for c := furthest.n.FirstChild; c != nil; c = furthest.n.FirstChild {
		b.move(c, again.n)
	}
	appendChild(furthest.n, again.n)
	if k := indexOf(b.active, f.n); k >= 0 && k < bookmark {
		bookmark--
	}
	b.inactive(f.n)
	b.active = insert(b.active, bookmark, again)
	b.drop(f.n)
	b.count[again.t.no]++
	b.open = insert(b.open, indexOf(b.open, furthest.n)+1, again)
}

// move makes n the last child of another parent.
func (b *treeMaker) move(n, parent *html.Node) {
	if n.Parent != nil {
		n.Parent.RemoveChild(n)
	}
	appendChild(parent, n)
}

func insert(list []openTag, i int, o openTag) []openTag {
	list = append(list, openTag{})
	copy(list[i+1:], list[i:])
	list[i] = o
	return list
}
