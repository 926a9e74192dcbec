package extract

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/wlynxg/chardet"
	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
)

// metaWindow is how many bytes of a page are searched for a declared charset; browsers take 1024, pages stray further.
const metaWindow = 4096

// decode turns a body into valid UTF-8 and names its charset as the WHATWG Encoding Standard does. how says what
// settled it: "bom", "header", "meta", "content" (nothing was declared and the bytes say it), or
// "content, header said X" and "content, meta said X" when the bytes are plainly of another charset than declared.
// Bytes that the charset does not know become U+FFFD.
func decode(body []byte, contentType string) (text, name, how string) {
	out, name, how := decodeBytes(body, contentType)
	return string(out), name, how
}

// decodeBytes is decode without a copy: a body that is UTF-8 already comes back as it is.
func decodeBytes(body []byte, contentType string) (text []byte, name, how string) {
	if name, n := byteOrderMark(body); n > 0 {
		return decodeAs(body[n:], name), name, "bom"
	}
	declared, how := declaredCharset(body, contentType)
	switch declared {
	case "utf-16le", "utf-16be", "iso-2022-jp":
		if looksDeclared(body, declared) {
			return decodeAs(body, declared), declared, how
		}
	case "":
		if wide := zeroPattern(body); wide != "" {
			return decodeAs(body, wide), wide, "content"
		}
	}
	if utf8.Valid(body) {
		if declared == "utf-8" || declared != "" && isASCII(body) {
			return body, declared, how
		}
		return body, "utf-8", because(how, declared)
	}
	if mostlyUTF8(body) {
		if declared != "utf-8" {
			how = because(how, declared)
		}
		return bytes.ToValidUTF8(body, []byte("\uFFFD")), "utf-8", how
	}
	found := settle(body, declared)
	if found != declared {
		how = because(how, declared)
	}
	return decodeAs(body, found), found, how
}

// misread is "charset" when the bytes were plainly of another charset than declared, as how says, or when text shows, by
// U+FFFD, that body held some that no charset explains; else it is "".
func misread(how string, unknown bool, body []byte) string {
	if strings.HasPrefix(how, "content, ") || unknown && !bytes.Contains(body, []byte(unknownRune)) {
		return "charset"
	}
	return ""
}

// unknownRune stands for bytes that are no characters.
const unknownRune = "\uFFFD"

// because words that the content decided against what was declared.
func because(how, declared string) string {
	if declared == "" {
		return "content"
	}
	return "content, " + how + " said " + declared
}

func byteOrderMark(body []byte) (name string, length int) {
	switch {
	case bytes.HasPrefix(body, []byte("\xef\xbb\xbf")):
		return "utf-8", 3
	case bytes.HasPrefix(body, []byte("\xff\xfe")):
		return "utf-16le", 2
	case bytes.HasPrefix(body, []byte("\xfe\xff")):
		return "utf-16be", 2
	}
	return "", 0
}

// declaredCharset returns the charset that the header or the page's head names, if it is one that we know.
func declaredCharset(body []byte, contentType string) (name, how string) {
	if name = canonicalCharset(charsetParameter(contentType)); name != "" {
		return name, "header"
	}
	window := body[:min(len(body), metaWindow)]
	lower := bytes.ToLower(window)
	if bytes.HasPrefix(lower, []byte("<?xml")) {
		if k := bytes.Index(lower, []byte("encoding=")); k >= 0 && k < 200 {
			if name = canonicalCharset(charsetParameter("charset=" + string(lower[k+9:min(k+60, len(lower))]))); name != "" {
				return declaredInASCII(name), "meta"
			}
		}
	}
	for from := 0; ; {
		k := bytes.Index(lower[from:], []byte("<meta"))
		if k < 0 {
			return "", ""
		}
		from += k + 5
		tag := lower[from:]
		if end := bytes.IndexByte(tag, '>'); end >= 0 {
			tag = tag[:end]
		}
		if name = canonicalCharset(charsetParameter(string(tag))); name != "" {
			return declaredInASCII(name), "meta"
		}
	}
}

// declaredInASCII corrects a declaration that could be read only because it is untrue: a meta element that names
// UTF-16 stands in bytes that are none (WHATWG HTML, "prescan a byte stream").
func declaredInASCII(name string) string {
	if strings.HasPrefix(name, "utf-16") {
		return "utf-8"
	}
	return name
}

// charsetParameter returns the value after "charset=", unquoted, or "".
func charsetParameter(s string) string {
	s = strings.ToLower(s)
	k := strings.Index(s, "charset")
	if k < 0 {
		return ""
	}
	rest := strings.TrimLeft(s[k+7:], " \t\r\n")
	rest, ok := strings.CutPrefix(rest, "=")
	if !ok {
		return ""
	}
	rest = strings.TrimLeft(rest, " \t\r\n\"'")
	if k = strings.IndexAny(rest, " \t\r\n\"';,/>?"); k >= 0 {
		rest = rest[:k]
	}
	return rest
}

