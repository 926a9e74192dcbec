package extract

import (
	"strings"
	"unicode"
)

// The scores of what a company tells of itself in plain words.
const (
	seatTold     = 6.8 // "our papers are in Panama"
	seatTitled   = 5.2 // "Company in Panama, servers elsewhere"
	seatNumbered = 8   // "Reg. no. 198765, Seychelles"
)

// selfClaims claims by sentences in which somebody tells where his own firm, or what only a firm has, is: "our papers
// are in Panama City", "we fly the BVI flag", "a Moldovan SRL", "контора на БВО".
func (r *identityReader) selfClaims() {
	for _, p := range r.places {
		if len(r.claims) > maxClaims {
			return
		}
		lo, hi := r.sentenceSpan(p.first)
		if r.elsewhere(lo, hi) || r.countries(lo, hi) > 3 {
			continue
		}
		c, told := r.firmNear(p, lo, hi)
		if c < 0 {
			continue
		}
		from, to := min(c, p.first), max(c, p.last)
		if r.barred(from, to, p) || r.marked(idNot, max(lo, from-4), to) || r.marked(idFormer, max(lo, from-4), to) || r.marked(idSupplier, lo, to) || r.marked(idLimit, lo, to) ||
			r.marked(idThing, from, to) {
			continue
		}
		score := seatTitled
		if told {
			score = seatTold
		}
		if p.sort == placeTown && !told {
			score -= 1
		}
		r.claims = append(r.claims, claim{p.iso, score - 0.1*float64(to-from), r.tokens[from].start, max(p.end, r.tokens[to].end), -1})
	}
}

// The words that may stand between a firm and its place.
const (
	firmReach  = 8 // a place after the firm
	firmBehind = 3 // a firm after the place: "a Hong Kong limited", "BVI flag"
)

// firmNear returns the token of the word for a firm that belongs to a place of the sentence lo to hi, or -1. told says
// that the sentence is about us; without it the firm has to stand at its beginning.
func (r *identityReader) firmNear(p place, lo, hi int) (token int, told bool) {
	for c := p.last + 1; c <= min(hi, p.last+firmBehind); c++ {
		if r.marked(idFirm, c, c) || r.formAt(c) {
			if r.saysOurs(lo, c) || r.apposed(p, lo) || c+1 < hi && r.tokens[c+1].fold == "is" && r.marked(idFirm, c+2, min(hi, c+4)) {
				return c, true
			}
			if p.first-lo <= 1 && c <= p.last+2 && r.stops(c, hi) {
				return c, false
			}
		}
		if r.companyAt[c] >= 0 {
			break
		}
	}
	if p.sort == placePeople && p.first > lo && proudly(r.tokens[p.first-1].fold) {
		return p.first - 1, true
	}
	for c := p.first - 1; c >= max(lo, p.first-firmReach); c-- {
		if !r.marked(idFirm, c, c) && (!r.formAt(c) || r.companyAt[c] >= 0) {
			continue
		}
		switch {
		case r.saysOurs(lo, p.first-1):
			return c, true
		case c-lo <= 1 && r.stops(p.last, hi):
			return c, false
		}
	}
	return -1, false
}

// stops reports whether token i ends the sentence that goes on to hi, or all but a word of it, or a part of it: "Company in
// Panama, servers elsewhere", not "A company in Panama copied our site".
func (r *identityReader) stops(i, hi int) bool {
	if i+1 >= hi {
		return true
	}
	switch r.tokens[i+1].fold {
	case "here", "hier", "ici", "aqui", "тут", "здесь":
		return true
	}
	return strings.ContainsAny(r.text[r.tokens[i].end:r.tokens[i+1].start], ",:;()\n.·|/–—") || strings.Contains(r.text[r.tokens[i].end:r.tokens[i+1].start], " - ")
}

// proudly lists the words before a people's name that make it the speaker's own.
func proudly(w string) bool {
	switch w {
	case "proudly", "fully", "trots", "stolz", "fierement", "orgullosamente", "orgulhosamente", "гордо", "полностью":
		return true
	}
	return false
}

// formAt reports whether a legal form stands at token i, whatever its case: "a UK limited", "a Moldovan SRL".
func (r *identityReader) formAt(i int) bool {
	at := r.tokens[i].start
	return trailingIndex.at(r.text, at) != "" || leadingIndex.at(r.text, at) != ""
}

