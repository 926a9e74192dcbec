package scoring

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

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
		if s.selling || s.mirrors() {
			nodes = append(nodes, &node{site: s, firm: []brand{s.brand, newBrand(hostLabel(s.host))}, ids: s.ids})
		}
	}
	for _, v := range voices {
		n := &node{voice: v, ids: v.ids}
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
// contact, a domain or its own text.
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
	for _, x := range a {
		for _, y := range b {
			if x.same(y) {
				return true
			}
		}
	}
	return false
}

func anyNick(of, named *node) bool {
	if of.voice == nil {
		return false
	}
	for _, b := range slices.Concat(named.firm, named.soft) {
		if b.nicknamed(bareNick(of.voice.account)) {
			return true
		}
	}
	return false
}

// binder joins nodes by edges.
type binder struct {
	nodes []*node
	edges []edge
	bonds []bond
	apart map[[2]*node]bool // negative decisions and warnings
}

// bindNodes finds the edges between nodes and joins what they hold together. Strong identifiers come before names.
func bindNodes(nodes []*node, all map[string]*site, decisions []schemer.Binding) *binder {
	b := &binder{nodes: nodes, apart: map[[2]*node]bool{}}
	b.warnings()
	b.decide(decisions)
	b.shared()
	b.mirrored()
	b.domains(all)
	b.named()
	return b
}

// shared joins nodes that give the same identifier.
func (b *binder) shared() {
	holders := map[identifier][]*node{}
	for _, n := range b.nodes {
		for id := range n.ids {
			holders[id] = append(holders[id], n)
		}
	}
	ids := sortedIDs(holders)
	for _, id := range ids {
		list := holders[id]
		slices.SortFunc(list, func(x, y *node) int { return x.order - y.order })
		if len(list) < 2 || differentNames(list) > maxHolders || id.kind == "asn" || id.kind == "prefix" {
			continue
		}
		for i, x := range list {
			for _, y := range list[i+1:] {
				b.share(x, y, id)
			}
		}
	}
}

// share joins two nodes that give the same identifier, or notes the bond when their names differ.
func (b *binder) share(x, y *node, id identifier) {
	why := fmt.Sprintf("both give %s %s", id.kind, id.value)
	if !kin(x, y) || !b.join(x, y, edge{strength: idStrength[id.kind], why: why, by: "shared-" + id.kind}) {
		b.bonds = append(b.bonds, bond{x, y, id})
	}
}

// kin reports whether two nodes that share an identifier are one seller rather than two names of one hand: their names
// agree or one holds the other; or the same nickname was active under both at once; or one has no name of its own and
// they were active at once.
func kin(x, y *node) bool {
	if mayBeOne(x, y, false) {
		return true
	}
	for _, a := range x.names() {
		for _, b := range y.names() {
			if holds(a, b) || holds(b, a) {
				return true
			}
		}
	}
	if x.voice == nil || y.voice == nil {
		return mayBeOne(x, y, true)
	}
	if x.voice.last.Before(y.voice.first) || y.voice.last.Before(x.voice.first) {
		return false
	}
	return x.voice.account == y.voice.account || mayBeOne(x, y, true)
}

// holds reports whether a name begins with another, or has it as its last word.
func holds(long, short brand) bool {
	return len(short.core) >= 4 && short.telling() && strings.HasPrefix(long.full, short.core)
}

// differentNames counts the differently named holders of an identifier.
func differentNames(list []*node) int {
	var groups []*node
	for _, n := range list {
		if !slices.ContainsFunc(groups, func(g *node) bool { return mayBeOne(g, n, false) }) {
			groups = append(groups, n)
		}
	}
	return len(groups)
}

// mirrored joins sites of one name of which one says that it stands in for the other.
func (b *binder) mirrored() {
	hosts := b.hosts()
	for _, n := range b.nodes {
		if n.site == nil {
			continue
		}
		for _, p := range n.site.pages {
			for _, d := range p.domains {
				other := hosts[d]
				if other == nil || other == n || p.cues[cueMirror]+p.title[cueMirror] == 0 || !saysMirror(p, d) {
					continue
				}
				if anySame(n.firm, other.firm) || len(other.ids) == 0 || sharesID(n, other) {
					b.join(n, other, edge{strength: schemer.Strong, why: n.site.host + " calls " + d + " its other address", by: "mirror", posts: []schemer.PostID{p.post.ID}})
				}
			}
		}
	}
}

// saysMirror reports whether the words for a second address stand in the sentence that names the host, or in the one
// before it.
func saysMirror(p *trace, host string) bool {
	before := cueCount{}
	for _, sentence := range splitSentences(p.post.Text) {
		c := countCues(sentence)
		if strings.Contains(strings.ToLower(sentence), host) && c[cueMirror]+before[cueMirror] > 0 {
			return true
		}
		before = c
	}
	return p.title[cueMirror] > 0
}

