package scoring

import (
	"fmt"
	"slices"

	"schemer"
)

// The signals that the engine itself records.
const (
	signalForbids        schemer.SignalID = "K_prohib"
	signalNotBulletproof schemer.SignalID = "K_not_bp"
	signalObfuscated     schemer.SignalID = "obfuscated"
)

// The scopes of a hit that is not plain speech.
const (
	scopeQuestion   = "question"
	scopeReported   = "reported"
	scopeNews       = "news"
	scopeDefinition = "definition"
	scopeSarcasm    = "sarcasm"
	scopeAnswer     = "answer"
	scopeHeading    = "heading"
	scopeDenial     = "denial"
)

// known are the concepts that grammar itself needs.
type known struct {
	not, notAfter, but, and, only                               concept
	we, our, i, you, they, others                               concept
	yes, no, said, condition, wants                             concept
	define, news, sarcasm, denial                               concept
	permit, forbid, enforce, stay, offer, handle                concept
	purpose, everything, deal, lodge, noneOf, reassure, persist concept
	look, bother, tell, ever, prompt, refuse                    concept
	hosting, bulletproof, complaint, authority, shield, ddos    concept
	ban, modal, report, every, trivial                          concept
	discard, cooperate, complainant, letter, abuseDesk          concept
	stood, since, money, except                                 concept
	notBulletproof, obfuscated, forbids                         int // rules
}

// wanted names a concept that grammar needs and where it goes.
type wanted struct {
	name string
	to   *concept
}

// wanted lists all concepts that grammar needs.
func (k *known) wanted() []wanted { return slices.Concat(k.turns(), k.topics()) }

// turns are the words that turn a sentence: who speaks, what negates, permits, forbids or asks.
func (k *known) turns() []wanted {
	return []wanted{
		{"not", &k.not},
		{"not_after", &k.notAfter},
		{"but", &k.but},
		{"we", &k.we},
		{"our", &k.our},
		{"i", &k.i},
		{"you", &k.you},
		{"they", &k.they},
		{"yes", &k.yes},
		{"no_answer", &k.no},
		{"permit", &k.permit},
		{"forbid", &k.forbid},
		{"enforce", &k.enforce},
		{"stay", &k.stay},
		{"offer", &k.offer},
		{"purpose", &k.purpose},
		{"shield", &k.shield},
		{"define", &k.define},
		{"news", &k.news},
		{"sarcasm", &k.sarcasm},
		{"said", &k.said},
		{"condition", &k.condition},
		{"hosting", &k.hosting},
		{"bulletproof", &k.bulletproof},
		{"prompt", &k.prompt},
		{"only", &k.only},
		{"wants", &k.wants},
		{"and", &k.and},
		{"everything", &k.everything},
	}
}

// topics are what sentences are about as far as grammar must know it.
func (k *known) topics() []wanted {
	return []wanted{
		{"deal", &k.deal},
		{"lodge", &k.lodge},
		{"denial", &k.denial},
		{"others", &k.others},
		{"none_of", &k.noneOf},
		{"look", &k.look},
		{"bother", &k.bother},
		{"reassure", &k.reassure},
		{"handle", &k.handle},
		{"ddos", &k.ddos},
		{"persist", &k.persist},
		{"complaint", &k.complaint},
		{"authority", &k.authority},
		{"ever", &k.ever},
		{"tell", &k.tell},
		{"refuse", &k.refuse},
		{"ban", &k.ban},
		{"modal", &k.modal},
		{"report_to", &k.report},
		{"every", &k.every},
		{"trivial", &k.trivial},
		{"discard", &k.discard},
		{"cooperate", &k.cooperate},
		{"complainant", &k.complainant},
		{"letter", &k.letter},
		{"abuse_desk", &k.abuseDesk},
		{"stood", &k.stood},
		{"since", &k.since},
		{"money", &k.money},
		{"except", &k.except},
	}
}

// known looks the concepts of grammar up.
func (lex *lexicon) known() (known, error) {
	var k known
	for _, want := range k.wanted() {
		c, ok := lex.byName[want.name]
		if !ok {
			return k, fmt.Errorf("concepts lack %q, which grammar needs", want.name)
		}
		*want.to = c
	}
	return k, nil
}

func (r *Rules) weight(number int) float64 { return r.rules[number].signal.Weight }
