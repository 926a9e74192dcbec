package scoring

// sentence tries the rules whose anchor concepts stand in sentence i.
func (s *scratch) sentence(i int, context *conceptSet) {
	r := s.rules
	set := &s.sets[i]
	scope := s.scope(i)
	s.cueRules(i, scope)
	for _, o := range s.distinct(i) {
		for _, pi := range r.byAnchor[o] {
			p := &r.patterns[pi]
			if p.hasCtx && !context.has(p.context) {
				continue
			}
			s.try(p, i, set, scope)
		}
	}
	s.refused(i)
}

// distinct returns the concepts of sentence i that anchor patterns, each once.
func (s *scratch) distinct(i int) []concept {
	var out []concept
	var seen conceptSet
	for _, o := range s.occurrences(i) {
		if s.rules.anchors.has(o.concept) && !seen.has(o.concept) {
			seen.add(o.concept)
			out = append(out, o.concept)
		}
	}
	return out
}

// try matches a pattern on sentence i, or on it and a neighbour.
func (s *scratch) try(p *pattern, i int, set *conceptSet, scope string) {
	if p.heading {
		s.tryUnderHeading(p, i, set, scope)
	}
	if p.unit != unitPair {
		if p.possible(set, nil) && !s.plain[i].meets(&p.unless) {
			s.match(p, i, i, s.occurrences(i), scope)
		}
		return
	}
	if p.possible(set, nil) && !s.plain[i].meets(&p.unless) {
		if s.match(p, i, i, s.occurrences(i), scope) {
			return
		}
	}
	for _, j := range [2]int{i, i - 1} {
		if j < 0 || j+1 >= len(s.sets) || s.plain[j].meets(&p.unless) || s.plain[j+1].meets(&p.unless) || !s.neighbours(j) {
			continue
		}
		if p.possible(&s.sets[j], &s.sets[j+1]) {
			from := 0
			if j > 0 {
				from = s.ends[j-1]
			}
			if s.match(p, j, j+1, s.occs[from:s.ends[j+1]], scope) {
				return
			}
		}
	}
}

// tryUnderHeading matches a pattern whose first term stands in a heading over sentence i, or in the question before it:
// "Abuse reports" over "we laugh, we delete them".
func (s *scratch) tryUnderHeading(p *pattern, i int, set *conceptSet, scope string) {
	if s.plain[i].meets(&p.unless) || p.terms[0].set.meets(set) {
		return
	}
	sen := &s.text.sentences[i]
	over := conceptSet{}
	for _, h := range s.text.blocks[sen.block].Headings {
		info := s.headingInfo(h, sen.langs)
		for n := range over {
			over[n] |= info.concepts[n]
		}
	}
	if i > 0 && s.neighbours(i-1) && s.leads(i-1) {
		for n := range over {
			over[n] |= s.sets[i-1][n]
		}
	}
	if !p.terms[0].set.meets(&over) {
		return
	}
	for _, t := range p.terms[1:] {
		if !t.set.meets(set) {
			return
		}
	}
	s.buffer = append(s.buffer[:0], occurrence{concept: p.terms[0].any[0], first: sen.first, last: sen.first - 1})
	s.buffer = append(s.buffer, s.occurrences(i)...)
	s.match(p, i, i, s.buffer, scope)
}

// leads reports a sentence that names the topic of the next one: a question or a few words.
func (s *scratch) leads(i int) bool {
	sen := &s.text.sentences[i]
	return sen.question || sen.colon || sen.last-sen.first <= 3
}

// neighbours reports whether sentence j and the next belong to one train of thought.
func (s *scratch) neighbours(j int) bool {
	a, b := &s.text.sentences[j], &s.text.sentences[j+1]
	return b.block-a.block <= 1 && b.last-a.first < 60
}

// possible reports whether every term finds some concept in the sets.
func (p *pattern) possible(a, b *conceptSet) bool {
	for k := range p.terms {
		if !p.terms[k].set.meets(a) && (b == nil || !p.terms[k].set.meets(b)) {
			return false
		}
	}
	return true
}

// match looks for an assignment of occurrences to terms and records a hit on the sentences from i to j.
func (s *scratch) match(p *pattern, i, j int, occs []occurrence, scope string) bool {
	var chosen [maxTerms]*occurrence
	wide := s.text.sentences[i].lang == langZH
	return p.assign(0, occs, wide, &s.rules.lex.cues, chosen[:0], func(at []*occurrence) bool {
		subject := s.subject(i, j, at)
		asked := subject == subjectYou && s.text.sentences[i].question
		if p.subjects&subject == 0 && !asked || s.denied(p, at) || s.turned(p, i, at) || s.takenBack(p, i, j, at) {
			return false
		}
		s.record(p, i, j, at, subject, scope)
		return true
	})
}

