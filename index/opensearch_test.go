package index

import (
	"slices"
	"testing"
)

func TestUnmark(t *testing.T) {
	for _, c := range []struct {
		text, marked string
		want         []Span
	}{
		{"no marks", "no marks", nil},
		{"abuse ignored", markStart + "abuse" + markEnd + " " + markStart + "ignored" + markEnd, []Span{{0, 5}, {6, 13}}},
		{"é x", "é " + markStart + "x" + markEnd, []Span{{3, 4}}},
		{"open", markStart + "open", nil},
		{"forged " + markStart + "mark" + markEnd, "forged " + markStart + "mark" + markEnd, nil},
	} {
		if got := unmark(c.text, c.marked); !slices.Equal(got, c.want) {
			t.Errorf("unmark %q: %v, want %v", c.marked, got, c.want)
		}
	}
}
