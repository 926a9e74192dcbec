package scoring

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// brand is a name in the forms in which names are compared. Two spellings of one name in Latin and Cyrillic, with and
// without blanks, hyphens and a trade word such as "hosting", have the same core.
type brand struct {
	name   string   // as written
	tokens []string // loose tokens without trade words and legal forms
	core   string   // tokens joined
	full   string   // all tokens joined
}

// tradeWords say what the seller does rather than who it is; they are compared in loose form.
var tradeWords = tokenSet(`host hosting hoster hosters hosts vps vds server servers serveri serveru cloud klaud kloud oblako dc network networks net
 internet digital data datacenter datacentre center centre online backup backups web webhosting solutions services service systems technologies tech
 it provider isp dedicated dedi hébergement hebergement serveur serveurs servidores servidor alojamiento hospedagem serwery serwer sunucu
 хост хостинг хостер сервер серверы сервера сервери сервис клауд дц впс сеть облако 云 主机 网络 服务器 官方 official support sales team shop store mirror зеркало
 group intl international lite compute computing infra infrastructure metal serv webhost hostings`)

// legalForms end a company name.
var legalForms = tokenSet(`ltd limited llc llp lp inc corp corporation gmbh ug ag eg ev bv nv vof cv ua sa sas sarl srl spa oü ou ehf hf as ab aps oy
 sia uab doo d o kft fze fzco fzllc pty plc pte co company foundation ooo ооо ао зао ип тоо тов фоп too 有限公司 公司 b v s u`)

// placeWords are country and city marks that stand beside names in titles.
var placeWords = tokenSet(`nl ams de us ru ro md ua uk fr es tr hk cn zh en eu ee lt lv pl ch at be offshore amsterdam netherlands nederland нидерланды
 амстердам нл niederlande holland amsterdam/panama pays bas`)

// tokenSet splits a list into a set of loose tokens.
func tokenSet(list string) map[string]bool {
	set := map[string]bool{}
	for word := range strings.FieldsSeq(list) {
		set[looseToken(foldText(word))] = true
	}
	return set
}

// cyrillicLatin is a loose transliteration of Russian and Ukrainian.
var cyrillicLatin = map[rune]string{
	'а': "a", 'б': "b", 'в': "v", 'г': "g", 'ґ': "g", 'д': "d", 'е': "e", 'є': "ie", 'ё': "e", 'ж': "zh", 'з': "z", 'и': "i", 'і': "i", 'ї': "i",
	'й': "i", 'к': "k", 'л': "l", 'м': "m", 'н': "n", 'о': "o", 'п': "p", 'р': "r", 'с': "s", 'т': "t", 'у': "u", 'ф': "f", 'х': "h", 'ц': "c",
	'ч': "ch", 'ш': "sh", 'щ': "sch", 'ъ': "", 'ы': "i", 'ь': "", 'э': "e", 'ю': "iu", 'я': "ia",
}

// looseToken brings one folded token to the form in which transliterations of the same word agree: Cyrillic in Latin
// letters, kh as h, ts as c, y as i, accents dropped, doubled letters single.
func looseToken(token string) string {
	var space [64]byte
	out := space[:0]
	for i := 0; i < len(token); {
		c := token[i]
		if c < utf8.RuneSelf {
			out = appendLoose(out, c)
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(token[i:])
		i += size
		if s, ok := looseRune(r); ok {
			for k := range len(s) {
				out = appendLoose(out, s[k])
			}
			continue
		}
		out = utf8.AppendRune(out, r)
	}
	return string(out)
}

// appendLoose appends one ASCII letter under the rules of the loose form.
func appendLoose(out []byte, c byte) []byte {
	if c == 'y' {
		c = 'i'
	}
	if n := len(out); n > 0 {
		switch last := out[n-1]; {
		case c == 'h' && last == 'k':
			out[n-1] = 'h'
			return out
		case c == 's' && last == 't':
			out[n-1] = 'c'
			return out
		case c == last && c >= 'a' && c <= 'z':
			return out
		}
	}
	return append(out, c)
}

// looseRune is the Latin form of a Cyrillic or an accented letter.
func looseRune(r rune) (string, bool) {
	if r >= 'а' && r <= 'ґ' {
		s, ok := cyrillicLatin[r]
		return s, ok
	}
	switch r {
	case 'é', 'è', 'ê', 'ë':
		return "e", true
	case 'ü', 'ú', 'ù', 'û':
		return "u", true
	case 'ö', 'ó', 'ò', 'ô', 'õ':
		return "o", true
	case 'ä', 'á', 'à', 'â', 'ã':
		return "a", true
	case 'í', 'î', 'ï':
		return "i", true
	case 'ç':
		return "c", true
	case 'ñ':
		return "n", true
	}
	return "", false
}

// splitName cuts a name into words at blanks, signs and inner capitals.
func splitName(name string) []string {
	var words []string
	var word []rune
	flush := func() {
		if len(word) > 0 {
			words = append(words, string(word))
			word = word[:0]
		}
	}
	var last rune
	for _, r := range name {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r):
			flush()
		case unicode.IsUpper(r) && unicode.IsLower(last):
			flush()
			word = append(word, r)
		default:
			word = append(word, r)
		}
		last = r
	}
	flush()
	return words
}

