package scoring

import (
	"fmt"
	"slices"
	"strings"

	"schemer"
)

// The signals that the engine itself records.
const (
	signalForbids        schemer.SignalID = "K_prohib"
	signalNotBulletproof schemer.SignalID = "K_not_bp"
	signalObfuscated     schemer.SignalID = "obfuscated"
)

// The scopes of a hit that is not plain speech.
const (
	scopeQuestion   = "question"
	scopeReported   = "reported"
	scopeNews       = "news"
	scopeDefinition = "definition"
	scopeSarcasm    = "sarcasm"
	scopeCondition  = "condition"
	scopeAnswer     = "answer"
	scopeHeading    = "heading"
	scopeDenial     = "denial"
)

// known are the concepts that grammar itself needs.
type known struct {
	not, notAfter, but, we, our, i, you, they, yes, no                                                                                                                              concept
	permit, forbid, enforce, stay, offer, purpose, shield, wants                                                                                                                    concept
	define, news, sarcasm, said, condition, hosting, bulletproof, prompt, only, and, everything, deal, lodge, denial, others, noneOf, look, bother, reassure, handle, ddos, persist concept
	notBulletproof, obfuscated, forbids                                                                                                                                             int
}

// known looks the concepts of grammar up.
func (lex *lexicon) known() (known, error) {
	var k known
	for _, want := range []struct {
		name string
		to   *concept
	}{
		{"not", &k.not}, {"not_after", &k.notAfter}, {"but", &k.but}, {"we", &k.we}, {"our", &k.our}, {"i", &k.i}, {"you", &k.you},
		{"they", &k.they}, {"yes", &k.yes}, {"no_answer", &k.no}, {"permit", &k.permit}, {"forbid", &k.forbid}, {"enforce", &k.enforce},
		{"stay", &k.stay}, {"offer", &k.offer}, {"purpose", &k.purpose}, {"shield", &k.shield}, {"define", &k.define}, {"news", &k.news},
		{"sarcasm", &k.sarcasm}, {"said", &k.said}, {"condition", &k.condition}, {"hosting", &k.hosting}, {"bulletproof", &k.bulletproof},
		{"prompt", &k.prompt}, {"only", &k.only}, {"wants", &k.wants}, {"and", &k.and}, {"everything", &k.everything},
		{"deal", &k.deal}, {"lodge", &k.lodge}, {"denial", &k.denial}, {"others", &k.others}, {"none_of", &k.noneOf}, {"look", &k.look}, {"bother", &k.bother},
		{"reassure", &k.reassure}, {"handle", &k.handle}, {"ddos", &k.ddos}, {"persist", &k.persist},
	} {
		c, ok := lex.byName[want.name]
		if !ok {
			return k, fmt.Errorf("concepts lack %q, which grammar needs", want.name)
		}
		*want.to = c
	}
	return k, nil
}

func (r *Rules) weight(number int) float64 { return r.rules[number].signal.Weight }

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
		turned := s.negateForward(rd, occs, neg)
		if turned || !s.rules.hasAt(occs, k.notAfter, neg.first) {
			continue
		}
		for m := n - 1; m >= 0; m-- {
			o := &occs[m]
			if neg.first-o.last > 5 || rd.pauseBetween(o.last, neg.first) >= pauseClause {
				break
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
		if polarity == 0 && hitScope == "" {
			continue
		}
		subject := s.subject(i, i, []*occurrence{o})
		for _, number := range s.rules.byCue[o.concept] {
			r := &s.rules.rules[number]
			if polarity < 0 {
				forbids++
				for _, c := range r.signal.Crimes {
					if !slices.Contains(forbidden, c) {
						forbidden = append(forbidden, c)
					}
				}
				continue
			}
			if polarity > 0 && hitScope == "" {
				hitScope = s.quotedScope([]*occurrence{o})
				if hitScope == "" && subject != subjectWe && s.said(i, []*occurrence{o}) {
					hitScope = scopeReported
				}
			}
			if hitScope == scopeNews || hitScope == scopeDefinition || hitScope == scopeQuestion || hitScope == scopeDenial {
				polarity = 0
			}
			if polarity > 0 && hitScope == "" {
				s.offered = i
			}
			s.add(int(number), i, s.quoteEnd(i, hitScope), polarity, subject, hitScope, r.signal.Weight, nil, o.steps)
			if polarity > 0 && o.steps&hiding != 0 {
				s.add(s.rules.known.obfuscated, i, i, 1, subject, hitScope, s.rules.weight(s.rules.known.obfuscated), nil, o.steps)
			}
		}
	}
	if forbids > 0 {
		slices.Sort(forbidden)
		number := s.rules.known.forbids
		if forbids > 1 || set.has(s.rules.known.forbid) || set.has(s.rules.known.enforce) || s.headingPolarity(i) < 0 {
			s.add(number, i, i, -1, s.subject(i, i, nil), scope, s.rules.weight(number), forbidden, 0)
		}
	}
}

