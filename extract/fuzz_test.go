package extract

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"schemer"
)

// FuzzRead reads anything as any of the engines' pages: it must not panic, must be deterministic, and whatever it says
// must hold together: offsets inside their texts, blocks in order, links absolute and without fragments.
func FuzzRead(f *testing.F) {
	for _, page := range fixtures(f) {
		in := page.input(f)
		f.Add(in.Body, in.Capture.ContentType, in.Capture.URL)
	}
	f.Fuzz(func(t *testing.T, body []byte, contentType, url string) {
		in := Input{Capture: schemer.Capture{URL: url, Status: 200, ContentType: contentType, FetchedAt: fetchedAt}, Body: body}
		doc := read(in, skins)
		checkDocument(t, doc)
		again, err := json.Marshal(read(in, skins))
		if err != nil {
			t.Fatal(err)
		}
		if first, _ := json.Marshal(doc); string(first) != string(again) {
			t.Fatalf("two readings differ:\n%s\n%s", first, again)
		}
	})
}

// FuzzSkins reads anything by every skin, whatever the page is recognised as, and by structure alone.
func FuzzSkins(f *testing.F) {
	for _, page := range fixtures(f) {
		in := page.input(f)
		if sortOfBody(in.Capture.ContentType, in.Body) == bodyHTML {
			f.Add(string(in.Body))
		}
	}
	f.Fuzz(func(t *testing.T, body string) {
		body = strings.ToValidUTF8(body, "\ufffd") // as decode leaves it
		in := hostile(body)
		for _, sk := range skins {
			p, _ := parsePage(in, []byte(body))
			doc := schemer.Document{Site: "trap.example", Links: p.links(sk), Posts: p.posts(sk)}
			fin := finisher{in: in, doc: &doc}
			fin.finish()
			checkDocument(t, doc)
		}
		p, _ := parsePage(in, []byte(body))
		doc := schemer.Document{Site: "trap.example"}
		doc.Posts, _ = p.readGeneric()
		doc.Posts = append(doc.Posts, p.sitePage())
		fin := finisher{in: in, doc: &doc}
		fin.finish()
		checkDocument(t, doc)
	})
}

// FuzzEngine reads anything by one skin, so that a run spends all of its work where a page of that engine leads it. The
// saved pages are seeds of their own engine's reader.
func FuzzEngine(f *testing.F) {
	for _, page := range fixtures(f) {
		in := page.input(f)
		if sortOfBody(in.Capture.ContentType, in.Body) != bodyHTML {
			continue
		}
		p, _ := parsePage(in, in.Body)
		for k, sk := range skins {
			if sk.is(p) {
				f.Add(uint8(k), string(in.Body))
				break
			}
		}
		f.Add(uint8(len(skins)), string(in.Body))
	}
	f.Fuzz(func(t *testing.T, which uint8, body string) {
		in := hostile(strings.ToValidUTF8(body, "\ufffd"))
		p, _ := parsePage(in, in.Body)
		doc := schemer.Document{Site: "trap.example"}
		if k := int(which) % (len(skins) + 1); k < len(skins) {
			sk := p.on(skins[k])
			sk.is(p)
			doc.Links, doc.Posts = p.links(sk), p.posts(sk)
		} else {
			doc.Posts, _ = p.readGeneric()
			doc.Posts = append(doc.Posts, p.sitePage())
		}
		p.settleOrder(doc.Posts)
		fin := finisher{in: in, doc: &doc}
		fin.finish()
		p.release()
		checkDocument(t, doc)
	})
}

