package scoring

import (
	"strings"
	"time"

	"schemer"
)

// channelWords say that a page shows a channel.
var channelWords = []string{"channel", "kanaal", "kanal", "kanał", "канал", "canal", "chaîne", "频道", "t.me/"}

// adoptChannel makes a message of a channel out of a page that shows one: a page of a mirror of channels whose title or
// first two lines give the channel's one @name beside a word for a channel. What stands on it is then said by the channel's
// owner. Only sources that analysts gave as channels or as other places are believed in this; a seller's own page or a
// page that the crawler met by itself is not.
func (t *trace) adoptChannel() {
	p := t.post
	if p.Kind != schemer.PostPage || p.SourceKind != schemer.KindChannel && p.SourceKind != schemer.KindOther {
		return
	}
	text := strings.TrimSpace(p.Text)
	head := strings.SplitN(strings.ReplaceAll(text, "\n\n", "\n"), "\n", headLines+1)
	for _, line := range append([]string{p.Title}, head[:min(headLines, len(head))]...) {
		lower := strings.ToLower(line)
		names := bareHandles(line)
		if len(names) != 1 || len(line) > 200 {
			continue
		}
		for _, word := range channelWords {
			if strings.Contains(lower, word) || strings.Contains(strings.ToLower(p.Title), word) {
				p.Kind, p.Author, p.Thread = schemer.PostChannel, names[0], "@"+names[0]
				t.thread, t.at = p.Thread, lastDay(text, p.CapturedAt)
				return
			}
		}
	}
}

// headLines is how many lines of a channel's page may say whose it is.
const headLines = 2

// lastDay is the latest day written as 2026-03-08 in a text, not after the visit; zero when there is none.
func lastDay(text string, visit time.Time) time.Time {
	var last time.Time
	for i := range len(text) - 9 {
		if text[i] != '2' || text[i+4] != '-' || text[i+7] != '-' {
			continue
		}
		if at, err := time.Parse(time.DateOnly, text[i:i+10]); err == nil && at.After(last) && (visit.IsZero() || !at.After(visit)) {
			last = at
		}
	}
	return last
}

// faceless reports whether a site gives nobody to hold to account: no e-mail, no telephone, no company, no register number,
// and not one word against serving crime. Only for such a shop a mirror that somebody else runs is believed in what it
// shows as the shop's channel: whoever runs it could show an honest firm's handle over words of his own.
func (s *site) faceless() bool {
	for id := range s.ids {
		if id.kind == "email" || id.kind == "phone" {
			return false
		}
	}
	for _, p := range s.pages {
		if id := p.post.Identity; id != nil && (id.Name != "" || len(id.Numbers) > 0 || id.Address != "") {
			return false
		}
		for _, h := range p.hits {
			if h.Polarity < 0 && !p.past() {
				return false
			}
		}
	}
	return true
}
