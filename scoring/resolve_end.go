package scoring

import (
	"slices"
	"strings"
	"time"

	"schemer"
)

// Silence after which a seller whose site is not to be seen counts as gone.
const (
	silence     = 90 * 24 * time.Hour
	longSilence = 18 * 30 * 24 * time.Hour
)

// noteEnd remembers that somebody says a seller has closed.
func (w *world) noteEnd(th *thread, t *trace, speaker *entity) {
	if t.cues[cueClosing]+t.cues[cueBanned] == 0 || speaker != nil && speaker == th.topic && t.cues[cueClosing] == 0 {
		return
	}
	about := th.topic
	if e := w.names.only(t.post.Text); e != nil {
		about = e
	}
	if about != nil && (speaker == nil || speaker == about) {
		about.closed = append(about.closed, t)
	}
}

// noteLists remembers the sellers that lists and news call gone: a line that names one, under a heading or in a
// sentence of closing.
func (w *world) noteLists() {
	for _, t := range w.census.traces {
		if !t.isPage() || w.owners[w.sites[t.site]] != nil || t.past() || t.cues[cueClosing]+t.title[cueClosing] == 0 {
			continue
		}
		whole := t.title[cueClosing] > 0
		for line := range strings.Lines(t.post.Text) {
			if !whole && countCues(line)[cueClosing] == 0 {
				continue
			}
			if named := w.names.all(line); len(named) > 0 {
				named[0].entity.closed = append(named[0].entity.closed, t)
			}
		}
	}
}

// gone reports whether a seller has stopped trading: its site is dead or never seen, and it has been silent, and others
// say that it is gone or another name has taken over.
func (w *world) gone(e *entity, asOf time.Time) bool {
	if e.alive() {
		return false
	}
	last := e.last
	dead := e.sited() || len(e.domains) > 0
	told := 0
	for _, t := range e.closed {
		at := t.seen()
		if at.After(last) || t.isPage() {
			told++
		}
	}
	quiet := last.IsZero() || asOf.Sub(last) > silence
	switch {
	case e.heir != nil && quiet:
		return true
	case dead && told > 0 && asOf.Sub(last) > 21*24*time.Hour:
		return true
	case dead && quiet && e.vanished():
		return true
	case dead && asOf.Sub(last) > longSilence/2:
		return true
	}
	return told >= 2 && quiet || asOf.Sub(last) > 2*longSilence
}

// vanished reports whether every page of the seller's own was found gone on a visit.
func (e *entity) vanished() bool {
	return e.sited() && !slices.ContainsFunc(e.sites, func(s *site) bool {
		return slices.ContainsFunc(s.pages, func(p *trace) bool { return !p.past() })
	})
}

// takeovers finds when a new owner took over: a current page of the seller's own says so. What was said before, by
// pages that are no longer shown or accounts of the former owner, does not count against the new one.
func (w *world) takeovers() {
	for _, e := range w.entities {
		var pages []*trace
		for _, s := range e.sites {
			for _, p := range s.pages {
				if !p.past() && p.cues[cueNewOwner]+p.title[cueNewOwner] > 0 {
					pages = append(pages, p)
				}
			}
		}
		if len(pages) == 0 {
			continue
		}
		e.flag("new_owner")
		e.changed = takeoverDate(pages)
		for _, s := range e.said {
			if s.trace.past() || s.tie != tieSite && (e.changed.IsZero() || s.trace.at.Before(e.changed)) {
				s.stale = true
			}
		}
	}
}

// takeoverDate is the latest year and month that the pages give beside the words for a new owner; zero when none.
func takeoverDate(pages []*trace) time.Time {
	var at time.Time
	for _, p := range pages {
		for _, sentence := range splitSentences(p.post.Title + "\n" + p.post.Text) {
			for _, word := range strings.FieldsFunc(sentence, func(r rune) bool { return r < '0' || r > '9' }) {
				if len(word) != 4 || word < "1995" || word > "2099" {
					continue
				}
				year := int(word[0]-'0')*1000 + int(word[1]-'0')*100 + int(word[2]-'0')*10 + int(word[3]-'0')
				month := monthIn(sentence)
				if found := time.Date(year, month, 1, 0, 0, 0, 0, time.UTC); found.After(at) && (countCues(sentence)[cueNewOwner] > 0 || month > 1) {
					at = found
				}
			}
		}
	}
	return at
}

