package extract

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// reviewParts are the elements of one review.
type reviewParts struct {
	author     string
	authorNode *html.Node
	title      string
	titleNode  *html.Node
	date, body *html.Node
	link       *html.Node // around the date
}

// parts finds the parts of a review by microdata, then by elements and classes that name them.
func (r *reviewReader) parts(n *html.Node) reviewParts {
	var p reviewParts
	inside := func(match func(*html.Node) bool) *html.Node {
		return firstOutside(n, isReplyClass, match)
	}
	named := func(words ...string) func(*html.Node) bool {
		return func(c *html.Node) bool {
			for class := range strings.FieldsSeq(attr(c, "class")) {
				parts := classWords(class)
				if len(parts) > 0 && slices.Contains(words, parts[len(parts)-1]) {
					return true
				}
			}
			return false
		}
	}
	if p.authorNode = inside(itemProp("author")); p.authorNode == nil {
		p.authorNode = inside(named("author", "reviewer", "username", "user", "nick", "by", "customer", "name", "owner", "auteur", "autor", "who"))
	}
	if p.authorNode != nil {
		p.author = authorName(p.authorNode)
	}
	if p.date = inside(itemProp("datePublished")); p.date == nil {
		if p.date = inside(func(c *html.Node) bool { return c.Data == "time" }); p.date == nil {
			p.date = inside(named("date", "time", "posted", "when", "datum", "published", "timestamp", "ago"))
		}
	}
	if p.date != nil {
		for a := p.date; a != nil && a != n.Parent; a = a.Parent {
			if a.Data == "a" && hasAttr(a, "href") {
				p.link = a
			}
		}
		if p.author == "" {
			p.author = boldBeside(p.date, n)
		}
	}
	if p.body = inside(itemProp("reviewBody")); p.body == nil {
		if p.body = inside(itemProp("description")); p.body == nil {
			p.body = inside(named("text", "body", "content", "comment", "message", "description", "tekst", "texte", "texto"))
		}
	}
	p.titleNode = inside(func(c *html.Node) bool {
		return (itemProp("name")(c) || itemProp("headline")(c)) && !withinProp(c, n, "author", "itemReviewed", "reviewRating", "publisher") ||
			len(c.Data) == 2 && c.Data[0] == 'h' && c.Data[1] >= '2' && c.Data[1] <= '6' && c != p.authorNode
	})
	if p.titleNode != nil && p.titleNode != p.authorNode {
		p.title = clip(oneLine(propText(p.titleNode)), 300)
	}
	return p
}

// skip tells which elements of a review without a marked body are no part of its text.
func (p reviewParts) skip(root *html.Node) func(*html.Node) bool {
	return func(n *html.Node) bool {
		if n == root {
			return false
		}
		if n == p.authorNode || n == p.date || n == p.titleNode || n == p.link || n.Data == "blockquote" || isReplyClass(n) || itemProp("reviewRating")(n) {
			return true
		}
		for class := range strings.FieldsSeq(attr(n, "class")) {
			switch words := classWords(class); {
			case len(words) == 0:
			case slices.Contains(words, "rating"), slices.Contains(words, "stars"), words[len(words)-1] == "meta", words[len(words)-1] == "header", words[len(words)-1] == "actions", words[len(words)-1] == "avatar":
				return true
			}
		}
		return n.Data == "button" || n.Data == "form" || n.Data == "script" || n.Data == "style"
	}
}

// itemProp matches the elements with that microdata or RDFa property.
func itemProp(name string) func(*html.Node) bool {
	return func(n *html.Node) bool {
		return hasWord(attr(n, "itemprop"), name) || strings.TrimPrefix(attr(n, "property"), "schema:") == name
	}
}

// withinProp reports whether c stands in an element with one of the properties, below root.
func withinProp(c, root *html.Node, names ...string) bool {
	for c = c.Parent; c != nil && c != root; c = c.Parent {
		for _, name := range names {
			if itemProp(name)(c) {
				return true
			}
		}
	}
	return false
}

