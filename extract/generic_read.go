package extract

import (
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/net/html/atom"

	"schemer"
)

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

// maxRepeated bounds the posts that are read from one page; no forum shows as many.
const maxRepeated = 5000

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
		if k == maxRepeated {
			break
		}
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
		if trailingDigits(p.nodes[b.lo].id()) != "" {
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
		post.AuthorURL = p.leadsTo(link)
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
	if title := s.p.attr(e, "title"); s.titled(title) {
		return s.p.textDate(title)
	}
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
		if d := trailingDigits(e.id()); d != "" && len(d) < len(e.id()) {
			post.Number, anchor = d, e.id()
		}
		for _, key := range []string{"data-id", "data-post-id", "data-postid", "data-pid", "data-comment-id", "data-commentid", "data-node-id", "data-message-id"} {
			if v := attr(e.n, key); v != "" && post.Number == "" {
				post.Number = v
			}
		}
	}
	if on >= 0 {
		if a := p.up(s.element(on), anchorRule); a >= b.lo {
			post.URL = p.leadsTo(a)
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
			anchor = p.nodes[b.lo].id()
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
