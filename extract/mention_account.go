package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// announced skips what stands between a word and what it announces: separators and a few small words. strong says that
// a colon or an equals sign stood there.
func (f *mentionFinder) announced(i int) (at int, strong bool) {
	s := f.s
	for words := 0; i < len(s); {
		c := s[i]
		switch {
		case c == ':' || c == '=' || c == '#' || c == '>':
			strong = true
			i++
		case c == ' ' || c == '\t' || c == '-' || c == '|' || c == '*' || c == '"' || c == '\'' || c == '(' || c == '`' || c == '/':
			i++
		case c == '\n' && strong:
			i++
		case c == 0xc2 && i+1 < len(s): // « and no-break space
			i += 2
		case c == 0xe2 && i+2 < len(s): // dashes, quotes, arrows
			i += 3
		case c == 0xef && strings.HasPrefix(s[i:], "：") || c == 0xef && strings.HasPrefix(s[i:], "（"):
			strong = true
			i += 3
		default:
			end := i
			for end < len(s) && (scanClasses[s[end]] == scanWord || s[end] >= 0xc3 && s[end] < 0xe0 || s[end] >= 0x80 && s[end] < 0xc0) {
				end++
			}
			if words == 2 || end == i || end-i > 16 || !smallWord(strings.ToLower(s[i:end])) || end < len(s) && s[end] == '.' && end+1 < len(s) && isLabel(s[end+1]) {
				return i, strong
			}
			words++
			i = end
		}
	}
	return i, strong
}

// smallWord lists the words that may stand between a messenger's name and an account.
func smallWord(w string) bool {
	switch w {
	case "id", "is", "me", "my", "us", "nick", "name", "username", "user", "handle", "account", "contact", "at", "on", "only", "bot", "support", "sales", "group",
		"channel", "chat", "admin", "messenger", "address", "number", "no", "nr", "for", "op", "via", "kanaal", "kanal", "canal", "канал", "чат", "бот", "ник",
		"мой", "наш", "для", "связи", "номер", "айди", "аккаунт", "группа", "поддержка", "адрес", "renewals", "payments", "payment", "uns", "par", "por":
		return true
	}
	return false
}

// bareTelegram notes a Telegram name without its at sign after a word that announces one: any name after a colon, only
// what looks like a name (an underscore, a digit) after a blank.
func (f *mentionFinder) bareTelegram(end int) {
	s := f.s
	if strings.HasPrefix(s[end:], "://") {
		return
	}
	at, strong := f.announced(end)
	stop := at
	for stop < len(s) && (scanClasses[s[stop]] == scanWord || s[stop] >= 0x80 && s[stop] < 0xe0) {
		stop++
	}
	name := foldLookalikes(s[at:stop])
	if !telegramName(name) || stop-at < 5 || stop < len(s) && (s[stop] == '-' || s[stop] == '@' || s[stop] == '/' || s[stop] == ':') ||
		stop+1 < len(s) && s[stop] == '.' && isLabel(s[stop+1]) {
		return
	}
	if !strings.ContainsAny(name, "_0123456789") && (!strong || ordinaryWord(strings.ToLower(name)) || f.runsOn(stop)) {
		return
	}
	f.add(mentionTelegram, strings.ToLower(name), at, stop, false)
}

// runsOn reports whether a sentence goes on at i: a blank and a lower-case word.
func (f *mentionFinder) runsOn(i int) bool {
	s := f.s
	if i+2 >= len(s) || s[i] != ' ' {
		return false
	}
	r, _ := utf8.DecodeRuneInString(s[i+1:])
	return unicode.IsLower(r)
}

// ordinaryWord lists words that follow a messenger's name and are no account.
func ordinaryWord(w string) bool {
	switch w {
	case "contact", "write", "message", "channel", "group", "always", "please", "username", "available", "support", "account", "online", "below", "click", "here",
		"telegram", "jabber", "discord", "session", "email", "signal", "whatsapp", "kanaal", "only", "link", "public", "private", "preferred", "response",
		"answers", "messages", "none", "handle", "reachable", "within", "hours", "later", "asked", "soon", "coming", "closed", "removed", "deleted", "request",
		"down", "dead", "gone", "up", "open", "better", "worse", "bad", "free", "fine", "empty", "full", "back", "also", "not", "too", "server", "join", "us", "invite", "there":
		return true
	}
	return false
}

