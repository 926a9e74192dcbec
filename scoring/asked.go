package scoring

// refused reads a question and the "no" after it as the one statement that they make: "Do you read complaints? Never."
// says that complaints are not read. Only questions about complaints, those who complain and authorities are read so, and
// only when the answer takes nothing back.
func (s *scratch) refused(i int) {
	k := &s.rules.known
	if !s.text.sentences[i].question || i+1 >= len(s.sets) || !s.neighbours(i) || s.text.sentences[i+1].question || !s.saysNo(i+1) {
		return
	}
	set, reply := &s.sets[i], &s.plain[i+1]
	if s.qualified(i+1) || set.has(k.not) || set.has(k.trivial) || s.sets[i+1].has(k.but) || s.sets[i+1].has(k.condition) || reply.has(k.prompt) || reply.has(k.cooperate) || reply.has(k.handle) || reply.has(k.enforce) {
		return
	}
	s.buffer = append(s.buffer[:0], s.occurrences(i)...)
	for n := range s.buffer {
		switch s.buffer[n].concept {
		case k.handle, k.enforce, k.cooperate:
			s.buffer[n].negated = true
		}
	}
	for _, c := range s.distinct(i) {
		for _, pi := range s.rules.byAnchor[c] {
			p := &s.rules.patterns[pi]
			if s.rules.rules[p.rule].contrary || p.hasCtx || !p.possible(set, nil) || s.plain[i].meets(&p.unless) || reply.meets(&p.unless) {
				continue
			}
			s.matchRefused(p, i)
		}
	}
}

// matchRefused records a pattern that the question i and its "no" make together.
func (s *scratch) matchRefused(p *pattern, i int) {
	k := &s.rules.known
	var chosen [maxTerms]*occurrence
	p.assign(0, s.buffer, true, &s.rules.lex.cues, chosen[:0], func(at []*occurrence) bool {
		turned, about := false, false
		var did steps
		for n, o := range at {
			turned = turned || p.terms[n].negated && o.negated
			switch o.concept {
			case k.complaint, k.complainant, k.authority, k.abuseDesk:
				about = true
			}
			did |= o.steps
		}
		if !turned || !about {
			return false
		}
		s.add(p.rule, i, i+1, 1, s.subject(i, i, at), scopeAnswer, p.weight, nil, did)
		return true
	})
}

// qualified reports an answer that says more than no: a long one, one with an exception, or one that tells what is done
// instead.
func (s *scratch) qualified(i int) bool {
	k := &s.rules.known
	sen, set := &s.text.sentences[i], &s.sets[i]
	acts := set.has(k.we) || set.has(k.i)
	return sen.last-sen.first > 10 || set.has(k.except) || acts && sen.last-sen.first > 4
}

// saysNo reports a sentence that begins with a "no" or with another negator.
func (s *scratch) saysNo(i int) bool {
	first := s.text.sentences[i].first
	for _, o := range s.occurrences(i) {
		if o.first > first+1 {
			break
		}
		if o.concept == s.rules.known.no || o.concept == s.rules.known.not {
			return true
		}
	}
	return false
}
