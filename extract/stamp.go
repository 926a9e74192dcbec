package extract

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/html/atom"

	"schemer"
)

// stamp is a point in time as a page gives it.
type stamp struct {
	at       time.Time // UTC
	how, raw string
}

// dateOf reads when a post was made: a machine-readable form first, then the text in the page's language and zone.
func (p *page) dateOf(sk *skin, lo, hi int) stamp {
	d := p.pick(lo, hi, sk.date)
	if d < 0 {
		return stamp{how: "none"}
	}
	if s, ok := p.machineDate(d, p.end(d)); ok {
		return s
	}
	if sk.dateOf != nil {
		return p.textDate(sk.dateOf(p, d))
	}
	return p.textDate(p.dateText(d, sk.undate))
}

// dateText returns the words of a date element without the parts that are none of it; a full date in the title of an
// abbreviated one ("Yesterday") is taken in its place.
func (p *page) dateText(d int, undate rule) string {
	full := -1
	for i := d; i < p.end(d) && full < 0; i++ {
		if t := p.attr(i, "title"); t != "" && looksDated(t) && len(t) < 60 && !strings.Contains(p.inline(i), ":") && (len(undate) == 0 || p.up(i, undate) < d) {
			full = i
		}
	}
	cut := cuts{drop: undate}
	if full < 0 {
		return p.inlineWithout(d, &cut)
	}
	title := p.attr(full, "title")
	if full == d {
		return title
	}
	r := renderer{p: p, cut: &cut, cell: 1, bare: true, skipped: []int{full}}
	r.children(d)
	return oneLine(title + string(r.out))
}

// textDate parses a date written for people.
func (p *page) textDate(raw string) stamp {
	s, _ := p.textDateBy(raw, orderUnknown)
	return s
}

// settleOrder reads the dates again that could be read in two ways, when other posts of the page show whether the day
// or the month comes first and none shows the opposite.
func (p *page) settleOrder(posts []schemer.Post) {
	if !slices.ContainsFunc(posts, func(post schemer.Post) bool { return post.DateHow == "text?" }) {
		return
	}
	order := orderUnknown
	for k := range posts {
		if posts[k].DateHow != "text" {
			continue
		}
		switch _, shown := p.textDateBy(posts[k].DateRaw, orderUnknown); {
		case shown == orderUnknown || shown == order:
		case order == orderUnknown:
			order = shown
		default:
			return
		}
	}
	if order == orderUnknown {
		return
	}
	for k := range posts {
		post := &posts[k]
		if post.DateHow != "text?" {
			continue
		}
		if s, _ := p.textDateBy(post.DateRaw, order); s.how == "text" {
			post.PostedAt, post.DateHow = s.at, s.how
			if post.EditedAt.Before(s.at) {
				post.EditedAt = time.Time{}
			}
		}
	}
}

// textDateBy is textDate where the order of day and month may be known; it returns the order that the date shows.
func (p *page) textDateBy(raw string, known dayOrder) (stamp, dayOrder) {
	if k := strings.LastIndex(raw, "» "); k >= 0 {
		raw = raw[k+len("» "):]
	}
	raw = strings.Trim(raw, "«»·•|-–— \u00a0")
	if raw == "" {
		return stamp{how: "none"}, orderUnknown
	}
	written := raw
	if strings.Contains(raw, ".m.") || strings.Contains(raw, "noon") || strings.Contains(raw, "midnight") {
		written = djangoTime(raw)
	}
	if at, ok := machineTime(written); ok {
		return stamp{at, "text", raw}, orderUnknown
	}
	at, how, shown, ok := parseDateBy(written, p.in.Capture.FetchedAt, p.langCode(), p.location(), known)
	if !ok {
		return stamp{how: "none", raw: raw}, orderUnknown
	}
	return stamp{at.UTC(), how, raw}, shown
}

