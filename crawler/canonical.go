package crawler

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"

	"golang.org/x/net/idna"
)

// maxURL is the longest URL that is followed, in bytes.
const maxURL = 2048

var errURL = errors.New("not a URL to follow")

// Canonical returns the one form under which a URL is kept: http or https, host in lower-case ASCII without default
// port, dot segments resolved, percent-encoding in upper case and only where needed (RFC 3986 §6.2.2), no fragment, no
// session id and no click tracking. The order of parameters and SMF's ";" between them stay.
func Canonical(raw string) (string, error) {
	u, err := canonicalURL(raw)
	if err != nil {
		return "", err
	}
	return u.String(), nil
}

// canonicalURL is Canonical, parsed.
func canonicalURL(raw string) (*url.URL, error) {
	raw = strings.TrimSpace(raw)
	if len(raw) > maxURL {
		return nil, fmt.Errorf("%w: %d bytes long", errURL, len(raw))
	}
	if i := strings.IndexByte(raw, '#'); i >= 0 {
		raw = raw[:i]
	}
	u, err := url.Parse(raw)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errURL, err)
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.User != nil || u.Host == "" || u.Opaque != "" {
		return nil, fmt.Errorf("%w: %q", errURL, raw)
	}
	host, err := canonicalHost(u)
	if err != nil {
		return nil, fmt.Errorf("%w: host of %q: %w", errURL, raw, err)
	}
	path := tidyEscapes(stripPathSession(u.EscapedPath()))
	if strings.Contains(path, "/.") {
		path = (&url.URL{Path: "/"}).ResolveReference(&url.URL{Path: path}).Path
	}
	if path == "" {
		path = "/"
	}
	plain, err := url.PathUnescape(path)
	if err != nil {
		return nil, fmt.Errorf("%w: path of %q: %w", errURL, raw, err)
	}
	out := &url.URL{Scheme: u.Scheme, Host: host, Path: plain, RawPath: path, RawQuery: canonicalQuery(u.RawQuery)}
	return out, nil
}

// canonicalHost is the host in lower-case ASCII with its port when that is not the scheme's own.
func canonicalHost(u *url.URL) (string, error) {
	host := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	if strings.IndexFunc(host, func(r rune) bool { return r >= 0x80 }) >= 0 {
		ascii, err := idna.Lookup.ToASCII(host)
		if err != nil {
			return "", err
		}
		host = strings.TrimSuffix(ascii, ".")
	}
	if strings.Contains(host, ":") {
		if _, err := netip.ParseAddr(host); err != nil || strings.Contains(host, "%") {
			return "", errURL
		}
		host = "[" + host + "]"
	} else if host == "" || strings.Trim(host, "abcdefghijklmnopqrstuvwxyz0123456789-._") != "" || strings.Contains(host, "..") || host[0] == '.' {
		return "", errURL
	}
	port := strings.TrimLeft(u.Port(), "0")
	if port == "" || u.Scheme == "http" && port == "80" || u.Scheme == "https" && port == "443" {
		return host, nil
	}
	return host + ":" + port, nil
}

// canonicalQuery drops session ids and click tracking from a query whose parameters stand between "&" or ";".
func canonicalQuery(raw string) string {
	if raw == "" {
		return ""
	}
	var b strings.Builder
	b.Grow(len(raw))
	sep := ""
	for raw != "" {
		end := strings.IndexAny(raw, "&;")
		part, next := raw, ""
		if end >= 0 {
			part, next = raw[:end], raw[end:end+1]
			raw = raw[end+1:]
		} else {
			raw = ""
		}
		if part != "" && !disposable(part) {
			if b.Len() > 0 {
				b.WriteString(sep)
			}
			b.WriteString(tidyEscapes(part))
		}
		if next != "" {
			sep = next
		}
		if raw != "" && strings.HasPrefix(raw, "amp;") && next == "&" {
			raw = raw[len("amp;"):]
		}
	}
	return b.String()
}

// disposable says whether a parameter carries a session or a click, not a page.
func disposable(part string) bool {
	name, value, _ := strings.Cut(part, "=")
	name = strings.ToLower(name)
	switch name {
	case "phpsessid", "jsessionid", "aspsessionid", "oscsid", "zenid", "cftoken", "sessionid", "session_id", "sesskey":
		return true
	case "fbclid", "gclid", "dclid", "msclkid", "yclid", "igshid", "mc_cid", "mc_eid", "_ga", "_gl", "_openstat":
		return true
	case "sid", "s", "session", "sess", "phpbb_sid", "csrfkey", "token":
		return len(value) >= 16 && opaque(value)
	}
	return strings.HasPrefix(name, "utm_")
}

// opaque says whether a value looks like a random id: letters and digits only.
func opaque(value string) bool {
	for i := range len(value) {
		c := value[i] | 0x20
		if (c < 'a' || c > 'z') && (value[i] < '0' || value[i] > '9') && value[i] != '-' && value[i] != '_' {
			return false
		}
	}
	return true
}

// stripPathSession removes ";jsessionid=…" and its like, and ASP.NET's "/(S(…))", from an escaped path.
func stripPathSession(path string) string {
	for {
		i := strings.IndexByte(path, ';')
		if i < 0 {
			break
		}
		end := i + 1
		for end < len(path) && path[end] != '/' && path[end] != ';' {
			end++
		}
		if !disposable(path[i+1 : end]) {
			break
		}
		path = path[:i] + path[end:]
	}
	if i := strings.Index(path, "/(S("); i >= 0 {
		if end := strings.Index(path[i:], "))"); end > 0 {
			path = path[:i] + path[i+end+2:]
		}
	}
	return path
}

const upperHex = "0123456789ABCDEF"

// tidyEscapes writes percent-encoding in upper case, undoes it for unreserved characters and applies it to bytes that
// may not stand in a URL.
func tidyEscapes(s string) string {
	tidy := true
	for i := range len(s) {
		if s[i] == '%' || s[i] <= ' ' || s[i] >= 0x7f || s[i] == '"' || s[i] == '<' || s[i] == '>' {
			tidy = false
			break
		}
	}
	if tidy {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 16)
	escape := func(c byte) { b.WriteString(string([]byte{'%', upperHex[c>>4], upperHex[c&15]})) }
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '%' && i+2 < len(s) && hexValue(s[i+1]) >= 0 && hexValue(s[i+2]) >= 0:
			d := byte(hexValue(s[i+1])<<4 | hexValue(s[i+2]))
			if unreserved(d) {
				b.WriteByte(d)
			} else {
				escape(d)
			}
			i += 2
		case c == '%', c <= ' ', c >= 0x7f, c == '"', c == '<', c == '>':
			escape(c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

func hexValue(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return -1
}

func unreserved(c byte) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' || strings.IndexByte("-._~", c) >= 0
}
