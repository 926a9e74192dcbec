package extract

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// entity is a name with a legal form: "Northern Rack Ltd", «ООО "Берег"».
type entity struct {
	name        string
	form        string
	iso         string // of the only country with this form, or ""
	start, end  int
	first, last int // tokens
}

// legalForms maps forms to the one country whose law knows them, "" for several. Forms that stand before the name are
// in leadingForms.
var legalForms = map[string]string{
	"Ltd.": "", "Ltd": "", "LTD": "", "LTD.": "", "Limited": "", "LIMITED": "", "LLC": "", "L.L.C.": "", "LLP": "GB", "L.L.P.": "GB", "Inc.": "", "Inc": "", "INC": "", "INC.": "",
	"Incorporated": "", "Corp.": "", "Corp": "", "CORP": "", "CORP.": "", "Corporation": "", "PLC": "GB", "plc": "GB", "S.A.": "", "SA": "", "S.A": "", "S.R.L.": "", "SRL": "", "S.r.l.": "IT", "SARL": "",
	"S.A.R.L.": "", "S.à r.l.": "LU", "SAS": "", "S.A.S.": "", "SASU": "FR", "EURL": "FR", "S.L.": "ES", "SL": "ES", "S.L.U.": "ES", "SLU": "ES", "B.V.": "NL", "BV": "", "b.v.": "NL", "N.V.": "", "NV": "",
	"V.O.F.": "NL", "VOF": "NL", "v.o.f.": "NL", "U.A.": "NL", "GmbH": "DE", "gGmbH": "DE", "GmbH & Co. KG": "DE", "UG": "DE", "UG (haftungsbeschränkt)": "DE", "AG": "", "KG": "", "eG": "DE", "e.G.": "DE", "e.K.": "DE", "OHG": "DE", "GbR": "DE",
	"OÜ": "EE", "Oü": "EE", "UAB": "LT", "SIA": "LV", "Oy": "FI", "OY": "FI", "AB": "SE", "ApS": "DK", "A/S": "DK", "ehf.": "IS", "ehf": "IS", "hf.": "IS", "EOOD": "BG", "OOD": "BG", "ЕООД": "BG", "ООД": "BG",
	"d.o.o.": "", "doo": "", "D.O.O.": "", "DOO": "", "s.r.o.": "", "S.R.O.": "", "Kft.": "HU", "Kft": "HU", "Zrt.": "HU", "Sp. z o.o.": "PL", "sp. z o.o.": "PL", "Sp. z o. o.": "PL", "SP. Z O.O.": "PL", "Sp. k.": "PL",
	"Pty Ltd": "AU", "Pty. Ltd.": "AU", "Pty Ltd.": "AU", "PTY LTD": "AU", "(Pty) Ltd": "", "(PTY) LTD": "", "Pte Ltd": "SG", "Pte. Ltd.": "SG", "PTE LTD": "SG", "PTE. LTD.": "SG", "Sdn Bhd": "MY", "Sdn. Bhd.": "MY",
	"FZE": "AE", "FZCO": "AE", "FZ-LLC": "AE", "FZC": "AE", "DMCC": "AE", "IBC": "", "BVBA": "BE", "SPRL": "BE", "Ltda": "", "Ltda.": "", "LTDA": "", "Lda": "PT", "Lda.": "PT", "S.A. de C.V.": "MX", "JSC": "", "Foundation": "",
	"eenmanszaak": "NL", "Ltd. Şti.": "TR", "Ltd Şti": "TR", "LTD. ŞTİ.": "TR", "A.Ş.": "TR", "AŞ": "TR", "K.K.": "JP", "Co., Ltd.": "", "Co. Ltd.": "", "Co., Ltd": "", "Co. Ltd": "", "Company Limited": "", "S.P.A.": "IT", "S.p.A.": "IT", "LP": "", "L.P.": "",
	"MMC": "AZ", "SAL": "LB", "S.A.L.": "LB", "Anstalt": "LI", "Establishment": "LI", "Business Company": "", "Global Business Company": "MU", "Pvt. Ltd.": "IN", "Pvt Ltd": "IN", "Pvt. Ltd": "IN", "PVT LTD": "IN", "Private Limited": "", "PLLC": "US",
	"Sàrl": "", "S.à r.l": "LU", "SÀRL": "", "Лтд": "", "Лтд.": "", "ЛТД": "", "Лимитед": "", "Инк": "", "Инк.": "", "MChJ": "UZ", "ШПК": "", "SpA": "", "EIRL": "", "Sociedad Anónima": "", "Sociedade Anônima": "BR", "d.d.": "", "A.D.": "", "JDOO": "HR", "j.d.o.o.": "HR", "Tmi": "FI", "IKE": "GR",
	"ՍՊԸ": "AM", "Sp.z o.o.": "PL", "sp. z o. o.": "PL", "Spółka z o.o.": "PL", "Ltd. Sti.": "TR", "Ltd Sti": "TR", "Intl. Ltd.": "", "P.S.C.": "", "L.L.C-FZ": "AE", "ТОВ": "UA", "ООО": "",
}

