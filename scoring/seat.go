package scoring

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"schemer"
)

//go:embed seats.tsv
var seatTable string

// seatWords finds seats of companies in text.
type seatWords struct {
	lex   *cueLexicon
	codes []string
	shell map[string]string
}

// seatsPerTrie is how many classes one trie holds.
const seatsPerTrie = 32

// seatTries returns the words of all seats, in as many tries as their number needs, built once.
var seatTries = sync.OnceValue(func() []*seatWords {
	var out []*seatWords
	for line := range strings.Lines(seatTable) {
		fields := strings.Split(strings.TrimSpace(line), "\t")
		if len(fields) != 3 || strings.HasPrefix(line, "#") {
			continue
		}
		if len(out) == 0 || len(out[len(out)-1].codes) == seatsPerTrie {
			out = append(out, &seatWords{lex: &cueLexicon{nodes: make([]cueNode, 1)}, shell: map[string]string{}})
		}
		last := out[len(out)-1]
		for word := range strings.SplitSeq(fields[2], ";") {
			last.lex.insert(strings.TrimSpace(word), cue(len(last.codes)))
		}
		last.codes = append(last.codes, fields[0])
		last.shell[fields[0]] = fields[1]
	}
	return out
})

// shellSeat is how much a seat is used by shell companies: H, M, L, "-" or "".
func shellSeat(code string) string {
	for _, tries := range seatTries() {
		if s, ok := tries.shell[code]; ok {
			return s
		}
	}
	return ""
}

// formCountry is the country of a legal form that only one uses; forms of several countries have none.
var formCountry = map[string]string{
	"gmbh": "DE", "ug": "DE", "eg": "DE", "bv": "NL", "nv": "NL", "eenmanszaak": "NL", "vof": "NL", "coöperatie": "NL", "llp": "GB", "sarl": "FR", "sas": "FR", "sasu": "FR", "oü": "EE",
	"sia": "LV", "uab": "LT", "ehf": "IS", "hf": "IS", "doo": "HR", "kft": "HU", "eood": "BG", "еоод": "BG", "aps": "DK", "oy": "FI", "ооо": "RU", "оао": "RU",
	"зао": "RU", "тоо": "KZ", "тов": "UA", "фоп": "UA", "fze": "AE", "fzco": "AE", "fzllc": "AE", "lda": "PT", "ltda": "BR", "eireli": "BR", "spzoo": "PL", "pvt": "IN", "sdn": "MY", "pte": "SG", "şti": "TR",
}

// sharedForms are the legal forms that many countries use.
var sharedForms = map[string]bool{
	"ltd": true, "limited": true, "llc": true, "inc": true, "corp": true, "corporation": true, "ag": true, "sa": true, "srl": true, "plc": true, "ibc": true, "foundation": true, "lp": true,
	"genossenschaft": true, "gbr": true, "pty": true, "kg": true, "sl": true, "slu": true, "ип": true, "ао": true, "пао": true, "ab": true, "as": true, "sro": true, "spółka": true, "aş": true,
	"fz": true, "ou": true, "holdings": true, "holding": true, "trust": true,
}

// registerWords say that a company is registered or seated somewhere; lawWords that a law or court governs; the others
// are weaker talk of a company. They are stems in folded text.
var (
	registerWords = stems(`incorporated; registered in; registered at; registered office; registered address; registered by; registry; company register; company no; company number; reg. no; formed in; legal seat; legal address; legal entity; seat:; seat of; domiciled
 | ingeschreven; gevestigd; statutair; handelsregister; handelsnaam | firmensitz; sitz der; sitz in; sitz ist; sitz:; registriert in; eingetragen; ansässig; handelsregister | immatricul; enregistrée; enregistré; siège; domicilié
 | registrada; registrado; constituida; constituída; domicilio social; domicilio legal; sede en; sede em; sede:; sediada; razón social; razão social | zarejestrowan; siedzib | kayıtlı; merkezi; merkezimiz; tescil
 | зарегистрир; юридическ; юрлиц; юр. лиц; юр. адрес; зареєстр; юридичн; юрособ | 注册; 公司主体; 主体`)
	lawWords = stems(`laws of; law of; law applies; governed by; jurisdiction; courts of; courts at | gerichtsstand; es gilt das recht; recht von; recht der | recht van; rechtbank | droit applicable; le droit; tribunaux | ley aplicable; leyes de; jurisdicción; tribunales | lei aplicável; leis de; foro de | prawo; sąd właściwy | hukuku; mahkemeleri
 | юрисдикц; законодательств; право | законодавств | 法律; 管辖; 司法`)
	companyWords = stems(`company; corp; firm; offshore; paper; papers; flag; shell; office; entity; based in; headquarter | bedrijf; firma; kantoor; vennootschap | gesellschaft; büro; unternehmen | société; entreprise; pavillon; bureau; basée | empresa; sociedad; sociedade; oficina; escritório; compañía; companhia | spółka; biuro | şirket; ofis
 | компани; фирм; контор; офшор; офис; компані; фірм; офіс | 公司; 离岸`)
)

