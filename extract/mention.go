package extract

import (
	"slices"
	"strings"
	"unicode/utf8"

	"schemer"
)

// The kinds of mention.
const (
	mentionDomain   = "domain"
	mentionURL      = "url"
	mentionEmail    = "email"
	mentionTelegram = "telegram"
	mentionJabber   = "jabber"
	mentionTox      = "tox"
	mentionSession  = "session"
	mentionICQ      = "icq"
	mentionDiscord  = "discord"
	mentionWallet   = "wallet"
	mentionPGP      = "pgp"
	mentionOnion    = "onion"
	mentionASN      = "asn"
	mentionPrefix   = "prefix"
	mentionIP       = "ip"
	mentionPhone    = "phone"
	mentionCompany  = "company"
	mentionWhatsApp = "whatsapp"
	mentionSignal   = "signal"
	mentionMatrix   = "matrix"
)

// findMentions finds the identifiers in a text in one pass, in the order in which they stand. It stops only at bytes
// that identifiers need (a dot between letters, an at, a colon, a digit run) and at the few words that announce one
// ("jabber", "тг", "ИНН"). A URL gives a url and, when its host is a name, the domain within it; a messenger's URL
// gives the messenger's mention alone.
func findMentions(text, field string) []schemer.Mention {
	f := mentionFinder{s: text, field: field}
	for k := range f.cues {
		f.cues[k] = -1000
	}
	f.scan()
	if !slices.IsSortedFunc(f.out, byPlace) {
		slices.SortStableFunc(f.out, byPlace)
	}
	return f.out
}

func byPlace(a, b schemer.Mention) int {
	if a.Start != b.Start {
		return a.Start - b.Start
	}
	return b.End - a.End
}

// A mentionFinder is one pass over one text.
type mentionFinder struct {
	s      string
	field  string
	out    []schemer.Mention
	done   int           // end of what was taken
	skip   int           // where the scan goes on after a mention
	dead   int           // end of what was read as a host name and is none
	cues   [cueKinds]int // end of the last word of each kind
	cue    cueKind       // the last messenger word
	jabber int           // end of the last Jabber address
}

// scanClass says what the scan does at a byte.
type scanClass uint8

const (
	scanOther scanClass = iota
	scanWord            // ASCII letter, digit, underscore
	scanWide2           // lead byte of Latin, Greek, Cyrillic … letters
	scanSkip2           // lead byte of two that begins no letter
	scanSkip3           // lead byte of three: punctuation, Han
	scanSkip4
	scanDot
	scanAt
	scanColon
	scanPlus
	scanOpen // an opening bracket
)

var scanClasses = scanTable()

func scanTable() [256]scanClass {
	var t [256]scanClass
	for c := range 256 {
		switch {
		case c >= '0' && c <= '9', c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c == '_':
			t[c] = scanWord
		case c >= 0xc3 && c <= 0xdf:
			t[c] = scanWide2
		case c == 0xc2:
			t[c] = scanSkip2
		case c >= 0xe0 && c <= 0xef:
			t[c] = scanSkip3
		case c >= 0xf0:
			t[c] = scanSkip4
		}
	}
	t['.'], t['@'], t[':'], t['+'] = scanDot, scanAt, scanColon, scanPlus
	t['['], t['('], t['{'] = scanOpen, scanOpen, scanOpen
	return t
}

func (f *mentionFinder) scan() {
	s := f.s
	for i := 0; i < len(s); {
		next := i + 1
		switch scanClasses[s[i]] {
		case scanWord, scanWide2:
			next = f.word(i)
		case scanSkip2:
			next = i + 2
		case scanSkip3:
			if next = i + 3; s[i] >= 0xe4 && s[i] <= 0xe9 {
				f.hanCue(i)
			}
		case scanSkip4:
			next = i + 4
		case scanDot:
			if i > 0 && i+1 < len(s) {
				f.dot(i)
			}
		case scanAt:
			f.at(i)
		case scanColon:
			if i+1 < len(s) {
				f.colon(i)
			}
		case scanPlus:
			f.plus(i)
		case scanOpen:
			if i > 0 && i+3 < len(s) {
				f.bracket(i)
			}
		}
		if f.skip > next {
			next = f.skip
		}
		i = next
	}
}

