package extract

import (
	"fmt"
	"maps"
	"slices"
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

// TestHostilePages holds that the work for pages that are made to be slow grows with their size: ten times the page
// may take forty times the processor time of the tenth, where a quadratic reader takes a hundred times.
func TestHostilePages(t *testing.T) {
	const small, large = 200 << 10, 2 << 20
	for name, shape := range hostileShapes {
		t.Run(name, func(t *testing.T) {
			body := hostile(shape(large))
			part := hostile(shape(small))
			least := max(timeToRead(t, part), 2*time.Millisecond)
			if took := timeToRead(t, body); took > 40*least {
				t.Errorf("%d bytes took %s, %d bytes %s", len(part.Body), least, len(body.Body), took)
			}
		})
	}
}

// BenchmarkHostile reads the same shapes and an honest thread at 1, 5 and 10 MB and reports how much longer a byte of a
// page takes than a byte of the page of 1 MB ("times") and the seconds for the page.
func BenchmarkHostile(b *testing.B) {
	shapes := maps.Clone(hostileShapes)
	thread := linkedThread()
	shapes["thread"] = func(size int) string { return strings.Repeat(string(thread.Body), size/len(thread.Body)) }
	for _, name := range slices.Sorted(maps.Keys(shapes)) {
		var first float64
		for _, size := range []int{1, 5, 10} {
			b.Run(fmt.Sprintf("%s/%d", name, size), func(b *testing.B) {
				in := hostile(shapes[name](size << 20))
				b.SetBytes(int64(len(in.Body)))
				var took time.Duration
				for b.Loop() {
					took += timeToRead(b, in)
				}
				each := took.Seconds() / float64(b.N)
				if size == 1 {
					first = each
				}
				b.ReportMetric(each/first/float64(size), "times")
				b.ReportMetric(each, "s/page")
			})
		}
	}
}

// timeToRead is the processor time that one reading takes.
func timeToRead(t testing.TB, in Input) time.Duration {
	start := processorTime(t)
	Read(in)
	return processorTime(t) - start
}

const threadPost = `<div class="post" id="p1"><p class="author"><a class="username" href="u">x</a><time datetime="2026-03-05T14:22:00Z"></time></p><div class="postbody"><div class="content">hi</div></div></div>`

// hostileShapes make pages of about a size that try a reader's patience.
var hostileShapes = map[string]func(size int) string{
	"text":       filled("<p>", "complaints go into the bin, "),
	"one word":   filled("<p>", "x"),
	"lines":      filled("<body id=phpbb><div class=post id=p1><div class=postbody><div class=content>", "&gt; a<br>x wrote:<br>"),
	"links":      filled("", "<a href='/x?y=1'>z</a>"),
	"bold":       filled("", "<b>a"),
	"unclosed a": filled("", "<a href=q>a<p>"),
	"fonts":      filled("", "<font color=a><p>b"),
	"table":      filled("<table>", "<b>a"),
	"rows":       filled("<table>", "<tr><td>a<td>b"),
	"select":     filled("", "<select><option>a"),
	"attributes": filled("<div ", "a=b "),
	"entities":   filled("", "&amp;"),
	"lists":      filled("", "<ul><li>a</ul>"),
	"headings":   filled("", "<h1>a</h1><h2>b</h2><p>c"),
	"posts":      filled("<body id=phpbb>", threadPost),
	"blocks":     filled("", `<div class="q"><b class="nick">a</b> 2026-03-05 14:22 <p>some words here</p></div>`),
	"quotes":     filled("<body id=phpbb><div class=post id=p1><div class=postbody><div class=content>", "<blockquote>a</blockquote>b"),
	"bbcode":     filled("<body id=phpbb><div class=post id=p1><div class=postbody><div class=content>", "[quote=a]b"),
	"comments":   filled("", "<!--a-->"),
	"scripts":    filled("", "<script type='application/ld+json'>{}</script>"),
	"styles":     filled("", "<style>.a{display:none}</style>"),
	"digits":     filled("<p>", "2026-03-05 "),
	"handles":    filled("<p>", "tg @name_one "),
	"dots":       filled("<p>", "a [dot] b "),
	"unbalanced": filled("", "</div></p></b>"),
	"nulls":      filled("", "\x00<p>"),
}

func filled(head, part string) func(int) string {
	return func(size int) string { return head + strings.Repeat(part, size/len(part)) }
}
