package scoring

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"schemer"
)

// TestRuleFiles holds every rule file to its own sentences.
func TestRuleFiles(t *testing.T) {
	rules, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	total := 0
	for i := range rules.rules {
		r := &rules.rules[i]
		for _, set := range []struct {
			sentences map[string][]string
			want      bool
		}{{r.match, true}, {r.not, false}} {
			for _, lang := range slices.Sorted(maps.Keys(set.sentences)) {
				if langNamed(lang) == 0 {
					t.Errorf("%s: unknown language %q", r.signal.ID, lang)
				}
				for _, s := range set.sentences[lang] {
					total++
					if got := speaks(rules, r, s, lang); got != set.want {
						t.Errorf("%s %s: %q: matched %v, want %v", r.signal.ID, lang, s, got, set.want)
					}
				}
			}
		}
		if len(r.match) == 0 {
			t.Errorf("%s: no must_match sentences", r.signal.ID)
		}
	}
	t.Logf("%d sentences in %d rule files", total, len(rules.rules))
}

// speaks reports whether a rule finds its meaning in a sentence, plainly said.
func speaks(rules *Rules, r *rule, sentence, lang string) bool {
	for _, h := range rules.Detect(&schemer.Post{Text: sentence, Lang: lang, Board: "Hosting"}) {
		if h.Signal != r.signal.ID {
			continue
		}
		if r.contrary && h.Polarity < 0 || !r.contrary && h.Polarity > 0 && h.Scope == "" || h.Polarity > 0 && h.Scope == scopeAnswer {
			return true
		}
	}
	return false
}

// TestLoadNamesFileAndRemedy holds that a broken rule file is refused with its name and what is wrong.
func TestLoadNamesFileAndRemedy(t *testing.T) {
	base := fstest.MapFS{}
	for _, name := range []string{
		"concepts/grammar.yaml", "concepts/people.yaml", "concepts/hosting.yaml", "concepts/crimes.yaml", "concepts/acts.yaml", "concepts/terms.yaml", "concepts/voices.yaml",
		"signals/K_prohib.yaml", "signals/K_not_bp.yaml", "signals/obfuscated.yaml",
	} {
		raw, err := builtIn.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		base[name] = &fstest.MapFile{Data: raw}
	}
	good := "id: x\nfamily: P\nweight: 1\ngrade: hint\nmeaning: m\nwhy: w\npatterns:\n  - {match: \"complaint discard\"}\n"
	for name, c := range map[string]struct{ text, want string }{
		"good":            {good, ""},
		"unknown key":     {good + "colour: red\n", "line 9"},
		"unknown concept": {strings.Replace(good, "discard", "discrad", 1), `unknown concept "discrad"`},
		"wrong id":        {strings.Replace(good, "id: x", "id: y", 1), "name the file after the id"},
		"wrong family":    {strings.Replace(good, "family: P", "family: Q", 1), "use one of"},
		"wrong grade":     {strings.Replace(good, "grade: hint", "grade: bad", 1), "use open, hint"},
		"no meaning":      {strings.Replace(good, "meaning: m\n", "", 1), "meaning and why"},
		"wrong crime":     {good + "crimes: [theft]\n", "use one of"},
	} {
		fsys := maps.Clone(base)
		fsys["signals/x.yaml"] = &fstest.MapFile{Data: []byte(c.text)}
		_, err := Load(fsys)
		if c.want == "" {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "signals/x.yaml") {
			t.Errorf("%s: error %v, want file name and %q", name, err, c.want)
		}
	}
}
