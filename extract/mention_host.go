package extract

import (
	"net/netip"
	"strings"
	"unicode/utf8"
)

// isLabel reports whether c can stand in a label of a host name; letters beyond ASCII come in two bytes.
func isLabel(c byte) bool {
	return isASCIIWord(c) || c == '-' || c == '_' || c >= 0x80 && c < 0xe0
}

// dotMark reads a dot, plain or dressed up, at i: "[.]", "(dot)", " [ точка ] ". It returns its end, or -1.
func (f *mentionFinder) dotMark(i int) int {
	if i < len(f.s) && f.s[i] == '.' {
		return i + 1
	}
	return f.mark(i, isDotWord)
}

// mark reads a bracketed mark at i, with blanks around and within. It returns its end, or -1.
func (f *mentionFinder) mark(i int, is func(string) bool) int {
	s := f.s
	if i < len(s) && s[i] == ' ' {
		i++
	}
	if i >= len(s) || s[i] != '[' && s[i] != '(' && s[i] != '{' {
		return -1
	}
	shut := byte(']')
	switch s[i] {
	case '(':
		shut = ')'
	case '{':
		shut = '}'
	}
	end := strings.IndexByte(s[i:min(i+20, len(s))], shut)
	if end < 0 || !is(strings.ToLower(strings.TrimSpace(s[i+1:i+end]))) {
		return -1
	}
	end += i + 1
	if end < len(s) && s[end] == ' ' && end+1 < len(s) && isLabel(s[end+1]) && i > 0 && s[i-1] == ' ' {
		end++
	}
	return end
}

func isDotWord(w string) bool {
	switch w {
	case ".", "dot", "d0t", "punt", "punkt", "point", "punto", "ponto", "kropka", "nokta", "точка", "тчк", "крапка", "点", "點":
		return true
	}
	return false
}

func isAtWord(w string) bool {
	switch w {
	case "@", "at", "a", "et", "ät", "æt", "arroba", "arobase", "małpa", "apenstaartje", "собака", "собачка", "эт", "ат", "равлик", "圈a":
		return true
	}
	return false
}

// atMarkBefore reads an at sign, plain or bracketed, that ends at i. It returns its start, or -1.
func (f *mentionFinder) atMarkBefore(i int) int {
	s := f.s
	if i > 0 && s[i-1] == '@' {
		return i - 1
	}
	k := i
	if k > 0 && s[k-1] == ' ' {
		k--
	}
	if k < 3 || s[k-1] != ']' && s[k-1] != ')' && s[k-1] != '}' {
		return -1
	}
	open := strings.LastIndexAny(s[max(0, k-20):k], "[({")
	if open < 0 {
		return -1
	}
	open += max(0, k-20)
	if !isAtWord(strings.ToLower(strings.TrimSpace(s[open+1 : k-1]))) {
		return -1
	}
	if open > 0 && s[open-1] == ' ' {
		open--
	}
	return open
}

// atWordBefore reads a bare word for an at sign that ends at i, blanks included. Where the dots are not spoken too, a word
// that announces an address has to stand right before the name. It returns its start, or -1.
func (f *mentionFinder) atWordBefore(i int, spoken bool) int {
	s := f.s
	if i < 5 || s[i-1] != ' ' {
		return -1
	}
	word := i - 1
	for word > 0 && i-word < 20 && isLabel(s[word-1]) {
		word--
	}
	if word == 0 || s[word-1] != ' ' || word == i-1 || !isAtWord(strings.ToLower(s[word:i-1])) {
		return -1
	}
	local := word - 1
	for local > 0 && isLocal(s[local-1]) {
		local--
	}
	switch strings.ToLower(s[local : word-1]) {
	case "", "are", "is", "am", "be", "was", "were", "us", "look", "find", "me", "here", "available", "site", "it", "located", "online", "only", "meet", "met", "see",
		"seen", "shop", "website", "reach", "visit", "live", "now", "back", "available.", "servers", "hosted", "registered", "bought", "order":
		return -1
	}
	if spoken {
		return word - 1
	}
	for _, cue := range [...]cueKind{cueMail, cueJabber} {
		if at := f.cues[cue]; at >= 0 && at <= local && local-at < 6 && strings.Trim(s[at:local], " :-=") == "" {
			return word - 1
		}
	}
	return -1
}

// host is a host name as found in a text.
type host struct {
	start, end int
	name       string // ASCII, lower case, without "www."
	dressed    bool   // some dot was written otherwise
	addr       netip.Addr
}

// dot looks at a dot: the first of a host name, an address, or one between blanks.
func (f *mentionFinder) dot(i int) {
	s := f.s
	before, after := s[i-1], s[i+1]
	if before == ' ' {
		f.spacedDot(i)
		return
	}
	if !isLabel(before) || before == '-' {
		return
	}
	if !isLabel(after) {
		if after != '[' && after != '(' {
			return
		}
	}
	if i-1 < f.done && f.done > 0 || i < f.dead {
		return
	}
	f.hostFrom(f.labelStart(i), false)
}

