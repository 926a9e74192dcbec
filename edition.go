package schemer

import "time"

// Factor is one term of a score; the points of a candidate's factors add up to its score.
type Factor struct {
	Signal string  `json:"signal"`
	Points float64 `json:"points"`
	Note   string  `json:"note"`
}

// Evidence is one quoted proof of a candidate.
type Evidence struct {
	URL        string    `json:"url"`
	Quote      string    `json:"quote"` // verbatim from the captured text
	Context    string    `json:"context,omitempty"`
	Author     string    `json:"author"`
	PostedAt   time.Time `json:"posted_at,omitzero"`
	Speaker    Speaker   `json:"speaker"`
	Grade      Grade     `json:"grade"` // open, hint or none
	Signal     string    `json:"signal"`
	Crimes     []string  `json:"crimes,omitempty"`
	CapturedAt time.Time `json:"captured_at"`
	SHA256     Digest    `json:"sha256"`
	WARC       string    `json:"warc"`
	Admiralty  string    `json:"admiralty"`
	Post       PostID    `json:"post"`
	Site       string    `json:"site"`
	Lang       string    `json:"lang,omitempty"`
	GoneSince  time.Time `json:"gone_since,omitzero"`
	Points     float64   `json:"points,omitempty"`
	Words      []string  `json:"words,omitempty"` // what weighed most in a passage found by likeness
}

// Related is a typed link to another reseller that is not a merge.
type Related struct {
	Name     string `json:"name"`
	Relation string `json:"relation"` // successor_of, predecessor_of, shares_id, not_same_as
	Why      string `json:"why,omitempty"`
}

// Candidate is a reseller as ranked. It is a proposal: people decide.
type Candidate struct {
	Rank        int        `json:"rank"`
	ID          ResellerID `json:"id"`
	Name        string     `json:"name"`
	Aliases     []string   `json:"aliases"`
	Domains     []string   `json:"domains"`
	Handles     []string   `json:"handles"`
	ASNs        []int64    `json:"asns"`
	Prefixes    []string   `json:"prefixes,omitempty"`
	Listed      bool       `json:"listed"`
	Grade       Grade      `json:"grade"`
	Score       float64    `json:"score"`
	Probability float64    `json:"probability"`
	Crimes      []string   `json:"crimes"`
	Registered  string     `json:"registered"` // ISO 3166-1 alpha-2 of the claimed seat, "" when none
	SeatClaim   string     `json:"registered_claim,omitempty"`
	Nexus       string     `json:"nl_nexus"` // none, claimed, verified
	NexusProof  string     `json:"nl_nexus_proof,omitempty"`
	Change      string     `json:"change"` // new, stayed, stronger, weaker, renamed; "" without an earlier edition
	Related     []Related  `json:"related"`
	Factors     []Factor   `json:"factors"`
	Flags       []string   `json:"flags"`
	Contra      []Evidence `json:"contra"`
	Evidence    []Evidence `json:"evidence"`
	Sources     int        `json:"sources"` // independent sources
	FirstSeen   time.Time  `json:"first_seen,omitzero"`
	LastSeen    time.Time  `json:"last_seen,omitzero"`
	WouldChange []string   `json:"would_change,omitempty"` // what would change the grade, for explain
	Bindings    []Binding  `json:"bindings,omitempty"`
}

// Inputs are the digests that an edition was computed from; the same inputs give the same bytes.
type Inputs struct {
	Corpus Digest    `json:"corpus"` // over the posts in order
	Rules  Digest    `json:"rules"`
	Reader string    `json:"reader"`
	AsOf   time.Time `json:"as_of"`
	Posts  int       `json:"posts"`
}

// Edition is a year's list: a draft until it is frozen, immutable afterwards.
type Edition struct {
	Edition     string      `json:"edition"` // the year
	GeneratedAt time.Time   `json:"generated_at"`
	Frozen      bool        `json:"frozen,omitempty"`
	Unreviewed  bool        `json:"unreviewed,omitempty"`
	Inputs      Inputs      `json:"inputs"`
	Previous    string      `json:"previous,omitempty"` // edition that Change compares with
	Candidates  []Candidate `json:"candidates"`
}
