package scoring

import (
	"cmp"
	"slices"
	"time"

	"schemer"
)

// Signals that the dossier's definitions of the grades name.
const (
	signalBulletproof  = "bp_self"
	signalAbuseIgnored = "abuse_ignored"
	signalPolice       = "le_proof"
	signalSpares       = "geo_excl"
	signalProhibits    = "K_prohib"
)

// verdict is what the evidence of one seller supports.
type verdict struct {
	grade     schemer.Grade
	admitted  []*saying // bound self-statements that count for the grade
	unbound   []*saying // self-statements of accounts that nothing binds
	outsiders []*saying // buyers and third parties
	contrary  []*saying // own words that point the other way
	origins   []*origin // outsiders, grouped so that a campaign counts once
	open      int       // distinct sayings that alone support open
	softened  bool      // open was lowered to hint by the seller's own terms
	gone      bool
	factors   []schemer.Factor
	cents     int // score in hundredths
}

// contraryHit reports whether a hit speaks against serving crime in plain words: a signal of contrast. A promise that
// covers the abuse of children only is made by everybody and says nothing.
func (s *saying) contraryHit() bool {
	if s.signal.Family != "K" && s.signal.Grade != schemer.GradeContra || !plain(s.hit.Scope) {
		return false
	}
	return len(s.hit.Crimes) > 0 || countCues(s.hit.Quote)[cueChild] == 0
}

// admits reports whether a hit says in the affirmative what its signal means: plainly or in answer to its own question;
// by others also as what they repeat.
func (s *saying) admits() bool {
	if s.signal.Family == "K" || s.signal.Grade == schemer.GradeContra || s.signal.Grade == schemer.GradeNone || s.signal.Grade == "" {
		return false
	}
	if s.speaker == schemer.SpeakerSelf && s.hit.Signal == signalBulletproof && s.hit.Subject == "they" {
		return false // how others are called
	}
	return s.hit.Polarity > 0 && (plain(s.hit.Scope) || s.speaker != schemer.SpeakerSelf && s.hit.Scope == "reported")
}

// plain reports whether a scope is none: the words are meant and are the speaker's own.
func plain(scope string) bool { return scope == "" || scope == "answer" }

// judge sorts what was said of a seller and grades it.
func (w *world) judge(e *entity, asOf time.Time) *verdict {
	v := &verdict{grade: schemer.GradeNone}
	for _, s := range e.said {
		switch {
		case s.stale:
		case s.speaker != schemer.SpeakerSelf:
			if s.admits() {
				v.outsiders = append(v.outsiders, s)
			}
		case s.contraryHit():
			replaced := s.trace.past() && e.alive()
			if !replaced && (s.tie < tieClaim || !e.sited()) {
				v.contrary = append(v.contrary, s)
			}
		case s.admits():
			if w.counts(e, s) {
				v.admitted = append(v.admitted, s)
			} else {
				v.unbound = append(v.unbound, s)
			}
		}
	}
	v.admitted = contested(v.admitted, v.contrary)
	if v.acts() {
		for _, said := range []*[]*saying{&v.admitted, &v.unbound, &v.outsiders} {
			*said = slices.DeleteFunc(*said, likes)
		}
	}
	v.origins = w.origins(v.outsiders)
	v.raise(e)
	v.gone = w.gone(e, asOf)
	v.weigh(e, asOf)
	return v
}

// contested drops named crimes from rules pages that also forbid or enforce, when the seller says nothing of the kind on
// any other page or board: a list of what is forbidden is more easily misread than a seller hides in one.
func contested(admitted, contrary []*saying) []*saying {
	against := map[*trace]bool{}
	for _, s := range contrary {
		against[s.trace] = true
	}
	elsewhere := slices.ContainsFunc(admitted, func(s *saying) bool {
		return gradeRank(s.signal.Grade) >= gradeRank(schemer.GradeHint) && !against[s.trace]
	})
	if elsewhere || len(against) == 0 {
		return admitted
	}
	return slices.DeleteFunc(admitted, func(s *saying) bool { return s.signal.Family == "C" && s.tie == tieSite })
}

// rejudge grades the seller as if one source or account had not been read.
func (w *world) rejudge(e *entity, base *verdict, asOf time.Time, without string) *verdict {
	left := func(list []*saying) []*saying {
		return slices.DeleteFunc(slices.Clone(list), func(s *saying) bool { return s.source == without || s.account() == without })
	}
	v := &verdict{grade: schemer.GradeNone, outsiders: left(base.outsiders), contrary: left(base.contrary), gone: base.gone}
	for _, s := range left(slices.Concat(base.admitted, base.unbound)) {
		if w.counts(e, s) {
			v.admitted = append(v.admitted, s)
		} else {
			v.unbound = append(v.unbound, s)
		}
	}
	for _, o := range base.origins {
		if rest := left(o.sayings); len(rest) > 0 {
			v.origins = append(v.origins, &origin{sayings: rest})
		}
	}
	v.raise(e)
	v.weigh(e, asOf)
	return v
}

