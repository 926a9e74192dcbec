package extract

import (
	"net/url"
	"strings"
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
	if err != nil || u.Host == "" {
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
	switch {
	case !plainRef(ref):
		abs = b.slow(ref)
	case strings.HasPrefix(ref, "//"):
		abs = b.origin[:strings.Index(b.origin, "//")] + ref
	case ref[0] == '/':
		abs = b.origin + ref
	case ref[0] == '?':
		abs = b.origin + b.path + ref
	default:
		if colon := strings.IndexAny(ref, ":/?#"); colon >= 0 && ref[colon] == ':' {
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

// plainRef accepts references that need no normalising: no dot segments beyond a leading "./", no percent signs, no
// byte outside the URL alphabet.
func plainRef(s string) bool {
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '=' || c == '&' ||
			c == '?' || c == ';' || c == '#' || c == ':' || c == '~' || c == '+' || c == ',' || c == '(' || c == ')' || c == '!' ||
			c == '*' || c == '@' || c == '$' || c == '/':
		case c == '.':
			if i > 0 && s[i-1] == '/' && i+1 < len(s) && (s[i+1] == '.' || s[i+1] == '/') || i == 0 && strings.HasPrefix(s, "..") {
				return false
			}
		default:
			return false
		}
	}
	return true
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

// sessionKeys are parameters that carry a session, not a place.
var sessionKeys = []string{"sid", "PHPSESSID", "phpsessid", "s", "osCsid", "jsessionid", "zenid", "sessionid"}

// withoutSession removes session ids from the query of u, whether parameters are separated by & or ;, and the
// ;jsessionid= of a path.
func withoutSession(u string) string {
	q := strings.IndexByte(u, '?')
	if k := strings.Index(u, ";jsessionid="); k >= 0 {
		stop := strings.IndexAny(u[k:], "?#/")
		if stop < 0 {
			u = u[:k]
		} else {
			u = u[:k] + u[k+stop:]
		}
		q = strings.IndexByte(u, '?')
	}
	if q < 0 {
		return u
	}
	frag := ""
	if h := strings.IndexByte(u, '#'); h >= 0 {
		if h < q {
			return u
		}
		u, frag = u[:h], u[h:]
	}
	query := u[q+1:]
	if !strings.Contains(query, "s=") && !strings.Contains(query, "id=") && !strings.Contains(query, "ID=") {
		return u + frag
	}
	var kept strings.Builder
	var sep byte
	changed := false
	for rest := query; rest != ""; {
		part, mark := rest, byte(0)
		if k := strings.IndexAny(rest, "&;"); k >= 0 {
			part, mark, rest = rest[:k], rest[k], rest[k+1:]
		} else {
			rest = ""
		}
		if mark == '&' && strings.HasPrefix(rest, "amp;") {
			rest = rest[len("amp;"):]
		}
		if isSession(part) {
			changed = true
		} else if part != "" {
			if kept.Len() > 0 && sep != 0 {
				kept.WriteByte(sep)
			}
			kept.WriteString(part)
			sep = mark
		}
	}
	switch {
	case !changed:
		return u + frag
	case kept.Len() == 0:
		return u[:q] + frag
	}
	return u[:q+1] + kept.String() + frag
}

// isSession reports whether a query part is a session id: a known key with a long random value.
func isSession(part string) bool {
	key, value, ok := strings.Cut(part, "=")
	if !ok {
		return false
	}
	for _, k := range sessionKeys {
		if key != k {
			continue
		}
		if len(value) < 16 {
			return value == "" || key == "PHPSESSID"
		}
		for i := range len(value) {
			c := value[i]
			if (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && c != '-' && c != ',' && c != '_' {
				return false
			}
		}
		return true
	}
	return false
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
		colon := strings.IndexAny(ref, ":/?#")
		if strings.HasPrefix(ref, "/cdn-cgi/l/email-protection#") {
			return true
		}
		return colon > 0 && ref[colon] == ':' && !strings.HasPrefix(ref, "javascript:") && !strings.HasPrefix(ref, "data:")
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
		part := rest
		if k := strings.IndexAny(rest, "&;"); k >= 0 {
			part, rest = rest[:k], rest[k+1:]
		} else {
			rest = ""
		}
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
