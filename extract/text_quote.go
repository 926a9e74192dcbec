package extract

import (
	"strings"
	"unicode/utf8"

	"schemer"
)

// wroteWords end a line that says who is quoted, in the languages of forums.
var wroteWords = []string{
	"wrote", "writes", "said", "says", "schrieb", "schreibt", "hat geschrieben", "sagte", "schreef", "schrijft", "zei", "a écrit", "écrit",
	"a dit", "escribió", "dijo", "ha escrito", "escreveu", "disse", "napisał(a)", "napisał", "napisała", "pisze", "yazdı", "dedi", "yazmış",
	"писал(а)", "писал", "писала", "пишет", "написал(а)", "написал", "написала", "сказал(а)", "сказал", "сказала", "писав", "пише",
	"написав", "написала", "写道", "说", "寫道", "說", "發表於", "发表于", "ha scritto", "skrev", "skrifaði",
}

// quotedMarks stand before the name in an attribution.
var quotedMarks = []string{
	"Originally Posted by ", "Originally posted by ", "Quote from: ", "Quote from ", "Quote: ", "Posted by ", "Сообщение от ", "Цитата: ",
	"Цитата от ", "Цитата:", "Zitat von: ", "Zitat von ", "Zitat: ", "Citaat van: ", "Citaat van ", "Quote van ", "Citation de: ", "Citation de ",
	"Cita de: ", "Cita de ", "Citação de: ", "Citação de ", "Cytat: ", "Cytat z: ", "Alıntı yapılan: ", "Alıntı: ", "Цитата з: ", "引用: ", "Envoyé par ",
	"Geplaatst door ", "Zitat Zitat von ", "Escrito originalmente por ", "Iniciado por ", "Zamieszczone przez ",
}

var quotedWords = newWordSet(quotedMarks...)

// quotedAuthor takes the name out of an attribution: "X wrote:", "On DATE, X wrote:", "Quote from: X on DATE",
// "Originally Posted by X", "Цитата: X (date)". Without such words a short text is the name itself.
func quotedAuthor(s string) string {
	s = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(strings.TrimRight(s, "↑→»› ")), ":"))
	s = strings.TrimSpace(strings.TrimSuffix(s, "："))
	if quotedWords.in(clip(s, 64)) {
		for _, mark := range quotedMarks {
			if k := strings.Index(s, mark); k >= 0 && k < 12 {
				return cutDate(s[k+len(mark):])
			}
		}
	}
	for _, w := range wroteWords {
		if head, ok := cutWrote(s, w); ok {
			return afterDate(head)
		}
	}
	if k := strings.Index(s, " said in "); k > 0 {
		return strings.TrimPrefix(s[:k], "@")
	}
	if utf8.RuneCountInString(s) > 60 || strings.EqualFold(s, "quote") || s == "Цитата" || s == "Zitat" || s == "Citaat" {
		return ""
	}
	return strings.TrimPrefix(cutDate(s), "@")
}

// cutWrote cuts the verb that ends an attribution, whatever its case.
func cutWrote(s, verb string) (head string, ok bool) {
	if len(s) <= len(verb) {
		return "", false
	}
	tail := s[len(s)-len(verb):]
	if a, b := tail[len(tail)-1], verb[len(verb)-1]; (a < utf8.RuneSelf) != (b < utf8.RuneSelf) || b < utf8.RuneSelf && a|0x20 != b|0x20 {
		return "", false
	}
	if !strings.EqualFold(tail, verb) {
		return "", false
	}
	head = s[:len(s)-len(verb)]
	if trimmed := strings.TrimRight(head, " \u00a0"); trimmed != head || verb[0] >= 0x80 && verb[0] > 0xDF {
		return trimmed, trimmed != ""
	}
	return "", false
}

// cutDate drops " on DATE", " » DATE", " am DATE" and the like from the tail of an attribution.
func cutDate(s string) string {
	for _, mark := range []string{" on ", " » ", " am ", " op ", " le ", " el ", " em ", " dnia ", " от ", " в ", " від ", " - ", " ("} {
		if k := strings.Index(s, mark); k > 0 && strings.ContainsAny(s[k:], "0123456789") {
			s = s[:k]
		}
	}
	return strings.TrimSpace(strings.TrimRight(s, ":"))
}

