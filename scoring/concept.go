package scoring

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// concept numbers a concept of the lexicon.
type concept uint8

// maxConcepts bounds the lexicon, so that the concepts of a sentence fit in one set.
const maxConcepts = 192

// conceptSet is the set of concepts that a sentence holds.
type conceptSet [maxConcepts / 64]uint64

func (s *conceptSet) add(c concept)      { s[c/64] |= 1 << (c % 64) }
func (s *conceptSet) has(c concept) bool { return s[c/64]&(1<<(c%64)) != 0 }

// langs is a set of languages, one bit each in the order of languageNames.
type langs uint16

// languageNames are the languages that concepts can be written in.
var languageNames = [...]string{"en", "nl", "de", "fr", "es", "pt", "pl", "tr", "ru", "uk", "zh"}

const (
	langEN langs = 1 << iota
	langNL
	langDE
	langFR
	langES
	langPT
	langPL
	langTR
	langRU
	langUK
	langZH
	langAll langs = 1<<11 - 1
)

// langNamed returns the language with an ISO 639-1 code; "xx" means all.
func langNamed(code string) langs {
	if code == "xx" {
		return langAll
	}
	if i := slices.Index(languageNames[:], code); i >= 0 {
		return 1 << i
	}
	return 0
}

// name returns the ISO 639-1 code of the first language in the set.
func (l langs) name() string {
	for i, name := range languageNames {
		if l&(1<<i) != 0 {
			return name
		}
	}
	return ""
}

// tag says that a word or phrase means a concept in some languages.
type tag struct {
	concept concept
	langs   langs
}

// element numbers a part of a phrase: a word or stem.
type element uint32

// lexicon holds the concepts in the shape that matching needs: exact words and stems in hash tables, phrases in a trie
// over words. Adding words makes the tables longer, not the search.
type lexicon struct {
	names    []string // by concept
	hashes   []uint32 // of the names
	byName   map[string]concept
	exact    map[string]*wordInfo
	stems    map[string]*wordInfo
	inner    []innerEntry // *part*, *part: tried on long words only
	function map[string]langs
	translit map[string]bool // Russian in Latin letters: true for words that no other language has
	cues     conceptSet      // concepts that a negation turns
	crimes   conceptSet      // named crimes
	soft     conceptSet      // of these, words with an innocent sense, which count beside another one only
	elements map[string]element
	trie     map[uint64]uint32 // node<<32 | element -> node
	ends     [][]tag           // tags of the phrases that end at a node
	roots    []uint32          // by element: the node of phrases that begin with it, 0 for none
	maxStem  int
	spelled  map[[4]byte]bool // first bytes of the long names of crimes, which syllables may spell
}

type innerEntry struct {
	part   string
	suffix bool
	tags   []tag
}

func newLexicon() *lexicon {
	return &lexicon{
		byName: map[string]concept{}, exact: map[string]*wordInfo{}, stems: map[string]*wordInfo{}, function: map[string]langs{},
		translit: map[string]bool{}, spelled: map[[4]byte]bool{},
		elements: map[string]element{}, trie: map[uint64]uint32{}, ends: make([][]tag, 1),
	}
}

// loadLexicon reads every concept file of dir. A file maps concept names to word lists by language.
func loadLexicon(fsys fs.FS, dir string) (*lexicon, error) {
	files, err := fs.Glob(fsys, dir+"/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("list concepts %s: %w", dir, err)
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("list concepts %s: no *.yaml files", dir)
	}
	lex := newLexicon()
	for _, name := range files {
		raw, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("read concepts %s: %w", name, err)
		}
		var file map[string]map[string]string
		if err := yaml.Unmarshal(raw, &file); err != nil {
			return nil, fmt.Errorf("read concepts %s: %w", name, err)
		}
		for _, id := range slices.Sorted(maps.Keys(file)) {
			if err := lex.addConcept(id, file[id]); err != nil {
				return nil, fmt.Errorf("concept %s in %s: %w", id, name, err)
			}
		}
	}
	return lex, nil
}

// addConcept adds the words of one concept; the concept "function" lists the function words by which languages are
// told apart.
func (lex *lexicon) addConcept(id string, words map[string]string) error {
	if kind, ok := words["kind"]; ok {
		if err := lex.setKind(id, kind); err != nil {
			return err
		}
	}
	for _, code := range slices.Sorted(maps.Keys(words)) {
		if code == "means" || code == "kind" {
			continue
		}
		lang := langNamed(code)
		if lang == 0 {
			return fmt.Errorf("unknown language %q: use one of %s or xx", code, strings.Join(languageNames[:], " "))
		}
		for entry := range strings.SplitSeq(words[code], ",") {
			entry = strings.TrimSpace(entry)
			if entry == "" {
				continue
			}
			switch id {
			case "function":
				folded, _ := foldWord(nil, []byte(entry))
				lex.function[string(folded)] |= lang
				continue
			case "translit_own", "translit_shared":
				lex.translit[entry] = id == "translit_own"
				continue
			}
			c, err := lex.conceptNamed(id)
			if err != nil {
				return err
			}
			if err := lex.addEntry(tag{concept: c, langs: lang}, entry); err != nil {
				return fmt.Errorf("entry %q: %w", entry, err)
			}
		}
	}
	return nil
}

