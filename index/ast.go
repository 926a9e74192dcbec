package index

import (
	"strings"
	"time"
	"unicode"
)

// node is a query as understood. Its String is the query language again and parses to the same node.
type node interface {
	String() string
}

type (
	// all matches everything: an empty query.
	all struct{}
	// and matches what all of its nodes match.
	and []node
	// or matches what any of its nodes matches.
	or []node
	// not matches what its node does not.
	not struct{ node node }
	// word is text without quotes; what the analyzer makes of it must stand in sequence. An empty field means the default ones.
	word struct{ field, text string }
	// phrase is text in quotes.
	phrase struct{ field, text string }
	// prefix is the beginning of a word or of a keyword.
	prefix struct{ field, text string }
	// suffix is the end of a keyword.
	suffix struct{ field, text string }
	// fuzzy is a word with up to edits wrong letters.
	fuzzy struct {
		field, text string
		edits       int
	}
	// term is a whole keyword.
	term struct{ field, value string }
	// span is a range of time, from inclusive, to exclusive; a zero bound is open.
	span struct {
		field    string
		from, to time.Time
		text     string // as typed
	}
)

func (all) String() string { return "" }

func (a and) String() string {
	parts := make([]string, len(a))
	for i, n := range a {
		parts[i] = inner(n)
	}
	return strings.Join(parts, " ")
}

func (o or) String() string {
	parts := make([]string, len(o))
	for i, n := range o {
		parts[i] = inner(n)
	}
	return strings.Join(parts, " OR ")
}

// inner puts a compound node in parentheses.
func inner(n node) string {
	switch n.(type) {
	case and, or:
		return "(" + n.String() + ")"
	}
	return n.String()
}

func (n not) String() string    { return "-" + inner(n.node) }
func (w word) String() string   { return label(w.field) + w.text }
func (p phrase) String() string { return label(p.field) + `"` + p.text + `"` }
func (p prefix) String() string { return label(p.field) + p.text + "*" }
func (s suffix) String() string { return label(s.field) + "*" + s.text }
func (t term) String() string   { return label(t.field) + quoted(t.value) }
func (s span) String() string   { return label(s.field) + s.text }

func (f fuzzy) String() string {
	return label(f.field) + f.text + "~" + string(rune('0'+f.edits))
}

func label(field string) string {
	if field == "" {
		return ""
	}
	return field + ":"
}

// quoted puts a value in quotes when it would not be read as one otherwise.
func quoted(s string) string {
	if s == "" || strings.ContainsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("()*", r) }) {
		return `"` + s + `"`
	}
	return s
}
