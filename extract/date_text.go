package extract

import (
	"time"
	"unicode"
	"unicode/utf8"
)

// dateKind says what a token of a date text is.
type dateKind uint8

const (
	dateMark    dateKind = iota
	dateNumber           // digits
	dateWord             // a word that we do not know
	dateMonth            // n: 1 to 12
	dateWeekday          // n: 0 for Sunday
	dateNear             // n: days from today
	dateUnit             // n: unitSecond to unitYear
	dateAgo              // says that units lie in the past
	dateOne              // "a", "one"
	dateNow              // just now
	dateHalf             // n: 0 for AM, 1 for PM
	dateZone             // n: minutes east of UTC
	dateFiller           // on, at, o'clock
)

// split cuts a text into tokens; false when it is too long to be a date or holds no digit and no word of ours.
func (d *dateReader) split(raw string) bool {
	for i := 0; i < len(raw); {
		c := raw[i]
		switch {
		case c >= '0' && c <= '9':
			t := dateToken{kind: dateNumber}
			for i < len(raw) && raw[i] >= '0' && raw[i] <= '9' {
				if t.size++; t.size > 9 {
					return false
				}
				t.n = t.n*10 + int(raw[i]-'0')
				i++
			}
			d.tokens = append(d.tokens, t)
		case isDateLetter(raw[i:]):
			start := i
			for i < len(raw) && isDateLetter(raw[i:]) {
				_, n := utf8.DecodeRuneInString(raw[i:])
				i += n
			}
			d.words(raw[start:i])
		case c < utf8.RuneSelf:
			if c != ' ' && c != '\t' && c != '\n' && c != '\r' {
				d.tokens = append(d.tokens, dateToken{mark: c})
			}
			i++
		default:
			r, n := utf8.DecodeRuneInString(raw[i:])
			switch r {
			case '\u2212', '–', '—', '‐', '‑':
				d.tokens = append(d.tokens, dateToken{mark: '-'})
			case '：':
				d.tokens = append(d.tokens, dateToken{mark: ':'})
			}
			i += n
		}
		if len(d.tokens) >= dateRoom-1 {
			return false
		}
	}
	d.august()
	return len(d.tokens) > 0
}

// august reads "ago" as the Spanish and Portuguese month where nothing lies in the past.
func (d *dateReader) august() {
	at := -1
	for i := range d.tokens {
		switch t := &d.tokens[i]; {
		case t.word == "ago":
			at = i
		case t.kind == dateUnit && len(t.word) > 1 || t.kind == dateUnit && d.isNumber(i-1), t.kind == dateNow:
			return
		}
	}
	if at >= 0 {
		d.tokens[at].kind, d.tokens[at].n = dateMonth, 8
	}
}

func isDateLetter(s string) bool {
	c := s[0]
	if c < utf8.RuneSelf {
		return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
	}
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r) || unicode.Is(unicode.Mn, r)
}

// words adds the tokens of a run of letters: one, or several for a script without blanks.
func (d *dateReader) words(run string) {
	if r, _ := utf8.DecodeRuneInString(run); unicode.Is(unicode.Han, r) {
		d.hanWords(run)
		return
	}
	var low [48]byte
	out := low[:0]
	for _, r := range run {
		if r == '\u0307' {
			continue
		}
		if r < utf8.RuneSelf {
			if r >= 'A' && r <= 'Z' {
				r += 'a' - 'A'
			}
			out = append(out, byte(r))
		} else {
			out = utf8.AppendRune(out, unicode.ToLower(r))
		}
		if len(out) > 40 {
			break
		}
	}
	t := dateToken{kind: dateWord}
	if w, ok := dateWords[string(out)]; ok {
		t.kind, t.n = w.kind, w.n
	}
	t.word = string(out)
	d.tokens = append(d.tokens, t)
}

