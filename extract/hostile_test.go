package extract

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
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

// TestUnclosedMarkup holds that formatting left open cannot make a page grow: the page is read, and says why in part.
func TestUnclosedMarkup(t *testing.T) {
	doc := Read(hostile(hostileShapes["reopened"](100_000)))
	if doc.Degraded != "unclosed" || len(doc.Posts) != 1 || !strings.HasPrefix(doc.Posts[0].Text, "x\n\nx") {
		t.Errorf("degraded %q, %d posts", doc.Degraded, len(doc.Posts))
	}
}

// TestCrowdedPage holds that the beginning of a page with more elements than are read is read.
func TestCrowdedPage(t *testing.T) {
	doc := Read(hostile(strings.Repeat("<p>x", maxNodes)))
	if doc.Degraded != "crowded" || len(doc.Posts) != 1 || !strings.HasPrefix(doc.Posts[0].Text, "x\n\nx") {
		t.Errorf("degraded %q, %d posts", doc.Degraded, len(doc.Posts))
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
			least := max(timeToRead(t, part), 8*time.Millisecond)
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
	// Nesting and misnesting.
	"nested quotes": filled("<body id=phpbb><div class=post id=p1><div class=postbody><div class=content>", "<blockquote><cite>a wrote:</cite>b"),
	"deep":          filled("", "<div><b>a"),
	"reopened": func(size int) string {
		return filled("<div>"+numbered("", "<font color=", ">", 400)(0)+"</div>", "<p>x")(size)
	},
	"deep and wide": func(size int) string { return filled(numbered("", "<font color=", ">", 400)(0), "<p>x")(size) },
	"misnested":     filled("", "<b><i><p></b></i>a</p>"),
	"adopted":       filled("", "<a><b><i><u><div></a>x</u></i></b>"),
	"foster":        filled("<table><tr>", "a<b>c</b><td>"),
	"inner tables":  filled("", "<table><tr><td>a</table>"),
	"forms":         filled("", "<form><input name=a></form>"),
	"svg":           filled("<svg>", "<g><path d='M0'>"),
	"templates":     filled("", "<template><b>"),
	"open comment":  filled("<!--", "a-> --!"),
	"scripts open":  filled("<script><!--", "<script>a</script>"),
	// Many of a sort.
	"million attributes": numbered("<div ", "a", "=b ", 0),
	"million links":      numbered("<p>", "<a href='http://h", ".example/x?y=z#t'>a</a> ", 0),
	"million boards":     numbered("<body id=phpbb>", "<a class=forumtitle href='./viewforum.php?f=", "'>a</a> ", 0),
	"million classes":    numbered("<div class='", "c", " ", 0),
	"million ids":        numbered("", "<p id=p", ">a", 0),
	"million styles":     numbered("<style>", ".c", "{display:none}", 0),
	"million metas":      numbered("", "<meta name=n", " content=c>", 0),
	"giant table":        filled("<table>", "<tr><th>Plan<td>10 EUR<td>NL</tr>"),
	"giant list":         filled("<ul>", "<li>- a <b>b</b>: c"),
	// Text.
	"mentions":    filled("<p>", "a@b.example https://c.example/d tg: @name_e AS64500 +31 20 555 0123 192.0.2.1 "),
	"one mention": filled("<p>", "a.b."),
	"ats":         filled("<p>", "a@"),
	"brackets":    filled("<p>", "(((["),
	"colons":      filled("<p>", "http:http:"),
	"numbers":     filled("<p>", "company no. 1 2 3 "),
	"rtl":         filled("<p>", "a\u202eb\u200bc\u200d\u2066d "),
	"zero width":  filled("<p>", "\u200b"),
	"cyrillic":    filled("<p>", "жалобы идут в корзину, "),
	"han":         filled("<p>", "我们忽略所有投诉，"),
	"firms":       filled("<p>", "Smew Ltd, Apia, "),
	"wrote":       filled("<body id=phpbb><div class=post id=p1><div class=postbody><div class=content>", "a wrote:<br><br>b<br>"),
	"breaks":      filled("<p>", "<br>"),
	"references":  filled("<p>", "&#x41;&notit;&abcdefghijklmnopqrstuvwxyz"),
	"json": func(size int) string {
		return "<script type='application/ld+json'>" + strings.Repeat("[", size) + "</script>"
	},
	"reviews": filled("", "<div itemscope itemtype='https://schema.org/Review'><span itemprop=author>a</span><p itemprop=reviewBody>b</p></div>"),
}

// numbered repeats a part with a number in it; least is how many times it does at the least.
func numbered(head, before, after string, least int) func(int) string {
	return func(size int) string {
		var s strings.Builder
		s.WriteString(head)
		for k := 0; s.Len() < size || k < least; k++ {
			s.WriteString(before)
			s.WriteString(strconv.Itoa(k))
			s.WriteString(after)
		}
		return s.String()
	}
}

func filled(head, part string) func(int) string {
	return func(size int) string { return head + strings.Repeat(part, size/len(part)) }
}
