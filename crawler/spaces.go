package crawler

import "sync"

// spaces lends the memory that answers are read into, so that a page costs no new memory for its bytes. Who borrowed
// gives back what nobody looks at any more, or forgets it.
type spaces struct{ pool sync.Pool }

// maxSpace bounds what is kept to be lent again; one huge page shall not keep its memory.
const maxSpace = 256 << 10

// get returns an empty slice with room for at least n bytes.
func (s *spaces) get(n int) []byte {
	if b, ok := s.pool.Get().(*[]byte); ok && cap(*b) >= n {
		return (*b)[:0]
	}
	return make([]byte, 0, n)
}

func (s *spaces) put(b []byte) {
	if cap(b) > 0 && cap(b) <= maxSpace {
		s.pool.Put(&b)
	}
}
