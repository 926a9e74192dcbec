package extract

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/atom"
)

// anatomy says by which shape (element and class) the blocks of a group show each part. "" means no common shape.
type anatomy struct{ author, date, body string }

// shape names an element by what its siblings in other blocks share.
func (s *survey) shape(i int) string {
	e := &s.p.nodes[i]
	if e.text {
		return ""
	}
	if s.shapes[i] == "" {
		s.shapes[i] = s.shapeOf(e)
	}
	return s.shapes[i]
}

func (s *survey) shapeOf(e *node) string {
	out := e.n.Data + "." + plainClass(e.class())
	if prop := attr(e.n, "itemprop"); prop != "" {
		out += "@" + prop
	}
	if e.class() == "" && e.id() != "" {
		out += "#" + strings.TrimRight(e.id(), "0123456789")
	}
	if e.class() == "" && e.parent >= 0 {
		out = s.p.nodes[e.parent].n.Data + "." + plainClass(s.p.nodes[e.parent].class()) + ">" + out
	}
	return out
}

// find returns the first element of that shape in [lo, hi), or -1.
func (s *survey) find(shape string, lo, hi int) int {
	if shape == "" {
		return -1
	}
	for i := lo; i < hi; i++ {
		if !s.p.nodes[i].text && s.shape(i) == shape {
			return i
		}
	}
	return -1
}

// anatomy finds the shapes that most blocks share: votes are the points of each block's candidates.
func (s *survey) anatomy(g group) anatomy {
	p := s.p
	author, date, body := ballot{}, ballot{}, ballot{}
	for k, b := range s.trimmed(g.blocks) {
		if k == 40 {
			break
		}
		for i := b.lo + 1; i < b.hi; i++ {
			if n := s.authorPoints(i); n > 0 {
				author.vote(s.shape(i), n, k)
				author.name(s.shape(i), p.inline(i))
			}
			if n := s.datePoints(i); n > 0 {
				date.vote(s.shape(s.element(i)), n, k)
			}
		}
	}
	author.halveSameness()
	a := anatomy{author: author.winner(false), date: date.winner(false)}
	for k, b := range s.trimmed(g.blocks) {
		if k == 40 {
			break
		}
		s.voteBody(&body, a, b, k)
	}
	a.body = body.winner(true)
	inside, all := int32(0), int32(0)
	for _, b := range s.trimmed(g.blocks) {
		if i := s.find(a.body, b.lo, b.hi); i >= 0 {
			inside += s.own(i, b.hi)
		}
		all += s.words[b.hi] - s.words[b.lo] + s.links[b.hi] - s.links[b.lo]
		for _, part := range []int{s.nameIn(a, b), s.dateIn(a, b)} {
			if part >= 0 {
				all -= s.own(s.element(part), b.hi)
			}
		}
	}
	if inside*3 < all && !bodyWords.in(a.body) {
		a.body = "" // no element holds what the blocks say: they are read whole
	}
	return a
}

// nameIn returns the element that names the author of a block, or -1.
func (s *survey) nameIn(a anatomy, b block) int {
	for i := b.lo; i < b.hi; i++ {
		if !s.p.nodes[i].text && s.shape(i) == a.author && s.authorPoints(i) > 0 {
			return i
		}
	}
	return s.bestAuthor(b)
}

// trimmed cuts each block where the next begins, so that nested ones do not overlap.
func (s *survey) trimmed(blocks []block) []block {
	out := make([]block, len(blocks))
	copy(out, blocks)
	for k := range out {
		if k+1 < len(out) && out[k+1].lo < out[k].hi {
			out[k].hi = out[k+1].lo
		}
	}
	return out
}

// element returns i, or for a text its parent.
func (s *survey) element(i int) int {
	if s.p.nodes[i].text {
		return int(s.p.nodes[i].parent)
	}
	return i
}

