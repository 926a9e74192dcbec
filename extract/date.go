package extract

import (
	"sync"
	"time"
)

// parseDate reads a date as people and forums write it, in eleven languages: a day with or without a time, "Today,
// 14:22", "3 hours ago", "Monday at 5:13 PM". now is when the page was captured, lang the page's language ("" when
// unknown), loc the zone of times that name none (nil: UTC).
//
// how is "text" for a date that can be read in one way only, "text?" when a day and month could be swapped, or when
// year or day had to be supplied, and "relative" when it was counted back from now. The day comes before the month
// unless the language, an AM or PM, or an impossible value says otherwise.
func parseDate(raw string, now time.Time, lang string, loc *time.Location) (t time.Time, how string, ok bool) {
	t, how, _, ok = parseDateBy(raw, now, lang, loc, orderUnknown)
	return t, how, ok
}

// dayOrder is whether the day or the month comes first in dates of three numbers without dots.
type dayOrder uint8

const (
	orderUnknown dayOrder = iota
	orderDay
	orderMonth
)

// parseDateBy is parseDate where the order is known from elsewhere, or unknown. shown is the order that the date itself
// leaves no doubt about.
func parseDateBy(raw string, now time.Time, lang string, loc *time.Location, known dayOrder) (t time.Time, how string, shown dayOrder, ok bool) {
	if len(raw) > 200 || len(raw) < 2 {
		return time.Time{}, "", orderUnknown, false
	}
	if loc == nil {
		loc = time.UTC
	}
	d, ok := dateReaders.Get().(*dateReader)
	if !ok {
		d = new(dateReader)
	}
	defer dateReaders.Put(d)
	d.dateState = dateState{now: now.In(loc), lang: lang, loc: loc, tokens: d.room[:0], known: known}
	if !d.split(raw) {
		return time.Time{}, "", orderUnknown, false
	}
	d.clock()
	switch {
	case d.numeric(), d.named(), d.chinese():
	case d.ago():
		return d.at, "relative", orderUnknown, true
	case d.nearDay():
		return d.at, "relative", orderUnknown, true
	default:
		return time.Time{}, "", orderUnknown, false
	}
	if d.strangers() > 3 || !d.settle() {
		return time.Time{}, "", orderUnknown, false
	}
	if d.doubt {
		return d.at, "text?", orderUnknown, true
	}
	return d.at, "text", d.shown, true
}

// dateToken is a number, a word or a mark of a date text.
type dateToken struct {
	kind dateKind
	n    int    // value of a number, or what the word stands for
	size int    // digits of a number
	mark byte   // of a mark
	word string // lower case
	used bool
}

// dateRoom is how many tokens a date has at most.
const dateRoom = 40

// A dateReader holds the tokens of one text and what was found in them so far.
type dateReader struct {
	dateState
	room [dateRoom]dateToken
}

// dateReaders lends the memory of one text to the next.
var dateReaders sync.Pool // *dateReader

type dateState struct {
	now  time.Time
	lang string
	loc  *time.Location

	tokens []dateToken // at most dateRoom

	year, month, day     int
	hour, minute, second int
	timed, half          bool // half: AM or PM was said
	doubt                bool
	known, shown         dayOrder
	at                   time.Time
}

// clock finds the time of day and its zone.
func (d *dateReader) clock() {
	for i := range d.tokens {
		if d.tokens[i].kind == dateNumber && !d.tokens[i].used && d.clockAt(i) {
			d.timed = true
			return
		}
	}
}

// clockAt reads a time that starts at token i: "14:22", "2:22:10 pm", "2 pm", "14h30", "14.30 uur".
func (d *dateReader) clockAt(i int) bool {
	h := d.tokens[i].n
	if d.tokens[i].size > 2 || h > 24 || i > 0 && d.tokens[i-1].mark == ':' {
		return false
	}
	m, s, end := 0, 0, i+1
	switch {
	case d.markAt(i+1, ':') && d.numberAt(i+2, 2, 59):
		m, end = d.tokens[i+2].n, i+3
		if d.markAt(end, ':') && d.numberAt(end+1, 2, 60) {
			s, end = d.tokens[end+1].n, end+2
			if d.markAt(end, '.') && d.isNumber(end+1) && d.tokens[end+1].size >= 3 { // fraction
				end += 2
			}
		}
	case d.wordAt(i+1, "h") && d.numberAt(i+2, 2, 59):
		m, end = d.tokens[i+2].n, i+3
	case d.markAt(i+1, '.') && d.numberAt(i+2, 2, 59) && (d.wordAt(i+3, "uur") || d.wordAt(i+3, "uhr")):
		m, end = d.tokens[i+2].n, i+4
	case d.halfAt(i + 1):
	default:
		return false
	}
	half := -1
	switch {
	case d.halfAt(end) && (h <= 12 || d.tokens[end].n == 1):
		half = d.tokens[end].n
		end++
	case i > 0 && d.kindAt(i-1, dateHalf):
		half = d.tokens[i-1].n
		d.tokens[i-1].used = true
	}
	if half >= 0 {
		if h > 12 && half == 0 || h > 23 {
			return false
		}
		if h == 12 {
			h = 0
		}
		if half == 1 && h < 12 {
			h += 12
		}
		d.half = true
	}
	d.hour, d.minute, d.second = h, m, s
	for k := i; k < end; k++ {
		d.tokens[k].used = true
	}
	d.zone(end)
	return true
}