// hanWords cuts Chinese into the words that dates use; others count as one stranger each.
func (d *dateReader) hanWords(run string) {
	for run != "" && len(d.tokens) < dateRoom-1 {
		t, n := dateToken{kind: dateWord, word: "?"}, 0
		for size := min(len(run), 12); size >= 3; size -= 3 {
			if w, ok := dateWords[run[:size]]; ok {
				t, n = dateToken{kind: w.kind, n: w.n, word: run[:size]}, size
				break
			}
		}
		if n == 0 {
			_, n = utf8.DecodeRuneInString(run)
		}
		d.tokens = append(d.tokens, t)
		run = run[n:]
	}
}

func (d *dateReader) markAt(i int, mark byte) bool {
	return i < len(d.tokens) && d.tokens[i].mark == mark
}

func (d *dateReader) wordAt(i int, word string) bool {
	return i < len(d.tokens) && d.tokens[i].word == word
}

func (d *dateReader) kindAt(i int, kind dateKind) bool {
	return i >= 0 && i < len(d.tokens) && d.tokens[i].kind == kind
}

func (d *dateReader) isNumber(i int) bool { return d.kindAt(i, dateNumber) }

func (d *dateReader) numberAt(i, size, most int) bool {
	return d.isNumber(i) && d.tokens[i].size == size && d.tokens[i].n <= most
}

// named finds a date with the name of a month: "25 November 2026", "Nov 25th, 2026", "25 de noviembre", "June 2024".
func (d *dateReader) named() bool {
	for i := range d.tokens {
		if d.tokens[i].kind == dateMonth && (d.tokens[i].word != "mar" || d.onlyMonth(i)) && d.namedAt(i) {
			return true
		}
	}
	return false
}

// onlyMonth tells the month "mar" from the Tuesday of the same spelling.
func (d *dateReader) onlyMonth(i int) bool {
	for k := range d.tokens {
		if k != i && d.tokens[k].kind == dateMonth {
			return false
		}
	}
	return true
}

func (d *dateReader) namedAt(i int) bool {
	before, after := d.free(i, -1), d.free(i, +1)
	take := func(k int) int {
		d.tokens[k].used = true
		return d.tokens[k].n
	}
	isDay := func(k int) bool {
		return k >= 0 && d.tokens[k].size <= 2 && d.tokens[k].n >= 1 && d.tokens[k].n <= 31 && (k == 0 || d.tokens[k-1].mark != '#')
	}
	isYear := func(k int) bool { return k >= 0 && d.tokens[k].size == 4 }
	switch {
	case isDay(before):
		d.day = take(before)
		if isYear(after) || after >= 0 && d.tokens[after].size == 2 && !d.timeAt(after) {
			d.year = take(after)
		}
	case isDay(after):
		d.day = take(after)
		next := d.free(after, +1)
		switch {
		case isYear(before):
			d.year = take(before)
		case isYear(next) || next >= 0 && d.tokens[next].size == 2 && (d.markAt(next-1, '\'') || d.markAt(next-1, ',')):
			d.year = take(next)
		}
	case isYear(after):
		d.year, d.day, d.doubt = take(after), 1, true
	case isYear(before):
		d.year, d.day, d.doubt = take(before), 1, true
	default:
		return false
	}
	d.month = d.tokens[i].n
	if d.year > 0 && d.year < 100 {
		d.year = fullYear(d.year)
	}
	d.supplyYear()
	return true
}

// timeAt reports whether the number at k begins a time that was not recognised as one.
func (d *dateReader) timeAt(k int) bool { return d.markAt(k+1, ':') }

// supplyYear fills a missing year: the latest that does not lie ahead.
func (d *dateReader) supplyYear() {
	if d.year != 0 {
		return
	}
	d.doubt = true
	d.year = d.now.Year()
	if time.Date(d.year, time.Month(d.month), d.day, 0, 0, 0, 0, d.loc).After(d.now.AddDate(0, 0, 1)) {
		d.year--
	}
}

