package extract

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"schemer"
)

// phpbbPost reads one post whose words are the given markup.
func phpbbPost(t *testing.T, markup string) schemer.Post {
	t.Helper()
	doc := Read(hostile(`<html lang=en><body id="phpbb"><div class="post" id="p7"><p class="author"><a class="username" href="u">ann</a> <time datetime="2026-03-05T14:22:00Z"></time></p>` +
		`<div class="postbody"><div class="content">` + markup + `</div></div></div></body></html>`))
	if len(doc.Posts) != 1 {
		t.Fatalf("%d posts of %s", len(doc.Posts), markup)
	}
	return doc.Posts[0]
}

// TestOwnWords holds that a post's text is its author's own, whatever way somebody else's words are repeated in it.
func TestOwnWords(t *testing.T) {
	for _, c := range []struct {
		name, markup, text string
		quotes             []schemer.Quote
	}{
		{"angle brackets", "&gt; we read no letters<br>&gt; ever<br>Is that so?", "Is that so?", []schemer.Quote{{Text: "we read no letters\never"}}},
		{"wrote, angle brackets", "bob wrote:<br>&gt; no letters<br><br>Nice.", "Nice.", []schemer.Quote{{Author: "bob", Text: "no letters"}}},
		{"wrote, plain", "bob писал(а):<br>писем не читаем<br><br>А зря.", "А зря.", []schemer.Quote{{Author: "bob", Text: "писем не читаем"}}},
		{"own words", "I wrote:<br>we read no letters", "I wrote:\nwe read no letters", nil},
		{"bbcode left over", "[quote=bob]no letters[/quote]Really?", "Really?", []schemer.Quote{{Author: "bob", Text: "no letters"}}},
		{"nested", "<blockquote><cite>bob wrote:</cite>a<blockquote><cite>cyd wrote:</cite>b</blockquote></blockquote>c", "c", []schemer.Quote{{Author: "bob", Text: "a"}, {Author: "cyd", Text: "b"}}},
		{"quote alone", "<blockquote><cite>bob wrote:</cite>bulletproof, tg @bob</blockquote>", "", []schemer.Quote{{Author: "bob", Text: "bulletproof, tg @bob"}}},
		{"an arrow is no quote", "VPS -&gt; 5 EUR<br>a &gt; b", "VPS -> 5 EUR\na > b", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := phpbbPost(t, c.markup)
			if p.Text != c.text {
				t.Errorf("text %q, want %q", p.Text, c.text)
			}
			if diff := cmp.Diff(c.quotes, p.Quotes); diff != "" {
				t.Errorf("quotes (-want +got):\n%s", diff)
			}
			for _, b := range p.Blocks {
				if got := p.Text[b.Start:b.End]; got != strings.TrimSpace(got) {
					t.Errorf("block %q", got)
				}
			}
		})
	}
}

// TestTextForm holds how markup is written as text.
func TestTextForm(t *testing.T) {
	for markup, want := range map[string]string{
		"a<p>b</p>c<br>d<br><br>e":                          "a\n\nb\n\nc\nd\n\ne",
		"<ul><li>a</li><li>b<ol><li>c</li></ol></li></ul>d": "- a\n- b\n1. c\n\nd",
		"<ol start=3><li>a<li value=7>b</ol>":               "3. a\n7. b",
		"<table><tr><td>a<td>b<tr><td><td>c</table>":        "a | b\n| c",
		"<h2>a</h2>b":                "a\n\nb",
		"x <pre>a\n  b\n\nc</pre> y": "x\n\na\n  b\n\nc\n\ny",
		"a\u00a0 \n b<wbr>c":         "a bc",
		"<b>b</b><i>i</i> <u>u</u>":  "bi u",
		`<img class="smilies" alt=":)"> <img alt="a red door">`: ":) [a red door]",
		`<img src="x/avatar.png" alt="ann the great">z`:         "z",
		"кр\u200bюк <span style='display:none'>x</span>":        "кр\u200bюк",
		"<details><summary>more</summary>less</details>":        "more\nless",
		"<div>a</div><div>b</div>":                              "a\nb",
	} {
		if got := phpbbPost(t, markup).Text; got != want {
			t.Errorf("%s\n got %q\nwant %q", markup, got, want)
		}
	}
}

// TestScope holds which headings and announcements govern an item.
func TestScope(t *testing.T) {
	p := phpbbPost(t, "<h2>Rules</h2><h3>Bad</h3>Forbidden:<ul><li>spam</li></ul><h3>Good</h3>Allowed:<br>- chess<br>* cards<br>Fine.")
	got := map[string][]string{}
	for _, b := range p.Blocks {
		got[p.Text[b.Start:b.End]] = b.Headings
	}
	for text, want := range map[string][]string{
		"- spam": {"Rules", "Bad", "Forbidden:"}, "- chess": {"Rules", "Good", "Allowed:"}, "* cards": {"Rules", "Good", "Allowed:"}, "Fine.": {"Rules", "Good"},
	} {
		if diff := cmp.Diff(want, got[text]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

// TestHiddenText holds what counts as hidden from readers.
func TestHiddenText(t *testing.T) {
	for style, hidden := range map[string]bool{
		"display:none": true, "display: none !important": true, "visibility:hidden": true, "font-size:0": true, "opacity:0.0": true,
		"position:absolute; left:-9999px": true, "text-indent:-999em": true, "color:red": false, "font-size:10px": false, "opacity:0.5": false,
		"left:-9999px": false, "margin-left:-20px": false,
	} {
		p := phpbbPost(t, `a <span style="`+style+`">secret</span>`)
		if got := p.Hidden == "secret" && p.Text == "a"; got != hidden {
			t.Errorf("%s: text %q, hidden %q", style, p.Text, p.Hidden)
		}
	}
}
