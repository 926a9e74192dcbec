package scoring

import (
	"strings"
	"testing"
)

// TestOffers holds what opens a thread as a seller and what does not, in the languages of the sources: title, text.
func TestOffers(t *testing.T) {
	offers := [][2]string{
		{"[WTS] Fernhollow VPS and dedis", "Three sizes, 6 / 12 / 24 USD. KVM, own racks. Write me on telegram: @fernhollow"},
		{"Greyheron boxes", "In stock: 2 cores 4 GB for 11$, 4 cores 8 GB for 19$. Jabber greyheron@jabber.example"},
		{"Otterden | RDP and SMTP", "Fresh servers daily. Prices from 15. PM me or tg @otterden_shop"},
		{"Servers te huur, Lisdodde", "Wij verhuren VPS vanaf € 5 en dedicated vanaf € 60. Telegram @lisdodde_vps"},
		{"Lisdodde VPS", "Nieuwe servers binnen, 10 euro per maand. Stuur een bericht naar @lisdodde_vps"},
		{"Schilfkammer – Server", "Vermiete virtuelle Server ab 7 €, dediziert ab 60 €. Kontakt: Telegram @schilfkammer"},
		{"Roselière, serveurs", "Nous louons des VPS à 8 € et des serveurs dédiés à 70 €. Telegram @roseliere"},
		{"Carrizal Hosting", "Alquilamos VPS desde 9 USD, servidores dedicados desde 70. Contacto: Telegram @carrizal_host"},
		{"Juncal servidores", "Alugamos VPS por R$ 40 e dedicados por R$ 300 ao mês. Telegram @juncal_br"},
		{"Trzcinowisko serwery", "Oferujemy VPS od 25 zł, serwery dedykowane od 200 zł. Kontakt: Telegram @trzcinowisko"},
		{"Sazlık sunucu", "VPS 120 TL, dedike sunucu 900 TL. Kiralıyoruz, Telegram @sazlik_sunucu"},
		{"Камыш Хост", "Сдаём виртуалки от 300 ₽ и выделенные серверы от 5000 ₽. Пишите в телегу @kamysh_host"},
		{"Осока: дедики", "Дедики в наличии, 60 баксов. жаба osoka@jabber.example"},
		{"Очерет Сервери", "Здаємо сервери від 9 $, пишіть у Telegram @ocheret_srv"},
		{"芦苇云", "独立服务器月付 500 元，VPS 60 元。联系 Telegram @luwei_cloud"},
		{"Reedbed", "Reedbed servers. Own hall, own routers, we keep your box online. Contact by session or tox only. Price list on request, tg @reedbed_desk"},
	}
	others := [][2]string{
		{"Looking for a cheap VPS", "Need 2 cores for about 5$ a month. Recommendations? My telegram is @someone_asks"},
		{"Which host do you use?", "I pay 9 USD a month for a server and it is slow."},
		{"Selling my old laptop", "16 GB, 120 euro plus postage. PM me."},
		{"Ervaringen met Lisdodde?", "Ik betaal € 5 per maand voor een server daar. Iemand ervaring?"},
		{"Suche Server in den Niederlanden", "Budget 10 € im Monat. Empfehlungen gern."},
		{"Cherche serveur pas cher", "Budget 8 € par mois, quelqu'un a un avis ?"},
		{"Busco VPS barato", "Tengo 9 USD al mes, ¿alguien recomienda algo?"},
		{"Szukam VPS", "Mam 25 zł miesięcznie. Polecacie coś?"},
		{"VPS arıyorum", "Bütçem 120 TL, öneri var mı?"},
		{"Ищу хостинг", "Бюджет 300 рублей, посоветуйте сервер."},
		{"求推荐 VPS", "预算每月 60 元，有没有推荐的服务器？"},
		{"Osoka took my money", "Paid 60 USD for a server, got nothing. Scammer. His tg is @osoka_fake"},
		{"Board rules", "Vendors of servers pay a deposit of 300 USD before they open a thread."},
		{"10G port or bond?", "The difference is 18 EUR a month for the backup server."},
	}
	board := countCues("Hosting & Servers")
	open := func(title, text string) bool {
		var s scene
		s.post("board.example", title, "somebody7", "2026-01-01", text)
		tr := newTrace(&s.posts[0], nil)
		tr.trim()
		return isOffer(tr, board)
	}
	missed, wrong := 0, 0
	for _, o := range offers {
		if !open(o[0], o[1]) {
			missed++
			t.Logf("not taken as an offer: %s: %s", o[0], o[1])
		}
	}
	for _, o := range others {
		if open(o[0], o[1]) {
			wrong++
			t.Logf("taken as an offer: %s: %s", o[0], o[1])
		}
	}
	if missed > 0 || wrong > 1 {
		t.Errorf("%d of %d offers missed, %d of %d others taken", missed, len(offers), wrong, len(others))
	}
}

// TestTitleNames holds which name a thread's title begins with.
func TestTitleNames(t *testing.T) {
	for title, want := range map[string]string{
		"[OFFER] Fern Hollow - Amsterdam KVM from £2": "Fern Hollow",
		"GREY HERON // servers in NL // from 22$":     "GREY HERON",
		"Камыш Хост: Амстердам и Рига. Стоим с 2023":  "Камыш Хост",
		"otterden | RDP and SMTP":                     "otterden",
		"Fern Hollow for mirrors and downloads":       "Fern Hollow",
		"芦苇云 Luwei – NL servers":                      "芦苇云 Luwei",
		"offshore vps 4$ many location":               "",
		"Cheap servers, all countries":                "",
		"Looking for a VPS":                           "",
		"Серверы от 300 рублей":                       "",
		"Which host do you still trust in NL?":        "",
		"FernHollow VPS, wie kent dit?":               "FernHollow VPS",
		"Lisdodde: iemand ervaring?":                  "Lisdodde",
		"Roselière - serveurs aux Pays-Bas":           "Roselière",
		"【出售】 芦苇云 独立服务器":                              "芦苇云",
	} {
		if got := titleBrand(title); !strings.EqualFold(got, want) {
			t.Errorf("%q: name %q, want %q", title, got, want)
		}
	}
}

// TestNamesCompare holds which names are one, close, or apart.
func TestNamesCompare(t *testing.T) {
	for _, c := range []struct {
		a, b        string
		same, close bool
	}{
		{"Камыш Хост", "KamyshHost", true, false},
		{"Очерет Сервери", "ocheret-srv", false, false},
		{"Тихая Заводь", "Tihaya Zavod", true, false},
		{"Fern Hollow", "FernHollow VPS", true, false},
		{"GL00MY R00K", "Gloomy Rook", true, false},
		{"Reedbed Hosting Ltd", "Reedbed", true, false},
		{"Fern Hollow", "Fern Hollows", false, true},
		{"Coldwater", "Goldwater", false, true},
		{"Coldwater", "Meerbusch", false, false},
		{"Host", "Hosting", false, false},
	} {
		a, b := newBrand(c.a), newBrand(c.b)
		if a.same(b) != c.same || a.close(b) != c.close {
			t.Errorf("%q and %q: same %v, close %v (cores %q, %q)", c.a, c.b, a.same(b), a.close(b), a.core, b.core)
		}
	}
}
