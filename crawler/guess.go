package crawler

import (
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"

	"schemer"

	"golang.org/x/text/unicode/norm"
)

// A seller is often talked about by name or handle only: a review of "Northern Rack", an advert that ends in
// "telegram: northern_rack". Its own site is then looked for where such a site would be: the name as a host label under
// the domains that sellers and forums of this crawl use most. At most maxGuesses addresses are asked for a name, a home
// page that sells no servers is left at once, and the source says that it was guessed. Whose site it is remains for
// scoring to prove.
const (
	maxGuesses   = 4
	guessDomains = 2
	minLabel     = 5 // shorter names belong to somebody else
)

// guess looks for the own sites of the sellers that a page names without an address.
func (w *worker) guess(h *harvested, site *watched, capture schemer.Capture, now time.Time) {
	for _, name := range sellerNames(h.Document) {
		key := w.c.seen.key("guess", name)
		if w.c.seen.has(key) {
			continue
		}
		h.keys = append(h.keys, key)
		left := maxGuesses
		for _, label := range hostLabels(name) {
			for _, domain := range w.c.sources.domains(guessDomains) {
				if left == 0 {
					break
				}
				left--
				w.visitGuess(h, site, label+"."+domain, name, capture, now)
			}
		}
	}
}

// visitGuess makes a guessed host a source unless it is one already.
func (w *worker) visitGuess(h *harvested, site *watched, host, name string, capture schemer.Capture, now time.Time) {
	u := &url.URL{Scheme: "http", Host: host, Path: "/"}
	if !plausibleSite(host) || w.c.sources.ownerOf(host) != "" {
		return
	}
	found := w.found(h, site, u, host, capture, true)
	if found == nil {
		return
	}
	h.Found = append(h.Found, schemer.Target{
		URL: found.scope.home, Host: host, Source: found.src.ID, Kind: schemer.TargetHome,
		FoundOn: capture.ID, Anchor: clip(name, 200), Reason: "guessed", DueAt: now,
	})
}

// sellerNames lists who a page talks about as a seller: the reviewed provider, the channel, contact handles, what a
// title puts before its colon or dash when it is about servers, the first cells of a directory's tables.
func sellerNames(doc *schemer.Document) []string {
	var names []string
	add := func(name string) {
		if name != "" && !slices.Contains(names, name) && len(names) < 60 {
			names = append(names, name)
		}
	}
	for i := range doc.Posts {
		p := &doc.Posts[i]
		switch p.Kind {
		case schemer.PostReview, schemer.PostReply:
			add(p.Subject)
		case schemer.PostChannel:
			add(p.Author)
		case schemer.PostPage:
			if p.SourceKind == schemer.KindDirectory {
				for _, b := range p.Blocks {
					if cell, _, ok := strings.Cut(p.Text[b.Start:b.End], " | "); ok && b.Kind == "row" {
						add(cell)
					}
				}
			}
		case schemer.PostForum:
			if p.Position == 1 && sellsServers(doc) {
				add(titleHead(p.Thread))
			}
		}
		for _, m := range p.Mentions {
			if m.Kind == "telegram" && (m.Field == "text" || m.Field == "signature") {
				add(m.Value)
			}
		}
	}
	return names
}

// titleHead is the name that a thread's title begins with: "[OFFER] Northern Rack - cheap servers" and "Northern Rack
// (Malta): opinions?" both give "Northern Rack". A title without such a head, or with a long one, gives nothing.
func titleHead(title string) string {
	title = strings.TrimSpace(title)
	if rest, ok := strings.CutPrefix(title, "["); ok {
		if _, after, ok := strings.Cut(rest, "]"); ok {
			title = strings.TrimSpace(after)
		}
	}
	end := -1
	for _, mark := range []string{":", " - ", " – ", " — ", " | ", " // ", " (", ", "} {
		if i := strings.Index(title, mark); i > 0 && (end < 0 || i < end) {
			end = i
		}
	}
	if end < 0 || len(strings.Fields(title[:end])) > 3 {
		return ""
	}
	return title[:end]
}

