package scoring

import (
	"strings"
	"unicode/utf8"
)

// repair joins letters that were set apart and reads Russian in Latin letters, in place: the first token of a joined run
// takes the meaning and the span of the whole, the others mean nothing.
func (s *scratch) repair(rd *reading, sen *sentence, tokens []token) {
	s.joinLetters(rd, tokens)
	if sen.langs&(langRU|langUK) == 0 || sen.lang&(langRU|langUK) == 0 {
		s.readTranslit(rd, sen, tokens)
	}
	if sen.langs&(langRU|langUK) != 0 {
		s.readLookAlikes(rd, tokens)
	}
	s.joinSyllables(rd, tokens)
}

// none is what is known of a token that was joined to the one before it.
var none = &wordInfo{}

// joinLetters joins runs of three and more single letters ("b a n k", "б.о.т").
func (s *scratch) joinLetters(rd *reading, tokens []token) {
	for i := 0; i+2 < len(tokens); i++ {
		if !tokens[i].single || !tokens[i+1].single || !tokens[i+1].joined {
			continue
		}
		j := i + 1
		for j < len(tokens) && tokens[j].single && tokens[j].joined {
			j++
		}
		if j-i < 3 {
			i = j - 1
			continue
		}
		s.buf = s.buf[:0]
		for k := i; k < j; k++ {
			s.buf, _ = foldWord(s.buf, []byte(rd.text[tokens[k].start:tokens[k].end]))
		}
		info := s.rules.lex.study(string(s.buf), stepSpacing)
		if len(info.tags) > 0 || len(info.elements) > 0 {
			s.fuse(tokens[i:j], info)
		}
		i = j - 1
	}
}

// fuse gives the first token the meaning of the run.
func (s *scratch) fuse(run []token, info *wordInfo) {
	run[0].info, run[0].single = info, false
	for k := 1; k < len(run); k++ {
		run[k].info = none
	}
	run[0].end = run[len(run)-1].end
}

// joinSyllables joins short unknown pieces that together spell the name of a crime ("zoek jes", "phi shing").
func (s *scratch) joinSyllables(rd *reading, tokens []token) {
	for i := 0; i+1 < len(tokens); i++ {
		if meant(tokens[i].info) || tokens[i].single {
			continue
		}
		for j := i + 2; j <= min(len(tokens), i+4); j++ {
			if !s.joinable(rd, tokens[i:j]) {
				break
			}
			s.buf = s.buf[:0]
			for k := i; k < j; k++ {
				s.buf, _ = foldWord(s.buf, []byte(rd.text[tokens[k].start:tokens[k].end]))
			}
			if len(s.buf) >= 4 && !s.rules.lex.spelled[[4]byte(s.buf)] {
				break
			}
			if len(s.buf) < 8 {
				continue
			}
			fused := s.rules.lex.look(string(s.buf))
			if !s.namesCrime(&fused) {
				continue
			}
			fused.steps |= stepSpacing
			s.fuse(tokens[i:j], &fused)
			i = j - 1
			break
		}
	}
}

func meant(info *wordInfo) bool {
	return len(info.tags) > 0 || len(info.elements) > 0 || info.function != 0
}

// joinable reports a run of short pieces that stand one space apart.
func (s *scratch) joinable(rd *reading, run []token) bool {
	for k := range run {
		t := &run[k]
		if t.end-t.start > 8 || k > 0 && !t.joined || rd.text[t.start] >= 0xE3 || t.info.function != 0 {
			return false
		}
	}
	return true
}

func (s *scratch) namesCrime(info *wordInfo) bool {
	for _, t := range info.tags {
		if s.rules.lex.crimes.has(t.concept) || t.concept == s.rules.known.bulletproof {
			return true
		}
	}
	return false
}

// readTranslit reads a sentence in Latin letters as Russian when its small words say so.
func (s *scratch) readTranslit(rd *reading, sen *sentence, tokens []token) {
	own, shared := 0, 0
	for i := range tokens {
		t := &tokens[i]
		if t.end-t.start > 9 || rd.text[t.start] >= utf8.RuneSelf {
			continue
		}
		switch t.info.translit {
		case translitOwn:
			own++
		case translitShared:
			shared++
		}
	}
	if own == 0 || own+shared < 2 {
		return
	}
	sen.langs |= langRU
	sen.lang = langRU
	for i := range tokens {
		t := &tokens[i]
		if rd.text[t.start] >= utf8.RuneSelf {
			continue
		}
		twin := cyrillicTwin(strings.ToLower(rd.text[t.start:t.end]))
		if twin == "" {
			continue
		}
		if info := s.word([]byte(twin), 0); len(info.tags) > 0 || len(info.elements) > 0 {
			changed := *info
			changed.steps |= stepTranslit
			t.info = &changed
		}
	}
}

// readLookAlikes reads a word wholly in Latin look-alikes as Cyrillic inside a Cyrillic sentence ("HE", "xaкep").
func (s *scratch) readLookAlikes(rd *reading, tokens []token) {
	for i := range tokens {
		t := &tokens[i]
		if rd.text[t.start] >= utf8.RuneSelf || meant(t.info) || t.end-t.start > 12 {
			continue
		}
		s.buf = s.buf[:0]
		whole := true
		for _, c := range strings.ToLower(rd.text[t.start:t.end]) {
			to, ok := latinToCyrillic[c]
			if !ok || c >= '0' && c <= '9' {
				whole = false
				break
			}
			s.buf = utf8.AppendRune(s.buf, to)
		}
		if !whole {
			continue
		}
		if info := s.word(s.buf, 0); len(info.tags) > 0 {
			changed := *info
			changed.steps |= stepConfusable
			t.info = &changed
		}
	}
}
