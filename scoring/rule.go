package scoring

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"schemer"
)

// ruleFile is a rule as an analyst writes it: scoring/signals/<id>.yaml.
type ruleFile struct {
	ID       string              `yaml:"id"`
	Family   string              `yaml:"family"`
	Weight   float64             `yaml:"weight"`
	Grade    string              `yaml:"grade"`
	Crimes   []string            `yaml:"crimes"`
	Meaning  string              `yaml:"meaning"`
	Why      string              `yaml:"why"`
	Sources  []string            `yaml:"sources"`
	Polarity string              `yaml:"polarity"` // plain (default), cue
	Asks     bool                `yaml:"asks"`     // may be put as a question ("thrown out elsewhere?")
	Others   bool                `yaml:"others"`   // speaks of other hosts, so that they as subject is no report
	Unless   string              `yaml:"unless"`   // concepts that take the meaning away, for every pattern
	Patterns []patternFile       `yaml:"patterns"`
	Match    map[string][]string `yaml:"must_match"`
	Not      map[string][]string `yaml:"must_not_match"`
}

// patternFile is one way to say it.
type patternFile struct {
	Match   string   `yaml:"match"`   // terms; a|b alternatives, !a negated, ~a negated or not
	Within  int      `yaml:"within"`  // most words from the first term to the last; 0 means 12
	In      string   `yaml:"in"`      // clause, sentence (default), pair (two neighbouring sentences)
	Order   bool     `yaml:"order"`   // terms in the order written
	Subject []string `yaml:"subject"` // we, i, you, they, none; empty means all but you
	Unless  string   `yaml:"unless"`  // concepts that must not stand in the same sentence
	Context string   `yaml:"context"` // a concept that must stand somewhere in the post or its title
	Heading bool     `yaml:"heading"` // the first term may stand in a heading over the sentence
	Weight  float64  `yaml:"weight"`  // instead of the rule's
}

// Families are the families that a signal may belong to; docs/scoring.md tells their meaning.
const families = "PCHNJXK"

// rule is a loaded rule file.
type rule struct {
	signal   schemer.Signal
	cue      bool
	contrary bool
	asks     bool
	// aboutOthers: the rule itself is about what other hosts do.
	aboutOthers bool
	match       map[string][]string
	not         map[string][]string
}

// subjects is a set of grammatical subjects.
type subjects uint8

const (
	subjectWe subjects = 1 << iota
	subjectI
	subjectYou
	subjectThey
	subjectNone
)

func (s subjects) name() string {
	switch s {
	case subjectWe:
		return "we"
	case subjectI:
		return "i"
	case subjectYou:
		return "you"
	case subjectThey:
		return "they"
	}
	return "none"
}

// unit is where the terms of a pattern must stand together.
type unit uint8

const (
	unitSentence unit = iota
	unitClause
	unitPair
)

// term is one place of a pattern.
type term struct {
	any     []concept
	set     conceptSet
	negated bool
	either  bool
}

// maxTerms bounds the terms of a pattern.
const maxTerms = 8

// pattern is one way to say what a rule means.
type pattern struct {
	rule     int
	terms    []term
	within   int
	unit     unit
	ordered  bool
	subjects subjects
	unless   conceptSet
	context  concept
	hasCtx   bool
	heading  bool
	weight   float64
}

// parseRule reads one rule file strictly: an unknown key is an error that names file and line.
func parseRule(fsys fs.FS, name string) (ruleFile, error) {
	raw, err := fs.ReadFile(fsys, name)
	if err != nil {
		return ruleFile{}, fmt.Errorf("read rule %s: %w", name, err)
	}
	dec := yaml.NewDecoder(bytes.NewReader(raw))
	dec.KnownFields(true)
	var f ruleFile
	if err := dec.Decode(&f); err != nil {
		return ruleFile{}, fmt.Errorf("read rule %s: %w", name, err)
	}
	if err := dec.Decode(new(any)); !errors.Is(err, io.EOF) {
		return ruleFile{}, fmt.Errorf("read rule %s: more than one document; write one rule a file", name)
	}
	if want := strings.TrimSuffix(path.Base(name), ".yaml"); f.ID != want {
		return ruleFile{}, fmt.Errorf("read rule %s: id is %q; name the file after the id", name, f.ID)
	}
	if len(f.Family) != 1 || !strings.Contains(families, f.Family) {
		return ruleFile{}, fmt.Errorf("rule %s: family %q; use one of %s", name, f.Family, families)
	}
	switch schemer.Grade(f.Grade) {
	case schemer.GradeOpen, schemer.GradeHint, schemer.GradeWatch, schemer.GradeContra, schemer.GradeNone:
	default:
		return ruleFile{}, fmt.Errorf("rule %s: grade %q; use open, hint, watch, contra or none", name, f.Grade)
	}
	if f.Meaning == "" || f.Why == "" {
		return ruleFile{}, fmt.Errorf("rule %s: meaning and why must say what it finds and why that counts", name)
	}
	return f, nil
}

