package crawler

import "strings"

// pageWords are the words by which a link names a page that says how a seller deals with abuse, who he is and where he
// stands, in the languages that sellers write. They are looked for in the link's text and in its path; earlier groups
// are worth more. A word that ends in "*" may go on.
var pageWords = [][]string{
	{ // terms and acceptable use
		"terms", "tos", "aup", "acceptable use", "conditions", "rules", "fair use", "usage policy",
		"voorwaarden", "algemene voorwaarden", "gebruiksregels", "regels",
		"правила", "условия", "оферта", "умови", "pravila", "usloviya", "oferta",
		"agb", "nutzungsbedingungen", "geschäftsbedingungen", "regeln",
		"conditions générales", "cgu", "cgv", "règlement", "términos", "terminos", "condiciones", "normas",
		"termos", "condições", "regulamin", "zasady", "warunki", "şartlar", "koşullar", "kurallar", "sartlar",
		"条款", "服务条款", "使用政策", "规则", "条約",
	},
	{ // abuse and takedown
		"abuse", "dmca", "takedown", "copyright", "complaint*", "report", "misbruik", "klacht*", "абуз*", "жалоб*", "скарг*", "abuz*",
		"missbrauch", "beschwerde*", "plainte*", "signaler", "abuso", "denuncia*", "reclamaci*", "nadużyci*", "naduzyci*", "şikayet*", "kötüye kullanım",
		"投诉", "滥用", "版权",
	},
	{ // questions and answers
		"faq", "f.a.q", "help", "questions", "knowledge base", "knowledgebase", "kb", "support", "vragen", "veelgestelde vragen", "hulp",
		"вопросы", "помощь", "питання", "допомога", "чаво", "fragen", "hilfe", "aide", "questions fréquentes", "preguntas", "ayuda",
		"perguntas", "ajuda", "pytania", "pomoc", "sorular", "sss", "yardım", "常见问题", "帮助",
	},
	{ // who
		"about", "about us", "company", "legal", "imprint", "privacy", "contact*", "over ons", "bedrijf", "privacybeleid",
		"о нас", "о компании", "контакт*", "реквизиты", "про нас", "конфиденциальн*", "o-nas", "onas", "kontakt*", "über uns", "ueber uns", "impressum", "datenschutz",
		"à propos", "a propos", "qui sommes nous", "mentions légales", "mentions legales", "confidentialité", "sobre", "sobre nosotros", "quienes somos", "empresa", "aviso legal", "privacidad",
		"quem somos", "privacidade", "o nas", "firma", "hakkımızda", "hakkimizda", "iletişim", "iletisim", "gizlilik", "关于", "联系", "隐私",
	},
	{ // where and for how much
		"location*", "datacenter*", "data centers", "datacentre*", "network", "pricing", "prices", "plans", "offshore", "bulletproof", "servers", "vps", "dedicated", "hosting", "payment*",
		"locaties", "prijzen", "netwerk", "tarieven", "betaling*", "локаци*", "цен*", "тариф*", "оплат*", "серверы", "ціни", "тарифи", "standort*", "preise", "tarife", "zahlung*",
		"emplacements", "tarifs", "prix", "paiement*", "ubicaciones", "precios", "pagos", "localizações", "preços", "lokalizacje", "cennik", "ceny", "lokasyon*", "fiyat*", "价格", "机房", "位置", "支付",
	},
}

// legalRank says how soon a page of a site is worth reading by its link: the group of the first word it carries from
// 1, or 0 when it carries none. Text and path are at most a few hundred bytes; longer texts are no page names.
func legalRank(text, path string) int {
	haystack := " " + wordsOf(path) + " "
	if len(text) <= 120 {
		haystack = " " + wordsOf(text) + haystack
	}
	for i, group := range pageWords {
		for _, word := range group {
			if hasWord(haystack, word) {
				return i + 1
			}
		}
	}
	return 0
}

// wordsOf lowers s and leaves letters, digits and single spaces.
func wordsOf(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return strings.ContainsRune(" \t\r\n/-_.,:;!?()[]|+&=%~'\"«»", r)
	}), " ")
}

func hasWord(haystack, word string) bool {
	stem, open := strings.CutSuffix(word, "*")
	stem = wordsOf(stem)
	switch {
	case stem == "":
		return false
	case stem[0] >= 0xe3: // Chinese is written without spaces
		return strings.Contains(haystack, stem)
	case open:
		return strings.Contains(haystack, " "+stem)
	}
	return strings.Contains(haystack, " "+stem+" ")
}

// marketWords name boards and threads where server space is sold or sellers are talked about.
var marketWords = []string{
	"hosting", "host", "server", "servers", "vps", "vds", "dedicated", "offshore", "bulletproof", "abuse", "market", "marketplace", "sell*", "offer*", "advert*", "provider*", "vendor*", "dmca",
	"aanbied*", "aanbod", "markt", "reclame", "хостинг*", "сервер*", "продаж*", "реклам*", "рынок", "торгов*", "абуз*", "дедик*", "продаю", "послуг*", "angebot*", "marktplatz", "anbieter*",
	"offre*", "marché", "hébergement*", "oferta*", "ofert*", "mercado", "alojamiento", "hospedagem", "serwer*", "sunucu*", "satış*", "ilan*", "服务器", "主机", "出售",
}

// marketTalk says whether the text of a link promises talk about server space.
func marketTalk(text string) bool {
	haystack := " " + wordsOf(text) + " "
	for _, word := range marketWords {
		if hasWord(haystack, word) {
			return true
		}
	}
	return false
}