// stems reads a list of stems parted by semicolons and bars.
func stems(list string) []string {
	var out []string
	for _, stem := range strings.FieldsFunc(list, func(r rune) bool { return r == ';' || r == '|' }) {
		if stem = strings.TrimSpace(foldText(stem)); stem != "" {
			out = append(out, stem)
		}
	}
	return out
}

// companyTalk grades how plainly folded text speaks of a company, and where: 4 by a legal form, 3 by words of a
// register or seat, 2 by law, 1 by a word for a firm, 0 not. The form's country is "" when several use it.
func companyTalk(folded string) (strength, at int, form string) {
	compact := strings.NewReplacer("b.v.", "bv", "n.v.", "nv", "s.a.r.l.", "sarl", "s.r.l.", "srl", "s.a.", "sa", "s.l.", "sl", "d.o.o.", "doo", "u.a.", "ua", "sp. z o.o.", "spzoo", "s.r.o.", "sro", "a.ş.", "aş", "l.l.c.", "llc").Replace(folded)
	for _, w := range strings.FieldsFunc(compact, func(r rune) bool { return strings.ContainsRune(" ,.;:()[]«»\"„“”*|\n/-", r) }) {
		country, own := formCountry[w]
		if own || sharedForms[w] {
			at = max(0, strings.Index(folded, w[:1]+w[1:]))
			if at == 0 {
				at = max(0, strings.Index(folded, string([]rune(w)[:1])+"."))
			}
			return 4, at, country
		}
	}
	if strings.Contains(folded, "有限公司") {
		return 4, strings.Index(folded, "有限公司"), ""
	}
	for i, list := range [][]string{registerWords, lawWords, companyWords} {
		for _, stem := range list {
			if at := wordIndex(folded, stem); at >= 0 {
				return 3 - i, at, ""
			}
		}
	}
	return 0, 0, ""
}

// wordIndex finds a stem at a word's start; Chinese ones anywhere.
func wordIndex(folded, stem string) int {
	for from := 0; ; {
		at := strings.Index(folded[from:], stem)
		if at < 0 {
			return -1
		}
		at += from
		before, _ := utf8.DecodeLastRuneInString(folded[:at])
		if at == 0 || hasHan(stem) || !unicode.IsLetter(before) && !unicode.IsDigit(before) {
			return at
		}
		from = at + len(stem)
	}
}

// placeNear returns the country named nearest to a place in folded text, rather after it than before; "" when none.
func placeNear(folded string, anchor int) (country string, distance int) {
	found, best := "", 1<<30
	for _, word := range wordStarts(folded) {
		for _, tries := range seatTries() {
			set := tries.lex.match(folded[word:])
			for i, code := range tries.codes {
				if set&(1<<i) == 0 {
					continue
				}
				distance := word - anchor
				switch {
				case distance < 0 && distance >= -formReach:
					distance = -distance / 2 // "Dubai paper", "a Belizean company"
				case distance < 0:
					distance = -2 * distance
				}
				if distance < best {
					found, best = code, distance
				}
			}
		}
	}
	return found, best
}