// leadingForms stand before the name.
var leadingForms = map[string]string{
	"ООО": "RU", "ОАО": "RU", "ЗАО": "RU", "ПАО": "RU", "АО": "", "ИП": "RU", "ТОО": "KZ", "ОсОО": "KG", "ТОВ": "UA", "ФОП": "UA", "ПП": "UA", "ЧУП": "BY", "ЧП": "", "ОДО": "BY", "ТДВ": "UA",
	"UAB": "LT", "SIA": "LV", "OÜ": "EE", "OOO": "RU", "TOO": "KZ", "TOV": "UA", "FOP": "UA", "Công ty TNHH": "VN", "OsOO": "KG", "შპს": "GE", "ЖШС": "KZ", "ЖЧК": "KG", "МЧЖ": "UZ", "PT": "ID", "Stichting": "NL", "Coöperatie": "NL", "Fundación": "", "Fundacion": "", "Fundação": "", "Stiftung": "",
	"Общество с ограниченной ответственностью": "RU", "Индивидуальный предприниматель": "RU", "Товарищество с ограниченной ответственностью": "KZ",
	"Товариство з обмеженою відповідальністю": "UA", "Фізична особа-підприємець": "UA",
}

// hanForms end a name in Han characters.
var hanForms = [...]string{"股份有限公司", "有限责任公司", "有限責任公司", "有限公司", "株式会社"}

// formIndex holds the forms by first byte, longest first, and the pairs of bytes with which they begin.
type formIndex struct {
	lists [256][]string
	pairs [1024]uint64
}

var (
	trailingIndex = indexForms(legalForms)
	leadingIndex  = indexForms(leadingForms)
)

func indexForms(forms map[string]string) *formIndex {
	x := new(formIndex)
	for f := range forms {
		x.lists[f[0]] = append(x.lists[f[0]], f)
		x.mark(f)
	}
	for _, list := range x.lists {
		slices.SortFunc(list, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	}
	return x
}

func (x *formIndex) mark(form string) {
	x.pairs[int(form[0])<<2|int(form[1]>>6)] |= 1 << (form[1] & 63)
}

// at returns the form that stands at byte i as a word, or "".
func (x *formIndex) at(text string, i int) string {
	if i+1 >= len(text) || x.pairs[int(text[i])<<2|int(text[i+1]>>6)]>>(text[i+1]&63)&1 == 0 {
		return ""
	}
	for _, f := range x.lists[text[i]] {
		if !strings.HasPrefix(text[i:], f) {
			continue
		}
		r, _ := utf8.DecodeRuneInString(text[i+len(f):])
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) || i+len(f) == len(text) {
			return f
		}
	}
	return ""
}

// maxEntities bounds the companies that are read of one text.
const maxEntities = 300

// findEntities returns the names with a legal form in a text, in order.
func findEntities(text string, tokens []idToken) []entity {
	var out []entity
	for i := 0; i < len(tokens) && len(out) < maxEntities; i++ {
		t := tokens[i]
		if r, _ := utf8.DecodeRuneInString(t.fold); unicode.Is(unicode.Han, r) {
			if e, ok := hanEntity(text, t, i); ok {
				out = append(out, e)
			}
			continue
		}
		if f := leadingIndex.at(text, t.start); f != "" {
			if e, ok := leadingEntity(text, tokens, i, f); ok {
				out = append(out, e)
				i = max(i, e.last)
				continue
			}
		}
		at := t.start
		if at > 0 && text[at-1] == '(' && trailingIndex.at(text, at-1) != "" {
			at--
		}
		if f := trailingIndex.at(text, at); f != "" && i > 0 {
			if e, ok := trailingEntity(text, tokens, i, at, f); ok && (len(out) == 0 || e.start >= out[len(out)-1].end) {
				out = append(out, e)
				i = max(i, e.last)
			}
		}
	}
	return out
}

// trailingEntity reads the name before a form: up to six capitalised words.
func trailingEntity(text string, tokens []idToken, i, at int, form string) (entity, bool) {
	e := entity{form: form, iso: legalForms[form], end: at + len(form), first: i, last: i}
	for e.last+1 < len(tokens) && tokens[e.last+1].start < e.end {
		e.last++
	}
	end := at
	bracket := false // within a bracket of the name: "Teal Holdings (Bahamas) Ltd"
	for k := i - 1; k >= 0 && i-k <= 7; k-- {
		t := tokens[k]
		gap := text[t.end:end]
		switch {
		case end == at && (gap == ") " || gap == "）") && k > 0:
			gap, bracket = " ", true
		case bracket && strings.HasSuffix(gap, "("):
			gap, bracket = gap[:len(gap)-1], false
		}
		if len(gap) > 4 || strings.Trim(gap, " .,-&'’\"»”“\u00a0") != "" || strings.Contains(gap, ",") && (end != at || form == "LP") ||
			strings.Contains(gap, ". ") && !abbreviated(t.fold) {
			break
		}
		if !t.upper {
			if !connector(t.fold) || k == 0 || !tokens[k-1].upper || end == at {
				break
			}
		}
		if t.upper && startsNoName(t.fold) {
			break
		}
		e.first, end = k, t.start
	}
	for e.first < i-1 && len(tokens[e.first].fold) == 4 && allDigits(tokens[e.first].fold) { // "© 2026 Name Ltd"
		e.first++
	}
	for e.first < i-1 && !tokens[e.first].upper && connector(tokens[e.first].fold) {
		e.first++
	}
	if e.first == i || allDigits(tokens[e.first].fold) && e.first == i-1 {
		return e, false
	}
	e.start = tokens[e.first].start
	e.name = tidyName(text[e.start:e.end])
	return e, true
}

