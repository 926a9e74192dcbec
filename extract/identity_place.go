package extract

import (
	_ "embed" // for the table of jurisdictions
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// jurisdictionTable lists, one country a line, its code (ISO 3166-1 alpha-2), its names, the words for what comes from
// it, and its towns and regions, in the languages of our sources. "*" stands for any ending.
//
//go:embed jurisdictions.csv
var jurisdictionTable string

// placeSort says how a place was named.
type placeSort uint8

const (
	placeCountry placeSort = iota
	placePeople            // "Estonian"
	placeTown
)

// place is a place named in a text; first and last are the indexes of its tokens.
type place struct {
	iso         string
	sort        placeSort
	start, end  int
	first, last int
}

// maxPlaces bounds the places that are read of one text.
const maxPlaces = 2000

// gazetteer holds the names of places; those in Han characters are apart, for they stand within runs.
type gazetteer struct {
	entries []gazetteerEntry
	han     []gazetteerEntry
}

type gazetteerEntry struct {
	iso  string
	sort placeSort
	name string
}

func readGazetteer(table string) *gazetteer {
	g := new(gazetteer)
	for line := range strings.Lines(table) {
		cells := strings.Split(strings.TrimSpace(line), ",")
		if len(cells) != 4 || cells[0] == "iso" {
			continue
		}
		for k, cell := range cells[1:] {
			for name := range strings.SplitSeq(cell, "|") {
				if name == "" {
					continue
				}
				e := gazetteerEntry{cells[0], placeSort(k), name}
				if r, _ := utf8.DecodeRuneInString(name); unicode.Is(unicode.Han, r) {
					g.han = append(g.han, e)
					continue
				}
				g.entries = append(g.entries, e)
			}
		}
	}
	return g
}

// find returns the places that a text names, in order. A town and a short name need a capital letter.
func (g *gazetteer) find(text string, tokens []idToken, spots []spot) []place {
	var out []place
	for _, s := range spots {
		e := g.entries[s.tag]
		t, end := tokens[s.first], tokens[s.last].end
		switch {
		case s.short && e.sort != placeTown && !allCapitals(tokens[s.first:s.last+1]),
			(e.sort == placeTown || utf8.RuneCountInString(text[t.start:end]) < 6 && e.sort == placeCountry) && !t.upper,
			streetFollows(tokens, s.last+1), len(out) == maxPlaces, s.short && labelled(tokens, s.last):
		default:
			out = append(out, place{iso: e.iso, sort: e.sort, start: t.start, end: end, first: s.first, last: s.last})
		}
	}
	for i, t := range tokens {
		if t.fold[0] >= 0xe3 && len(out) < maxPlaces {
			out = append(out, g.findHan(text, t, i)...)
		}
	}
	slices.SortStableFunc(out, func(a, b place) int { return a.start - b.start })
	return settleGeorgia(text, out)
}

// findHan finds places within a run of Han characters: longest first at every position.
func (g *gazetteer) findHan(text string, t idToken, index int) []place {
	var out []place
	for at := t.start; at < t.end; {
		best := gazetteerEntry{}
		for _, e := range g.han {
			if len(e.name) > len(best.name) && strings.HasPrefix(text[at:t.end], e.name) {
				best = e
			}
		}
		if best.name != "" {
			out = append(out, place{iso: best.iso, sort: best.sort, start: at, end: at + len(best.name), first: index, last: index})
			at += len(best.name)
			continue
		}
		_, n := utf8.DecodeRuneInString(text[at:])
		at += n
	}
	return out
}

func allCapitals(tokens []idToken) bool {
	for _, t := range tokens {
		if !t.capitals {
			return false
		}
	}
	return true
}

// streetFollows reports whether the word at i makes a street or a building of the name before it.
func streetFollows(tokens []idToken, i int) bool {
	if i >= len(tokens) {
		return false
	}
	switch tokens[i].fold {
	case "street", "road", "avenue", "lane", "square", "house", "tower", "building", "straat", "weg", "laan", "plein", "strasse", "platz", "allee", "drive", "boulevard", "court",
		"улица", "ул", "time", "timezone", "dollar", "dollars", "sea", "river", "airport", "hotel", "university", "bank":
		return true
	}
	return false
}

// settleGeorgia takes the country's name for the American state where something else American stands beside it.
func settleGeorgia(text string, found []place) []place {
	for k := range found {
		if found[k].iso != "GE" || !strings.HasPrefix(strings.ToLower(text[found[k].start:]), "georgia") {
			continue
		}
		for _, near := range [...]int{k - 1, k + 1} {
			if near >= 0 && near < len(found) && found[near].iso == "US" && max(found[near].start-found[k].end, found[k].start-found[near].end) < 20 {
				found[k].iso = "US"
			}
		}
		if strings.HasSuffix(strings.ToLower(text[:found[k].start]), "state of ") {
			found[k].iso = "US"
		}
	}
	return found
}