// halfAt reports whether token i is an AM or PM, and not the German preposition.
func (d *dateReader) halfAt(i int) bool {
	return d.kindAt(i, dateHalf) && (d.lang != "de" || d.tokens[i].word != "am")
}

// zone reads a zone after a time: "UTC", "GMT+3", "+0200", "MSK", also in parentheses.
func (d *dateReader) zone(i int) {
	for i < len(d.tokens) && (d.tokens[i].mark == '(' || d.tokens[i].mark == ',') {
		i++
	}
	offset, named := 0, false
	if d.kindAt(i, dateZone) {
		offset, named = d.tokens[i].n, true
		d.tokens[i].used = true
		i++
	}
	if i+1 < len(d.tokens) && (d.tokens[i].mark == '+' || d.tokens[i].mark == '-') && d.isNumber(i+1) {
		t := d.tokens[i+1]
		minutes := -1
		switch {
		case t.size == 4 && t.n <= 1400 && t.n%100 < 60:
			minutes = t.n/100*60 + t.n%100
		case t.size <= 2 && t.n <= 14 && d.markAt(i+2, ':') && d.numberAt(i+3, 2, 59):
			minutes = t.n*60 + d.tokens[i+3].n
			d.tokens[i+3].used = true
		case t.size <= 2 && t.n <= 14 && named:
			minutes = t.n * 60
		}
		if minutes >= 0 {
			d.tokens[i+1].used = true
			if d.tokens[i].mark == '-' {
				minutes = -minutes
			}
			offset, named = minutes, true
		}
	}
	if named {
		d.loc = time.FixedZone("", offset*60)
		d.now = d.now.In(d.loc)
	}
}

// numeric finds a date of three numbers: "2026-11-25", "25.11.26", "11/25/2026".
func (d *dateReader) numeric() bool {
	for i := 0; i+4 < len(d.tokens); i++ {
		a, b, c := d.tokens[i], d.tokens[i+2], d.tokens[i+4]
		sep := d.tokens[i+1].mark
		if a.kind != dateNumber || b.kind != dateNumber || c.kind != dateNumber || a.used || b.used || c.used ||
			sep != '.' && sep != '/' && sep != '-' || d.tokens[i+3].mark != sep || b.size > 2 {
			continue
		}
		if i > 0 && d.tokens[i-1].mark == sep || i+5 < len(d.tokens) && d.tokens[i+5].mark == sep && d.isNumber(i+6) {
			continue // a version or an address
		}
		if d.order(a, b, c, sep) {
			for k := i; k < i+5; k++ {
				d.tokens[k].used = true
			}
			return true
		}
	}
	return false
}

// order decides which of three numbers is the day, the month and the year.
func (d *dateReader) order(a, b, c dateToken, sep byte) bool {
	switch {
	case a.size == 4 && c.size <= 2:
		d.year, d.month, d.day = a.n, b.n, c.n
		if b.n > 12 && c.n <= 12 {
			d.month, d.day = c.n, b.n
		}
		return true
	case a.size > 2 || c.size != 4 && c.size != 2, c.size == 2 && a.size+b.size == 2 && d.strangers() > 0:
		return false
	case c.size == 2 && (d.lang == "zh" || a.n > 31):
		d.year, d.month, d.day = fullYear(a.n), b.n, c.n
		return true
	}
	if d.year = c.n; c.size == 2 {
		d.year = fullYear(c.n)
	}
	dayFirst, monthFirst := b.n <= 12 && b.n > 0 && a.n > 0 && a.n <= 31, a.n <= 12 && a.n > 0 && b.n > 0 && b.n <= 31
	certain := dayFirst != monthFirst
	if dayFirst && monthFirst && a.n != b.n {
		// Both readings exist. A day that has not come yet is no day of a post.
		limit := d.now.AddDate(0, 0, 2)
		lateD := time.Date(d.year, time.Month(b.n), a.n, 0, 0, 0, 0, d.loc).After(limit)
		lateM := time.Date(d.year, time.Month(a.n), b.n, 0, 0, 0, 0, d.loc).After(limit)
		american := sep != '.' && (d.half || d.lang == "en")
		switch {
		case lateD != lateM:
			dayFirst, monthFirst, certain = lateM, lateD, true
		case d.known != orderUnknown && sep != '.':
			dayFirst, monthFirst = d.known == orderDay, d.known == orderMonth
		case american:
			dayFirst, d.doubt = false, true
		default:
			monthFirst, d.doubt = false, sep != '.' && (d.lang == "" || d.lang == "en")
		}
	}
	if certain && sep != '.' {
		d.shown = orderMonth
		if dayFirst {
			d.shown = orderDay
		}
	}
	switch {
	case dayFirst:
		d.day, d.month = a.n, b.n
	case monthFirst:
		d.day, d.month = b.n, a.n
	default:
		return false
	}
	return true
}

// fullYear reads a year of two digits: 69 and less is of this century.
func fullYear(n int) int {
	if n < 70 {
		return 2000 + n
	}
	return 1900 + n
}

// settle checks the parts and makes the time.
func (d *dateReader) settle() bool {
	if d.year < 1980 || d.year > d.now.Year()+5 || d.month < 1 || d.month > 12 || d.day < 1 || d.day > 31 {
		return false
	}
	d.at = time.Date(d.year, time.Month(d.month), d.day, d.hour, d.minute, d.second, 0, d.loc)
	return d.at.Month() == time.Month(d.month) || d.hour == 24
}
