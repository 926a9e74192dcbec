package schemer

// Grade is what the evidence supports, apart from rank.
type Grade string

// The grades. Only open and hint can be listed.
const (
	GradeOpen   Grade = "open"   // openly says that it serves crime
	GradeHint   Grade = "hint"   // lets it shine through
	GradeWatch  Grade = "watch"  // worth another look; never in the letter
	GradeContra Grade = "contra" // the evidence points the other way
	GradeNone   Grade = "none"
)

// Speaker says in whose voice a sentence stands, seen from the reseller it is about.
type Speaker string

// The speakers.
const (
	SpeakerSelf  Speaker = "self"
	SpeakerBuyer Speaker = "buyer"
	SpeakerThird Speaker = "third-party"
	SpeakerOther Speaker = "other"
)

// Signal is what a rule file says of itself; the patterns are the scoring package's own.
type Signal struct {
	ID      SignalID `json:"id"`
	Family  string   `json:"family"` // P, C, H, N, J, X, K as in docs/scoring.md
	Weight  float64  `json:"weight"` // natural-log odds
	Grade   Grade    `json:"grade"`
	Crimes  []string `json:"crimes,omitempty"`
	Meaning string   `json:"meaning"`
	Why     string   `json:"why"`
	Sources []string `json:"sources,omitempty"`
}

// Hit is one finding of a rule in one post. Start and End are byte offsets of the quoted clause in the post's field.
type Hit struct {
	Signal   SignalID `json:"signal"`
	Post     PostID   `json:"post"`
	Field    string   `json:"field"` // text, signature, title
	Start    int      `json:"start"`
	End      int      `json:"end"`
	Quote    string   `json:"quote"`           // the original bytes of the clause
	Polarity int      `json:"polarity"`        // +1 permits or offers, -1 forbids or denies, 0 neither
	Subject  string   `json:"subject"`         // we, you, they, none
	Scope    string   `json:"scope,omitempty"` // question, reported, condition, definition, heading, …; empty when plain
	Lang     string   `json:"lang,omitempty"`
	Crimes   []string `json:"crimes,omitempty"`
	Steps    []string `json:"steps,omitempty"` // normaliser steps that were needed: confusable, leet, spacing, translit
	Words    []string `json:"words,omitempty"` // of a passage found by likeness to the examples: what weighed most
	Weight   float64  `json:"weight"`          // before speaker, freshness and caps
}
