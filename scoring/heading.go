package scoring

import "strings"

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
			if p = 1; s.rules.hasAt(occs, k.hosting, occs[n].first) {
				p = 0 // "Hosting", as a name or a topic
			}
		case k.forbid, k.enforce, k.ban:
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