// authorPoints says how much element i looks like the name of an author.
func (s *survey) authorPoints(i int) float64 {
	p := s.p
	e := &p.nodes[i]
	if e.text || e.tag == atom.Time || p.end(i)-i > 8 || p.end(i)-i < 2 {
		return 0
	}
	switch e.tag {
	case atom.A, atom.Span, atom.Strong, atom.B, atom.Div, atom.H3, atom.H4, atom.H5, atom.Dt, atom.Td, atom.Cite, atom.P, atom.Li, atom.Em, atom.Small:
	default:
		return 0
	}
	points := 0.0
	points += s.naming(e.class())
	if prop := attr(e.n, "itemprop"); prop != "" {
		points += s.naming(prop)
	}
	if attr(e.n, "rel") == "author" {
		points += 3
	}
	for k, up := int(e.parent), 0; k >= 0 && up < 3; k, up = int(p.nodes[k].parent), up+1 {
		if n := s.naming(p.nodes[k].class()); n > 0 {
			points += n / 4
			break
		}
	}
	if e.tag == atom.A {
		href := strings.ToLower(attr(e.n, "href"))
		if profileWords.in(href) || strings.Contains(href, "u=") {
			points += 2.5
		}
		if strings.Contains(href, "post") || strings.Contains(href, "login") || strings.Contains(href, "report") {
			points -= 2
		}
	}
	switch e.tag {
	case atom.B, atom.Strong, atom.Cite, atom.Dt, atom.H3, atom.H4, atom.H5:
		points += 0.8
	}
	if points <= 0 {
		return 0
	}
	if len(p.all(i, p.end(i), anchorRule)) > 1 {
		return 0
	}
	name := p.inline(i)
	if n := utf8.RuneCountInString(name); n < 2 || n > 40 || looksDated(name) || strings.HasSuffix(name, ":") || strings.HasPrefix(name, "#") || isFurniture(name) {
		return 0
	}
	return points
}

// naming is namingPoints of class names, remembered.
func (s *survey) naming(class string) float64 {
	if class == "" {
		return 0
	}
	n, ok := s.names[class]
	if !ok {
		n = namingPoints(classWords(class))
		s.names[class] = n
	}
	return n
}

// namingPoints says how much class words speak of an author's name.
func namingPoints(words []string) float64 {
	points := 0.0
	for _, w := range words {
		switch w {
		case "author", "username", "poster", "nick", "nickname", "fn", "creator", "owner", "displayname":
			points = max(points, 3)
		case "user", "member", "name", "by", "bigusername":
			points = max(points, 1.5)
		}
	}
	for _, w := range words {
		switch w {
		case "title", "usertitle", "rank", "role", "group", "membergroup", "stat", "stats", "avatar", "count", "signature", "date", "time", "badge", "badges",
			"location", "quote", "edit", "edited", "content", "body", "buttons", "button", "find", "controls", "postcount", "online", "status", "banner":
			return points - 3
		}
	}
	return points
}

// classWords splits class names into lower-case words at hyphens, underscores, blanks and humps.
func classWords(class string) []string {
	var words []string
	start, lower := 0, false
	flush := func(to int) {
		if to > start {
			words = append(words, strings.ToLower(class[start:to]))
		}
	}
	for i := range len(class) {
		c := class[i]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !letter {
			flush(i)
			start = i + 1
		} else if lower && c <= 'Z' {
			flush(i)
			start = i
		}
		lower = letter && c >= 'a'
	}
	flush(len(class))
	return words
}

func isFurniture(s string) bool {
	switch strings.ToLower(strings.Trim(s, " .:!»«")) {
	case "reply", "quote", "report", "edit", "delete", "like", "share", "permalink", "link", "top", "offline", "online", "profile", "website", "email", "pm",
		"antworten", "zitieren", "melden", "citeren", "reageren", "rapporteren", "ответить", "цитата", "цитировать", "наверх", "пожаловаться", "guest", "members":
		return true
	}
	return false
}

