package scoring

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"schemer"
)

// WeightChange is what refitting proposes for one signal. It is shown, never applied.
type WeightChange struct {
	Signal string  `json:"signal"`
	Before float64 `json:"before"`
	After  float64 `json:"after"`
	Seen   int     `json:"seen"` // labelled candidates that have the signal
}

// The fit: a ridge of this strength holds every weight to the dossier's, and so many steps of Newton's method by
// coordinate are made. Both are fixed, so that the same decisions give the same proposal.
const (
	ridge     = 4.0
	fitRounds = 200
)

// Tune refits the weights of the signals on labelled candidates by logistic regression with the present weights as the
// prior: without decisions nothing moves, with few little does. Labels of unclear cases and candidates without a label
// are left out. It needs both listable and clean labels.
func Tune(ed schemer.Edition, labels Labels, rules *Rules) ([]WeightChange, error) {
	weights := map[string]float64{}
	for _, c := range ed.Candidates {
		for _, f := range c.Factors {
			if s := rules.Signal(schemer.SignalID(f.Signal)); s.Weight != 0 {
				weights[f.Signal] = s.Weight
			}
		}
	}
	names := sortedKeys(weights)
	rows, right, wrong := tuneRows(ed, labels, names, weights)
	if right == 0 || wrong == 0 {
		return nil, errors.Join(fmt.Errorf("tune: %d listable and %d other labels met; both are needed", right, wrong), schemer.ErrUsage)
	}
	before := make([]float64, len(names))
	for i, name := range names {
		before[i] = weights[name]
	}
	after := fit(rows, before)
	var out []WeightChange
	for i, name := range names {
		seen := 0
		for _, row := range rows {
			if row.x[i] != 0 {
				seen++
			}
		}
		out = append(out, WeightChange{name, before[i], math.Round(100*after[i]) / 100, seen})
	}
	slices.SortStableFunc(out, func(a, b WeightChange) int {
		switch da, db := math.Abs(a.After-a.Before), math.Abs(b.After-b.Before); {
		case da > db:
			return -1
		case da < db:
			return 1
		}
		return 0
	})
	return out, nil
}

// tuneRow is one labelled candidate: how much of each signal's weight it has, and what is not refitted.
type tuneRow struct {
	x    []float64
	base float64
	y    float64
}

// tuneRows reads the factors of all labelled candidates.
func tuneRows(ed schemer.Edition, labels Labels, names []string, weights map[string]float64) (rows []tuneRow, right, wrong int) {
	index := newLabelIndex(labels.Items)
	for i := range ed.Candidates {
		c := &ed.Candidates[i]
		met := index.meets(c)
		if len(met) == 0 || labels.Items[met[0]].Label == "unclear" {
			continue
		}
		row := tuneRow{x: make([]float64, len(names)), base: calibrationShift}
		for _, f := range c.Factors {
			if at, ok := slices.BinarySearch(names, f.Signal); ok {
				row.x[at] += f.Points / weights[f.Signal]
			} else {
				row.base += f.Points
			}
		}
		if l := labels.Items[met[0]].Label; l == "open" || l == "hint" {
			row.y = 1
			right++
		} else {
			wrong++
		}
		rows = append(rows, row)
	}
	return rows, right, wrong
}

// fit minimises the logistic loss plus the ridge around the prior, one weight after the other.
func fit(rows []tuneRow, prior []float64) []float64 {
	w := slices.Clone(prior)
	for range fitRounds {
		for k := range w {
			gradient, curve := ridge*(w[k]-prior[k]), ridge
			for _, row := range rows {
				if row.x[k] == 0 {
					continue
				}
				score := row.base
				for i, x := range row.x {
					score += x * w[i]
				}
				p := 1 / (1 + math.Exp(-score))
				gradient += (p - row.y) * row.x[k]
				curve += p * (1 - p) * row.x[k] * row.x[k]
			}
			w[k] -= gradient / curve
		}
	}
	return w
}
