package store

// sortKey orders posts by site, thread and number, numbers by their value. It is compared byte by byte, so that the
// order is the same in both databases whatever their collation.
func sortKey(k keys) []byte {
	thread := k.ThreadID
	if thread == "" {
		thread = k.ThreadURL
	}
	if thread == "" {
		thread = k.Thread
	}
	b := make([]byte, 0, len(k.Site)+len(thread)+len(k.Number)+len(k.URL)+8)
	b = append(appendNatural(b, k.Site), 0)
	b = append(appendNatural(b, thread), 0)
	b = append(appendNatural(b, k.Number), 0)
	b = appendNatural(b, k.URL)
	return b[:min(len(b), maxKey)]
}

// maxPart bounds one part of a sort key, as [maxKey] bounds the whole.
const maxPart = 512

// appendNatural appends s so that runs of digits compare as numbers: each is preceded by its length without leading
// zeros. Zero bytes, which end a part, become ones.
func appendNatural(b []byte, s string) []byte {
	if len(s) > maxPart {
		s = s[:maxPart]
	}
	for i := 0; i < len(s); {
		if s[i] < '0' || s[i] > '9' {
			b = append(b, max(s[i], 1))
			i++
			continue
		}
		start := i
		for i < len(s) && s[i] >= '0' && s[i] <= '9' {
			i++
		}
		for start < i-1 && s[start] == '0' {
			start++
		}
		digits := s[start:i]
		b = append(b, '0', byte(min(len(digits), 255)))
		b = append(b, digits...)
	}
	return b
}
