package scoring_test

import (
	"testing"

	"schemer"
)

// TestInnocentPrivacyAndHumour reads what honest firms say of privacy, slowness and spam, often drily. No line may be an
// open admission, and at most two in a hundred a hint.
func TestInnocentPrivacyAndHumour(t *testing.T) {
	rules := defaultRules(t)
	hinted := 0
	n := innocentLines(t, "innocent.tsv", func(n int, lang, text string, hits []schemer.Hit) {
		hint := ""
		for _, h := range hits {
			if !admits(rules, h) {
				continue
			}
			if grade := rules.Signal(h.Signal).Grade; grade == schemer.GradeOpen || h.Signal == "abuse_ignored" {
				t.Errorf("innocent.tsv:%d %s: %s (%s) in %q", n, lang, h.Signal, grade, h.Quote)
			} else {
				hint += " " + string(h.Signal)
			}
		}
		if hint != "" {
			hinted++
			t.Logf("innocent.tsv:%d %s: hint%s in %q", n, lang, hint, text)
		}
	})
	if n < 120 {
		t.Errorf("%d sentences, want at least 120", n)
	}
	if hinted*50 > n {
		t.Errorf("%d of %d sentences read as hints, want at most 2 in 100", hinted, n)
	}
}
