package scoring

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"schemer"
)

// The dossier's scale: natural-log odds, in hundredths so that factors add up exactly.
const (
	priorCents       = -420 // one to two in a hundred crawled hosters
	thresholdCents   = -150 // from here a graded seller is proposed: about one plain hint above the prior
	crimesAloneCents = 200  // from here one whose own site names crimes and says nothing else of itself
	boilerplateCents = -50  // from here one whose own terms forbid what it hints at
	strictCents      = 50   // from here one that says it acts on abuse
	insistCents      = 40   // for every further sentence of its own
	insistCap        = 160
	outsiderCap      = 100               // all that buyers and third parties say, together
	contraFloor      = -400              // own words to the contrary weigh no more than this
	halfLife         = 13150 * time.Hour // of a wording that is no longer shown
)

// familyCaps keep correlated signals from multiplying, in hundredths.
var familyCaps = map[string]int{"P": 600, "C": 400, "H": 250, "N": 150, "J": 70, "X": 300}

// speakerShare is the share of a signal's weight that counts when somebody else says it.
var speakerShare = map[schemer.Speaker]float64{schemer.SpeakerBuyer: 0.4, schemer.SpeakerThird: 0.3, schemer.SpeakerOther: 0.1}

// weigh computes the score: the prior, for every signal its best statement and half of a second independent one within
// the cap of its family, what others say within one cap, and what speaks against.
func (v *verdict) weigh(e *entity, asOf time.Time) {
	v.factors = nil
	v.cents = 0
	v.add("prior", priorCents, "share of listable sellers among crawled hosters")
	room := maps.Clone(familyCaps)
	for _, g := range bySignal(v.admitted, func(s *saying) float64 { return s.hitWeight() * s.tie.factor() * e.freshness(s, asOf) }) {
		family := g.best.signal.Family
		cents := min(g.cents(), room[family])
		room[family] -= cents
		note := fmt.Sprintf("%s, %s", g.best.signal.Meaning, voiceNote(g.best))
		if cents < g.cents() {
			note += fmt.Sprintf("; family %s capped", family)
		}
		v.add(string(g.best.hit.Signal), cents, note)
	}
	v.insist(room["P"])
	v.weighOutsiders()
	v.weighContrary(e, asOf)
}

// insist adds for every further sentence in which the seller admits or hints: one odd sentence is easily misread, three
// are not.
func (v *verdict) insist(room int) {
	seen := map[string]bool{}
	for _, s := range v.admitted {
		if gradeRank(s.signal.Grade) >= gradeRank(schemer.GradeHint) {
			seen[s.loose] = true
		}
	}
	if n := len(seen); n > 1 {
		v.add("several", min((n-1)*insistCents, insistCap, room), fmt.Sprintf("%d different sentences of its own", n))
	}
}

// weighOutsiders adds what buyers and third parties say; a campaign counts once, and all of it together little.
func (v *verdict) weighOutsiders() {
	var kept []*saying
	for _, o := range v.origins {
		kept = append(kept, slices.MinFunc(o.sayings, newest))
	}
	left := outsiderCap
	for _, g := range bySignal(kept, func(s *saying) float64 { return s.hitWeight() * speakerShare[s.speaker] / 2 }) {
		cents := min(g.cents(), left)
		left -= cents
		if cents > 0 {
			v.add(string(g.best.hit.Signal), cents, "said by others: "+voiceNote(g.best))
		}
	}
}

// weighContrary subtracts the seller's own words to the contrary, less when it openly admits again and again.
func (v *verdict) weighContrary(e *entity, asOf time.Time) {
	floor := contraFloor
	if v.open >= 2 {
		floor /= 2
	}
	forbids, share := 1.0, 1.0
	if v.outweighed() {
		share = 0.5
	}
	if len(v.admitted) >= 2 {
		forbids = 0.5 // a list of prohibitions beside admissions is boilerplate
	}
	for _, g := range bySignal(v.contrary, func(s *saying) float64 {
		weight := share * math.Abs(s.hitWeight()) * e.freshness(s, asOf)
		if s.hit.Signal == signalProhibits {
			weight *= forbids
		}
		return weight
	}) {
		cents := max(-g.cents(), floor)
		floor -= cents
		if cents < 0 {
			v.add(string(g.best.hit.Signal), cents, "against: "+g.best.signal.Meaning)
		}
	}
}

