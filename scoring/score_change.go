package scoring

import (
	"slices"
	"strings"

	"schemer"
)

// compare says of every candidate how it stands to the previous edition.
func compare(list []schemer.Candidate, previous *schemer.Edition) {
	if previous == nil {
		return
	}
	for i := range list {
		c := &list[i]
		before, renamed := counterpart(c, previous)
		switch {
		case before == nil, !before.Listed && c.Listed:
			c.Change = "new"
		case renamed:
			c.Change = "renamed"
		case gradeRank(c.Grade) > gradeRank(before.Grade):
			c.Change = "stronger"
		case gradeRank(c.Grade) < gradeRank(before.Grade):
			c.Change = "weaker"
		default:
			c.Change = "stayed"
		}
	}
}

// counterpart finds the candidate's record in an earlier edition: by id, host, or name with a contact; failing that by a
// contact alone or as the heir of a listed seller, which is a change of name.
func counterpart(c *schemer.Candidate, previous *schemer.Edition) (before *schemer.Candidate, renamed bool) {
	name := newBrand(c.Name)
	for i := range previous.Candidates {
		p := &previous.Candidates[i]
		if p.ID == c.ID || meet(p.Domains, c.Domains) || newBrand(p.Name).same(name) && (meet(p.Handles, c.Handles) || len(p.Domains) == 0 || len(c.Domains) == 0) {
			return p, false
		}
	}
	for i := range previous.Candidates {
		p := &previous.Candidates[i]
		heir := slices.ContainsFunc(c.Related, func(r schemer.Related) bool {
			return r.Relation == "successor_of" && newBrand(r.Name).same(newBrand(p.Name))
		})
		if heir || meet(tellingHandles(p.Handles), tellingHandles(c.Handles)) {
			return p, true
		}
	}
	return nil, false
}

// tellingHandles leaves out shared desks.
func tellingHandles(list []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(h string) bool {
		_, value, _ := strings.Cut(h, ":")
		user, _, _ := strings.Cut(value, "@")
		return strings.HasPrefix(h, "email:") && generic[user]
	})
}

func meet(a, b []string) bool {
	return slices.ContainsFunc(a, func(x string) bool { return slices.Contains(b, x) })
}
