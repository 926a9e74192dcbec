package extract

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"schemer"
)

// readJSONLD reads the posts that a page describes in JSON-LD with the words of schema.org: DiscussionForumPosting with
// its comments, Comment and Review. Text that is missing from the description cannot be read from it, and such a post
// is left out. Confidence is 0.9: the description is the page's own, but not what its readers see.
func readJSONLD(doc *html.Node) []schemer.Post {
	var r jsonldReader
	for _, item := range jsonldItems(doc) {
		r.item(item, "", 0)
	}
	return r.posts
}

// readJSONLDIdentity reads the company that a page describes in JSON-LD as an Organization, or nil. Claim is empty: the
// words stand in no text of the page.
func readJSONLDIdentity(doc *html.Node) *schemer.Identity {
	for _, item := range jsonldItems(doc) {
		if id := organization(item, 0); id != nil {
			return id
		}
	}
	return nil
}

// jsonldItems decodes the JSON-LD scripts of a page. Broken ones are left out.
func jsonldItems(doc *html.Node) []any {
	var out []any
	goquery.NewDocumentFromNode(doc).Find("script[type]").EachWithBreak(func(_ int, script *goquery.Selection) bool {
		kind := strings.ToLower(strings.TrimSpace(script.AttrOr("type", "")))
		var v any
		if raw := script.Text(); strings.HasPrefix(kind, "application/ld+json") && len(raw) < 4<<20 && json.Unmarshal([]byte(raw), &v) == nil {
			out = append(out, v)
		}
		return len(out) < 50
	})
	return out
}

// A jsonldReader collects posts.
type jsonldReader struct {
	posts []schemer.Post
}

// maxJSONLDDepth bounds how deep items may lie in each other.
const maxJSONLDDepth = 40

// item reads one value: a list, a graph or an item with a type. thread is the headline of the discussion around it.
func (r *jsonldReader) item(v any, thread string, depth int) {
	if depth > maxJSONLDDepth || len(r.posts) > 2000 {
		return
	}
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			r.item(x, thread, depth+1)
		}
	case map[string]any:
		switch {
		case hasType(v, "DiscussionForumPosting"):
			headline := ldString(v, "headline", "name")
			r.add(v, schemer.PostForum, headline)
			r.item(v["comment"], headline, depth+1)
		case hasType(v, "Review"), hasType(v, "UserReview"):
			r.add(v, schemer.PostReview, "")
			if c := v["comment"]; c != nil {
				r.replies(c, depth+1)
			}
		case hasType(v, "Comment"):
			kind := schemer.PostComment
			if thread != "" {
				kind = schemer.PostForum
			}
			r.add(v, kind, thread)
			r.item(v["comment"], thread, depth+1)
		default:
			for _, key := range [...]string{"@graph", "mainEntity", "review", "reviews", "comment", "itemListElement", "item", "hasPart"} {
				r.item(v[key], thread, depth+1)
			}
			r.subject(v)
		}
	}
}

// subject gives the reviews that were just read the name of the item they stand in.
func (r *jsonldReader) subject(v map[string]any) {
	if v["review"] == nil && v["reviews"] == nil {
		return
	}
	name := ldString(v, "name")
	for k := range r.posts {
		if p := &r.posts[k]; p.Subject == "" && (p.Kind == schemer.PostReview || p.Kind == schemer.PostReply) {
			p.Subject = name
		}
	}
}

// replies reads the comments on a review: the owner's.
func (r *jsonldReader) replies(v any, depth int) {
	from := len(r.posts)
	r.item(v, "", depth)
	for k := from; k < len(r.posts); k++ {
		r.posts[k].Kind = schemer.PostReply
		if from > 0 {
			r.posts[k].Subject = r.posts[from-1].Subject
		}
	}
}

// add notes one post.
func (r *jsonldReader) add(v map[string]any, kind schemer.PostKind, thread string) {
	p := schemer.Post{
		Kind: kind, Engine: "jsonld", Confidence: 0.9, DateHow: "none", Thread: thread,
		Text: ldText(ldString(v, "text", "articleBody", "reviewBody", "commentText", "description")),
		URL:  ldString(v, "url", "@id", "mainEntityOfPage"), Title: ldString(v, "headline", "name"),
	}
	if p.Text == "" {
		return
	}
	if !strings.HasPrefix(p.URL, "http") {
		p.URL = ""
	}
	p.Number = ldString(v, "identifier")
	if p.Number == "" {
		p.Number = trailingDigits(strings.TrimRight(p.URL, "/"))
	}
	p.Author, p.AuthorURL = ldPerson(v["author"])
	if kind == schemer.PostForum {
		p.Title = ""
		p.Position = len(r.posts) + 1
	}
	if raw := ldString(v, "datePublished", "dateCreated"); raw != "" {
		if at, ok := machineDay(raw); ok {
			p.PostedAt, p.DateHow, p.DateRaw = at, "machine", raw
		}
	}
	if at, ok := machineDay(ldString(v, "dateModified")); ok && at.After(p.PostedAt) {
		p.EditedAt = at
	}
	if kind == schemer.PostReview {
		if rating, ok := v["reviewRating"].(map[string]any); ok {
			best, ok := decimal(ldString(rating, "bestRating"))
			if !ok {
				best = 5
			}
			if x, ok := decimal(ldString(rating, "ratingValue")); ok {
				p.Rating, _ = scaled(x, best)
			}
		}
		if item, ok := v["itemReviewed"].(map[string]any); ok {
			p.Subject = ldString(item, "name")
		}
		if isOwner(p.Author) {
			p.Kind = schemer.PostReply
		}
	}
	r.posts = append(r.posts, p)
}