// monthStems begin the names of the months in the languages of the sources.
var monthStems = [][]string{
	{"jan", "янв", "січ", "ene", "sty", "oca", "1月"},
	{"feb", "fév", "фев", "лют", "lut", "şub", "2月"},
	{"mar", "mär", "maa", "мар", "бер", "mac", "3月"},
	{"apr", "avr", "апр", "квіт", "abr", "kwi", "nis", "4月"},
	{"may", "mai", "mei", "мая", "май", "трав", "maj", "5月"},
	{"jun", "juin", "июн", "черв", "cze", "haz", "6月"},
	{"jul", "juil", "июл", "лип", "lip", "tem", "7月"},
	{"aug", "aoû", "авг", "серп", "ago", "sie", "ağu", "8月"},
	{"sep", "сен", "вер", "wrz", "eyl", "set", "9月"},
	{"oct", "okt", "окт", "жовт", "out", "paź", "eki", "10月"},
	{"nov", "ноя", "лист", "lis", "kas", "11月"},
	{"dec", "dez", "déc", "дек", "груд", "dic", "gru", "ara", "12月"},
}

// monthIn returns the month named in a sentence; January when there is none.
func monthIn(sentence string) time.Month {
	words := strings.Fields(strings.ToLower(sentence))
	for month := len(monthStems); month > 0; month-- {
		for _, stem := range monthStems[month-1] {
			if slices.ContainsFunc(words, func(word string) bool { return strings.HasPrefix(word, stem) }) {
				return time.Month(month)
			}
		}
	}
	return time.January
}

// cleanups sets aside what a seller said on pages that it has replaced by rules to the contrary: wording that is
// superseded or gone, when a current page of its own forbids or refuses.
func (w *world) cleanups() {
	for _, e := range w.entities {
		strict := false
		for _, s := range e.said {
			strict = strict || s.tie == tieSite && !s.trace.past() && s.contraryHit()
		}
		if !strict {
			continue
		}
		current := slices.ContainsFunc(e.said, func(s *saying) bool {
			return s.speaker == schemer.SpeakerSelf && s.admits() && !s.trace.past() && gradeRank(s.signal.Grade) >= 2 && s.tie <= tieShared
		})
		if current {
			continue
		}
		for _, s := range e.said {
			if s.tie == tieSite && s.trace.past() && s.admits() {
				s.stale = true
				e.flag("cleaned_up")
			}
		}
	}
}

// watchFor is how long a wording on a page that used to speak otherwise must stand before it counts: a defaced or
// taken-over site is not its owner's word.
const watchFor = 30 * 24 * time.Hour

// hijacks sets aside what pages admit since less than thirty days when an older wording of the same page, seen shortly
// before and for at least a day, admits nothing and the seller admits nothing elsewhere. A first visit proves no change
// and sets nothing aside.
func (w *world) hijacks(asOf time.Time) {
	for _, e := range w.entities {
		var fresh []*saying
		settled := false
		for _, s := range e.said {
			if s.speaker != schemer.SpeakerSelf || !s.admits() || gradeRank(s.signal.Grade) < gradeRank(schemer.GradeHint) {
				continue
			}
			if s.tie == tieSite && w.changedLately(s.trace, asOf) {
				fresh = append(fresh, s)
			} else {
				settled = settled || s.tie <= tieAlone
			}
		}
		if len(fresh) == 0 || settled {
			continue
		}
		e.flag("changed_lately")
		for _, s := range fresh {
			s.tie = tieClaim
		}
	}
}

// changedLately reports whether the wording of a page is new within thirty days while an older wording of the same page
// was seen in the same time before.
func (w *world) changedLately(t *trace, asOf time.Time) bool {
	p := t.post
	if t.past() || p.FirstSeen.IsZero() || p.FirstSeen.After(asOf) || asOf.Sub(p.FirstSeen) > watchFor {
		return false
	}
	return slices.ContainsFunc(w.sites[t.site].pages, func(o *trace) bool {
		return o != t && o.past() && o.post.URL == p.URL && p.FirstSeen.Sub(o.post.LastSeen) <= watchFor && o.post.LastSeen.Sub(o.post.FirstSeen) >= 24*time.Hour
	})
}
