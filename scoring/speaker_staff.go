package scoring

import (
	"slices"
	"strings"

	"schemer"
)

// staffWords stand right before the name of the firm for which somebody speaks; hailWords do when one of hereWords follows
// the name. They are in folded text.
var (
	staffWords = foldList(`work for; work at; working for; working at; i run; i own; i operate; i founded; we at; we from; here at; over at; us at; support at; sales at; team of; the team at; on behalf of; speaking for; admin of; admin at; owner of; founder of; staff of; staff at; try us,; with us at; rep of; representative of
 ; werk bij; werk voor; wij van; wij bij; namens; eigenaar van; ons bij; medewerker van; arbeite bei; arbeite für; arbeite fuer; wir von; wir bei; im namen von; betreibe; inhaber von; team von; mitarbeiter von; travaille chez; travaille pour; nous chez; nous, chez; au nom de; équipe de; gérant de
 ; trabajo en; trabajo para; nosotros en; en nombre de; dueño de; equipo de; trabalho na; trabalho no; trabalho para; nós da; nós na; em nome da; em nome de; equipe da; dono da; pracuję w; pracuję dla; my w; my z; w imieniu; zespół
 ; работаю в; работаю на; мы в; мы из; от имени; представляю; представитель; у нас в; владелец; команда; поддержка; саппорт; працюю в; працюю на; ми в; ми з; від імені; представляю; у нас в; власник; підтримка; 我们是; 我是; 代表; 我们`)
	hailWords = foldList(`from; of; van; von; de; da; do; z; из; с; з; із`)
	hereWords = foldList(`here; speaking; support; sales; team; hier; ici; aquí; aqui; tutaj; здесь; тут; на связи; support hier`)
	// formerWords say the same of the past.
	formerWords = foldList(`worked for; worked at; used to work for; used to work at; was with; werkte bij; werkte voor; heb gewerkt bij; arbeitete bei; habe gearbeitet bei; travaillais chez; trabajaba en; trabajé en; trabalhei na; trabalhava na; pracowałem w; работал в; работала в; работал на; працював в; працювала в`)
	roleWords   = foldList(`support; sales; team; staff; admin; owner; founder; manager; helpdesk; desk; noc; verkoop; eigenaar; medewerker; vertrieb; inhaber; kundendienst; ventes; équipe; gérant; ventas; soporte; dueño; equipo; vendas; suporte; dono; sprzedaż; wsparcie; właściciel; satış; destek; поддержка; продажи; владелец; команда; менеджер; підтримка; продаж; власник; 客服; 官方; 售后`)
)

// foldList reads a list parted by semicolons in folded text.
func foldList(list string) []string {
	var out []string
	for word := range strings.SplitSeq(list, ";") {
		if word = strings.TrimSpace(foldText(word)); word != "" {
			out = append(out, word)
		}
	}
	return out
}

// introduced is the seller for which an author says that he speaks: "I work for Such Host", "Such Host support here", or a
// signature with the firm's name and a role. Whoever says so may be lying: it binds nothing.
func (w *world) introduced(t *trace) *entity {
	if t.cues[cueWe]+t.cues[cueI] == 0 || staffed(t) || t.post.Kind == schemer.PostReview {
		return nil
	}
	if s := t.post.Signature; s != "" && t.cues[cueWe] > 0 {
		if e := w.names.only(s); e != nil && firstOf(foldText(s), roleWords) >= 0 {
			return e
		}
	}
	e, past := w.speaksAs(t)
	if past {
		return nil
	}
	return e
}

// formerStaff reports whether an author says that he used to work for a seller.
func (w *world) formerStaff(t *trace) bool {
	e, past := w.speaksAs(t)
	return e != nil && past
}

// speaksAs is the seller for which an author introduces himself in his text, and whether he speaks of the past.
func (w *world) speaksAs(t *trace) (e *entity, past bool) {
	for _, sentence := range splitSentences(t.post.Text) {
		for _, n := range w.names.all(sentence) {
			before := strings.TrimRight(foldText(sentence[:n.at]), " \"“„«'")
			if endsWith(before, formerWords) {
				return n.entity, true
			}
			if endsWith(before, staffWords) || endsWith(before, hailWords) && hailed(sentence[n.at:]) {
				return n.entity, countCues(before)[cuePast] > 0
			}
		}
	}
	return nil, false
}

// endsWith reports whether folded text ends with one of the phrases, as whole words.
func endsWith(folded string, list []string) bool {
	return slices.ContainsFunc(list, func(phrase string) bool {
		head, ok := strings.CutSuffix(folded, phrase)
		return ok && (head == "" || hasHan(phrase) || strings.HasSuffix(head, " ") || strings.HasSuffix(head, ",") || strings.HasSuffix(head, "("))
	})
}

// hailed reports whether one of hereWords follows a name within its next words.
func hailed(rest string) bool {
	words := strings.Fields(foldText(rest))
	tail := " " + strings.Join(words[min(1, len(words)):min(4, len(words))], " ")
	return slices.ContainsFunc(hereWords, func(word string) bool { return strings.Contains(tail, " "+word) })
}
