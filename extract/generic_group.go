package extract

import (
	"strconv"
	"strings"

	"golang.org/x/net/html/atom"
)

// bestGroup forms the groups and picks the one that most likely holds the posts.
func (s *survey) bestGroup() (group, bool) {
	p := s.p
	groups := map[string]*group{}
	var order []string
	add := func(key string, b block) {
		g := groups[key]
		if g == nil {
			g = &group{key: key}
			groups[key] = g
			order = append(order, key)
		}
		g.blocks = append(g.blocks, b)
	}
	for i := p.body + 1; i < len(p.nodes); i++ {
		e := &p.nodes[i]
		if e.text || !postTag(e.tag) || s.dates[e.end] == s.dates[i] || s.words[e.end] == s.words[i] {
			continue
		}
		b := block{i, p.end(i)}
		if d := trailingDigits(e.id()); d != "" && len(d) < len(e.id()) {
			add("#"+e.n.Data+" "+strings.TrimRight(e.id()[:len(e.id())-len(d)], "0123456789"), b)
		}
		if c := plainClass(e.class()); c != "" {
			add("."+e.n.Data+" "+c, b)
		} else {
			add("@"+e.n.Data+" "+strconv.Itoa(int(e.parent)), b)
		}
	}
	s.pairs(add)
	var lists []block
	for _, key := range order {
		g := groups[key]
		s.groups = append(s.groups, g)
		if g.score = s.score(g); g.score > 0 && s.isList(g) {
			g.score = 0
			lists = append(lists, g.blocks...)
		}
	}
	var best *group
	for _, g := range s.groups {
		if g.score > 0 && inside(g.blocks, lists) {
			g.score = 0
		}
		if g.score > 0 && (best == nil || g.score > best.score*1.02) {
			best = g
		}
	}
	if best == nil {
		return group{}, false
	}
	return *best, true
}

// pairs adds the groups of blocks that are made of two siblings: a head with the date and a body with the words.
func (s *survey) pairs(add func(string, block)) {
	p := s.p
	for i := p.body; i < len(p.nodes); i++ {
		if p.nodes[i].text || s.dates[p.nodes[i].end]-s.dates[i] < 2 {
			continue
		}
		prev := -1
		for c := i + 1; c < p.end(i); c = p.end(c) {
			if p.nodes[c].text {
				continue
			}
			if prev >= 0 && s.dates[p.nodes[prev].end] > s.dates[prev] && s.dates[p.nodes[c].end] == s.dates[c] && s.words[p.nodes[c].end] > s.words[c] &&
				s.words[p.nodes[prev].end]-s.words[prev] < 120 {
				add("&"+p.nodes[prev].n.Data+plainClass(p.nodes[prev].class())+" "+strconv.Itoa(i), block{prev, p.end(c)})
			}
			prev = c
		}
	}
}

func postTag(tag atom.Atom) bool {
	switch tag {
	case atom.Div, atom.Article, atom.Li, atom.Section, atom.Tr, atom.Table, atom.Tbody, atom.Dl, atom.Td, atom.Blockquote, atom.Figure, 0:
		return true
	}
	return false
}

// plainClass returns the classes without those that tell neighbours apart: numbers, odd and even, first and last.
func plainClass(class string) string {
	var kept []string
	for w := range strings.FieldsSeq(class) {
		switch w {
		case "odd", "even", "alt", "first", "last", "alternate", "bg1", "bg2", "bg3", "row1", "row2", "self", "topicstarter", "op":
			continue
		}
		if strings.ContainsAny(w, "0123456789") || strings.HasPrefix(w, "user-") || strings.HasPrefix(w, "status") || strings.HasPrefix(w, "depth") {
			continue
		}
		kept = append(kept, w)
		if len(kept) == 2 {
			break
		}
	}
	return strings.Join(kept, " ")
}

