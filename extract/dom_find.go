package extract

import (
	"slices"

	"golang.org/x/net/html/atom"
)

// first returns the first node in [lo, hi) that matches, or -1.
func (p *page) first(lo, hi int, r rule) int {
	var few [8]chain
	if r = p.live(r, few[:0]); len(r) == 0 {
		return -1
	}
	if r.links() {
		for _, i := range p.linksIn(lo, hi) {
			if p.is(int(i), r) {
				return int(i)
			}
		}
		return -1
	}
	if r.marked() {
		for _, i := range between(p.marked, lo, hi) {
			if p.is(int(i), r) {
				return int(i)
			}
		}
		return -1
	}
	for i := lo; i < hi; i++ {
		if p.is(i, r) {
			return i
		}
	}
	return -1
}

// links reports whether only a[href] can match, so that a search need look at the page's links alone.
func (r rule) links() bool {
	for k := range r {
		c := &r[k][0]
		if c.tag != atom.A || !c.linked {
			return false
		}
	}
	return true
}

// linksIn returns the links among the nodes [lo, hi).
func (p *page) linksIn(lo, hi int) []int32 { return between(p.anchors, lo, hi) }

// between returns the part of a rising list that lies in [lo, hi).
func between(list []int32, lo, hi int) []int32 {
	from, _ := slices.BinarySearch(list, int32(lo))
	to, _ := slices.BinarySearch(list[from:], int32(hi))
	return list[from : from+to]
}

// pick returns the first node in [lo, hi) that matches the earliest selector of the rule that any node matches, or -1:
// the order of the selectors is their order of preference.
func (p *page) pick(lo, hi int, r rule) int {
	marked, sought := []int32(nil), false
	for k := range r {
		c := &r[k][0]
		if c.marked() {
			if !sought {
				marked, sought = between(p.marked, lo, hi), true
			}
			for _, i := range marked {
				if p.nodes[i].mask&c.mask == c.mask && p.fits(int(i), c) && (len(r[k]) == 1 || p.hangs(int(i), r[k])) {
					return int(i)
				}
			}
			continue
		}
		for i := lo; i < hi; i++ {
			e := &p.nodes[i]
			if e.mask&c.mask == c.mask && (c.tag == 0 || c.tag == e.tag) && p.fits(i, c) && (len(r[k]) == 1 || p.hangs(i, r[k])) {
				return i
			}
		}
	}
	return -1
}

// last returns the last node in [lo, hi) that matches, or -1.
func (p *page) last(lo, hi int, r rule) int {
	var few [8]chain
	if r = p.live(r, few[:0]); len(r) == 0 {
		return -1
	}
	if r.links() {
		for _, i := range slices.Backward(p.linksIn(lo, hi)) {
			if p.is(int(i), r) {
				return int(i)
			}
		}
		return -1
	}
	if r.marked() {
		for _, i := range slices.Backward(between(p.marked, lo, hi)) {
			if p.is(int(i), r) {
				return int(i)
			}
		}
		return -1
	}
	for i := hi - 1; i >= lo; i-- {
		if p.is(i, r) {
			return i
		}
	}
	return -1
}

// all returns the nodes in [lo, hi) that match, in document order.
func (p *page) all(lo, hi int, r rule) []int {
	var few [8]chain
	if r = p.live(r, few[:0]); len(r) == 0 {
		return nil
	}
	var found []int
	if r.links() {
		for _, i := range p.linksIn(lo, hi) {
			if p.is(int(i), r) {
				found = append(found, int(i))
			}
		}
		return found
	}
	if r.marked() {
		for _, i := range between(p.marked, lo, hi) {
			if p.is(int(i), r) {
				found = append(found, int(i))
			}
		}
		return found
	}
	for i := lo; i < hi; i++ {
		if p.is(i, r) {
			found = append(found, i)
		}
	}
	return found
}

// has reports whether any node of the page matches.
func (p *page) has(r rule) bool { return p.first(0, len(p.nodes), r) >= 0 }

// up returns i or its nearest ancestor that matches, or -1.
func (p *page) up(i int, r rule) int {
	for ; i >= 0; i = int(p.nodes[i].parent) {
		if p.is(i, r) {
			return i
		}
	}
	return -1
}
