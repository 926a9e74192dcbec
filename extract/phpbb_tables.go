package extract

import "strings"

// phpbbTables reads phpBB 2 and subsilver, which lay posts out in tables without ids: a post is the table row whose
// first cell holds span.name, and its words may be cut into several spans with the quotes' tables between them.
var phpbbTables = skin{
	name: "phpbb",
	is: func(p *page) bool {
		return p.has(css("td > span.name > a[name]")) && p.has(css("span.postbody")) || p.has(css("a.topictitle[href*=viewtopic]")) && p.has(css("table.forumline"))
	},
	post:   css("td > span.name"),
	extent: func(p *page, i int) int { return p.end(p.up(i, css("tr"))) },
	number: func(p *page, lo, hi int) string { return p.attr(p.first(lo, hi, css("a[name]")), "name") },
	author: css("span.name > b"), who: func(p *page, lo, hi int) string { return p.inline(lo) },
	date: css("td[width=100%] > span.postdetails"), dateOf: phpbb2Date,
	link: css("td > a[href*=viewtopic]"),
	perma: func(p *page, _, _ int, number, href string) string {
		if number == "" {
			return href
		}
		return p.base.resolve("viewtopic.php?p=" + number + "#" + number)
	},
	body:   css("td > span.postbody"),
	around: true, sigLine: true,
	edited: css("span.gensmall"),
	cut:    cuts{drop: css("span.gensmall, span.genmed, hr"), quote: css("td.quote"), quoteBy: phpbb2Quote, code: css("td.code")},
	title:  css("a.maintitle"), boards: css("a.nav[href*=viewforum]"),
	thread: phpbbThread, offset: offsetOf("start"),
	row: css("table.forumline tr"), rowTitle: css("a.topictitle"), rowLast: css("td.row3Right"), mark: phpbbMark,
	boardLink: css("a.forumlink"), next: css("a.nav-next"), pager: css("span.nav-pages"), kind: phpbbKind, message: css("td.row1 > span.gen-message"),
}

// phpbb2Date takes the date out of "Posted: DATE   Post subject: WORDS", in whatever language: what stands between the
// first colon and the gap.
func phpbb2Date(p *page, d int) string {
	for i := d + 1; i < p.end(d); i++ {
		if e := &p.nodes[i]; e.text && strings.Contains(e.n.Data, ": ") {
			_, raw, _ := strings.Cut(e.n.Data, ": ")
			return oneLine(raw)
		}
	}
	return ""
}

// phpbb2Quote reads "X wrote:" from the row over the quote.
func phpbb2Quote(p *page, i int) (author, post string) {
	table := p.up(i, css("table"))
	if table < 0 {
		return "", ""
	}
	if head := p.first(table, i, css("span.genmed")); head >= 0 {
		words := p.inline(head)
		if !strings.HasPrefix(words, "Quote") {
			author = quotedAuthor(words)
		}
	}
	return author, ""
}
