package extract

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// unescape resolves character references in text.
func unescape(s string) string { return resolve(s, false) }

// unescapeAttr resolves those in an attribute: a name without a semicolon must not run on, nor be followed by "=".
func unescapeAttr(s string) string { return resolve(s, true) }

func resolve(s string, attribute bool) string {
	k := strings.IndexByte(s, '&')
	if k < 0 {
		return s
	}
	out := make([]byte, 0, len(s)+8)
	for k >= 0 {
		out = append(out, s[:k]...)
		s = s[k:]
		n := 1
		for n < len(s) && (isLetter(s[n]) || s[n] >= '0' && s[n] <= '9' || n == 1 && s[n] == '#') {
			n++
		}
		if n < len(s) && s[n] == ';' {
			n++
		}
		out = appendReference(out, s[:n], attribute && n < len(s) && s[n] == '=', attribute)
		s = s[n:]
		k = strings.IndexByte(s, '&')
	}
	return string(append(out, s...))
}

// appendReference appends what a reference such as "&amp;" means, or the reference itself when it means nothing.
func appendReference(out []byte, ref string, assigned, attribute bool) []byte {
	switch ref {
	case "&amp;":
		return append(out, '&')
	case "&quot;":
		return append(out, '"')
	case "&lt;":
		return append(out, '<')
	case "&gt;":
		return append(out, '>')
	case "&#39;", "&#039;":
		return append(out, '\'')
	case "&nbsp;":
		return utf8.AppendRune(out, 0xa0)
	}
	if len(ref) < 2 {
		return append(out, ref...)
	}
	last := ref[len(ref)-1]
	if ref[1] != '#' && attribute {
		if assigned && last != ';' {
			return append(out, ref...)
		}
		// A part of the name that means something by itself leaves the rest of the name behind it: not so in attributes.
		whole := html.UnescapeString(ref)
		if whole[len(whole)-1] == last && ref != "&semi;" {
			return append(out, ref...)
		}
		return append(out, whole...)
	}
	return append(out, html.UnescapeString(ref)...)
}