// canonicalCharset returns the standard's name of a label, or "" when it has none or is one that hides content.
func canonicalCharset(label string) string {
	if label == "" || len(label) > 40 {
		return ""
	}
	e, name := charset.Lookup(label)
	if e == nil || name == "replacement" || name == "x-user-defined" {
		return ""
	}
	return name
}

// decodeAs decodes by the named charset; an unknown name counts as UTF-8.
func decodeAs(body []byte, name string) []byte {
	if e, _ := charset.Lookup(name); e != nil && name != "utf-8" && e != encoding.Replacement {
		if out, err := e.NewDecoder().Bytes(body); err == nil {
			return bytes.ToValidUTF8(out, []byte("\uFFFD"))
		}
	}
	return bytes.ToValidUTF8(body, []byte("\uFFFD"))
}

func isASCII(body []byte) bool {
	for _, c := range body {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// looksDeclared reports whether the bytes can be of the declared charset that is no superset of ASCII.
func looksDeclared(body []byte, declared string) bool {
	if declared == "iso-2022-jp" {
		return bytes.IndexByte(body, 0x1b) >= 0
	}
	return len(body) > 1 && (!utf8.Valid(body) || bytes.ContainsFunc(body[:min(len(body), 1024)], func(r rune) bool {
		return r < 0x20 && r != '\t' && r != '\n' && r != '\r' && r != '\f'
	}))
}

// zeroPattern recognises UTF-16 without a mark by the zero bytes of its ASCII characters.
func zeroPattern(body []byte) string {
	window := body[:min(len(body), 1024)]
	var even, odd int
	for i, c := range window {
		if c == 0 {
			if i%2 == 0 {
				even++
			} else {
				odd++
			}
		}
	}
	switch half := len(window) / 2; {
	case half < 8:
	case odd > half*6/10 && even < half/10:
		return "utf-16le"
	case even > half*6/10 && odd < half/10:
		return "utf-16be"
	}
	return ""
}

// mostlyUTF8 reports whether the bytes are UTF-8 with some damage: at least five good characters beyond ASCII for
// every bad byte.
func mostlyUTF8(body []byte) bool {
	good, bad := 0, 0
	for len(body) > 0 {
		if body[0] < utf8.RuneSelf {
			body = body[1:]
			continue
		}
		r, n := utf8.DecodeRune(body)
		if r == utf8.RuneError && n == 1 {
			bad++
		} else {
			good++
		}
		body = body[n:]
	}
	return good >= 5*bad
}

// settle chooses among the declared charset, those that a detector proposes and the legacy ones of our languages:
// the one under which a sample reads most like words. The declared one wins unless another is clearly better.
func settle(body []byte, declared string) string {
	sample := highSample(body)
	best, bestScore := "windows-1252", readability(string(decodeAs(sample, "windows-1252")))+0.06
	if declared != "" && declared != "utf-8" {
		best, bestScore = declared, readability(string(decodeAs(sample, declared)))+0.15
	}
	for _, r := range chardet.DetectAll(sample) {
		name := canonicalCharset(strings.ToLower(r.Encoding))
		if name == "" || name == "utf-8" || r.Confidence < 0.3 {
			continue
		}
		if s := readability(string(decodeAs(sample, name))) + 0.05; s > bestScore {
			best, bestScore = name, s
		}
	}
	for _, name := range [...]string{
		"windows-1251", "koi8-u", "ibm866", "iso-8859-5", "gb18030", "big5", "shift_jis", "euc-kr", "windows-1250", "iso-8859-2", "windows-1254",
	} {
		if s := readability(string(decodeAs(sample, name))); s > bestScore {
			best, bestScore = name, s
		}
	}
	return best
}

// highSample collects the parts of a body that hold bytes beyond ASCII, with their surroundings: what tells charsets apart.
func highSample(body []byte) []byte {
	const limit = 16 << 10
	out := make([]byte, 0, limit)
	for i := 0; i < len(body) && len(out) < limit; {
		if body[i] < utf8.RuneSelf {
			i++
			continue
		}
		lo, hi := max(0, i-8), i
		for hi < len(body) && hi-lo < 512 && (body[hi] >= utf8.RuneSelf || hi-i < 64) {
			if body[hi] >= utf8.RuneSelf {
				i = hi
			}
			hi++
		}
		for lo < i && body[lo] >= utf8.RuneSelf {
			lo++
		}
		out = append(append(out, body[lo:hi]...), ' ')
		i = hi
	}
	return out
}
