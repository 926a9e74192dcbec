package scoring

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"time"

	"schemer"
)

// Report says how a list holds against labels.
type Report struct {
	Listable         int         `json:"listable"` // labelled open or hint and still trading
	Listed           int         `json:"listed"`
	Precision        float64     `json:"precision"`
	Recall           float64     `json:"recall"`
	PrecisionAtK     float64     `json:"precision_at_k"` // K is Listable
	AveragePrecision float64     `json:"average_precision"`
	GradeAccuracy    float64     `json:"grade_accuracy"`
	Confusion        []Confusion `json:"confusion"`
	Wrong            []string    `json:"wrong"`  // proposed though labelled otherwise, with the label
	Missed           []string    `json:"missed"` // listable and not proposed
	Merged           []string    `json:"merged"` // candidates that hold several labelled sellers
	Split            []string    `json:"split"`  // labelled sellers that are several candidates
	Calibration      []Bin       `json:"calibration"`
	Brier            float64     `json:"brier"`
	Languages        []Share     `json:"languages"` // of the admitting quotes of rightly listed candidates
	Genres           []Share     `json:"genres"`
	Sources          []Share     `json:"sources"`
}

// Confusion counts candidates by their grade and label.
type Confusion struct {
	Grade schemer.Grade `json:"grade"`
	Label string        `json:"label"`
	Count int           `json:"count"`
}

// Bin is one bar of the calibration plot: candidates by the probability that was given, and how many were right.
type Bin struct {
	From  float64 `json:"from"`
	To    float64 `json:"to"`
	Mean  float64 `json:"mean"`
	Right int     `json:"right"`
	Count int     `json:"count"`
}

// Share is how many listed candidates, right and wrong, have evidence of a language, genre or source.
type Share struct {
	Name  string `json:"name"`
	Right int    `json:"right"`
	Wrong int    `json:"wrong"`
}

// Evaluate holds an edition against labels. Candidates without a label count as wrong when they are proposed; unclear
// ones count neither way.
func Evaluate(ed schemer.Edition, labels Labels) Report {
	asOf := labels.AsOf
	if asOf.IsZero() {
		asOf = ed.Inputs.AsOf
	}
	t := tally{asOf: asOf, items: labels.Items, index: newLabelIndex(labels.Items), seen: map[int][]string{}, listed: map[int]bool{}, confusion: map[[2]string]int{}}
	list := slices.Clone(ed.Candidates)
	slices.SortFunc(list, func(a, b schemer.Candidate) int { return a.Rank - b.Rank })
	for i := range list {
		t.candidate(&list[i])
	}
	return t.report()
}

// tally is the running count of an evaluation.
type tally struct {
	asOf      time.Time
	items     []Label
	index     *labelIndex
	seen      map[int][]string
	listed    map[int]bool
	order     []bool // of the ranked candidates that count, whether they are listable
	right     int
	graded    int
	confusion map[[2]string]int
	points    []point
	shares    [3]map[string]*Share
	r         Report
}

// point is one candidate's probability and whether it was right.
type point struct {
	p     float64
	right bool
}

func (t *tally) candidate(c *schemer.Candidate) {
	met := t.index.meets(c)
	label, listable := "none", false
	for _, i := range met {
		t.seen[i] = append(t.seen[i], c.Name)
		t.listed[i] = t.listed[i] || c.Listed
		if rankOfLabel(t.items[i].Label) > rankOfLabel(label) {
			label = t.items[i].Label
		}
		listable = listable || t.items[i].listable(t.asOf)
	}
	t.confusion[[2]string{string(c.Grade), label}]++
	if len(met) > 1 && !t.related(met) {
		t.r.Merged = append(t.r.Merged, c.Name)
	}
	if label == "unclear" {
		return
	}
	gone := !listable && (label == "open" || label == "hint")
	if !gone {
		t.order = append(t.order, listable)
		t.points = append(t.points, point{c.Probability, listable})
	}
	if !c.Listed {
		return
	}
	t.r.Listed++
	right := label == "open" || label == "hint"
	if right {
		t.right++
		if string(c.Grade) == label {
			t.graded++
		}
	} else {
		t.r.Wrong = append(t.r.Wrong, fmt.Sprintf("%s (%s)", c.Name, label))
	}
	t.share(c, right)
}

// related reports whether the labels met are one seller and its successors by their common contacts.
func (t *tally) related(met []int) bool {
	for _, i := range met[1:] {
		if !meet(t.items[met[0]].Handles, t.items[i].Handles) {
			return false
		}
	}
	return true
}

func rankOfLabel(label string) int {
	return slices.Index([]string{"none", "bystander", "clean", "unclear", "hint", "open"}, label)
}