// seatRoles order pages by how much weight a claim of a seat on them has.
var seatRoles = map[string]int{"legal": 6, "terms": 5, "about": 4, "contact": 4, "privacy": 3, "aup": 3, "home": 3}

// seatClaim is a seat as one passage claims it.
type seatClaim struct {
	country  string
	words    string
	strength int
}

// formReach is how many bytes after a legal form of one country a place of another still is its seat.
const formReach = 24

// addressLines is how many short lines after a company's name are read as its address.
const addressLines = 4

// seatClaims finds the seats that a text claims. A name with a legal form or a word of registration reaches over the short
// lines of an address below it.
func seatClaims(text string) []seatClaim {
	var out []seatClaim
	sentences := splitSentences(text)
	for i, sentence := range sentences {
		folded := foldText(sentence)
		strength, anchor, form := companyTalk(folded)
		if strength == 0 {
			continue
		}
		words := sentence
		country, distance := placeNear(folded, anchor)
		if form != "" && country != form && distance > formReach {
			country = form // the place is that of machines or customers
		}
		for k := i + 1; country == "" && strength >= 3 && k <= i+addressLines && k < len(sentences) && len(sentences[k]) <= 80; k++ {
			country, _ = placeNear(foldText(sentences[k]), 0)
			words = sentence + " " + sentences[k]
			if country != "" && !strings.Contains(text, words) {
				words = sentences[k]
			}
		}
		switch {
		case strength == 1 && distance > formReach:
		case country != "":
			out = append(out, seatClaim{country, words, strength})
		case form != "":
			out = append(out, seatClaim{form, sentence, 1})
		}
	}
	return out
}

// seat returns the country of the seat that the seller claims, and the words that claim it: the plainest claim on the most
// legal of its current pages; for a seller without one, what its own posts say of its company.
func (w *world) seat(e *entity) (country, claim string) {
	best := -1
	take := func(code, words string, rank int) {
		if code != "" && rank > best {
			country, claim, best = code, strings.TrimSpace(words), rank
		}
	}
	for _, s := range e.sites {
		for _, p := range s.pages {
			rank := seatRoles[p.post.Role]
			if p.past() {
				rank -= 30
			}
			if id := p.post.Identity; id != nil && id.Country != "" {
				take(id.Country, id.Claim, 60+rank)
			}
			for _, c := range seatClaims(p.post.Text) {
				take(c.country, c.words, 20+10*c.strength+rank)
			}
		}
	}
	if best >= 0 {
		return country, claim
	}
	for _, t := range e.self {
		if t.isPage() {
			continue
		}
		for _, c := range seatClaims(t.post.Text + "\n" + t.post.Signature) {
			take(c.country, c.words, c.strength)
		}
	}
	if best < 0 {
		country, claim = w.toldSeat(e)
	}
	return country, claim
}

// toldSeat is the seat that a directory gives for a seller that gives none itself: the first line that names only it and
// speaks of a company.
func (w *world) toldSeat(e *entity) (country, claim string) {
	if w.toldSeats == nil {
		w.toldSeats = map[*entity]seatClaim{}
		for _, t := range w.census.traces {
			if t.post.SourceKind != schemer.KindDirectory || !t.isPage() || t.past() {
				continue
			}
			for line := range strings.Lines(t.post.Text) {
				about := w.names.only(line)
				if _, known := w.toldSeats[about]; about == nil || known {
					continue
				}
				if claims := seatClaims(line); len(claims) > 0 {
					w.toldSeats[about] = seatClaim{claims[0].country, strings.TrimSpace(line), 0}
				}
			}
		}
	}
	told := w.toldSeats[e]
	return told.country, told.words
}

// jurisdiction adds a little for a seat that shell companies favour; never more than the cap of its family.
func (v *verdict) jurisdiction(code string) {
	if v.grade != schemer.GradeOpen && v.grade != schemer.GradeHint {
		return
	}
	switch shellSeat(code) {
	case "H":
		v.add("offshore_seat", 30, "seat claimed in "+code+", a seat that shell companies favour")
	case "M":
		v.add("offshore_seat", 15, "seat claimed in "+code+", a seat that shell companies use")
	}
}
