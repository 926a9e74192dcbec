package scoring

import "slices"

// cueRules decides for every named crime of sentence i whether it is offered, forbidden or only mentioned.
func (s *scratch) cueRules(i int, scope string) {
	set := &s.sets[i]
	if !set.meets(&s.rules.lex.crimes) {
		return
	}
	occs := s.occurrences(i)
	var forbidden []string
	forbids := 0
	for n := range occs {
		o := &occs[n]
		if !s.rules.lex.crimes.has(o.concept) || s.shielded(i, occs, o) || s.rules.lex.soft.has(o.concept) && s.innocent(occs, o) {
			continue
		}
		polarity, hitScope := s.crimePolarity(i, occs, o), scope
		if polarity == 0 && scope == "" || scope == scopeQuestion {
			polarity, hitScope = s.answered(i, polarity, scope)
		}
		switch {
		case polarity < 0:
			for _, number := range s.rules.byCue[o.concept] {
				forbids++
				forbidden = append(forbidden, s.rules.rules[number].signal.Crimes...)
			}
		case polarity > 0 || hitScope != "":
			s.named(i, o, polarity, hitScope)
		}
	}
	if forbids > 1 || forbids > 0 && (set.has(s.rules.known.forbid) || set.has(s.rules.known.enforce) || s.headingPolarity(i) < 0) {
		slices.Sort(forbidden)
		number := s.rules.known.forbids
		s.add(number, i, i, -1, s.subject(i, i, nil), scope, s.rules.weight(number), slices.Compact(forbidden), 0)
	}
}

// named records a crime that is offered, or only named in some manner.
func (s *scratch) named(i int, o *occurrence, polarity int, scope string) {
	at := []*occurrence{o}
	subject := s.subject(i, i, at)
	if polarity > 0 && scope == "" {
		scope = s.quotedScope(at)
		if scope == "" && subject != subjectWe && s.said(i, at) {
			scope = scopeReported
		}
	}
	if idle(scope) || scope == scopeQuestion {
		polarity = 0
	}
	if polarity > 0 && scope == "" {
		s.offered = i
	}
	for _, number := range s.rules.byCue[o.concept] {
		s.add(int(number), i, s.quoteEnd(i, scope), polarity, subject, scope, s.rules.weight(int(number)), nil, o.steps)
	}
	if polarity > 0 && o.steps&hiding != 0 {
		s.add(s.rules.known.obfuscated, i, i, 1, subject, scope, s.rules.weight(s.rules.known.obfuscated), nil, o.steps)
	}
}

// innocent reports a word with an innocent sense ("panels", "loader") that stands without another word of the trade, of
// complaints or of authorities.
func (s *scratch) innocent(occs []occurrence, o *occurrence) bool {
	if o.steps&hiding != 0 {
		return false
	}
	k := &s.rules.known
	for n := range occs {
		c := &occs[n]
		if s.rules.lex.crimes.has(c.concept) && (c.first > o.last || c.last < o.first) {
			return false
		}
		switch c.concept {
		case k.complaint, k.authority, k.ever:
			return false
		}
	}
	return true
}

// quoteEnd includes the answer when a question and its answer make the statement.
func (s *scratch) quoteEnd(i int, scope string) int {
	if scope == scopeAnswer && i+1 < len(s.text.sentences) {
		return i + 1
	}
	return i
}

// afterBan reports a sentence right after one that forbids: "the following is not permitted. Phishing, spam, …".
func (s *scratch) afterBan(i int) bool {
	return i > 0 && s.text.sentences[i].block-s.text.sentences[i-1].block <= 1 && s.cuePolarity(s.occurrences(i-1)) < 0
}

// continues reports a sentence right after one that offers room to a crime, in the same paragraph and without a turn.
func (s *scratch) continues(i int) bool {
	return s.offered == i-1 && i > 0 && s.text.sentences[i].block == s.text.sentences[i-1].block && !s.sets[i].has(s.rules.known.but) &&
		!s.sets[i].has(s.rules.known.not)
}

