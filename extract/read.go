// Package extract reads pages: bytes to page kind, posts with author, date and own words, identifiers and links.
//
// [Read] is a pure function of the captured bytes: it has no clock, no network and no state. Every forum engine has a
// file of its own with a description of its markup; pages of engines that nobody described are read by their
// structure (generic.go), pages of somebody's own site as one text (site.go). See docs/reading.md.
package extract

import (
	"bytes"
	"net/http"
	"strings"

	"schemer"
)

// Version names the reader in every document it makes. It is raised by one with every change after which the same bytes
// may be read differently, in the same commit; docs/reading.md tells what each version changed.
const Version = "4"

// Input is one captured page. Body is decoded from transfer and content coding, still in its own charset.
type Input struct {
	Capture schemer.Capture
	Source  schemer.SourceKind
	Header  http.Header
	Body    []byte
}

// Read reads a page. It never fails: what cannot be read gives a document of kind other without posts, and what was
// read only in part says so in Degraded. Should a reader panic on a page, the page counts as unread, with Degraded
// "reader failed", and the crawl goes on.
func Read(in Input) (doc schemer.Document) {
	defer func() {
		if recover() != nil {
			doc = blank(in)
			doc.Degraded = "reader failed"
		}
	}()
	return read(in, skins)
}

// blank is the document of a page of which nothing has been read.
func blank(in Input) schemer.Document {
	doc := schemer.Document{
		Capture: in.Capture.ID, URL: withoutSession(cutFragment(in.Capture.URL)), Source: in.Capture.Source, SourceKind: in.Source,
		Kind: schemer.PageOther, Engine: "static", Confidence: 1, CapturedAt: in.Capture.FetchedAt, Reader: Version,
		SHA256: in.Capture.Payload, WARC: warcRef(in.Capture),
	}
	if in.Capture.Truncated != "" {
		doc.Degraded = "truncated: " + in.Capture.Truncated
	}
	b := newBase(in.Capture.URL, "")
	doc.Site = b.host
	return doc
}

// read is Read with the engines to be tried.
func read(in Input, engines []*skin) schemer.Document {
	doc := blank(in)
	contentType := in.Capture.ContentType
	if contentType == "" {
		contentType = in.Header.Get("Content-Type")
	}
	switch sortOfBody(contentType, in.Body) {
	case bodyBinary:
		return doc
	case bodyJSON:
		text, charset, how := decode(in.Body, "application/json; charset=utf-8")
		doc.Charset = charset
		degrade(&doc, misread(how, strings.Contains(text, unknownRune), in.Body))
		readJSON(in, text, &doc)
	case bodyText:
		text, charset, how := decode(in.Body, contentType)
		doc.Charset = charset
		degrade(&doc, misread(how, strings.Contains(text, unknownRune), in.Body))
		readPlain(in, text, &doc)
	default:
		text, charset, how := decodeBytes(in.Body, contentType)
		doc.Charset = charset
		p, degraded := parsePage(in, text)
		degrade(&doc, misread(how, bytes.Contains(text, []byte(unknownRune)), in.Body))
		degrade(&doc, degraded)
		p.read(engines, &doc)
		p.release()
	}
	p := finisher{in: in, doc: &doc}
	p.finish()
	return doc
}

// degrade adds a reason why the document was read only in part.
func degrade(doc *schemer.Document, why string) {
	if why != "" {
		doc.Degraded = strings.TrimPrefix(doc.Degraded+", "+why, ", ")
	}
}

// parsePage parses once. A page that is nested deeper than the parser goes is laid out from its tokens instead.
func parsePage(in Input, text []byte) (p *page, degraded string) {
	m := borrowMemory()
	root, degraded := parseTree(text, &m.slabs)
	if root == nil {
		m.slabs.release()
		root = flatTree(text, &m.slabs)
	}
	return newPage(in, root, m), degraded
}

func warcRef(c schemer.Capture) string {
	if c.File == "" {
		return ""
	}
	return c.File + "#" + itoa(c.Offset)
}

// The sorts of body that are told apart before reading.
const (
	bodyHTML = iota
	bodyJSON
	bodyText
	bodyBinary
)

// sortOfBody tells by content type and first bytes what a body is.
func sortOfBody(contentType string, body []byte) int {
	t := strings.ToLower(contentType)
	if k := strings.IndexByte(t, ';'); k >= 0 {
		t = t[:k]
	}
	t = strings.TrimSpace(t)
	head := strings.TrimLeft(string(body[:min(len(body), 512)]), "\ufeff \t\r\n")
	switch {
	case len(body) == 0:
		return bodyBinary
	case strings.HasSuffix(t, "json"):
		return bodyJSON
	case strings.HasPrefix(t, "image/"), strings.HasPrefix(t, "video/"), strings.HasPrefix(t, "audio/"), strings.HasPrefix(t, "font/"),
		t == "application/pdf", t == "application/zip", t == "application/gzip", t == "application/octet-stream", t == "text/css",
		t == "application/javascript", t == "text/javascript", strings.HasSuffix(t, "xml") && !strings.Contains(t, "xhtml"):
		return bodyBinary
	case t == "text/plain":
		if strings.HasPrefix(strings.ToLower(head), "<!doctype html") || strings.HasPrefix(strings.ToLower(head), "<html") {
			return bodyHTML
		}
		return bodyText
	case t == "" && (strings.HasPrefix(head, "{") || strings.HasPrefix(head, "[")):
		return bodyJSON
	case strings.HasPrefix(head, "%PDF-"), strings.HasPrefix(head, "PK\x03\x04"), strings.HasPrefix(head, "\x89PNG"):
		return bodyBinary
	}
	return bodyHTML
}

// read recognises the engine and reads kind, posts and links of an HTML page.
func (p *page) read(engines []*skin, doc *schemer.Document) {
	doc.Title, doc.Lang, doc.Canonical = p.title, p.langCode(), p.canonical()
	sk := &unknown
	for _, s := range engines {
		if s.is(p) {
			sk = s
			break
		}
	}
	known := sk != &unknown
	doc.Engine, sk = sk.name, p.on(sk)
	doc.Links = p.links(sk)
	if known {
		doc.Posts = p.posts(sk)
	}
	switch {
	case len(doc.Posts) > 0:
		doc.Kind = kindOfPosts(doc.Posts)
	case known && (hasKind(doc.Links, linkThread) || sk.listing != nil && sk.listing(p)):
		doc.Kind = schemer.PageBoard
	case known && hasKind(doc.Links, linkBoard) && p.has(sk.boardLink):
		doc.Kind = schemer.PageIndex
	case p.refused() || !p.readRepeated(doc):
		if doc.Kind = p.gate(sk); doc.Kind == "" {
			p.readWhole(doc)
		}
	}
	p.settleOrder(doc.Posts)
}

// kindOfPosts says what sort of page shows these posts.
func kindOfPosts(posts []schemer.Post) schemer.PageKind {
	switch posts[0].Kind {
	case schemer.PostArticle:
		return schemer.PageArticle
	case schemer.PostReview, schemer.PostReply:
		return schemer.PageReviews
	case schemer.PostPage:
		return schemer.PageSite
	}
	return schemer.PageThread
}

func hasKind(links []schemer.Link, kind string) bool {
	for k := range links {
		if links[k].Kind == kind {
			return true
		}
	}
	return false
}

// langCode returns the page's declared language in two letters, or "".
func (p *page) langCode() string {
	l := strings.ToLower(strings.TrimSpace(p.lang))
	if k := strings.IndexAny(l, "-_"); k >= 0 {
		l = l[:k]
	}
	if len(l) != 2 {
		return ""
	}
	return l
}
