// Package scoring turns posts into a ranked list of sellers: which signals stand in a post (rules and concepts), who
// speaks and who is meant (speaker, resolve, bind), what it supports (grade) and in which order (rank).
//
// Everything here is a pure function of posts, rules and the time given: no clock, no randomness, no network. See
// docs/scoring.md.
package scoring

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"schemer"
)

// Score computes an edition from a corpus: who is meant, who speaks, what it supports, and in which order. The same
// corpus, rules and time give the same bytes, whatever the order of the posts.
func Score(in Input) (schemer.Edition, error) {
	if in.Rules == nil {
		return schemer.Edition{}, errors.New("score: no rules given")
	}
	return score(in, in.Rules)
}

func score(in Input, det detector) (schemer.Edition, error) {
	c, err := take(in, det)
	if err != nil {
		return schemer.Edition{}, fmt.Errorf("score edition %s: %w", in.Edition, err)
	}
	w := resolve(c, in.Decisions)
	w.attribute(det)
	w.noteLists()
	w.takeovers()
	w.hijacks(in.AsOf)
	w.cleanups()
	w.rebrands()
	w.formers()
	w.assign()
	ed := schemer.Edition{
		Edition: in.Edition, GeneratedAt: in.AsOf, Candidates: []schemer.Candidate{},
		Inputs: schemer.Inputs{Corpus: c.digest, Rules: det.Digest(), Reader: in.Reader, AsOf: in.AsOf, Posts: c.posts},
	}
	if in.Previous != nil {
		ed.Previous = in.Previous.Edition
	}
	warned := newWarnings(in.Warned)
	for _, e := range w.entities {
		if e.flags["impersonator"] && !e.reachable() {
			continue
		}
		ed.Candidates = append(ed.Candidates, w.candidate(e, in, warned))
	}
	rank(ed.Candidates)
	compare(ed.Candidates, in.Previous)
	return ed, nil
}

// reachable reports whether the seller gives a contact of its own.
func (e *entity) reachable() bool {
	for id := range e.ids {
		if id.kind != "asn" && id.kind != "prefix" {
			return true
		}
	}
	return false
}

// candidate makes the record of one seller.
func (w *world) candidate(e *entity, in Input, warned *warnings) schemer.Candidate {
	v := w.judge(e, in.AsOf)
	country, claim := w.seat(e)
	v.jurisdiction(country)
	nexus, proof := w.nexus(e)
	c := schemer.Candidate{
		ID: e.id(), Name: e.name, Aliases: nonNilStrings(e.aliases), Domains: nonNilStrings(sorted(e.domains)), Handles: e.handles(), ASNs: e.asns(), Prefixes: e.prefixes(),
		Listed: v.listed(), Grade: v.grade, Score: float64(v.cents) / 100, Probability: probability(v.cents),
		Crimes: w.crimes(v), Registered: country, SeatClaim: claim, Nexus: nexus, NexusProof: proof,
		Related: slices.Clone(e.related), Factors: v.factors, FirstSeen: e.first, LastSeen: e.last, Bindings: e.bindings,
		Evidence: w.evidence(v), Contra: w.contra(v), Sources: w.sourcesOf(slices.Concat(v.admitted, v.outsiders)),
	}
	if c.Related == nil {
		c.Related = []schemer.Related{}
	}
	if w.barred(e, v, warned) {
		c.Listed = false
	}
	c.WouldChange = wouldChange(e, v, c)
	c.Flags = w.flags(e, v, &c, in)
	return c
}

// barred reports whether something forbids to propose the seller, whatever the evidence: an account in the name of
// somebody else, a warned name, or a contact that nobody could check.
func (w *world) barred(e *entity, v *verdict, warned *warnings) bool {
	if e.flags["impersonator"] {
		return true
	}
	if name := warned.resembles(e); name != "" {
		e.flag("warninglist")
		return true
	}
	return !e.sited() && !e.reachable() && !w.longstanding(e) && !e.established()
}

// established reports whether a seller who gives no contact and names no host is more than one passing post: it speaks
// on two platforms, or for a month.
func (e *entity) established() bool {
	if len(e.domains) > 0 {
		return false
	}
	for _, t := range e.self {
		if t.site != e.self[0].site {
			return true
		}
	}
	return e.last.Sub(e.first) >= 30*24*time.Hour
}

// longstanding reports whether one of a seller's accounts has kept up its offers.
func (w *world) longstanding(e *entity) bool {
	return slices.ContainsFunc(e.voices, func(v *voice) bool { return e.persistent(v.site, v.account, 3, youngFor) })
}

