package extract

// A ballot adds up points by shape, once a block.
type ballot struct {
	order []string
	sum   map[string]float64
	last  map[string]int
	names map[string]map[string]int
}

// name notes what a shape says in one block.
func (b *ballot) name(shape, words string) {
	if b.names == nil {
		b.names = map[string]map[string]int{}
	}
	if b.names[shape] == nil {
		b.names[shape] = map[string]int{}
	}
	b.names[shape][words]++
}

// halveSameness takes points from shapes that say the same in every one of several blocks: they are labels.
func (b *ballot) halveSameness() {
	varied := false
	for _, shape := range b.order {
		varied = varied || len(b.names[shape]) > 1
	}
	for _, shape := range b.order {
		if varied && len(b.names[shape]) == 1 && b.last[shape] > 0 {
			b.sum[shape] /= 2
		}
	}
}

func (b *ballot) vote(shape string, points float64, round int) {
	if b.sum == nil {
		b.sum, b.last = map[string]float64{}, map[string]int{}
	}
	if at, ok := b.last[shape]; ok && at == round {
		return
	} else if !ok {
		b.order = append(b.order, shape)
	}
	b.last[shape] = round
	b.sum[shape] += points
}

// winner returns the shape with most points: of equals the first, or with inner the last.
func (b *ballot) winner(inner bool) string {
	best := ""
	for _, s := range b.order {
		if best == "" || b.sum[s] > b.sum[best] || inner && b.sum[s] == b.sum[best] {
			best = s
		}
	}
	return best
}
