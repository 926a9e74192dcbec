package extract

import (
	"strings"

	"golang.org/x/net/html/atom"

	"schemer"
)

// unknown stands for a page of no engine that we know.
var unknown = skin{
	name:  "static",
	next:  css("a[rel=next], link[rel=next], a.next, li.next > a, .pagination-next a, a.pagination_next, .nav-next a"),
	pager: css(".pagination, .pager, .page-numbers, .pages, .pagelink, .paginator, .paging"),
}

// menus are the parts of a page that lead elsewhere or ask for something: no part of what it says.
var menus = css("nav, form, [role=navigation], [role=search], [role=menu], .breadcrumb, .breadcrumbs, .pagination, .menu, .navbar, .nav, " +
	".navigation, .skip-link, .screen-reader-text, .sr-only, .visually-hidden, .cookie-banner, .cookie-notice, #cookie-notice, .share, .sharedaddy, " +
	".social-links, .lang-switch, .language-switcher, #menu, #nav, #navigation, .site-navigation, .main-navigation, .wp-block-navigation, " +
	".post-navigation, .edit-link, .comment-respond, #respond, .tagcloud, .widget_nav_menu, .widget_recent_entries, .widget_recent_comments, " +
	".widget_archive, .widget_categories, .widget_meta, .widget_search, dialog, button")

// edges are the parts of a page that stand on every page of its site: kept, after the rest.
var edges = css("footer, header, aside, [role=banner], [role=contentinfo], [role=complementary], #footer, #header, .site-footer, .site-header, " +
	".footer, .sidebar, #sidebar, .widget-area, #secondary, #colophon, #masthead")

// inner are elements that hold what a page says; a header inside them is a part of it.
var inner = css("main, article, [role=main], section, .entry-content")

// readRepeated reads a page without known posts by what is repeated on it: reviews, posts described in structured
// data, blocks that look alike. It reports whether there were any.
func (p *page) readRepeated(doc *schemer.Document) bool {
	if posts := p.reviews(); len(posts) > 0 {
		doc.Posts, doc.Kind, doc.Confidence = posts, kindOfPosts(posts), posts[0].Confidence
		return true
	}
	posts, confidence := p.readGeneric()
	if len(posts) == 0 {
		return false
	}
	doc.Posts, doc.Kind, doc.Confidence = posts, kindOfPosts(posts), confidence
	if doc.Engine == unknown.name {
		doc.Engine = "generic"
	}
	return true
}

// readWhole reads the page as one text.
func (p *page) readWhole(doc *schemer.Document) {
	post := p.sitePage()
	if post.Text == "" && post.Title == "" {
		return
	}
	doc.Kind = schemer.PageSite
	doc.Posts = []schemer.Post{post}
}

// sitePage reads the whole page as one text: what it says, then what stands at its edges.
func (p *page) sitePage() schemer.Post {
	post := schemer.Post{
		Kind: schemer.PostPage, Engine: "static", Confidence: 1, URL: p.address(), Number: p.base.path, Title: p.title, DateHow: "none",
	}
	if p.base.query != "" {
		post.Number += "?" + p.base.query
	}
	r := renderer{p: p, cut: &cuts{drop: menus}}
	r.borrow()
	var late []int
	p.mainText(&r, p.body+1, p.end(p.body), &late)
	r.shut(2)
	r.heads = headings{}
	for _, i := range late {
		r.shut(2)
		r.heads = headings{}
		r.node(i)
	}
	text := r.done()
	r.giveBack()
	p.fill(&post, text)
	var titles []string
	for _, b := range post.Blocks {
		if b.Kind == "heading" {
			titles = append(titles, post.Text[b.Start:b.End])
		}
	}
	post.Role = pageRole(post.URL, post.Title, titles, post.Text)
	if p.schema {
		post.Identity = readJSONLDIdentity(p.doc)
	}
	if d := p.metaContent("description"); d != "" && post.Text == "" {
		post.Text = oneLine(d)
	}
	return post
}

// mainText renders the nodes [lo, hi) but for the edges, which it returns in late.
func (p *page) mainText(r *renderer, lo, hi int, late *[]int) {
	for i := lo; i < hi; i = p.end(i) {
		e := &p.nodes[i]
		switch {
		case e.text:
			r.node(i)
		case p.is(i, edges) && p.up(int(e.parent), inner) < 0 && !p.opens(i):
			*late = append(*late, i)
		case passable(e.tag) && !e.hidden && !p.is(i, menus) && p.holdsEdge(i):
			r.shut(2)
			p.mainText(r, i+1, p.end(i), late)
			r.shut(2)
		default:
			r.node(i)
		}
	}
}

// holdsEdge reports whether an edge stands somewhere in element i.
func (p *page) holdsEdge(i int) bool { return p.first(i+1, p.end(i), edges) >= 0 }

// opens reports whether a header holds the page's first heading and no link list: a title area, not a menu bar.
func (p *page) opens(i int) bool {
	if p.nodes[i].tag != atom.Header {
		return false
	}
	h := p.first(i, p.end(i), css("h1"))
	return h >= 0 && p.first(i, p.end(i), css("nav, ul")) < 0 && p.first(h, p.end(h), anchorRule) < 0
}

func passable(tag atom.Atom) bool {
	switch tag {
	case atom.Div, atom.Section, atom.Main, atom.Article, atom.Body, atom.Center, 0:
		return true
	}
	return false
}

// readPlain reads a plain text file as one page.
func readPlain(in Input, text string, doc *schemer.Document) {
	b := newBase(in.Capture.URL, "")
	post := schemer.Post{Kind: schemer.PostPage, Engine: "static", Confidence: 1, URL: doc.URL, Number: b.path, DateHow: "none"}
	at := 0
	var out strings.Builder
	for para := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n\n") {
		para = strings.TrimSpace(para)
		if para == "" {
			continue
		}
		if at > 0 {
			out.WriteString("\n\n")
			at += 2
		}
		out.WriteString(para)
		post.Blocks = append(post.Blocks, schemer.Block{Kind: "paragraph", Start: at, End: at + len(para)})
		at += len(para)
	}
	if post.Text = out.String(); post.Text == "" {
		return
	}
	post.Role = pageRole(post.URL, "", nil, post.Text)
	doc.Kind, doc.Posts = schemer.PageSite, []schemer.Post{post}
}

// reviews reads the reviews that a page shows, or the posts that it describes in JSON-LD.
func (p *page) reviews() []schemer.Post {
	if !p.schema && !p.has(reviewMarks) {
		return nil
	}
	posts := readReviews(p.doc, p.in.Capture.URL, p.in.Capture.FetchedAt)
	if len(posts) == 0 && p.schema {
		posts = readJSONLD(p.doc)
	}
	return posts
}

var reviewMarks = css(".review, .reviews, .review-card, .review-item, .testimonial, [itemprop=review], [class*=review]")
