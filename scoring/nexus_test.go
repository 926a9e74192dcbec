package scoring

import (
	"testing"

	"schemer"
)

// TestDutchOffers holds which sentences of a seller's own page offer servers in the Netherlands, and which say that it has
// gone from there or was never there.
func TestDutchOffers(t *testing.T) {
	page := &trace{post: &schemer.Post{Kind: schemer.PostPage}}
	for _, c := range []struct {
		text string
		want bool
	}{
		{"Dedicated servers in Amsterdam and Riga.", true},
		{"VPS in NL from 9 USD.", true},
		{"Серверы в Нидерландах, от 500 рублей.", true},
		{"Unsere Server stehen in Amsterdam, bis zu 10 Gbit.", true},
		{"We left Amsterdam in spring, servers are in Riga now.", false},
		{"Our servers are no longer in the Netherlands.", false},
		{"Onze servers zijn weg uit Nederland.", false},
		{"Wir haben Amsterdam verlassen.", false},
		{"Nous avons quitté Amsterdam, nos serveurs sont à Riga.", false},
		{"Hemos dejado Ámsterdam, servidores en Riga.", false},
		{"Мы ушли из Амстердама, серверы в Риге.", false},
		{"我们的服务器已撤出荷兰。", false},
		{"No servers in the Netherlands.", false},
	} {
		if got := dutchOffer(c.text, page) > 0; got != c.want {
			t.Errorf("%q: an offer %v, want %v", c.text, got, c.want)
		}
	}
}
