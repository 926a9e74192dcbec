package extract

import (
	"net/netip"
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// runTogether drops a last label that begins a new sentence: "boats.example.We".
func (f *mentionFinder) runTogether(h host, name string) (host, bool) {
	k := strings.LastIndexByte(name, '.')
	if h.dressed || k < 0 {
		return h, false
	}
	if c := name[k+1]; c < 0x80 && (c < 'A' || c > 'Z') {
		return h, false
	}
	h.end -= len(name) - k
	return f.judgeHost(h, name[:k])
}

// judgeHost decides whether a dotted name is a host.
func (f *mentionFinder) judgeHost(h host, name string) (host, bool) {
	last := name[strings.LastIndexByte(name, '.')+1:]
	if last[0] >= '0' && last[0] <= '9' {
		addr, err := netip.ParseAddr(name)
		h.addr = addr
		return h, err == nil
	}
	if len(last) < 2 {
		return h, false
	}
	if !isASCII([]byte(name)) {
		labels := strings.Split(name, ".")
		for k := range labels {
			labels[k] = foldLookalikes(labels[k])
		}
		name = strings.Join(labels, ".")
	}
	lower := strings.ToLower(name)
	ascii := lower
	if !isASCII([]byte(lower)) {
		if last = lower[strings.LastIndexByte(lower, '.')+1:]; last[0] >= 0x80 && !wideTLD(last) {
			return h, false
		}
		var err error
		if ascii, err = idna.Lookup.ToASCII(lower); err != nil {
			return h, false
		}
	}
	surely := h.dressed || h.end < len(f.s) && f.s[h.end] == '/' || strings.HasSuffix(f.s[:h.start], "://")
	if !knownSuffix(ascii) || !surely && mistaken(name, ascii) {
		return h, false
	}
	h.name = strings.TrimPrefix(ascii, "www.")
	return h, strings.IndexByte(h.name, '.') > 0
}

// wideTLD lists the top-level domains beyond ASCII that are in use where our sources write.
func wideTLD(s string) bool {
	switch s {
	case "рф", "рус", "укр", "бел", "қаз", "мкд", "срб", "бг", "ею", "ком", "орг", "нет", "онлайн", "сайт", "москва", "дети":
		return true
	}
	return false
}

// knownSuffix reports whether a name ends in a public suffix, or in one of the endings that stand outside the public
// name space, and has a label before it.
func knownSuffix(name string) bool {
	suffix, icann := publicsuffix.PublicSuffix(name)
	switch suffix {
	case "example", "test", "onion", "i2p", "invalid", "bit", "lib":
		icann = true
	}
	if !icann && strings.IndexByte(suffix, '.') < 0 {
		return false
	}
	return len(name) > len(suffix)+1
}

// mistaken recognises names of files, versions and run-together sentences among bare names.
func mistaken(name, ascii string) bool {
	k := strings.LastIndexByte(ascii, '.')
	tld, rest := ascii[k+1:], ascii[:k]
	label := rest[strings.LastIndexByte(rest, '.')+1:]
	written := name[strings.LastIndexByte(name, '.')+1:]
	if written[0] >= 'A' && written[0] <= 'Z' && written[1] >= 'a' && (name[0] < 'A' || name[0] > 'Z') {
		return true // "done.So"
	}
	switch tld {
	case "zip", "mov", "py", "foo", "bar":
		return true
	case "sh", "rs", "pl", "md", "so", "cc", "ps", "ms", "mk", "st", "do", "ai":
		switch label {
		case "install", "setup", "run", "start", "build", "deploy", "test", "get", "bootstrap", "backup", "update", "main", "lib", "mod", "index", "script",
			"readme", "changelog", "license", "contributing", "notes", "cgi", "libc", "rc":
			return true
		}
	case "net":
		switch label {
		case "asp", "vb", "ado", "dot":
			return true
		}
	case "am", "pm":
		return label[0] >= '0' && label[0] <= '9'
	case "in", "it", "is", "at", "no", "to", "be", "me", "my", "us", "as", "an", "go", "or", "we":
		return len(label) == 1
	}
	if len(label) > 1 || strings.IndexByte(rest, '.') >= 0 {
		return false
	}
	switch tld { // few names of one letter are in use
	case "com", "me", "co", "cc", "ru", "org", "example", "test", "onion", "i2p":
		return false
	}
	return true
}

// bareHost notes a host without a scheme: an address, a prefix, an onion name, a messenger's link or a domain.
func (f *mentionFinder) bareHost(h host) {
	if h.addr.IsValid() {
		f.address(h)
		return
	}
	if f.messengerLink(h.start, h, h.end) {
		return
	}
	f.domain(h)
}

// domain notes a name: onion addresses have their own kind.
func (f *mentionFinder) domain(h host) {
	if base, ok := strings.CutSuffix(h.name, ".onion"); ok {
		label := base[strings.LastIndexByte(base, '.')+1:]
		if len(label) == 56 || len(label) == 16 {
			f.add(mentionOnion, label+".onion", h.start, h.end, onionChecksum(label))
			return
		}
	}
	f.add(mentionDomain, h.name, h.start, h.end, false)
}

// address notes an address or, with a length after it, a prefix. Four numbers after "version" are none.
func (f *mentionFinder) address(h host) {
	s := f.s
	if h.start > 0 && (s[h.start-1] == 'v' || s[h.start-1] == 'V') || f.near(cueVersion, h.start, 3) {
		f.skip = max(f.skip, h.end)
		return
	}
	end := h.end
	if end < len(s) && s[end] == '/' {
		k := end + 1
		for k < len(s) && k < end+4 && s[k] >= '0' && s[k] <= '9' {
			k++
		}
		bits, ok := number(s[end+1 : k])
		if ok && bits <= h.addr.BitLen() && f.edgeAfter(k) {
			if p, err := h.addr.Prefix(bits); err == nil {
				f.add(mentionPrefix, p.String(), h.start, k, false)
				return
			}
		}
	}
	f.add(mentionIP, h.addr.String(), h.start, end, false)
}
