package scoring

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"schemer"
)

// TestLabelsInThreeForms reads the same two decisions from a truth file, a JSON list and a table.
func TestLabelsInThreeForms(t *testing.T) {
	for form, text := range map[string]string{
		"truth": `{"as_of":"2026-11-01","resellers":[{"id":"r1","name":"Rushmere","domains":["rushmere.example"],"label":"open"}],"bystanders":[{"name":"Quayside","domains":["quayside.example"]}]}`,
		"list":  `[{"name":"Rushmere","domains":["rushmere.example"],"label":"open"},{"name":"Quayside","domains":["quayside.example"],"label":"bystander"}]`,
		"table": "name,domain,label\nRushmere,rushmere.example,open\nQuayside,quayside.example,bystander\n",
	} {
		labels, err := ReadLabels(strings.NewReader(text))
		if err != nil {
			t.Errorf("%s: %v", form, err)
			continue
		}
		if len(labels.Items) != 2 || labels.Items[0].Label != "open" || labels.Items[1].Label != "bystander" || labels.Items[0].Domains[0] != "rushmere.example" {
			t.Errorf("%s: %+v", form, labels.Items)
		}
	}
	for _, bad := range []string{"", "name,domain\nx,y\n", "name,domain,label\nx,y,guilty\n", "{"} {
		if _, err := ReadLabels(strings.NewReader(bad)); err == nil {
			t.Errorf("%q is read without complaint", bad)
		}
	}
}

// TestEvaluateCounts holds the figures of a small list by hand.
func TestEvaluateCounts(t *testing.T) {
	cand := func(rank int, name string, listed bool, grade schemer.Grade, p float64) schemer.Candidate {
		return schemer.Candidate{Rank: rank, Name: name, Domains: []string{strings.ToLower(name) + ".example"}, Listed: listed, Grade: grade, Probability: p}
	}
	ed := schemer.Edition{Candidates: []schemer.Candidate{
		cand(1, "Alderon", true, schemer.GradeOpen, 0.95), cand(2, "Birkham", true, schemer.GradeHint, 0.9), cand(3, "Cobdale", true, schemer.GradeHint, 0.7),
		cand(4, "Dorholm", false, schemer.GradeWatch, 0.3), cand(5, "Estwood", false, schemer.GradeContra, 0.05),
	}}
	label := func(name, l string) Label {
		return Label{Name: name, Domains: []string{strings.ToLower(name) + ".example"}, Label: l}
	}
	r := Evaluate(ed, Labels{Items: []Label{label("Alderon", "open"), label("Birkham", "open"), label("Cobdale", "clean"), label("Dorholm", "hint"), label("Estwood", "clean")}})
	for what, pair := range map[string][2]float64{
		"precision": {r.Precision, 2.0 / 3}, "recall": {r.Recall, 2.0 / 3}, "precision at k": {r.PrecisionAtK, 2.0 / 3},
		"grade accuracy": {r.GradeAccuracy, 0.5}, "average precision": {r.AveragePrecision, (1 + 1 + 3.0/4) / 3},
	} {
		if d := pair[0] - pair[1]; d > 1e-9 || d < -1e-9 {
			t.Errorf("%s is %.4f, want %.4f", what, pair[0], pair[1])
		}
	}
	if len(r.Wrong) != 1 || len(r.Missed) != 1 || r.Missed[0] != "Dorholm" {
		t.Errorf("wrong %v, missed %v", r.Wrong, r.Missed)
	}
	dec := xml.NewDecoder(strings.NewReader(string(r.SVG())))
	circles := 0
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("the plot is not XML: %v", err)
		}
		if start, ok := token.(xml.StartElement); ok && start.Name.Local == "circle" {
			circles++
		}
	}
	if circles != len(r.Calibration) {
		t.Errorf("%d circles for %d bins", circles, len(r.Calibration))
	}
}

// TestTuneProposes holds that refitting moves the weight of a signal that honest firms have down, leaves the rules as they
// are, and asks for both kinds of label.
func TestTuneProposes(t *testing.T) {
	rules := defaultRules(t)
	ed, labels := schemer.Edition{}, Labels{}
	add := func(name, label, signal string, points float64) {
		host := name + ".example"
		ed.Candidates = append(ed.Candidates, schemer.Candidate{Name: name, Domains: []string{host}, Factors: []schemer.Factor{{Signal: "prior", Points: -4.2}, {Signal: signal, Points: points}}})
		labels.Items = append(labels.Items, Label{Name: name, Domains: []string{host}, Label: label})
	}
	bp, abuse := rules.Signal(signalBulletproof).Weight, rules.Signal(signalAbuseIgnored).Weight
	for _, n := range []string{"a", "b", "c", "d", "e", "f"} {
		add("good"+n, "clean", string(signalBulletproof), bp)
		add("bad"+n, "open", string(signalAbuseIgnored), abuse)
	}
	changes, err := Tune(ed, labels, rules)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range changes {
		if c.Signal == signalBulletproof && c.After >= c.Before || c.Signal == signalAbuseIgnored && c.After <= c.Before {
			t.Errorf("%s goes from %.2f to %.2f", c.Signal, c.Before, c.After)
		}
	}
	if rules.Signal(signalBulletproof).Weight != bp {
		t.Error("the rules were changed")
	}
	if _, err := Tune(ed, Labels{}, rules); !errors.Is(err, schemer.ErrUsage) {
		t.Errorf("without labels: %v", err)
	}
}
