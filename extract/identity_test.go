package extract

import (
	"strings"
	"testing"

	"schemer"
)

var seatCases = []struct{ text, country, name string }{
	// English
	{"Blue Gull Ltd is registered in Seychelles under number 123456.", "SC", "Blue Gull Ltd"},
	{"This site is operated by Blue Gull Ltd., Suite 4, Oak House, Victoria, Mahé, Seychelles.", "SC", "Blue Gull Ltd."},
	{"Tern Holdings Inc., Road Town, Tortola.", "VG", "Tern Holdings Inc."},
	{"We incorporated in Belize, it took a morning.", "BZ", ""},
	{"A company incorporated under the laws of the Marshall Islands.", "MH", ""},
	{"We're an Estonian company with three employees.", "EE", ""},
	{"We are a US company and answer US courts.", "US", ""},
	{"Our legal seat: Kingstown, Saint Vincent and the Grenadines", "VC", ""},
	{"Registered office: 12 High Street, Cardiff, United Kingdom. Heron Wood LLP.", "GB", "Heron Wood LLP"},
	{"Heron Wood LLP (Glasgow) leases machines in Amsterdam.", "GB", "Heron Wood LLP"},
	{"These terms are governed by the laws of Panama.", "PA", ""},
	{"Hong Kong law applies, and the courts of Hong Kong have jurisdiction.", "HK", ""},
	{"Puffin Data FZE\nBusiness Centre, Sharjah\nUnited Arab Emirates", "AE", "Puffin Data FZE"},
	{"Our company is based in Dubai, our servers are in Amsterdam.", "AE", ""},
	{"Gannet Corp, Roseau, Commonwealth of Dominica", "DM", "Gannet Corp"},
	{"Gannet SRL, Santo Domingo, Dominican Republic", "DO", "Gannet SRL"},
	{"Skua LLC, Tbilisi, Georgia", "GE", "Skua LLC"},
	{"Skua LLC, Atlanta, Georgia, USA", "US", "Skua LLC"},
	{"Petrel Limited, St Peter Port, Guernsey", "GG", "Petrel Limited"},
	{"Shag Ltd, Douglas, Isle of Man", "IM", "Shag Ltd"},
	{"© 2026 Stork Network Limited, Kowloon, Hong Kong", "HK", "Stork Network Limited"},
	{"© Eider Pte. Ltd. Singapore. All rights reserved.", "SG", "Eider Pte. Ltd."},
	{"We lease racks from Kanaal Colo B.V., Amsterdam. Our own paper is Smew Ltd, Apia, Samoa.", "WS", "Smew Ltd"},
	{"Teal Corp., a company registered at Charlestown, Nevis", "KN", "Teal Corp."},
	{"Fulmar IBC, registered in the Seychelles; servers in the Netherlands.", "SC", "Fulmar IBC"},
	{"Heron Wood Ltd (company number 01234567), registered in England and Wales.", "GB", "Heron Wood Ltd"},
	{"We're a Seychelles-registered company.", "SC", ""},
	{"Tern Ltd is a Seychelles IBC.", "SC", "Tern Ltd"},
	{"We operate under Panamanian law only.", "PA", ""},
	{"Company: Belize. Servers: Netherlands.", "BZ", ""},
	{"Legal entity: Tern LLC (Wyoming, USA)", "US", "Tern LLC"},
	{"We colocate with Kanaal Colo B.V. in Amsterdam; our papers are with Smew Ltd, Nassau, Bahamas.", "BS", "Smew Ltd"},
	// Dutch
	{"Wij zijn statutair gevestigd te Utrecht.", "NL", ""},
	{"Kluut Hosting B.V. is ingeschreven bij de Kamer van Koophandel.", "NL", "Kluut Hosting B.V."},
	{"Kluut is een handelsnaam van Kluut Networks LLP, Londen.", "GB", "Kluut Networks LLP"},
	{"Grutto Internet B.V., versie 3", "NL", "Grutto Internet B.V."},
	{"Onze firma is geregistreerd op de Seychellen, de machines staan in Amsterdam.", "SC", ""},
	{"Op deze overeenkomst is het recht van Belize van toepassing.", "BZ", ""},
	{"KvK 12345678", "NL", ""},
	{"Een vennootschap naar Belizaans recht.", "BZ", ""},
	// German
	{"Sitz der Firma: Reiher Intl. Ltd., Seychellen.", "SC", "Reiher Intl. Ltd."},
	{"Die Kranich GmbH, Kiel, betreibt diese Seite.", "DE", "Kranich GmbH"},
	{"Wir sind eine zyprische Gesellschaft.", "CY", ""},
	{"Firmensitz ist auf den Marshallinseln.", "MH", ""},
	{"Es gilt das Recht der Republik Panama.", "PA", ""},
	// French
	{"Siège social : Victoria, Seychelles.", "SC", ""},
	{"Société : Le Héron Ltd, Îles Vierges britanniques.", "VG", "Le Héron Ltd"},
	{"Nous sommes une société seychelloise.", "SC", ""},
	{"Notre entreprise est immatriculée à Maurice.", "MU", ""},
	// Spanish and Portuguese
	{"Empresa: Garza Negra Hosting S.A., Panamá.", "PA", "Garza Negra Hosting S.A."},
	{"Somos una empresa panameña.", "PA", ""},
	{"Sociedad constituida en Costa Rica con domicilio social en San José.", "CR", ""},
	{"A empresa está registrada em Portugal, os servidores ficam na Holanda.", "PT", ""},
	// Polish and Turkish
	{"Czapla Sp. z o.o. z siedzibą w Gdańsku", "PL", "Czapla Sp. z o.o."},
	{"Spółka zarejestrowana na Cyprze.", "CY", ""},
	{"Turna Bilişim A.Ş., İstanbul", "TR", "Turna Bilişim A.Ş."},
	{"Şirketimiz Seyşeller'de kayıtlıdır, şirket merkezimiz Seyşeller", "SC", ""},
	// Russian
	{"Компания зарегистрирована на Сейшелах.", "SC", ""},
	{"Юридический адрес: Белиз, Белиз-Сити.", "BZ", ""},
	{"ООО «Серая Цапля», Мурманск. Серверы в Хельсинки.", "RU", "ООО «Серая Цапля»"},
	{"ТОО «Цапля», с 2019 года", "KZ", "ТОО «Цапля»"},
	{"Счёт на юрлицо: Heron Data Inc., Маджуро, Маршалловы Острова.", "MH", "Heron Data Inc."},
	{"Heron Ltd, Тортола. Команда из Самары.", "VG", "Heron Ltd"},
	{"ИП Цаплин, Псков", "RU", "ИП Цаплин"},
	{"Юрисдикция: Гонконг", "HK", ""},
	{"Мы — эстонская компания.", "EE", ""},
	{"ИНН 7700000000, ОГРН 1027700000000", "RU", ""},
	{"Юрлицо: Белиз, серверы: Нидерланды.", "BZ", ""},
	{"Наша компания на Сейшелах, железо в Голландии.", "SC", ""},
	// Ukrainian
	{"Компанія зареєстрована в Единбурзі.", "GB", ""},
	{"Heron Cloud LLP, Единбург. Сервери в Амстердамі.", "GB", "Heron Cloud LLP"},
	{"ТОВ «Чапля», Київ", "UA", "ТОВ «Чапля»"},
	// Chinese
	{"公司主体：白鹭网络有限公司（香港）", "HK", "白鹭网络有限公司"},
	{"本公司注册于塞舌尔，服务器位于荷兰。", "SC", ""},
	{"注册地：伯利兹", "BZ", ""},
	// none
	{"We are located in Amsterdam, Frankfurt and Singapore.", "", ""},
	{"The laws of the Netherlands apply to servers in Amsterdam.", "", ""},
	{"Payments are handled by Smew Ltd, Cyprus.", "", ""},
	{"Our servers are in Amsterdam, Panama City and Hong Kong.", "", ""},
	{"We are not registered in Seychelles.", "", ""},
	{"We are not in the United States, so the DMCA isn't our law.", "", ""},
	{"Customers from Russia and Ukraine are welcome.", "", ""},
	{"Серверы в Амстердаме и Кишинёве, оплата картой.", "", ""},
	{"Klanten uit België en Duitsland betalen per bank.", "", ""},
	{"Datacenter: Frankfurt, Germany. Port 10 Gbit.", "", ""},
	{"Your domain is registered in Tonga within an hour.", "", ""},
	{"United States statutes don't reach us.", "", ""},
	{"Friendly hosting from Norwich since 2018.", "", ""},
	{"Formerly Teal Corp., Belize City.", "", ""},
	{"Racks at Kanaal Colo B.V., Amsterdam.", "", ""},
	{"Wir mieten bei Kanal Colo GmbH, Frankfurt.", "", ""},
	{"Не зарегистрированы в России.", "", ""},
	{"It took us an hour to reach Georgia.", "", ""},
	{"The founders are from Poltava, the support office is in Riga.", "", ""},
	{"Please limit your requests, inc. the slow ones.", "", ""},
	{"我们的服务器在荷兰和香港。", "", ""},
}

