package scoring

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"schemer"
)

// shared joins nodes that give the same identifier. Every holder is compared with one of each group that formed before
// it, so that many holders cost little.
func (b *binder) shared() {
	holders := map[identifier][]*node{}
	for _, n := range b.nodes {
		for id := range n.ids {
			holders[id] = append(holders[id], n)
		}
	}
	for _, id := range sortedIDs(holders) {
		list := holders[id]
		if len(list) < 2 || id.kind == "asn" || id.kind == "prefix" {
			continue
		}
		slices.SortFunc(list, func(x, y *node) int { return x.order - y.order })
		groups, few := b.differentNames(list)
		if !few {
			continue
		}
		for i, x := range groups {
			for _, y := range x[1:] {
				b.share(x[0], y, id)
			}
			for _, other := range groups[:i] {
				b.share(other[0], x[0], id)
			}
		}
	}
}

// share joins two nodes that give the same identifier, or notes the bond when their names differ.
func (b *binder) share(x, y *node, id identifier) {
	why := fmt.Sprintf("both give %s %s", id.kind, id.value)
	if !b.kin(x, y) || !b.join(x, y, edge{strength: idStrength[id.kind], why: why, by: "shared-" + id.kind}) {
		b.bonds = append(b.bonds, bond{x, y, id})
	}
}

// kin reports whether two nodes that share an identifier are one seller rather than two names of one hand: their names
// agree or one holds the other; or the same nickname was active under both at once; or one has no name of its own; or
// the account trades now under the site's contacts.
func (b *binder) kin(x, y *node) bool {
	if mayBeOne(x, y, false) {
		return true
	}
	for _, a := range x.names() {
		for _, o := range y.names() {
			if holds(a, o) || holds(o, a) {
				return true
			}
		}
	}
	switch {
	case x.voice == nil && y.voice == nil:
		return mayBeOne(x, y, true)
	case x.voice == nil:
		return mayBeOne(x, y, true) || b.current(y, x)
	case y.voice == nil:
		return mayBeOne(x, y, true) || b.current(x, y)
	}
	dated := !x.voice.last.IsZero() && !y.voice.last.IsZero()
	if dated && (x.voice.last.Before(y.voice.first) || y.voice.last.Before(x.voice.first)) {
		return false
	}
	return x.voice.account == y.voice.account || mayBeOne(x, y, true)
}

// lately is how long an account may have been silent to count as trading now.
const lately = 150 * 24 * time.Hour

// current reports whether an account of another name trades now under a contact of a site that is still shown, and
// names the site's host or two of its contacts: the name in its title is then a slogan or a translation, not a former
// shop's.
func (b *binder) current(account, of *node) bool {
	shared := 0
	for id := range account.ids {
		if of.ids[id] && idStrength[id.kind] == schemer.Strong && !generic[lastPart(id)] {
			shared++
			if of.site.brand.called(newNick(lastPart(id))) {
				shared++ // the contact itself bears the site's name
			}
		}
	}
	if slices.Contains(account.voice.domains, of.site.host) {
		shared++
	}
	alive := slices.ContainsFunc(of.site.pages, func(p *trace) bool { return !p.past() })
	return shared >= 2 && alive && b.latest.Sub(account.voice.last) <= lately
}

// holds reports whether a name begins with another, or has it as its last word.
func holds(long, short brand) bool {
	return len(short.core) >= 4 && short.telling() && strings.HasPrefix(long.full, short.core)
}

