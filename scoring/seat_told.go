package scoring

import (
	"strings"
	"time"

	"schemer"
)

// answeredSeat is the seat that a seller gives in answer to a question about its company: a short post of its own that
// names one country, next after a post that asks where the company is.
func (w *world) answeredSeat(e *entity) seatClaim {
	for _, th := range w.threads {
		for i, t := range th.traces {
			if i == 0 || w.speakerAt[t] != e || len(t.post.Text) > maxAnswer || t.post.Author == th.traces[i-1].post.Author {
				continue
			}
			asked := th.traces[i-1]
			if t.at.Sub(asked.at) > answerWithin || !asksSeat(asked.post.Text) {
				continue
			}
			sentence := t.post.Text
			if places := placesIn(foldText(sentence)); len(places) > 0 && countCues(sentence)[cueNever]+countCues(sentence)[cuePast] == 0 {
				return seatClaim{places[0].code, firstLine(sentence), 2}
			}
		}
	}
	return seatClaim{}
}

// An answer is short and comes soon.
const (
	maxAnswer    = 300
	answerWithin = 30 * 24 * time.Hour
)

// asksSeat reports whether a text asks where a company has its seat.
func asksSeat(text string) bool {
	for _, sentence := range splitSentences(text) {
		if c := countCues(sentence); c[cueFirm] > 0 && (c[cueAsk] > 0 || strings.HasSuffix(sentence, "?") || strings.HasSuffix(sentence, "？")) && c[cueServer] == 0 {
			return true
		}
	}
	return false
}

// toldSeat is the seat that others give for a seller that gives none itself: first a directory, then the press and
// customers in a sentence that names only it.
func (w *world) toldSeat(e *entity) (country, claim string) {
	if w.toldSeats == nil {
		w.toldSeats = map[*entity]seatClaim{}
		w.directorySeats()
		w.hearsaySeats()
	}
	told := w.toldSeats[e]
	return told.country, told.words
}

// directorySeats reads lists of hosters: a line that names one of them and speaks of a company, gives a place that is a
// seat of shell companies and no place of servers, or stands in a table with a column for the seat.
func (w *world) directorySeats() {
	for _, t := range w.census.traces {
		if t.post.SourceKind != schemer.KindDirectory || !t.isPage() || t.past() {
			continue
		}
		column := -1
		for line := range strings.Lines(t.post.Text) {
			cells := strings.Split(line, "|")
			if len(cells) < 2 {
				column = -1
			} else if at := seatColumn(cells); at >= 0 {
				column = at
				continue
			}
			about := w.names.only(line)
			if _, known := w.toldSeats[about]; about == nil || known {
				continue
			}
			if code := listedSeat(line, cells, column, about.brands); code != "" {
				w.toldSeats[about] = seatClaim{code, strings.TrimSpace(line), 0}
			}
		}
	}
}

// seatColumn is the column of a table's head that is about the seat, or -1.
func seatColumn(cells []string) int {
	for i, cell := range cells {
		folded := foldText(cell)
		if strength, _, _ := companyTalk(cell, folded); strength > 0 && len(placesIn(folded)) == 0 && cues().count(folded)[cueServer] == 0 && len(folded) < 40 {
			return i
		}
	}
	return -1
}

// listedSeat is the country of the seat that a line of a list gives.
func listedSeat(line string, cells []string, column int, own []brand) string {
	if column >= 0 && column < len(cells) {
		if places := placesIn(foldText(cells[column])); len(places) > 0 {
			return places[0].code
		}
	}
	if claims := seatClaims(line, own); len(claims) > 0 {
		return claims[0].country
	}
	folded := foldText(line)
	places := placesIn(folded)
	if column < 0 && len(places) > 0 && !ofMachines(folded, places[0], len(folded)) {
		for _, p := range places {
			if p.code != places[0].code {
				return ""
			}
		}
		if shell := shellSeat(places[0].code); shell == "H" || shell == "M" {
			return places[0].code
		}
	}
	return ""
}

// hearsaySeats takes what the press and customers say: a sentence that names one seller, with a legal form or words of a
// register.
func (w *world) hearsaySeats() {
	for _, t := range w.census.traces {
		if t.cues[cueFirm] == 0 || w.speakerAt[t] != nil || t.past() || t.post.SourceKind == schemer.KindDirectory {
			continue
		}
		for _, sentence := range splitSentences(t.post.Text) {
			about := w.names.only(sentence)
			if _, known := w.toldSeats[about]; about == nil || known || strings.HasSuffix(sentence, "?") {
				continue
			}
			for _, c := range seatClaims(sentence, about.brands) {
				if c.strength >= 3 {
					w.toldSeats[about] = seatClaim{c.country, sentence, 0}
					break
				}
			}
		}
	}
}

// tellsSeat reports whether a post may tell where a company has its seat: a sentence that speaks of a company names a
// country, or a short post does.
func (t *trace) tellsSeat() bool {
	if len(t.post.Text) <= 60 && len(placesIn(foldText(t.post.Text))) > 0 {
		return true
	}
	if t.cues[cueFirm] == 0 {
		return false
	}
	for _, sentence := range splitSentences(t.post.Text) {
		folded := foldText(sentence)
		if cues().count(folded)[cueFirm] > 0 && len(placesIn(folded)) > 0 {
			return true
		}
	}
	return asksSeat(t.post.Text)
}
