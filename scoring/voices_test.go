package scoring_test

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"schemer"
	"schemer/scoring"
)

// voiceFloor is what must be reached of the voices of a language: guilty lines found (at least) and clean lines hit (at
// most), each on the odd lines, which were worked on, and on the even lines, of which only totals were looked at.
type voiceFloor struct {
	found, clean [2]int
}

// TestVoices reads sentences of sellers and of innocent firms, written before the word lists of these languages were
// widened, as text of a page of their own site. A guilty line is found by any open or hint signal that is affirmed in the
// seller's own voice; the same on a clean line is a false hit. SCHEMER_SHOW=de lists the odd lines of German that went
// wrong; even lines are never listed.
func TestVoices(t *testing.T) {
	rules := defaultRules(t)
	floors := map[string]voiceFloor{ // held out, odd
		"de":  {found: [2]int{13, 17}, clean: [2]int{2, 1}},
		"fr":  {found: [2]int{13, 19}, clean: [2]int{1, 1}},
		"es":  {found: [2]int{13, 18}, clean: [2]int{1, 1}},
		"pt":  {found: [2]int{12, 18}, clean: [2]int{1, 1}},
		"pl":  {found: [2]int{13, 19}, clean: [2]int{2, 1}},
		"tr":  {found: [2]int{8, 19}, clean: [2]int{1, 1}},
		"zh":  {found: [2]int{13, 17}, clean: [2]int{1, 1}},
		"uk":  {found: [2]int{13, 20}, clean: [2]int{2, 1}},
		"rut": {found: [2]int{8, 18}, clean: [2]int{3, 1}},
	}
	for _, lang := range []string{"de", "fr", "es", "pt", "pl", "tr", "zh", "uk", "rut"} {
		guilty, innocent, found, hit := readVoices(t, rules, lang)
		t.Logf("%-3s found %2d/%2d held out %2d/%2d, clean lines hit %d/%2d held out %d/%2d", lang,
			found[1], guilty[1], found[0], guilty[0], hit[1], innocent[1], hit[0], innocent[0])
		floor := floors[lang]
		for half, name := range []string{"held-out", "odd"} {
			if found[half] < floor.found[half] {
				t.Errorf("%s: %d %s guilty lines found, want at least %d", lang, found[half], name, floor.found[half])
			}
			if hit[half] > floor.clean[half] {
				t.Errorf("%s: %d %s clean lines hit, want at most %d", lang, hit[half], name, floor.clean[half])
			}
		}
	}
}

// readVoices counts the lines of one language by half: index 1 the odd lines, 0 the even ones.
func readVoices(t *testing.T, rules *scoring.Rules, lang string) (guilty, innocent, found, hit [2]int) {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", "voices_"+lang+".tsv"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	show := os.Getenv("SCHEMER_SHOW")
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		grade, text, ok := strings.Cut(lines.Text(), "\t")
		if !ok {
			t.Fatalf("voices_%s.tsv:%d: no tab", lang, n)
		}
		var said []string
		for _, h := range rules.Detect(&schemer.Post{Kind: schemer.PostPage, Text: text}) {
			if admits(rules, h) {
				said = append(said, fmt.Sprintf("%s[%s]", h.Signal, h.Subject))
			}
		}
		half, wrong := n%2, false
		if grade == "clean" {
			innocent[half]++
			if wrong = len(said) > 0; wrong {
				hit[half]++
			}
		} else {
			guilty[half]++
			if wrong = len(said) == 0; !wrong {
				found[half]++
			}
		}
		if wrong && half == 1 && (show == lang || show == "voices") {
			t.Logf("%s:%d %s %q %v", lang, n, grade, text, said)
		}
	}
	return guilty, innocent, found, hit
}

// admits says whether a hit alone would count as an admission in the seller's own voice.
func admits(rules *scoring.Rules, h schemer.Hit) bool {
	if h.Polarity <= 0 || (h.Scope != "" && h.Scope != "answer") {
		return false
	}
	grade := rules.Signal(h.Signal).Grade
	if !byRule(h) {
		return false
	}
	return grade == schemer.GradeOpen || grade == schemer.GradeHint
}
