package scoring

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"

	"schemer"
)

//go:embed signals/*.yaml concepts/*.yaml examples/*.tsv
var builtIn embed.FS

// Rules are the loaded concepts and rule files. They do not change once loaded and may be used by many goroutines.
type Rules struct {
	lex      *lexicon
	rules    []rule
	byID     map[schemer.SignalID]int
	patterns []pattern
	byAnchor [][]int32 // patterns by the concepts of their rarest term
	byCue    [][]int32 // rules whose polarity is read from cues, by concept
	anchors  conceptSet
	known    known
	digest   schemer.Digest
	examples []example
	scratch  *sync.Pool
}

// Default returns the built-in rules, read and fitted once.
func Default() (*Rules, error) { return loadBuiltIn() }

var loadBuiltIn = sync.OnceValues(func() (*Rules, error) { return Load(builtIn) })

// Load reads rules from fsys: word lists from concepts/*.yaml, rules from signals/*.yaml. An error names the file and
// what to change.
func Load(fsys fs.FS) (*Rules, error) {
	lex, err := loadLexicon(fsys, "concepts")
	if err != nil {
		return nil, err
	}
	r := &Rules{lex: lex, byID: map[schemer.SignalID]int{}}
	if r.known, err = lex.known(); err != nil {
		return nil, err
	}
	files, err := fs.Glob(fsys, "signals/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("list rules: %w", err)
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("list rules: no signals/*.yaml")
	}
	r.byCue = make([][]int32, len(lex.names))
	for _, name := range files {
		f, err := parseRule(fsys, name)
		if err != nil {
			return nil, err
		}
		if err := r.add(&f); err != nil {
			return nil, fmt.Errorf("rule %s: %w", name, err)
		}
	}
	for _, id := range []schemer.SignalID{signalForbids, signalNotBulletproof, signalObfuscated} {
		if _, ok := r.byID[id]; !ok {
			return nil, fmt.Errorf("rules lack signals/%s.yaml", id)
		}
	}
	r.known.forbids, r.known.notBulletproof = r.byID[signalForbids], r.byID[signalNotBulletproof]
	r.known.obfuscated = r.byID[signalObfuscated]
	r.index()
	if r.digest, err = digestFiles(fsys); err != nil {
		return nil, err
	}
	if r.examples, err = loadExamples(fsys); err != nil {
		return nil, err
	}
	fitted := sync.OnceValue(r.fitModel)
	r.scratch = &sync.Pool{New: func() any { return newScratch(r, fitted()) }}
	return r, nil
}

func (r *Rules) add(f *ruleFile) error {
	number := len(r.rules)
	patterns, err := f.compile(r.lex, number)
	if err != nil {
		return err
	}
	switch f.Polarity {
	case "", "plain", "cue":
	default:
		return fmt.Errorf("polarity %q; use plain or cue", f.Polarity)
	}
	for _, c := range f.Crimes {
		if !slices.Contains(crimeNames, c) {
			return fmt.Errorf("crime %q; use one of %s", c, strings.Join(crimeNames, " "))
		}
	}
	r.rules = append(r.rules, rule{
		signal: schemer.Signal{
			ID: schemer.SignalID(f.ID), Family: f.Family, Weight: f.Weight, Grade: schemer.Grade(f.Grade), Crimes: f.Crimes,
			Meaning: f.Meaning, Why: f.Why, Sources: f.Sources,
		},
		cue: f.Polarity == "cue", contrary: f.Family == "K", asks: f.Asks, aboutOthers: f.Others, match: f.Match, not: f.Not,
	})
	r.byID[schemer.SignalID(f.ID)] = number
	if f.Polarity == "cue" {
		for _, p := range patterns {
			if len(p.terms) != 1 {
				return fmt.Errorf("polarity cue takes patterns of one term")
			}
			for _, c := range p.terms[0].any {
				r.byCue[c] = append(r.byCue[c], int32(number))
			}
		}
		return nil
	}
	r.patterns = append(r.patterns, patterns...)
	return nil
}

// crimeNames are the crime types of the letter.
var crimeNames = []string{"hacking", "phishing", "ransomware", "botnet", "malware", "spam", "carding", "ddos", "fraud"}

// index files every pattern under the concepts of the term that the fewest words can fill, so that a sentence tries only
// patterns whose rarest term it holds.
func (r *Rules) index() {
	size := make([]int, len(r.lex.names))
	for _, table := range []map[string]*wordInfo{r.lex.exact, r.lex.stems} {
		for _, info := range table {
			for _, t := range info.tags {
				size[t.concept]++
			}
		}
	}
	for _, tags := range r.lex.ends {
		for _, t := range tags {
			size[t.concept]++
		}
	}
	r.byAnchor = make([][]int32, len(r.lex.names))
	for i := range r.patterns {
		p := &r.patterns[i]
		best, bestSize := 0, 1<<30
		for k, t := range p.terms {
			if p.heading && k == 0 && len(p.terms) > 1 {
				continue // it may stand in the heading
			}
			sum := 0
			for _, c := range t.any {
				sum += size[c]
			}
			if sum < bestSize {
				best, bestSize = k, sum
			}
		}
		for _, c := range p.terms[best].any {
			r.byAnchor[c] = append(r.byAnchor[c], int32(i))
			r.anchors.add(c)
		}
	}
}

// Digest is the SHA-256 over all concept and rule files, in order of their names.
func (r *Rules) Digest() schemer.Digest { return r.digest }

// Signals lists the signals by id.
func (r *Rules) Signals() []schemer.Signal {
	out := make([]schemer.Signal, 0, len(r.rules))
	for _, id := range slices.Sorted(maps.Keys(r.byID)) {
		out = append(out, r.rules[r.byID[id]].signal)
	}
	return out
}

// Signal returns one signal; the zero Signal when the rules have none of that id.
func (r *Rules) Signal(id schemer.SignalID) schemer.Signal {
	if i, ok := r.byID[id]; ok {
		return r.rules[i].signal
	}
	return schemer.Signal{}
}

func digestFiles(fsys fs.FS) (schemer.Digest, error) {
	var all strings.Builder
	for _, glob := range []string{"concepts/*.yaml", "examples/*.tsv", "signals/*.yaml"} {
		names, err := fs.Glob(fsys, glob)
		if err != nil {
			return "", fmt.Errorf("list %s: %w", glob, err)
		}
		for _, name := range names {
			raw, err := fs.ReadFile(fsys, name)
			if err != nil {
				return "", fmt.Errorf("read %s: %w", name, err)
			}
			fmt.Fprintf(&all, "%s %s\n", name, schemer.DigestOf(raw))
		}
	}
	return schemer.DigestOf([]byte(all.String())), nil
}