// trimmed are the words that a name carries and its host label often does not, and those of a handle that say which
// desk it is.
var trimmed = []string{
	"hosting", "host", "servers", "server", "cloud", "vps", "sales", "sale", "support", "admin", "official", "news", "bot", "shop",
}

// cyrillic writes Russian and Ukrainian letters as sellers do in their addresses.
var cyrillic = strings.NewReplacer(
	"а", "a", "б", "b", "в", "v", "г", "g", "ґ", "g", "д", "d", "е", "e", "ё", "e", "є", "ye", "ж", "zh", "з", "z", "и", "i",
	"і", "i", "ї", "yi", "й", "y", "к", "k", "л", "l", "м", "m", "н", "n", "о", "o", "п", "p", "р", "r", "с", "s", "т", "t",
	"у", "u", "ф", "f", "х", "kh", "ц", "ts", "ч", "ch", "ш", "sh", "щ", "sch", "ъ", "", "ы", "y", "ь", "", "э", "e", "ю", "yu", "я", "ya",
)

// latin writes a name in plain Latin letters: without diacritics, Cyrillic transliterated.
func latin(name string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(cyrillic.Replace(norm.NFC.String(strings.ToLower(name)))) {
		if !unicode.Is(unicode.Mn, r) {
			b.WriteRune(r)
		}
	}
	return strings.NewReplacer("ł", "l", "ø", "o", "ß", "ss", "ı", "i", "đ", "d").Replace(b.String())
}

// hostLabels writes a name as the host labels it may have, most likely first: "Northern Rack Hosting" gives
// northernrack, northern-rack-hosting and so on. Names that are in neither Latin nor Cyrillic letters give none.
func hostLabels(name string) []string {
	words := strings.FieldsFunc(latin(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for _, word := range words {
		for _, r := range word {
			if r > unicode.MaxASCII {
				return nil
			}
		}
	}
	short := words
	for len(short) > 1 && slices.Contains(trimmed, short[len(short)-1]) {
		short = short[:len(short)-1]
	}
	var labels []string
	for _, label := range []string{strings.Join(short, ""), strings.Join(words, "-"), strings.Join(words, ""), strings.Join(short, "-")} {
		if len(label) >= minLabel && len(label) <= 63 && len(words) <= 4 && !slices.Contains(labels, label) {
			labels = append(labels, label)
		}
	}
	return labels
}

// sellsServers says whether a page, be it a home page or a thread, speaks of server space at all.
func sellsServers(doc *schemer.Document) bool {
	for i := range doc.Posts {
		p := &doc.Posts[i]
		text := strings.ToLower(p.Title + "\n" + p.Thread + "\n" + p.Text)
		for _, word := range serverWords {
			if strings.Contains(text, word) {
				return true
			}
		}
	}
	return false
}

// serverWords are stems of what a seller of server space cannot help saying, in the languages of the project.
var serverWords = []string{
	"server", "vps", "hoster", "provider", "anbieter", "vds", "hosting", "rdp", "dedicated", "colocation", "rack",
	"сервер", "хостинг", "дедик", "виртуал", "hébergement", "serveur", "servidor", "alojamiento", "hospedagem",
	"serwer", "sunucu", "barındırma", "服务器", "主机", "vcpu", "nvme",
}

// domains lists the n domains (what follows the first label) under which most sources of this crawl lie.
func (b *sourceBook) domains(n int) []string {
	b.mu.RLock()
	defer b.mu.RUnlock()
	count := map[string]int{}
	for host, id := range b.hosts {
		w := b.byID[id]
		if _, domain, ok := strings.Cut(registrable(host), "."); ok && w != nil && !w.src.Guessed && !isOnion(host) {
			count[domain]++
		}
	}
	all := make([]string, 0, len(count))
	for domain := range count {
		all = append(all, domain)
	}
	slices.SortFunc(all, func(x, y string) int {
		if count[x] != count[y] {
			return count[y] - count[x]
		}
		return strings.Compare(x, y)
	})
	return all[:min(n, len(all))]
}