// flags are what a reviewer must know first.
func (w *world) flags(e *entity, v *verdict, c *schemer.Candidate, in Input) []string {
	if v.gone {
		e.flag("gone")
	}
	if len(v.unbound) > 0 || !e.sited() && len(v.admitted) > 0 {
		e.flag("unbound_account")
	}
	if e.flags["changed_lately"] {
		e.flag("fragile")
	}
	if v.softened {
		e.flag("own_terms_contradict")
	}
	if c.Sources == 1 && len(v.admitted) > 0 {
		e.flag("one_source")
	}
	if c.Listed {
		if frail := w.sensitive(e, v, in.AsOf); len(frail) > 0 {
			e.flag("fragile")
			c.WouldChange = append(c.WouldChange, "it rests on each of these alone: "+strings.Join(frail, ", "))
		}
	}
	if v.burst() {
		e.flag("burst")
	}
	out := []string{}
	for name := range e.flags {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

// burst reports whether outsiders came in a burst: ten or more posts that count as one.
func (v *verdict) burst() bool {
	return slices.ContainsFunc(v.origins, func(o *origin) bool { return len(o.sayings) >= 10 && len(o.authors) > 1 })
}

// maxProbes bounds how many sources and authors are left out in turn to see whether a proposal stands without them.
const maxProbes = 64

// sensitive names the sources and authors without which the seller would not be proposed or graded lower.
func (w *world) sensitive(e *entity, base *verdict, asOf time.Time) []string {
	seen := map[string]bool{}
	for _, s := range base.admitted {
		seen[s.source] = true
		if s.trace.post.Author != "" {
			seen[s.account()] = true
		}
	}
	var out []string
	for i, source := range sortedKeys(seen) {
		if i == maxProbes {
			break
		}
		v := w.rejudge(e, base, asOf, source)
		if !v.listed() || gradeRank(v.grade) < gradeRank(base.grade) {
			out = append(out, source)
		}
	}
	return out
}

// id is stable over runs: derived from the smallest hard identifier, else a host, else the smallest contact or account.
func (e *entity) id() schemer.ResellerID {
	var keys []string
	for _, id := range sortedIDs(e.ids) {
		if idStrength[id.kind] == schemer.Hard {
			keys = append(keys, id.kind+":"+id.value)
		}
	}
	if e.sited() || len(keys) == 0 {
		keys = nil
		for _, s := range e.sites {
			keys = append(keys, "domain:"+s.host)
		}
	}
	if len(keys) == 0 {
		for _, id := range sortedIDs(e.ids) {
			keys = append(keys, id.kind+":"+id.value)
		}
	}
	if len(keys) == 0 {
		for _, v := range e.voices {
			keys = append(keys, "account:"+v.account+"@"+v.site)
		}
	}
	slices.Sort(keys)
	sum := sha256.Sum256([]byte(keys[0] + "\n" + e.brand.core))
	return schemer.ResellerID("r-" + hex.EncodeToString(sum[:])[:12])
}

// handles are the contacts as "kind:value".
func (e *entity) handles() []string {
	out := []string{}
	for _, id := range sortedIDs(e.ids) {
		if id.kind != "asn" && id.kind != "prefix" && id.kind != "onion" && !slices.Contains(e.lent, id) {
			out = append(out, id.kind+":"+id.value)
		}
	}
	slices.Sort(out)
	return out
}

func (e *entity) asns() []int64 {
	out := []int64{}
	for _, id := range sortedIDs(e.ids) {
		if n, err := strconv.ParseInt(strings.TrimPrefix(strings.ToUpper(id.value), "AS"), 10, 64); id.kind == "asn" && err == nil {
			out = append(out, n)
		}
	}
	slices.Sort(out)
	return out
}

func (e *entity) prefixes() []string {
	var out []string
	for _, id := range sortedIDs(e.ids) {
		if id.kind == "prefix" {
			out = append(out, id.value)
		}
	}
	return out
}

func sorted(list []string) []string {
	out := slices.Clone(list)
	slices.Sort(out)
	return slices.Compact(out)
}

func nonNilStrings(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

// rank orders candidates: proposed first, then by score, grade and id, and numbers them.
func rank(list []schemer.Candidate) {
	slices.SortFunc(list, func(a, b schemer.Candidate) int {
		return cmp.Or(
			boolRank(b.Listed)-boolRank(a.Listed),
			gradeRank(b.Grade)-gradeRank(a.Grade),
			cmp.Compare(b.Score, a.Score),
			cmp.Compare(a.ID, b.ID),
			cmp.Compare(a.Name, b.Name),
		)
	})
	for i := range list {
		list[i].Rank = i + 1
	}
}

func boolRank(b bool) int {
	if b {
		return 1
	}
	return 0
}