// saysOurs reports whether the tokens lo to hi say who speaks: we, our.
func (r *identityReader) saysOurs(lo, hi int) bool { return r.marked(idOurs, lo, hi) }

// apposed reports whether a place follows "a" or "an" after a comma or a form of "to be": "Curlew Servers, a Delaware corporation".
func (r *identityReader) apposed(p place, lo int) bool {
	i := p.first - 1
	if i <= lo {
		return false
	}
	switch r.tokens[i].fold {
	case "a", "an", "een", "eine", "une", "una", "uma":
	default:
		return false
	}
	if strings.Contains(r.text[r.tokens[i-1].end:r.tokens[i].start], ",") {
		return r.tokens[i-1].upper
	}
	switch r.tokens[i-1].fold {
	case "is", "ist", "est", "es":
		return i-2 >= lo && (r.tokens[i-2].upper || r.marked(idFirm, i-2, i-2))
	case "as", "als":
		return true
	}
	return false
}

// barred reports whether something stands between a firm and a place that parts them: machines, a company's name, a
// place of another country.
func (r *identityReader) barred(from, to int, p place) bool {
	if r.marked(idServer, from+1, to-1) || r.machines(from, to) {
		return true
	}
	for i := from + 1; i < to; i++ {
		if r.companyAt[i] >= 0 && r.companyAt[i] != r.companyAt[from] {
			return true
		}
		if k := r.placeAt[i]; k >= 0 && r.places[k].iso != p.iso {
			return true
		}
		if i != p.first && strings.ContainsAny(r.text[r.tokens[i-1].end:r.tokens[i].start], ";:") {
			return true
		}
	}
	return false
}

// elsewhere reports whether the sentence lo to hi speaks of somebody else's company, or asks, plans or doubts.
func (r *identityReader) elsewhere(lo, hi int) bool {
	if r.marked(idOther, lo, hi) {
		return true
	}
	next := len(r.text)
	if hi+1 < len(r.tokens) {
		next = r.tokens[hi+1].start
	}
	return strings.ContainsAny(r.text[r.tokens[hi].end:next], "?？")
}

// numberClaims claims by the place after a register number: "Reg. no. 198765 · Seychelles".
func (r *identityReader) numberClaims() {
	for _, m := range r.marks {
		if m.cue != idNumber || len(r.claims) > maxClaims {
			continue
		}
		lo, hi := r.sentenceSpan(m.first)
		if r.elsewhere(lo, hi) || r.marked(idSupplier, lo, m.first) || r.marked(idNot, lo, m.first) {
			continue
		}
		for i := m.first - 1; i >= max(lo, m.first-3); i-- {
			if k := r.placeAt[i]; k >= 0 && r.places[k].sort != placePeople {
				r.claims = append(r.claims, claim{r.places[k].iso, seatTitled, r.places[k].start, r.tokens[m.last].end, -1})
				break
			}
		}
		digits := false
		for i := m.last + 1; i <= min(hi, m.last+7); i++ {
			digits = digits || strings.ContainsAny(r.tokens[i].fold, "0123456789")
			k := r.placeAt[i]
			if k < 0 || r.places[k].sort == placePeople || !digits {
				continue
			}
			owner := -1
			for j := lo; j < m.first; j++ {
				if r.companyAt[j] >= 0 && !r.foreign(&r.entities[r.companyAt[j]]) {
					owner = r.companyAt[j]
				}
			}
			start := r.tokens[m.first].start
			if owner >= 0 {
				start = min(start, r.entities[owner].start)
			}
			r.claims = append(r.claims, claim{r.places[k].iso, seatNumbered, start, r.places[k].end, owner})
			break
		}
	}
}

