package extract

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// plus looks at a plus sign: of an international telephone number.
func (f *mentionFinder) plus(i int) {
	if i < f.done || i+1 >= len(f.s) || f.s[i+1] != '(' && (f.s[i+1] < '1' || f.s[i+1] > '9') || i > 0 && (scanClasses[f.s[i-1]] == scanWord || f.s[i-1] == '+') {
		return
	}
	digits, end := f.phoneDigits(i + 1)
	if len(digits) < 8 || len(digits) > 15 || digits[0] == '0' || strings.HasSuffix(digits, "000000") && len(digits) < 10 { // "+10 000 000 users"
		return
	}
	kind := mentionPhone
	if f.cue == cueWhatsApp && f.near(cueWhatsApp, i, 40) {
		kind = mentionWhatsApp
	} else if f.cue == cueSignal && f.near(cueSignal, i, 40) {
		kind = mentionSignal
	}
	f.add(kind, "+"+digits, i, end, false)
}

// phoneDigits reads the digits of a number in groups from i on. A zero in parentheses is not dialled from abroad.
func (f *mentionFinder) phoneDigits(i int) (digits string, end int) {
	s := f.s
	var out [20]byte
	n := 0
	end = i
	for i < len(s) && n < len(out) {
		c := s[i]
		switch {
		case c >= '0' && c <= '9':
			out[n] = c
			n++
			i++
			end = i
			continue
		case strings.HasPrefix(s[i:], "(0)"):
			i += 3
			continue
		case c == ' ' || c == '-' || c == '.' || c == '/' || c == '(' || c == ')':
			i++
		case strings.HasPrefix(s[i:], "\u00a0"):
			i += 2
		default:
			i = len(s)
		}
		if i-end > 3 {
			break
		}
	}
	if end < len(s) && !f.edgeAfter(end) {
		return "", end
	}
	return string(out[:n]), end
}

// announcedPhone notes a number without a plus sign after "tel" or the like.
func (f *mentionFinder) announcedPhone(end int, cue cueKind) {
	at, _ := f.announced(end)
	for at < len(f.s) && f.s[at] == '.' {
		at, _ = f.announced(at + 1)
	}
	if at >= len(f.s) || f.s[at] < '0' || f.s[at] > '9' {
		return
	}
	digits, stop := f.phoneDigits(at)
	kind := mentionPhone
	if cue == cueWhatsApp {
		kind = mentionWhatsApp
	}
	switch {
	case len(digits) < 8 || len(digits) > 15:
	case strings.HasPrefix(digits, "00"):
		f.add(kind, "+"+digits[2:], at, stop, false)
	default:
		f.add(kind, digits, at, stop, false)
	}
}

// icq notes an ICQ number.
func (f *mentionFinder) icq(end int) {
	at, _ := f.announced(end)
	s := f.s
	stop := at
	for stop < len(s) && (s[stop] >= '0' && s[stop] <= '9' || s[stop] == '-' && stop > at && stop+1 < len(s) && s[stop+1] >= '0' && s[stop+1] <= '9') {
		stop++
	}
	if digits := onlyDigits(s[at:stop]); len(digits) >= 5 && len(digits) <= 10 && f.edgeAfter(stop) {
		f.add(mentionICQ, digits, at, stop, false)
	}
}

// asnWord notes "AS64500" and "ASN64500".
func (f *mentionFinder) asnWord(start, end int) {
	k := start + 2
	if f.s[k] == 'N' || f.s[k] == 'n' {
		k++
	}
	f.asn(start, k, end)
}

// spacedASN notes "AS 64500", "ASN: 64500" and "ASN AS64500".
func (f *mentionFinder) spacedASN(start, end int) {
	s := f.s
	if end-start == 2 && s[start:end] != "AS" {
		return
	}
	k := end
	for k < len(s) && k < end+3 && (s[k] == ' ' || s[k] == ':' || s[k] == '#' || s[k] == '-') {
		k++
	}
	stop := k
	for stop < len(s) && s[stop] >= '0' && s[stop] <= '9' {
		stop++
	}
	if least := 4; stop-k >= least || end-start == 3 && stop > k {
		f.asn(start, k, stop)
	}
}