// word passes over a run of letters and digits and looks at what it can be.
func (f *mentionFinder) word(i int) int {
	s, start := f.s, i
	var narrow, wide bool
run:
	for i < len(s) {
		switch scanClasses[s[i]] {
		case scanWord:
			narrow = true
			i++
		case scanWide2:
			wide = true
			i += 2
		default:
			break run
		}
	}
	i = min(i, len(s))
	n := i - start
	if n < 2 {
		return i
	}
	if !wide && start >= f.done {
		switch {
		case n >= 14:
			f.long(start, i)
		case n >= 4 && n <= 13 && s[start]|0x20 == 'a' && s[start+1]|0x20 == 's' && s[i-1] <= '9':
			if allDigits(s[start+2:i]) || s[start+2]|0x20 == 'n' && allDigits(s[start+3:i]) {
				f.asnWord(start, i)
			}
			return i
		case n == 4 && i < len(s) && (s[i] == ' ' || s[i] == 0xc2):
			f.spacedKey(start)
		}
	}
	if mixed := narrow && wide; mixed && n <= 40 || cueMarks[cueIndex(s[start:i])]>>min(n, 31)&1 == 1 {
		f.cueWord(start, i, mixed)
	}
	return i
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// add notes a mention of s[start:end].
func (f *mentionFinder) add(kind, value string, start, end int, checked bool) {
	m := schemer.Mention{Kind: kind, Value: value, Field: f.field, Start: start, End: end, Checked: checked}
	if raw := f.s[start:end]; raw != value {
		m.Raw = raw
	}
	f.out = append(f.out, m)
	if end > f.done {
		f.done = end
	}
	if end > f.skip {
		f.skip = end
	}
}

// near reports whether a word of this kind ended on this line at most max bytes before i.
func (f *mentionFinder) near(kind cueKind, i, max int) bool {
	at := f.cues[kind]
	return at >= 0 && i >= at && i-at <= max && !f.broken(at, i)
}

// broken reports whether a line ends between a and b with words after it: what announced an identifier on one line
// still holds for an identifier that opens the next.
func (f *mentionFinder) broken(a, b int) bool {
	k := strings.LastIndexByte(f.s[a:b], '\n')
	if k < 0 {
		return false
	}
	for _, c := range []byte(f.s[a:b]) {
		if scanClasses[c] == scanWord || c >= 0xc3 {
			return true
		}
	}
	return false
}

// isASCIIWord reports whether byte c is an ASCII letter or digit.
func isASCIIWord(c byte) bool { return scanClasses[c] == scanWord && c != '_' }

// edgeBefore reports whether no ASCII letter or digit stands right before i.
func (f *mentionFinder) edgeBefore(i int) bool { return i <= 0 || scanClasses[f.s[i-1]] != scanWord }

// edgeAfter reports whether no ASCII letter or digit stands at i.
func (f *mentionFinder) edgeAfter(i int) bool {
	return i >= len(f.s) || scanClasses[f.s[i]] != scanWord
}

// foldLookalikes replaces the Cyrillic letters that look like Latin ones, when s mixes both scripts; else it returns s.
func foldLookalikes(s string) string {
	latin, cyrillic := false, false
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
			latin = true
		case c == 0xd0 || c == 0xd1:
			cyrillic = true
		}
	}
	if !latin || !cyrillic {
		return s
	}
	out := make([]byte, 0, len(s))
	for _, r := range s {
		if k := strings.IndexRune(lookalikeCyrillic, r); k >= 0 {
			out = append(out, lookalikeLatin[utf8.RuneCountInString(lookalikeCyrillic[:k])])
			continue
		}
		out = utf8.AppendRune(out, r)
	}
	return string(out)
}

// foldToCyrillic is the reverse: Latin letters in a word that is Cyrillic otherwise.
func foldToCyrillic(s string) string {
	out := make([]byte, 0, len(s)+8)
	for _, r := range s {
		if r < utf8.RuneSelf {
			if k := strings.IndexByte(lookalikeLatin, byte(r)); k >= 0 {
				r = []rune(lookalikeCyrillic)[k]
			}
		}
		out = utf8.AppendRune(out, r)
	}
	return string(out)
}

// Pairs of letters that look the same (Unicode UTS 39, the few that people swap).
const (
	lookalikeCyrillic = "асеорхуіјкАВСЕНІКМОРТХУ"
	lookalikeLatin    = "aceopxyijkABCEHIKMOPTXY"
)
