package scoring

import (
	"strings"

	"schemer"
)

// buyersIn finds the authors who anywhere in the thread speak as customers.
func (w *world) buyersIn(th *thread) map[string]bool {
	out := map[string]bool{}
	for _, t := range th.traces {
		if w.census.buyers[buyerKey{t.site, t.thread, t.post.Author}] {
			out[t.post.Author] = true
		}
	}
	return out
}

// outsider decides the voice of somebody who is not the seller: a customer, a list, or a third party.
func (w *world) outsider(th *thread, t *trace, h schemer.Hit, buyers map[string]bool) schemer.Speaker {
	p := t.post
	buys := t.cues[cueBuyer] > 0 || buyers[p.Author]
	switch {
	case p.SourceKind == schemer.KindDirectory:
		return schemer.SpeakerOther
	case p.Kind == schemer.PostArticle || p.Kind != schemer.PostComment && (p.SourceKind == schemer.KindNews || p.SourceKind == schemer.KindBlog) || staffed(t) || w.speakerAt[t] != nil || w.formerStaff(t):
		return schemer.SpeakerThird
	case t.cues[cueVictim] > 0 && t.cues[cueVictim] >= t.cues[cueBuyer], inQuotes(p.Text, h) && (!buys || !toldBy(p.Text, h)):
		return schemer.SpeakerThird
	case p.Kind == schemer.PostReview:
		return schemer.SpeakerBuyer
	case t.cues[cueAccuser] > t.cues[cueBuyer]:
		return schemer.SpeakerThird
	case buys, ownStory(t, h):
		return schemer.SpeakerBuyer
	case th.opener != nil && th.topic != nil && w.voiceIn(th, th.opener) == th.topic && t.cues[cueAccuser] == 0 && !hasQuestion(p.Text, h):
		return schemer.SpeakerBuyer
	}
	return schemer.SpeakerThird
}

// ownStory reports whether a hit tells what the author has lived through with the seller: a sentence in the first person
// that is no question, in a post that neither asks nor accuses.
func ownStory(t *trace, h schemer.Hit) bool {
	asks := t.cues[cueRequest] > 0 && strings.ContainsAny(t.post.Text, "?？")
	if t.cues[cueAccuser] > 0 || asks || hasQuestion(t.post.Text, h) || t.position == 1 && t.title[cueRequest] > 0 {
		return false
	}
	return h.Subject == "i" || countCues(h.Quote)[cueI] > 0
}

func hasQuestion(text string, h schemer.Hit) bool {
	return h.End < len(text) && strings.HasPrefix(strings.TrimSpace(text[min(h.End, len(text)):]), "?") || strings.HasSuffix(h.Quote, "?")
}

// inQuotes reports whether the hit stands between quotation marks: words of somebody else.
func inQuotes(text string, h schemer.Hit) bool {
	if h.Field != "text" || h.Start < 0 || h.End > len(text) || h.Start >= h.End {
		return false
	}
	if repeats(h.Quote) {
		return true
	}
	before, after := text[:h.Start], h.Quote+text[h.End:]
	open := strings.LastIndexAny(before, "“„«\"「")
	if strings.HasPrefix(strings.TrimLeft(h.Quote, " "), "\"") || strings.HasPrefix(h.Quote, "“") || strings.HasPrefix(h.Quote, "„") || strings.HasPrefix(h.Quote, "«") {
		return true
	}
	if open < 0 {
		return false
	}
	closed := strings.LastIndexAny(before, "”»」")
	if before[open] == '"' {
		return strings.Count(before, "\"")%2 == 1 && strings.Contains(after, "\"")
	}
	return closed < open && strings.ContainsAny(after, "”“»」\"")
}

// repeatedWords is how many words between quotation marks make a sentence a repetition rather than a word in quotes.
const repeatedWords = 4

// repeats reports whether a sentence holds a quotation of several words.
func repeats(sentence string) bool {
	for _, marks := range [...][2]string{{"„", "“"}, {"“", "”"}, {"«", "»"}, {"\"", "\""}, {"「", "」"}} {
		_, rest, ok := strings.Cut(sentence, marks[0])
		if !ok {
			continue
		}
		if inside, _, ok := strings.Cut(rest, marks[1]); ok && len(strings.Fields(inside)) >= repeatedWords {
			return true
		}
	}
	return false
}

// toldBy reports whether the quotation that holds the hit follows a colon: what somebody answered, not what a page says.
func toldBy(text string, h schemer.Hit) bool {
	before := strings.TrimRight(text[:min(max(h.Start, 0), len(text))], " \"“„«")
	return strings.HasSuffix(before, ":")
}