func (f *mentionFinder) asn(start, digits, end int) {
	if end-digits > 10 || !f.edgeAfter(end) || !f.edgeBefore(start) {
		return
	}
	n, err := strconv.ParseUint(f.s[digits:end], 10, 32)
	if err != nil || n == 0 {
		return
	}
	f.add(mentionASN, strconv.FormatUint(n, 10), start, end, false)
}

// companyNumber notes a number of a register after its name. Without the register's name ("company", "registration") a
// word for "number" has to follow.
func (f *mentionFinder) companyNumber(i int, label string) {
	s, named := f.s, label != ""
	for words := 0; i < len(s); {
		c := s[i]
		switch {
		case c == ' ' || c == ':' || c == '.' || c == '-' || c == '(' || c == ')' || c == '/' || c == ',' && words > 0:
			i++
			continue
		case c == '#':
			named = true
			i++
			continue
		case strings.HasPrefix(s[i:], "№"), strings.HasPrefix(s[i:], "："):
			named = true
			i += 3
			continue
		case strings.HasPrefix(s[i:], "\u00a0"), strings.HasPrefix(s[i:], "º"), strings.HasPrefix(s[i:], "°"):
			i += 2
			continue
		}
		if named {
			if value, end := registerNumber(s, i, label); value != "" {
				f.add(mentionCompany, value, i, end, false)
				return
			}
		}
		end := i
		for end < len(s) && (scanClasses[s[end]] == scanWord || s[end] >= 0x80 && s[end] < 0xe0) {
			end++
		}
		if end == i || words > 4 {
			return
		}
		switch sort := numberWord(strings.ToLower(s[i:end])); {
		case sort == 2:
			named = true
		case sort == 1:
		case (label == "RCS" || label == "HRB" || label == "" && !named) && isCapital(s[i:]) && words < 3: // the place of the register
		default:
			return
		}
		words++
		i = end
	}
}

func isCapital(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(r)
}

// numberWord says whether a word means "number" (2), may stand between (1), or neither (0).
func numberWord(w string) int {
	switch w {
	case "no", "nr", "number", "num", "nummer", "numero", "número", "numéro", "номер", "id", "code", "numer", "numarası", "nº", "n", "identifier", "kod", "код", "num_":
		return 2
	case "reg", "registration", "register", "registered", "company", "under", "onder", "unter", "sous", "bajo", "with", "the", "of", "is", "in", "at", "business",
		"as", "ibc", "an", "commercial", "trade", "tax", "entity", "het", "bij", "de", "du", "und", "за", "под", "от", "id_", "ust", "identification", "file":
		return 1
	}
	return 0
}

// registerNumber reads a number at i: up to four letters, then digits in groups. It returns "label digits" and its end.
func registerNumber(s string, i int, label string) (value string, end int) {
	var out [28]byte
	n, digits := 0, 0
	k := i
	for k < len(s) && n < 4 && s[k] >= 'A' && s[k] <= 'Z' {
		out[n] = s[k]
		n++
		k++
	}
	if n > 0 && k < len(s) && (s[k] == ' ' || s[k] == '-' || s[k] == '.') {
		k++
	}
	end = i
	for k < len(s) && n < len(out)-2 {
		c := s[k]
		switch {
		case c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' && digits > 0 && s[k-1] >= '0' && s[k-1] <= '9':
			if c <= '9' {
				digits++
			}
			out[n] = c
			n++
			k++
			end = k
			continue
		case digits > 0 && (c == ' ' || c == '.' || c == '-' || c == '/') && k+1 < len(s) && s[k+1] >= '0' && s[k+1] <= '9':
			if c == '-' || c == '/' {
				out[n] = c
				n++
			}
			k++
			continue
		}
		break
	}
	if end < len(s) && scanClasses[s[end]] == scanWord {
		return "", i
	}
	least := 4
	switch label {
	case "INN", "NIP", "OGRN", "REGON", "SIREN", "SIRET", "BIN", "EIN", "KRS", "CNPJ":
		least = 9
	case "TIN", "CUI", "CRN", "UEN", "NIF", "CIF":
		least = 6
	}
	if digits < least || digits > 20 || label == "EIN" && !strings.Contains(string(out[:n]), "-") || label == "" && digits == 4 && n == 4 {
		return "", i
	}
	if label == "" {
		label = "reg"
	}
	return label + " " + string(out[:n]), end
}
