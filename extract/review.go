package extract

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/html"

	"schemer"
)

// readReviews reads the reviews of a page and the owner's replies to them: by schema.org microdata, else by elements
// that call themselves reviews and repeat. now is when the page was captured. Subject is the reviewed provider, Rating
// is scaled to 5. Owners' replies are posts of kind reply. It returns nil for a page that shows no reviews.
func readReviews(doc *html.Node, pageURL string, now time.Time) []schemer.Post {
	r := reviewReader{pageURL: pageURL, now: now, base: newBase(pageURL, ""), doc: doc}
	r.collect(doc, nil)
	if len(r.found) == 0 || !r.typed && r.reviews < 2 {
		return nil
	}
	posts := make([]schemer.Post, 0, len(r.found))
	dated := false
	for _, f := range r.found {
		p, ok := r.post(f)
		if !ok {
			continue
		}
		p.Position = len(posts) + 1
		posts = append(posts, p)
		dated = dated || p.Rating > 0 || !p.PostedAt.IsZero()
	}
	if !dated {
		return nil
	}
	return posts
}

// reviewNode is an element that holds a review or a reply.
type reviewNode struct {
	n     *html.Node
	owner *html.Node // item scope around it
	typed bool       // by microdata
	reply bool
}

// A reviewReader walks one page.
type reviewReader struct {
	doc     *html.Node
	pageURL string
	base    base
	now     time.Time
	found   []reviewNode
	reviews int
	typed   bool

	heading   string // what the page's heading or title names
	headed    bool   // heading was looked for
	owner     *html.Node
	ownerName string // of owner
}

// collect finds the elements that hold reviews, outermost first, and the replies in and after them.
func (r *reviewReader) collect(n, scope *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.ElementNode || len(r.found) > 2000 {
			continue
		}
		typed := isReviewType(c)
		switch {
		case typed || !r.typed && isReviewClass(c):
			if typed && !r.typed {
				r.typed = true
				r.found, r.reviews = r.dropUntyped(), 0
			}
			r.found = append(r.found, reviewNode{n: c, owner: scope, typed: typed})
			r.reviews++
			r.replies(c, scope)
		case len(r.found) > 0 && isReplyClass(c):
			r.found = append(r.found, reviewNode{n: c, owner: scope, typed: r.typed, reply: true})
		default:
			inner := scope
			if hasAttr(c, "itemscope") {
				inner = c
			}
			r.collect(c, inner)
		}
	}
}

// dropUntyped forgets what only looked like reviews once real ones were found.
func (r *reviewReader) dropUntyped() []reviewNode { return r.found[:0] }

// replies finds owners' replies inside a review.
func (r *reviewReader) replies(n, scope *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.ElementNode {
			continue
		}
		if isReplyClass(c) {
			r.found = append(r.found, reviewNode{n: c, owner: scope, typed: r.typed, reply: true})
			continue
		}
		r.replies(c, scope)
	}
}

// isReviewType reports whether an element is a review by microdata or RDFa.
func isReviewType(n *html.Node) bool {
	for _, key := range [...]string{"itemtype", "typeof"} {
		t := strings.TrimRight(attr(n, key), "/ ")
		if t = t[strings.LastIndexAny(t, "/#: ")+1:]; t == "Review" || t == "UserReview" || t == "CriticReview" {
			return true
		}
	}
	return false
}

// isReviewClass reports whether a class says that the element is one review: "review", "review-card", "customerReview",
// and not a part of one or a list of them.
func isReviewClass(n *html.Node) bool {
	for word := range strings.FieldsSeq(attr(n, "class")) {
		parts := classWords(word)
		has, part := false, false
		for _, p := range parts {
			switch p {
			case "review", "beoordeling", "bewertung", "hreview", "otzyv", "avis", "opinion", "opinia", "resena", "yorum":
				has = true
			case "card", "item", "box", "entry", "single", "user", "customer", "row", "block", "wrapper", "container", "post", "js", "is", "has", "article", "panel", "unit", "component", "provider":
			default:
				part = true
			}
		}
		if has && !part {
			return n.Data != "form" && n.Data != "body" && n.Data != "a" && n.Data != "span" && n.Data != "button"
		}
	}
	return false
}

// isReplyClass reports whether a class says that the element is an owner's answer.
func isReplyClass(n *html.Node) bool {
	if n.Data == "form" || n.Data == "a" || n.Data == "button" || n.Data == "span" {
		return false
	}
	for word := range strings.FieldsSeq(attr(n, "class")) {
		whose, answer, part := false, false, false
		for _, p := range classWords(word) {
			switch p {
			case "owner", "business", "company", "vendor", "merchant", "provider", "official", "host", "eigenaar", "inhaber", "firmen":
				whose = true
			case "reply", "response", "answer", "replied", "reactie", "antwoord", "antwort", "reponse", "respuesta", "resposta", "otvet":
				answer = true
			case "text", "body", "content", "form", "button", "link", "count", "date", "author", "header", "title", "to", "meta":
				part = true
			}
		}
		if whose && answer && !part {
			return true
		}
	}
	return false
}

