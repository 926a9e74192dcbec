package scoring

import "strings"

// scope tells in what manner sentence i speaks: plainly (""), asking, as news, or explaining a word.
func (s *scratch) scope(i int) string {
	k := &s.rules.known
	sen := &s.text.sentences[i]
	set := &s.sets[i]
	switch {
	case sen.question:
		return scopeQuestion
	case set.has(k.denial):
		return scopeDenial
	case set.has(k.news):
		return scopeNews
	case set.has(k.define) && !set.has(k.we):
		return scopeDefinition
	case set.has(k.wants) && !set.has(k.we) && !set.has(k.permit):
		return scopeQuestion
	}
	return ""
}

// quotedScope is "reported" when all that was matched stands between quotation marks.
func (s *scratch) quotedScope(at []*occurrence) string {
	for _, o := range at {
		if !s.text.tokens[o.first].quoted {
			return ""
		}
	}
	return scopeReported
}

// answer tells how the sentence after question i answers it: 1 yes, -1 no, 0 neither.
func (s *scratch) answer(i int) int {
	if i+1 >= len(s.text.sentences) || s.text.sentences[i+1].block-s.text.sentences[i].block > 1 {
		return 0
	}
	k := &s.rules.known
	if s.sets[i].has(k.handle) && !s.sets[i].has(k.not) {
		return 0 // "may I forward spam to you? Gladly"
	}
	first := s.text.sentences[i+1].first
	for _, o := range s.occurrences(i + 1) {
		if o.first > first+1 {
			break
		}
		switch o.concept {
		case k.yes:
			return 1
		case k.no:
			return -1
		}
	}
	return 0
}

// answered gives a crime that is only asked about, or only named, the polarity of the answer.
func (s *scratch) answered(i, polarity int, scope string) (int, string) {
	if s.text.sentences[i].question {
		switch s.answer(i) {
		case 1:
			return 1, scopeAnswer
		case -1:
			return -1, scopeAnswer
		}
		return 0, scopeQuestion
	}
	return polarity, scope
}

// subject tells who acts in the matched words: the nearest pronoun before the cue in its clause, the ending of the verb,
// any pronoun of the sentence, in this order.
func (s *scratch) subject(i, j int, at []*occurrence) subjects {
	k := &s.rules.known
	from := 0
	if i > 0 {
		from = s.ends[i-1]
	}
	occs := s.occs[from:s.ends[j]]
	who := func(c concept) subjects {
		switch c {
		case k.we:
			return subjectWe
		case k.i:
			return subjectI
		case k.you:
			return subjectYou
		case k.they, k.others:
			return subjectThey
		}
		return 0
	}
	cueAt, clause := 1<<30, int32(-1)
	for _, o := range at {
		if s.rules.lex.cues.has(o.concept) || len(at) == 1 {
			cueAt, clause = o.first, o.clause
			break
		}
	}
	var near, any subjects
	for n := range occs {
		o := &occs[n]
		w := who(o.concept)
		if w == 0 {
			continue
		}
		if o.clause == clause && o.first < cueAt && (w != subjectYou || near != subjectWe && near != subjectI) {
			near = w // in "nous vous prévenons" it is "nous" who act
		}
		if any == 0 || w < any {
			any = w
		}
	}
	if near != 0 {
		return near
	}
	for _, o := range at {
		if s.rules.lex.cues.has(o.concept) && s.firstPerson(o) {
			return subjectWe
		}
	}
	if any != 0 {
		return any
	}
	for n := range occs {
		if occs[n].concept == k.our {
			return subjectWe
		}
	}
	return subjectNone
}

// firstPerson reports whether a verb ends as "we" verbs do in its language.
func (s *scratch) firstPerson(o *occurrence) bool {
	t := &s.text.tokens[o.last]
	if t.end-t.start < 5 {
		return false
	}
	w := strings.ToLower(s.text.text[t.start:t.end])
	for _, ending := range [...]string{"аем", "яем", "уем", "юем", "ием", "еем", "дём", "дем", "жем", "вём", "чим", "вим", "дим", "шим", "тим", "сим", "рим", "ним", "ємо", "имо", "емо", "amos", "emos", "imos", "ons", "amy", "emy", "imy", "ıyoruz", "iyoruz", "uyoruz", "üyoruz", "meyiz", "mayız", "aem", "uem"} {
		if strings.HasSuffix(w, ending) {
			return true
		}
	}
	return false
}

// idle reports the manners of speaking that take a signal's polarity away.
func idle(scope string) bool {
	switch scope {
	case scopeNews, scopeDefinition, scopeHeading, scopeDenial:
		return true
	}
	return false
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
