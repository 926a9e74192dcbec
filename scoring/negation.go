package scoring

// negate marks the cues that the negators of a sentence turn. A negator turns the first cue after it within seven words
// and the cues coordinated with that one; "niet", "nicht", "pas" and their like also turn the cue before them.
func (s *scratch) negate(rd *reading, occs []occurrence) {
	k := &s.rules.known
	for n := range occs {
		neg := &occs[n]
		if neg.concept != k.not {
			continue
		}
		if next := neg.last + 1; n < 3 && next < len(rd.tokens) && rd.tokens[next].pause == pauseClause && rd.text[rd.tokens[neg.last].end] == ':' {
			neg.concept = k.forbid // "Don't: send spam, …"
			continue
		}
		if s.rules.hasAt(occs, k.every, neg.last+1) {
			continue // "not every complaint is true"
		}
		turned := s.negateForward(rd, occs, neg)
		if turned || !s.rules.hasAt(occs, k.notAfter, neg.first) {
			continue
		}
		for m, near, reach := n-1, neg.first, 5; m >= 0; m-- {
			o := &occs[m]
			if near-o.last > reach || rd.pauseBetween(o.last, near) >= pauseComma && !s.rules.lex.crimes.has(o.concept) {
				break
			}
			if s.rules.lex.crimes.has(o.concept) {
				near, reach = min(near, o.first), 9 // "gestattet die Nutzung für Spam, Phishing, Malware nicht"
				continue
			}
			if s.rules.lex.cues.has(o.concept) {
				at := o.first
				for m >= 0 && occs[m].first == at {
					occs[m].negated = occs[m].negated || s.rules.lex.cues.has(occs[m].concept)
					m--
				}
				break
			}
		}
	}
}

// negateForward turns what follows a negator and reports whether a cue was turned.
func (s *scratch) negateForward(rd *reading, occs []occurrence, neg *occurrence) bool {
	k := &s.rules.known
	lex := s.rules.lex
	last, turned, joined, offers := neg.last, false, false, false
	cueEnd := -1
	for m := range occs {
		o := &occs[m]
		if o.first <= neg.last {
			continue
		}
		if o.first-last > 7 || rd.pauseBetween(neg.last, o.first) >= pauseClause || o.concept == k.but {
			break
		}
		if (o.concept == k.we || o.concept == k.they || o.concept == k.you) && (joined || rd.tokens[o.first].pause >= pauseComma) {
			break
		}
		joined = joined || o.concept == k.and
		o.under = true
		switch {
		case lex.cues.has(o.concept):
			if turned && o.first > cueEnd && (!s.coordinated(rd, cueEnd, o.first) || o.concept == k.enforce && offers) {
				return true
			}
			offers = offers || o.concept == k.offer || o.concept == k.permit
			o.negated, turned, cueEnd, last = true, true, o.last, o.last
		case lex.crimes.has(o.concept):
			if !turned || o.first <= cueEnd {
				o.negated = true
				last = o.last
			}
		}
	}
	return turned
}

// coordinated reports whether two cues are joined by a comma or by "and", "or" and their like.
func (s *scratch) coordinated(rd *reading, a, b int) bool {
	if b-a > 3 {
		return false
	}
	if rd.tokens[b].pause == pauseComma {
		return true
	}
	for t := a + 1; t < b; t++ {
		if w := rd.tokens[t]; w.pause == pauseComma || w.end-w.start <= 4 && b-a == 2 {
			return true
		}
	}
	return b-a == 1
}

// pauseBetween returns the strongest pause after token a up to and before token b.
func (rd *reading) pauseBetween(a, b int) pause {
	var p pause
	for t := a + 1; t <= b; t++ {
		p = max(p, rd.tokens[t].pause)
	}
	return p
}

func (r *Rules) hasAt(occs []occurrence, c concept, at int) bool {
	for n := range occs {
		if occs[n].concept == c && occs[n].first == at {
			return true
		}
	}
	return false
}