// free returns the nearest unused number on one side of token i, with nothing but fillers and marks between; -1 for none.
func (d *dateReader) free(i, step int) int {
	for k := i + step; k >= 0 && k < len(d.tokens) && k-i <= 4 && i-k <= 4; k += step {
		t := d.tokens[k]
		switch {
		case t.kind == dateNumber:
			if t.used {
				return -1
			}
			return k
		case t.kind == dateFiller || t.kind == dateMark && t.mark != '|' && t.mark != '#' && t.mark != ':':
		default:
			return -1
		}
	}
	return -1
}

// chinese finds "2026年11月25日" and "11月25日".
func (d *dateReader) chinese() bool {
	for i := range d.tokens {
		if d.tokens[i].word != "月" || i == 0 || !d.isNumber(i-1) || !d.isNumber(i+1) {
			continue
		}
		d.month, d.day = d.tokens[i-1].n, d.tokens[i+1].n
		if i >= 3 && d.tokens[i-2].word == "年" && d.isNumber(i-3) {
			if d.year = d.tokens[i-3].n; d.year < 100 {
				d.year = fullYear(d.year)
			}
		}
		if d.month < 1 || d.month > 12 || d.day < 1 {
			return false
		}
		d.supplyYear()
		return true
	}
	return false
}

// ago reads "3 hours ago", "vor einer Stunde", "1 year, 8 months ago", "just now".
func (d *dateReader) ago() bool {
	years, months, days, span, said, past := 0, 0, 0, time.Duration(0), false, false
	count := 1
	for i := range d.tokens {
		t := &d.tokens[i]
		kind, n := t.kind, t.n
		if t.word == "an" && i > 0 && (d.tokens[i-1].word == "un" || d.isNumber(i-1)) { // the French year
			kind, n = dateUnit, unitYear
		} else if kind == dateUnit && len(t.word) == 1 && !d.isNumber(i-1) {
			continue
		}
		switch kind {
		case dateNumber:
			if t.used || t.n > 10000 {
				return false
			}
			count = t.n
		case dateOne:
			count = 1
		case dateNow:
			d.at = d.now
			return d.strangers() == 0
		case dateAgo:
			past = true
		case dateWeekday:
			if t.word != "seg" {
				continue
			}
			n = unitSecond
			fallthrough
		case dateUnit:
			said = true
			switch n {
			case unitYear:
				years += count
			case unitMonth:
				months += count
			case unitWeek:
				days += 7 * count
			case unitDay:
				days += count
			default:
				span += time.Duration(count) * [...]time.Duration{time.Second, time.Minute, time.Hour}[n]
			}
			count = 1
		}
	}
	if !said || d.strangers() > 2 || !past && len(d.tokens) != 2 || !past && !d.isNumber(0) {
		return false
	}
	d.at = d.now.AddDate(-years, -months, -days).Add(-span)
	return true
}

// nearDay reads "Today, 14:22", "yesterday" and "Monday at 5:13 PM".
func (d *dateReader) nearDay() bool {
	for i := range d.tokens {
		t := d.tokens[i]
		var back int
		switch {
		case t.kind == dateNear:
			back = -t.n
		case t.kind == dateWeekday && d.timed:
			if back = int(d.now.Weekday()) - t.n; back < 0 {
				back += 7
			}
			if at := d.dayBack(back); back == 0 && at.After(d.now.Add(time.Minute)) {
				back = 7
			}
		default:
			continue
		}
		if d.strangers() > 3 {
			return false
		}
		d.at = d.dayBack(back)
		return true
	}
	return false
}

func (d *dateReader) dayBack(days int) time.Time {
	y, m, day := d.now.Date()
	return time.Date(y, m, day-days, d.hour, d.minute, d.second, 0, d.loc)
}

// strangers counts the words and numbers that belong to no date.
func (d *dateReader) strangers() int {
	n := 0
	for i := range d.tokens {
		if t := d.tokens[i]; t.kind == dateWord {
			n++
		}
	}
	return n
}
