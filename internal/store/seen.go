package store

import (
	"hash/maphash"
	"sync"

	"schemer"
)

// seenSlots bounds the memory of seen: 24 bytes each, 3 MiB in all.
const seenSlots = 1 << 17

// seen remembers links that are known to be stored with nothing new to say, because most links of a page were on the
// page before. It forgets freely and never invents: a collision of two 64-bit keyed hashes aside, a link that it knows
// is in the database.
type seen struct {
	mu    sync.Mutex
	seed  maphash.Seed
	slots []seenSlot
}

type seenSlot struct {
	url, mark uint64 // mark is 0 when there was none
	priority  int
}

func newSeen() *seen { return &seen{seed: maphash.MakeSeed(), slots: make([]seenSlot, seenSlots)} }

func (s *seen) hash(t schemer.Target) (url, mark uint64) {
	if t.LastMark != "" {
		mark = maphash.String(s.seed, t.LastMark) | 1
	}
	return maphash.String(s.seed, t.URL) | 1, mark
}

// knows tells whether storing the link would change nothing.
func (s *seen) knows(t schemer.Target) bool {
	url, mark := s.hash(t)
	s.mu.Lock()
	defer s.mu.Unlock()
	slot := s.slots[(url>>1)%seenSlots]
	return slot.url == url && slot.priority >= t.Priority && (mark == 0 || mark == slot.mark)
}

// learn takes note of a link that was stored.
func (s *seen) learn(t schemer.Target) {
	url, mark := s.hash(t)
	s.mu.Lock()
	defer s.mu.Unlock()
	slot := &s.slots[(url>>1)%seenSlots]
	if slot.url != url {
		*slot = seenSlot{url: url, mark: mark, priority: t.Priority}
		return
	}
	if mark != 0 {
		slot.mark = mark
	}
	slot.priority = max(slot.priority, t.Priority)
}