func sharesID(a, b *node) bool {
	for id := range a.ids {
		if b.ids[id] {
			return true
		}
	}
	return false
}

// hosts maps hosts to their nodes.
func (b *binder) hosts() map[string]*node {
	out := map[string]*node{}
	for _, n := range b.nodes {
		if n.site != nil {
			out[n.site.host] = n
		}
	}
	return out
}

// domains joins accounts with the site that they name as their own.
func (b *binder) domains(all map[string]*site) {
	hosts := b.hosts()
	for _, n := range b.nodes {
		if n.voice == nil {
			continue
		}
		own := 0
		for _, d := range n.voice.domains {
			if s := all[d]; s == nil || s.selling {
				own++
			}
		}
		for _, d := range n.voice.domains {
			if other := hosts[d]; other != nil && mayBeOne(n, other, own == 1) {
				b.join(n, other, edge{strength: schemer.Medium, why: "the account names " + d + " as its site", by: "names-domain"})
			}
		}
	}
}

// named joins accounts without any other tie to the one site that has their name, and accounts of one nickname and
// name on several platforms that give no contrary contacts.
func (b *binder) named() {
	for _, n := range b.nodes {
		if n.voice == nil || b.hasSite(n) {
			continue
		}
		var fits []*node
		for _, other := range b.nodes {
			if other.site != nil && (anySame(n.firm, other.firm) || len(n.firm) == 0 && mayBeOne(n, other, false)) {
				if !slices.ContainsFunc(fits, func(f *node) bool { return f.find() == other.find() }) {
					fits = append(fits, other)
				}
			}
		}
		if len(fits) == 1 {
			b.join(n, fits[0], edge{strength: schemer.Weak, why: "the account uses the site's name", by: "claims-name"})
			continue
		}
		for _, other := range b.nodes[:n.order] {
			if other.voice != nil && len(fits) == 0 && anySame(n.names(), other.names()) && sameNick(n, other) && !contrary(n, other) {
				b.join(n, other, edge{strength: schemer.Weak, why: "same nickname and shop name on two platforms", by: "same-nickname"})
			}
		}
	}
}

func (n *node) names() []brand { return slices.Concat(n.firm, n.soft) }

func sameNick(a, b *node) bool {
	return a.voice.account == b.voice.account
}

// contrary reports whether two nodes give different contacts of one kind and share none.
func contrary(a, b *node) bool {
	if sharesID(a, b) {
		return false
	}
	for x := range a.ids {
		for y := range b.ids {
			if x.kind == y.kind && x.kind != "asn" && x.kind != "prefix" {
				return true
			}
		}
	}
	return false
}

// hasSite reports whether the node's component has a site.
func (b *binder) hasSite(n *node) bool {
	root := n.find()
	return slices.ContainsFunc(b.nodes, func(other *node) bool { return other.site != nil && other.find() == root })
}

// join unites two components unless a negative binding or two firm names that differ forbid it; it reports whether
// the two are one now.
func (b *binder) join(x, y *node, e edge) bool {
	rx, ry := x.find(), y.find()
	strong := e.strength == schemer.Hard || e.strength == schemer.Strong
	if rx != ry {
		for _, m := range b.members(rx) {
			for _, o := range b.members(ry) {
				if b.apart[[2]*node{m, o}] || b.apart[[2]*node{o, m}] || e.by != "mirror" && parted(m, o) && !(strong && kin(m, o)) {
					return false
				}
			}
		}
		if rx.order > ry.order {
			rx, ry = ry, rx
		}
		ry.parent = rx
	}
	e.a, e.b, e.left, e.right = x, y, x.alias(), y.alias()
	b.edges = append(b.edges, e)
	return true
}

// parted reports whether both nodes have firm names and these differ.
func parted(m, o *node) bool {
	return len(m.firm) > 0 && len(o.firm) > 0 && !anySame(m.firm, o.firm)
}

func (b *binder) members(root *node) []*node {
	var out []*node
	for _, n := range b.nodes {
		if n.find() == root {
			out = append(out, n)
		}
	}
	return out
}

// alias names a node in a binding.
func (n *node) alias() schemer.Alias {
	if n.site != nil {
		return schemer.Alias{Kind: "domain", Value: n.site.host, Strength: schemer.Strong}
	}
	return schemer.Alias{Kind: "account", Value: n.voice.account + "@" + n.voice.site, Strength: schemer.Weak}
}

// warnings notes accounts that a site says are not its own.
func (b *binder) warnings() {
	for _, n := range b.nodes {
		if n.site == nil {
			continue
		}
		for _, other := range b.nodes {
			if other.voice != nil && disowns(n.site, other.voice) {
				b.apart[[2]*node{n, other}] = true
			}
		}
	}
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
