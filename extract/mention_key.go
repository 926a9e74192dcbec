package extract

import (
	"bytes"
	"crypto/sha3"
	"encoding/base32"
	"encoding/hex"
	"strings"
)

// long looks at a long run of letters and digits: a key or a wallet.
func (f *mentionFinder) long(start, end int) {
	w := f.s[start:end]
	n := len(w)
	switch {
	case looksBech32(w):
		low := strings.ToLower(w)
		f.add(mentionWallet, low, start, end, bech32Checksum(low))
		return
	case n == 42 && w[0] == '0' && (w[1] == 'x' || w[1] == 'X') && allHex(w[2:]):
		f.add(mentionWallet, strings.ToLower(w), start, end, eip55(w[2:]))
		return
	case n >= 40 && n != 42 && allHex(w): // keys; other digests are nothing of ours
		f.hexKey(start, end)
		return
	case n == 95 || n == 106:
		if (w[0] == '4' || w[0] == '8') && allBase58(w) {
			f.add(mentionWallet, w, start, end, moneroChecksum(w))
			return
		}
	case n >= 26 && n <= 35 && allBase58(w) && base58Coin(w):
		f.add(mentionWallet, w, start, end, true)
		return
	}
	if n < 20 || n > 110 || !strings.ContainsAny(w, "0123456789") || strings.IndexByte(w, '_') >= 0 {
		return
	}
	switch {
	case f.near(cueTox, start, 24) && strings.ToUpper(w) == w && n <= 80:
		f.add(mentionTox, w, start, end, false)
	case f.near(cueWallet, start, 40) && hasLetter(w):
		f.add(mentionWallet, w, start, end, false)
	}
}

// hexKey notes a Tox id (76 digits), a Session id (66, beginning with 05) or, where a key is spoken of, an OpenPGP
// fingerprint (40) or a Tox key (64).
func (f *mentionFinder) hexKey(start, end int) {
	w := f.s[start:end]
	switch {
	case len(w) == 76:
		f.add(mentionTox, strings.ToUpper(w), start, end, toxChecksum(w))
	case len(w) == 66 && strings.HasPrefix(w, "05"):
		f.add(mentionSession, strings.ToLower(w), start, end, false)
	case len(w) == 64 && f.near(cueTox, start, 24):
		f.add(mentionTox, strings.ToUpper(w), start, end, false)
	case len(w) == 40 && f.near(cueKey, start, 60):
		f.add(mentionPGP, strings.ToUpper(w), start, end, false)
	}
}

// announcedKey notes a made-up or shortened Tox or Session id after the messenger's name.
func (f *mentionFinder) announcedKey(end int, cue cueKind) {
	at, strong := f.announced(end)
	stop := at
	for stop < len(f.s) && isASCIIWord(f.s[stop]) {
		stop++
	}
	w := f.s[at:stop]
	if len(w) < 20 || len(w) > 80 || !f.edgeAfter(stop) || !strings.ContainsAny(w, "0123456789") || allHex(w) && len(w) >= 40 {
		return
	}
	if cue == cueSession {
		if strong && strings.HasPrefix(w, "05") {
			f.add(mentionSession, strings.ToLower(w), at, stop, false)
		}
		return
	}
	if strings.ToUpper(w) == w || strong {
		f.add(mentionTox, strings.ToUpper(w), at, stop, false)
	}
}

// spacedKey notes an OpenPGP fingerprint in ten groups of four hexadecimal digits; start is where the first stands.
func (f *mentionFinder) spacedKey(start int) {
	s, k := f.s, start
	var out [40]byte
	for g := range 10 {
		if k+4 > len(s) || !allHex(s[k:k+4]) {
			return
		}
		copy(out[4*g:], s[k:k+4])
		k += 4
		if g == 9 {
			break
		}
		blanks := 0
		for k < len(s) && blanks < 3 {
			if s[k] == ' ' {
				k++
			} else if strings.HasPrefix(s[k:], "\u00a0") {
				k += 2
			} else {
				break
			}
			blanks++
		}
		if blanks == 0 || blanks > 2 {
			return
		}
	}
	value := strings.ToUpper(string(out[:]))
	if !f.edgeAfter(k) || !strings.ContainsAny(value, "0123456789") || !f.near(cueKey, start, 80) && !strings.ContainsAny(value, "ABCDEF") {
		return
	}
	f.add(mentionPGP, value, start, k, false)
}

func allHex(s string) bool {
	for i := range len(s) {
		if !isHex(s[i]) {
			return false
		}
	}
	return s != ""
}

func hasLetter(s string) bool {
	for i := range len(s) {
		if s[i] >= 'A' {
			return true
		}
	}
	return false
}

// toxChecksum verifies the last two of a Tox id's 38 bytes: the exclusive or of all byte pairs before them.
func toxChecksum(s string) bool {
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != 38 {
		return false
	}
	var sum [2]byte
	for i, c := range b[:36] {
		sum[i%2] ^= c
	}
	return sum[0] == b[36] && sum[1] == b[37]
}

// onionChecksum verifies a version 3 onion label: 32 bytes of key, 2 of checksum, the version (Tor rend-spec-v3, 6).
func onionChecksum(label string) bool {
	b, err := base32.StdEncoding.DecodeString(strings.ToUpper(label))
	if err != nil || len(b) != 35 || b[34] != 3 {
		return false
	}
	sum := sha3.Sum256(append(append([]byte(".onion checksum"), b[:32]...), 3))
	return bytes.Equal(sum[:2], b[32:34])
}