// compile turns the patterns of a rule file into what matching needs.
func (f *ruleFile) compile(lex *lexicon, number int) ([]pattern, error) {
	var out []pattern
	common, err := lex.set(f.Unless)
	if err != nil {
		return nil, fmt.Errorf("unless %q: %w", f.Unless, err)
	}
	for i := range f.Patterns {
		p, err := f.Patterns[i].compile(lex, number, f.Weight, common)
		if err != nil {
			return nil, fmt.Errorf("pattern %q: %w", f.Patterns[i].Match, err)
		}
		out = append(out, p)
	}
	return out, nil
}

// compile turns one pattern into what matching needs; weight and unless are those of its rule.
func (pf *patternFile) compile(lex *lexicon, number int, weight float64, unless conceptSet) (pattern, error) {
	p := pattern{rule: number, within: pf.Within, ordered: pf.Order, heading: pf.Heading, weight: weight}
	if p.within == 0 {
		p.within = 12
	}
	if pf.Weight != 0 {
		p.weight = pf.Weight
	}
	switch pf.In {
	case "", "sentence":
	case "clause":
		p.unit = unitClause
	case "pair":
		p.unit = unitPair
	default:
		return p, fmt.Errorf("in %q; use clause, sentence or pair", pf.In)
	}
	var err error
	if p.subjects, err = subjectSet(pf.Subject); err != nil {
		return p, err
	}
	if p.unless, err = lex.set(pf.Unless); err != nil {
		return p, fmt.Errorf("unless: %w", err)
	}
	for i := range p.unless {
		p.unless[i] |= unless[i]
	}
	if pf.Context != "" {
		if p.context, p.hasCtx = lex.byName[pf.Context]; !p.hasCtx {
			return p, fmt.Errorf("unknown concept %q", pf.Context)
		}
	}
	for word := range strings.FieldsSeq(pf.Match) {
		t, err := lex.term(word)
		if err != nil {
			return p, err
		}
		p.terms = append(p.terms, t)
	}
	if len(p.terms) == 0 || len(p.terms) > maxTerms {
		return p, fmt.Errorf("write 1 to %d terms", maxTerms)
	}
	return p, nil
}

// subjectSet reads a list of subjects.
func subjectSet(names []string) (subjects, error) {
	if len(names) == 0 {
		return subjectWe | subjectI | subjectThey | subjectNone, nil
	}
	var out subjects
	for _, n := range names {
		switch n {
		case "we":
			out |= subjectWe
		case "i":
			out |= subjectI
		case "you":
			out |= subjectYou
		case "they":
			out |= subjectThey
		case "none":
			out |= subjectNone
		default:
			return 0, fmt.Errorf("subject %q; use we, i, you, they or none", n)
		}
	}
	return out, nil
}

// set reads concept names separated by spaces.
func (lex *lexicon) set(names string) (conceptSet, error) {
	var out conceptSet
	for name := range strings.FieldsSeq(names) {
		c, ok := lex.byName[name]
		if !ok {
			return out, fmt.Errorf("unknown concept %q", name)
		}
		out.add(c)
	}
	return out, nil
}

// term reads one term of a pattern.
func (lex *lexicon) term(word string) (term, error) {
	var t term
	switch word[0] {
	case '!':
		t.negated = true
		word = word[1:]
	case '~':
		t.either = true
		word = word[1:]
	}
	for name := range strings.SplitSeq(word, "|") {
		c, ok := lex.byName[name]
		if !ok {
			return t, fmt.Errorf("unknown concept %q", name)
		}
		t.any = append(t.any, c)
		t.set.add(c)
	}
	slices.Sort(t.any)
	return t, nil
}
