package scoring

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"schemer"
)

// formerLeads stand right before a seller's former name, in folded text.
var formerLeads = foldList(`formerly known as; formerly called; formerly named; formerly; previously known as; previously called; previously named; previously; once known as; once called; used to be called; used to be known as; used to be; were called; were known as; was called; was known as; traded as; trading as; operated as; old name; old name:; our old name was; former name; former name:; renamed from; rebranded from; rebrand of; ex-
 ; voorheen bekend als; voorheen; vroeger; heetten; heette; heetten wij; heetten we; vroeger heetten wij; oude naam; oude naam:; früher hießen wir; hießen wir; früher bekannt als; früher; ehemals; vormals; alter name; alter name:; bekannt als; anciennement; anciennement connu sous le nom de; ancien nom; ancien nom :; autrefois; nous nous appelions; s'appelait; ex
 ; anteriormente conocidos como; anteriormente; antes nos llamábamos; antes llamados; antes; nos llamábamos; antes conhecidos como; antes éramos; nos chamávamos; dawniej znani jako; dawniej; nazywaliśmy się; poprzednia nazwa; poprzednia nazwa:; eski adı; eski adımız; eski adıyla
 ; раньше мы назывались; раньше назывались; мы назывались; ранее известны как; ранее назывались; раньше; ранее; бывший; бывшие; бывшая; старое имя; старое название; прежнее название; экс-; раніше ми називалися; раніше називалися; ми називалися; раніше; колишній; колишня; стара назва; 原名; 前身是; 前身为; 前身; 以前叫; 旧名`)

// formers links sellers to a former name that they tell of themselves and that nobody else bears here: a name without
// posts or pages of its own.
func (w *world) formers() {
	for _, e := range w.entities {
		if e.flags["impersonator"] {
			continue
		}
		for _, t := range e.self {
			if t.cues[cueContinuity]+t.cues[cuePast]+t.title[cueContinuity] == 0 {
				continue
			}
			for _, sentence := range splitSentences(t.post.Text + "\n" + t.post.Signature) {
				name := formerName(sentence)
				if name == "" || anySame(e.brands, []brand{newBrand(name)}) || w.names.exact(newBrand(name)) != nil {
					continue
				}
				why := "says so itself: " + sentence
				if !slices.ContainsFunc(e.related, func(r schemer.Related) bool { return r.Name == name }) {
					e.related = append(e.related, schemer.Related{Name: name, Relation: "successor_of", Why: why})
				}
			}
		}
	}
}

// formerName is the name that a sentence gives as the former one of its author: words written like a name right after one
// of formerLeads.
func formerName(sentence string) string {
	for at := range sentence {
		if r, _ := utf8.DecodeLastRuneInString(sentence[:at]); at == 0 || !strings.ContainsRune(" -\"«“„", r) && !unicode.Is(unicode.Han, r) {
			continue
		}
		before := strings.TrimRight(foldText(sentence[:at]), " \"«“„")
		if !endsWith(before, formerLeads) {
			continue
		}
		if name := nameAt(sentence[at:]); name != "" {
			return name
		}
	}
	return ""
}

// nameAt is the name that text begins with: at most three words with capitals, no place, no contact, no word of the trade
// alone; "" when there is none.
func nameAt(text string) string {
	var words []string
	for word := range strings.FieldsSeq(text) {
		bare := strings.Trim(word, ".,;:!?()\"«»“”„'")
		if bare == "" || !capital(bare) && !hasHan(bare) || strings.ContainsAny(bare, "@/") {
			break
		}
		words = append(words, bare)
		if len(words) == 3 || !strings.HasSuffix(word, bare) {
			break
		}
	}
	name := strings.Join(words, " ")
	b := newBrand(name)
	if len(words) == 0 || !b.telling() || ordinary(b, words) || len(placesIn(foldText(name))) > 0 || countCues(name)[cueContact] > 0 {
		return ""
	}
	return name
}