// hasType reports whether an item is of a type of schema.org.
func hasType(v map[string]any, name string) bool {
	is := func(x any) bool {
		s, ok := x.(string)
		return ok && s[strings.LastIndexAny(s, "/#:")+1:] == name
	}
	if list, ok := v["@type"].([]any); ok {
		return slices.ContainsFunc(list, is)
	}
	return is(v["@type"])
}

// ldString returns the first of the keys that holds words or a number, or an object with an @id, @value or name.
func ldString(v map[string]any, keys ...string) string {
	for _, key := range keys {
		x := v[key]
		if list, ok := x.([]any); ok && len(list) > 0 {
			x = list[0]
		}
		switch x := x.(type) {
		case string:
			if s := strings.TrimSpace(x); s != "" {
				return s
			}
		case float64:
			b, err := json.Marshal(x)
			if err == nil {
				return string(b)
			}
		case map[string]any:
			for _, inner := range [...]string{"@value", "name", "@id", "value"} {
				if s, ok := x[inner].(string); ok && s != "" {
					return strings.TrimSpace(s)
				}
			}
		}
	}
	return ""
}

// ldPerson reads an author: a name, or a person with a name and an address.
func ldPerson(v any) (name, address string) {
	if list, ok := v.([]any); ok && len(list) > 0 {
		v = list[0]
	}
	switch v := v.(type) {
	case string:
		return oneLine(v), ""
	case map[string]any:
		address = ldString(v, "url")
		if !strings.HasPrefix(address, "http") {
			address = ""
		}
		return oneLine(ldString(v, "name", "alternateName")), address
	}
	return "", ""
}

// ldText turns a text that may hold markup into plain words.
func ldText(s string) string {
	if !strings.ContainsAny(s, "<&") {
		return strings.TrimSpace(s)
	}
	root, err := html.Parse(strings.NewReader(s))
	if err != nil {
		return strings.TrimSpace(s)
	}
	if !strings.Contains(s, "<") {
		return strings.TrimSpace(allText(root))
	}
	return nodeText(root, func(n *html.Node) bool { return n.Data == "head" }).text
}

// organization finds an Organization in an item, its graph or as its publisher.
func organization(v any, depth int) *schemer.Identity {
	if depth > maxJSONLDDepth {
		return nil
	}
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			if id := organization(x, depth+1); id != nil {
				return id
			}
		}
	case map[string]any:
		for _, name := range [...]string{"Organization", "Corporation", "LocalBusiness", "OnlineBusiness", "ProfessionalService"} {
			if hasType(v, name) {
				return identityOf(v)
			}
		}
		for _, key := range [...]string{"@graph", "publisher", "provider", "mainEntity"} {
			if id := organization(v[key], depth+1); id != nil {
				return id
			}
		}
	}
	return nil
}

// identityOf reads an Organization. The country counts only as a code of two letters or a name that we know.
func identityOf(v map[string]any) *schemer.Identity {
	id := &schemer.Identity{Name: ldString(v, "legalName", "name")}
	for _, key := range [...]struct{ key, label string }{{"vatID", "VAT"}, {"taxID", "TIN"}, {"leiCode", "LEI"}, {"duns", "DUNS"}, {"iso6523Code", "ISO6523"}} {
		if s := ldString(v, key.key); s != "" {
			id.Numbers = append(id.Numbers, key.label+" "+strings.ReplaceAll(s, " ", ""))
		}
	}
	switch a := v["address"].(type) {
	case string:
		id.Address = oneLine(a)
	case map[string]any:
		var parts []string
		for _, key := range [...]string{"streetAddress", "postalCode", "addressLocality", "addressRegion", "addressCountry"} {
			if s := oneLine(ldString(a, key)); s != "" {
				parts = append(parts, s)
			}
		}
		id.Address = strings.Join(parts, ", ")
		id.Country = countryOf(ldString(a, "addressCountry"))
	}
	if id.Name == "" && id.Address == "" && len(id.Numbers) == 0 {
		return nil
	}
	return id
}

// countryOf returns the code of a country that is named or coded, or "".
func countryOf(s string) string {
	if len(s) == 2 {
		code := strings.ToUpper(s)
		for _, e := range places().entries {
			if e.iso == code {
				return code
			}
		}
	}
	tokens := idTokens(s)
	for _, p := range places().find(s, tokens, idBook().find(s, tokens, [phraseSorts][]spot{})[phrasePlace]) {
		if p.sort == placeCountry {
			return p.iso
		}
	}
	return ""
}