// innocent reports a word with an innocent sense ("panels", "loader") that stands without another word of the trade.
func (s *scratch) innocent(occs []occurrence, o *occurrence) bool {
	if o.steps&hiding != 0 {
		return false
	}
	for n := range occs {
		if c := &occs[n]; s.rules.lex.crimes.has(c.concept) && c.first > o.last || c.last < o.first && s.rules.lex.crimes.has(c.concept) {
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
// prohibition wins. Without a cue the headings over the sentence decide.
func (s *scratch) crimePolarity(i int, occs []occurrence, o *occurrence) int {
	k := &s.rules.known
	best, polarity := 1<<30, 0
	forbidden := s.forbidden(occs) || s.headingPolarity(i) < 0
	consider := func(distance, p int) {
		if distance < best || distance == best && p < polarity {
			best, polarity = distance, p
		}
	}
	for n := range occs {
		c := &occs[n]
		p := 0
		switch c.concept {
		case k.permit:
			p = 1
		case k.stay:
			if o.concept == k.ddos {
				continue // "stays online during a DDoS" is about defence
			}
			p = 1
		case k.forbid, k.enforce:
			p = -1
		case k.offer:
			if !forbidden && s.subject(i, i, []*occurrence{c})&(subjectWe|subjectI|subjectNone) != 0 {
				p = 1
			}
		case k.yes:
			if s.text.tokens[c.first].pause >= pauseClause && c.first > o.last {
				p = 1
			}
		}
		if p == 0 {
			continue
		}
		if c.negated {
			p = -p
			if c.concept == k.stay {
				p = -1
			}
		}
		consider(s.distance(c, o), p)
	}
	if o.negated && best > 3 {
		return -1
	}
	if best < 1<<30 {
		return polarity
	}
	if p := s.headingPolarity(i); p != 0 {
		return p
	}
	if s.weaklyOffered(i, occs, o) {
		return 1
	}
	return 0
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

// weaklyOffered reports a crime that is offered without a verb: "servers for spam", "any panel", "spammers: 5 % off", or a
// sentence that is little more than a list of crimes.
func (s *scratch) weaklyOffered(i int, occs []occurrence, o *occurrence) bool {
	k := &s.rules.known
	set := &s.sets[i]
	if o.negated || set.has(k.wants) || set.has(k.they) || set.has(k.prompt) || s.said(i, []*occurrence{o}) {
		return false
	}
	if o.steps&hiding != 0 && !set.has(k.not) || s.continues(i) {
		return true
	}
	sen := &s.text.sentences[i]
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
		case (c.concept == k.look || c.concept == k.bother) && c.negated, c.concept == k.noneOf, c.concept == k.reassure, c.concept == k.persist:
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
	return named >= 3 && (sen.last-sen.first) <= 4*named && !set.has(k.not)
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

// headingInfo is what a heading says of what stands under it.
type headingInfo struct {
	polarity int
	question bool
	concepts conceptSet
}

// headingPolarity returns what the innermost heading that forbids or permits says of sentence i, 0 when none does. A
// sentence that ends with a colon leads in what follows it: the next sentence, or the list below.
func (s *scratch) headingPolarity(i int) int {
	sen := &s.text.sentences[i]
	if lead := s.leadIn(i); lead >= 0 {
		if p := s.cuePolarity(s.occurrences(lead)); p != 0 {
			return p
		}
	}
	heads := s.text.blocks[sen.block].Headings
	for n := len(heads) - 1; n >= 0; n-- {
		if h := s.headingInfo(heads[n], sen.langs); h.polarity != 0 && !h.question {
			return h.polarity
		}
	}
	return 0
}

// leadIn returns the sentence that leads in sentence i, -1 when none does: the one before it when that ends with a colon,
// or the one before the list that sentence i stands in.
func (s *scratch) leadIn(i int) int {
	block := s.text.sentences[i].block
	for j := i - 1; j >= 0 && i-j < 60; j-- {
		prev := &s.text.sentences[j]
		if prev.colon {
			return j
		}
		if prev.block == block {
			if !s.text.sentences[i].item && !s.listed(block) {
				return -1
			}
			continue
		}
		if !s.listed(prev.block) {
			return -1
		}
	}
	return -1
}

// listed reports a block that is an item of a list, by its kind or by its first characters.
func (s *scratch) listed(block int) bool {
	b := &s.text.blocks[block]
	return b.Kind == "item" || b.Kind == "row" || bullet(strings.TrimSpace(s.text.text[b.Start:min(b.End, b.Start+8, len(s.text.text))]+" "))
}

func (s *scratch) headingInfo(text string, hint langs) headingInfo {
	if info, ok := s.headings[text]; ok {
		return info
	}
	var info headingInfo
	rd := &s.heading
	rd.read(text, nil, hint, s)
	for i := range rd.sentences {
		sen := &rd.sentences[i]
		sen.langs |= hint
		var set conceptSet
		occs := s.tagSentence(rd, sen, nil, &set)
		if p := s.cuePolarity(occs); p != 0 {
			info.polarity = p
		}
		for n := range set {
			info.concepts[n] |= set[n]
		}
		info.question = sen.question
	}
	s.headings[text] = info
	return info
}

// cuePolarity returns what the cues of a lead-in say: a prohibition wins over a permission.
func (s *scratch) cuePolarity(occs []occurrence) int {
	k := &s.rules.known
	polarity := 0
	for n := range occs {
		p := 0
		switch occs[n].concept {
		case k.permit, k.offer:
			p = 1
		case k.forbid, k.enforce:
			p = -1
		}
		if occs[n].negated {
			p = -p
		}
		if p < 0 {
			return p
		}
		if p > 0 {
			polarity = p
		}
	}
	return polarity
}

// sarcasm takes back what a post says when it says itself that it was not meant.
func (s *scratch) sarcasm(text string) {
	k := &s.rules.known
	meant := true
	for i := range s.text.sentences {
		if s.sets[i].has(k.sarcasm) {
			meant = false
		}
	}
	if meant && !strings.Contains(text, " /s") {
		return
	}
	for n := range s.hits {
		if h := &s.hits[n]; h.Polarity > 0 {
			h.Polarity, h.Scope = 0, scopeSarcasm
		}
	}
}
