package extract

import (
	"slices"
	"strings"

	"golang.org/x/net/html/atom"

	"schemer"
)

// A survey counts what matters for finding posts, so that each range of nodes is judged in constant time.
type survey struct {
	p     *page
	dates []int32 // dates[i] is the number of date nodes before node i
	words []int32 // bytes of text outside links before node i
	links []int32 // bytes of text inside links before node i
	on    []bool  // node i is a date

	groups []*group           // as bestGroup formed them, in document order
	names  map[string]float64 // what class names say of authors
	shapes []string           // by node, as far as asked for
}

// surveyRoom is the memory of one survey that the next uses again.
type surveyRoom struct {
	dates, words, links []int32
	on                  []bool
	shapes              []string
}

// fit makes room for n nodes, with nothing in it.
func (r *surveyRoom) fit(n int) {
	if cap(r.dates) < n {
		*r = surveyRoom{make([]int32, n), make([]int32, n), make([]int32, n), make([]bool, n), make([]string, n)}
		return
	}
	r.dates, r.words, r.links, r.on, r.shapes = r.dates[:n], r.words[:n], r.links[:n], r.on[:n], r.shapes[:n]
	clear(r.dates)
	clear(r.words)
	clear(r.links)
	clear(r.on)
	clear(r.shapes)
}

// block is one candidate for a post: the nodes [lo, hi).
type block struct{ lo, hi int }

// group is a set of blocks that look alike.
type group struct {
	key    string
	blocks []block
	score  float64
}

// readGeneric finds posts on a page of an engine that nobody described: blocks that look alike, each with a date and
// words of its own. The confidence, up to 0.9, grows with what all of them have.
func (p *page) readGeneric() ([]schemer.Post, float64) {
	s := p.survey()
	if s.dates[len(p.nodes)] == 0 {
		return nil, 0
	}
	best, ok := s.bestGroup()
	if !ok {
		return nil, 0
	}
	a := s.anatomy(best)
	best.blocks = s.opener(a, best.blocks)
	posts, confidence := s.read(a, best)
	if len(posts) == 0 {
		return nil, 0
	}
	if more, ok := s.secondGroup(best); ok {
		others, _ := s.read(s.anatomy(more), more)
		if best.blocks[0].lo < more.blocks[0].lo {
			posts = append(posts, others...)
		} else {
			posts = append(others, posts...)
		}
	}
	return posts, confidence
}

// secondGroup finds posts that look unlike the first group and stand outside it: the comments under an article.
func (s *survey) secondGroup(first group) (group, bool) {
	var best group
	for _, g := range s.groups {
		if g.score > best.score && (g.key[0] == '#' || len(g.blocks) > 1) && (hintedKey(g.key) || hintedKey(s.p.nodes[g.blocks[0].lo].class())) && apart(*g, first) {
			best = *g
		}
	}
	return best, best.score > 0
}

// apart reports whether no block of one group overlaps one of the other.
func apart(a, b group) bool {
	for _, x := range a.blocks {
		for _, y := range b.blocks {
			if x.lo < y.hi && y.lo < x.hi {
				return false
			}
		}
	}
	return true
}

// survey walks the nodes once.
func (p *page) survey() *survey {
	n := len(p.nodes)
	room := &p.memory.survey
	room.fit(n + 1)
	s := &survey{p: p, dates: room.dates, words: room.words, links: room.links, on: room.on, names: map[string]float64{}, shapes: room.shapes}
	linkEnd, skipEnd := 0, 0 // text before linkEnd is no running text, nodes before skipEnd do not count
	for i := range n {
		e := &p.nodes[i]
		s.dates[i+1], s.words[i+1], s.links[i+1] = s.dates[i], s.words[i], s.links[i]
		if i < p.body {
			continue
		}
		if e.tag == atom.A || p.is(i, headingRule) {
			linkEnd = max(linkEnd, p.end(i))
		}
		if e.hidden || e.tag == atom.Nav || e.tag == atom.Select || e.tag == atom.Button || s.edge(i) || !e.text && p.is(i, genericCuts.sig) {
			skipEnd = max(skipEnd, p.end(i))
		}
		if i < skipEnd {
			continue
		}
		if !e.text {
			if s.on[i] = s.dated(i); s.on[i] {
				s.dates[i+1]++
			}
			continue
		}
		size := int32(len(strings.TrimSpace(e.n.Data)))
		if i < linkEnd || size < 24 && isFurniture(strings.TrimSpace(e.n.Data)) {
			s.links[i+1] += size
		} else {
			s.words[i+1] += size
		}
		if size >= 6 && size <= 80 && looksDated(e.n.Data) && !s.within(i) {
			s.on[i] = true
			s.dates[i+1]++
		}
	}
	return s
}