// datePoints says how much node i looks like the date of the post, not of an edit or of its author's registration.
func (s *survey) datePoints(i int) float64 {
	if !s.on[i] {
		return 0
	}
	p := s.p
	points := 1.0
	e := s.element(i)
	if !p.nodes[i].text {
		points += 1.5
	}
	for k, up := e, 0; k >= 0 && up < 3; k, up = int(p.nodes[k].parent), up+1 {
		class, id := p.nodes[k].class(), p.nodes[k].id()
		if otherDates.in(class) || otherDates.in(id) || p.nodes[k].tag == atom.Blockquote {
			return 0.05
		}
		if dateClasses.in(class) || dateClasses.in(id) {
			points += 0.5
		}
	}
	words := p.inline(e)
	if otherTimes.in(words) {
		return 0.05
	}
	if p.nodes[i].text && strings.Contains(words, ":") && len(words) > 9 {
		points++
	}
	return points
}

// The words of classes and texts that tell dates, names and bodies.
var (
	bodyWords    = newCasedSet([]string{"body", "content", "message", "text", "msg", "inner", "cooked"})
	profileWords = newWordSet("user", "profile", "member", "/u/", "author", "uid=")
	otherDates   = newCasedSet([]string{"edit", "modif", "update", "join", "regist", "lastpost", "quote", "signature", "lastedit"})
	dateClasses  = newCasedSet([]string{"date", "time", "posted", "created", "publish", "permalink"})
	otherTimes   = newCasedSet([]string{"join", "regist", "edited", "bewerkt", "bearbeitet", "изменено", "регистрация", "отредактировано", "member since", "lid sinds", "modifié", "inscri"})
)

// voteBody votes for the largest element of the block that holds neither its author nor its date, and for the
// elements inside it that hold nearly as much.
func (s *survey) voteBody(v *ballot, a anatomy, b block, round int) {
	p := s.p
	by, on := s.nameIn(a, b), s.dateIn(a, b)
	largest := int32(0)
	for i := b.lo + 1; i < b.hi; i++ {
		if w := s.said(i, b.hi); w > largest && !holds(p, i, by) && !holds(p, i, on) && !p.nodes[i].text {
			largest = w
		}
	}
	if largest == 0 {
		return
	}
	for i := b.lo + 1; i < b.hi; i++ {
		e := &p.nodes[i]
		w := s.said(i, b.hi)
		if e.text || w*10 < largest*6 || holds(p, i, by) || holds(p, i, on) {
			continue
		}
		points := float64(w) / float64(largest)
		if bodyWords.in(e.class()) || bodyWords.in(e.id()) || bodyWords.in(attr(e.n, "itemprop")) {
			points += 0.6
		}
		if h := p.first(i+1, min(p.end(i), i+7), css("h1, h2, h3, h4")); h >= 0 {
			points -= 0.25 // the title of the post stands in it too
		}
		if e.tag == atom.P || e.tag == atom.Span || e.tag == atom.A || e.tag == atom.Ul || e.tag == atom.Blockquote && e.class() == "" {
			points -= 0.5
		}
		v.vote(s.shape(i), points, round)
	}
}

// own returns the bytes of text outside links in element i, as far as it lies before hi.
func (s *survey) own(i, hi int) int32 {
	end := min(s.p.end(i), hi)
	return s.words[end] - s.words[i] + s.links[end] - s.links[i]
}

// said is own without the text of links.
func (s *survey) said(i, hi int) int32 { return s.words[min(s.p.end(i), hi)] - s.words[i] }

func holds(p *page, i, k int) bool { return k >= i && k < p.end(i) }

// dateIn returns the date node of a block: of the common shape, else the first.
func (s *survey) dateIn(a anatomy, b block) int {
	first := -1
	for i := b.lo; i < b.hi; i++ {
		if !s.on[i] {
			continue
		}
		if e := s.element(i); s.shape(e) == a.date && s.datePoints(i) > 0.1 {
			return i
		}
		if first < 0 && s.datePoints(i) > 0.1 {
			first = i
		}
	}
	return first
}