// afterDate drops what a mail program writes before the name: "On Sat, Jun 22, 2024 at 4:27 PM, X", and the date
// that MyBB puts in brackets there.
func afterDate(s string) string {
	s = strings.TrimSpace(strings.TrimSuffix(s, ","))
	if strings.HasPrefix(s, "(") {
		if k := strings.IndexByte(s, ')'); k > 0 {
			s = strings.TrimSpace(s[k+1:])
		}
	}
	for _, mark := range []string{"On ", "Am ", "Op ", "Le ", "El ", "Em ", "Dnia ", "W dniu "} {
		if !strings.HasPrefix(s, mark) || !strings.ContainsAny(s, "0123456789") {
			continue
		}
		if k := strings.LastIndex(s, ", "); k > 0 {
			s = s[k+2:]
		} else {
			s = strings.TrimLeft(s[lastDigit(s)+1:], ":, apmAPMUTCGhr.")
		}
	}
	if k := strings.IndexByte(s, '<'); k > 0 {
		s = s[:k]
	}
	s = strings.Trim(strings.TrimSpace(s), "\"*")
	return strings.TrimPrefix(s, "@")
}

func lastDigit(s string) int { return strings.LastIndexAny(s, "0123456789") }

// attribution reports whether a line announces somebody else's words, and whose.
func attribution(line string) (author string, ok bool) {
	line = strings.TrimSpace(line)
	if len(line) > 160 || !strings.HasSuffix(line, ":") && !strings.HasSuffix(line, "：") {
		return "", false
	}
	bare := strings.TrimSuffix(strings.TrimSuffix(line, ":"), "：")
	for _, w := range wroteWords {
		head, found := cutWrote(bare, w)
		if !found {
			continue
		}
		name := afterDate(head)
		if name == "" || utf8.RuneCountInString(name) > 40 || strings.Count(name, " ") > 3 || ownPronoun(name) {
			return "", false
		}
		return name, true
	}
	return "", false
}

// announced takes the line off the top of a quotation that says whose it is, where an engine writes it inside.
func announced(text string) (author, rest string) {
	line, rest, more := strings.Cut(text, "\n")
	if author, ok := attribution(line); more && ok {
		return author, strings.TrimLeft(rest, "\n")
	}
	return "", text
}

// ownPronoun reports whether the attribution is to the author himself or to nobody in particular.
func ownPronoun(name string) bool {
	switch strings.ToLower(name) {
	case "i", "we", "ik", "wij", "ich", "wir", "je", "nous", "yo", "eu", "ja", "ben", "я", "мы", "ми", "我", "as i", "like i", "what i", "i already":
		return true
	}
	return false
}

// splitPlainQuotes moves quotations that have no markup out of the text: lines that start with ">", the paragraph
// after an "X wrote:" line, and [quote] tags that the engine left as they are. Blocks and links keep their places.
func splitPlainQuotes(post *schemer.Post, links *[]textLink) {
	t := post.Text
	if !strings.Contains(t, ">") && !strings.Contains(t, ":\n") && !strings.Contains(t, "：\n") && !strings.Contains(t, "[quote") &&
		!strings.Contains(t, "[QUOTE") {
		return
	}
	cuts, quotes := plainQuotes(t)
	if len(cuts) == 0 {
		return
	}
	post.Quotes = append(post.Quotes, quotes...)
	post.Text, post.Blocks = without(t, post.Blocks, cuts)
	kept := (*links)[:0]
	for _, l := range *links {
		if l.sig {
			kept = append(kept, l)
			continue
		}
		if s, ok := shifted(l.start, cuts); ok {
			if e, ok := shifted(l.end, cuts); ok {
				l.start, l.end = s, e
				kept = append(kept, l)
			}
		}
	}
	*links = kept
}

