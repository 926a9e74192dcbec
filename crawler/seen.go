package crawler

import (
	"hash/maphash"
	"sync"
)

// seenCache remembers the hashes of many strings in a fixed space. It forgets, and then something is done once more;
// that it holds a string that was never put is as unlikely as a collision of 64-bit hashes.
type seenCache struct {
	mu   sync.Mutex
	seed maphash.Seed
	sets [][4]uint64
}

// newSeenCache makes room for about n strings, 8 bytes each; n is a power of two.
func newSeenCache(n int) *seenCache {
	return &seenCache{seed: maphash.MakeSeed(), sets: make([][4]uint64, n/4)}
}

// key hashes strings, in order and told apart.
func (c *seenCache) key(parts ...string) uint64 {
	var h maphash.Hash
	h.SetSeed(c.seed)
	for _, part := range parts {
		_, _ = h.WriteString(part) // a hash never fails
		_ = h.WriteByte(0)
	}
	return max(h.Sum64(), 1)
}

func (c *seenCache) has(key uint64) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	set := &c.sets[key%uint64(len(c.sets))]
	return set[0] == key || set[1] == key || set[2] == key || set[3] == key
}

// put adds a key and says whether it was new.
func (c *seenCache) put(key uint64) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	set := &c.sets[key%uint64(len(c.sets))]
	if set[0] == key || set[1] == key || set[2] == key || set[3] == key {
		return false
	}
	set[3], set[2], set[1], set[0] = set[2], set[1], set[0], key
	return true
}