// machineDate looks for a date in the attributes of the nodes [lo, hi).
func (p *page) machineDate(lo, hi int) (stamp, bool) {
	for i := lo; i < hi; i++ {
		e := &p.nodes[i]
		if e.text {
			continue
		}
		for k := range e.n.Attr {
			a := &e.n.Attr[k]
			switch a.Key {
			case "datetime", "content", "title", "data-datestring", "data-original-title":
				if a.Key == "content" && e.tag != atom.Meta && e.tag != atom.Time {
					continue
				}
				if at, ok := machineTime(a.Val); ok {
					return stamp{at, "machine", a.Val}, true
				}
			case "data-timestamp", "data-time", "data-unixtime", "data-utime", "data-epoch":
				if at, ok := epoch(a.Val); ok {
					return stamp{at, "machine", a.Val}, true
				}
			}
		}
	}
	return stamp{}, false
}

// epoch reads seconds or milliseconds since 1970.
func epoch(s string) (time.Time, bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	switch {
	case err != nil || n <= 0:
		return time.Time{}, false
	case n > 100_000_000_000: // later than the year 5138 in seconds: milliseconds
		return time.UnixMilli(n).UTC(), n < 32_503_680_000_000
	}
	return time.Unix(n, 0).UTC(), n > 100_000_000
}

// machineTime reads ISO 8601 as RFC 3339 profiles it and HTML's time element allows it: a date with a time, a blank
// or T between, seconds and fraction optional, zone "Z", "+02:00" or "+0200". Without a zone it is UTC. RFC 1123 and
// "2026-11-25 UTC" forms are not machine forms.
func machineTime(s string) (time.Time, bool) {
	if len(s) < 16 || len(s) > 40 || s[4] != '-' || s[7] != '-' || (s[10] != 'T' && s[10] != ' ') || s[13] != ':' {
		return time.Time{}, false
	}
	var v [6]int
	for k, at := range [...]int{0, 5, 8, 11, 14} {
		n := 2
		if k == 0 {
			n = 4
		}
		x, ok := number(s[at : at+n])
		if !ok {
			return time.Time{}, false
		}
		v[k] = x
	}
	rest, nanos := s[16:], 0
	if len(rest) >= 3 && rest[0] == ':' {
		x, ok := number(rest[1:3])
		if !ok {
			return time.Time{}, false
		}
		v[5], rest = x, rest[3:]
		if len(rest) > 1 && (rest[0] == '.' || rest[0] == ',') {
			k := 1
			for k < len(rest) && rest[k] >= '0' && rest[k] <= '9' {
				k++
			}
			frac := (rest[1:k] + "000000000")[:9]
			nanos, _ = strconv.Atoi(frac)
			rest = rest[k:]
		}
	}
	offset, ok := zoneOffset(strings.TrimSpace(rest))
	if !ok || v[1] < 1 || v[1] > 12 || v[2] < 1 || v[2] > 31 || v[3] > 24 || v[4] > 59 || v[5] > 60 {
		return time.Time{}, false
	}
	at := time.Date(v[0], time.Month(v[1]), v[2], v[3], v[4], v[5], nanos, time.UTC).Add(-offset)
	return at, v[0] >= 1970
}

func number(s string) (int, bool) {
	n := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, s != ""
}

// zoneOffset reads "", "Z", "UTC", "+02:00", "+0200" and "+02".
func zoneOffset(s string) (time.Duration, bool) {
	switch s {
	case "", "Z", "z", "UTC", "GMT":
		return 0, true
	}
	sign := time.Duration(1)
	switch s[0] {
	case '-':
		sign = -1
	case '+':
	default:
		return 0, false
	}
	digits := strings.Replace(s[1:], ":", "", 1)
	if len(digits) == 2 {
		digits += "00"
	}
	n, ok := number(digits)
	if !ok || len(digits) != 4 || n/100 > 15 || n%100 > 59 {
		return 0, false
	}
	return sign * (time.Duration(n/100)*time.Hour + time.Duration(n%100)*time.Minute), true
}

