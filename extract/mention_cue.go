package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// cueKind is what a word announces.
type cueKind uint8

const (
	cueNone cueKind = iota
	cueTelegram
	cueChannel // a channel of some messenger: Telegram's, when an @name follows
	cueJabber
	cueTox
	cueSession
	cueICQ
	cueDiscord
	cueWhatsApp
	cueSignal
	cueOther   // another network with @names
	cueContact // how to reach somebody: an @name right after it is Telegram's
	cueMail
	cueWallet
	cueKey
	cueVersion
	cuePhone
	cueASN
	cueDot
	cueCompany
	cueKinds
)

// cueMeaning is what a word announces; label names the register of a company number.
type cueMeaning struct {
	kind  cueKind
	label string
}

// cueList holds the words that announce an identifier, in the languages of our sources, with the forms that stand
// before one.
var cueList = map[cueKind]string{
	cueTelegram: "telegram telegramm telega tg tgk telegramie telegrama телеграм телеграмм телеграме телеграмме телеграму телеграма телеграмм телеграмі " +
		"телеграммі телега телеге телегу телеги телегой телезі тг тгк тележка тележку тєлєга телегі",
	cueChannel:  "channel kanaal kanal canal kanał kanalı канал канале канала каналі chaîne",
	cueJabber:   "jabber xmpp jid jabb жаба жабу жабе жабы жабер жаббер жабера джаббер джабер джаббера жабі жабка",
	cueTox:      "tox qtox utox toxid токс токсе qtoxid",
	cueSession:  "session sessionid сессион сешн",
	cueICQ:      "icq uin аська аську аське аськи аси уин айсикью",
	cueDiscord:  "discord дискорд дискорде діскорд",
	cueWhatsApp: "whatsapp whatsap watsapp wapp ватсап ватсапп вотсап вотсапп вацап вотсапе ватсапе вайбер viber",
	cueSignal:   "signal сигнал сигнале",
	cueOther: "twitter instagram insta facebook github gitlab mastodon skype wickr threema wire keybase youtube vk вк вконтакте linkedin bluesky tiktok " +
		"reddit twitch slack скайп фейсбук ютуб fediverse icann",
	cueContact: "поддержка поддержке поддержку саппорт контакт контакты связь связи пишите пиши писать заказ заказать заказа менеджер менеджеру оператор админ вопросам підтримка пишіть " +
		"замовлення contact contacts support sales orders order kontakt contacto contato verkoop bestellen vendas ventas destek iletişim suporte soporte",
	cueMail: "mail email mailto emailadres emails mails почта почту почте почты почтой мыло емейл имейл емайл мейл пошта пошту пошті courriel correo poczta " +
		"posta eposta pocztą mailadres",
	cueWallet: "btc bitcoin bitcoins биткоин биткоины биткойн xmr monero монеро eth ethereum эфир ltc litecoin лайткоин doge dogecoin usdt trc20 erc20 tether " +
		"trx tron wallet wallets кошелек кошелёк кошель гаманець гаманця portemonnee cartera carteira portfel cüzdan portefeuille geldbörse donate donations",
	cueKey:     "pgp gpg openpgp fingerprint отпечаток відбиток vingerafdruk fingerabdruck empreinte huella odcisk",
	cueVersion: "version versie versión versão wersja версия версии версія ver firmware kernel release build",
	cuePhone:   "tel tél telefoon telefon téléphone teléfono telefone phone fon mob mobile mobiel handy тел телефон моб fax faks факс telephone telefoonnummer",
	cueASN:     "asn as",
	cueDot:     "dot punt punkt point punto ponto kropka nokta точка крапка",
}