// edge reports whether element i is a foot or side of the page, not of a post.
func (s *survey) edge(i int) bool {
	e := &s.p.nodes[i]
	return (e.tag == atom.Footer || e.tag == atom.Aside) && s.p.up(int(e.parent), postLike) < 0
}

var postLike = css("article, li, main, table")

// within reports whether the node stands in an element that already counts as a date.
func (s *survey) within(i int) bool {
	for k := 0; k < 3 && i >= 0; k++ {
		if i = int(s.p.nodes[i].parent); i >= 0 && s.on[i] {
			return true
		}
	}
	return false
}

// dated reports whether an element carries a machine-readable date of its own.
func (s *survey) dated(i int) bool {
	n := s.p.nodes[i].n
	for k := range n.Attr {
		switch n.Attr[k].Key {
		case "datetime", "data-timestamp", "data-time", "data-utime", "data-unixtime":
			return len(n.Attr[k].Val) >= 9
		case "title":
			if _, ok := machineTime(n.Attr[k].Val); ok || s.titled(n.Attr[k].Val) {
				return true
			}
		}
	}
	return false
}

// titled reports whether a title spells a date out in full, as engines do that show "28 Mar" or "2 h" for it.
func (s *survey) titled(title string) bool {
	if len(title) < 14 || len(title) > 60 || !looksDated(title) {
		return false
	}
	at := s.p.textDate(title)
	return at.how == "text" && at.at.Hour()+at.at.Minute() > 0
}

// looksDated reports whether a short text may be a date: a year or a clock with other figures, or words of recency.
func looksDated(t string) bool {
	digits, year, clock := 0, false, false
	run, value := 0, 0
	for i := 0; i <= len(t); i++ {
		if i < len(t) && t[i] >= '0' && t[i] <= '9' {
			run++
			value = value*10 + int(t[i]-'0')
			digits++
			continue
		}
		year = year || run == 4 && value >= 1998 && value < 2040
		if i < len(t) && t[i] == ':' && run > 0 && run <= 2 && i+2 < len(t) && t[i+1] >= '0' && t[i+1] <= '5' && t[i+2] >= '0' && t[i+2] <= '9' {
			clock = true
		}
		run, value = 0, 0
	}
	if year && digits >= 5 || clock && digits >= 3 {
		return true
	}
	return recentWords.in(t)
}

var recentWords = newCasedSet([]string{
	" ago", "yesterday", "today", "gisteren", "vandaag", "geleden", "gestern", "heute", "vor ", "hier ", "aujourd", "il y a", "ayer", "hoy", "hace ",
	"ontem", "hoje", "há ", "wczoraj", "dzisiaj", " temu", "dün", "bugün", " önce", "вчера", "сегодня", "назад", "вчора", "сьогодні", "тому", "昨天", "今天", "前",
})

var (
	headingLink = css("h1 a[href], h2 a[href], h3 a[href], h4 a[href], h5 a[href]")
	headingRule = css("h1, h2, h3, h4, h5, h6")
)

// opener adds the opening post when it stands apart from the replies: an element with the same parts, outside them.
func (s *survey) opener(a anatomy, blocks []block) []block {
	p := s.p
	if a.body == "" || len(blocks) == 0 {
		return blocks
	}
	for i := p.body + 1; i < blocks[0].lo; i++ {
		if p.nodes[i].text || s.shape(i) != a.body {
			continue
		}
		for k := int(p.nodes[i].parent); k > p.body && p.end(k) <= blocks[0].lo; k = int(p.nodes[k].parent) {
			if s.dates[p.nodes[k].end] > s.dates[k] && s.find(a.author, k, p.end(k)) >= 0 {
				return slices.Insert(blocks, 0, block{k, p.end(k)})
			}
		}
	}
	return blocks
}