func (v *verdict) add(signal string, cents int, note string) {
	if cents == 0 && signal != "prior" {
		return
	}
	v.cents += cents
	v.factors = append(v.factors, schemer.Factor{Signal: signal, Points: float64(cents) / 100, Note: note})
}

// hitWeight is the weight of a hit, or of its signal when the hit brings none.
func (s *saying) hitWeight() float64 {
	if s.hit.Weight != 0 {
		return s.hit.Weight
	}
	return s.signal.Weight
}

// activeFor is how long after its last sign of life a seller counts as active.
const activeFor = 180 * 24 * time.Hour

// freshness halves a weight every 18 months: for wording still shown from half a year after the seller's last sign of
// life, for wording that is gone or superseded from when it was last seen.
func (e *entity) freshness(s *saying, asOf time.Time) float64 {
	at := s.at
	if !s.trace.past() && e.last.After(at) {
		at = e.last
	}
	if !s.trace.past() {
		at = at.Add(activeFor)
	}
	if at.IsZero() || asOf.IsZero() || !asOf.After(at) {
		return 1
	}
	return math.Exp2(-float64(asOf.Sub(at)) / float64(halfLife))
}

// signalGroup is the statements of one signal: the best, and the best from another place.
type signalGroup struct {
	best   *saying
	first  float64
	second float64
}

// cents is what the group counts.
func (g *signalGroup) cents() int { return int(math.Round(100 * (g.first + g.second/2))) }

// bySignal groups statements by signal, heaviest group first.
func bySignal(list []*saying, weight func(*saying) float64) []*signalGroup {
	type place struct {
		best   *saying
		weight float64
	}
	places := map[schemer.SignalID]map[string]*place{}
	for _, s := range list {
		if places[s.hit.Signal] == nil {
			places[s.hit.Signal] = map[string]*place{}
		}
		x, key := weight(s), s.origin()
		p := places[s.hit.Signal][key]
		if p == nil || x > p.weight || x == p.weight && newest(s, p.best) < 0 {
			places[s.hit.Signal][key] = &place{s, x}
		}
	}
	var out []*signalGroup
	for _, id := range slices.Sorted(maps.Keys(places)) {
		list := make([]*place, 0, len(places[id]))
		for _, key := range sortedKeys(places[id]) {
			list = append(list, places[id][key])
		}
		slices.SortStableFunc(list, func(a, b *place) int { return cmp.Or(cmp.Compare(b.weight, a.weight), newest(a.best, b.best)) })
		g := &signalGroup{best: list[0].best, first: list[0].weight}
		if len(list) > 1 {
			g.second = list[1].weight
		}
		out = append(out, g)
	}
	slices.SortStableFunc(out, func(a, b *signalGroup) int {
		return cmp.Or(cmp.Compare(b.first, a.first), cmp.Compare(a.best.hit.Signal, b.best.hit.Signal))
	})
	return out
}

// origin is the operator and host behind a statement: all own sites are one.
func (s *saying) origin() string {
	if s.tie == tieSite {
		return "own site"
	}
	return s.source
}

// voiceNote says in whose voice and where a statement stands.
func voiceNote(s *saying) string {
	where := s.trace.site
	switch {
	case s.speaker != schemer.SpeakerSelf:
		return string(s.speaker) + " on " + where
	case s.tie == tieSite:
		return "own page " + strings.TrimPrefix(s.trace.post.URL, "http://")
	case s.tie == tieChannel:
		return "own channel on " + where
	case s.tie == tieMutual:
		return "account " + s.trace.post.Author + " on " + where + ", bound both ways"
	case s.tie == tieShared:
		return "account " + s.trace.post.Author + " on " + where + ", shares a contact with the site"
	case s.tie == tieAlone:
		return "seller's account " + s.trace.post.Author + " on " + where
	}
	return "account " + s.trace.post.Author + " on " + where + ", not bound"
}

// probability maps a score to the chance that a reviewer confirms the proposal.
func probability(cents int) float64 {
	x := float64(cents) / 100
	return math.Round(1000/(1+math.Exp(-(calibrationSlope*x+calibrationShift)))) / 1000
}

// The calibration was fitted on labelled material; docs/scoring.md says on which and how well it holds.
const (
	calibrationSlope = 1.0
	calibrationShift = 1.5
)
