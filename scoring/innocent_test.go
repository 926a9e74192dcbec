package scoring_test

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"schemer"
)

// innocentLines calls see for every line of a file of innocent sentences: a language, a tab, the markdown of a page, in
// which \n stands for a line end, and which stands under the name of its firm.
func innocentLines(t *testing.T, file string, see func(n int, lang, text string, hits []schemer.Hit)) int {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	rules := defaultRules(t)
	lines := bufio.NewScanner(f)
	n := 0
	for lines.Scan() {
		n++
		lang, text, ok := strings.Cut(lines.Text(), "\t")
		if !ok {
			t.Fatalf("%s:%d: no tab", file, n)
		}
		see(n, lang, text, rules.Detect(pageOf("inn.example", "/terms", "# Alder Hosting\n\n"+strings.ReplaceAll(text, `\n`, "\n"))))
	}
	return n
}

// affirmed says whether a hit speaks against the firm on its own page.
func affirmed(h schemer.Hit) bool {
	return h.Polarity > 0 && (h.Scope == "" || h.Scope == "answer")
}

// TestOrdinaryTermsOfferNothing reads terms of use, acceptable-use lists and abuse pages of honest firms in eleven
// languages, each with the list of crimes. None may be read as room for a crime, as deafness to complaints or to police.
func TestOrdinaryTermsOfferNothing(t *testing.T) {
	n := innocentLines(t, "aup.tsv", func(n int, lang, text string, hits []schemer.Hit) {
		for _, h := range hits {
			if affirmed(h) && (strings.HasPrefix(string(h.Signal), "c_") || h.Signal == "abuse_ignored" || h.Signal == "le_proof") {
				t.Errorf("aup.tsv:%d %s: %s in %q", n, lang, h.Signal, h.Quote)
			}
		}
	})
	if n < 120 {
		t.Errorf("%d sentences, want at least 120", n)
	}
}
