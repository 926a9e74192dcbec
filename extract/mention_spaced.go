package extract

import "strings"

// spacedDot looks at a dot with a blank before it: one between the two parts of a domain that was written apart so that
// nothing links it, "boats . com" or "boats .com". Full stops look the same, so the second part has to be a top-level
// domain that is no word, and something has to say that a domain is meant: a word before it, a figure or a hyphen in
// the name, or the end of the line behind it.
func (f *mentionFinder) spacedDot(i int) {
	s := f.s
	from := i + 1
	if from < len(s) && s[from] == ' ' {
		from++
	}
	if i < 2 || from >= len(s) || !isLabel(s[from]) || !isLabel(s[i-2]) || i-2 < f.done || i < f.dead {
		return
	}
	end := from
	for end < len(s) && isLabel(s[end]) {
		end++
	}
	left := f.labelStart(i - 1)
	name, tld := s[left:i-1], s[from:end]
	if len(name) < 3 || strings.ToLower(tld) != tld || !spokenTLD(tld) || !isASCII([]byte(name)) {
		return
	}
	ends := from == i+2 && (end == len(s) || s[end] == '\n' || s[end] == '/' || s[end] == ',' || s[end] == ')')
	if !strings.ContainsAny(name, "0123456789-") && !f.spaceMeant(left) && !ends {
		return
	}
	h, ok := f.judgeHost(host{start: left, end: end, dressed: true}, name+"."+tld)
	if !ok {
		return
	}
	f.bareHost(h)
}

// spaceMeant reports whether the word before byte i announces an address.
func (f *mentionFinder) spaceMeant(i int) bool {
	head := strings.TrimRight(f.s[max(0, i-24):i], " .:/=")
	head = strings.ToLower(head[strings.LastIndexAny(head, " \n(,")+1:])
	switch head {
	case "visit", "site", "website", "domain", "www", "http", "https", "url", "see", "shop", "host", "panel", "order", "go", "via", "webseite", "seite", "domein", "webshop",
		"sitio", "dominio", "strona", "domena", "adresi", "сайт", "сайте", "домен", "сайту", "домене", "网址", "域名":
		return true
	}
	return false
}
