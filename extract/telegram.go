package extract

import (
	"strings"

	"schemer"
)

// telegram reads the public web preview of channels (t.me/s/NAME) and copies of its markup.
var telegram = skin{
	name: "telegram",
	is:   func(p *page) bool { return p.has(css(".tgme_widget_message, .tgme_channel_info")) },
	post: css(".tgme_widget_message[data-post], .tgme_widget_message"),
	number: func(p *page, lo, _ int) string {
		_, n, _ := strings.Cut(p.attr(lo, "data-post"), "/")
		return n
	},
	sortOf: func(*page, int) schemer.PostKind { return schemer.PostChannel },
	author: css(".tgme_widget_message_owner_name, .tgme_widget_message_from_author"), person: css("a.tgme_widget_message_owner_name, a.tgme_widget_message_user"),
	userID: func(p *page, lo, _ int, _ string) string {
		name, _, _ := strings.Cut(p.attr(lo, "data-post"), "/")
		return strings.ToLower(name)
	},
	date:  css("a.tgme_widget_message_date time, .tgme_widget_message_date time, time[datetime]"),
	link:  css("a.tgme_widget_message_date"),
	body:  css(".tgme_widget_message_text.js-message_text, .tgme_widget_message_text, .tgme_widget_message_caption"),
	cut:   cuts{quote: css("blockquote"), code: css("pre"), keep: css("tg-spoiler, .tg-spoiler")},
	also:  telegramForward,
	title: css(".tgme_channel_info_header_title, .tgme_header_title"), boards: css(".tgme_channel_info_header_username"),
	thread: func(p *page) (id, url string) {
		m := p.first(p.body, len(p.nodes), css(".tgme_widget_message[data-post]"))
		id, _, _ = strings.Cut(p.attr(m, "data-post"), "/")
		if id == "" {
			return "", ""
		}
		return strings.ToLower(id), p.base.resolve("/s/" + id)
	},
	next: css("a.tme_messages_more[data-before], a.tgme_widget_message_more[data-before]"),
	kind: func(ref string) string {
		if strings.Contains(ref, "?before=") || strings.Contains(ref, "?after=") || strings.Contains(ref, "?q=") {
			return linkNoise
		}
		return ""
	},
}

// telegramForward sets apart what a message repeats: a forwarded message is somebody else's words as a whole, a reply
// shows the start of what it answers.
func telegramForward(p *page, post *schemer.Post, lo, hi int) {
	if f := p.pick(lo, hi, css(".tgme_widget_message_forwarded_from_name, .tgme_widget_message_forwarded_from")); f >= 0 {
		post.Quotes = append([]schemer.Quote{{Author: p.inline(f), Text: post.Text}}, post.Quotes...)
		post.Text, post.Blocks, post.Mentions = "", nil, nil
		return
	}
	r := p.first(lo, hi, css(".tgme_widget_message_reply"))
	if r < 0 {
		return
	}
	q := schemer.Quote{
		Author: p.inline(p.first(r, p.end(r), css(".tgme_widget_message_author_name"))),
		Text:   p.inline(p.first(r, p.end(r), css(".js-message_reply_text, .tgme_widget_message_metatext"))),
	}
	href := p.attr(r, "href")
	q.Post = href[strings.LastIndexByte(href, '/')+1:]
	if q.Text != "" {
		post.Quotes = append(post.Quotes, q)
	}
}
