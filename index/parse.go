package index

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"schemer"
)

// The bounds of a query.
const (
	maxQuery = 4096 // bytes
	maxNodes = 200
	maxDepth = 30
	// minPrefix is the least number of letters before a star: shorter ones match too much of the vocabulary.
	minPrefix = 3
)

// parse reads a query. What an analyst pastes (a URL, a list with colons, an unclosed quote or parenthesis) is read as
// the words it is made of; only what has a meaning that cannot be granted is an error, wrapping [schemer.ErrUsage].
func parse(q string) (node, error) {
	if len(q) > maxQuery {
		return nil, refuse("the query has %d bytes; at most %d are read", len(q), maxQuery)
	}
	p := &parser{rest: strings.ToValidUTF8(q, "\uFFFD")}
	n, err := p.alternatives(0)
	for err == nil && p.rest != "" { // a closing parenthesis too many is passed over
		var more node
		p.rest = p.rest[1:]
		if more, err = p.alternatives(0); err == nil {
			n = both(n, more)
		}
	}
	if err != nil {
		return nil, err
	}
	if n == nil {
		return all{}, nil
	}
	return n, nil
}

func refuse(format string, args ...any) error {
	return fmt.Errorf("%w: query: %s", schemer.ErrUsage, fmt.Sprintf(format, args...))
}

type parser struct {
	rest  string
	nodes int
}

// space skips white space and tells whether anything is left.
func (p *parser) space() bool {
	p.rest = strings.TrimLeftFunc(p.rest, unicode.IsSpace)
	return p.rest != ""
}

// keyword consumes an operator that stands alone.
func (p *parser) keyword(op string) bool {
	after, ok := strings.CutPrefix(p.rest, op)
	if !ok {
		return false
	}
	if r, _ := utf8.DecodeRuneInString(after); after != "" && !unicode.IsSpace(r) && r != '(' && r != ')' {
		return false
	}
	p.rest = after
	return true
}

// alternatives reads what stands around OR, up to a closing parenthesis.
func (p *parser) alternatives(depth int) (node, error) {
	if depth > maxDepth {
		return nil, refuse("parentheses are nested more than %d deep", maxDepth)
	}
	var alts or
	for {
		n, err := p.conjunction(depth)
		if err != nil {
			return nil, err
		}
		if inner, ok := n.(or); ok {
			alts = append(alts, inner...)
		} else if n != nil {
			alts = append(alts, n)
		}
		if !p.space() || !p.keyword("OR") {
			break
		}
	}
	switch len(alts) {
	case 0:
		return nil, nil
	case 1:
		return alts[0], nil
	}
	return alts, nil
}

// conjunction reads what stands side by side.
func (p *parser) conjunction(depth int) (node, error) {
	var n node
	for p.space() && p.rest[0] != ')' {
		saved := p.rest
		if p.keyword("OR") {
			p.rest = saved
			return n, nil
		}
		if p.keyword("AND") {
			continue
		}
		part, err := p.unary(depth)
		if err != nil {
			return nil, err
		}
		n = both(n, part)
	}
	return n, nil
}

// both joins two nodes, either of which may be nil.
func both(a, b node) node {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	list, ok := a.(and)
	if !ok {
		list = and{a}
	}
	if more, ok := b.(and); ok {
		return append(list, more...)
	}
	return append(list, b)
}

// unary reads one operand with what negates it; nil when there is nothing to search for.
func (p *parser) unary(depth int) (node, error) {
	negated := false
	for {
		if p.keyword("NOT") {
			negated = !negated
			if !p.space() {
				return nil, nil
			}
			continue
		}
		if p.rest[0] != '-' || len(p.rest) == 1 || unicode.IsSpace(rune(p.rest[1])) {
			break
		}
		negated = !negated
		p.rest = p.rest[1:]
	}
	n, err := p.operand(depth)
	if err != nil || n == nil || !negated {
		return n, err
	}
	if inner, ok := n.(not); ok {
		return inner.node, nil
	}
	return not{n}, nil
}

func (p *parser) operand(depth int) (node, error) {
	if p.nodes++; p.nodes > maxNodes {
		return nil, refuse("more than %d parts", maxNodes)
	}
	switch p.rest[0] {
	case '(':
		p.rest = p.rest[1:]
		n, err := p.alternatives(depth + 1)
		p.rest = strings.TrimPrefix(p.rest, ")")
		return n, err
	case ')':
		return nil, nil
	case '"':
		return quotedText("", p.quote())
	}
	text := p.bare()
	if name, value, ok := strings.Cut(text, ":"); ok {
		if f, known := fields[strings.ToLower(name)]; known {
			name = strings.ToLower(name)
			if value == "" && strings.HasPrefix(p.rest, `"`) {
				return f.quoted(name, p.quote())
			}
			if value != "" {
				return f.read(name, value)
			}
		}
	}
	return readWord("", text)
}

// bare consumes up to white space, a quote or a parenthesis.
func (p *parser) bare() string {
	end := strings.IndexFunc(p.rest, func(r rune) bool { return unicode.IsSpace(r) || r == '"' || r == '(' || r == ')' })
	if end < 0 {
		end = len(p.rest)
	}
	text := p.rest[:end]
	p.rest = p.rest[end:]
	return text
}

// quote consumes a quoted string; one that is not closed reaches to the end.
func (p *parser) quote() string {
	text, rest, _ := strings.Cut(p.rest[1:], `"`)
	p.rest = rest
	return strings.Join(strings.Fields(text), " ")
}

func searchable(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) })
}

func quotedText(field, text string) (node, error) {
	if !searchable(text) {
		return nil, nil
	}
	return phrase{field, text}, nil
}

// readWord reads a word of a text field with its star or tilde; nil when it has no letter or digit.
func readWord(field, text string) (node, error) {
	if !searchable(text) {
		if strings.Contains(text, "*") {
			return nil, refuse("%q would match everything; put at least %d letters before the star", text, minPrefix)
		}
		return nil, nil
	}
	if strings.HasPrefix(text, "*") {
		return nil, refuse("%q: a star at the beginning of a word would have to look through the whole vocabulary; it works with domain:, site: and handle: only", text)
	}
	if stem, ok := strings.CutSuffix(text, "*"); ok {
		if n := utf8.RuneCountInString(stem); n < minPrefix {
			return nil, refuse("%q: put at least %d letters before the star", text, minPrefix)
		}
		if strings.Contains(stem, "*") {
			return nil, refuse("%q: one star, at the end of the word", text)
		}
		return prefix{field, stem}, nil
	}
	if stem, edits, ok := strings.Cut(text, "~"); ok && searchable(stem) && (edits == "" || edits == "1" || edits == "2") {
		n := 1
		if edits == "2" {
			n = 2
		}
		if utf8.RuneCountInString(stem) < minPrefix {
			return nil, refuse("%q: put at least %d letters before the tilde", text, minPrefix)
		}
		return fuzzy{field, stem, n}, nil
	}
	if text == "OR" || text == "AND" || text == "NOT" {
		return phrase{field, text}, nil
	}
	return word{field, text}, nil
}
