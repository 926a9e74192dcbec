package scoring

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"schemer"
)

// proof is one reason to hold one seller for the successor of another.
type proof struct {
	kind string // wallet, contact, text, prices, statement, word, takeover
	why  string
}

// rebrands links sellers of different names that are one hand: two proofs of different kinds make a successor, one
// shared identifier alone a typed link. Nothing is merged.
func (w *world) rebrands() {
	for _, p := range w.pairs() {
		a, b := p[0], p[1]
		proofs := w.proofs(a, b)
		from, to, ordered := order(a, b)
		if ordered {
			proofs = append(proofs, proof{"takeover", fmt.Sprintf("%s falls silent before %s appears", from.name, to.name)})
		}
		kinds := map[string]bool{}
		var why []string
		for _, pr := range proofs {
			kinds[pr.kind] = true
			why = append(why, pr.why)
		}
		hard := kinds["wallet"] || kinds["contact"] || kinds["text"] || kinds["statement"]
		told := kinds["word"] && (kinds["prices"] || kinds["takeover"] || kinds["statement"])
		switch {
		case len(kinds) >= 2 && (hard || told) && (ordered || kinds["statement"] || kinds["word"]):
			text := strings.Join(why, "; ")
			to.relate(from, "successor_of", text)
			from.relate(to, "predecessor_of", text)
			if from.heir == nil {
				from.heir = to
			}
			to.bindings = append(to.bindings, schemer.Binding{
				A: schemer.Alias{Kind: "name", Value: to.name, Strength: schemer.Medium}, B: schemer.Alias{Kind: "name", Value: from.name, Strength: schemer.Medium},
				Relation: "successor_of", Strength: schemer.Strong, Posts: []schemer.PostID{}, Why: text, By: "rebrand",
			})
		case kinds["wallet"] || kinds["contact"]:
			a.relate(b, "shares_id", strings.Join(why, "; "))
			b.relate(a, "shares_id", strings.Join(why, "; "))
		}
	}
}

// pairs are the pairs of sellers that are worth comparing: they share an identifier, a long sentence, or somebody names
// both in one sentence about a change of name. They come in a fixed order.
func (w *world) pairs() [][2]*entity {
	seen := map[[2]*entity]bool{}
	var out [][2]*entity
	add := func(a, b *entity) {
		if a.order > b.order {
			a, b = b, a
		}
		if a != b && !seen[[2]*entity{a, b}] && !a.flags["impersonator"] && !b.flags["impersonator"] {
			seen[[2]*entity{a, b}] = true
			out = append(out, [2]*entity{a, b})
		}
	}
	for _, bd := range w.bonds {
		add(bd.a, bd.b)
	}
	for _, list := range w.sentences() {
		for i, a := range list {
			for _, b := range list[i+1:] {
				add(a, b)
			}
		}
	}
	for _, t := range w.told() {
		add(t.a, t.b)
	}
	slices.SortFunc(out, func(x, y [2]*entity) int {
		if d := x[0].order - y[0].order; d != 0 {
			return d
		}
		return x[1].order - y[1].order
	})
	return out
}

// proofs collects what two sellers share and what is said of them together.
func (w *world) proofs(a, b *entity) []proof {
	var out []proof
	for _, bd := range w.bonds {
		if bd.a == a && bd.b == b || bd.a == b && bd.b == a {
			kind := "contact"
			if idStrength[bd.id.kind] == schemer.Hard {
				kind = "wallet"
			}
			out = append(out, proof{kind, fmt.Sprintf("same %s %s", bd.id.kind, bd.id.value)})
		}
	}
	if n := len(common(a.sentences(), b.sentences())); n > 0 {
		out = append(out, proof{"text", fmt.Sprintf("%d same sentences in their own words", n)})
	}
	if n := len(common(a.plans(), b.plans())); n >= 3 {
		out = append(out, proof{"prices", fmt.Sprintf("%d plans of the same names", n)})
	}
	places := map[string]bool{}
	for _, t := range w.told() {
		if t.a != a && t.a != b || t.b != a && t.b != b || t.a == t.b {
			continue
		}
		if t.self {
			out = append(out, proof{"statement", "says so itself: " + t.quote})
		} else if !places[t.site] {
			places[t.site] = true
			out = append(out, proof{"word", "told on " + t.site + ": " + t.quote})
		}
	}
	return out
}