// FuzzJSON reads anything as what engines and sites give as data: Discourse, NodeBB, Flarum, HyperKitty, JSON-LD.
func FuzzJSON(f *testing.F) {
	for _, page := range fixtures(f) {
		in := page.input(f)
		if sortOfBody(in.Capture.ContentType, in.Body) == bodyJSON {
			f.Add(string(in.Body))
		}
		for _, mark := range []string{`<script id="flarum-json-payload" type="application/json">`, `<script type="application/ld+json">`, `<script type='application/ld+json'>`} {
			if _, rest, ok := strings.Cut(string(in.Body), mark); ok {
				data, _, _ := strings.Cut(rest, "</script>")
				f.Add(data)
			}
		}
	}
	f.Add(`{"replies_html":"<div class='email'><div class='email-header'><div class='email-author'><span class='name'><a href='/u/1'>a</a></span></div><span title='1 May 2026'>x</span></div><div class='email-body'>hi</div></div>"}`)
	f.Add(`{"data":{"type":"discussions","id":"1","attributes":{"title":"a"}},"included":[{"type":"posts","id":"2","attributes":{"number":1,"createdAt":"2026-03-05T14:22:00Z","contentType":"comment","contentHtml":"<p>a</p>"}}]}`)
	f.Add(`{"@type":"DiscussionForumPosting","author":{"name":"a"},"datePublished":"2026-03-05","text":"b","comment":[{"@type":"Comment","text":"c","author":"d"}]}`)
	f.Add(`{"@context":"https://schema.org","@type":"Organization","legalName":"Smew Ltd","address":{"addressCountry":"WS"},"review":[{"@type":"Review","reviewBody":"a","reviewRating":{"ratingValue":"4"}}]}`)
	f.Fuzz(func(t *testing.T, body string) {
		in := hostile(strings.ToValidUTF8(body, "\ufffd"))
		in.Capture.ContentType = "application/json"
		checkDocument(t, Read(in))
		in = hostile(`<script id="flarum-json-payload" type="application/json">` + body + `</script><script type="application/ld+json">` + body + `</script>`)
		checkDocument(t, Read(in))
	})
}

// FuzzWords reads anything as what the finder of mentions, the reader of dates, of languages, of roles, of identities
// and of addresses get to see.
func FuzzWords(f *testing.F) {
	for _, file := range []string{"claims.txt", "silent.txt"} {
		for _, line := range seatLines(f, file) {
			f.Add(line, "en", "x?y=1#z")
		}
	}
	for _, page := range fixtures(f) {
		in := page.input(f)
		doc := Read(in)
		for k := range doc.Posts {
			f.Add(doc.Posts[k].Text+"\n"+doc.Posts[k].DateRaw, doc.Lang, in.Capture.URL)
		}
	}
	b := newBase("http://trap.example/a/b?c=d", "")
	f.Fuzz(func(t *testing.T, words, lang, address string) {
		words = strings.ToValidUTF8(words, "\ufffd")
		for _, m := range findMentions(words, "text") {
			if m.Start < 0 || m.End < m.Start || m.End > len(words) || m.Value == "" {
				t.Fatalf("mention %+v of %q", m, words)
			}
		}
		parseDate(words, fetchedAt, lang, time.UTC)
		machineTime(words)
		guessLang(words)
		pageRole(address, words, []string{words}, words)
		if id := readIdentity(words, nil); id != nil && (id.Start < 0 || id.End > len(words) || id.Claim != words[id.Start:id.End]) {
			t.Fatalf("%+v of %q", id, words)
		}
		if u := b.resolve(address); u != "" && !strings.HasPrefix(u, "http://") && !strings.HasPrefix(u, "https://") {
			t.Fatalf("%q leads to %q", address, u)
		}
		b.leaves(address)
		readPlain(hostile(words), words, &schemer.Document{})
	})
}

func checkDocument(t *testing.T, doc schemer.Document) {
	t.Helper()
	for _, p := range doc.Posts {
		if p.ID == "" || p.URL == "" && doc.URL != "" {
			t.Fatalf("post without id or address: %+v", p)
		}
		if !utf8.ValidString(p.Author + p.Text + p.Signature) {
			t.Fatalf("not UTF-8: %q %q %q", p.Author, p.Text, p.Signature)
		}
		if p.Text != strings.TrimSpace(p.Text) && doc.Engine != "static" {
			t.Fatalf("blanks around %q", p.Text)
		}
		end := 0
		for _, b := range p.Blocks {
			if b.Start < end || b.End <= b.Start || b.End > len(p.Text) {
				t.Fatalf("block %+v of a text of %d bytes, after %d", b, len(p.Text), end)
			}
			end = b.End
		}
		for _, m := range p.Mentions {
			if (m.Field == "text" || m.Field == "link") && (m.Start < 0 || m.End < m.Start || m.End > len(p.Text)) {
				t.Fatalf("mention %+v of a text of %d bytes", m, len(p.Text))
			}
		}
	}
	for _, l := range doc.Links {
		if !strings.HasPrefix(l.URL, "http://") && !strings.HasPrefix(l.URL, "https://") || strings.Contains(l.URL, "#") || l.Kind == "" {
			t.Fatalf("link %+v", l)
		}
	}
}