// setKind marks a concept as a cue, which negation turns, or as a crime, whose polarity cues decide.
func (lex *lexicon) setKind(id, kind string) error {
	c, err := lex.conceptNamed(id)
	if err != nil {
		return err
	}
	switch kind {
	case "cue":
		lex.cues.add(c)
	case "crime":
		lex.crimes.add(c)
	case "soft":
		lex.crimes.add(c)
		lex.soft.add(c)
	default:
		return fmt.Errorf("kind %q; use cue, crime or soft", kind)
	}
	return nil
}

func (lex *lexicon) conceptNamed(id string) (concept, error) {
	if c, ok := lex.byName[id]; ok {
		return c, nil
	}
	if len(lex.names) >= maxConcepts {
		return 0, fmt.Errorf("more than %d concepts", maxConcepts)
	}
	c := concept(len(lex.names))
	lex.names = append(lex.names, id)
	lex.hashes = append(lex.hashes, hashWord([]byte(id)))
	lex.byName[id] = c
	return c, nil
}

// addEntry adds one word ("bin"), stem ("shred*"), ending ("*mail"), inner part ("*klacht*") or phrase ("law enforcement*").
func (lex *lexicon) addEntry(t tag, entry string) error {
	words := lexiconWords(entry)
	if len(words) == 0 {
		return fmt.Errorf("no word in it")
	}
	if len(words) > 1 {
		node := uint32(0)
		for _, w := range words {
			e, err := lex.elementOf(w)
			if err != nil {
				return err
			}
			key := uint64(node)<<32 | uint64(e)
			next, ok := lex.trie[key]
			if !ok {
				next = uint32(len(lex.trie) + 1)
				lex.trie[key] = next
				lex.ends = append(lex.ends, nil)
				if node == 0 {
					for len(lex.roots) <= int(e) {
						lex.roots = append(lex.roots, 0)
					}
					lex.roots[e] = next
				}
			}
			node = next
		}
		lex.ends[node] = append(lex.ends[node], t)
		return nil
	}
	w := words[0]
	if lex.crimes.has(t.concept) && !lex.soft.has(t.concept) && utf8.RuneCountInString(w) >= 8 {
		t.langs = langAll // a long word of the trade is itself in any surroundings
		lex.spelled[[4]byte([]byte(w))] = true
	}
	if inner, ok := strings.CutPrefix(w, "*"); ok {
		part, open := strings.CutSuffix(inner, "*")
		lex.inner = append(lex.inner, innerEntry{part: part, suffix: !open, tags: []tag{t}})
		return nil
	}
	info := lex.slot(w)
	info.tags = append(info.tags, t)
	return nil
}

// slot returns the table entry of an exact word or a stem ("word*").
func (lex *lexicon) slot(w string) *wordInfo {
	table := lex.exact
	if stem, ok := strings.CutSuffix(w, "*"); ok {
		table, w = lex.stems, stem
		lex.maxStem = max(lex.maxStem, len(stem))
	}
	info := table[w]
	if info == nil {
		info = &wordInfo{}
		table[w] = info
	}
	return info
}

func (lex *lexicon) elementOf(w string) (element, error) {
	if strings.HasPrefix(w, "*") {
		return 0, fmt.Errorf("%q: a phrase takes words and stems only", w)
	}
	e, ok := lex.elements[w]
	if !ok {
		e = element(len(lex.elements) + 1)
		lex.elements[w] = e
		info := lex.slot(w)
		info.elements = append(info.elements, e)
	}
	return e, nil
}

// lexiconWords splits an entry into folded words; Han characters are words of their own.
func lexiconWords(entry string) []string {
	var out []string
	for field := range strings.FieldsFuncSeq(entry, func(r rune) bool { return r == ' ' || r == '-' }) {
		folded, _ := foldWord(nil, []byte(field))
		word := string(folded)
		if before, after, ok := strings.Cut(word, "'"); ok && after != "" && elides(before) {
			out = append(out, before)
			word = after
		}
		start := 0
		for i, r := range word {
			if unicode.Is(unicode.Han, r) {
				if start < i {
					out = append(out, word[start:i])
				}
				out = append(out, string(r))
				start = i + utf8.RuneLen(r)
			}
		}
		if start < len(word) {
			out = append(out, word[start:])
		}
	}
	return out
}
