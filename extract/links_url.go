package extract

import (
	"net/url"
	"strings"
	"unicode/utf8"
)

// base resolves references against the address of a page. The usual shapes are resolved by cutting strings; whatever
// is unusual goes through net/url.
type base struct {
	raw    string // href of <base>
	full   string // address of the page, or of its base element
	origin string // scheme://host[:port]
	host   string // lower case, without port and "www."
	path   string // with leading slash
	dir    string // path up to and including its last slash
	query  string
	u      *url.URL
}

func newBase(pageURL, href string) base {
	b := base{raw: href}
	u, err := url.Parse(strings.TrimSpace(pageURL))
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		u = &url.URL{Scheme: "http", Host: "unknown.invalid", Path: "/"}
	}
	b.host = siteOf(u.Host)
	if href != "" {
		if ref, err := url.Parse(strings.TrimSpace(href)); err == nil {
			if v := u.ResolveReference(ref); v.Host != "" && (v.Scheme == "http" || v.Scheme == "https") {
				u = v
			}
		}
	}
	u.Fragment = ""
	b.u, b.full = u, u.String()
	b.origin = strings.ToLower(u.Scheme) + "://" + strings.ToLower(u.Host)
	b.path, b.query = u.EscapedPath(), u.RawQuery
	if b.path == "" {
		b.path = "/"
	}
	b.dir = b.path[:strings.LastIndexByte(b.path, '/')+1]
	return b
}

// siteOf returns the host in lower case without port and leading "www.".
func siteOf(host string) string {
	host = strings.ToLower(host)
	if k := strings.LastIndexByte(host, ':'); k >= 0 && !strings.HasSuffix(host, "]") {
		host = host[:k]
	}
	return strings.TrimPrefix(host, "www.")
}

// resolve makes ref absolute, with session ids stripped and percent-encoding in upper case. A reference that is not
// for HTTP, or is the page itself (a fragment), gives "". The fragment is kept.
func (b *base) resolve(ref string) string {
	ref = strings.TrimSpace(ref)
	if ref == "" || ref[0] == '#' || len(ref) > 2048 {
		return ""
	}
	var abs string
	ref, plain := plainRef(ref)
	switch {
	case !plain:
		abs = b.slow(ref)
	case strings.HasPrefix(ref, "//"):
		abs = b.schemed(b.origin[:strings.Index(b.origin, "//")]+ref, strings.IndexByte(b.origin, ':'))
	case ref[0] == '/':
		abs = b.origin + ref
	case ref[0] == '?':
		abs = b.origin + b.path + ref
	default:
		if colon := schemeEnd(ref); colon >= 0 {
			abs = b.schemed(ref, colon)
		} else {
			abs = b.origin + b.dir + strings.TrimPrefix(ref, "./")
		}
	}
	if abs == "" {
		return ""
	}
	return withoutSession(abs)
}

// schemeEnd returns where the colon after the scheme of a reference stands, or -1.
func schemeEnd(ref string) int {
	for i := range len(ref) {
		switch ref[i] {
		case ':':
			return i
		case '/', '?', '#':
			return -1
		}
	}
	return -1
}

// schemed handles a reference that names its scheme.
func (b *base) schemed(ref string, colon int) string {
	if !strings.HasPrefix(ref, "http://") && !strings.HasPrefix(ref, "https://") {
		switch strings.ToLower(ref[:colon]) {
		case "http", "https":
			return b.slow(ref)
		}
		return ""
	}
	rest := ref[colon+3:]
	stop := strings.IndexAny(rest, "/?#")
	if stop < 0 {
		stop, ref = len(rest), ref+"/"
	} else if rest[stop] != '/' {
		return b.slow(ref)
	}
	for k := range stop {
		if c := rest[k]; c >= 'A' && c <= 'Z' || c == ':' || c == '@' {
			return b.slow(ref)
		}
	}
	if stop == 0 {
		return ""
	}
	return ref
}

// plainRef reports whether a reference needs no normalising beyond what it does itself: it writes bytes beyond ASCII
// and blanks as percent escapes, and escapes in upper case (RFC 3986, 6.2.2.1). Dot segments and bytes outside the URL
// alphabet are not plain.
func plainRef(s string) (string, bool) {
	escape := false
	for i := range len(s) {
		c := s[i]
		switch {
		case urlByte[c]:
		case c == '.':
			if i > 0 && s[i-1] == '/' && i+1 < len(s) && (s[i+1] == '.' || s[i+1] == '/') || i == 0 && strings.HasPrefix(s, "..") {
				return s, false
			}
		case c == '%':
			if i+2 >= len(s) || !hexByte(s[i+1]) || !hexByte(s[i+2]) {
				return s, false
			}
			escape = escape || s[i+1] >= 'a' || s[i+2] >= 'a'
		case c >= 0x80 && utf8.ValidString(s):
			return escapeHigh(s)
		default:
			return s, false
		}
	}
	if escape {
		s = upperEscapes(s)
	}
	return s, true
}