// differentNames groups the holders of an identifier by name; few is false when more groups than maxHolders form, and
// the identifier tells nothing.
func (b *binder) differentNames(list []*node) (groups [][]*node, few bool) {
	for _, n := range list {
		at := slices.IndexFunc(groups, func(g []*node) bool { return b.kin(g[0], n) })
		if at >= 0 {
			groups[at] = append(groups[at], n)
			continue
		}
		if len(groups) == maxHolders {
			return nil, false
		}
		groups = append(groups, []*node{n})
	}
	return groups, true
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
				if other == nil || other == n {
					continue
				}
				if strings.HasSuffix(d, ".onion") && !p.past() && anySame(n.firm[:1], other.firm[:1]) {
					b.join(n, other, edge{strength: schemer.Strong, why: n.site.host + " gives the onion address " + d + " of the same name", by: "mirror", posts: []schemer.PostID{p.post.ID}})
				}
				if p.cues[cueMirror]+p.title[cueMirror] == 0 || !saysMirror(p, d) {
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

// hostings joins accounts of several platforms that name the same host as their own which nobody has seen.
func (b *binder) hostings(all map[string]*site) {
	first := map[string]*node{}
	for _, n := range b.nodes {
		if n.voice == nil {
			continue
		}
		for _, d := range n.voice.domains {
			if all[d] != nil || !n.owns(d) {
				continue
			}
			if known := first[d]; known == nil {
				first[d] = n
			} else if known.voice.site != n.voice.site && mayBeOne(known, n, true) && (!contrary(known, n) || sameHost(known, n, newBrand(hostLabel(d)))) {
				b.join(known, n, edge{strength: schemer.Medium, why: "both accounts name " + d + " as their site", by: "names-domain"})
			}
		}
	}
}

// named joins accounts without any other tie to the one site that has their name, and accounts of one nickname and
// name on several platforms that give no contrary contacts.
func (b *binder) named() {
	sites, accounts := map[string][]*node{}, map[string][]*node{}
	for _, n := range b.nodes {
		if n.site != nil {
			for _, key := range n.keys() {
				sites[key] = append(sites[key], n)
			}
		}
	}
	for _, n := range b.nodes {
		if n.voice == nil {
			continue
		}
		if !b.hasSite(n) {
			fits := b.fits(n, sites)
			if len(fits) > 1 { // the one whose name agrees to the letter, trade words and all
				if full := slices.DeleteFunc(slices.Clone(fits), func(f *node) bool {
					return !slices.ContainsFunc(n.names(), func(x brand) bool { return f.site.brand.full == x.full })
				}); len(full) == 1 {
					fits = full
				}
			}
			if len(fits) == 1 {
				b.join(n, fits[0], edge{strength: schemer.Weak, why: "the account uses the site's name", by: "claims-name"})
			}
			for _, key := range n.keys() {
				for _, other := range accounts[key] {
					if len(fits) == 0 && other.find() != n.find() && namesakes(n, other) && !contrary(n, other) {
						b.join(n, other, edge{strength: schemer.Weak, why: "same shop name and a nickname of it on two platforms", by: "same-nickname"})
					}
				}
			}
		}
		for _, key := range n.keys() {
			accounts[key] = append(accounts[key], n)
		}
	}
}

// namesakes reports whether two accounts sell under one name on two platforms, each with a nickname of it, or with the
// same one; a name of six letters or more that is surely that of both needs the nickname of one only.
func namesakes(a, b *node) bool {
	if a.voice.site == b.voice.site || !anySame(a.names(), b.names()) {
		return false
	}
	one, other := anyNick(a, b), anyNick(b, a)
	sure := slices.ContainsFunc(a.firm, func(x brand) bool { return len(x.core) >= 6 && slices.ContainsFunc(b.firm, x.same) })
	return a.voice.account == b.voice.account || one && other || sure && (one || other)
}

// fits are the sites, one of each seller, that have the account's name.
func (b *binder) fits(n *node, sites map[string][]*node) []*node {
	var out []*node
	for _, key := range n.keys() {
		for _, other := range sites[key] {
			if !anySame(n.firm, other.firm) && (len(n.firm) > 0 || !mayBeOne(n, other, false)) {
				continue
			}
			if !slices.ContainsFunc(out, func(f *node) bool { return f.find() == other.find() }) {
				out = append(out, other)
			}
		}
	}
	return out
}

// keys are the loose forms under which a node's names are filed.
func (n *node) keys() []string {
	var out []string
	for _, b := range n.names() {
		for _, key := range [...]string{b.full, b.core, strings.Join(b.tokens[:min(1, len(b.tokens))], "")} {
			if key != "" && !slices.Contains(out, key) {
				out = append(out, key)
			}
		}
	}
	return out
}

func (n *node) names() []brand { return slices.Concat(n.firm, n.soft) }

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
	return slices.ContainsFunc(b.members(n.find()), func(other *node) bool { return other.site != nil })
}

// sameHost reports whether two accounts bear the name that the host which both call their own bears.
func sameHost(a, b *node, label brand) bool {
	return anySame(a.names(), []brand{label}) && anySame(b.names(), []brand{label})
}
