package letter_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"schemer"
	"schemer/letter"

	"golang.org/x/net/html"
)

var update = flag.Bool("update", false, "write the golden files anew")

func on(day string) time.Time {
	t, err := time.Parse(time.RFC3339, day)
	if err != nil {
		panic(err) // constants of this file
	}
	return t
}

func proof(quote, url, site, lang string, speaker schemer.Speaker, grade schemer.Grade) schemer.Evidence {
	return schemer.Evidence{
		Quote: quote, URL: url, Site: site, Lang: lang, Speaker: speaker, Grade: grade, Author: "havenmeester", Signal: "c-phishing",
		PostedAt: on("2026-03-05T14:22:00Z"), CapturedAt: on("2026-11-01T09:30:00Z"), SHA256: schemer.DigestOf([]byte(quote)),
		WARC: "2026-11-01.warc.gz#1024", Admiralty: "B2", Points: 3,
	}
}

// edition is a small list: one open, one hint, one that is only watched.
func edition() schemer.Edition {
	return schemer.Edition{
		Edition: "2026", GeneratedAt: on("2026-11-25T08:00:00Z"), Frozen: true,
		Inputs: schemer.Inputs{Corpus: "c0", Rules: "d1", Reader: "1", AsOf: on("2026-11-01T00:00:00Z"), Posts: 990},
		Candidates: []schemer.Candidate{
			{
				Rank: 1, ID: "r-000000000001", Name: "Zilt Haven", Aliases: []string{"ZiltHaven", "Соль"}, Domains: []string{"zilthaven.example"},
				Handles: []string{"telegram:zilt_sales", "jabber:desk@xmpp.example"}, ASNs: []int64{64500}, Prefixes: []string{"198.51.100.0/27"},
				Listed: true, Grade: schemer.GradeOpen, Score: 9.1, Probability: 0.99, Crimes: []string{"phishing", "botnet", "hacking"},
				Registered: "SC", SeatClaim: "Zilt Cloud Ltd, Victoria, Mahé, Seychelles", Nexus: "claimed", NexusProof: "two racks in Amsterdam, AS64500",
				Related:   []schemer.Related{{Name: "Oud Zout", Relation: "successor_of", Why: "same Jabber address"}},
				FirstSeen: on("2024-02-01T00:00:00Z"), LastSeen: on("2026-10-30T00:00:00Z"),
				Evidence: []schemer.Evidence{
					proof("Phishing, panels, mailings: all fine with us. Letters from the police go into the bin.", "http://board.example/showthread.php?tid=118&pid=156#pid156", "board.example", "en", schemer.SpeakerSelf, schemer.GradeOpen),
					proof("Жалобы третьих лиц мы складываем в отдельную папку. Папку никто не открывает.", "http://zilthaven.example/pravila", "zilthaven.example", "ru", schemer.SpeakerSelf, schemer.GradeHint),
					proof("Twenty complaints and my box never went down.", "http://board.example/showthread.php?tid=118&pid=160#pid160", "board.example", "en", schemer.SpeakerBuyer, schemer.GradeOpen),
					proof("A fourth quote that need not be printed.", "http://other.example/1", "other.example", "en", schemer.SpeakerThird, schemer.GradeNone),
				},
				Contra: []schemer.Evidence{proof("We do not allow phishing or botnets.", "http://zilthaven.example/en/aup", "zilthaven.example", "en", schemer.SpeakerSelf, schemer.GradeContra)},
			},
			{
				Rank: 2, ID: "r-000000000002", Name: "Stille Kade", Domains: []string{"stillekade.example", "stillekade.test"}, Listed: true, Grade: schemer.GradeHint,
				Nexus: "verified", NexusProof: "prefix 192.0.2.0/27 announced in Amsterdam", Registered: "BZ", Change: "stayed",
				Evidence: []schemer.Evidence{proof("Klachten raken hier nogal eens zoek.", "https://stillekade.example/balie", "stillekade.example", "nl", schemer.SpeakerSelf, schemer.GradeHint)},
			},
			{Rank: 3, ID: "r-000000000003", Name: "Only Watched", Domains: []string{"watched.example"}, Grade: schemer.GradeWatch},
		},
	}
}