// registerList maps the names of registers and tax numbers to how we write them.
var registerList = map[string]string{
	"KvK": "kvk kvknummer", "HRB": "hrb", "HRA": "hra", "GnR": "gnr", "IBC": "ibc", "INN": "инн inn", "OGRN": "огрн ogrn", "OGRNIP": "огрнип ogrnip",
	"EDRPOU": "єдрпоу едрпоу edrpou", "BIN": "бин бін bin", "UNP": "унп unp", "NIP": "nip", "KRS": "krs", "REGON": "regon", "CNPJ": "cnpj", "RUC": "ruc",
	"MERSIS": "mersis", "SIREN": "siren", "SIRET": "siret", "RCS": "rcs", "VAT": "vat btw tva ust ustid mwst", "EIN": "ein", "UEN": "uen", "EIK": "eik еик",
	"CUI": "cui", "IDNO": "idno", "CIF": "cif", "NIF": "nif", "CVR": "cvr", "OIB": "oib", "ABN": "abn", "ACN": "acn", "ICO": "ičo", "STIR": "stir стир",
	"TIN": "tin", "CRN": "crn", "USCC": "uscc", "KENNITALA": "kennitala kt",
	"": "company registration registered reg register registry incorporation incorporated ondernemingsnummer handelsregisternummer handelsregister " +
		"registernummer registrikood регистрационный регистрации реестровый реєстраційний matricule folio ficha license licence",
}

var (
	cueTable = makeCueTable()
	cueMarks = makeCueMarks(cueTable)
)

func makeCueTable() map[string]cueMeaning {
	t := make(map[string]cueMeaning, 400)
	for kind, words := range cueList {
		for w := range strings.FieldsSeq(words) {
			t[w] = cueMeaning{kind: kind}
		}
	}
	for label, words := range registerList {
		for w := range strings.FieldsSeq(words) {
			t[w] = cueMeaning{cueCompany, label}
		}
	}
	return t
}

// makeCueMarks notes for every beginning which lengths a cue that begins so can have, so that most words need no
// look-up.
func makeCueMarks(table map[string]cueMeaning) *[cueSlots]uint32 {
	marks := new([cueSlots]uint32)
	for w := range table {
		r, n := utf8.DecodeRuneInString(w)
		for _, first := range [...]rune{r, unicode.ToUpper(r)} {
			marks[cueIndex(string(first)+w[n:])] |= 1 << min(len(w), 31)
		}
	}
	return marks
}

// cueIndex is a number below cueSlots for the beginning of a word of two bytes or more, in either case: its first two
// ASCII letters, or a mix of its first two letters of two bytes.
func cueIndex[T string | []byte](s T) int {
	if s[0] < 0x80 {
		return int(s[0]&31)<<5 | int(s[1]&31)
	}
	first, second := smallWide(s[0], s[1]), 0
	if len(s) > 3 && s[2] >= 0x80 {
		second = smallWide(s[2], s[3])
	}
	return 1024 + (first*67^second*5)&4095
}

// cueSlots is the number of beginnings that are told apart.
const cueSlots = 1024 + 4096

// smallWide is the small letter of a letter of two bytes, for Cyrillic; others come as they are.
func smallWide(a, b byte) int {
	r := int(a&31)<<6 | int(b&63)
	if r >= 0x410 && r < 0x430 {
		return r + 0x20
	}
	if r >= 0x400 && r < 0x410 {
		return r + 0x50
	}
	return r
}

