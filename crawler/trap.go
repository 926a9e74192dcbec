package crawler

import (
	"hash/fnv"
	"math/bits"
	"net/url"
	"slices"
	"strings"

	"schemer"
)

// What one pattern of URLs may cost before it is held to be a trap. Each bound alone stops it within 50 pages.
const (
	maxBarren     = 25 // pages in a row that brought nothing new
	maxNear       = 15 // near-duplicates, each page of its own undoing one
	maxNumbered   = 40 // pages of no particular kind that differ in a number only
	nearBits      = 6  // differing bits of 64 up to which two texts are near-duplicates
	recentTexts   = 8
	minShingles   = 8
	maxPatternSet = 20_000
)

// pattern folds what tells pages of one template apart: runs of digits become "0", a last path segment without digits
// "*", and of a query only the names stay.
func pattern(u *url.URL) (folded string, numbered bool) {
	dir, last := "", u.Path
	if i := strings.LastIndexByte(u.Path, '/'); i >= 0 {
		dir, last = u.Path[:i+1], u.Path[i+1:]
	}
	foldedLast := foldDigits(last)
	numbered = foldedLast != last || foldDigits(dir) != dir
	if foldedLast == last && last != "" && u.RawQuery == "" {
		foldedLast = "*"
	}
	var names []string
	for part := range strings.FieldsFuncSeq(u.RawQuery, func(r rune) bool { return r == '&' || r == ';' }) {
		name, value, _ := strings.Cut(part, "=")
		names = append(names, foldDigits(name))
		numbered = numbered || strings.ContainsAny(value+name, "0123456789")
	}
	slices.Sort(names)
	return u.Host + foldDigits(dir) + foldedLast + "?" + strings.Join(slices.Compact(names), "&"), numbered
}

func foldDigits(s string) string {
	if !strings.ContainsAny(s, "0123456789") {
		return s
	}
	var b strings.Builder
	digit := false
	for _, r := range s {
		if r >= '0' && r <= '9' {
			if !digit {
				b.WriteByte('0')
			}
			digit = true
			continue
		}
		digit = false
		b.WriteRune(r)
	}
	return b.String()
}

// patternState is what a pattern has brought in this run.
type patternState struct {
	pages, barren, near int
	recent              []uint64
	stopped             string // why; empty while it may go on
}

// observe counts one page of the pattern. News says whether it brought a text or a link not seen before; hash is the
// similarity hash of its text, zero for none.
func (p *patternState) observe(kind schemer.TargetKind, numbered, news bool, hash uint64) {
	p.pages++
	if news {
		p.barren = 0
	} else {
		p.barren++
	}
	if hash != 0 {
		if slices.ContainsFunc(p.recent, func(h uint64) bool { return bits.OnesCount64(h^hash) <= nearBits }) {
			p.near++
		} else {
			p.near = max(0, p.near-1)
		}
		if len(p.recent) == recentTexts {
			p.recent = p.recent[1:]
		}
		p.recent = append(p.recent, hash)
	}
	switch {
	case p.stopped != "":
	case p.barren >= maxBarren:
		p.stopped = "nothing new"
	case p.near >= maxNear:
		p.stopped = "near-duplicates"
	case kind == schemer.TargetPage && numbered && p.pages >= maxNumbered:
		p.stopped = "numbered pages"
	}
}

// simhash is Charikar's similarity hash (STOC 2002) over pairs of neighbouring words of the texts; words with digits
// do not count. Zero means too little text.
func simhash(posts []schemer.Post) uint64 {
	var sums [64]int
	shingles := 0
	for i := range posts {
		previous := ""
		for word := range strings.FieldsSeq(posts[i].Text) {
			if strings.ContainsAny(word, "0123456789") {
				continue
			}
			h := fnv.New64a()
			_, _ = h.Write([]byte(previous)) // a hash never fails
			_, _ = h.Write([]byte{0})
			_, _ = h.Write([]byte(word))
			sum := h.Sum64()
			for bit := range sums {
				sums[bit] += int(sum>>bit&1)*2 - 1
			}
			previous = word
			shingles++
		}
	}
	if shingles < minShingles {
		return 0
	}
	var out uint64
	for bit, sum := range sums {
		if sum > 0 {
			out |= 1 << bit
		}
	}
	return max(out, 1)
}