// account names the account that said it, and "" for a page.
func (s *saying) account() string {
	if s.trace.post.Author == "" {
		return ""
	}
	return s.trace.post.Author + "@" + s.trace.site
}

// counts reports whether a self-statement may make its seller eligible: it stands on the seller's own site or channel,
// on an account that the site names, or the account is all there is of the seller.
func (w *world) counts(e *entity, s *saying) bool {
	switch s.tie {
	case tieSite, tieChannel, tieMutual:
		return true
	case tieAlone:
		return !e.flags["impersonator"]
	}
	return false
}

// raise grades the bound admissions, then lets accounts that share a contact with a seller who already admits raise the
// grade; an account that only uses the name raises nothing.
func (v *verdict) raise(e *entity) {
	v.grade = gradeOf(v.admitted)
	if v.grade == schemer.GradeOpen || v.grade == schemer.GradeHint {
		var rest []*saying
		for _, s := range v.unbound {
			if s.tie == tieShared && !e.flags["impersonated"] {
				v.admitted = append(v.admitted, s)
			} else {
				rest = append(rest, s)
			}
		}
		v.unbound = rest
		v.grade = gradeOf(v.admitted)
	} else if held := e.held(v); len(held) > 0 {
		v.admitted = append(v.admitted, held...)
		v.unbound = slices.DeleteFunc(v.unbound, func(s *saying) bool { return slices.Contains(held, s) })
		v.grade = gradeOf(v.admitted)
	}
	v.open = openCount(v.admitted)
	if v.grade == schemer.GradeOpen && len(v.contrary) > 0 && v.open < 2 {
		v.grade, v.softened = schemer.GradeHint, true
	}
	switch {
	case v.grade == schemer.GradeOpen || v.grade == schemer.GradeHint:
	case len(v.contrary) > 0 && len(v.admitted) == 0:
		v.grade = schemer.GradeContra
	case v.grade == schemer.GradeNone && (len(v.unbound) > 0 || len(v.outsiders) > 0):
		v.grade = schemer.GradeWatch
	}
}

// held returns the statements of accounts that give the same contact as a site that admits nothing itself, when nothing
// on the site speaks against: no impersonation notice, no word of rules or enforcement. Contacts can be copied, so more is
// asked: that the platform shows the account as a checked vendor and it has kept up its offers for half a year; or that it
// has kept them up for two months while the site itself hides who is behind it (two different signals of anonymity or of a
// shell seat), as an honest firm whose contact is copied hardly does.
func (e *entity) held(v *verdict) []*saying {
	if e.flags["impersonated"] || len(v.contrary) > 0 {
		return nil
	}
	hidden := map[schemer.SignalID]bool{}
	for _, s := range v.admitted {
		if s.tie == tieSite && (s.signal.Family == "N" || s.signal.Family == "J") {
			hidden[s.hit.Signal] = true
		}
	}
	var out []*saying
	for _, s := range v.unbound {
		if s.tie != tieShared {
			continue
		}
		site, account := s.trace.site, s.trace.post.Author
		vouched := countCues(s.trace.post.AuthorRank)[cueVouched] > 0 && e.persistent(site, account, 3, youngFor)
		if vouched || len(hidden) >= 2 && e.persistent(site, account, 2, 60*24*time.Hour) {
			out = append(out, s)
		}
	}
	return out
}

// gradeOf applies the dossier's definitions to admissions by the seller itself. Open is a named crime, attacks that are
// forbidden against some countries only, a bulletproof label made together with ignoring complaints or police, or
// ignoring complaints while refusing the police in more than one sentence; one of those alone is a hint.
func gradeOf(list []*saying) schemer.Grade {
	grade := schemer.GradeNone
	families := map[string]map[schemer.SignalID]bool{}
	where := map[schemer.SignalID]map[string]bool{}
	heard, police := map[string]bool{}, 0
	for _, s := range list {
		if s.opens() {
			return schemer.GradeOpen
		}
		switch s.signal.Grade {
		case schemer.GradeOpen:
			if s.hit.Signal == signalPolice && !heard[s.loose] {
				heard[s.loose] = true
				police++
			}
			grade = schemer.GradeHint
		case schemer.GradeHint:
			grade = schemer.GradeHint
		case schemer.GradeWatch:
			if grade == schemer.GradeNone {
				grade = schemer.GradeWatch
			}
		}
		if families[s.signal.Family] == nil {
			families[s.signal.Family] = map[schemer.SignalID]bool{}
		}
		families[s.signal.Family][s.hit.Signal] = true
		if where[s.hit.Signal] == nil {
			where[s.hit.Signal] = map[string]bool{}
		}
		where[s.hit.Signal][s.place()] = true
	}
	for place := range where[signalBulletproof] {
		if where[signalAbuseIgnored][place] || where[signalPolice][place] {
			return schemer.GradeOpen
		}
	}
	if police >= 2 && len(where[signalAbuseIgnored]) > 0 {
		return schemer.GradeOpen
	}
	if grade == schemer.GradeWatch && len(families["H"]) >= 2 && len(families["N"]) >= 1 {
		return schemer.GradeHint
	}
	return grade
}