// score judges a group; 0 means that it holds no posts.
func (s *survey) score(g *group) float64 {
	p := s.p
	covered, dates, links := 0, 0, 0
	for k, b := range g.blocks {
		hi := b.hi
		if k+1 < len(g.blocks) && g.blocks[k+1].lo < hi {
			hi = g.blocks[k+1].lo
		}
		covered += int(s.words[hi] - s.words[b.lo])
		links += int(s.links[hi] - s.links[b.lo])
		dates += int(s.dates[hi] - s.dates[b.lo])
	}
	n := len(g.blocks)
	total := int(s.words[len(p.nodes)])
	hinted := hintedKey(g.key) || hintedKey(p.nodes[g.blocks[0].lo].class())
	switch {
	case n < 2 && (!hinted || covered < 40), covered < 12*n, dates < n || dates > 4*n, g.key[0] == '@' && (n < 3 || s.named(g)), n < 2 && (dates > 2 || links > covered):
		return 0
	case n < 2 && g.key[0] != '#' && p.nodes[g.blocks[0].lo].tag != atom.Article:
		return 0
	case links > 2*covered && covered < 60*n, covered*10 < total && n < 3, covered*20 < total:
		return 0
	}
	score := float64(covered) / float64(max(total, 1)) * float64(n) / float64(dates+n) * 2
	if g.key[0] == '#' {
		score *= 1.3
	}
	if hinted {
		score *= 1.3
	}
	if n >= 2 {
		score *= 1.2
	}
	return score
}

// named reports whether blocks without a class have ids that are words: parts of a layout, nothing repeated.
func (s *survey) named(g *group) bool {
	for _, b := range g.blocks {
		if id := s.p.nodes[b.lo].id(); id != "" && trailingDigits(id) == "" {
			return true
		}
	}
	return false
}

// inside reports whether the first of some blocks lies in one of the others, which are in no particular order.
func inside(blocks, others []block) bool {
	for _, o := range others {
		if blocks[0].lo > o.lo && blocks[0].hi <= o.hi {
			return true
		}
	}
	return false
}

var postWords = newCasedSet([]string{"post", "comment", "message", "msg", "reply", "entry", "answer", "review", "bericht", "beitrag"})

func hintedKey(key string) bool { return postWords.in(key) }

// isList reports whether the blocks are teasers: most show a title that is a link, each another title to another page,
// and say little besides.
func (s *survey) isList(g *group) bool {
	titles := map[string]bool{}
	teasers := 0
	for _, b := range g.blocks {
		title, heading := s.teaser(b)
		if title == "" {
			continue
		}
		if said := int(s.words[b.hi] - s.words[b.lo]); heading || 2*len(title) >= said {
			teasers++
			titles[title] = true
		}
	}
	if teasers*2 > len(g.blocks) && len(titles)*2 > teasers {
		return true
	}
	small := 0
	for _, b := range g.blocks {
		if w, l := s.words[b.hi]-s.words[b.lo], s.links[b.hi]-s.links[b.lo]; w < 60 && l > 2*w {
			small++
		}
	}
	return small*3 > len(g.blocks)*2
}

// teaser returns the first link of a block that names another page, and whether it is a heading. Names of authors,
// dates, furniture, links into this page and the title of this page itself are none.
func (s *survey) teaser(b block) (title string, heading bool) {
	p := s.p
	for i := b.lo; i < b.hi; i++ {
		if p.nodes[i].tag != atom.A || s.links[p.end(i)]-s.links[i] < 10 {
			continue
		}
		href := p.attr(i, "href")
		if href == "" || strings.IndexByte(href, '#') >= 0 || s.dates[p.end(i)] > s.dates[i] || s.authorPoints(i) > 0 {
			continue
		}
		ref, same := p.base.pathOf(p.base.resolve(href))
		words := strings.TrimPrefix(p.inline(i), "Re: ")
		if !same || ref == p.base.path || isFurniture(words) || looksDated(words) || strings.Contains(p.title, words) {
			continue
		}
		return words, p.is(i, headingLink)
	}
	return "", false
}
