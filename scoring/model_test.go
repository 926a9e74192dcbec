package scoring_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"schemer"
	"schemer/scoring"
)

// likeness is the signal of what no rule foresaw.
const likeness = "reads_like"

// byRule reports a hit that a rule made.
func byRule(h schemer.Hit) bool { return h.Signal != likeness }

// TestExamplesHeldOut reads every sixth scene of each writer of examples, which no fit has seen: how many passages of those
// who serve crime, and of honest firms in the same words, are found by rules, by likeness and by either.
func TestExamplesHeldOut(t *testing.T) {
	rules := defaultRules(t)
	names, err := filepath.Glob("testdata/examples/*.tsv")
	if err != nil || len(names) == 0 {
		t.Fatalf("no held-out examples: %v", err)
	}
	var all [2]reckoning
	for _, name := range names {
		var sum [2]reckoning
		eachExample(t, name, func(lang, label, text string) {
			k := 0
			if label == "none" {
				k = 1
			}
			sum[k].add(rules, lang, text)
			all[k].add(rules, lang, text)
		})
		t.Logf("%-12s guilty: %s; honest: %s", strings.TrimSuffix(filepath.Base(name), ".tsv"), sum[0].String(), sum[1].String())
	}
	t.Logf("%-12s guilty: %s; honest: %s", "all", all[0].String(), all[1].String())
	if all[0].over || all[1].over {
		t.Error("likeness speaks of a sentence of which a rule had spoken")
	}
	if share(all[0].either, all[0].n) < 0.33 || share(all[0].rule, all[0].n) > share(all[0].either, all[0].n)-0.1 {
		t.Error("likeness finds too little that no rule finds")
	}
	if share(all[1].like, all[1].n) > 0.12 {
		t.Error("likeness takes more than 12 in 100 honest passages for guilty ones")
	}
}

// TestLikenessOfInnocents holds likeness, which proposes nobody by one sentence nor by two, to few of the sentences that
// honest firms say in the words of the others.
func TestLikenessOfInnocents(t *testing.T) {
	rules := defaultRules(t)
	for _, set := range []string{"innocent.tsv", "aup.tsv"} {
		raw, err := os.ReadFile(filepath.Join("testdata", set))
		if err != nil {
			t.Fatal(err)
		}
		var sum reckoning
		for line := range strings.Lines(string(raw)) {
			if f := strings.SplitN(strings.TrimSpace(line), "\t", 2); len(f) == 2 && line[0] != '#' {
				sum.add(rules, f[0], f[1])
			}
		}
		t.Logf("%s: %s", set, sum.String())
		if share(sum.like, sum.n) > 0.10 {
			t.Errorf("%s: likeness hits %d of %d", set, sum.like, sum.n)
		}
	}
}

// TestExamplesDecide shows that the examples are data: two added lines change what a passage is like.
func TestExamplesDecide(t *testing.T) {
	fsys := fstest.MapFS{}
	for _, glob := range []string{"concepts/*.yaml", "signals/*.yaml"} {
		names, err := filepath.Glob(glob)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			raw, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			fsys[name] = &fstest.MapFile{Data: raw}
		}
	}
	const said = "Zorblats may nest under our quiet violet roof for ever."
	detect := func(examples string) (like int) {
		fsys["examples/own.tsv"] = &fstest.MapFile{Data: []byte(examples)}
		rules, err := scoring.Load(fsys)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range rules.Detect(&schemer.Post{Text: said, Lang: "en"}) {
			if !byRule(h) {
				like++
			}
		}
		return like
	}
	honest := strings.Repeat("en\tself\tnone\t-\tWe sell servers and answer the telephone all day.\n", 20)
	if n := detect(honest); n != 0 {
		t.Errorf("%d hits without a guilty example", n)
	}
	if n := detect(honest + strings.Repeat("en\tself\thint\t-\tZorblats nest under a violet roof.\n", 20)); n != 1 {
		t.Errorf("%d hits after the example, want 1", n)
	}
	fsys["examples/own.tsv"] = &fstest.MapFile{Data: []byte("en\tself\tnone\t-\tfine\nen\tself\tguilty\t-\tZorblats\n")}
	_, err := scoring.Load(fsys)
	if err == nil || !strings.Contains(err.Error(), `examples/own.tsv:2: label "guilty"; use open, hint or none`) {
		t.Errorf("a wrong label is told as %v", err)
	}
}

// reckoning counts passages and what found them; over when likeness spoke where a rule had spoken.
type reckoning struct {
	n, rule, like, either int
	over                  bool
}

func (c *reckoning) add(rules *scoring.Rules, lang, text string) {
	rule, like := false, false
	hits := rules.Detect(&schemer.Post{Kind: schemer.PostPage, Text: text, Lang: strings.Replace(lang, "rut", "ru", 1)})
	for _, h := range hits {
		rule = rule || admits(rules, h)
		like = like || !byRule(h)
		c.over = c.over || !byRule(h) && slices.ContainsFunc(hits, func(o schemer.Hit) bool {
			return byRule(o) && o.Start < h.End && h.Start < o.End && (o.Polarity < 0 || admits(rules, o))
		})
	}
	c.n++
	if rule {
		c.rule++
	}
	if like {
		c.like++
	}
	if rule || like {
		c.either++
	}
}

func (c *reckoning) String() string {
	return fmt.Sprintf("%4d, rules %.2f, likeness %.2f, either %.2f", c.n, share(c.rule, c.n), share(c.like, c.n), share(c.either, c.n))
}

func share(part, whole int) float64 { return float64(part) / float64(max(1, whole)) }

// eachExample reads the lines of one file of examples.
func eachExample(t *testing.T, name string, each func(lang, label, text string)) {
	t.Helper()
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(raw)) {
		if f := strings.Split(strings.TrimRight(line, "\n"), "\t"); len(f) == 5 {
			each(f[0], f[2], f[4])
		}
	}
}
