package scoring

import "testing"

// TestSeats holds how a seat is claimed in the languages of the sources: by a company's name and place, by words of a
// register, by law, in an address of several lines; and that places of machines and customers are none.
func TestSeats(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"Nimbus Shed is a trading name of Orrel Holdings Inc., registered in the Republic of Panama.", "PA"},
		{"We're an IBC in Belize, number 145332.", "BZ"},
		{"Registered office: Suite 12, Trust House, Kingstown, Saint Vincent.", "VC"},
		{"These terms are governed by the laws of the Seychelles.", "SC"},
		{"Incorporated in the Marshall Islands in 2021. Servers in Amsterdam and Frankfurt.", "MH"},
		{"© 2026 Tarn Ltd · Nicosia", "CY"},
		{"Operated by Vela Tech FZ-LLC, Ras Al Khaimah", "AE"},
		{"Legal notice\nVela OÜ\nNarva mnt 5\nTallinn", "EE"},
		{"Vela Trading Ltd\nUnit 4, Harbour Road\nVictoria\nSeychelles", "SC"},
		{"A Belizean company, because the forms are short.", "BZ"},
		{"Statutair gevestigd te Willemstad, Curaçao.", "CW"},
		{"Lommer is een handelsnaam van Lommer Trading Ltd uit Gibraltar.", "GI"},
		{"Onze B.V. staat in Breda, de servers in Frankfurt.", "NL"},
		{"Sitz der Gesellschaft: Vaduz, Liechtenstein.", "LI"},
		{"Tannicht UG (haftungsbeschränkt), Inhaber auf Anfrage.", "DE"},
		{"Die Firma sitzt auf Zypern, die Rechner stehen in Rumänien.", "CY"},
		{"Société enregistrée aux Seychelles sous le n° 8412.", "SC"},
		{"Le droit panaméen s'applique.", "PA"},
		{"Brume SARL, nos machines sont à Bucarest.", "FR"},
		{"Empresa constituida en Panamá. Servidores en Ámsterdam.", "PA"},
		{"Razón social: Norte Azul S.A., Costa Rica.", "CR"},
		{"Empresa sediada em Belize, suporte em português.", "BZ"},
		{"Spółka zarejestrowana na Seszelach, serwery w Holandii.", "SC"},
		{"Siedziba: Limassol, Cypr.", "CY"},
		{"Şirketimiz Seyşeller'de kayıtlıdır.", "SC"},
		{"公司注册地：塞舌尔，服务器在荷兰。", "SC"},
		{"本公司在香港注册。", "HK"},
		{"Юрлицо: Nord Wind Ltd., Белиз. Серверы в Нидерландах.", "BZ"},
		{"Компания зарегистрирована на Кипре.", "CY"},
		{"ООО «Тёплый Стан», Тверь.", "RU"},
		{"Компанія зареєстрована на Сейшелах.", "SC"},
		{"ФОП Коваль, пишіть у чат.", "UA"},
		{"Dubai paper, Amsterdam metal.", "AE"},
		{"Servers in Amsterdam, Bucharest and Panama City.", ""},
		{"We are going to the Seychelles in May.", ""},
		{"Клиенты из Казахстана и Белиза платят криптой.", ""},
	} {
		got := ""
		if claims := seatClaims(c.text, nil); len(claims) > 0 {
			best := claims[0]
			for _, claim := range claims[1:] {
				if claim.strength > best.strength {
					best = claim
				}
			}
			got = best.country
		}
		if got != c.want {
			t.Errorf("%q: seat %q, want %q", c.text, got, c.want)
		}
	}
}
