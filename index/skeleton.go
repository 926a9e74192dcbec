package index

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// lookalikes maps letters of other scripts to the Latin letter that they are passed off as. It holds what is seen in
// practice, lower case; the full list is that of Unicode TS 39, confusables.txt.
var lookalikes = map[rune]rune{
	'а': 'a', 'в': 'b', 'с': 'c', 'ԁ': 'd', 'е': 'e', 'ё': 'e', 'ғ': 'f', 'ԍ': 'g', 'һ': 'h', 'і': 'i', 'ї': 'i', 'ј': 'j', 'к': 'k',
	'ӏ': 'l', 'м': 'm', 'н': 'h', 'о': 'o', 'р': 'p', 'ԛ': 'q', 'г': 'r', 'ѕ': 's', 'т': 't', 'ц': 'u', 'ѵ': 'v', 'ѡ': 'w', 'ԝ': 'w', 'х': 'x',
	'у': 'y', 'ү': 'y', 'ь': 'b',
	'α': 'a', 'β': 'b', 'ϲ': 'c', 'ε': 'e', 'η': 'n', 'ι': 'i', 'κ': 'k', 'ν': 'v', 'ο': 'o', 'ρ': 'p', 'τ': 't', 'υ': 'u', 'χ': 'x', 'γ': 'y', 'ω': 'w',
	'ı': 'i', 'ɡ': 'g', 'ɑ': 'a', 'ʟ': 'l', 'ł': 'l', 'ø': 'o', 'đ': 'd', 'ß': 's',
}

// leet maps digits and signs to the letters they stand for; '1' and '|' may be l or i, so both are tried.
var leet = map[rune]rune{'0': 'o', '3': 'e', '4': 'a', '5': 's', '7': 't', '8': 'b', '9': 'g', '@': 'a', '$': 's', '€': 'e', '!': 'i', '1': 'l', '|': 'l'}

// skeletons returns what a word looks like in plain Latin letters, when it is not written so: "bu11etproof",
// "bulletрroof", "b.u.l.l.e.t" and "bullet-proof". It returns few forms, and none for a plain word, a number, or a word
// that is simply written in another script.
func skeletons(w string) []string {
	parts := strings.FieldsFunc(w, isJoiner)
	if len(parts) < 2 {
		return skeletonsOf(w)
	}
	spelled := len(parts) >= 4 && !slices.ContainsFunc(parts, func(p string) bool { return utf8.RuneCountInString(p) > 1 })
	hyphened := len(parts) <= 3 && !strings.ContainsFunc(w, func(r rune) bool { return isJoiner(r) && r != '-' && r != '_' })
	var out []string
	if spelled || hyphened {
		joined := strings.Join(parts, "")
		out = skeletonsOf(joined)
		if len(out) == 0 && !strings.ContainsFunc(joined, func(r rune) bool { return !unicode.IsLetter(r) }) {
			out = append(out, strings.ToLower(norm.NFKC.String(joined)))
		}
	}
	for _, part := range parts {
		for _, s := range skeletonsOf(part) {
			if !slices.Contains(out, s) {
				out = append(out, s)
			}
		}
	}
	return out
}

// skeletonsOf is [skeletons] of a word without joiners.
func skeletonsOf(w string) []string {
	plain := strings.ToLower(norm.NFKC.String(w))
	var latin, foreign, folded, digits int
	for _, r := range plain {
		switch {
		case r >= 'a' && r <= 'z':
			latin++
		case lookalikes[r] != 0:
			folded++
		case unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r):
			foreign++
		case unicode.IsLetter(r):
			latin++
		case leet[r] != 0:
			digits++
		}
	}
	if latin+folded < 2 || latin+folded+digits < 3 || foreign > 0 && latin == 0 {
		return nil
	}
	var out []string
	for _, one := range []rune{'l', 'i'} {
		if s := fold(plain, one); s != plain && len(s) >= 3 && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// fold writes a word in plain Latin letters, '1' and '|' as one. Marks, joiners and dots between letters are dropped.
func fold(plain string, one rune) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(plain) {
		switch {
		case unicode.Is(unicode.Mn, r), unicode.Is(unicode.Cf, r), isJoiner(r):
		case r == '1' || r == '|':
			b.WriteRune(one)
		case lookalikes[r] != 0:
			b.WriteRune(lookalikes[r])
		case leet[r] != 0:
			b.WriteRune(leet[r])
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// isJoiner tells what people put between the letters of a word to hide it.
func isJoiner(r rune) bool { return strings.ContainsRune(".-_·•*'’", r) }

// inWord tells what may be part of a disguised word.
func inWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.Is(unicode.M, r) || unicode.Is(unicode.Cf, r) || leet[r] != 0 || isJoiner(r)
}

// maxDisguised bounds a disguised word in bytes; longer runs are no words.
const maxDisguised = 80

// disguised calls yield with every run of text that may be a disguised word, by its place.
func disguised(text string, yield func(start, end int)) {
	start := -1
	for i, r := range text {
		if inWord(r) {
			if start < 0 {
				start = i
			}
			continue
		}
		if start >= 0 && i-start <= maxDisguised {
			yield(start, i)
		}
		start = -1
	}
	if start >= 0 && len(text)-start <= maxDisguised {
		yield(start, len(text))
	}
}

// edge trims what surrounds a word rather than being part of it.
func edge(text string, start, end int) (int, int) {
	trim := func(r rune) bool { return isJoiner(r) || r == '!' || r == '|' }
	for start < end {
		r, n := utf8.DecodeRuneInString(text[start:end])
		if !trim(r) {
			break
		}
		start += n
	}
	for start < end {
		r, n := utf8.DecodeLastRuneInString(text[start:end])
		if !trim(r) {
			break
		}
		end -= n
	}
	return start, end
}

// skeletonText lists the skeletons of a text's disguised words, each once, in order of appearance.
func skeletonText(texts ...string) string {
	var out []string
	seen := map[string]bool{}
	for _, text := range texts {
		disguised(text, func(start, end int) {
			start, end = edge(text, start, end)
			for _, s := range skeletons(text[start:end]) {
				if !seen[s] {
					seen[s] = true
					out = append(out, s)
				}
			}
		})
	}
	return strings.Join(out, " ")
}

// foldKeyword is how every keyword is compared: NFKC, lower case, white space as single spaces.
func foldKeyword(s string) string {
	return strings.Join(strings.Fields(strings.ToLower(norm.NFKC.String(s))), " ")
}