// nationalNumbers claims by numbers whose shape only one register uses: CHE-123.456.789, FL-0002.345.678-9, J40/1234/2019,
// U72900KA2019PTC123456.
func (r *identityReader) nationalNumbers() {
	for i, t := range r.tokens {
		iso, rest := "", r.text[t.end:]
		switch w := r.text[t.start:t.end]; {
		case w == "CHE" && digitsAt(rest, 1, 3) && rest[0] == '-', strings.HasPrefix(w, "CHE") && len(w) == 12 && allDigits(w[3:]):
			iso = "CH"
		case w == "FL" && digitsAt(rest, 1, 4) && rest[0] == '-' && strings.Contains(rest[:min(len(rest), 12)], "."):
			iso = "LI"
		case len(w) >= 2 && len(w) <= 3 && w[0] == 'J' && allDigits(w[1:]) && digitsAt(rest, 1, 1) && rest[0] == '/':
			iso = "RO"
		case len(w) == 21 && (w[0] == 'U' || w[0] == 'L') && allDigits(w[1:6]) && allDigits(w[8:12]) && allDigits(w[15:]):
			iso = "IN"
		case strings.HasSuffix(w, "ICP备"), strings.HasSuffix(w, "ICP證"), w == "ICP" && strings.HasPrefix(rest, "备"):
			iso = "CN"
		}
		if iso == "" {
			continue
		}
		lo, _ := r.sentenceSpan(i)
		if r.marked(idNot, lo, i) || r.marked(idSupplier, lo, i) {
			continue
		}
		r.claims = append(r.claims, claim{iso, seatRegister, t.start, t.end, -1})
	}
}

// digitsAt reports whether n digits stand at byte i of s.
func digitsAt(s string, i, n int) bool {
	return len(s) >= i+n && allDigits(s[i:i+n])
}

// The words by which Chinese sentences tell whose company is meant, and those that say it is not ours or none.
var (
	hanOurs  = []string{"我们", "我們", "我司", "本公司", "本站", "我方"}
	hanFirm  = []string{"公司", "主体", "主體", "注册", "註冊", "离岸", "離岸"}
	hanDeal  = []string{"租", "买", "買", "卖", "賣", "机", "機", "服务器"}
	hanOther = []string{"不是", "没有", "沒有", "不在", "有人", "怎么", "怎麼", "吗", "嗎", "上游", "客户", "客戶", "他们", "他們", "警察", "警方"}
)

// hanClaims claims by sentences in Han characters, which are one token each: a place with a word for a firm, of which we
// speak or which begins the sentence.
func (r *identityReader) hanClaims() {
	for _, p := range r.places {
		if p.sort == placePeople || r.text[p.start] < 0xe3 || len(r.claims) > maxClaims {
			continue
		}
		t := r.tokens[p.first]
		run := r.text[t.start:t.end]
		before, after := r.text[t.start:p.start], r.text[p.end:t.end]
		if r.hanLimited(p) {
			r.claims = append(r.claims, claim{p.iso, seatEntity, t.start, r.tokens[p.first+1].end, -1})
			continue
		}
		if containsAnyOf(firstRunes(after, 3), hanDeal) || containsAnyOf(run, hanOther) || containsAnyOf(before, hanServer) || strings.Contains(before, "机器") || p.first+1 < len(r.tokens) && r.questioned(p.first) {
			continue
		}
		ours := containsAnyOf(before, hanOurs)
		firm := containsAnyOf(before, hanFirm) || containsAnyOf(firstRunes(after, 4), hanFirm)
		switch {
		case ours && firm:
			r.claims = append(r.claims, claim{p.iso, seatTold, t.start, t.end, -1})
		case strings.HasPrefix(run, "公司") && len(before) <= 12:
			r.claims = append(r.claims, claim{p.iso, seatTitled, t.start, p.end, -1})
		}
	}
}

// hanLimited reports whether a place stands in brackets within a company's name: "白鹭（香港）有限公司".
func (r *identityReader) hanLimited(p place) bool {
	if p.first == 0 || p.first+1 >= len(r.tokens) || p.start != r.tokens[p.first].start || p.end != r.tokens[p.first].end {
		return false
	}
	open, shut := r.text[r.tokens[p.first-1].end:p.start], r.text[p.end:r.tokens[p.first+1].start]
	return (open == "（" || open == "(") && (shut == "）" || shut == ")") && strings.HasPrefix(r.tokens[p.first+1].fold, "有限")
}

// questioned reports whether a question mark follows token i before the next word.
func (r *identityReader) questioned(i int) bool {
	return strings.ContainsAny(r.text[r.tokens[i].end:r.tokens[i+1].start], "?？")
}

// firstRunes returns the first n characters of s, or all.
func firstRunes(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

// labelled reports whether a short name is a label before a number and no place: "CIN U72900KA2019PTC123456".
func labelled(tokens []idToken, last int) bool {
	if last+1 >= len(tokens) {
		return false
	}
	digits := 0
	for _, c := range tokens[last+1].fold {
		if unicode.IsDigit(c) {
			digits++
		}
	}
	return digits >= 6
}
