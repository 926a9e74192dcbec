package extract

import (
	"strings"
	"testing"
	"time"

	"schemer"
)

func hostile(body string) Input {
	return Input{
		Capture: schemer.Capture{URL: "http://trap.example/viewtopic.php?t=1", Status: 200, ContentType: "text/html; charset=utf-8", FetchedAt: fetchedAt},
		Body:    []byte(body),
	}
}

// TestDeepMarkup holds that a page nested deeper than the parser goes is still read, and says that it was.
func TestDeepMarkup(t *testing.T) {
	for _, depth := range []int{600, 100_000} {
		body := "<html lang=en><title>Deep</title><body>" + strings.Repeat("<div>", depth) + "<p>we read no letters</p>" + strings.Repeat("</div>", depth)
		doc := Read(hostile(body))
		if doc.Degraded != "depth" || len(doc.Posts) != 1 || !strings.Contains(doc.Posts[0].Text, "we read no letters") {
			t.Errorf("depth %d: degraded %q, %d posts", depth, doc.Degraded, len(doc.Posts))
		}
	}
}

// TestDeepThread holds that even posts are found when one of them hides behind deep markup.
func TestDeepThread(t *testing.T) {
	for _, f := range fixtures(t) {
		if f.file != "phpbb33-topic.html" {
			continue
		}
		in := f.input(t)
		in.Body = []byte(strings.Replace(string(in.Body), "Never was. They", strings.Repeat("<b>", 700)+"Never was. They", 1))
		doc := Read(in)
		if doc.Degraded != "depth" || len(doc.Posts) != 3 || doc.Posts[0].Author != "lantern" || !strings.HasPrefix(doc.Posts[1].Text, "Never was.") {
			t.Errorf("degraded %q, posts %+v", doc.Degraded, doc.Posts)
		}
	}
}

// TestHostilePages holds pages that are made to be slow to a bound that grows with their size.
func TestHostilePages(t *testing.T) {
	const size = 4 << 20
	fill := func(s string) string { return strings.Repeat(s, size/len(s)) }
	thread := `<div class="post" id="p1"><p class="author"><a class="username" href="u">x</a><time datetime="2026-03-05T14:22:00Z"></time></p><div class="postbody"><div class="content">hi</div></div></div>`
	for name, body := range map[string]string{
		"text":       "<p>" + fill("complaints go into the bin, "),
		"one word":   "<p>" + fill("x"),
		"lines":      "<body id=phpbb><div class=post id=p1><div class=postbody><div class=content>" + fill("&gt; a<br>x wrote:<br>"),
		"links":      fill("<a href='/x?y=1'>z</a>"),
		"bold":       fill("<b>a"),
		"unclosed a": fill("<a href=q>a<p>"),
		"fonts":      fill("<font color=a><p>b"),
		"table":      "<table>" + fill("<b>a"),
		"rows":       "<table>" + fill("<tr><td>a<td>b"),
		"select":     fill("<select><option>a"),
		"attributes": "<div " + fill("a=b "),
		"entities":   fill("&amp;"),
		"lists":      fill("<ul><li>a</ul>"),
		"headings":   fill("<h1>a</h1><h2>b</h2><p>c"),
		"posts":      "<body id=phpbb>" + fill(thread),
		"blocks":     fill(`<div class="q"><b class="nick">a</b> 2026-03-05 14:22 <p>some words here</p></div>`),
		"quotes":     "<body id=phpbb><div class=post id=p1><div class=postbody><div class=content>" + fill("<blockquote>a</blockquote>b"),
		"bbcode":     "<body id=phpbb><div class=post id=p1><div class=postbody><div class=content>" + fill("[quote=a]b"),
		"comments":   fill("<!--a-->"),
		"scripts":    fill("<script type='application/ld+json'>{}</script>"),
		"styles":     fill("<style>.a{display:none}</style>"),
		"digits":     "<p>" + fill("2026-03-05 "),
		"handles":    "<p>" + fill("tg @name_one "),
		"dots":       "<p>" + fill("a [dot] b "),
		"unbalanced": fill("</div></p></b>"),
		"nulls":      fill("\x00<p>"),
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			Read(hostile(body))
			if took := time.Since(start); took > 20*time.Second {
				t.Errorf("%d bytes took %s", len(body), took)
			} else if took > time.Second {
				t.Logf("%d bytes took %s", len(body), took)
			}
		})
	}
}