// plainQuotes finds the spans to be cut and the quotes in them.
func plainQuotes(t string) (cuts [][2]int, quotes []schemer.Quote) {
	if spans, found := bracketQuotes(t); len(spans) > 0 {
		return spans, found
	}
	from, author, quoted := -1, "", []string(nil)
	flush := func(to int) {
		if len(quoted) > 0 {
			quotes = append(quotes, schemer.Quote{Author: author, Text: strings.Join(quoted, "\n")})
			cuts = append(cuts, [2]int{from, to})
		}
		from, author, quoted = -1, "", nil
	}
	inPlain := false // inside the paragraph after an "X wrote:" line
	for at := 0; at < len(t); {
		line := t[at:]
		if k := strings.IndexByte(line, '\n'); k >= 0 {
			line = line[:k+1]
		}
		body := strings.TrimSuffix(line, "\n")
		next := at + len(line)
		name, isAttribution := attribution(body)
		switch {
		case strings.HasPrefix(body, ">") && !strings.HasPrefix(body, ">:") && len(body) > 1:
			if from < 0 {
				from = at
			}
			inPlain = false
			quoted = append(quoted, strings.TrimSpace(strings.TrimLeft(body, "> ")))
		case isAttribution && next < len(t):
			flush(at)
			from, author, inPlain = at, name, t[next] != '>' && t[next] != '\n'
			if t[next] == '\n' && next+1 < len(t) && t[next+1] != '>' {
				from, author = -1, ""
			}
		case inPlain && body != "":
			quoted = append(quoted, body)
		case body == "" && len(quoted) == 0 && from >= 0 && next < len(t) && t[next] == '>':
		default:
			inPlain = false
			flush(at)
		}
		at = next
	}
	flush(len(t))
	return cuts, quotes
}

// bracketQuotes finds [quote=X]…[/quote] left as text.
func bracketQuotes(t string) (cuts [][2]int, quotes []schemer.Quote) {
	if !strings.Contains(t, "[q") && !strings.Contains(t, "[Q") {
		return nil, nil
	}
	low := strings.ToLower(t)
	if len(low) != len(t) {
		return nil, nil
	}
	for at := 0; ; {
		k := strings.Index(low[at:], "[quote")
		if k < 0 {
			return cuts, quotes
		}
		k += at
		head := strings.IndexByte(t[k:], ']')
		stop := strings.Index(low[k:], "[/quote]")
		if head < 0 || stop < 0 || head > 120 || stop < head {
			return cuts, quotes
		}
		author := strings.Trim(t[k+len("[quote"):k+head], "= \"'")
		if c := strings.IndexAny(author, ";,"); c >= 0 {
			author = author[:c]
		}
		author = strings.Trim(strings.TrimPrefix(author, "name="), "\"' ")
		quotes = append(quotes, schemer.Quote{Author: author, Text: strings.TrimSpace(t[k+head+1 : k+stop])})
		cuts = append(cuts, [2]int{k, k + stop + len("[/quote]")})
		at = k + stop + len("[/quote]")
	}
}

// without removes the spans from a text and moves the blocks with it. A removed span takes the white space after it
// along, and what stands before it when it ends the text.
func without(t string, blocks []schemer.Block, cuts [][2]int) (string, []schemer.Block) {
	for k := range cuts {
		for cuts[k][1] < len(t) && (t[cuts[k][1]] == '\n' || t[cuts[k][1]] == ' ') {
			cuts[k][1]++
		}
		if cuts[k][1] == len(t) {
			for cuts[k][0] > 0 && (t[cuts[k][0]-1] == '\n' || t[cuts[k][0]-1] == ' ') {
				cuts[k][0]--
			}
		}
	}
	var out strings.Builder
	at := 0
	for _, c := range cuts {
		if c[0] > at {
			out.WriteString(t[at:c[0]])
		}
		at = max(at, c[1])
	}
	out.WriteString(t[at:])
	var kept []schemer.Block
	for _, b := range blocks {
		b.Start, b.End = collapsed(b.Start, cuts), collapsed(b.End, cuts)
		text := out.String()
		for b.End > b.Start && (text[b.End-1] == '\n' || text[b.End-1] == ' ') {
			b.End--
		}
		if b.End > b.Start {
			kept = append(kept, b)
		}
	}
	return out.String(), kept
}

// collapsed maps an offset into the text without the cuts.
func collapsed(at int, cuts [][2]int) int {
	gone := 0
	for _, c := range cuts {
		switch {
		case at >= c[1]:
			gone += c[1] - c[0]
		case at > c[0]:
			gone += at - c[0]
		}
	}
	return at - gone
}

// shifted is collapsed for an offset that must lie outside the cuts.
func shifted(at int, cuts [][2]int) (int, bool) {
	for _, c := range cuts {
		if at > c[0] && at < c[1] {
			return 0, false
		}
	}
	return collapsed(at, cuts), true
}