// shielded reports a crime word that means defence against it, or is an adjective of something else.
func (s *scratch) shielded(i int, occs []occurrence, o *occurrence) bool {
	if !s.sets[i].has(s.rules.known.shield) {
		return false
	}
	for n := range occs {
		if sh := &occs[n]; sh.concept == s.rules.known.shield {
			if sh.first > o.last && sh.first-o.last <= 2 || sh.last < o.first && o.first-sh.last <= 4 || sh.first <= o.last && o.first <= sh.last {
				return true
			}
		}
	}
	return false
}

// crimePolarity weighs the cues around a named crime: the nearest decides, a pause counts as distance, and on a tie the
// prohibition wins. Without a cue the headings over the sentence decide, then weak cues.
func (s *scratch) crimePolarity(i int, occs []occurrence, o *occurrence) int {
	heading := s.headingPolarity(i)
	banned := s.banned(occs, o)
	forbidden := heading < 0 || banned || s.forbidden(occs)
	best, polarity := 1<<30, 0
	for n := range occs {
		c := &occs[n]
		p := s.cue(i, c, o, forbidden)
		if p == 0 {
			continue
		}
		if d := s.distance(c, o); d < best || d == best && p < polarity {
			best, polarity = d, p
		}
	}
	switch {
	case o.negated && best > 3:
		return -1
	case best < 1<<30:
		return polarity
	case banned:
		return -1
	case heading != 0:
		return heading
	case s.weaklyOffered(i, occs, o):
		return 1
	}
	return 0
}

// cue tells what an occurrence says of crime o: 1 permits, -1 forbids, 0 neither. Verbs of offering count where nothing
// is forbidden.
func (s *scratch) cue(i int, c, o *occurrence, forbidden bool) int {
	k := &s.rules.known
	p := 0
	switch c.concept {
	case k.permit:
		p = 1
	case k.stay:
		switch {
		case o.concept == k.ddos:
			return 0 // "stays online during a DDoS" is about defence
		case c.negated, s.plain[i].has(k.prompt):
			return -1 // "they last nine minutes here"
		}
		return 1
	case k.forbid, k.enforce:
		p = -1
		if c.negated && s.rules.hasAt(s.occurrences(i), k.modal, c.first) {
			return p // "no part of it must be used for"
		}
	case k.offer:
		if (c.negated || !forbidden) && s.subject(i, i, []*occurrence{c})&(subjectWe|subjectI|subjectNone) != 0 {
			p = 1
		}
	case k.refuse:
		if who := s.subject(i, i, []*occurrence{c}); who == subjectWe && !s.sets[i].has(k.others) {
			p = -1 // "we refused a customer who wanted to send spam"
		}
	case k.yes:
		sen := &s.text.sentences[i]
		if s.text.tokens[c.first].pause >= pauseClause && (c.first > o.last || c.first == sen.first && sen.last-sen.first <= 12) {
			p = 1
		}
	}
	if c.negated {
		return -p
	}
	return p
}

// forbidden reports a plain prohibition in a sentence; verbs of offering say nothing beside one.
func (s *scratch) forbidden(occs []occurrence) bool {
	for n := range occs {
		if occs[n].concept == s.rules.known.forbid && !occs[n].negated {
			return true
		}
	}
	return false
}

// banned reports a crime in the reach of a prohibition: a ban by noun, undertaking or consequence, or a negated verb of
// permitting or offering, wherever it stands between the same two turns of the sentence ("but"). Who permits something
// plainly, or does not act, bans nothing.
func (s *scratch) banned(occs []occurrence, o *occurrence) bool {
	k := &s.rules.known
	from, to := -1, 1<<30
	for n := range occs {
		if c := &occs[n]; c.concept == k.but {
			if c.last < o.first {
				from = c.last
			} else if c.first > o.last {
				to = min(to, c.first)
			}
		}
	}
	ban := false
	for n := range occs {
		c := &occs[n]
		if c.first <= from || c.first >= to {
			continue
		}
		switch c.concept {
		case k.permit, k.offer:
			if !c.negated && c.concept == k.permit && !c.under {
				return false
			}
			ban = ban || c.negated && c.last < o.first
		case k.look, k.bother, k.handle:
			if c.negated && c.last < o.first {
				return false
			}
		case k.enforce:
			if c.negated {
				return false
			}
		case k.persist, k.noneOf:
			return false
		case k.ban:
			if c.under || c.negated {
				return false
			}
			ban = true
		case k.modal:
			ban = ban || c.under && c.last < o.first
		}
	}
	return ban
}

