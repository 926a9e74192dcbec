package extract

import (
	"sync"

	"schemer"
)

// memory is what one page needs while it is read and the next page can use again. Nothing that a page gives away lies
// in it.
type memory struct {
	nodes           []node
	anchors, marked []int32
	tokens          [256]uint64
	hrefs           []string
	slabs           slabs
	survey          surveyRoom
	texts           [][]byte          // of texts that are not being rendered
	blocks          [][]schemer.Block // likewise
}

// memories lends the memory of one page to the next.
var memories sync.Pool // *memory

func borrowMemory() *memory {
	if m, ok := memories.Get().(*memory); ok {
		return m
	}
	return new(memory)
}

// release gives the page's memory back. The page must not be used after it; strings taken from it may.
func (p *page) release() {
	if cap(p.nodes) > 1<<20 {
		return
	}
	m := p.memory
	m.slabs.release()
	m.nodes, m.anchors, m.marked, m.hrefs = p.nodes, p.anchors, p.marked, p.hrefs
	clear(m.nodes)
	clear(m.hrefs)
	clear(m.tokens[:])
	memories.Put(m)
	p.memory, p.nodes, p.anchors, p.marked, p.hrefs, p.tokens = nil, nil, nil, nil, nil, nil
}

// borrow lends a renderer room for its text and its blocks until giveBack.
func (r *renderer) borrow() {
	m := r.p.memory
	if n := len(m.texts); n > 0 {
		r.out, m.texts = m.texts[n-1], m.texts[:n-1]
	} else {
		r.out = make([]byte, 0, 1024)
	}
	if n := len(m.blocks); n > 0 {
		r.blocks, m.blocks = m.blocks[n-1], m.blocks[:n-1]
	}
}

// giveBack ends what borrow began. The renderer's text and blocks must have been copied.
func (r *renderer) giveBack() {
	m := r.p.memory
	if cap(r.out) <= 1<<16 {
		m.texts = append(m.texts, r.out[:0])
	}
	if cap(r.blocks) > 0 && cap(r.blocks) <= 1<<10 {
		clear(r.blocks)
		m.blocks = append(m.blocks, r.blocks[:0])
	}
	r.out, r.blocks = nil, nil
}
