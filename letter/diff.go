package letter

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"schemer"
)

// Kind is what became of a name between two editions.
type Kind string

// The kinds of change.
const (
	New      Kind = "new"
	Stayed   Kind = "stayed"
	Stronger Kind = "stronger" // from hint to open
	Weaker   Kind = "weaker"   // from open to hint
	Renamed  Kind = "renamed"
	Gone     Kind = "gone"
)

// Change is what became of one listed candidate.
type Change struct {
	Kind          Kind               `json:"kind"`
	ID            schemer.ResellerID `json:"id"`             // in the new edition; in the old one for Gone
	Name          string             `json:"name,omitempty"` // in the new edition
	PreviousName  string             `json:"previous_name,omitempty"`
	Grade         schemer.Grade      `json:"grade,omitempty"`
	PreviousGrade schemer.Grade      `json:"previous_grade,omitempty"`
	Shared        []string           `json:"shared,omitempty"` // identifiers that tie the two together, sorted
	Why           string             `json:"why,omitempty"`    // in Dutch, for Gone
}

// Diff compares the listed candidates of two editions: first what is listed now, by rank, then what is gone, by its
// old rank. Two candidates are the same when they share a domain, a handle, their id or a name; each is matched once,
// to the one it shares most with. A nil prev makes everything new.
func Diff(prev, cur *schemer.Edition) []Change {
	var before, after []schemer.Candidate
	if prev != nil {
		before = Listed(*prev)
	}
	if cur != nil {
		after = Listed(*cur)
	}
	match := matchUp(before, after)
	taken := map[int]bool{}
	var out []Change
	for i, c := range after {
		j, ok := match[i]
		if !ok {
			out = append(out, Change{Kind: New, ID: c.ID, Name: c.Name, Grade: c.Grade})
			continue
		}
		taken[j] = true
		p := before[j]
		out = append(out, Change{
			Kind: kindOf(p, c), ID: c.ID, Name: c.Name, PreviousName: p.Name, Grade: c.Grade, PreviousGrade: p.Grade,
			Shared: shared(p, c),
		})
	}
	for j, p := range before {
		if !taken[j] {
			out = append(out, goneOf(p, cur))
		}
	}
	return out
}

func kindOf(p, c schemer.Candidate) Kind {
	switch {
	case p.Grade == schemer.GradeHint && c.Grade == schemer.GradeOpen:
		return Stronger
	case p.Grade == schemer.GradeOpen && c.Grade == schemer.GradeHint:
		return Weaker
	case fold(p.Name) != fold(c.Name) && !slices.Contains(foldAll(p.Aliases), fold(c.Name)):
		return Renamed
	}
	return Stayed
}

// goneOf says why a name is no longer listed, as far as the new edition tells.
func goneOf(p schemer.Candidate, cur *schemer.Edition) Change {
	ch := Change{Kind: Gone, ID: p.ID, PreviousName: p.Name, PreviousGrade: p.Grade, Why: "niet meer aangetroffen"}
	if cur == nil {
		return ch
	}
	for _, c := range cur.Candidates {
		if len(shared(p, c)) == 0 {
			continue
		}
		ch.Name, ch.Grade, ch.Shared = c.Name, c.Grade, shared(p, c)
		ch.Why = "het bewijs is niet langer sterk genoeg; nu: " + gradeWord(c.Grade)
		if c.Listed && (c.Grade == schemer.GradeOpen || c.Grade == schemer.GradeHint) {
			ch.Why = "samengevoegd met " + c.Name
		}
		return ch
	}
	return ch
}

// matchUp pairs candidates, strongest tie first; ties are broken by rank, so the outcome is the same every time.
func matchUp(before, after []schemer.Candidate) map[int]int {
	type pair struct{ i, j, weight int }
	var pairs []pair
	for i, c := range after {
		for j, p := range before {
			if w := tie(p, c); w > 0 {
				pairs = append(pairs, pair{i, j, w})
			}
		}
	}
	slices.SortFunc(pairs, func(a, b pair) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.i+a.j, b.i+b.j), cmp.Compare(a.i, b.i))
	})
	match, taken := map[int]int{}, map[int]bool{}
	for _, p := range pairs {
		if _, done := match[p.i]; !done && !taken[p.j] {
			match[p.i] = p.j
			taken[p.j] = true
		}
	}
	return match
}

// tie weighs what two candidates share: a domain 8, a handle 6, the id 5, a name 2.
func tie(p, c schemer.Candidate) int {
	sum := 0
	for _, s := range shared(p, c) {
		switch kind, _, _ := strings.Cut(s, ":"); kind {
		case "domain":
			sum += 8
		case "name":
			sum += 2
		case "id":
			sum += 5
		default:
			sum += 6
		}
	}
	return sum
}

// shared lists the identifiers that two candidates have in common, sorted.
func shared(p, c schemer.Candidate) []string {
	a, b := identifiers(p), identifiers(c)
	var out []string
	for _, s := range a {
		if _, found := slices.BinarySearch(b, s); found {
			out = append(out, s)
		}
	}
	return out
}

func identifiers(c schemer.Candidate) []string {
	var out []string
	for _, d := range c.Domains {
		out = append(out, "domain:"+strings.TrimPrefix(strings.ToLower(d), "www."))
	}
	for _, h := range c.Handles {
		out = append(out, "handle:"+strings.ToLower(h))
	}
	for _, n := range foldAll(append([]string{c.Name}, c.Aliases...)) {
		if n != "" {
			out = append(out, "name:"+n)
		}
	}
	if c.ID != "" {
		out = append(out, "id:"+string(c.ID))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// fold reduces a name to its letters and digits in lower case.
func fold(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
}

func foldAll(names []string) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = fold(n)
	}
	return out
}
