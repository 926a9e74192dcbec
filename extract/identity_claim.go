package extract

import (
	"slices"
	"strings"
)

// peopleClaims claims by "we are an Estonian company", "Seychelles company", "société seychelloise".
func (r *identityReader) peopleClaims() {
	for _, p := range r.places {
		if p.sort == placeTown || len(r.claims) > maxClaims {
			continue
		}
		lo, hi := r.sentenceSpan(p.first)
		after := r.marked(idCompany, p.last+1, min(hi, p.last+1)) || p.last+2 <= hi && r.tokens[p.last+1].fold == "offshore" && r.marked(idCompany, p.last+2, p.last+2)
		before := p.sort == placePeople && r.marked(idCompany, max(lo, p.first-1), p.first-1)
		if !after && !before {
			continue
		}
		from := p.first
		if before {
			from--
		}
		if r.elsewhere(lo, hi) || from-lo > 2 && !r.marked(idSelf, max(lo, from-4), from-1) && !r.selfBefore(lo, from) || r.marked(idNot, max(lo, from-4), from) || r.marked(idFormer, lo, from) || r.marked(idLimit, lo, from) {
			continue
		}
		if !r.marked(idSelf, lo, from) && !r.selfBefore(lo, from) && !r.saysOurs(lo, from) && !r.apposed(p, lo) && !r.stops(max(p.last, from), hi) && !r.stops(min(hi, p.last+1), hi) {
			continue // "A Chinese company copied our site"
		}
		end := p.end
		if after {
			end = r.tokens[min(hi, p.last+1)].end
		}
		r.claims = append(r.claims, claim{p.iso, seatPeople, min(p.start, r.tokens[from].start), end, -1})
	}
}

// attributeClaims claims by words right beside a country: "Seychelles-registered", "under Seychelles law", "Company: Belize".
func (r *identityReader) attributeClaims() {
	for _, p := range r.places {
		if len(r.claims) > maxClaims {
			return
		}
		lo, hi := r.sentenceSpan(p.first)
		if r.elsewhere(lo, hi) || r.marked(idNot, max(lo, p.first-4), p.first-1) || r.marked(idFormer, max(lo, p.first-4), p.first-1) || r.marked(idSupplier, lo, p.first-1) {
			continue
		}
		next := ""
		if p.last < hi {
			next = r.tokens[p.last+1].fold
		}
		switch next {
		case "registered", "incorporated", "domiciled", "geregistreerd", "geregistreerde", "registrierte", "registriertes":
			if !r.marked(idThing, p.last+2, min(hi, p.last+3)) && (r.marked(idCompany, lo, hi) || r.selfBefore(lo, p.first)) {
				r.claims = append(r.claims, claim{p.iso, seatRegistered - 1, p.start, r.tokens[p.last+1].end, -1})
			}
		case "based":
			if p.first == lo+1 && r.selfBefore(lo, p.first) || r.marked(idCompany, p.last+2, min(hi, p.last+3)) && p.first-lo < 6 && r.countries(lo, hi) == 1 && r.selfBefore(lo, p.first) {
				r.claims = append(r.claims, claim{p.iso, seatBased, p.start, r.tokens[p.last+1].end, -1})
			}
		case "law", "laws", "recht", "jurisdiction", "legislation", "hukukuna", "kanunlarina":
			if from := r.under(lo, p.first); from >= 0 && !r.machines(lo, hi) {
				r.claims = append(r.claims, claim{p.iso, seatLaw, r.tokens[from].start, r.tokens[p.last+1].end, -1})
			}
		}
		if p.first > lo && p.sort != placePeople {
			gap := strings.TrimSpace(r.text[r.tokens[p.first-1].end:p.start])
			if (gap == ":" || gap == "：" || gap == "—" || gap == "–") && (r.marked(idCompany, max(lo, p.first-2), p.first-1) || r.marked(idImprint, p.first-1, p.first-1)) && p.first-1-lo < 3 {
				r.claims = append(r.claims, claim{p.iso, seatPeople, r.tokens[lo].start, p.end, -1})
			}
		}
	}
}

// under returns the token within three before i that puts something under a law, or -1.
func (r *identityReader) under(lo, i int) int {
	for k := i - 1; k >= max(lo, i-3); k-- {
		switch r.tokens[k].fold {
		case "under", "governed", "subject", "onder", "naar", "unter", "nach", "dem", "sous":
			return k
		}
	}
	return -1
}

// machines reports whether the tokens lo to hi speak of servers, whose law is not the company's.
func (r *identityReader) machines(lo, hi int) bool {
	for i := lo; i <= hi; i++ {
		for _, stem := range [...]string{"server", "rack", "datacent", "machine", "сервер", "serveur", "servidor", "rechenzent", "serwer", "sunucu"} {
			if strings.HasPrefix(r.tokens[i].fold, stem) {
				return true
			}
		}
	}
	return false
}

// countries counts the countries that are named among the tokens lo to hi.
func (r *identityReader) countries(lo, hi int) int {
	var seen []string
	for _, p := range r.placesIn(lo, hi) {
		if !slices.Contains(seen, p.iso) {
			seen = append(seen, p.iso)
		}
	}
	return len(seen)
}

// selfBefore reports whether "we" or its like stands within four words before i.
func (r *identityReader) selfBefore(lo, i int) bool {
	for k := max(lo, i-4); k < i; k++ {
		switch r.tokens[k].fold {
		case "we", "we're", "we're a", "wij", "wir", "nous", "somos", "мы", "ми", "biz", "i'm", "jestesmy":
			return true
		}
	}
	return false
}

// registerClaims claims by the name of a national register, and by its numbers.
func (r *identityReader) registerClaims() {
	for _, m := range r.spots[phraseRegister] {
		lo, hi := r.sentenceSpan(m.first)
		if r.marked(idNot, max(lo, m.first-5), min(hi, m.last+1)) {
			continue
		}
		iso := string([]byte{byte(m.tag >> 8), byte(m.tag)})
		r.claims = append(r.claims, claim{iso, seatRegister, r.tokens[m.first].start, r.tokens[m.last].end, -1})
	}
	for _, n := range r.found {
		label, _, _ := strings.Cut(n.Value, " ")
		if iso := registerCountry[label]; iso != "" {
			r.claims = append(r.claims, claim{iso, seatRegister, n.Start, n.End, -1})
		}
	}
}