// connector lists the small words that stand within names.
func connector(w string) bool {
	switch w {
	case "and", "of", "de", "du", "des", "la", "le", "del", "van", "von", "der", "den", "und", "en", "et", "y", "e", "i", "и", "the", "for", "voor":
		return true
	}
	return false
}

// startsNoName lists capitalised words before a name that are no part of it.
func startsNoName(w string) bool {
	switch w {
	case "the", "our", "we", "die", "der", "das", "de", "het", "company", "firma", "firm", "by", "at", "from", "with", "of", "and", "in", "is", "a", "an", "contact",
		"copyright", "terms", "about", "unsere", "onze", "wij", "empresa", "societe", "компания", "фирма", "our company", "operator", "owner", "welcome", "legal", "entity", "since", "if", "when",
		"under", "ab", "for", "to", "this", "wir", "i", "impressum", "anbieter", "betreiber", "invoice", "payment", "post", "us", "компанія", "юрлицо", "счет", "named", "called", "name", "we're", "i'm", "it's", "that's", "formerly", "former", "previously", "ehemals", "voorheen", "бывшее", "бывшая":
		return true
	}
	return false
}

func abbreviated(w string) bool {
	switch w {
	case "intl", "co", "st", "dr", "mr", "bros", "int", "pty", "pte", "gebr", "g", "j", "a", "m":
		return true
	}
	return utf8.RuneCountInString(w) == 1
}

// leadingEntity reads the name after a form: in quotes, or up to four capitalised words.
func leadingEntity(text string, tokens []idToken, i int, form string) (entity, bool) {
	e := entity{form: form, iso: leadingForms[form], start: tokens[i].start, first: i}
	rest := tokens[i].start + len(form)
	k := i
	for k+1 < len(tokens) && tokens[k+1].start < rest {
		k++
	}
	open := strings.TrimLeft(text[rest:min(rest+4, len(text))], " \u00a0")
	quoted := false
	if r, n := utf8.DecodeRuneInString(open); strings.ContainsRune("«\"„“'‘", r) && n > 0 {
		quoted = true
		from := strings.Index(text[rest:], open[:n]) + rest + n
		if stop := strings.IndexAny(text[from:min(from+120, len(text))], "»\"”“'’\n"); stop > 0 {
			e.end = from + stop
			_, size := utf8.DecodeRuneInString(text[e.end:])
			e.end += size
		}
	}
	for count := 0; !quoted && k+1 < len(tokens) && count < 4; count++ {
		t := tokens[k+1]
		if !t.upper || unicode.IsDigit(rune(t.fold[0])) || strings.Trim(text[max(rest, tokens[k].end):t.start], " .-&\u00a0") != "" || t.capitals && len(t.fold) <= 2 {
			break
		}
		k++
		e.end = t.end
	}
	if e.end == 0 {
		return e, false
	}
	for k+1 < len(tokens) && tokens[k+1].end <= e.end {
		k++
	}
	if tail := strings.TrimLeft(text[e.end:], " "); strings.HasPrefix(tail, "U.A.") {
		e.end = len(text) - len(tail) + len("U.A.")
		for k+1 < len(tokens) && tokens[k+1].end <= e.end {
			k++
		}
	}
	e.last = k
	e.name = tidyName(text[e.start:e.end])
	return e, true
}

// hanEntity reads a name in Han characters that ends in a form.
func hanEntity(text string, t idToken, i int) (entity, bool) {
	run := text[t.start:t.end]
	for _, f := range hanForms {
		k := strings.Index(run, f)
		if k < 6 {
			continue
		}
		e := entity{form: f, end: t.start + k + len(f), first: i, last: i}
		from := max(0, k-48)
		for !utf8.RuneStart(run[from]) {
			from++
		}
		for _, lead := range [...]string{"公司主体是", "主体为", "公司为", "由", "是", "为", "：", "與", "与", "和"} {
			if j := strings.LastIndex(run[from:k], lead); j >= 0 && from+j+len(lead) < k-3 {
				from += j + len(lead)
			}
		}
		e.start = t.start + from
		e.name = text[e.start:e.end]
		return e, true
	}
	return entity{}, false
}

func tidyName(s string) string { return strings.Trim(oneLine(s), " ,") }
