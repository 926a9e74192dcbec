package extract

import (
	"net/netip"
	"strings"
	"unicode/utf8"
)

// colon looks at a colon: of a URL, or the first of an IPv6 address.
func (f *mentionFinder) colon(i int) {
	s := f.s
	if strings.HasPrefix(s[i:], "://") {
		f.url(i)
		return
	}
	if i < f.done || !isHex(s[i+1]) && s[i+1] != ':' {
		return
	}
	start := i
	for start > f.done && i-start < 5 && isHex(s[start-1]) {
		start--
	}
	if !f.edgeBefore(start) || start > 0 && s[start-1] == ':' {
		return
	}
	end := i
	for end < len(s) && end-start < 46 && (isHex(s[end]) || s[end] == ':' || s[end] == '.') {
		end++
	}
	for end > i && (s[end-1] == '.' || s[end-1] == ':' && !strings.HasSuffix(s[start:end], "::")) {
		end--
	}
	word := s[start:end]
	if !f.edgeAfter(end) || strings.Count(word, ":") < 2 || len(word) < 4 || !strings.ContainsAny(word, "0123456789") {
		return
	}
	if addr, err := netip.ParseAddr(word); err == nil {
		f.address(host{start: start, end: end, addr: addr})
	}
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

// scheme returns the canonical form of a written URL scheme, or "".
func scheme(s string) string {
	switch strings.ToLower(s) {
	case "http", "hxxp", "h**p", "hxtp", "htxp", "hттp", "httр":
		return "http"
	case "https", "hxxps", "h**ps", "hxtps", "htxps", "httрs":
		return "https"
	case "ftp":
		return "ftp"
	case "tg":
		return "tg"
	}
	return ""
}

// url notes a URL whose "://" stands at i.
func (f *mentionFinder) url(i int) {
	s, start := f.s, i
	for start > f.done && i-start < 6 && (isASCIIWord(s[start-1]) || s[start-1] == '*') {
		start--
	}
	name := scheme(s[start:i])
	for name == "" && start < i { // a word ran into the scheme
		start++
		name = scheme(s[start:i])
	}
	if name == "" {
		return
	}
	if name == "tg" {
		f.telegramScheme(start, i+3)
		return
	}
	at := i + 3
	if k := strings.IndexByte(s[at:min(at+80, len(s))], '@'); k > 0 && !strings.ContainsAny(s[at:at+k], "/ \n?#<>\"") {
		at += k + 1 // user information is no part of what is meant
	}
	if at < len(s) && s[at] == '[' {
		f.urlLiteral(name, start, at)
		return
	}
	h, ok := f.readHost(at, false)
	if !ok {
		return
	}
	end := f.urlEnd(h.end)
	if !h.addr.IsValid() && f.messengerLink(start, h, end) {
		return
	}
	rest := s[h.end:end]
	written := h.name
	if h.addr.IsValid() {
		written = h.addr.String()
	} else if strings.HasPrefix(strings.ToLower(s[at:h.end]), "www") {
		written = "www." + h.name
	}
	if h.name == "" && !h.addr.IsValid() {
		return
	}
	f.add(mentionURL, name+"://"+written+rest, start, end, false)
	f.skip = end
	if h.addr.IsValid() {
		f.add(mentionIP, written, h.start, h.end, false)
	} else {
		f.domain(h)
	}
	f.done, f.skip = end, end
}

// urlLiteral notes a URL whose host is an IPv6 address in brackets.
func (f *mentionFinder) urlLiteral(name string, start, at int) {
	k := strings.IndexByte(f.s[at:min(at+48, len(f.s))], ']')
	if k < 0 {
		return
	}
	addr, err := netip.ParseAddr(f.s[at+1 : at+k])
	if err != nil {
		return
	}
	end := f.urlEnd(at + k + 1)
	f.add(mentionURL, name+"://["+addr.String()+"]"+f.s[at+k+1:end], start, end, false)
	f.add(mentionIP, addr.String(), at+1, at+k, false)
	f.done, f.skip = end, end
}

// urlEnd returns where the port, path and query that follow a host at i end. Punctuation that closes a sentence or a
// bracket is no part of it.
func (f *mentionFinder) urlEnd(i int) int {
	s := f.s
	end := i
	if end+1 < len(s) && s[end] == ':' && s[end+1] >= '0' && s[end+1] <= '9' {
		for end++; end < len(s) && s[end] >= '0' && s[end] <= '9'; end++ {
		}
	}
	if end >= len(s) || s[end] != '/' && s[end] != '?' && s[end] != '#' {
		return end
	}
	for end < len(s) && end-i < 2000 {
		c := s[end]
		if c <= ' ' || c == '<' || c == '>' || c == '"' || c == '`' || c == '|' || c == '{' || c == '}' || c == '\\' || c == '^' || c == '[' || c == ']' {
			break
		}
		if c >= 0x80 {
			r, n := utf8.DecodeRuneInString(s[end:])
			if r == '»' || r == '”' || r == '“' || r == '’' || r == '…' || r == '\u00a0' || r >= 0x2000 && r < 0x2070 || r >= 0x3000 {
				break
			}
			end += n
			continue
		}
		end++
	}
	for end > i {
		switch c := s[end-1]; {
		case strings.IndexByte(".,;:!?'*_~", c) >= 0:
		case c == ')' && strings.Count(s[i:end], "(") < strings.Count(s[i:end], ")"):
		default:
			return end
		}
		end--
	}
	return end
}

// telegramScheme notes "tg://resolve?domain=name" and "tg://join?invite=hash"; at is where the part after "://" starts.
func (f *mentionFinder) telegramScheme(start, at int) {
	end := at
	for end < len(f.s) && f.s[end] > ' ' && f.s[end] < 0x7f && strings.IndexByte("\"'<>`)]}", f.s[end]) < 0 {
		end++
	}
	_, query, _ := strings.Cut(f.s[at:end], "?")
	for part := range strings.SplitSeq(query, "&") {
		key, value, _ := strings.Cut(part, "=")
		switch {
		case key == "domain" && telegramName(value):
			f.add(mentionTelegram, strings.ToLower(value), start, end, false)
			return
		case key == "invite" && value != "":
			f.add(mentionTelegram, "+"+value, start, end, false)
			return
		}
	}
}

// messengerLink notes a link into a messenger; start is where the link starts, end where it ends when it has a scheme.
func (f *mentionFinder) messengerLink(start int, h host, end int) bool {
	var kind string
	switch h.name {
	case "t.me", "telegram.me", "telegram.dog", "telegram.im", "tgstat.com", "tgstat.ru":
		kind = mentionTelegram
	case "discord.gg", "discord.com", "discordapp.com":
		kind = mentionDiscord
	case "wa.me", "api.whatsapp.com", "chat.whatsapp.com":
		kind = mentionWhatsApp
	case "matrix.to":
		kind = mentionMatrix
	case "signal.me":
		kind = mentionSignal
	default:
		return f.telegramSubdomain(start, h, end)
	}
	if end == h.end {
		end = f.urlEnd(h.end)
	}
	if value := messengerValue(kind, h.name, strings.TrimPrefix(f.s[h.end:end], "/")); value != "" {
		f.add(kind, value, start, end, false)
		return true
	}
	return false
}

// telegramSubdomain reads "name.t.me".
func (f *mentionFinder) telegramSubdomain(start int, h host, end int) bool {
	if name, ok := strings.CutSuffix(h.name, ".t.me"); ok && telegramName(name) {
		f.add(mentionTelegram, name, start, end, false)
		return true
	}
	return false
}

// messengerValue returns the account, channel or invitation that the path of a messenger's link names, or "".
func messengerValue(kind, hostName, path string) string {
	first, rest, _ := strings.Cut(path, "/")
	first = cutAny(first, "?#")
	rest = cutAny(rest, "?#/")
	switch kind {
	case mentionTelegram:
		switch {
		case (first == "s" || first == "channel" || first == "@") && rest != "":
			first = rest
		case first == "joinchat" && rest != "":
			return "+" + rest
		case strings.HasPrefix(first, "+") && len(first) > 6:
			return first
		}
		if first = strings.TrimPrefix(first, "@"); telegramName(first) {
			return strings.ToLower(first)
		}
	case mentionDiscord:
		if hostName == "discord.gg" && first != "" {
			return first
		}
		if first == "invite" {
			return rest
		}
	case mentionWhatsApp:
		if hostName == "api.whatsapp.com" {
			_, first, _ = strings.Cut(path, "phone=")
			first = cutAny(first, "&#")
		}
		if digits := onlyDigits(first); len(digits) >= 8 && len(digits) <= 15 {
			return "+" + digits
		}
		if hostName == "chat.whatsapp.com" {
			return first
		}
	case mentionMatrix:
		if at := strings.IndexByte(path, '@'); at >= 0 {
			return strings.ToLower(cutAny(path[at:], "?/"))
		}
	case mentionSignal:
		if digits := onlyDigits(path); len(digits) >= 8 {
			return "+" + digits
		}
	}
	return ""
}

func cutAny(s, marks string) string {
	if k := strings.IndexAny(s, marks); k >= 0 {
		return s[:k]
	}
	return s
}

// onlyDigits returns the digits of s.
func onlyDigits(s string) string {
	out := make([]byte, 0, len(s))
	for i := range len(s) {
		if s[i] >= '0' && s[i] <= '9' {
			out = append(out, s[i])
		}
	}
	return string(out)
}

// telegramName reports whether s can be a Telegram user name: 4 to 32 letters, digits and underscores, a letter first.
func telegramName(s string) bool {
	if len(s) < 4 || len(s) > 32 || s[0] >= '0' && s[0] <= '9' || s[0] == '_' {
		return false
	}
	for i := range len(s) {
		if scanClasses[s[i]] != scanWord {
			return false
		}
	}
	switch strings.ToLower(s) {
	case "joinchat", "share", "proxy", "socks", "addstickers", "setlanguage", "login", "iv":
		return false
	}
	return true
}
