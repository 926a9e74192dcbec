package extract

import (
	"net/url"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// pageRole tells what a page of somebody's own site is for, by the words of its address, its title and its headings, in
// eleven languages: home, terms, aup, abuse, dmca, faq, about, contact, legal, privacy, pricing, locations, blog, kb,
// or other. The address counts most: it is chosen by whoever built the site, a heading may be a joke. Only when all of
// them are silent do the opening words of the text decide.
func pageRole(rawURL, title string, headings []string, text string) string {
	segments := pathSegments(rawURL)
	if isRoot(segments) {
		return "home"
	}
	if collection := collectionOf(segments); collection != "" {
		return collection
	}
	var score [len(roleWords)]float64
	for k, s := range segments {
		weight := 1.5
		if k == len(segments)-1 {
			weight = 3
		}
		addRoles(&score, s, weight)
	}
	addRoles(&score, strings.ToLower(title), 2)
	for k, h := range headings {
		if len(h) < 120 && k < 6 {
			weight := 0.4
			if k == 0 {
				weight = 2
			}
			addRoles(&score, strings.ToLower(h), weight)
		}
	}
	best := 0
	for k := range score {
		if score[k] > score[best] {
			best = k
		}
	}
	if score[best] < 1.5 {
		score = [len(roleWords)]float64{}
		opening, _, _ := strings.Cut(text, "\n")
		if len(opening) < 80 {
			addRoles(&score, strings.ToLower(opening), 2)
		}
		for k := range score {
			if score[k] > score[best] {
				best = k
			}
		}
		if score[best] < 1.5 {
			return "other"
		}
	}
	return roleWords[best].role
}

// pathSegments returns the decoded, lower-case segments of a URL's path without the ending of a file name, and the query.
func pathSegments(rawURL string) []string {
	u, err := url.Parse(rawURL)
	if err != nil {
		return []string{strings.ToLower(rawURL)}
	}
	var out []string
	for s := range strings.SplitSeq(strings.ToLower(u.Path), "/") {
		for _, ending := range [...]string{".html", ".htm", ".php", ".aspx", ".asp", ".jsp", ".txt", ".xhtml", ".shtml"} {
			s = strings.TrimSuffix(s, ending)
		}
		if s != "" {
			out = append(out, s)
		}
	}
	if u.RawQuery != "" {
		if q, err := url.QueryUnescape(u.RawQuery); err == nil {
			out = append(out, strings.ToLower(q))
		}
	}
	return out
}

// isRoot reports whether a path is the front page, perhaps of one language.
func isRoot(segments []string) bool {
	switch len(segments) {
	case 0:
		return true
	case 1:
		switch s := segments[0]; s {
		case "index", "home", "main", "default", "start", "welcome", "glavnaya":
			return true
		default:
			return isLangCode(s)
		}
	case 2:
		return isLangCode(segments[0]) && (segments[1] == "index" || segments[1] == "home")
	}
	return false
}

func isLangCode(s string) bool {
	s, _, _ = strings.Cut(strings.ReplaceAll(s, "_", "-"), "-")
	switch s {
	case "en", "nl", "de", "fr", "es", "pt", "pl", "tr", "ru", "uk", "ua", "zh", "cn", "it", "ro", "cs", "ar", "fa", "ja", "us", "gb", "eng", "rus", "tw":
		return true
	}
	return false
}

// collectionOf recognises a page under a blog or a knowledge base, whatever it is about.
func collectionOf(segments []string) string {
	for k, s := range segments {
		if k == len(segments)-1 {
			break
		}
		switch s {
		case "blog", "news", "nieuws", "novosti", "aktuelles", "actualites", "noticias", "aktualnosci", "haberler", "articles":
			return "blog"
		case "kb", "wiki", "knowledgebase", "knowledge-base", "docs", "help", "kennisbank", "hilfe", "aide", "ayuda", "pomoc", "yardim":
			return "kb"
		}
		if len(s) == 4 && allDigits(s) && s > "1995" && s < "2100" {
			return "blog"
		}
	}
	return ""
}

// A roleIndex finds the words of roles that can stand in a text by their first three bytes; always are those of which
// the first word is shorter.
type roleIndex struct {
	bits   [128]uint64
	by     map[[3]byte][]roleWord
	always []roleWord
}

// roleWord is one word of a role and its place in the role's list.
type roleWord struct {
	role, place int
	word        string
}

var roleIndexOnce = sync.OnceValue(func() *roleIndex {
	x := &roleIndex{by: map[[3]byte][]roleWord{}}
	for role := range roleWords {
		place := 0
		for w := range strings.SplitSeq(roleWords[role].words, ",") {
			entry := roleWord{role, place, w}
			place++
			first, _, _ := strings.Cut(strings.TrimSuffix(strings.TrimPrefix(w, "^"), "="), " ")
			if len(first) < 3 {
				x.always = append(x.always, entry)
				continue
			}
			key := [3]byte{first[0], first[1], first[2]}
			x.by[key] = append(x.by[key], entry)
			h := wordHash(key[0], key[1], key[2])
			x.bits[h>>6] |= 1 << (h & 63)
		}
	}
	return x
})

// addRoles adds weight to every role of which s holds a word; the first of the role's list counts.
func addRoles(score *[len(roleWords)]float64, s string, weight float64) {
	if s == "" {
		return
	}
	var best [len(roleWords)]roleWord
	try := func(list []roleWord) {
		for _, e := range list {
			if b := best[e.role]; (b.word == "" || e.place < b.place) && hasRoleWord(s, e.word) {
				best[e.role] = e
			}
		}
	}
	x := roleIndexOnce()
	try(x.always)
	for i := 0; i+2 < len(s); i++ {
		if h := wordHash(s[i], s[i+1], s[i+2]); x.bits[h>>6]>>(h&63)&1 == 1 {
			try(x.by[[3]byte{s[i], s[i+1], s[i+2]}])
		}
	}
	for k := range best {
		if w := best[k].word; w != "" {
			score[k] += weight * (1 + float64(min(utf8.RuneCountInString(w), 12))/100)
		}
	}
}

// hasRoleWord reports whether w stands in s at the start of a word; a leading "^" in w asks for the start of s, a
// trailing "=" for the end of a word too.
// Blanks in w match any separator.
func hasRoleWord(s, w string) bool {
	w, whole := strings.CutSuffix(w, "=")
	if w, opens := strings.CutPrefix(w, "^"); opens {
		return strings.HasPrefix(s, w)
	}
	for from := 0; from+len(w) <= len(s); {
		k := indexRoleWord(s[from:], w)
		if k < 0 {
			return false
		}
		k += from
		before, _ := utf8.DecodeLastRuneInString(s[:k])
		after, _ := utf8.DecodeRuneInString(s[k+len(w):])
		han, _ := utf8.DecodeRuneInString(w)
		if unicode.Is(unicode.Han, han) || (k == 0 || !unicode.IsLetter(before)) && (!whole || k+len(w) == len(s) || !unicode.IsLetter(after)) {
			return true
		}
		_, n := utf8.DecodeRuneInString(s[k:])
		from = k + n
	}
	return false
}

// indexRoleWord is strings.Index where a blank in w matches a blank, a hyphen or an underscore.
func indexRoleWord(s, w string) int {
	first, rest, several := strings.Cut(w, " ")
	for from := 0; ; {
		k := strings.Index(s[from:], first)
		if k < 0 {
			return -1
		}
		k += from
		if !several {
			return k
		}
		if end := k + len(first); end+1+len(rest) <= len(s) && strings.IndexByte(" -_", s[end]) >= 0 && strings.ReplaceAll(strings.ReplaceAll(s[end+1:end+1+len(rest)], "-", " "), "_", " ") == rest {
			return k
		}
		from = k + 1
	}
}

// roleWords are the beginnings of words that name a role, the more particular roles first: they win a tie.
var roleWords = [...]struct{ role, words string }{
	{"dmca", "dmca,copyright,takedown,take down,notice and takedown,ntd=,auteursrecht,urheberrecht,droits d'auteur,derechos de autor,direitos autorais,prawa autorskie,telif," +
		"авторск,правообладат,авторськ,pravoobladat,版权,版權"},
	{"aup", "aup=,acceptable use,acceptable usage,fair use,house rules,rules,usage policy,use policy,speech policy,content policy,policy=,policies,gebruiksbeleid,acceptabel,huisregels,spelregels,regeln=,beleid=,richtlijn," +
		"regels,richtlinien,nutzungsrichtlin,hausordnung,hausregeln,charte,règlement,reglement,politique d'utilisation,uso aceptable,política de uso,politica de uso,normas,reglas,uso aceit," +
		"zasady,kurallar,kullanım politika,правила,pravila,правил,使用政策,使用规则,规则"},
	{"abuse", "abuse,misbruik,klacht,complain,melding,missbrauch,beschwerde,plainte,abus=,signalement,denuncia,denúncia,abuso,queja,nadużyc,naduzyc,zgłoś,zgłasz,skargi,şikayet,şikâyet,sikayet," +
		"жалоб,zhalob,абуз,скарг,skarg,зловживан,злоупотребл,投诉,投訴,滥用,举报"},
	{"privacy", "privacy,privacybeleid,datenschutz,confidentialit,privacidad,privacidade,prywatno,polityka prywat,rodo=,gdpr,gizlilik,kvkk,конфиденциальн,персональн,приватн,privatnost,конфіденц," +
		"隐私,隱私,cookie"},
	{"terms", "terms,tos=,term of,conditions,voorwaarden,kleine letter,agb=,nutzungsbedingung,geschäftsbeding,geschaeftsbeding,satzung,cgu=,cgv=,conditions générales,conditions generales,términos,terminos," +
		"condiciones,termos,condições,condicoes,regulamin,warunki,şartlar,sartlar,koşul,kosul,sözleşme,sozlesme,услови,uslovi,оферт,ofert,договор,соглашен,dogovor,умови,umovy,договір,угод,条款," +
		"协议,協議,agreement,sla="},
	{"faq", "faq,veelgestelde,vraag en antwoord,vragen=,häufige fragen,haufige fragen,haeufige,fragen=,foire aux questions,questions,preguntas,perguntas,pytania,sss=,sıkça,sikca,вопрос,vopros," +
		"чаво,питанн,常见问题,常見問題"},
	{"pricing", "pricing,price,prices,plans,packages,rates=,order=,tarieven,prijzen,prijs,pakketten,preise,preisliste,tarife,tarifs,prix=,offres,precios,tarifas,planes,preços,precos,planos,cennik," +
		"ceny=,fiyat,paket,цен,тариф,tarif,прайс,ціни,价格,價格,套餐,jiage"},
	{"locations", "location,datacenter,datacentre,data center,data centre,locatie,datacentrum,standort,rechenzentr,emplacement,centres de données,ubicacion,centros de datos,localizaç,localizac," +
		"lokalizac,lokasyon,konum,veri merkez,локац,lokac,дата центр,датацентр,дата-центр,цод=,локаці,network=,netwerk,netzwerk,réseau,reseau=,сеть=,looking glass,机房,線路,线路,xianlu"},
	{"contact", "contact,kontakt,contacto,contato,iletişim,iletisim,контакт,зв'яз,связь,svyaz,联系,聯繫,lianxi,bereikbaar,reach us,write to us"},
	{"legal", "legal,imprint,impressum,colofon,mentions légales,mentions legales,aviso legal,nota legal,nota prawna,künye,kunye,реквизит,rekvizit,реквізит,юридическ,юридичн,disclaimer,requisites," +
		"company details,bedrijfsgegevens,法律"},
	{"about", "^about,about us,over ons,wie zijn wij,wie wij zijn,über uns,ueber uns,uber uns,wer wir sind,à propos,a propos,qui sommes,quiénes somos,quienes somos,nosotros,acerca de,sobre=,quem somos,o nas=," +
		"o firmie,hakkımızda,hakkimizda,biz kimiz,о нас,о компании,o nas,o kompanii,про нас,про компанію,pro nas,关于,關於,guanyu,who we are,our story,company=,team="},
	{"kb", "kb=,knowledge base,knowledgebase,wiki,documentation,docs=,manual,howto,how to,kennisbank,handleiding,hilfe,anleitung,aide=,ayuda,ajuda,pomoc,yardım,yardim,помощь,pomosh," +
		"база знаний,база знань,справк,инструкц,інструкц,帮助,文档"},
	{"blog", "blog,news=,nieuws,aktuelles,neuigkeiten,actualités,actualites,noticias,notícias,aktualno,haberler,новост,novost,новин,新闻,博客,journal,changelog,dagboek,logboek"},
}
