package letter

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// clean makes a crawled string fit for paper: bytes that are no UTF-8 and characters that XML 1.0 forbids become
// U+FFFD, line breaks and tabs become spaces, and characters that turn, join or hide text are written out as [U+202E].
func clean(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == utf8.RuneError || !legal(r):
			b.WriteRune(utf8.RuneError)
		case unicode.IsSpace(r):
			b.WriteByte(' ')
		case hidden(r):
			fmt.Fprintf(&b, "[U+%04X]", r)
		default:
			b.WriteRune(r)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// legal says whether XML 1.0 (section 2.2) allows a character and HTML does not call it a noncharacter.
func legal(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r < 0x7f || r > 0x9f && r < 0xd800 ||
		r >= 0xe000 && r < 0xfdd0 || r > 0xfdef && r < 0xfffe || r >= 0x10000 && r <= unicode.MaxRune && r&0xfffe != 0xfffe || r == 0x85
}

// hidden says whether a character has no shape of its own: direction marks and overrides, joiners, the soft hyphen,
// variation and tag characters, fillers. The joiner within an emoji counts too; the reader then sees its parts.
func hidden(r rune) bool {
	return unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r) ||
		r == 0x115f || r == 0x1160 || r == 0x3164 || r == 0xffa0 || r == 0x2800 || unicode.Is(unicode.Co, r)
}

// cleaned applies clean to each string and drops what is empty.
func cleaned(all []string) []string {
	var out []string
	for _, s := range all {
		if s = clean(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// lines splits an address into clean lines; blank stands when there is none.
func lines(s, blank string) []string {
	if out := cleaned(strings.Split(s, "\n")); len(out) > 0 {
		return out
	}
	return []string{blank}
}

// shorten cuts at a word's end so that at most limit characters and an ellipsis remain.
func shorten(s string, limit int) string {
	runes := []rune(s)
	if len(runes) <= limit {
		return s
	}
	cut := string(runes[:limit])
	if i := strings.LastIndexByte(cut, ' '); i > len(cut)/2 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " ,;:.") + "…"
}

// defang makes an address unclickable, in mail programs too: hxxp://host[.]example/path. Dots of the path stay.
func defang(address string) string {
	s := clean(address)
	scheme, rest, found := strings.Cut(s, "://")
	if !found {
		scheme, rest = "", s
	}
	host, path := rest, ""
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		host, path = rest[:i], rest[i:]
	}
	host = strings.ReplaceAll(host, ".", "[.]")
	switch {
	case !found:
		return host + path
	case len(scheme) >= 4 && strings.EqualFold(scheme[:4], "http"):
		return "hxxp" + strings.ToLower(scheme[4:]) + "://" + host + path
	default:
		return scheme + "[:]//" + host + path
	}
}

func defanged(all []string) []string {
	var out []string
	for _, s := range cleaned(all) {
		out = append(out, defang(s))
	}
	return out
}

// groups writes a digest in groups of eight, to be compared by eye.
func groups(digest string) string {
	digest = clean(digest)
	var parts []string
	for len(digest) > 8 {
		parts, digest = append(parts, digest[:8]), digest[8:]
	}
	return strings.Join(append(parts, digest), " ")
}