// bareDiscord notes a Discord account: with its four digits after any mention of the messenger; another name after a
// colon, a dash, an at sign or "is", or where its shape is that of no word ("discord mellow_rack").
func (f *mentionFinder) bareDiscord(end int) {
	at, strong := f.announced(end)
	s := f.s
	said := strings.ToLower(s[end:at])
	strong = strong || strings.Contains(said, " is ") || strings.Contains(said, " - ") || strings.Contains(said, "–") || strings.Contains(said, "—") || strings.Contains(said, "→")
	if at+1 < len(s) && s[at] == '@' {
		at++
		strong = true
	}
	stop := at
	for stop < len(s) && (scanClasses[s[stop]] == scanWord || s[stop] == '.') {
		stop++
	}
	for stop > at && s[stop-1] == '.' {
		stop--
	}
	name := s[at:stop]
	if len(name) < 2 || len(name) > 32 || !hasLetter(name) {
		return
	}
	if stop+5 <= len(s) && s[stop] == '#' && len(onlyDigits(s[stop+1:stop+5])) == 4 && f.edgeAfter(stop+5) {
		f.add(mentionDiscord, strings.ToLower(s[at:stop+5]), at, stop+5, false)
		return
	}
	low := strings.ToLower(name)
	if !strong {
		strong = strings.ContainsAny(name, "_0123456789") && !allDigits(name)
	}
	if !strong || ordinaryWord(low) || f.runsOn(stop) || stop < len(s) && (s[stop] == '/' || s[stop] == '@' || s[stop] == ':') || strings.Contains(name, ".") && knownSuffix(low) {
		return
	}
	f.add(mentionDiscord, low, at, stop, false)
}

// at looks at an at sign: of an e-mail address, a Matrix user or a name that a word near by explains.
func (f *mentionFinder) at(i int) {
	s := f.s
	if i+1 >= len(s) || i < f.done {
		return
	}
	if i > 0 && isLocal(s[i-1]) && s[i-1] != '.' {
		if h, ok := f.readHost(i+1, false); ok && !h.addr.IsValid() {
			f.email(i, h)
		}
		return
	}
	end := i + 1
	for end < len(s) && (scanClasses[s[end]] == scanWord || s[end] == '-' || s[end] == '.' || s[end] == '=' || s[end] == '/' || s[end] >= 0xc3 && s[end] < 0xe0 || s[end] >= 0x80 && s[end] < 0xc0) {
		end++
	}
	if end-i > 1 && end+1 < len(s) && s[end] == ':' && isLabel(s[end+1]) {
		if h, ok := f.readHost(end+1, false); ok && h.name != "" {
			f.add(mentionMatrix, strings.ToLower(s[i:end])+":"+h.name, i, h.end, false)
			return
		}
	}
	end = i + 1
	for end < len(s) && (scanClasses[s[end]] == scanWord || s[end] >= 0xc3 && s[end] < 0xe0 || s[end] >= 0x80 && s[end] < 0xc0) {
		end++
	}
	name := foldLookalikes(s[i+1 : end])
	if !telegramName(name) || end < len(s) && s[end] == '@' || end+1 < len(s) && s[end] == '.' && isLabel(s[end+1]) {
		return
	}
	switch f.nameKind(i, end) {
	case cueTelegram, cueChannel, cueContact:
		f.add(mentionTelegram, strings.ToLower(name), i, end, false)
	case cueDiscord:
		f.add(mentionDiscord, strings.ToLower(name), i, end, false)
	}
}

// nameKind says to which network the @name in s[i:end] belongs: the last one named on the line, else one named right
// after it.
func (f *mentionFinder) nameKind(i, end int) cueKind {
	if f.cue != cueNone && f.near(f.cue, i, 90) {
		return f.cue
	}
	s := f.s
	if at := f.cues[cueContact]; at >= 0 && i-at <= 4 && (s[at-1] >= 0x80 || strings.IndexByte(s[at:i], ':') >= 0) && strings.Trim(s[at:i], " :-\n") == "" {
		return cueContact
	}
	stop := min(end+32, len(s))
	words := 0
	for k := end; k < stop && words < 3 && s[k] != '\n' && s[k] != '@'; {
		if c := scanClasses[s[k]]; c != scanWord && c != scanWide2 {
			if s[k] == '.' || s[k] == ';' {
				break
			}
			k++
			continue
		}
		from := k
		for k < stop && (scanClasses[s[k]] == scanWord || s[k] >= 0x80 && s[k] < 0xe0) {
			k++
		}
		words++
		if m := cueTable[foldLookalikes(strings.ToLower(s[from:k]))]; m.kind == cueTelegram || m.kind == cueDiscord {
			return m.kind
		}
	}
	return cueNone
}
