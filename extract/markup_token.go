package extract

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// The kinds of token.
const (
	tokenText = iota
	tokenStart
	tokenEnd
	tokenComment
	tokenDoctype
)

// A markToken is one piece of markup. Strings are parts of the page wherever they stand there as they are meant.
type markToken struct {
	kind  int
	text  string // of a text, comment or doctype
	tag   *tag
	name  string // of a tag, in lower case
	attrs []html.Attribute
	self  bool // a start tag that ends in "/>"
}

// next reads the token at b.at. It reports false at the end of the page; a tag that the page's end cuts off is none.
func (b *treeMaker) next() bool {
	s, start := b.src, b.at
	if start >= len(s) {
		return false
	}
	if b.plain {
		b.tok.kind, b.tok.text, b.at = tokenText, s[start:], len(s)
		return true
	}
	for i := start; ; {
		k := strings.IndexByte(s[i:], '<')
		if k < 0 || i+k+1 >= len(s) {
			b.textToken(s[start:], len(s))
			return true
		}
		i += k
		c := s[i+1]
		if !isLetter(c) && c != '/' && c != '!' && c != '?' || c == '/' && i == start && i+2 == len(s) {
			i++
			continue
		}
		if i > start {
			b.textToken(s[start:i], i)
			return true
		}
		return b.markup(c)
	}
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

func (b *treeMaker) textToken(text string, end int) {
	b.tok.kind, b.tok.text, b.at = tokenText, unescape(text), end
}

// markup reads the tag, comment or declaration at b.at, whose second byte is c.
func (b *treeMaker) markup(c byte) bool {
	s, i := b.src, b.at
	switch {
	case isLetter(c):
		return b.startTag()
	case c == '!':
		return b.declaration()
	case c == '/' && s[i+2] == '>':
		b.comment("", i+3)
		return true
	case c == '/' && isLetter(s[i+2]):
		b.at = i + 2
		b.tok.kind = tokenEnd
		b.tagName()
		return b.attributes(false)
	case c == '/':
		i++
	}
	b.bogus(i + 1)
	return true
}

func (b *treeMaker) comment(text string, end int) {
	b.tok.kind, b.tok.text, b.at = tokenComment, text, end
}

// bogus reads what is no markup up to the next angle as a comment.
func (b *treeMaker) bogus(from int) {
	if k := strings.IndexByte(b.src[from:], '>'); k >= 0 {
		b.comment(unescape(b.src[from:from+k]), from+k+1)
		return
	}
	b.comment(unescape(b.src[from:]), len(b.src))
}

// declaration reads a comment, a doctype, in foreign content a CDATA section, or what looks like one of them.
func (b *treeMaker) declaration() bool {
	s, from := b.src, b.at+2
	switch {
	case strings.HasPrefix(s[from:], "--"):
		b.realComment(from + 2)
	case len(s)-from >= 7 && strings.EqualFold(s[from:from+7], "doctype"):
		b.bogus(from + 7)
		b.tok.kind, b.tok.text = tokenDoctype, strings.TrimLeft(b.tok.text, blanks)
	case b.inForeign && strings.HasPrefix(s[from:], "[CDATA["):
		end := len(s)
		if k := strings.Index(s[from:], "]]>"); k >= 0 {
			end = from + k + 3
		}
		b.tok.kind, b.tok.text, b.at = tokenText, "", end
	default:
		b.bogus(from)
	}
	return true
}

// realComment reads on behind "<!--". Comments end with "-->" or "--!>"; "<!-->" and "<!--->" are whole.
func (b *treeMaker) realComment(from int) {
	s := b.src
	for at := from; ; {
		k := strings.IndexByte(s[at:], '>')
		if k < 0 {
			text := s[from:]
			for _, end := range [...]string{"--!", "--", "-"} {
				if t, ok := strings.CutSuffix(text, end); ok {
					text = t
					break
				}
			}
			b.comment(unescape(text), len(s))
			return
		}
		k += at
		text := s[from:k]
		if t, ok := strings.CutSuffix(text, "--"); ok {
			b.comment(unescape(t), k+1)
			return
		}
		if t, ok := strings.CutSuffix(text, "--!"); ok {
			b.comment(unescape(t), k+1)
			return
		}
		if text == "" || text == "-" {
			b.comment("", k+1)
			return
		}
		at = k + 1
	}
}

// tagName reads the name of a tag at b.at.
func (b *treeMaker) tagName() {
	s, i := b.src, b.at
	upper := false
	for i < len(s) && s[i] != '>' && s[i] != '/' && !isBlank(s[i]) {
		upper = upper || s[i] >= 'A' && s[i] <= 'Z'
		i++
	}
	name := s[b.at:i]
	if upper {
		name = lowerASCII(name)
	}
	b.at = i
	if t := tags.find(name); t != nil {
		b.tok.tag, b.tok.name = t, t.name
		return
	}
	b.tok.tag, b.tok.name = &unknownTag, name
}

// lowerASCII lowers A to Z alone.
func lowerASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}

func (b *treeMaker) startTag() bool {
	b.at++
	b.tok.kind = tokenStart
	b.tagName()
	return b.attributes(true)
}