// opens reports whether a statement alone makes its seller open: it names a crime it serves, or spares some countries.
func (s *saying) opens() bool {
	return s.signal.Grade == schemer.GradeOpen && (s.signal.Family == "C" || s.hit.Signal == signalSpares)
}

// place is what must be one for two statements to be made together: the seller's own site, or the thread.
func (s *saying) place() string {
	if s.tie == tieSite {
		return "site"
	}
	return s.trace.site + "\n" + s.trace.thread
}

// openCount counts the different statements that alone support open.
func openCount(list []*saying) int {
	seen := map[string]bool{}
	for _, s := range list {
		if s.signal.Grade == schemer.GradeOpen {
			seen[s.loose] = true
		}
	}
	return len(seen)
}

// listed reports whether the seller is proposed: graded open or hint, above the threshold, and still trading.
func (v *verdict) listed() bool {
	return (v.grade == schemer.GradeOpen || v.grade == schemer.GradeHint) && v.cents >= v.threshold() && !v.gone && !v.thin()
}

// threshold is the score from which the seller is proposed: the more its own rules speak against it, the higher.
func (v *verdict) threshold() int {
	if v.crimesAlone() {
		return crimesAloneCents
	}
	if v.outweighed() {
		return thresholdCents
	}
	acts := v.acts()
	switch {
	case acts && v.open < 2:
		return strictCents
	case acts || len(v.contrary) > 0 && v.open == 0:
		return boilerplateCents
	}
	return thresholdCents
}

// acts reports whether the seller says that it acts against misuse, not only that it forbids it.
func (v *verdict) acts() bool {
	return slices.ContainsFunc(v.contrary, func(s *saying) bool { return s.hit.Signal != signalProhibits })
}

// likes reports a statement that no rule but only its likeness to the examples speaks for.
func likes(s *saying) bool { return s.hit.Signal == signalLike }

// crimesAlone reports whether all that the seller says are names of crimes on its own site. Who opens its doors to crime
// says so in public and also what becomes of complaints; who names crimes and nothing else mostly forbids or explains
// them in words that the rules did not understand.
func (v *verdict) crimesAlone() bool {
	admits := false
	for _, s := range v.admitted {
		if gradeRank(s.signal.Grade) < gradeRank(schemer.GradeHint) || likes(s) {
			continue
		}
		if s.tie != tieSite || s.signal.Family != "C" {
			return false
		}
		admits = true
	}
	return admits
}

// outweighed reports whether all that speaks against two or more open statements is one sentence outside the pages of
// rules: such a sentence is more often about somebody else's acts than a rule.
func (v *verdict) outweighed() bool {
	if v.open < 2 || len(v.contrary) == 0 {
		return false
	}
	return !slices.ContainsFunc(v.contrary, func(s *saying) bool {
		return s.loose != v.contrary[0].loose || s.tie == tieSite && rulesRoles[s.trace.post.Role]
	})
}

// plainWeight is the weight from which one sentence is enough for a proposal; lighter ones must be two.
const plainWeight = 2.5

// rulesRoles are the pages on which crimes are named to forbid them: one sentence there is not enough.
var rulesRoles = map[string]bool{"aup": true, "terms": true, "abuse": true, "legal": true, "dmca": true}

// thin reports whether all that the seller says is one sentence that can be read in another way, or two that no rule but
// only their likeness to the examples speaks for.
func (v *verdict) thin() bool {
	seen := map[string]bool{}
	need := 3
	for _, s := range v.admitted {
		if gradeRank(s.signal.Grade) >= gradeRank(schemer.GradeHint) {
			rules := s.tie == tieSite && s.signal.Family == "C" && rulesRoles[s.trace.post.Role]
			if !rules && (s.hitWeight() >= plainWeight || s.opens()) {
				return false
			}
			seen[s.loose] = true
			if !likes(s) {
				need = 2
			}
		}
	}
	return len(seen) < need
}

// newest orders sayings by strength: bound before unbound, heavier before lighter, newer before older.
func newest(a, b *saying) int {
	return cmp.Or(
		gradeRank(b.signal.Grade)-gradeRank(a.signal.Grade),
		int(a.tie)-int(b.tie),
		cmp.Compare(b.hit.Weight, a.hit.Weight),
		b.at.Compare(a.at),
		cmp.Compare(a.trace.post.ID, b.trace.post.ID),
		a.hit.Start-b.hit.Start,
		cmp.Compare(a.hit.Signal, b.hit.Signal),
	)
}

func gradeRank(g schemer.Grade) int {
	switch g {
	case schemer.GradeOpen:
		return 3
	case schemer.GradeHint:
		return 2
	case schemer.GradeWatch:
		return 1
	}
	return 0
}