// reporting reports a sentence that asks for reports or counts them, or that answers what may be reported or may not be
// done: it names crimes without offering them.
func (s *scratch) reporting(i int) bool {
	k := &s.rules.known
	if s.plain[i].has(k.report) {
		return true
	}
	if i == 0 || !s.neighbours(i-1) || !s.leads(i-1) {
		return false
	}
	asked := s.text.sentences[i-1].question
	return s.plain[i-1].has(k.report) || asked && (s.plain[i-1].has(k.complaint) || s.cuePolarity(s.occurrences(i-1)) < 0)
}

// weaklyOffered reports a crime that is offered without a verb: "servers for spam", "any panel", "spammers: 5 % off", or a
// sentence that is little more than a list of crimes.
func (s *scratch) weaklyOffered(i int, occs []occurrence, o *occurrence) bool {
	k := &s.rules.known
	set := &s.sets[i]
	if o.negated || s.reporting(i) || s.plain[i].has(k.handle) || s.plain[i].has(k.trivial) || set.has(k.wants) || set.has(k.they) || set.has(k.prompt) || s.said(i, []*occurrence{o}) {
		return false
	}
	if o.steps&hiding != 0 && !set.has(k.not) || s.continues(i) {
		return true
	}
	sen := &s.text.sentences[i]
	if s.priced(i, set) || s.lasting(set, sen) {
		return true
	}
	named, lastNamed := 0, -1
	for n := range occs {
		c := &occs[n]
		switch {
		case c.concept == k.purpose && c.last < o.first && o.first-c.last <= 2 && !c.under:
			if set.has(k.hosting) || set.has(k.deal) || c.first == sen.first {
				return true
			}
		case c.concept == k.everything && o.first-c.last == 1 && !c.under:
			return true
		case (c.concept == k.look || c.concept == k.bother || c.concept == k.tell) && c.negated && c.first > o.last, c.concept == k.noneOf, c.concept == k.reassure, c.concept == k.persist:
			return true
		case c.concept == k.deal && !c.under:
			return !set.has(k.not)
		case c.concept == k.lodge && !c.under && set.has(k.lodge) && max(c.first-o.last, o.first-c.last) <= 6:
			if set.has(k.we) || !set.has(k.i) && (set.has(k.our) || s.around.has(k.hosting)) {
				return true
			}
		}
		if s.rules.lex.crimes.has(c.concept) && !c.negated && c.first > lastNamed {
			named++
			lastNamed = c.last
		}
	}
	return named >= 3 && (sen.last-sen.first) <= 4*named && !set.has(k.not) && !s.afterBan(i)
}

// distance counts words between two occurrences; pauses stronger than a comma weigh more, as cues bind within a clause.
func (s *scratch) distance(a, b *occurrence) int {
	if a.first > b.first {
		a, b = b, a
	}
	d := max(0, b.first-a.last)
	for t := a.last + 1; t <= b.first && t < len(s.text.tokens); t++ {
		if s.text.tokens[t].pause == pauseClause {
			d += 2
		}
	}
	return d + int(b.clause-a.clause)
}

// priced reports a row of a table that asks money for what it names: "leak site with a gate in front, 650 euro".
func (s *scratch) priced(i int, set *conceptSet) bool {
	k := &s.rules.known
	return s.text.blocks[s.text.sentences[i].block].Kind == "row" && set.has(k.money) && !set.has(k.not) && !set.has(k.forbid) && !set.has(k.enforce)
}

// lasting reports a short sentence in the first person in which a crime has stood for a time: "my bank page has been up
// for three months".
func (s *scratch) lasting(set *conceptSet, sen *sentence) bool {
	k := &s.rules.known
	return set.has(k.stood) && set.has(k.since) && sen.last-sen.first <= 16 && (set.has(k.i) || set.has(k.we)) &&
		!set.has(k.not) && !set.has(k.enforce) && !set.has(k.complaint) && !set.has(k.condition)
}