func TestReadIdentitySeat(t *testing.T) {
	for _, c := range seatCases {
		id := readIdentity(c.text, nil)
		if id == nil {
			id = &schemer.Identity{}
		}
		if id.Country != c.country || id.Name != c.name {
			t.Errorf("%q: country %q, name %q, want %q, %q (claim %q)", c.text, id.Country, id.Name, c.country, c.name, id.Claim)
		}
		if id.Claim != c.text[id.Start:id.End] || (id.Country == "") != (id.Claim == "") {
			t.Errorf("%q: claim %q, span %q", c.text, id.Claim, c.text[id.Start:id.End])
		}
	}
}

func TestReadIdentityParts(t *testing.T) {
	id := readIdentity("Smew Ltd, Suite 4, Oak House, Apia, Samoa. Company number 123456.\n\n"+
		"Servers in Amsterdam and Frankfurt. No servers in Russia. We accept Bitcoin, Monero and cards, no PayPal. Powered by WHMCS.", nil)
	if id == nil {
		t.Fatal("no identity")
	}
	for what, got := range map[string][2]string{
		"name": {id.Name, "Smew Ltd"}, "country": {id.Country, "WS"}, "address": {id.Address, "Suite 4, Oak House, Apia, Samoa"},
		"numbers": {strings.Join(id.Numbers, " "), "reg 123456"}, "places": {strings.Join(id.Places, " "), "NL DE"},
		"payments": {strings.Join(id.Payments, " "), "btc card xmr"}, "shop": {id.Shop, "whmcs"},
	} {
		if got[0] != got[1] {
			t.Errorf("%s: %q, want %q", what, got[0], got[1])
		}
	}
	for text, want := range map[string]string{
		"Address: 12 Oak Street, Apia": "12 Oak Street, Apia", "Second address: 10 EUR, nightly copies": "", "Smew Ltd is registered in Apia, Samoa": "", "Smew Ltd from Cardiff": "Cardiff",
	} {
		got := ""
		if id := readIdentity(text, nil); id != nil {
			got = id.Address
		}
		if got != want {
			t.Errorf("%q: address %q, want %q", text, got, want)
		}
	}
	if id := readIdentity("Forbidden: fraud with bank cards, whoever pays for it.", nil); id != nil && len(id.Payments) > 0 {
		t.Errorf("payments %v of a prohibition", id.Payments)
	}
	if readIdentity("A page about ponies.", nil) != nil {
		t.Error("an identity of ponies")
	}
}

func TestReadIdentityKeepsBlocksApart(t *testing.T) {
	text := "We rent from Smew Ltd\n\nSamoa is a nice place"
	blocks := []schemer.Block{{Kind: "item", Start: 0, End: 21}, {Kind: "item", Start: 23, End: len(text)}}
	if id := readIdentity(text, blocks); id != nil && id.Country != "" {
		t.Errorf("country %q from another block", id.Country)
	}
}

func FuzzReadIdentity(f *testing.F) {
	for _, s := range []string{"Smew Ltd, Suite 4, Apia, Samoa", "ООО «Цапля", "公司主体：白鹭网络有限公司（香港）", "UG (haftungsbeschränkt)", "İİİ Ltd", "(Pty) Ltd", "\xffS.A.", "0 \u0307", "\u0301\u0301 Ltd"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		id := readIdentity(s, nil)
		if id != nil && (id.Start < 0 || id.End > len(s) || id.Claim != s[id.Start:id.End]) {
			t.Fatalf("%+v", id)
		}
	})
}

func BenchmarkReadIdentity(b *testing.B) {
	text := strings.Repeat(ordinaryText, 20) + "Smew Ltd, Suite 4, Oak House, Apia, Samoa."
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		readIdentity(text, nil)
	}
}