// authorName reads an author element: its own content, its inner name, or its text without "by".
func authorName(n *html.Node) string {
	if name := firstElement(n, itemProp("name")); name != nil {
		n = name
	}
	s := oneLine(propText(n))
	low := strings.ToLower(s)
	for _, lead := range [...]string{"reviewed by ", "review by ", "written by ", "by ", "door ", "von ", "par ", "por ", "от ", "від ", "autor: ", "auteur : ", "response from ", "reply from ", "antwoord van ", "antwort von "} {
		if strings.HasPrefix(low, lead) {
			s = s[len(lead):]
			break
		}
	}
	return clip(strings.Trim(s, " ,:|·-–"), 100)
}

// propText is the value of an element: its content attribute, else its text.
func propText(n *html.Node) string {
	if c := attr(n, "content"); c != "" {
		return c
	}
	return allText(n)
}

// boldBeside returns the bold words that stand with a date in one paragraph of root.
func boldBeside(date, root *html.Node) string {
	for a := date.Parent; a != nil; a = a.Parent {
		if b := firstElement(a, func(c *html.Node) bool { return c.Data == "b" || c.Data == "strong" || c.Data == "cite" }); b != nil {
			return clip(oneLine(allText(b)), 100)
		}
		if a == root {
			break
		}
	}
	return ""
}

// ownerWords mark an author as the reviewed company itself.
var ownerWords = []string{
	"(owner)", "[owner]", "(eigenaar)", "(inhaber)", "(propriétaire)", "(propietario)", "(proprietário)", "(właściciel)", "(sahibi)", "(владелец)", "(власник)", "(店主)", "(staff)", "(official)",
	"(company)", "(business owner)", "verantwoordelijke", "official reply", "official response", "официальный ответ", "представитель компании", "offizielle antwort",
}

// isOwner reports whether an author's name says that he answers for the company.
func isOwner(author string) bool {
	return author != "" && containsAny(strings.ToLower(author), ownerWords)
}

// subject returns the reviewed provider: by microdata in or around the review, else by the page's heading or title.
func (r *reviewReader) subject(f reviewNode) string {
	if item := firstElement(f.n, itemProp("itemReviewed")); item != nil {
		if name := firstElement(item, itemProp("name")); name != nil {
			return clip(oneLine(propText(name)), 200)
		}
		if s := oneLine(propText(item)); s != "" {
			return clip(s, 200)
		}
	}
	if f.owner != nil && f.owner != r.owner {
		r.owner, r.ownerName = f.owner, ""
		if name := firstOutside(f.owner, isReviewType, itemProp("name")); name != nil {
			r.ownerName = clip(oneLine(propText(name)), 200)
		}
	}
	if f.owner != nil && r.ownerName != "" {
		return r.ownerName
	}
	if !r.headed {
		r.heading, r.headed = r.pageSubject(), true
	}
	return r.heading
}

// pageSubject is the provider that the page's heading or title names.
func (r *reviewReader) pageSubject() string {
	for _, tag := range [...]string{"h1", "title"} {
		if h := firstElement(r.doc, func(n *html.Node) bool { return n.Data == tag }); h != nil {
			if s := reviewedName(oneLine(allText(h))); s != "" {
				return clip(s, 200)
			}
		}
	}
	return ""
}

// reviewedName cuts the words for "reviews" and the site's name off a heading.
func reviewedName(s string) string {
	for _, sep := range [...]string{" | ", " – ", " — ", " - ", " » ", " · "} {
		s, _, _ = strings.Cut(s, sep)
	}
	low := strings.ToLower(s)
	for _, lead := range [...]string{
		"customer reviews of ", "customer reviews for ", "reviews of ", "reviews for ", "reviews about ", "review of ", "reviews: ", "beoordelingen van ", "ervaringen met ",
		"reviews over ", "bewertungen zu ", "bewertungen von ", "bewertungen für ", "erfahrungen mit ", "avis sur ", "opiniones de ", "opiniones sobre ", "avaliações de ", "opinie o ", "отзывы о ", "отзывы об ",
		"відгуки про ",
	} {
		if strings.HasPrefix(low, lead) && len(low) == len(s) {
			return strings.TrimSpace(s[len(lead):])
		}
	}
	for _, tail := range [...]string{
		" customer reviews", " reviews", " review", " beoordelingen", " ervaringen", " bewertungen", " erfahrungen", " avis", " opiniones", " avaliações", " opinie", " отзывы",
		" відгуки", " yorumları", "评价",
	} {
		if strings.HasSuffix(low, tail) && len(low) == len(s) {
			return strings.TrimSpace(s[:len(s)-len(tail)])
		}
	}
	return s
}