// share counts a listed candidate to the languages, genres and sources of its own words.
func (t *tally) share(c *schemer.Candidate, right bool) {
	seen := map[string]bool{}
	for _, e := range c.Evidence {
		if e.Speaker != schemer.SpeakerSelf {
			continue
		}
		genre := "forum or channel"
		if e.Author == "" {
			genre = "own site"
		}
		for i, name := range []string{cmp.Or(e.Lang, "unknown"), genre, e.Site} {
			if name == "" || seen[fmt.Sprint(i, name)] {
				continue
			}
			seen[fmt.Sprint(i, name)] = true
			if t.shares[i] == nil {
				t.shares[i] = map[string]*Share{}
			}
			s := t.shares[i][name]
			if s == nil {
				s = &Share{Name: name}
				t.shares[i][name] = s
			}
			if right {
				s.Right++
			} else {
				s.Wrong++
			}
		}
	}
}

func (t *tally) report() Report {
	r := t.r
	for i, item := range t.items {
		if item.listable(t.asOf) {
			r.Listable++
			if !t.listed[i] {
				r.Missed = append(r.Missed, item.Name)
			}
		}
		if len(t.seen[i]) > 1 {
			r.Split = append(r.Split, item.Name)
		}
	}
	r.Precision = ratio(t.right, r.Listed)
	r.Recall = ratio(r.Listable-len(r.Missed), r.Listable)
	r.GradeAccuracy = ratio(t.graded, t.right)
	hits := 0
	for n, right := range t.order {
		if !right {
			continue
		}
		hits++
		r.AveragePrecision += float64(hits) / float64(n+1)
		if n < r.Listable {
			r.PrecisionAtK++
		}
	}
	r.AveragePrecision /= float64(max(1, r.Listable, hits)) // a seller split in two is found twice
	r.PrecisionAtK /= float64(max(1, r.Listable))
	for key, n := range t.confusion {
		r.Confusion = append(r.Confusion, Confusion{schemer.Grade(key[0]), key[1], n})
	}
	slices.SortFunc(r.Confusion, func(a, b Confusion) int {
		return cmp.Or(gradeRank(b.Grade)-gradeRank(a.Grade), cmp.Compare(a.Grade, b.Grade), rankOfLabel(b.Label)-rankOfLabel(a.Label))
	})
	r.Calibration, r.Brier = calibrate(t.points)
	r.Languages, r.Genres, r.Sources = sharesOf(t.shares[0]), sharesOf(t.shares[1]), sharesOf(t.shares[2])
	return r
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

func sharesOf(m map[string]*Share) []Share {
	var out []Share
	for _, name := range sortedKeys(m) {
		out = append(out, *m[name])
	}
	slices.SortStableFunc(out, func(a, b Share) int { return b.Right + b.Wrong - a.Right - a.Wrong })
	return out
}

// SourceReport is how a list holds when one source had not been read.
type SourceReport struct {
	Without string
	Report  Report
}

// WithoutEach scores and evaluates once for every source left out, so that it shows what hangs on which. The first
// report leaves out none.
func WithoutEach(in Input, labels Labels, sources []string) ([]SourceReport, error) {
	var out []SourceReport
	for _, source := range append([]string{""}, sources...) {
		one := in
		if source != "" {
			one.Without = append(slices.Clone(in.Without), source)
		}
		ed, err := Score(one)
		if err != nil {
			return nil, fmt.Errorf("evaluate without %q: %w", source, err)
		}
		out = append(out, SourceReport{source, Evaluate(ed, labels)})
	}
	return out, nil
}

// Write writes the report as plain text. It returns the first error of w.
func (r Report) Write(w io.Writer) error {
	p := &printer{w: w}
	p.line("listed %d, listable %d", r.Listed, r.Listable)
	p.line("precision %.3f  recall %.3f  precision at %d %.3f  average precision %.3f", r.Precision, r.Recall, r.Listable, r.PrecisionAtK, r.AveragePrecision)
	p.line("grade accuracy %.3f  Brier score %.3f", r.GradeAccuracy, r.Brier)
	p.list("wrong", r.Wrong)
	p.list("missed", r.Missed)
	p.list("merged", r.Merged)
	p.list("split", r.Split)
	p.line("grade against label")
	for _, c := range r.Confusion {
		p.line("  %-8s %-10s %d", c.Grade, c.Label, c.Count)
	}
	p.line("calibration")
	for _, b := range r.Calibration {
		p.line("  %.1f to %.1f  given %.2f  right %d of %d", b.From, b.To, b.Mean, b.Right, b.Count)
	}
	for i, list := range [][]Share{r.Languages, r.Genres, r.Sources} {
		p.line("%s", []string{"by language", "by genre", "by source"}[i])
		for _, s := range list {
			p.line("  %-24s right %d wrong %d", s.Name, s.Right, s.Wrong)
		}
	}
	return p.err
}