func lastYear() *schemer.Edition {
	return &schemer.Edition{Edition: "2025", Frozen: true, Candidates: []schemer.Candidate{
		{Rank: 1, ID: "r-00000000000a", Name: "Zout Haven", Domains: []string{"zilthaven.example"}, Listed: true, Grade: schemer.GradeHint},
		{Rank: 2, ID: "r-00000000000b", Name: "Only Watched", Domains: []string{"watched.example"}, Listed: true, Grade: schemer.GradeHint},
		{Rank: 3, ID: "r-00000000000c", Name: "Long Lost", Domains: []string{"lost.example"}, Listed: true, Grade: schemer.GradeOpen},
	}}
}

func sample() letter.Letter {
	return letter.Letter{
		Edition: edition(), Previous: lastYear(), Recipient: "Voorbeeldhoster B.V.\nAfdeling abuse\nPostbus 1\n1000 AA Voorbeeldstad",
		Reference: "SCH-2026-0113", Date: on("2026-11-25T00:00:00Z"), Sender: "[naam]\nTeam wederverkopers", Contact: "lijst@politie.example",
	}
}

func odt(t *testing.T, l letter.Letter) []byte {
	t.Helper()
	var buf bytes.Buffer
	if err := letter.ODT(&buf, l); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// parts unpacks an ODT and checks that it is a sound package of well-formed XML.
func parts(t *testing.T, raw []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	if first := z.File[0]; first.Name != "mimetype" || first.Method != zip.Store {
		t.Errorf("the package starts with %s, method %d; want mimetype, stored", first.Name, first.Method)
	}
	if want := "mimetypeapplication/vnd.oasis.opendocument."; string(raw[30:30+len(want)]) != want {
		t.Errorf("no magic at byte 30: %q", raw[30:30+len(want)])
	}
	out := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		out[f.Name] = string(body)
		if !strings.HasSuffix(f.Name, ".xml") {
			continue
		}
		for dec := xml.NewDecoder(bytes.NewReader(body)); ; {
			if _, err := dec.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s is not XML: %v", f.Name, err)
			}
		}
	}
	return out
}

func page(t *testing.T, l letter.Letter) string {
	t.Helper()
	var buf bytes.Buffer
	if err := letter.HTML(&buf, l); err != nil {
		t.Fatal(err)
	}
	return buf.String()
}

func list(t *testing.T, e schemer.Edition) string {
	t.Helper()
	var buf bytes.Buffer
	if err := letter.List(&buf, e); err != nil {
		t.Fatal(err)
	}
	return buf.String()
}

func rows(t *testing.T, e schemer.Edition) (string, [][]string) {
	t.Helper()
	var buf bytes.Buffer
	if err := letter.CSV(&buf, e); err != nil {
		t.Fatal(err)
	}
	text := buf.String()
	all, err := csv.NewReader(&buf).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return text, all
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs from the golden file; look at it, then run with -update", name)
	}
}

func TestGoldenLetter(t *testing.T) {
	golden(t, "brief.html", page(t, sample()))
	golden(t, "lijst.html", list(t, edition()))
	golden(t, "content.xml", parts(t, odt(t, sample()))["content.xml"])
	text, _ := rows(t, edition())
	golden(t, "lijst.csv", text)
	var buf bytes.Buffer
	if err := letter.JSON(&buf, edition()); err != nil {
		t.Fatal(err)
	}
	golden(t, "lijst.json", buf.String())
}