// urlByte marks what may stand in a URL as it is.
var urlByte = func() (t [256]bool) {
	for _, c := range []byte("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=&?;#:~+,()!*@$/") {
		t[c] = true
	}
	return t
}()

func hexByte(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

// escapeHigh writes bytes beyond ASCII as escapes, unless they stand in a host name.
func escapeHigh(s string) (string, bool) {
	if strings.Contains(s[:min(len(s), 9)], "//") {
		return s, false
	}
	out := make([]byte, 0, len(s)*2)
	for i := range len(s) {
		if c := s[i]; c < 0x80 {
			out = append(out, c)
		} else {
			out = append(out, '%', "0123456789ABCDEF"[c>>4], "0123456789ABCDEF"[c&15])
		}
	}
	return plainRef(string(out))
}

func (b *base) slow(ref string) string {
	clean := strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, ref)
	u, err := url.Parse(clean)
	if err != nil {
		if u, err = url.Parse(strings.ReplaceAll(clean, "%", "%25")); err != nil {
			return ""
		}
	}
	v := b.u.ResolveReference(u)
	if v.Scheme != "http" && v.Scheme != "https" || v.Host == "" {
		return ""
	}
	v.User, v.Host = nil, strings.ToLower(v.Host)
	if v.Scheme == "http" {
		v.Host = strings.TrimSuffix(v.Host, ":80")
	} else {
		v.Host = strings.TrimSuffix(v.Host, ":443")
	}
	if v.Path == "" {
		v.Path = "/"
	}
	v.RawQuery = escapeQuery(v.RawQuery)
	return upperEscapes(v.String())
}

// escapeQuery percent-encodes what url.URL leaves raw in a query: blanks and bytes beyond ASCII.
func escapeQuery(q string) string {
	const hexDigits = "0123456789ABCDEF"
	var out []byte
	for i := range len(q) {
		if c := q[i]; c > 0x20 && c < 0x7f && c != '"' && c != '<' && c != '>' {
			out = append(out, c)
		} else {
			out = append(out, '%', hexDigits[c>>4], hexDigits[c&15])
		}
	}
	return string(out)
}

// upperEscapes writes %d0 as %D0 (RFC 3986, 6.2.2.1).
func upperEscapes(s string) string {
	if strings.IndexByte(s, '%') < 0 {
		return s
	}
	b := []byte(s)
	for i := 0; i+2 < len(b); i++ {
		if b[i] == '%' {
			for k := i + 1; k <= i+2; k++ {
				if b[k] >= 'a' && b[k] <= 'f' {
					b[k] -= 'a' - 'A'
				}
			}
		}
	}
	return string(b)
}

// leaves reports whether a reference names another host, or another scheme that leads to a person (mailto, tg, xmpp).
func (b *base) leaves(ref string) bool {
	rest, ok := strings.CutPrefix(ref, "http")
	if ok {
		rest = strings.TrimPrefix(rest, "s")
		if rest, ok = strings.CutPrefix(rest, "://"); !ok {
			return false
		}
	} else if rest, ok = strings.CutPrefix(ref, "//"); !ok {
		if strings.HasPrefix(ref, "/cdn-cgi/l/email-protection#") {
			return true
		}
		return schemeEnd(ref) > 0 && !strings.HasPrefix(ref, "javascript:") && !strings.HasPrefix(ref, "data:")
	}
	if stop := strings.IndexAny(rest, "/?#"); stop >= 0 {
		rest = rest[:stop]
	}
	return siteOf(rest) != b.host
}

// param returns the value of a query parameter of u, whatever separates parameters; "" when absent.
func param(u, key string) string {
	q := strings.IndexByte(u, '?')
	if q < 0 {
		return ""
	}
	rest := u[q+1:]
	if h := strings.IndexByte(rest, '#'); h >= 0 {
		rest = rest[:h]
	}
	for rest != "" {
		k := 0
		for k < len(rest) && rest[k] != '&' && rest[k] != ';' {
			k++
		}
		part := rest[:k]
		rest = rest[min(k+1, len(rest)):]
		if len(part) > len(key) && part[len(key)] == '=' && part[:len(key)] == key {
			return part[len(key)+1:]
		}
	}
	return ""
}

// pathOf returns path, query and fragment of an absolute URL of this page's site, and whether it is one.
func (b *base) pathOf(abs string) (string, bool) {
	if rest, ok := strings.CutPrefix(abs, b.origin); ok && (rest == "" || rest[0] == '/' || rest[0] == '?') {
		return rest, true
	}
	k := strings.Index(abs, "://")
	if k < 0 {
		return "", false
	}
	rest := abs[k+3:]
	stop := strings.IndexAny(rest, "/?#")
	if stop < 0 {
		return "/", siteOf(rest) == b.host
	}
	if siteOf(rest[:stop]) != b.host {
		return "", false
	}
	return rest[stop:], true
}

// cutFragment splits off the fragment.
func cutFragment(u string) string {
	if k := strings.IndexByte(u, '#'); k >= 0 {
		return u[:k]
	}
	return u
}
