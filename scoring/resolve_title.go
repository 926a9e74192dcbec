package scoring

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// titleSeparators part the name in a title from what is said of it.
var titleSeparators = []string{" - ", " – ", " — ", "—", " | ", "|", " // ", "//", " :: ", ": ", "：", ". ", ", ", "，", " (", "（", "? ", "! ", "?", "!", " = ", "~", "»", "·", " on "}

// titleTags returns the tags in brackets that a title begins with and the title without them.
func titleTags(title string) (tags []string, rest string) {
	rest = strings.TrimSpace(title)
	for {
		open, closing := "[", "]"
		if strings.HasPrefix(rest, "【") {
			open, closing = "【", "】"
		}
		if !strings.HasPrefix(rest, open) {
			return tags, rest
		}
		end := strings.Index(rest, closing)
		if end < 0 {
			return tags, rest
		}
		tags = append(tags, rest[len(open):end])
		rest = strings.TrimSpace(rest[end+len(closing):])
	}
}

// segments cuts a title at its separators.
func segments(title string) []string {
	parts := []string{title}
	for _, sep := range titleSeparators {
		var next []string
		for _, part := range parts {
			next = append(next, strings.Split(part, sep)...)
		}
		parts = next
	}
	out := parts[:0]
	for _, part := range parts {
		if part = strings.Trim(part, " \t\n-–—|:.,()[]*#✅🔥⚡⭐"); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// titleBrand returns the name that a thread's title begins with, or "": the leading words of its first segment that
// are written like a name, without places and trade words at the end. A first segment of ordinary words names nobody.
func titleBrand(title string) string {
	_, rest := titleTags(title)
	parts := segments(rest)
	if len(parts) == 0 {
		return ""
	}
	if countCues(parts[0])[cueRequest] > 0 {
		return ""
	}
	words := strings.Fields(parts[0])
	small := len(words) <= 2 && !slices.ContainsFunc(words, nameLike)
	shouted := strings.ToUpper(parts[0]) == parts[0]
	var name []string
	for i, word := range words {
		token := looseToken(foldText(strings.Trim(word, ".,'\"«»„“”")))
		if placeWords[token] || tradeHan(word) || i > 0 && !nameLike(word) && !shouted && (!small || tradeWords[token] && name != nil) || len(name) == 4 {
			break
		}
		name = append(name, word)
	}
	for len(name) > 1 && placeWords[looseToken(foldText(name[len(name)-1]))] {
		name = name[:len(name)-1]
	}
	joined := strings.Trim(strings.Join(name, " "), ".,'\"«»„“”")
	if b := newBrand(joined); len(b.tokens) == 0 || ordinary(b, name) {
		return ""
	}
	return joined
}

// praiseWords praise or price an offer; a title that begins with one names nobody.
var praiseWords = tokenSet(`cheap best fast secure reliable anonymous new good premium bulletproof unmetered powerful private quality top which what who why how any
 goedkope goedkoop snelle betrouwbare kogelvrije beste günstige günstig schnelle sichere kugelsichere barato baratos rápido seguro melhor mejor tani tanie szybki szybkie
 ucuz hızlı güvenli дешевый дешевые надежный надежные быстрый быстрые абузоустойчивый абузоустойчивые пуленепробиваемый лучший лучшие дешеві надійні швидкі найкращі продам сдам куплю`)

// tradeHan reports whether a Chinese word says what is sold.
func tradeHan(word string) bool {
	return hasHan(word) && slices.ContainsFunc([]string{"服务器", "主机", "机房", "独服", "套餐", "出售", "出租"}, func(s string) bool { return strings.Contains(word, s) })
}

// nameLike reports whether a word is written like a part of a name: it has a capital, a digit, or no case at all.
func nameLike(word string) bool {
	for _, r := range word {
		if unicode.IsUpper(r) || unicode.IsDigit(r) || unicode.Is(unicode.Han, r) {
			return true
		}
	}
	return false
}

// ordinary reports whether all words of a would-be name are trade words, cue words or in small letters.
func ordinary(b brand, words []string) bool {
	plain := true
	for _, word := range words {
		for _, part := range splitName(word) {
			token := looseToken(foldText(part))
			counts := countCues(part)
			common := tradeWords[token] || praiseWords[token] || tradeHan(part) ||
				!hasHan(part) && counts[cueRequest]+counts[cueServer]+counts[cueSell]+counts[cueWe]+counts[cueI] > 0
			if !common && (nameLike(word) || len(words) <= 2) {
				plain = false
			}
		}
	}
	return plain || utf8.RuneCountInString(b.full) < 3
}

// siteBrand chooses the name of a site among the segments of its titles, the names its pages claim and its host: the
// one closest to the host's label; failing that, the first segment of the home page's title.
func siteBrand(host string, titles, claimed []string) string {
	label := newBrand(hostLabel(host))
	best, bestScore := "", 0
	for i, title := range titles {
		for j, part := range segments(title) {
			score := likeness(newBrand(part), label)
			if score == 0 && i == 0 && j == 0 && len(strings.Fields(part)) <= 4 {
				score = 1
			}
			if score > bestScore {
				best, bestScore = part, score
			}
		}
	}
	for _, name := range claimed {
		name = stripLegal(name)
		if score := likeness(newBrand(name), label); score > bestScore {
			best, bestScore = name, score
		}
	}
	words := strings.Fields(best)
	for len(words) > 1 && countCues(words[0])[cueMirror] > 0 {
		words = words[1:]
	}
	for len(words) > 1 && countCues(words[len(words)-1])[cueMirror] > 0 {
		words = words[:len(words)-1]
	}
	return cmp.Or(strings.Join(words, " "), hostLabel(host))
}

// likeness grades how well a name fits a host's label: 4 same in full, 3 same core, 2 contained, 0 not.
func likeness(b, label brand) int {
	switch {
	case b.full == "" || label.full == "":
		return 0
	case b.full == label.full:
		return 4
	case b.core == label.core:
		return 3
	case len(b.core) >= 4 && (strings.Contains(label.full, b.core) || strings.Contains(b.full, label.core) && len(b.full) < 2*len(label.core)):
		return 2
	}
	return 0
}

// stripLegal drops legal forms from the end of a company name.
func stripLegal(name string) string {
	words := strings.Fields(strings.Map(func(r rune) rune {
		if strings.ContainsRune("«»\"„“”()", r) {
			return ' '
		}
		return r
	}, name))
	for len(words) > 1 && legalForms[looseToken(foldText(strings.NewReplacer(".", "", ",", "").Replace(words[len(words)-1])))] {
		words = words[:len(words)-1]
	}
	for len(words) > 1 && legalForms[looseToken(foldText(strings.NewReplacer(".", "", ",", "").Replace(words[0])))] {
		words = words[1:]
	}
	return strings.Trim(strings.Join(words, " "), " .,")
}

// hostLabel is the part of a host that names its owner: "northern-rack" of "www.northern-rack.example".
func hostLabel(host string) string {
	parts := strings.Split(strings.TrimPrefix(host, "www."), ".")
	if len(parts) < 2 {
		return host
	}
	at := len(parts) - 2
	if at > 0 && len(parts[at]) <= 3 && len(parts[len(parts)-1]) == 2 {
		at-- // co.uk and the like
	}
	return parts[at]
}