// labelStart returns where the label that ends at i starts.
func (f *mentionFinder) labelStart(i int) int {
	for i > f.done && isLabel(f.s[i-1]) {
		i--
	}
	for i < len(f.s) && (f.s[i] == '-' || f.s[i] == '_' || !utf8.RuneStart(f.s[i])) {
		i++
	}
	return i
}

// bracket looks at an opening bracket after a word: the first dressed dot or at sign of a name.
func (f *mentionFinder) bracket(i int) {
	at := i
	if f.s[i-1] == ' ' {
		at--
	}
	if at < 1 || !isLabel(f.s[at-1]) || at-1 < f.done || at < f.dead {
		return
	}
	if end := f.dotMark(at); end > 0 && end < len(f.s) && isLabel(f.s[end]) {
		f.hostFrom(f.labelStart(at), false)
		return
	}
	if end := f.mark(at, isAtWord); end > 0 && end < len(f.s) && isLabel(f.s[end]) {
		f.hostFrom(end, false)
	}
}

// hostFrom reads the host name that starts at start and notes what it is. wordDots says that bare words ("dot") count
// as dots; then a bare "at" before it makes an e-mail address.
func (f *mentionFinder) hostFrom(start int, wordDots bool) {
	h, ok := f.readHost(start, wordDots)
	if !ok {
		return
	}
	if at := f.atMarkBefore(h.start); at > 0 && !h.addr.IsValid() {
		if f.email(at, h) {
			return
		}
	} else if at := f.atWordBefore(h.start, wordDots); at > 0 && !h.addr.IsValid() && f.email(at, h) {
		return
	}
	f.bareHost(h)
}

// readHost reads labels and dots from start on.
func (f *mentionFinder) readHost(start int, wordDots bool) (host, bool) {
	s := f.s
	h := host{start: start}
	var name [256]byte
	out := name[:0]
	dots := 0
	i := start
	for {
		from := i
		for i < len(s) && isLabel(s[i]) {
			i++
		}
		for i > from && (s[i-1] == '-' || s[i-1] == '_') {
			i--
		}
		if i == from || len(out)+i-from > 250 {
			break
		}
		if dots > 0 {
			out = append(out, '.')
		}
		out = append(out, s[from:i]...)
		h.end = i
		next := f.dotMark(i)
		if next < 0 && wordDots {
			next = f.wordDot(i)
		}
		if next < 0 || next >= len(s) || !isLabel(s[next]) || s[next] == '-' {
			break
		}
		if next != i+1 {
			h.dressed = true
		}
		dots++
		i = next
	}
	if dots == 0 || h.end == 0 {
		return h, false
	}
	if good, ok := f.judgeHost(h, string(out)); ok {
		return good, true
	}
	f.dead = max(f.dead, h.end)
	if good, ok := f.runTogether(h, string(out)); ok && dots > 1 {
		return good, true
	}
	return h, false
}

// email notes an address whose at sign starts at at and whose host is h.
func (f *mentionFinder) email(at int, h host) bool {
	s, start := f.s, at
	for start > f.done && start > at-64 && isLocal(s[start-1]) {
		start--
	}
	for start < at && (s[start] == '.' || s[start] == '-') {
		start++
	}
	if start == at || start > 0 && s[start-1] == '@' {
		return false
	}
	if h.name == "" {
		return false
	}
	// The name keeps "www." in an address.
	hostName := h.name
	value := strings.ToLower(s[start:at]) + "@" + hostName
	kind := f.addressKind(start, hostName)
	f.add(kind, value, start, h.end, false)
	if kind == mentionJabber {
		f.jabber = h.end
	}
	return true
}

func isLocal(c byte) bool {
	return isASCIIWord(c) || c == '.' || c == '_' || c == '-' || c == '+' || c == '%'
}

// addressKind tells a Jabber address from an e-mail address by the words before it or by its host.
func (f *mentionFinder) addressKind(start int, hostName string) string {
	for label := range strings.SplitSeq(hostName, ".") {
		if strings.Contains(label, "xmpp") || strings.Contains(label, "jabber") {
			return mentionJabber
		}
	}
	reach := 60
	if f.jabber > f.cues[cueJabber] { // the word was said of the address before: only one that follows at once shares it
		reach = 0
		if start-f.jabber < 8 && f.cues[cueMail] < f.cues[cueJabber] {
			return mentionJabber
		}
	}
	if f.near(cueJabber, start, reach) && f.cues[cueJabber] > f.cues[cueMail] && !strings.Contains(f.s[f.cues[cueJabber]:start], ". ") {
		return mentionJabber
	}
	return mentionEmail
}