// newBrand brings a name to its forms of comparison.
func newBrand(name string) brand {
	b := brand{name: strings.TrimSpace(name)}
	for _, word := range splitName(foldScripts(name)) {
		token := looseToken(foldText(word))
		if token == "" {
			continue
		}
		b.full += token
		if !tradeWords[token] && !legalForms[token] && (!placeWords[token] || len(token) > 3) {
			b.tokens = append(b.tokens, trimHanTrade(token))
		}
	}
	b.core = strings.Join(b.tokens, "")
	for _, suffix := range [...]string{"hosting", "host", "vps", "servers", "server", "cloud", "network", "digital"} {
		if cut, ok := strings.CutSuffix(b.core, suffix); ok && len(cut) >= 4 && len(b.tokens) == 1 {
			b.core = cut
			b.tokens = []string{cut}
		}
	}
	if b.core == "" {
		b.core = b.full
		if b.full != "" {
			b.tokens = []string{b.full}
		}
	}
	return b
}

// foldScripts undoes look-alike letters but keeps the case, so that inner capitals still part words.
func foldScripts(name string) string {
	folded := []rune(foldText(name))
	original := []rune(strings.TrimSpace(name))
	if len(folded) != len(original) {
		return name
	}
	for i, r := range original {
		if unicode.IsUpper(r) {
			folded[i] = unicode.ToUpper(folded[i])
		}
	}
	return string(folded)
}

// unmixed is a name without look-alike letters of another script; digits that stand for letters are left.
func unmixed(name string) string {
	out := []rune(name)
	plain := []rune(foldScripts(name))
	if len(plain) != len(out) {
		return name
	}
	for i, r := range out {
		if unicode.IsLetter(r) {
			out[i] = plain[i]
		}
	}
	return string(out)
}

// trimHanTrade drops a trade word from the end of a Chinese name.
func trimHanTrade(token string) string {
	for _, suffix := range [...]string{"网络", "主机", "服务器", "云"} {
		if cut, ok := strings.CutSuffix(token, suffix); ok && utf8.RuneCountInString(cut) >= 2 {
			return cut
		}
	}
	return token
}

// telling reports whether the core is long enough to tell one seller from another.
func (b brand) telling() bool {
	n := utf8.RuneCountInString(b.core)
	return n >= 4 || n >= 2 && n < len(b.core)
}

// same reports whether two names are the same but for script, spacing and trade words.
func (b brand) same(other brand) bool {
	if b.full == "" || other.full == "" {
		return false
	}
	return b.full == other.full || b.core == other.core && b.telling()
}

// close reports whether two names differ by one or two letters only: easily taken for one another, never the same.
func (b brand) close(other brand) bool {
	if b.same(other) || len(b.core) < 6 || len(other.core) < 6 {
		return false
	}
	limit := 1
	if min(len(b.core), len(other.core)) >= 10 {
		limit = 2
	}
	return editDistance(b.core, other.core, limit) <= limit
}

// nick is a nickname in the forms in which it is compared with names.
type nick struct {
	words  []string // without digits, trade words and places
	joined []string // words joined from the start: one, two, …
	whole  []string // the same with trade words
}

// newNick brings a nickname to its forms of comparison.
func newNick(name string) nick {
	var n nick
	whole, joined := "", ""
	for _, word := range splitName(foldScripts(name)) {
		token := looseToken(strings.TrimRight(foldText(word), "0123456789"))
		if token == "" {
			continue
		}
		whole += token
		n.whole = append(n.whole, whole)
		if !tradeWords[token] && !placeWords[token] {
			joined += token
			n.words = append(n.words, token)
			n.joined = append(n.joined, joined)
		}
	}
	return n
}

// nicknamed reports whether a nickname stands for the brand.
func (b brand) nicknamed(name string) bool { return b.called(newNick(name)) }

// called reports whether a nickname stands for the brand: one of its words, or its words from the start, are the brand's
// core or full form, a long first word of it, or its initials and last word.
func (b brand) called(n nick) bool {
	if b.full == "" {
		return false
	}
	for _, whole := range n.whole {
		if whole == b.full && len(whole) >= 4 {
			return true
		}
	}
	for i, word := range n.words {
		switch {
		case word == b.full, n.joined[i] == b.full, b.telling() && (word == b.core || n.joined[i] == b.core):
			return true
		case len(b.tokens) > 1 && (word == b.initialed() || i == 0 && len(word) >= 5 && slices.Contains(b.tokens, word)):
			return true
		}
	}
	return len(n.words) == 1 && len(b.tokens) > 1 && len(n.words[0]) >= 4 && slices.Contains(b.tokens, n.words[0])
}

// initialed is the last word with the initials of the words before it.
func (b brand) initialed() string {
	var out strings.Builder
	for _, token := range b.tokens[:len(b.tokens)-1] {
		r, _ := utf8.DecodeRuneInString(token)
		out.WriteRune(r)
	}
	return out.String() + b.tokens[len(b.tokens)-1]
}

// editDistance is Levenshtein's distance, cut off above limit.
func editDistance(a, b string, limit int) int {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > limit {
		return limit + 1
	}
	row := make([]int, len(a)+1)
	for i := range row {
		row[i] = i
	}
	for j := 1; j <= len(b); j++ {
		diagonal := row[0]
		row[0] = j
		best := row[0]
		for i := 1; i <= len(a); i++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			next := min(row[i]+1, row[i-1]+1, diagonal+cost)
			diagonal, row[i] = row[i], next
			best = min(best, next)
		}
		if best > limit {
			return limit + 1
		}
	}
	return row[len(a)]
}