// words is the text of a page or of an ODT's content.
func words(t *testing.T, markup string) string {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(markup))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for n := range doc.Descendants() {
		if n.Type == html.TextNode && n.Parent.Data != "style" {
			b.WriteString(n.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func TestTheLetterSaysWhatItMust(t *testing.T) {
	for form, text := range map[string]string{"HTML": words(t, page(t, sample())), "ODT": words(t, parts(t, odt(t, sample()))["content.xml"])} {
		for _, want := range []string{
			"Voorbeeldhoster B.V.", "SCH-2026-0113", "25 november 2026", "lijst met 2 namen", "Geen bewijs", "Geen bevel", "Bezwaar en verbetering",
			"lijst@politie.example", "TLP:AMBER+STRICT", "artikel 19 Wet politiegegevens", "Stelt zich voor als aanbieder", "openlijk", "laat doorschemeren",
			"computervredebreuk (hacken)", "zilthaven[.]example", "hxxp://board[.]example/showthread.php?tid=118&pid=156#pid156", "Telegram: zilt_sales",
			"Jabber: desk@xmpp[.]example", "AS64500", "Seychellen (SC)", "volgens eigen opgave: two racks in Amsterdam", "vastgesteld: prefix 192.0.2.0/27",
			"“Жалобы третьих лиц мы складываем в отдельную папку. Папку никто не открывает.”", "Russisch", "de aanbieder zelf: havenmeester", "een koper",
			"geplaatst 5 maart 2026", "vastgelegd 1 november 2026, 09:30 UTC", string(edition().Candidates[0].Evidence[0].SHA256),
			"code B2 (bron meestal betrouwbaar, bewering waarschijnlijk juist)", "Wat ertegen pleit", "We do not allow phishing",
			"sterker: nu openlijk (vorig jaar onder de naam Zout Haven)", "nieuw op de lijst", "Long Lost", "niet meer aangetroffen",
			"het bewijs is niet langer sterk genoeg; nu: ter observatie", "25 november 2027", "mogelijk opvolger van Oud Zout",
		} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: no %q", form, want)
			}
		}
		for _, never := range []string{"http://", "https://", "watched[.]example", "fourth quote", "suspect", "verdachte", "CONCEPT", "is een crimineel"} {
			if strings.Contains(text, never) {
				t.Errorf("%s: %q must not be there", form, never)
			}
		}
	}
}

func TestUnreviewedLettersAreMarked(t *testing.T) {
	for name, change := range map[string]func(*letter.Letter){
		"draft": func(l *letter.Letter) { l.Draft = true }, "unreviewed": func(l *letter.Letter) { l.Edition.Unreviewed = true },
		"not frozen": func(l *letter.Letter) { l.Edition.Frozen = false },
	} {
		l := sample()
		change(&l)
		files := parts(t, odt(t, l))
		for where, text := range map[string]string{"HTML": page(t, l), "ODT": files["content.xml"], "header": files["styles.xml"], "list": list(t, edition())} {
			if where != "list" && !strings.Contains(text, "CONCEPT") {
				t.Errorf("%s: the %s is not marked", name, where)
			}
			if where == "HTML" && strings.Contains(text, "Nagekeken door mensen") {
				t.Errorf("%s: the letter claims a review", name)
			}
		}
	}
}

func TestSameEditionSameBytes(t *testing.T) {
	once, again := page(t, sample()), page(t, sample())
	if !bytes.Equal(odt(t, sample()), odt(t, sample())) || once != again {
		t.Error("two letters of one edition differ")
	}
	l := sample()
	l.Edition.Candidates[0].Domains[0] = "zilthaven2.example"
	if bytes.Equal(odt(t, sample()), odt(t, l)) {
		t.Error("the letter does not depend on the list")
	}
}

func TestJSONIsTheContract(t *testing.T) {
	var buf bytes.Buffer
	if err := letter.JSON(&buf, edition()); err != nil {
		t.Fatal(err)
	}
	if sum, err := letter.Fingerprint(edition()); err != nil || sum != schemer.DigestOf(buf.Bytes()) {
		t.Errorf("fingerprint %s (%v) is not that of the file", sum, err)
	}
	if strings.Contains(buf.String(), "null") {
		t.Error("a list is null")
	}
	var back schemer.Edition
	if err := json.Unmarshal(buf.Bytes(), &back); err != nil || len(back.Candidates) != 3 || back.Candidates[0].Evidence[0].Speaker != "self" {
		t.Errorf("%v: %+v", err, back)
	}
	var raw struct{ Candidates []map[string]any }
	if err := json.Unmarshal(buf.Bytes(), &raw); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{
		"rank", "id", "name", "aliases", "domains", "handles", "asns", "listed", "grade", "score", "probability", "crimes",
		"registered", "nl_nexus", "change", "related", "factors", "flags", "contra", "evidence",
	} {
		if _, ok := raw.Candidates[2][key]; !ok {
			t.Errorf("a candidate without %s", key)
		}
	}
}