// editTime reads when a post was edited from its edit mark: a machine date in it, else the date that its words hold
// ("Last edited by x; 03-05-2026 at 02:22 PM."). An unreadable one gives the zero time.
func (p *page) editTime(e int, post *schemer.Post) time.Time {
	if s, ok := p.machineDate(e, p.end(e)); ok {
		return s.at
	}
	for _, plain := range []bool{false, true} {
		var words string
		if plain {
			words = p.inline(e)
		} else {
			words = p.dateText(e, nil)
		}
		if k := strings.LastIndex(words, " by "); k > 0 && strings.ContainsAny(words[:k], "0123456789") {
			words = words[:k]
		}
		for _, cut := range []string{": ", "; ", " on ", " am ", " op ", " le ", " el ", " em ", " dnia ", " в ", " - ", " ("} {
			if k := strings.Index(words, cut); k >= 0 {
				if at, ok := p.editDate(words[k+len(cut):], post); ok {
					return at
				}
			}
		}
		if k := strings.IndexAny(words, "0123456789"); k >= 0 {
			if at, ok := p.editDate(words[k:], post); ok {
				return at
			}
		}
		if at, ok := p.editDate(words, post); ok {
			return at
		}
	}
	return time.Time{}
}

// editDate parses the date of an edit, which cannot lie before the post.
func (p *page) editDate(words string, post *schemer.Post) (time.Time, bool) {
	words = strings.Trim(words, " .()[]")
	for _, tail := range []string{", edited ", "; edited ", ", insgesamt ", ", in totaal", " от ", " von ", " door ", " par "} {
		if k := strings.Index(words, tail); k > 0 {
			words = words[:k]
		}
	}
	if len(words) < 6 {
		return time.Time{}, false
	}
	at, _, ok := parseDate(words, p.in.Capture.FetchedAt, p.langCode(), p.location())
	return at.UTC(), ok && !at.Before(post.PostedAt)
}

// zoneMemo keeps the zone once it was looked for.
type zoneMemo struct {
	known bool
	loc   *time.Location
}

// location returns the zone that the page says its times are in ("All times are GMT +1"), or UTC.
func (p *page) location() *time.Location {
	if !p.zone.known {
		p.zone = zoneMemo{known: true, loc: p.findZone()}
	}
	return p.zone.loc
}

// findZone looks for "GMT" or "UTC" with an offset in short texts near the end of the page, where engines state it.
func (p *page) findZone() *time.Location {
	for i := len(p.nodes) - 1; i >= 0; i-- {
		e := &p.nodes[i]
		if !e.text || len(e.n.Data) > 400 || len(e.n.Data) < 5 {
			continue
		}
		s := e.n.Data
		k := strings.Index(s, "GMT")
		if k < 0 {
			k = strings.Index(s, "UTC")
		}
		if k < 0 || !statesZone(p, i, s) {
			continue
		}
		tail := s[k+3:]
		if tail == "" && i+2 < len(p.nodes) && p.nodes[i+2].text {
			tail = p.nodes[i+2].n.Data
		}
		return parseZone(tail)
	}
	return time.UTC
}

// statesZone reports whether the text around node i speaks of times and zones and is no post.
func statesZone(p *page, i int, s string) bool {
	for up, k := 0, int(p.nodes[i].parent); up < 3 && k >= 0 && len(s) < 40; up, k = up+1, int(p.nodes[k].parent) {
		if p.end(k)-k > 60 {
			break
		}
		s = p.inline(k)
	}
	if len(s) > 400 {
		return false
	}
	low := strings.ToLower(s)
	for _, word := range []string{"time", "zeit", "tijd", "heure", "fuseau", "hora", "hor", "czas", "saat", "zaman", "час", "время", "时间", "時間"} {
		if strings.Contains(low, word) {
			return true
		}
	}
	return false
}

func parseZone(s string) *time.Location {
	s = strings.ReplaceAll(strings.TrimSpace(s), " ", "")
	s = strings.ReplaceAll(s, "−", "-")
	if s == "" || s[0] != '+' && s[0] != '-' {
		return time.UTC
	}
	k := 1
	for k < len(s) && k < 6 && (s[k] >= '0' && s[k] <= '9' || s[k] == ':') {
		k++
	}
	hours, minutes, _ := strings.Cut(s[1:k], ":")
	if len(hours) == 4 {
		hours, minutes = hours[:2], hours[2:]
	}
	h, ok := number(hours)
	if !ok || h > 14 {
		return time.UTC
	}
	m, _ := number(minutes)
	seconds := h*3600 + m%60*60
	if s[0] == '-' {
		seconds = -seconds
	}
	return time.FixedZone("UTC"+s[:k], seconds)
}
