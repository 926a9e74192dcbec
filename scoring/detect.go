package scoring

import (
	"cmp"
	"slices"
	"strings"

	"schemer"
)

// occurrence is one place of a sentence where a concept stands.
type occurrence struct {
	concept     concept
	first, last int // tokens [first, last]
	clause      int32
	negated     bool // a cue or crime that a negator turns
	under       bool // stands in the reach of a negator
	steps       steps
}

// scratch is the working memory of one detection, used again for the next.
type scratch struct {
	rules    *Rules
	model    *model
	feats    []feature
	odds     []likelihood
	words    wordTable
	text     reading
	heading  reading
	occs     []occurrence
	ends     []int // ends of the occurrences of each sentence
	sets     []conceptSet
	plain    []conceptSet // concepts that stand un-negated
	headings map[string]headingInfo
	hits     []schemer.Hit
	seen     map[hitKey]int
	buf      []byte
	buffer   []occurrence
	around   conceptSet // concepts of the whole field and of title, thread and board
	offered  int        // last sentence that offered room to a crime
}

type hitKey struct {
	rule  int
	start int
}

func newScratch(r *Rules, m *model) *scratch {
	return &scratch{rules: r, model: m, words: newWordTable(), headings: map[string]headingInfo{}, seen: map[hitKey]int{}}
}

// word returns what is known of a word, from memory when it was seen before.
func (s *scratch) word(folded []byte, did steps) *wordInfo {
	if did != 0 { // the same letters with another history
		return s.weighed(s.rules.lex.study(string(folded), did), folded)
	}
	info, hash, at := s.words.find(folded)
	if info != nil {
		return info
	}
	key := string(folded)
	info = s.weighed(s.rules.lex.study(key, 0), folded)
	s.words.keep(key, hash, at, info)
	return info
}

// weighed adds what the model makes of a word, and whether it is a small word of transliterated Russian.
func (s *scratch) weighed(info *wordInfo, folded []byte) *wordInfo {
	if own, ok := s.rules.lex.translit[string(folded)]; ok {
		info.translit = translitShared
		if own {
			info.translit = translitOwn
		}
	}
	info.hash, info.features = hashWord(folded), wordFeatures(nil, folded)
	if s.model != nil {
		info.like = float32(s.model.sum(info.features))
	}
	return info
}

// Detect finds the signals in the author's own words of a post: its text, signature and title. Hits come in order of
// field, place and signal. The post is not changed; quotes are the original bytes.
func (r *Rules) Detect(post *schemer.Post) []schemer.Hit {
	s := r.scratch.Get().(*scratch)
	defer r.scratch.Put(s)
	clear(s.headings)
	hint := langNamed(post.Lang)
	context := s.context(post, hint)
	var out []schemer.Hit
	for _, f := range []struct {
		name, text string
		blocks     []schemer.Block
	}{{"text", post.Text, post.Blocks}, {"signature", post.Signature, nil}, {"title", post.Title, nil}} {
		if f.text == "" {
			continue
		}
		s.hits = s.hits[:0]
		clear(s.seen)
		s.field(f.text, f.blocks, hint, context)
		s.sarcasm(f.text)
		s.hits = slices.DeleteFunc(s.hits, s.contradicted)
		slices.SortStableFunc(s.hits, func(a, b schemer.Hit) int {
			return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.Signal, b.Signal))
		})
		for i := range s.hits {
			s.hits[i].Post, s.hits[i].Field = post.ID, f.name
		}
		out = append(out, s.hits...)
	}
	return out
}

// contradicted reports a hit that speaks for the seller in a sentence that plainly speaks against it: "complaints are read
// aloud on Friday, then deleted" is no working abuse desk.
func (s *scratch) contradicted(h schemer.Hit) bool {
	r := &s.rules.rules[s.rules.byID[h.Signal]]
	if !r.contrary || h.Signal == signalForbids || h.Signal == signalNotBulletproof {
		return false
	}
	for i := range s.hits {
		o := &s.hits[i]
		if f := s.rules.rules[s.rules.byID[o.Signal]].signal.Family; o.Start == h.Start && o.Polarity > 0 && o.Scope == "" && (f == "P" || f == "H") {
			return true
		}
	}
	return false
}

// context returns the concepts of what surrounds the text: title, thread and board.
func (s *scratch) context(post *schemer.Post, hint langs) conceptSet {
	var set conceptSet
	for _, around := range [...]string{post.Title, post.Thread, post.Board} {
		if around == "" {
			continue
		}
		s.heading.read(around, nil, hint, s)
		for i := range s.heading.tokens {
			for _, t := range s.heading.tokens[i].info.tags {
				set.add(t.concept)
			}
		}
	}
	return set
}

// field detects in one field.
func (s *scratch) field(text string, blocks []schemer.Block, hint langs, context conceptSet) {
	s.tag(text, blocks, hint)
	for i := range s.sets {
		for k := range context {
			context[k] |= s.sets[i][k]
		}
	}
	s.around, s.offered = context, -2
	for i := range s.text.sentences {
		if !s.sets[i].meets(&s.rules.anchors) && !s.sets[i].meets(&s.rules.lex.crimes) {
			continue
		}
		s.sentence(i, &context)
	}
	s.likes()
}