// cueWord looks up a word and does what it announces.
func (f *mentionFinder) cueWord(start, end int, mixed bool) {
	var m cueMeaning
	var ok bool
	if f.s[start] < utf8.RuneSelf && !mixed {
		var buf [32]byte
		w := append(buf[:0], f.s[start:min(end, start+len(buf))]...)
		for i, c := range w {
			if c >= 'A' && c <= 'Z' {
				w[i] = c | 0x20
			}
		}
		m, ok = cueTable[string(w)]
	} else {
		m, ok = cueTable[strings.ToLower(f.s[start:end])]
	}
	if !ok && mixed {
		low := strings.ToLower(f.s[start:end])
		if m, ok = cueTable[foldLookalikes(low)]; !ok {
			m, ok = cueTable[foldToCyrillic(low)]
		}
	}
	if !ok || end < f.done {
		return
	}
	switch m.kind {
	case cueCompany:
		f.companyNumber(end, m.label)
		return
	case cueDot:
		f.dotWord(start, end)
		return
	case cueASN:
		f.spacedASN(start, end)
		return
	}
	f.cues[m.kind] = end
	switch m.kind {
	case cueTelegram, cueDiscord, cueJabber, cueTox, cueSession, cueICQ, cueWhatsApp, cueSignal, cueOther:
		f.cue = m.kind
	case cueChannel:
		if f.cue != cueOther || !f.near(cueOther, start, 40) {
			f.cue = cueChannel
		}
	}
	switch m.kind {
	case cueTelegram:
		f.bareTelegram(end)
	case cueDiscord:
		f.bareDiscord(end)
	case cueICQ:
		f.icq(end)
	case cuePhone, cueWhatsApp:
		f.announcedPhone(end, m.kind)
	case cueTox, cueSession:
		f.announcedKey(end, m.kind)
	case cueWallet:
		f.announcedWallet(end)
	}
}

// hanCue looks at a Chinese character that may begin a word that announces a messenger: the run has no blanks to cut
// it at.
func (f *mentionFinder) hanCue(i int) {
	for _, w := range [...]string{"电报", "電報", "飞机", "飛機"} {
		if strings.HasPrefix(f.s[i:], w) {
			end := i + len(w)
			f.cues[cueTelegram], f.cue = end, cueTelegram
			f.bareTelegram(end)
			return
		}
	}
	for _, w := range [...]string{"邮箱", "郵箱", "邮件"} {
		if strings.HasPrefix(f.s[i:], w) {
			f.cues[cueMail] = i + len(w)
		}
	}
	for _, w := range [...]string{"统一社会信用代码", "注册号", "公司编号", "公司編號", "商业登记", "商業登記", "注册编号"} {
		if strings.HasPrefix(f.s[i:], w) {
			f.companyNumber(i+len(w), "USCC")
		}
	}
}

// dotWord looks at a bare word for a dot between two words: "northernrack dot example".
func (f *mentionFinder) dotWord(start, end int) {
	s := f.s
	if start < 2 || s[start-1] != ' ' || !isLabel(s[start-2]) || end+2 >= len(s) || s[end] != ' ' || !isLabel(s[end+1]) || start-2 < f.done {
		return
	}
	left := f.labelStart(start - 1)
	switch strings.ToLower(s[left : start-1]) {
	case "the", "a", "this", "one", "red", "first", "every", "connect", "polka", "that", "green", "black", "blue", "last", "de", "het", "een", "le", "el", "der", "o":
		return
	}
	h, ok := f.readHost(left, true)
	if !ok || h.name == "" || !spokenTLD(h.name[strings.LastIndexByte(h.name, '.')+1:]) {
		return
	}
	f.hostFrom(left, true)
}

// wordDot reads " dot " at i and returns its end, or -1.
func (f *mentionFinder) wordDot(i int) int {
	s := f.s
	if i+4 >= len(s) || s[i] != ' ' {
		return -1
	}
	end := i + 1
	for end < len(s) && end < i+16 && isLabel(s[end]) {
		end++
	}
	if end+1 >= len(s) || s[end] != ' ' || !isDotWord(strings.ToLower(s[i+1:end])) {
		return -1
	}
	return end + 1
}

// spokenTLD lists the top-level domains that are believed when a dot is only said: none that is an English word.
func spokenTLD(tld string) bool {
	switch tld {
	case "com", "net", "org", "info", "biz", "io", "ru", "su", "cc", "nl", "de", "eu", "ua", "kz", "by", "md", "ch", "li", "ws", "pw", "xyz", "top", "host",
		"online", "site", "store", "shop", "club", "cn", "hk", "pl", "fr", "es", "se", "lv", "lt", "ee", "ro", "bg", "sc", "onion", "i2p", "example", "test":
		return true
	}
	return false
}
