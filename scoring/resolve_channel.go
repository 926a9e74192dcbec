package scoring

import (
	"strings"
	"time"

	"schemer"
)

// channelWords say that a page shows a channel.
var channelWords = []string{"channel", "kanaal", "kanal", "kanał", "канал", "canal", "chaîne", "频道", "t.me/"}

// adoptChannel makes a message of a channel out of a page that shows one: a page of a mirror of channels whose title or
// first line gives the channel's one @name beside a word for a channel. What stands on it is then said by the channel's
// owner. Only sources that analysts gave as channels or as other places are believed in this; a seller's own page or a
// page that the crawler met by itself is not.
func (t *trace) adoptChannel() {
	p := t.post
	if p.Kind != schemer.PostPage || p.SourceKind != schemer.KindChannel && p.SourceKind != schemer.KindOther {
		return
	}
	text := strings.TrimSpace(p.Text)
	first, _, _ := strings.Cut(text, "\n")
	for _, line := range [...]string{p.Title, first} {
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
