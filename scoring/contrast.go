package scoring

// takenBack reports a match that a later clause of the same words takes back. "We ignore spam, complaints we read": what
// was matched as the object of a cue has a cue of its own, to the contrary. "We do not care what you run; we do care whom
// it hurts": the negated cue comes again, affirmed by the same people.
func (s *scratch) takenBack(p *pattern, i, j int, at []*occurrence) bool {
	if s.rules.rules[p.rule].contrary {
		return false
	}
	from := 0
	if i > 0 {
		from = s.ends[i-1]
	}
	occs := s.occs[from:s.ends[j]]
	for n, cue := range at {
		if !s.rules.lex.cues.has(cue.concept) {
			continue
		}
		if p.terms[n].negated && s.affirmedAgain(occs, cue) {
			return true
		}
		for _, object := range at {
			if s.sender(object.concept) && object.first > cue.last && !s.sameClause(cue, object) && s.contraryClause(occs, object) {
				return true
			}
		}
	}
	return false
}

// sender reports the concepts that are handled or ignored: complaints and those who send them.
func (s *scratch) sender(c concept) bool {
	k := &s.rules.known
	switch c {
	case k.complaint, k.complainant, k.authority, k.letter, k.abuseDesk:
		return true
	}
	return false
}

// sameClause reports whether no pause stands between two occurrences.
func (s *scratch) sameClause(a, b *occurrence) bool {
	if a.first > b.first {
		a, b = b, a
	}
	return s.text.pauseBetween(a.last, b.first) == pauseNone
}

// contraryClause reports a clause that says of its own words that they are handled, or that what was said before does not
// hold for them ("complaints not").
func (s *scratch) contraryClause(occs []occurrence, object *occurrence) bool {
	k := &s.rules.known
	cues, denied, handled := false, false, false
	for n := range occs {
		o := &occs[n]
		if o == object || !s.sameClause(o, object) {
			continue
		}
		switch o.concept {
		case k.handle, k.cooperate, k.enforce:
			cues, handled = true, handled || !o.negated
		case k.discard:
			cues, handled = true, handled || o.negated
		case k.not:
			denied = true
		default:
			cues = cues || s.rules.lex.cues.has(o.concept) && o.negated
		}
	}
	return handled || denied && !cues
}

// affirmedAgain reports the same cue once more, un-negated, in a later clause that says "we".
func (s *scratch) affirmedAgain(occs []occurrence, cue *occurrence) bool {
	k := &s.rules.known
	for n := range occs {
		o := &occs[n]
		if o.concept != cue.concept || o.negated || o.first <= cue.last || s.text.pauseBetween(cue.last, o.first) < pauseClause {
			continue
		}
		for m := range occs {
			if w := &occs[m]; (w.concept == k.we || w.concept == k.our) && s.sameClause(w, o) && w.first < o.first {
				return true
			}
		}
	}
	return false
}
