package scoring

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode"

	"schemer"
)

// maxHolders is how many differently named sellers may give the same identifier before it tells nothing: a payment
// processor's wallet, a shared desk.
const maxHolders = 3

// node is a site or an account before it is known which of them are one seller.
type node struct {
	site   *site
	voice  *voice
	firm   []brand // names that surely are its own
	soft   []brand // names that may be
	ids    map[identifier]bool
	nick   nick // of an account
	parent *node
	order  int
}

// edge holds two nodes to be one seller, with what says so.
type edge struct {
	a, b     *node
	strength schemer.Strength
	why      string
	by       string
	left     schemer.Alias
	right    schemer.Alias
	posts    []schemer.PostID
}

// bond is what two nodes of different names share: a rebrand, or one hand behind both.
type bond struct {
	a, b *node
	id   identifier
}

// nodesOf makes the nodes in a fixed order: sites by host, then voices as they come.
func nodesOf(all map[string]*site, voices []*voice) []*node {
	var nodes []*node
	for _, host := range sortedKeys(all) {
		s := all[host]
		if s.selling || s.mirrors() || s.wing(all) {
			nodes = append(nodes, &node{site: s, firm: []brand{s.brand, newBrand(hostLabel(s.host))}, ids: s.ids})
		}
	}
	for _, v := range voices {
		n := &node{voice: v, ids: v.ids, nick: newNick(bareNick(v.account))}
		for i, name := range v.names {
			if i == 0 && len(v.names) > 1 && !v.channel && v.confirms(name) {
				n.firm = append(n.firm, name)
			} else {
				n.soft = append(n.soft, name)
			}
		}
		nodes = append(nodes, n)
	}
	for i, n := range nodes {
		n.order = i
	}
	return nodes
}

// confirms reports whether something besides the title says that the account's shop is called so: its nickname, a
// contact or a domain; or its own text when it names no host at all: words of a title that its host, contacts and
// nickname do not bear are rather a slogan.
func (v *voice) confirms(name brand) bool {
	if name.nicknamed(v.account) {
		return true
	}
	for _, d := range v.domains {
		if name.same(newBrand(hostLabel(d))) {
			return true
		}
	}
	for id := range v.ids {
		if name.nicknamed(lastPart(id)) {
			return true
		}
	}
	if len(v.domains) > 0 {
		return false
	}
	for _, t := range v.traces {
		if strings.Contains(looseText(t.post.Text), name.core) && name.telling() {
			return true
		}
	}
	return false
}

// looseText is text in loose letters without blanks and signs.
func looseText(text string) string {
	var out strings.Builder
	for _, word := range splitName(text) {
		out.WriteString(looseToken(foldText(word)))
	}
	return out.String()
}

// find is the root of the node's component.
func (n *node) find() *node {
	for n.parent != nil {
		n = n.parent
	}
	return n
}

// mayBeOne reports whether two nodes may be one seller by their names. Two firm names must agree; a node without a
// firm name agrees with whom its nickname fits, and when loose is set with anybody.
func mayBeOne(a, b *node, loose bool) bool {
	if anySame(a.firm, b.firm) {
		return true
	}
	if len(a.firm) > 0 && len(b.firm) > 0 {
		return false
	}
	if anySame(slices.Concat(a.firm, a.soft), slices.Concat(b.firm, b.soft)) || anyNick(a, b) || anyNick(b, a) {
		return true
	}
	return loose && (len(a.firm) == 0 || len(b.firm) == 0)
}

func anySame(a, b []brand) bool {
	return slices.ContainsFunc(a, func(x brand) bool { return slices.ContainsFunc(b, x.same) })
}

func anyNick(of, named *node) bool {
	if of.voice == nil {
		return false
	}
	for _, b := range slices.Concat(named.firm, named.soft) {
		if b.called(of.nick) {
			return true
		}
	}
	return false
}

// binder joins nodes by edges.
type binder struct {
	nodes  []*node
	edges  []edge
	bonds  []bond
	apart  map[[2]*node]bool // negative decisions and warnings
	latest time.Time         // of all utterances
	groups map[*node][]*node // components of more than one node, by root
}

// bindNodes finds the edges between nodes and joins what they hold together. Strong identifiers come before names.
func bindNodes(nodes []*node, all map[string]*site, decisions []schemer.Binding, latest time.Time) *binder {
	b := &binder{nodes: nodes, apart: map[[2]*node]bool{}, groups: map[*node][]*node{}, latest: latest}
	b.warnings()
	b.decide(decisions)
	b.shared()
	b.wings()
	b.mirrored()
	b.domains(all)
	b.hostings(all)
	b.named()
	return b
}

// join unites two components unless a negative binding or two firm names that differ forbid it; it reports whether
// the two are one now.
func (b *binder) join(x, y *node, e edge) bool {
	rx, ry := x.find(), y.find()
	if rx != ry {
		for _, m := range b.members(rx) {
			for _, o := range b.members(ry) {
				if b.forbids(m, o, e) {
					return false
				}
			}
		}
		if rx.order > ry.order {
			rx, ry = ry, rx
		}
		ry.parent = rx
		b.groups[rx] = append(b.members(rx), b.members(ry)...)
		delete(b.groups, ry)
	}
	e.a, e.b, e.left, e.right = x, y, x.alias(), y.alias()
	b.edges = append(b.edges, e)
	return true
}

