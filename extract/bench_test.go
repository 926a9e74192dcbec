package extract

import (
	"bytes"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
)

// BenchmarkThread reads threads of twenty posts, made from the saved pages of several engines, and parses the same
// bytes in turn. "parse/read" is how fast all of the reading is, mentions included, against the bare parse.
func BenchmarkThread(b *testing.B) {
	for _, t := range []struct{ file, from, to, number string }{
		{"phpbb33-topic.html", `<div id="p101"`, `<div id="p103"`, "10"},
		{"mybb18-thread.html", `<a name="pid301"`, `<a name="pid306"`, "30"},
		{"smf21-topic-ru.html", `<div class="windowbg" id="msg61"`, `</form></div></div>`, "6"},
		{"xenforo2-thread.html", `<article class="message message--post js-post js-inline`, `</div></div></body>`, "50"},
		{"vbulletin4-thread.html", `<li class="postbitlegacy postbitim postcontainer old" id="post_811"`, `<li id="lastpost"`, "81"},
	} {
		b.Run(strings.TrimSuffix(t.file, ".html"), func(b *testing.B) {
			in := repeated(b, t.file, t.from, t.to, t.number, 10)
			b.SetBytes(int64(len(in.Body)))
			var parsing, reading time.Duration
			for b.Loop() {
				start := time.Now()
				if _, err := html.ParseWithOptions(bytes.NewReader(in.Body), html.ParseOptionEnableScripting(false)); err != nil {
					b.Fatal(err)
				}
				parsed := time.Now()
				if doc := Read(in); len(doc.Posts) < 20 {
					b.Fatalf("%d posts", len(doc.Posts))
				}
				parsing, reading = parsing+parsed.Sub(start), reading+time.Since(parsed)
			}
			b.ReportMetric(float64(parsing)/float64(reading), "parse/read")
		})
	}
}

// repeated repeats the posts between two marks of a saved page, under other ids.
func repeated(t testing.TB, file, from, to, number string, times int) Input {
	t.Helper()
	for _, f := range fixtures(t) {
		if f.file != file {
			continue
		}
		in := f.input(t)
		head, rest, ok := strings.Cut(string(in.Body), from)
		posts, tail, ok2 := strings.Cut(rest, to)
		if !ok || !ok2 {
			t.Fatalf("%s: marks not found", file)
		}
		var body strings.Builder
		body.WriteString(head)
		for k := range times {
			body.WriteString(strings.ReplaceAll(from+posts, number, strconv.Itoa(7000+k)))
		}
		body.WriteString(to + tail)
		in.Body = []byte(body.String())
		return in
	}
	t.Fatalf("no fixture %s", file)
	return Input{}
}
