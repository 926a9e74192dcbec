package scoring

import (
	"math"
	"slices"
)

// model reads passages that no rule foresaw: a logistic regression over words, stems, pairs of words and concepts tells
// by how much a passage is more like the labelled examples of those who serve crime than like those of honest firms. It is
// fitted from the examples when the rules are first used, so that the examples are all there is to review.
//
// Features are hashed (Weinberger et al., "Feature Hashing for Large Scale Multitask Learning", ICML 2009).
type model struct {
	weights []float32
	bias    float64
}

// The fit is fixed, so that the same examples give the same model.
const (
	featureBits    = 18
	trainRounds    = 12
	trainRate      = 0.6
	pairedConcepts = 12 // most concepts of a sentence that are looked at in pairs
)

// feature numbers one property of a passage.
type feature uint32

// Kinds of features: the word "ab" is not the stem "ab".
const (
	featWord uint32 = iota + 1
	featStem5
	featStem7
	featEnding
	featPair
	featConcept
	featConcepts
)

// hashWord is FNV-1a.
func hashWord(word []byte) uint32 {
	h := uint32(2166136261)
	for _, c := range word {
		h = (h ^ uint32(c)) * 16777619
	}
	return h
}

// mix makes a feature of two hashes.
func mix(kind, a, b uint32) feature {
	h := (a+kind)*0x9E3779B1 ^ (b+kind)*0x85EBCA77
	h ^= h >> 15
	h *= 0x2C1B3C6D
	h ^= h >> 13
	return feature(h & (1<<featureBits - 1))
}

// wordFeatures appends the features of one folded word: itself, its stems of five and seven letters, its last five.
func wordFeatures(to []feature, word []byte) []feature {
	to = append(to, mix(featWord, hashWord(word), 0))
	letters := []rune(string(word))
	if n := len(letters); n >= 6 {
		to = append(to, mix(featStem5, hashWord([]byte(string(letters[:5]))), 0))
		if n >= 8 {
			to = append(to, mix(featStem7, hashWord([]byte(string(letters[:7]))), 0))
		}
		if n >= 9 {
			to = append(to, mix(featEnding, hashWord([]byte(string(letters[n-5:]))), 0))
		}
	}
	return to
}

// features appends the features of sentence i of the text that was read.
func (s *scratch) features(out []feature, i int) []feature {
	sen := &s.text.sentences[i]
	for n := sen.first; n < sen.last; n++ {
		out = append(out, s.text.tokens[n].info.features...)
	}
	return s.between(out, i)
}

// between appends the features of sentence i that are more than a word: neighbours, concepts and pairs of concepts.
func (s *scratch) between(out []feature, i int) []feature {
	sen := &s.text.sentences[i]
	for n := sen.first + 1; n < sen.last; n++ {
		out = append(out, mix(featPair, s.text.tokens[n-1].info.hash, s.text.tokens[n].info.hash))
	}
	var seen [pairedConcepts]uint32
	n := 0
	for _, o := range s.occurrences(i) {
		c := s.rules.lex.hashes[o.concept] * 4
		switch {
		case o.negated:
			c++
		case o.under:
			c += 2
		}
		if n < len(seen) && !slices.Contains(seen[:n], c) {
			seen[n] = c
			n++
		}
	}
	for a := range n {
		out = append(out, mix(featConcept, seen[a], 0))
		for b := a + 1; b < n; b++ {
			out = append(out, mix(featConcepts, seen[a], seen[b]))
		}
	}
	return out
}

// score is the log-odds of a passage with these features.
func (m *model) score(features []feature) float64 {
	if len(features) == 0 {
		return m.bias
	}
	return m.bias + m.sum(features)/math.Sqrt(float64(len(features)))
}

func (m *model) sum(features []feature) float64 {
	sum := 0.0
	for _, f := range features {
		sum += float64(m.weights[f])
	}
	return sum
}

// fitRows fits by AdaGrad (Duchi, Hazan and Singer, JMLR 12, 2011), the rows in a fixed order far from that of the files.
func fitRows(rows [][]feature, labels []bool) *model {
	m := &model{weights: make([]float32, 1<<featureBits)}
	squares := make([]float32, 1<<featureBits)
	biasSquares := 1e-6
	stride := 7919
	for len(rows)%stride == 0 {
		stride++
	}
	for range trainRounds {
		for k := range rows {
			i := k * stride % len(rows)
			row := rows[i]
			if len(row) == 0 {
				continue
			}
			slope := 1 / (1 + math.Exp(-m.score(row)))
			if labels[i] {
				slope--
			}
			biasSquares += float64(slope * slope)
			m.bias -= 0.1 * slope / math.Sqrt(biasSquares)
			slope /= math.Sqrt(float64(len(row)))
			for _, f := range row {
				squares[f] += float32(slope * slope)
				m.weights[f] -= float32(trainRate * slope / (math.Sqrt(float64(squares[f])) + 1e-3))
			}
		}
	}
	return m
}

// fitModel fits the model of the rules' examples, nil when they have none.
func (r *Rules) fitModel() *model {
	if len(r.examples) == 0 {
		return nil
	}
	s := newScratch(r, nil)
	rows := make([][]feature, len(r.examples))
	labels := make([]bool, len(rows))
	for i, e := range r.examples {
		rows[i], labels[i] = s.passage(e.text, e.lang), e.guilty
	}
	return fitRows(rows, labels)
}

// passage returns the features of a whole text.
func (s *scratch) passage(text, lang string) []feature {
	s.tag(text, nil, langNamed(lang))
	var out []feature
	for i := range s.text.sentences {
		out = s.features(out, i)
	}
	return out
}