// tag reads a text and finds the concepts of its sentences.
func (s *scratch) tag(text string, blocks []schemer.Block, hint langs) {
	rd := &s.text
	rd.read(text, blocks, hint, s)
	s.occs, s.ends, s.sets, s.plain = s.occs[:0], s.ends[:0], s.sets[:0], s.plain[:0]
	for i := range rd.sentences {
		s.sets = append(s.sets, conceptSet{})
		s.occs = s.tagSentence(rd, &rd.sentences[i], s.occs, &s.sets[i])
		s.ends = append(s.ends, len(s.occs))
		s.plain = append(s.plain, conceptSet{})
		for _, o := range s.occurrences(i) {
			if !o.negated {
				s.plain[i].add(o.concept)
			}
		}
	}
}

func (s *scratch) occurrences(i int) []occurrence {
	from := 0
	if i > 0 {
		from = s.ends[i-1]
	}
	return s.occs[from:s.ends[i]]
}

// meets reports whether two sets share a concept.
func (s *conceptSet) meets(o *conceptSet) bool {
	for i := range s {
		if s[i]&o[i] != 0 {
			return true
		}
	}
	return false
}

// tagSentence finds the concepts of a sentence, longest phrase first, and what is negated.
func (s *scratch) tagSentence(rd *reading, sen *sentence, occs []occurrence, set *conceptSet) []occurrence {
	tokens := rd.tokens[sen.first:sen.last]
	s.repair(rd, sen, tokens)
	from := len(occs)
	clause := int32(0)
	for i := 0; i < len(tokens); {
		if i > 0 && tokens[i].pause >= pauseComma {
			clause++
		}
		n, tags, did := s.phrase(tokens, i, sen.langs)
		if n == 0 {
			n, tags, did = 1, tokens[i].info.tags, tokens[i].info.steps
		} else {
			occs = s.persons(tokens[i:i+n], sen, i, clause, occs, set)
		}
		for _, t := range tags {
			if t.langs&sen.langs == 0 {
				continue
			}
			set.add(t.concept)
			occs = append(occs, occurrence{concept: t.concept, first: sen.first + i, last: sen.first + i + n - 1, clause: clause, steps: did})
			if t.concept == s.rules.known.but {
				clause++
			}
		}
		i += n
	}
	if set.has(s.rules.known.not) {
		s.negate(rd, occs[from:])
	}
	return occs
}

// persons keeps the pronouns inside a phrase: "we are your" is an offer, and in the first person.
func (s *scratch) persons(tokens []token, sen *sentence, at int, clause int32, occs []occurrence, set *conceptSet) []occurrence {
	k := &s.rules.known
	for n := range tokens {
		for _, t := range tokens[n].info.tags {
			if t.langs&sen.langs == 0 {
				continue
			}
			switch t.concept {
			case k.we, k.i, k.you, k.they:
				set.add(t.concept)
				occs = append(occs, occurrence{concept: t.concept, first: sen.first + at + n, last: sen.first + at + n, clause: clause})
			}
		}
	}
	return occs
}

// phrase returns the longest phrase that begins at token i: its length in tokens and its tags.
func (s *scratch) phrase(tokens []token, i int, in langs) (int, []tag, steps) {
	var best found
	lex := s.rules.lex
	info := tokens[i].info
	for _, e := range info.elements {
		if int(e) < len(lex.roots) && lex.roots[e] != 0 {
			lex.walk(tokens, i, i+1, lex.roots[e], info.steps, in, &best)
		}
	}
	return best.length, best.tags, best.steps
}

// found is the longest phrase so far.
type found struct {
	length int
	tags   []tag
	steps  steps
}

// walk follows the trie from node with the tokens from k on, and notes longer phrases in best.
func (lex *lexicon) walk(tokens []token, i, k int, node uint32, did steps, in langs, best *found) {
	if tags := lex.ends[node]; k-i > best.length {
		for _, t := range tags {
			if t.langs&in != 0 {
				*best = found{k - i, tags, did}
				break
			}
		}
	}
	if k >= len(tokens) || tokens[k].pause >= pauseClause || k-i > 8 {
		return
	}
	info := tokens[k].info
	for _, e := range info.elements {
		if next, ok := lex.trie[uint64(node)<<32|uint64(e)]; ok {
			lex.walk(tokens, i, k+1, next, did|info.steps, in, best)
		}
	}
}

// add records a hit of a rule on the sentences from i to j, once for each rule and place.
func (s *scratch) add(number, i, j int, polarity int, subject subjects, scope string, weight float64, crimes []string, did steps) {
	rd := &s.text
	start, end := rd.sentences[i].start, rd.sentences[j].end
	key := hitKey{rule: number, start: start}
	if at, ok := s.seen[key]; ok {
		h := &s.hits[at]
		if h.Scope != "" && scope == "" || h.Polarity == 0 && polarity != 0 {
			h.Scope, h.Polarity, h.Subject = scope, polarity, subject.name()
		}
		for _, c := range crimes {
			if !slices.Contains(h.Crimes, c) {
				h.Crimes = append(slices.Clone(h.Crimes), c)
			}
		}
		return
	}
	s.seen[key] = len(s.hits)
	sig := &s.rules.rules[number].signal
	if crimes == nil {
		crimes = sig.Crimes
	}
	s.hits = append(s.hits, schemer.Hit{
		Signal: sig.ID, Start: start, End: end, Quote: strings.Clone(rd.text[start:end]), Polarity: polarity, Subject: subject.name(),
		Scope: scope, Lang: rd.sentences[i].lang.name(), Crimes: crimes, Steps: did.names(), Weight: weight,
	})
}
