package extract

import (
	"encoding/json"
	"strings"
	"testing"
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
