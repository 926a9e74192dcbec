package schemer

// Strength grades how far an identifier tells one seller from all others.
type Strength string

// The strengths of an identifier, strongest first.
const (
	Hard   Strength = "hard"   // wallet, PGP key, Tox or Session id, register number
	Strong Strength = "strong" // e-mail, Jabber, Telegram name, own domain
	Medium Strength = "medium" // brand with the same price table, near-identical terms
	Weak   Strength = "weak"   // nameserver, template, shared text
)

// Alias is one identifier of a reseller: a name, domain or handle.
type Alias struct {
	Kind     string   `json:"kind"` // name, domain, telegram, jabber, tox, session, email, wallet, pgp, asn, prefix, company, account
	Value    string   `json:"value"`
	Strength Strength `json:"strength"`
}

// Binding says why two aliases are held to belong to one reseller, or (Negative) to two different ones. Bindings are
// kept, never applied in place: a reseller is a connected component over positive bindings, and undo removes an edge.
type Binding struct {
	A        Alias    `json:"a"`
	B        Alias    `json:"b"`
	Relation string   `json:"relation"` // same, successor_of, upstream_of
	Negative bool     `json:"negative,omitempty"`
	Strength Strength `json:"strength"`
	Posts    []PostID `json:"posts"` // what says so
	Why      string   `json:"why"`
	By       string   `json:"by"` // rule name or analyst
}

// Reseller is an entity that sells server space, with its identifiers and why they are held to be its own.
type Reseller struct {
	ID       ResellerID `json:"id"`
	Name     string     `json:"name"`
	Aliases  []Alias    `json:"aliases"`
	Bindings []Binding  `json:"bindings"`
}
