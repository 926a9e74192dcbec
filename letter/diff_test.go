package letter_test

import (
	"fmt"
	"slices"
	"testing"

	"schemer"
	"schemer/letter"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func listed(rank int, name string, grade schemer.Grade, domains ...string) schemer.Candidate {
	return schemer.Candidate{Rank: rank, ID: schemer.ResellerID("r-" + name), Name: name, Domains: domains, Listed: true, Grade: grade}
}

func TestDiffTellsWhatBecameOfEachName(t *testing.T) {
	prev := &schemer.Edition{Candidates: []schemer.Candidate{
		listed(1, "Stays", "open", "stays.example"), listed(2, "Grows", "hint", "grows.example"), listed(3, "Shrinks", "open", "shrinks.example"),
		listed(4, "Oldname", "open", "brand.example"), listed(5, "Vanishes", "open", "vanishes.example"), listed(6, "Cleared", "hint", "cleared.example"),
		listed(7, "Half A", "open", "merge.example"), listed(8, "Half B", "open", "merge.test"),
	}}
	cleared := listed(9, "Cleared", schemer.GradeWatch, "cleared.example")
	cur := &schemer.Edition{Candidates: []schemer.Candidate{
		listed(1, "Grows", "open", "WWW.grows.example"), listed(2, "Stays", "open", "stays.example"), listed(3, "Shrinks", "hint", "shrinks.example"),
		listed(4, "Newname", "open", "brand.example"), listed(5, "Fresh", "hint", "fresh.example"), listed(6, "Half A", "open", "merge.example", "merge.test"), cleared,
	}}
	var got []string
	for _, ch := range letter.Diff(prev, cur) {
		got = append(got, fmt.Sprintf("%s %s<%s %s", ch.Kind, ch.Name, ch.PreviousName, ch.Why))
	}
	want := []string{
		"stronger Grows<Grows ", "stayed Stays<Stays ", "weaker Shrinks<Shrinks ", "renamed Newname<Oldname ", "new Fresh< ", "stayed Half A<Half A ",
		"gone <Vanishes niet meer aangetroffen", "gone Cleared<Cleared het bewijs is niet langer sterk genoeg; nu: ter observatie",
		"gone Half A<Half B samengevoegd met Half A",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestWithoutAnEarlierEditionAllIsNew(t *testing.T) {
	e := edition()
	for _, ch := range letter.Diff(nil, &e) {
		if ch.Kind != letter.New {
			t.Errorf("%+v", ch)
		}
	}
	if got := letter.Diff(&e, &e); len(got) != 2 || got[0].Kind != letter.Stayed {
		t.Errorf("an edition against itself: %+v", got)
	}
}

func TestDiffTurnedRoundIsTheInverse(t *testing.T) {
	inverse := map[letter.Kind]letter.Kind{
		letter.New: letter.Gone, letter.Gone: letter.New, letter.Stronger: letter.Weaker, letter.Weaker: letter.Stronger, letter.Stayed: letter.Stayed, letter.Renamed: letter.Renamed,
	}
	rapid.Check(t, func(t *rapid.T) {
		draw := func(label string) *schemer.Edition {
			e := &schemer.Edition{}
			for i, n := range rapid.SliceOfDistinct(rapid.IntRange(0, 9), func(n int) int { return n }).Draw(t, label) {
				c := listed(i+1, fmt.Sprint("Host", n), rapid.SampledFrom([]schemer.Grade{"open", "hint"}).Draw(t, label+"grade"), fmt.Sprintf("h%d.example", n))
				if rapid.Bool().Draw(t, label+"renamed") {
					c.Name = fmt.Sprint(label, n)
				}
				e.Candidates = append(e.Candidates, c)
			}
			return e
		}
		a, b := draw("a"), draw("b")
		tell := func(changes []letter.Change, turn bool) []string {
			var out []string
			for _, ch := range changes {
				kind, was, is := ch.Kind, ch.PreviousName, ch.Name
				if turn {
					kind, was, is = inverse[kind], is, was
				}
				out = append(out, fmt.Sprintf("%s %s<%s", kind, is, was))
			}
			slices.Sort(out)
			return out
		}
		if diff := cmp.Diff(tell(letter.Diff(a, b), false), tell(letter.Diff(b, a), true)); diff != "" {
			t.Errorf("(-there +back)\n%s", diff)
		}
	})
}
