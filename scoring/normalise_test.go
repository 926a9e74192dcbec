package scoring

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"schemer"
)

// TestQuotesAreOriginalBytes holds that whatever hid a word, the quote is what the post says, byte for byte.
func TestQuotesAreOriginalBytes(t *testing.T) {
	rules, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, text string
		step       string
	}{
		{"plain", "Phishing is welcome here.", ""},
		{"zero width", "Phis\u200bhing is wel\u00adcome here.", "invisible"},
		{"full width", "Ｐｈｉｓｈｉｎｇ is welcome here.", "compat"},
		{"mathematical", "\U0001D5E3hishing is welcome here.", "compat"},
		{"Cyrillic in Latin", "Рhishing is welcоme here.", "confusable"},
		{"Latin in Cyrillic", "Фишинr и cпaм paзpeшeны.", "confusable"},
		{"leet", "Ph1sh1ng is w3lcome here.", "leet"},
		{"letter spacing", "p h i s h i n g is welcome here.", "spacing"},
		{"dotted", "p.h.i.s.h.i.n.g is welcome here.", "spacing"},
		{"syllables", "All your betaal ver zoek jes mag hier draaien.", "spacing"},
		{"transliterated", "Mozhno fishing i rassylki, nichego ne otklyuchaem.", "translit"},
	} {
		text := "Prices below.\n" + c.text + "\nWrite to us."
		var steps []string
		found := false
		for _, h := range rules.Detect(&schemer.Post{Text: text, Board: "Hosting"}) {
			if h.Quote != text[h.Start:h.End] {
				t.Errorf("%s: quote %q is not the text at %d..%d", c.name, h.Quote, h.Start, h.End)
			}
			if h.Polarity > 0 && rules.Signal(h.Signal).Family == "C" {
				found = true
				steps = append(steps, h.Steps...)
				if !strings.Contains(c.text, strings.TrimSpace(h.Quote)) {
					t.Errorf("%s: quote %q is not the sentence", c.name, h.Quote)
				}
			}
		}
		if !found {
			t.Errorf("%s: %q not found", c.name, c.text)
		}
		if c.step != "" && !slices.Contains(steps, c.step) {
			t.Errorf("%s: steps %v, want %s", c.name, steps, c.step)
		}
	}
}

// FuzzDetect holds that no text breaks detection and that every quote is the text at its offsets.
func FuzzDetect(f *testing.F) {
	for _, seed := range []string{"", "Phishing welcome. /s", "„Beschwerden“ …", "a.m. b.\n- c:\n- d", "Ｆ\u200b", "投诉。不处理", "l'", "\xff\xfe phish ok", "x: y: z?"} {
		f.Add(seed)
	}
	rules, err := Default()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, h := range rules.Detect(&schemer.Post{Text: text, Signature: text, Title: text}) {
			if h.Start < 0 || h.End > len(text) || h.Start >= h.End || text[h.Start:h.End] != h.Quote {
				t.Fatalf("quote %q at %d..%d of %q", h.Quote, h.Start, h.End, text)
			}
			if utf8.ValidString(text) && !utf8.ValidString(h.Quote) {
				t.Fatalf("quote %q cuts a character", h.Quote)
			}
		}
	})
}
