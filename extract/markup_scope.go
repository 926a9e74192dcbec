package extract

import "golang.org/x/net/html/atom"

// scopeIndex returns the place of the innermost open element of that tag with no boundary of the scope inside it, or -1.
func (b *treeMaker) scopeIndex(t *tag, boundary tagFlag) int {
	if b.count[t.no] == 0 {
		return -1
	}
	for i := len(b.open) - 1; i >= 0; i-- {
		if b.open[i].t == t {
			return i
		}
		if b.open[i].t.has(boundary) {
			return -1
		}
	}
	return -1
}

// scopeIndexOf is scopeIndex for a set of tags.
func (b *treeMaker) scopeIndexOf(set, boundary tagFlag) int {
	for i := len(b.open) - 1; i >= 0; i-- {
		if b.open[i].t.has(set) {
			return i
		}
		if b.open[i].t.has(boundary) {
			return -1
		}
	}
	return -1
}

// closeTo closes the innermost open element of that tag in the scope, and reports whether there was one.
func (b *treeMaker) closeTo(t *tag, boundary tagFlag) bool {
	i := b.scopeIndex(t, boundary)
	if i >= 0 {
		b.cut(i)
	}
	return i >= 0
}

// closeToSet is closeTo for a set of tags.
func (b *treeMaker) closeToSet(set, boundary tagFlag) bool {
	i := b.scopeIndexOf(set, boundary)
	if i >= 0 {
		b.cut(i)
	}
	return i >= 0
}

// cutTo closes open elements until one of the set is current.
func (b *treeMaker) cutTo(set tagFlag) {
	for i := len(b.open) - 1; i >= 0; i-- {
		if b.open[i].t.has(set) {
			b.cut(i + 1)
			return
		}
	}
}

// closeImplied closes elements whose end goes without saying, up to one of the given name.
func (b *treeMaker) closeImplied(except atom.Atom) {
	for len(b.open) > 0 {
		t := b.top().t
		if !t.has(tagImplied) || except != 0 && t.atom == except {
			return
		}
		b.pop()
	}
}