// record adds the hit of a match with its polarity and manner.
func (s *scratch) record(p *pattern, i, j int, at []*occurrence, subject subjects, scope string) {
	r := &s.rules.rules[p.rule]
	polarity := 1
	if r.contrary {
		polarity = -1
	}
	var did steps
	for _, o := range at {
		did |= o.steps
	}
	scope = s.manner(r, i, at, subject, scope)
	if scope == scopeQuestion && s.text.sentences[i].question {
		polarity, scope = s.replied(r, i, subject)
	}
	if idle(scope) {
		polarity = 0
	}
	s.add(p.rule, i, j, polarity, subject, scope, p.weight, nil, did)
	if polarity == 1 && scope == "" && did&hiding != 0 {
		s.add(s.rules.known.obfuscated, i, j, 1, subject, "", s.rules.weight(s.rules.known.obfuscated), nil, did)
	}
}

// manner narrows the scope of a sentence to that of a match in it.
func (s *scratch) manner(r *rule, i int, at []*occurrence, subject subjects, scope string) string {
	if scope == "" {
		scope = s.quotedScope(at)
	}
	if scope == scopeQuestion && r.asks {
		scope = ""
	}
	switch {
	case scope != "":
		return scope
	case !r.contrary && s.headingPolarity(i) < 0:
		return scopeHeading
	case subject != subjectWe && s.said(i, at):
		return scopeReported
	case subject == subjectThey && s.sets[i].has(s.rules.known.others) && !r.aboutOthers:
		return scopeReported
	}
	return ""
}

// replied gives what is asked the polarity of its answer; "no" to a signal against the seller is recorded as a denial.
func (s *scratch) replied(r *rule, i int, subject subjects) (polarity int, scope string) {
	if r.contrary {
		return 0, scopeQuestion
	}
	switch s.answer(i) {
	case 1:
		return 1, ""
	case -1:
		if f := r.signal.Family; f == "P" || f == "C" || f == "H" {
			number := s.rules.known.notBulletproof
			s.add(number, i, s.quoteEnd(i, scopeAnswer), -1, subject, scopeAnswer, s.rules.weight(number), nil, 0)
		}
	}
	return 0, scopeQuestion
}

// fits reports whether an occurrence is negated as the term wants it. Words that are no cues are negated when they stand
// in the reach of a negator ("not your disks").
func (t *term) fits(o *occurrence, cues *conceptSet) bool {
	if t.negated && !cues.has(o.concept) {
		return o.under
	}
	return o.negated == t.negated
}

// assign tries occurrences for term k and the terms after it; done decides on a full assignment.
func (p *pattern) assign(k int, occs []occurrence, wide bool, cues *conceptSet, at []*occurrence, done func([]*occurrence) bool) bool {
	if k == len(p.terms) {
		return done(at)
	}
	t := &p.terms[k]
	within := p.within
	if wide {
		within *= 2 // Han characters are words of their own here
	}
next:
	for n := range occs {
		o := &occs[n]
		if !t.set.has(o.concept) || !t.either && !t.fits(o, cues) {
			continue
		}
		low, high := o.first, o.last
		for _, b := range at {
			if o.first <= b.last && b.first <= o.last || p.unit == unitClause && b.clause != o.clause {
				continue next
			}
			if p.ordered && b.first > o.first {
				continue next
			}
			low, high = min(low, b.first), max(high, b.last)
		}
		if high-low > within {
			continue
		}
		if p.assign(k+1, occs, wide, cues, append(at, o), done) {
			return true
		}
	}
	return false
}

// denied reports a match without a cue of its own that stands in the reach of a negator: "we don't move you to a
// fresh IP when a blocklist notices you".
func (s *scratch) denied(p *pattern, at []*occurrence) bool {
	under := false
	for n, o := range at {
		if p.terms[n].negated || s.rules.lex.cues.has(o.concept) {
			return false
		}
		under = under || o.under
	}
	return under
}

// turned reports a match whose negated cue lies before a "but" and another of its words behind it: "we do not monitor, but
// we act on reports" denies nothing about reports.
func (s *scratch) turned(p *pattern, i int, at []*occurrence) bool {
	if !s.sets[i].has(s.rules.known.but) {
		return false
	}
	first, last := 1<<30, -1
	for n, o := range at {
		if p.terms[n].negated {
			first = min(first, o.last)
		} else {
			last = max(last, o.first)
		}
	}
	for _, o := range s.occurrences(i) {
		if o.concept == s.rules.known.but && first < o.first && o.last < last {
			return true
		}
	}
	return false
}

// said reports a verb of saying before the match: the sentence tells what others say.
func (s *scratch) said(i int, at []*occurrence) bool {
	k := &s.rules.known
	if !s.sets[i].has(k.said) {
		return false
	}
	last := 0
	for _, o := range at {
		last = max(last, o.first)
	}
	for _, o := range s.occurrences(i) {
		if o.concept == k.said && o.last < last {
			return true
		}
	}
	return false
}
