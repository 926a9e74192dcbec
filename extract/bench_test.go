package extract

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"syscall"
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
			if doc := Read(in); len(doc.Posts) < 20 {
				b.Fatalf("%d posts", len(doc.Posts))
			}
			compareReading(b, []Input{in})
		})
	}
}

// BenchmarkSaved does the same with every saved page as it is, forums, sites, reviews and lists.
func BenchmarkSaved(b *testing.B) {
	for _, f := range fixtures(b) {
		in := f.input(b)
		if sortOfBody(in.Capture.ContentType, in.Body) != bodyHTML {
			continue
		}
		b.Run(strings.TrimSuffix(f.file, ".html"), func(b *testing.B) {
			b.SetBytes(int64(len(in.Body)))
			compareReading(b, []Input{in})
		})
	}
}

// BenchmarkSite does the same with the pages of a seller's site, whose words are read for an identity too.
func BenchmarkSite(b *testing.B) {
	const words = "<h2>Where we are</h2><p>The house by the water has twelve rooms, and the coffee is good. We take bitcoin and monero.</p><ul><li>No letters are read here.</li><li>Ponies are welcome in every room.</li></ul>"
	for _, lang := range []struct{ name, words string }{
		{"en", words},
		{"ru", "<h2>Где мы</h2><p>В доме у воды двенадцать комнат, и кофе хороший. Принимаем биткоин и монеро.</p><ul><li>Письма здесь никто не читает.</li><li>Пони живут в каждой комнате.</li></ul>"},
	} {
		b.Run(lang.name, func(b *testing.B) {
			in := hostile("<!DOCTYPE html><html lang=" + lang.name + "><head><meta charset=utf-8><title>House</title></head><body><header><nav><a href=/>Home</a><a href=/terms>Terms</a></nav></header><main><h1>House</h1>" +
				strings.Repeat(lang.words, 40) + "</main><footer>Smew Ltd, Suite 4, Oak House, Apia, Samoa</footer></body></html>")
			in.Capture.URL = "http://boats.example/about"
			if doc := Read(in); len(doc.Posts) != 1 || doc.Posts[0].Identity == nil {
				b.Fatalf("%+v", doc.Posts)
			}
			b.SetBytes(int64(len(in.Body)))
			compareReading(b, []Input{in})
		})
	}
}

// BenchmarkLinks does the same with a page of twenty posts and 164 links, most of them to other boards and threads.
func BenchmarkLinks(b *testing.B) {
	in := linkedThread()
	if doc := Read(in); len(doc.Posts) != 20 || doc.Engine != "phpbb" {
		b.Fatalf("%d posts of %s", len(doc.Posts), doc.Engine)
	}
	b.SetBytes(int64(len(in.Body)))
	compareReading(b, []Input{in})
}

// linkedThread is a thread as a phpBB board of the crawler's benchmark shows it.
func linkedThread() Input {
	var s strings.Builder
	number := uint32(1)
	next := func(n uint32) uint32 { number = number*1664525 + 1013904223; return number >> 8 % n }
	link := func() {
		t := next(20_000) + 1
		fmt.Fprintf(&s, `<a href="./viewtopic.php?t=%d">Thread %d</a>`, t, t)
	}
	s.WriteString(`<!DOCTYPE html><html dir="ltr" lang="en-gb"><head><meta charset="utf-8"><title>Thread 8</title></head>
<body id="phpbb" class="nojs notouch section-viewtopic ltr"><div id="wrap"><div id="page-body">`)
	for i := range 20 {
		fmt.Fprintf(&s, `<a href="./viewforum.php?f=%d">Board %d</a> `, i+1, i+1)
	}
	s.WriteString(`<h2 class="topic-title"><a href="./viewtopic.php?t=8">Thread 8</a></h2>`)
	for p := 301; p <= 320; p++ {
		fmt.Fprintf(&s, `<div id="p%d" class="post has-profile bg2"><div class="inner"><dl class="postprofile" id="profile%d"><dt><img src="./av.png" alt=""><a href="./memberlist.php?mode=viewprofile&amp;u=%d" class="username">user%d</a></dt><dd class="profile-posts"><strong>Posts:</strong> %d</dd></dl>`+
			`<div class="postbody"><div id="post_content%d"><h3 class="first">Re: Thread 8</h3><p class="author"><a class="unread" href="./viewtopic.php?p=%d#p%d">Post</a> by <strong><span class="username">user%d</span></strong> » <time datetime="2026-03-1%dT10:%d0:00+00:00">date</time></p><div class="content">`,
			p, p, p, p, p%90, p, p, p, p, p%9, p%6)
		for line := range 8 {
			for range 7 {
				for range next(5) + 1 {
					s.WriteByte('a' + byte(next(26)))
				}
				s.WriteByte(' ')
			}
			if line%3 == 1 {
				link()
			}
			s.WriteString("<br>\n")
		}
		s.WriteString(`</div></div></div></div></div>`)
	}
	s.WriteString(`<div class="panel"><h3>Latest threads</h3><ul>`)
	for range 42 {
		s.WriteString(`<li>`)
		link()
		s.WriteString(`</li>`)
	}
	s.WriteString(`</ul></div></div></div></body></html>`)
	return hostile(s.String())
}

// compareReading parses and reads the pages in turn and reports the processor time of the one by that of the other, so
// that other work on the machine does not count.
func compareReading(b *testing.B, pages []Input) {
	b.ReportAllocs()
	var parsing, reading time.Duration
	for b.Loop() {
		start := processorTime(b)
		for _, in := range pages {
			if _, err := html.ParseWithOptions(bytes.NewReader(in.Body), html.ParseOptionEnableScripting(false)); err != nil {
				b.Fatal(err)
			}
		}
		parsed := processorTime(b)
		for _, in := range pages {
			Read(in)
		}
		parsing, reading = parsing+parsed-start, reading+processorTime(b)-parsed
	}
	b.ReportMetric(float64(parsing)/float64(reading), "parse/read")
}

// processorTime is how long this process has kept processors busy, the collector's share included.
func processorTime(b testing.TB) time.Duration {
	b.Helper()
	var use syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &use); err != nil {
		b.Fatal(err)
	}
	return time.Duration(use.Utime.Nano() + use.Stime.Nano())
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