// post reads one review or reply.
func (r *reviewReader) post(f reviewNode) (schemer.Post, bool) {
	p := schemer.Post{Kind: schemer.PostReview, Engine: "reviews", Confidence: 0.8, DateHow: "none"}
	if f.typed {
		p.Confidence = 1
	}
	parts := r.parts(f.n)
	p.Author = parts.author
	if f.reply || isOwner(p.Author) {
		p.Kind = schemer.PostReply
	}
	if p.Kind == schemer.PostReview {
		p.Rating, _ = ratingOf(f.n)
	}
	p.Subject = r.subject(f)
	p.Title = parts.title
	r.date(&p, parts.date)
	r.address(&p, f.n, parts)
	skip := parts.skip(f.n)
	body := parts.body
	if body == nil {
		body = f.n
	} else {
		skip = func(n *html.Node) bool { return n != body && (isReplyClass(n) || n.Data == "blockquote") }
	}
	text := nodeText(body, skip)
	p.Text, p.Blocks = text.text, text.blocks
	for _, l := range text.links {
		if href := r.base.resolve(l.href); href != "" && r.base.leaves(href) {
			p.Mentions = append(p.Mentions, linkMentions(textLink{href: href, start: l.start, end: l.end})...)
		}
	}
	if q := firstElement(f.n, func(n *html.Node) bool { return n.Data == "blockquote" }); q != nil {
		p.Quotes = append(p.Quotes, quoteOf(q))
	}
	if p.Rating == 0 && p.Kind == schemer.PostReview {
		p.Rating = starsIn(p.Text)
	}
	return p, p.Text != "" || p.Rating > 0
}

// quoteOf reads a block quote; a cite element in it names who is quoted.
func quoteOf(q *html.Node) schemer.Quote {
	cite := firstElement(q, func(n *html.Node) bool { return n.Data == "cite" })
	out := schemer.Quote{Text: nodeText(q, func(n *html.Node) bool { return n == cite }).text}
	if cite != nil {
		out.Author = oneLine(allText(cite))
	}
	return out
}

// date reads when a review was made.
func (r *reviewReader) date(p *schemer.Post, n *html.Node) {
	if n == nil {
		return
	}
	for _, key := range [...]string{"datetime", "content", "title", "data-date"} {
		raw := attr(n, key)
		if at, ok := machineDay(raw); ok {
			p.PostedAt, p.DateHow, p.DateRaw = at, "machine", raw
			return
		}
	}
	raw := oneLine(allText(n))
	if at, ok := machineDay(raw); ok {
		p.PostedAt, p.DateHow, p.DateRaw = at, "text", raw
		return
	}
	if at, how, ok := parseDate(raw, r.now, documentLang(r.doc), time.UTC); ok {
		p.PostedAt, p.DateHow, p.DateRaw = at.UTC(), how, raw
	}
}

// machineDay reads an ISO 8601 time or day.
func machineDay(s string) (time.Time, bool) {
	if at, ok := machineTime(s); ok {
		return at, true
	}
	at, err := time.Parse(time.DateOnly, s)
	return at, err == nil
}

// documentLang returns the two letters of the page's declared language.
func documentLang(doc *html.Node) string {
	n := firstElement(doc, func(n *html.Node) bool { return n.Data == "html" })
	if n == nil {
		return ""
	}
	l, _, _ := strings.Cut(strings.ToLower(attr(n, "lang")), "-")
	return l
}

// address gives the post its number and permalink: the element's id, and the link around its date.
func (r *reviewReader) address(p *schemer.Post, n *html.Node, parts reviewParts) {
	id := attr(n, "id")
	if id == "" {
		id = attr(n, "data-review-id")
	}
	if id == "" {
		id = attr(n, "data-id")
	}
	p.Number = id
	if d := trailingDigits(id); d != "" {
		p.Number = d
	}
	if parts.link != nil {
		if href := r.base.resolve(attr(parts.link, "href")); href != "" && !r.base.leaves(href) {
			p.URL = href
		}
	}
	if p.URL == "" {
		p.URL = cutFragment(r.pageURL)
		if id = attr(n, "id"); id != "" {
			p.URL += "#" + url.PathEscape(id)
		} else {
			p.URL += "#review-" + strconv.Itoa(r.index(n))
		}
	}
	if p.Number == "" {
		p.Number = strconv.Itoa(r.index(n))
	}
}

// index is the place of a review on its page, from 1.
func (r *reviewReader) index(n *html.Node) int {
	for k, f := range r.found {
		if f.n == n {
			return k + 1
		}
	}
	return 0
}
