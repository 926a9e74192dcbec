package extract

import (
	"strings"
)

// withoutSession removes session ids from the query of u, whether parameters are separated by & or ;, and the
// ;jsessionid= of a path.
func withoutSession(u string) string {
	if strings.IndexByte(u, ';') >= 0 {
		u = withoutPathSession(u)
	}
	q := strings.IndexByte(u, '?')
	if q < 0 {
		return u
	}
	whole, frag := u, ""
	if h := strings.IndexByte(u, '#'); h >= 0 {
		if h < q {
			return u
		}
		u, frag = u[:h], u[h:]
	}
	if !mayHoldSession(u[q:]) {
		return whole
	}
	for at := q + 1; at < len(u); {
		stop := at
		for stop < len(u) && u[stop] != '&' && u[stop] != ';' {
			stop++
		}
		next := stop
		if stop < len(u) {
			if next = stop + 1; u[stop] == '&' && strings.HasPrefix(u[next:], "amp;") {
				next += len("amp;")
			}
		}
		if !isSession(u[at:stop]) {
			at = next
			continue
		}
		if next == len(u) {
			u = u[:at-1] // with the separator before it
			break
		}
		u = u[:at] + u[next:]
	}
	return strings.TrimSuffix(u, "?") + frag
}

// withoutPathSession removes the ;jsessionid= of a path.
func withoutPathSession(u string) string {
	k := strings.Index(u, ";jsessionid=")
	if k < 0 {
		return u
	}
	if stop := strings.IndexAny(u[k:], "?#/"); stop >= 0 {
		return u[:k] + u[k+stop:]
	}
	return u[:k]
}

// mayHoldSession reports whether a key of a query ends like one of a session id.
func mayHoldSession(query string) bool {
	for at := 0; ; at++ {
		k := strings.IndexByte(query[at:], '=')
		if k < 0 {
			return false
		}
		at += k
		if at == 0 {
			continue
		}
		switch query[at-1] {
		case 's':
			return true
		case 'd', 'D':
			if key := query[:at]; strings.HasSuffix(key, "id") || strings.HasSuffix(key, "ID") {
				return true
			}
		}
	}
}

// isSession reports whether a query part is a session id: a known key with a long random value.
func isSession(part string) bool {
	key, value, ok := strings.Cut(part, "=")
	if !ok {
		return false
	}
	switch key {
	case "sid", "PHPSESSID", "phpsessid", "s", "osCsid", "jsessionid", "zenid", "sessionid":
	default:
		return false
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
