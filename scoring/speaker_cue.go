package scoring

import (
	"embed"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// cue is a class of words by which the structure of an utterance is told.
type cue uint8

// The classes of cue words; the lists are in cues/*.txt.
const (
	cueServer cue = iota
	cueSell
	cueSalesBoard
	cueTag
	cueContact
	cueRequest
	cueWe
	cueI
	cueBuyer
	cueAccuser
	cueStaff
	cueClosing
	cueContinuity
	cueNewOwner
	cueMirror
	cueDisown
	cueOnly
	cueBanned
	cueNever
	cueNL
	cueVictim
	cueChild
	cueVouched
	cueNoAccount
	cueFirm
	cueForeign
	cuePast
	cueAsk
	cueHere
	cueClasses
)

// cueNames are the names of the classes in the files, by their constants.
var cueNames = [cueClasses]string{
	"server", "sell", "salesboard", "tag", "contact", "request", "we", "i", "buyer", "accuser", "staff",
	"closing", "continuity", "newowner", "mirror", "disown", "only", "banned", "never", "nl", "victim", "child", "vouched", "noaccount",
	"firm", "foreign", "past", "ask", "here",
}

//go:embed cues/*.txt
var cueFiles embed.FS

// cueCount is how often each class was met, at most 255.
type cueCount [cueClasses]uint8

// add counts one more of every class in the set.
func (c *cueCount) add(set uint32) {
	for class := range cueClasses {
		if set&(1<<class) != 0 && c[class] < 255 {
			c[class]++
		}
	}
}

// cueLexicon is a trie over folded bytes; an entry is matched from a word's start.
type cueLexicon struct {
	nodes []cueNode
	root  [256]int32
}

type cueNode struct {
	next   int32 // sibling
	child  int32
	prefix uint32 // classes of entries that end here and may go on
	whole  uint32 // classes of entries that end here at a word's end
	label  byte
}

// cues returns the cueLexicon of all cue files, built once.
var cues = sync.OnceValue(func() *cueLexicon {
	lex := &cueLexicon{nodes: make([]cueNode, 1, 4096)}
	for _, name := range []string{"cues/trade.txt", "cues/change.txt", "cues/places.txt", "cues/company.txt"} {
		data, err := cueFiles.ReadFile(name)
		if err != nil {
			panic("scoring: " + err.Error()) // cannot happen: the file is embedded
		}
		lex.load(string(data))
	}
	return lex
})

// load adds the entries of one cue file. Lines of an unknown class are a programming error and found by the tests.
func (lex *cueLexicon) load(data string) {
	for line := range strings.Lines(data) {
		class, list, ok := strings.Cut(line, ":")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		for id, name := range cueNames {
			if name != class {
				continue
			}
			for entry := range strings.SplitSeq(list, ";") {
				lex.insert(strings.TrimSpace(entry), cue(id))
			}
		}
	}
}

// insert adds one entry.
func (lex *cueLexicon) insert(entry string, class cue) {
	stem, open := strings.CutSuffix(entry, "*")
	stem = strings.TrimSpace(foldText(stem))
	if stem == "" {
		return
	}
	last, _ := utf8.DecodeLastRuneInString(stem)
	open = open || unicode.Is(unicode.Han, last)
	at := lex.root[stem[0]]
	if at == 0 {
		at = lex.grow(stem[0])
		lex.root[stem[0]] = at
	}
	for _, b := range []byte(stem[1:]) {
		child := lex.find(at, b)
		if child == 0 {
			child = lex.grow(b)
			lex.nodes[child].next = lex.nodes[at].child
			lex.nodes[at].child = child
		}
		at = child
	}
	if open {
		lex.nodes[at].prefix |= 1 << class
	} else {
		lex.nodes[at].whole |= 1 << class
	}
}

func (lex *cueLexicon) grow(label byte) int32 {
	lex.nodes = append(lex.nodes, cueNode{label: label})
	return int32(len(lex.nodes) - 1)
}

func (lex *cueLexicon) find(at int32, label byte) int32 {
	for child := lex.nodes[at].child; child != 0; child = lex.nodes[child].next {
		if lex.nodes[child].label == label {
			return child
		}
	}
	return 0
}

// count says how often each class stands in folded text.
func (lex *cueLexicon) count(folded string) cueCount {
	var n cueCount
	inWord := false
	for i := 0; i < len(folded); {
		r, size := utf8.DecodeRuneInString(folded[i:])
		letter := unicode.IsLetter(r) || unicode.IsDigit(r)
		if letter && (!inWord || unicode.Is(unicode.Han, r)) {
			if set := lex.match(folded[i:]); set != 0 {
				n.add(set)
			}
		}
		inWord = letter && !unicode.Is(unicode.Han, r)
		i += size
	}
	return n
}

// match returns the classes of all entries that begin where rest begins.
func (lex *cueLexicon) match(rest string) uint32 {
	at := lex.root[rest[0]]
	var set uint32
	for i := 0; at != 0; {
		node := lex.nodes[at]
		i++
		set |= node.prefix
		if node.whole != 0 && wordEnds(rest[i:]) {
			set |= node.whole
		}
		if i == len(rest) {
			break
		}
		at = lex.find(at, rest[i])
	}
	return set
}

// wordEnds reports whether a word ends before rest.
func wordEnds(rest string) bool {
	if rest == "" {
		return true
	}
	if c := rest[0]; c < utf8.RuneSelf {
		return (c < 'a' || c > 'z') && (c < '0' || c > '9')
	}
	r, _ := utf8.DecodeRuneInString(rest)
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) || unicode.Is(unicode.Han, r)
}

// countCues folds text and counts its cue words.
func countCues(text string) cueCount { return cues().count(foldText(text)) }
