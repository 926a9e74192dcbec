package extract

import (
	"strconv"
	"strings"

	"schemer"
)

// A finisher completes what an engine's reader has read: stable ids, provenance, languages, mentions.
type finisher struct {
	in  Input
	doc *schemer.Document

	thread         string // the title that was searched last: mostly that of all posts of a page
	threadMentions []schemer.Mention
}

func (f *finisher) finish() {
	d := f.doc
	for k := range d.Posts {
		f.post(&d.Posts[k])
	}
	if d.Lang == "" && len(d.Posts) > 0 {
		d.Lang = d.Posts[0].Lang
	}
}

func (f *finisher) post(p *schemer.Post) {
	d := f.doc
	p.Site, p.Source, p.SourceKind = d.Site, d.Source, d.SourceKind
	p.Capture, p.CapturedAt, p.SHA256, p.WARC = d.Capture, d.CapturedAt, d.SHA256, d.WARC
	if p.Engine == "" {
		p.Engine = d.Engine
	}
	if p.URL == "" {
		p.URL = d.URL
	}
	if p.DateHow == "" {
		p.DateHow = "none"
	}
	if p.ID == "" {
		p.ID = schemer.PostID(p.URL)
	}
	p.ID = schemer.NewPostID(d.Site, strings.TrimPrefix(strings.TrimPrefix(string(p.ID), "https:"), "http:"))
	if p.Lang == "" {
		if p.Lang = guessLang(p.Text); p.Lang == "" {
			p.Lang = d.Lang
		}
	}
	links := p.Mentions
	p.Mentions = nil
	for _, field := range [...]struct{ name, text string }{
		{"text", p.Text}, {"signature", p.Signature}, {"title", p.Title}, {"thread", p.Thread}, {"hidden", p.Hidden},
	} {
		switch {
		case field.text == "":
		case field.name == "thread":
			if f.thread != field.text {
				f.thread, f.threadMentions = field.text, findMentions(field.text, field.name)
			}
			p.Mentions = append(p.Mentions, f.threadMentions...)
		case len(p.Mentions) == 0:
			p.Mentions = findMentions(field.text, field.name)
		default:
			p.Mentions = append(p.Mentions, findMentions(field.text, field.name)...)
		}
	}
	if p.Kind == schemer.PostPage {
		p.Identity = eitherIdentity(identityIn(p.Text, p.Blocks, p.Mentions), p.Identity)
	}
	for k := range p.Quotes {
		p.Mentions = append(p.Mentions, findMentions(p.Quotes[k].Text, "quote")...)
	}
	p.Mentions = append(p.Mentions, links...)
	f.authorSite(p)
}

// authorSite notes a commenter's own site: an author link that leaves the page's site.
func (f *finisher) authorSite(p *schemer.Post) {
	if p.AuthorURL == "" {
		return
	}
	b := base{host: f.doc.Site}
	if b.leaves(p.AuthorURL) {
		p.Mentions = append(p.Mentions, findMentions(p.AuthorURL, "author_url")...)
	}
}

// linkMentions turns an outbound link of a text into mentions of field "link". Their offsets are those of the link's
// visible words in the text.
func linkMentions(l textLink) []schemer.Mention {
	href := l.href
	if rest, ok := strings.CutPrefix(href, "tg://resolve?domain="); ok {
		name, _, _ := strings.Cut(rest, "&")
		href = "https://t.me/" + name
	}
	found := findMentions(href, "link")
	for k := range found {
		found[k].Start, found[k].End = l.start, l.end
		found[k].Raw = l.href
		if l.sig {
			found[k].Field = "signature"
		}
	}
	return found
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
