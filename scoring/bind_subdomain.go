package scoring

import (
	"strings"

	"schemer"
)

// wingLabels are first labels of hosts that are a part of the shop whose host follows, not a tenant's.
var wingLabels = tokenSet(`shop store my billing bill client clients customer customers portal panel cp order orders cart secure account accounts pay payment manage whmcs support help helpdesk docs doc
 wiki kb faq status legal terms abuse blog news m mobile en ru nl de fr es pt pl tr zh uk cn eu lk cabinet kabinet lich mijn klant kunden kundencenter espace client clientarea area tienda loja sklep magazin app web www2 get buy vps servers dedicated cloud`)

// wing reports whether a host is a part of a shop under the shop's own host: "billing.such-host.example" of
// "such-host.example", which sells.
func (s *site) wing(all map[string]*site) bool {
	if platformKinds[s.kind] || s.speakers > 0 || len(s.pages) == 0 {
		return false
	}
	parent := s.parent(all)
	return parent != nil && parent.selling
}

// parent is the site of the host that follows a wing's first label; nil when the label is no wing's.
func (s *site) parent(all map[string]*site) *site {
	label, rest, ok := strings.Cut(s.host, ".")
	if !ok || !strings.Contains(rest, ".") || !wingLabels[looseToken(label)] {
		return nil
	}
	return all[rest]
}

// wings joins the hosts of one shop: a part under its own host, or a host under it that has the same name.
func (b *binder) wings() {
	hosts := b.hosts()
	for _, n := range b.nodes {
		if n.site == nil {
			continue
		}
		label, rest, _ := strings.Cut(n.site.host, ".")
		whole := hosts[rest]
		if whole == nil || !strings.Contains(rest, ".") || !wingLabels[looseToken(label)] && !n.site.brand.same(whole.site.brand) {
			continue
		}
		b.join(whole, n, edge{strength: schemer.Strong, why: n.site.host + " is a part of " + rest, by: "subdomain"})
	}
}