// order finds which of two sellers came first: one is silent or its site dead before the other appears.
func order(a, b *entity) (from, to *entity, ordered bool) {
	if b.first.IsZero() || !a.first.IsZero() && a.first.Before(b.first) {
		from, to = a, b
	} else {
		from, to = b, a
	}
	if from.first.IsZero() || to.first.IsZero() {
		if from.alive() && !to.alive() {
			from, to = to, from
		}
		return from, to, !from.alive() && to.alive()
	}
	return from, to, from.last.Before(to.first.Add(30*24*time.Hour)) && !from.alive()
}

// alive reports whether a page of the seller's own is still shown.
func (e *entity) alive() bool {
	return slices.ContainsFunc(e.sites, func(s *site) bool {
		return !s.unseen && slices.ContainsFunc(s.pages, func(p *trace) bool { return !p.past() })
	})
}

// sentences are the long sentences of the seller's own words in loose form.
func (e *entity) sentences() map[string]bool {
	if e.lines == nil {
		e.lines = map[string]bool{}
		for _, t := range e.self {
			for _, sentence := range splitSentences(t.post.Text) {
				if form := looseText(sentence); len(form) >= 28 && len(strings.Fields(sentence)) >= 4 {
					e.lines[form] = true
				}
			}
		}
	}
	return e.lines
}

// sentences are the sellers that share a long sentence, for sentences that two or three share.
func (w *world) sentences() [][]*entity {
	bearers := map[string][]*entity{}
	for _, e := range w.entities {
		for form := range e.sentences() {
			bearers[form] = append(bearers[form], e)
		}
	}
	var out [][]*entity
	for _, form := range sortedKeys(bearers) {
		if list := bearers[form]; len(list) > 1 && len(list) <= maxHolders {
			out = append(out, list)
		}
	}
	return out
}

// plans are the names of plans: a word just before a price or a colon with a price after it.
func (e *entity) plans() map[string]bool {
	out := map[string]bool{}
	for _, t := range e.self {
		for _, line := range strings.FieldsFunc(t.post.Text, func(r rune) bool { return strings.ContainsRune("\n·•;,|.", r) }) {
			folded := foldText(line)
			if countPrices(folded) == 0 && !strings.ContainsAny(line, "0123456789") {
				continue
			}
			if words := wordsOf(line); len(words) > 0 && words[0].upper && len(words[0].loose) >= 4 && countCues(words[0].loose)[cueServer] == 0 {
				out[words[0].loose] = true
			}
		}
	}
	return out
}

func common(a, b map[string]bool) []string {
	var out []string
	for x := range a {
		if b[x] {
			out = append(out, x)
		}
	}
	return out
}

// telling is a sentence that names two sellers and speaks of a change of name.
type telling struct {
	a, b  *entity
	site  string
	quote string
	self  bool
}

// told finds the sentences that name two sellers together with words of continuity, once; in a thread about one seller a
// sentence that names the other is enough.
func (w *world) told() []telling {
	if w.tellings != nil {
		return w.tellings
	}
	w.tellings = []telling{}
	topics := map[*trace]*entity{}
	for _, th := range w.threads {
		for _, t := range th.traces {
			topics[t] = th.topic
		}
	}
	for _, t := range w.census.traces {
		if t.cues[cueContinuity]+t.title[cueContinuity] == 0 {
			continue
		}
		speaker := w.speakerAt[t]
		text := t.post.Text
		if !t.isPage() {
			text = t.post.Thread + "\n" + text
		}
		for _, sentence := range splitSentences(text) {
			if countCues(sentence)[cueContinuity] == 0 {
				continue
			}
			var named []*entity
			for _, n := range w.names.all(sentence) {
				if !slices.Contains(named, n.entity) {
					named = append(named, n.entity)
				}
			}
			if speaker != nil && len(named) == 1 && named[0] != speaker {
				w.tellings = append(w.tellings, telling{speaker, named[0], t.site, sentence, true})
			}
			if topic := topics[t]; speaker == nil && len(named) == 1 && topic != nil && topic != named[0] {
				w.tellings = append(w.tellings, telling{topic, named[0], t.site, sentence, false})
			}
			if len(named) == 2 {
				w.tellings = append(w.tellings, telling{named[0], named[1], t.site, sentence, speaker == named[0] || speaker == named[1]})
			}
		}
	}
	return w.tellings
}
