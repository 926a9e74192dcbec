package extract

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestGuessLang(t *testing.T) {
	for want, texts := range map[string][]string{
		"en": {
			"We moved our shop to this host in spring.", "No questions about the content of your server.", "Support answered within an hour and the price is fair",
			"Payment by card or bank transfer only.", "Moldоva аnd further eаst, with the usual terms", "This server is in the Netherlands",
		},
		"nl": {
			"Wij verhuren servers in Amsterdam aan bedrijven en particulieren.", "Klachten worden door ons binnen een dag beantwoord.", "Ik heb er geen omkijken naar",
			"De hosting loopt per maand, je kunt altijd opzeggen.", "Betalen kan met iDEAL of op factuur.",
		},
		"de": {
			"Wir betreiben unsere Server in Lübeck und Kiel.", "Die Zahlung erfolgt per Überweisung oder Karte.", "Bei uns bekommst du Webspace ohne großen Aufwand",
			"Hinweise zu Missbrauch nehmen wir gern entgegen.",
		},
		"fr": {
			"Nous louons des serveurs à Amsterdam pour les entreprises.", "Le paiement se fait par carte ou par virement.", "Aucune question sur ce que vous hébergez",
			"Les plaintes sont traitées dans la journée.",
		},
		"es": {
			"Alquilamos máquinas virtuales en Ámsterdam y en Panamá.", "No hacemos preguntas sobre el contenido.", "El pago se realiza con tarjeta o por transferencia",
		},
		"pt": {
			"Alugamos servidores virtuais em Amsterdã para pequenas empresas.", "Não fazemos perguntas sobre o conteúdo.", "O pagamento é feito com cartão ou por transferência",
		},
		"pl": {
			"Wynajmujemy serwery w Amsterdamie dla firm i osób prywatnych.", "Nie pytamy o to, co jest na serwerze.", "Płatność kartą lub przelewem, bez umowy na rok",
		},
		"tr": {
			"Sunucularımız Amsterdam'da ve her müşteri için ayrıdır.", "Ödeme kart veya havale ile yapılır.", "Şikâyetler aynı gün içinde yanıtlanır, bu bizim için önemli",
		},
		"ru": {"Сдаём серверы в Амстердаме и Кишинёве.", "Оплата картой или переводом", "Жалобы читаем в тот же день", "привет"},
		"uk": {"Здаємо сервери в Амстердамі та Варшаві.", "Оплата карткою або переказом", "Скарги читаємо того ж дня, що й отримали"},
		"zh": {"我们的服务器在荷兰，支持多种付款方式。", "VPS 香港 CN2 线路，客户可以随时联系"},
		"ru-latin": {
			"Prodam servera v Gollandii, oplata tolko btc, pishite v lichku", "u nas mozhno vse, abuzy ne chitaem", "rabotaem bez vyhodnyh, est skidki dlya postoyannyh klientov",
		},
		"": {
			"", "12 EUR 4 GB", "VPS", "AS64500 192.0.2.0/24", "Affittiamo server virtuali ad Amsterdam per le aziende che non sono piccole.", "こんにちは、サーバーはオランダにあります。",
			"Vi hyr ut servrar i Amsterdam och det är inte dyrt för dig.", "서버는 네덜란드에 있습니다", "Οι διακομιστές μας βρίσκονται στην Ολλανδία",
		},
	} {
		for _, text := range texts {
			if got := guessLang(text); got != want {
				t.Errorf("guessLang(%q) = %q, want %q", text, got, want)
			}
		}
	}
}

func FuzzGuessLang(f *testing.F) {
	f.Add("Wij verhuren servers")
	f.Add("\xff\xd0")
	f.Fuzz(func(t *testing.T, text string) {
		if got := guessLang(text); utf8.RuneCountInString(got) > 8 {
			t.Fatal(got)
		}
	})
}

func BenchmarkGuessLang(b *testing.B) {
	text := strings.Repeat(ordinaryText, 3)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		guessLang(text)
	}
}
