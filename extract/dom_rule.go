package extract

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"golang.org/x/net/html/atom"
)

// A rule is a compiled CSS selector list over the nodes of a page: type, #id, .class, [attr], [attr=v], [attr^=v],
// [attr$=v], [attr*=v], :not(compound), descendant and child combinators, comma. It is matched by a scan with a
// 64-bit filter in front, which costs about a nanosecond a node that does not match.
type rule []chain

// chain is one complex selector, the subject first and its ancestors after it.
type chain []compound

type compound struct {
	child   bool // the next compound of the chain is the parent, not just an ancestor
	tag     atom.Atom
	name    string // of an element unknown to package atom
	id      string
	classes []string
	mask    uint64
	hashes  []uint32
	attrs   []attrTest
	not     []compound
	linked  bool // asks for an href
}

type attrTest struct {
	key, value string
	op         byte // 0 present, '=', '^', '$', '*'
}

// compiled keeps the rules of selectors that stand inside functions: they are literals of this package, so it ends
// up with one entry for each and never changes what css returns.
var compiled sync.Map // string to rule

// css compiles a selector list written in this package; a mistake in it is a mistake of the programmer and panics.
func css(selectors string) rule {
	if r, ok := compiled.Load(selectors); ok {
		return r.(rule)
	}
	r := compile(selectors)
	compiled.Store(selectors, r)
	return r
}

func compile(selectors string) rule {
	var r rule
	for one := range strings.SplitSeq(selectors, ",") {
		var c chain
		child := false
		for part := range strings.FieldsSeq(strings.ReplaceAll(one, ">", " > ")) {
			if part == ">" {
				child = true
				continue
			}
			m := parseCompound(part)
			m.child = child
			child = false
			c = append(c, m)
		}
		// Written outermost first, matched innermost first; a compound's child mark says how it hangs on the one before.
		back := make(chain, 0, len(c))
		for i := len(c) - 1; i >= 0; i-- {
			back = append(back, c[i])
		}
		r = append(r, back)
	}
	return r
}

func parseCompound(s string) compound {
	var c compound
	whole := s
	for s != "" {
		stop := strings.IndexAny(s[1:], ".#[:") + 1
		if stop == 0 {
			stop = len(s)
		}
		switch s[0] {
		case '.':
			c.classes = append(c.classes, s[1:stop])
			c.add(hashToken('.', s[1:stop]))
		case '#':
			c.id = s[1:stop]
			c.add(hashToken('#', c.id))
		case '[':
			stop = strings.IndexByte(s, ']') + 1
			t := parseAttrTest(s[1 : stop-1])
			c.attrs = append(c.attrs, t)
			c.linked = c.linked || t.key == "href"
			if tellingAttr(t.key) {
				c.add(hashToken('[', t.key))
			}
		case ':':
			stop = strings.IndexByte(s, ')') + 1
			if !strings.HasPrefix(s, ":not(") || stop == 0 {
				panic(fmt.Sprintf("extract: selector %q: only :not() is known", whole))
			}
			c.not = append(c.not, parseCompound(s[len(":not("):stop-1]))
		default:
			if c.tag = atom.Lookup([]byte(s[:stop])); c.tag == 0 {
				c.name = s[:stop]
			}
		}
		s = s[stop:]
	}
	return c
}

func (c *compound) add(h uint32) {
	c.mask |= 1 << (h & 63)
	c.hashes = append(c.hashes, h)
}

// tellingAttr reports whether an attribute is rare enough to be worth a place in the filters.
func tellingAttr(key string) bool {
	switch key {
	case "href", "src", "alt", "title", "style", "rel", "type", "name", "content", "value", "width", "height", "target", "id", "class", "lang":
		return false
	}
	return true
}

func parseAttrTest(s string) attrTest {
	key, value, ok := strings.Cut(s, "=")
	if !ok {
		return attrTest{key: key}
	}
	t := attrTest{value: strings.Trim(value, `"'`), op: '='}
	if last := key[len(key)-1]; strings.IndexByte("^$*", last) >= 0 {
		t.op, key = last, key[:len(key)-1]
	}
	t.key = key
	return t
}

// is reports whether node i matches the rule.
func (p *page) is(i int, r rule) bool {
	if i < 0 {
		return false
	}
	e := &p.nodes[i]
	for k := range r {
		c := &r[k][0]
		if e.mask&c.mask == c.mask && (c.tag == 0 || c.tag == e.tag) && p.fits(i, c) && (len(r[k]) == 1 || p.hangs(i, r[k])) {
			return true
		}
	}
	return false
}

// fits matches one compound.
func (p *page) fits(i int, c *compound) bool {
	e := &p.nodes[i]
	if e.mask&c.mask != c.mask || e.text || c.tag != 0 && e.tag != c.tag || c.name != "" && e.n.Data != c.name || c.id != "" && e.id() != c.id {
		return false
	}
	for _, word := range c.classes {
		if !hasWord(e.class(), word) {
			return false
		}
	}
	for k := range c.attrs {
		if !c.attrs[k].holds(p, i) {
			return false
		}
	}
	for k := range c.not {
		if p.fits(i, &c.not[k]) {
			return false
		}
	}
	return true
}

func (t *attrTest) holds(p *page, i int) bool {
	n := p.nodes[i].n
	for k := range n.Attr {
		if n.Attr[k].Key != t.key {
			continue
		}
		v := n.Attr[k].Val
		switch t.op {
		case '=':
			return v == t.value
		case '^':
			return strings.HasPrefix(v, t.value)
		case '$':
			return strings.HasSuffix(v, t.value)
		case '*':
			return strings.Contains(v, t.value)
		}
		return true
	}
	return false
}

// hangs matches the ancestors of a chain whose subject i already fits.
func (p *page) hangs(i int, c chain) bool {
	for k := 1; k < len(c); k++ {
		for i = int(p.nodes[i].parent); i >= 0 && !p.fits(i, &c[k]); i = int(p.nodes[i].parent) {
			if c[k-1].child {
				return false
			}
		}
		if i < 0 {
			return false
		}
	}
	return true
}

// live returns the selectors of a rule that can match anything on the page, in the memory of few.
func (p *page) live(r rule, few rule) rule {
	for k := range r {
		if p.mayHold(r[k]) {
			few = append(few, r[k])
		}
	}
	return few
}

// mayHave reports whether the page holds every id and class that some selector of the rule asks for.
func (p *page) mayHave(r rule) bool {
	return slices.ContainsFunc(r, p.mayHold)
}

func (p *page) mayHold(c chain) bool {
	for k := range c {
		for _, h := range c[k].hashes {
			if p.tokens[h>>6&255]&(1<<(h>>14&63)) == 0 {
				return false
			}
		}
	}
	return true
}

// marked reports whether only elements with attributes can match.
func (r rule) marked() bool {
	for k := range r {
		if !r[k][0].marked() {
			return false
		}
	}
	return true
}

func (c *compound) marked() bool { return c.mask != 0 || len(c.attrs) > 0 }
