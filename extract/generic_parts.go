package extract

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html/atom"

	"schemer"
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
	out := e.n.Data + "." + plainClass(e.class)
	if prop := attr(e.n, "itemprop"); prop != "" {
		out += "@" + prop
	}
	if e.class == "" && e.id != "" {
		out += "#" + strings.TrimRight(e.id, "0123456789")
	}
	if e.class == "" && e.parent >= 0 {
		out = s.p.nodes[e.parent].n.Data + "." + plainClass(s.p.nodes[e.parent].class) + ">" + out
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
	if inside*3 < all && !containsAny(strings.ToLower(a.body), bodyWords) {
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

// A ballot adds up points by shape, once a block.
type ballot struct {
	order []string
	sum   map[string]float64
	last  map[string]int
	names map[string]map[string]int
}

// name notes what a shape says in one block.
func (b *ballot) name(shape, words string) {
	if b.names == nil {
		b.names = map[string]map[string]int{}
	}
	if b.names[shape] == nil {
		b.names[shape] = map[string]int{}
	}
	b.names[shape][words]++
}

// halveSameness takes points from shapes that say the same in every one of several blocks: they are labels.
func (b *ballot) halveSameness() {
	varied := false
	for _, shape := range b.order {
		varied = varied || len(b.names[shape]) > 1
	}
	for _, shape := range b.order {
		if varied && len(b.names[shape]) == 1 && b.last[shape] > 0 {
			b.sum[shape] /= 2
		}
	}
}

func (b *ballot) vote(shape string, points float64, round int) {
	if b.sum == nil {
		b.sum, b.last = map[string]float64{}, map[string]int{}
	}
	if at, ok := b.last[shape]; ok && at == round {
		return
	} else if !ok {
		b.order = append(b.order, shape)
	}
	b.last[shape] = round
	b.sum[shape] += points
}

// winner returns the shape with most points: of equals the first, or with inner the last.
func (b *ballot) winner(inner bool) string {
	best := ""
	for _, s := range b.order {
		if best == "" || b.sum[s] > b.sum[best] || inner && b.sum[s] == b.sum[best] {
			best = s
		}
	}
	return best
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
	points += s.naming(e.class)
	if prop := attr(e.n, "itemprop"); prop != "" {
		points += s.naming(prop)
	}
	if attr(e.n, "rel") == "author" {
		points += 3
	}
	for k, up := int(e.parent), 0; k >= 0 && up < 3; k, up = int(p.nodes[k].parent), up+1 {
		if n := s.naming(p.nodes[k].class); n > 0 {
			points += n / 4
			break
		}
	}
	if e.tag == atom.A {
		href := strings.ToLower(attr(e.n, "href"))
		if containsAny(href, []string{"user", "profile", "member", "/u/", "author", "uid=", "u="}) {
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
		low := strings.ToLower(p.nodes[k].class + " " + p.nodes[k].id)
		if containsAny(low, []string{"edit", "modif", "update", "join", "regist", "lastpost", "quote", "signature", "lastedit"}) || p.nodes[k].tag == atom.Blockquote {
			return 0.05
		}
		if containsAny(low, []string{"date", "time", "posted", "created", "publish", "permalink"}) {
			points += 0.5
		}
	}
	words := strings.ToLower(p.inline(e))
	if containsAny(words, []string{"join", "regist", "edited", "bewerkt", "bearbeitet", "изменено", "регистрация", "отредактировано", "member since", "lid sinds", "modifié", "inscri"}) {
		return 0.05
	}
	if p.nodes[i].text && strings.Contains(words, ":") && len(words) > 9 {
		points++
	}
	return points
}

var bodyWords = []string{"body", "content", "message", "text", "msg", "inner", "cooked"}

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
		low := strings.ToLower(e.class + " " + e.id + " " + attr(e.n, "itemprop"))
		if containsAny(low, bodyWords) {
			points += 0.6
		}
		if h := p.first(i+1, min(p.end(i), i+7), css("h1, h2, h3, h4")); h >= 0 {
			points -= 0.25 // the title of the post stands in it too
		}
		if e.tag == atom.P || e.tag == atom.Span || e.tag == atom.A || e.tag == atom.Ul || e.tag == atom.Blockquote && e.class == "" {
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

var genericCuts = cuts{
	drop: css("[class*=button], [class*=toolbar], [class*=reaction], [class*=attachments], [class*=post_edit], [class*=lastedit], [class*=last-edit], [class*=lastEdit], " +
		"[class*=edited], [class*=modified], [class*=expandLink], [class*=expand-link], [class*=controls], [class*=likes], nav, form, [role=toolbar], [class*=vote], " +
		"[class*=revision], [class*=permalink], .codeheader, .notice, .reply, .attachbox, .codebox > p, footer, .post-menu, .actions"),
	quote:     css("blockquote, .quotebox, .bbcode_quote, aside.quote, [class*=bbCodeQuote], td.alt2"),
	quoteHead: css("cite, .bbcode_postedby, .attribution, .QuoteAuthor, [class*=quote-author], [class*=quote-title], [class*=bbCodeBlock-title], .quoteheader, aside.quote > .title"),
	sig:       css(".signature, [class*=signature], [class*=Signature], [class*=sig-content], [id^=sig], .sig, [data-role=memberSignature], [component=post/signature]"),
	code:      css("pre"), keep: css("[class*=spoiler], [class*=Spoiler], details"), before: nodebbBefore, quoteBy: genericQuote,
}

// genericQuote reads the attributes by which many engines name the quoted author.
func genericQuote(p *page, i int) (author, post string) {
	for _, key := range []string{"data-quote", "data-username", "data-author", "data-ipsquote-username"} {
		if v := p.attr(i, key); v != "" {
			return v, ""
		}
	}
	return "", ""
}

// read reads the blocks of a group by its anatomy.
func (s *survey) read(a anatomy, g group) ([]schemer.Post, float64) {
	p := s.p
	t := thread{url: cutFragment(p.address()), title: p.title}
	if h := p.pick(p.body, len(p.nodes), css("h1, h2")); h >= 0 {
		if words := p.inline(h); words != "" && len(words) < 200 {
			t.title = words
		}
	}
	var posts []schemer.Post
	authors, dates, ids := 0, 0, 0
	for k, b := range s.trimmed(g.blocks) {
		post := s.post(a, b, &t, k)
		if post.Text == "" && len(post.Quotes) == 0 {
			continue
		}
		if post.Author != "" {
			authors++
		}
		if !post.PostedAt.IsZero() {
			dates++
		}
		if trailingDigits(p.nodes[b.lo].id) != "" {
			ids++
		}
		posts = append(posts, post)
	}
	n := len(posts)
	if n == 0 || labels(posts) || dates*2 < n || authors == 0 && ids == 0 {
		return nil, 0
	}
	confidence := 0.3 + 0.2*float64(authors)/float64(n) + 0.2*float64(dates)/float64(n) + 0.1*float64(ids)/float64(n)
	if n > 1 {
		confidence += 0.1
	}
	channel := ownChannel(posts)
	for k := range posts {
		posts[k].Confidence = confidence
		if channel {
			posts[k].Kind = schemer.PostChannel
		}
	}
	return posts, confidence
}

// ownChannel reports whether the page is a channel: titled with the handle of the one who wrote everything on it.
func ownChannel(posts []schemer.Post) bool {
	for k := range posts {
		name, isHandle := strings.CutPrefix(posts[k].Thread, "@")
		if !isHandle || !strings.EqualFold(name, strings.TrimPrefix(posts[k].Author, "@")) {
			return false
		}
	}
	return true
}

// labels reports whether the blocks are no posts but labels of a list: short, and all say the same but for names and
// figures, or little but another date.
func labels(posts []schemer.Post) bool {
	first, same, dated := "", true, 0
	for k := range posts {
		words := posts[k].Text
		if len(words) < 70 && looksDated(words) {
			dated++
		}
		if posts[k].Author != "" {
			words = strings.ReplaceAll(words, posts[k].Author, "")
		}
		words = strings.Map(func(r rune) rune {
			if unicode.IsLetter(r) {
				return r
			}
			return -1
		}, words)
		same = same && (k == 0 || words == first)
		first = words
	}
	return same && len(posts) > 1 && len(first) < 60 || dated*5 > len(posts)*4
}

// post reads one block.
func (s *survey) post(a anatomy, b block, t *thread, k int) schemer.Post {
	p := s.p
	post := schemer.Post{Kind: schemer.PostForum, Engine: "generic", Thread: t.title, ThreadURL: t.url}
	if p.in.Source == schemer.KindChannel {
		post.Kind = schemer.PostChannel
	}
	by := s.nameIn(a, b)
	if by >= 0 {
		post.Author = p.inline(by)
		link := p.up(by, anchorRule)
		if link < b.lo {
			link = p.first(by, p.end(by), anchorRule)
		}
		post.AuthorURL = p.base.resolve(p.attr(link, "href"))
	}
	on := s.dateIn(a, b)
	if on >= 0 {
		d := s.dateAt(on)
		post.PostedAt, post.DateHow, post.DateRaw = d.at, d.how, d.raw
	}
	s.identify(&post, b, on, k)
	body := s.find(a.body, b.lo, b.hi)
	if body >= 0 {
		text := p.render(body+1, min(p.end(body), b.hi), &genericCuts)
		if text.text == "" && len(text.quotes) > 0 {
			if q := p.first(body, p.end(body), genericCuts.quote); q >= 0 {
				text = p.render(q+1, min(p.end(q), b.hi), &genericCuts)
			}
		}
		if text.sig == "" {
			for _, sig := range p.all(b.lo, b.hi, genericCuts.sig) {
				if !holds(p, body, sig) {
					p.addSignature(&text, sig)
				}
			}
		}
		p.fill(&post, text)
		return post
	}
	p.fill(&post, s.rest(b, by, on))
	return post
}

// rest renders the whole block without author, date and what stands before them.
func (s *survey) rest(b block, by, on int) rendered {
	r := renderer{p: s.p, cut: &genericCuts}
	if by >= 0 {
		r.skipped = append(r.skipped, by)
	}
	if on >= 0 {
		r.skipped = append(r.skipped, s.element(on))
	}
	for i := b.lo; i < max(by, on); i++ {
		if e := &s.p.nodes[i]; e.text && !strings.ContainsFunc(e.n.Data, wordRune) {
			r.skipped = append(r.skipped, i)
		}
	}
	r.span(b.lo+1, b.hi)
	return r.done()
}

func wordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

func (s *survey) bestAuthor(b block) int {
	best, at := 0.0, -1
	for i := b.lo + 1; i < b.hi; i++ {
		if n := s.authorPoints(i); n > best {
			best, at = n, i
		}
	}
	return at
}

// dateAt reads a date node.
func (s *survey) dateAt(i int) stamp {
	if d, ok := s.p.machineDate(i, i+1); ok {
		return d
	}
	e := s.element(i)
	for k, up := e, 0; k >= 0 && up < 3; k, up = int(s.p.nodes[k].parent), up+1 {
		words := s.p.inline(k)
		if len(words) > 90 {
			break
		}
		if d := s.p.textDate(words); !d.at.IsZero() {
			return d
		}
	}
	if s.p.nodes[i].text {
		return s.p.textDate(oneLine(s.p.nodes[i].n.Data))
	}
	return stamp{at: time.Time{}, how: "none", raw: s.p.inline(e)}
}

// identify finds number and permalink: the id of the block or of something in it, a link to it.
func (s *survey) identify(post *schemer.Post, b block, on, k int) {
	p := s.p
	anchor := ""
	for i := b.lo; i < min(b.hi, b.lo+60) && post.Number == ""; i++ {
		e := &p.nodes[i]
		if e.text {
			continue
		}
		if d := trailingDigits(e.id); d != "" && len(d) < len(e.id) {
			post.Number, anchor = d, e.id
		}
		for _, key := range []string{"data-id", "data-post-id", "data-postid", "data-pid", "data-comment-id", "data-commentid", "data-node-id", "data-message-id"} {
			if v := attr(e.n, key); v != "" && post.Number == "" {
				post.Number = v
			}
		}
	}
	if on >= 0 {
		if a := p.up(s.element(on), anchorRule); a >= b.lo {
			post.URL = p.base.resolve(p.attr(a, "href"))
		}
	}
	for i := b.lo; i < b.hi && post.URL == ""; i++ {
		href := p.attr(i, "href")
		if href == "" || p.nodes[i].tag != atom.A {
			continue
		}
		if anchor != "" && strings.HasSuffix(href, "#"+anchor) || strings.HasPrefix(p.inline(i), "#") && trailingDigits(p.inline(i)) != "" {
			if post.URL = p.base.resolve(href); post.URL == "" {
				post.URL = post.ThreadURL + href
			}
		}
	}
	if post.URL == "" {
		if anchor == "" {
			anchor = p.nodes[b.lo].id
		}
		if anchor == "" {
			anchor = "block-" + strconv.Itoa(k+1)
		}
		post.URL = post.ThreadURL + "#" + anchor
	}
	if post.Number == "" {
		if post.Number = trailingDigits(post.URL); post.Number == "" {
			post.Number = strconv.Itoa(k + 1)
		}
	}
}