// forbids reports whether two nodes may not be one: an analyst or a warning says so, or their names differ and the edge
// is not strong enough to overrule that.
func (b *binder) forbids(m, o *node, e edge) bool {
	if b.apart[[2]*node{m, o}] || b.apart[[2]*node{o, m}] {
		return true
	}
	if e.by == "mirror" || e.by == "subdomain" || !parted(m, o) {
		return false
	}
	strong := e.strength == schemer.Hard || e.strength == schemer.Strong
	return !strong || !b.kin(m, o)
}

// parted reports whether both nodes have firm names and these differ.
func parted(m, o *node) bool {
	return len(m.firm) > 0 && len(o.firm) > 0 && !anySame(m.firm, o.firm)
}

// members are the nodes of a component.
func (b *binder) members(root *node) []*node {
	if list := b.groups[root]; list != nil {
		return list
	}
	return []*node{root}
}

// alias names a node in a binding.
func (n *node) alias() schemer.Alias {
	if n.site != nil {
		return schemer.Alias{Kind: "domain", Value: n.site.host, Strength: schemer.Strong}
	}
	return schemer.Alias{Kind: "account", Value: n.voice.account + "@" + n.voice.site, Strength: schemer.Weak}
}

// warnings notes accounts that a site says are not its own. Only accounts that use its name, name its host, give a
// contact that it warns of, or whose nickname stands on its pages are looked at.
func (b *binder) warnings() {
	index := map[string][]*node{}
	for _, n := range b.nodes {
		if n.voice == nil {
			continue
		}
		keys := append(n.keys(), "nick:"+looseText(bareNick(n.voice.account)))
		for _, d := range n.voice.domains {
			keys = append(keys, "host:"+d)
		}
		for _, id := range sortedIDs(n.ids) {
			keys = append(keys, id.kind+":"+id.value)
		}
		for _, key := range keys {
			index[key] = append(index[key], n)
		}
	}
	for _, n := range b.nodes {
		if n.site == nil || !n.site.warns() {
			continue
		}
		keys := append(n.keys(), "host:"+n.site.host)
		for _, id := range sortedIDs(n.site.disowned) {
			keys = append(keys, id.kind+":"+id.value)
		}
		for _, p := range n.site.pages {
			if p.cues[cueDisown]+p.title[cueDisown] > 0 {
				for word := range strings.FieldsFuncSeq(p.post.Text, func(r rune) bool {
					return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' && r != '-' && r != '.'
				}) {
					keys = append(keys, "nick:"+looseText(word))
				}
			}
		}
		for _, key := range keys {
			for _, other := range index[key] {
				if pair := [2]*node{n, other}; !b.apart[pair] && disowns(n.site, other.voice) {
					b.apart[pair] = true
				}
			}
		}
	}
}

// warns reports whether a current page of the site speaks of fakes.
func (s *site) warns() bool {
	return len(s.disowned) > 0 || slices.ContainsFunc(s.pages, func(p *trace) bool { return !p.past() && p.cues[cueDisown]+p.title[cueDisown] > 0 })
}

// sortedKeys are the keys of a map in order.
func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// decide applies what analysts decided: it comes before all that the rules find.
func (b *binder) decide(decisions []schemer.Binding) {
	for _, d := range decisions {
		for _, x := range b.nodes {
			for _, y := range b.nodes {
				if x == y || !x.is(d.A) || !y.is(d.B) {
					continue
				}
				switch {
				case d.Negative:
					b.apart[[2]*node{x, y}] = true
				case d.Relation == "same":
					b.join(x, y, edge{strength: d.Strength, why: d.Why, by: d.By, posts: d.Posts})
				}
			}
		}
	}
}

// is reports whether an alias means the node.
func (n *node) is(a schemer.Alias) bool {
	switch a.Kind {
	case "domain":
		return n.site != nil && n.site.host == a.Value
	case "account":
		return n.voice != nil && n.voice.account+"@"+n.voice.site == a.Value
	case "name":
		return anySame(n.names(), []brand{newBrand(a.Value)})
	}
	return n.ids[identifier{a.Kind, a.Value}]
}

// sortedIDs are the identifiers of a map in order: hard ones first.
func sortedIDs[V any](m map[identifier]V) []identifier {
	ids := make([]identifier, 0, len(m))
	for id := range m {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(x, y identifier) int {
		return cmp.Or(rankOf(idStrength[x.kind])-rankOf(idStrength[y.kind]), cmp.Compare(x.kind, y.kind), cmp.Compare(x.value, y.value))
	})
	return ids
}

func rankOf(s schemer.Strength) int {
	return slices.Index([]schemer.Strength{schemer.Hard, schemer.Strong, schemer.Medium, schemer.Weak}, s)
}