// attributes reads on behind the name of a tag to its end, and reports false when the page ends first. Of attributes
// of the same name the first counts.
func (b *treeMaker) attributes(keep bool) bool {
	s, i := b.src, b.at
	b.firstAttr = len(b.attrs)
	lastEnd := -1 // of the last attribute's value
	var seen map[string]bool
	for {
		for i < len(s) && isBlank(s[i]) {
			i++
		}
		if i >= len(s) {
			b.at = len(s)
			return false
		}
		if s[i] == '>' {
			i++
			break
		}
		from, to, upper := i, i, false
		for to < len(s) {
			c := s[to]
			if c == '>' || c == '/' || isBlank(c) || c == '=' && to > from {
				break
			}
			upper = upper || c >= 'A' && c <= 'Z'
			to++
		}
		valueFrom, valueTo, next := attrValue(s, to)
		if i = next; !keep || from == to {
			continue
		}
		key := s[from:to]
		if upper {
			key = lowerASCII(key)
		}
		if seen = b.attribute(key, s[valueFrom:valueTo], seen); b.kept {
			lastEnd = valueTo
		}
	}
	b.tok.self = s[i-2] == '/' && lastEnd != i-1
	b.tok.attrs = nil
	if n := len(b.attrs); n > b.firstAttr {
		b.tok.attrs = b.attrs[b.firstAttr:n:n]
	}
	b.at = i
	return true
}

// manyAttributes is from how many attributes of one tag on a map tells whether a name came before.
const manyAttributes = 12

// attribute keeps one attribute of a tag, unless its name came before.
func (b *treeMaker) attribute(key, value string, seen map[string]bool) map[string]bool {
	own := b.attrs[b.firstAttr:]
	b.kept = false
	switch {
	case seen != nil:
		if seen[key] {
			return seen
		}
		seen[key] = true
	case len(own) >= manyAttributes:
		seen = make(map[string]bool, 2*manyAttributes)
		for k := range own {
			seen[own[k].Key] = true
		}
		if seen[key] {
			return seen
		}
		seen[key] = true
	default:
		for k := range own {
			if own[k].Key == key {
				return seen
			}
		}
	}
	if len(b.attrs) == cap(b.attrs) {
		b.moreAttrs()
	}
	b.attrs = append(b.attrs, html.Attribute{Key: key, Val: unescapeAttr(value)})
	b.kept = true
	return seen
}

// attrValue reads what follows an attribute's name at i: the span of its value and where to go on.
func attrValue(s string, i int) (from, to, next int) {
	at := i
	for at < len(s) && isBlank(s[at]) {
		at++
	}
	if at >= len(s) {
		return i, i, len(s)
	}
	if s[at] == '/' {
		return i, i, at + 1
	}
	if s[at] != '=' {
		return i, i, at
	}
	at++
	for at < len(s) && isBlank(s[at]) {
		at++
	}
	if at >= len(s) || s[at] == '>' {
		return i, i, at
	}
	if q := s[at]; q == '"' || q == '\'' {
		at++
		k := strings.IndexByte(s[at:], q)
		if k < 0 {
			return at, len(s), len(s)
		}
		return at, at + k, at + k + 1
	}
	stop := at
	for stop < len(s) && s[stop] != '>' && !isBlank(s[stop]) {
		stop++
	}
	return at, stop, stop
}

// rawText returns the text up to the end tag of an element without markup inside, and moves behind that end tag.
func (b *treeMaker) rawText(t *tag) string {
	s, from := b.src, b.at
	end := len(s)
	if t.atom == atom.Script {
		end = scriptEnd(s, from)
	} else if k := endTagOf(s, from, t.name); k >= 0 {
		end = k
	}
	if b.at = end; end < len(s) {
		b.at = end + 2
		b.tagName()
		b.attributes(false)
	}
	return s[from:end]
}

// endTagOf returns where the next end tag of that name starts, or -1.
func endTagOf(s string, from int, name string) int {
	for {
		k := strings.Index(s[from:], "</")
		if k < 0 {
			return -1
		}
		from += k
		if tagAt(s, from+2, name) {
			return from
		}
		from += 2
	}
}

// tagAt reports whether a tag's name stands at i, and then a blank, slash or angle.
func tagAt(s string, i int, name string) bool {
	end := i + len(name)
	if end >= len(s) || !strings.EqualFold(s[i:end], name) {
		return false
	}
	return s[end] == '>' || s[end] == '/' || isBlank(s[end])
}

// scriptEnd returns where the end tag of a script starts that begins at from, or the length of s. Inside "<!--", a
// "<script" hides the next "</script" (WHATWG HTML, 13.2.5.4 and the states after it).
func scriptEnd(s string, from int) int {
	escaped, double := false, false
	for i := from; i < len(s); {
		k := 0
		if escaped {
			k = strings.IndexAny(s[i:], "<-")
		} else {
			k = strings.IndexByte(s[i:], '<')
		}
		if k < 0 {
			break
		}
		i += k
		switch {
		case s[i] == '-':
			if escaped && strings.HasPrefix(s[i:], "-->") {
				escaped, double = false, false
			}
			i++
		case tagAt(s, i+2, "script") && s[i+1] == '/':
			if !double {
				return i
			}
			double = false
			i += len("</script>")
		case !escaped && strings.HasPrefix(s[i:], "<!--"):
			escaped = true
			i += 2 // its dashes may be those of "-->"
		case escaped && !double && tagAt(s, i+1, "script"):
			double = true
			i += len("<script")
		default:
			i++
		}
	}
	return len(s)
}
