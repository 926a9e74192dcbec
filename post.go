package schemer

import "time"

// PageKind is what a fetched page turned out to be.
type PageKind string

// The kinds of page. PageRole of a reseller's own page is in Post.Role.
const (
	PageIndex     PageKind = "index"  // list of boards
	PageBoard     PageKind = "board"  // list of threads
	PageThread    PageKind = "thread" // posts
	PageArticle   PageKind = "article"
	PageReviews   PageKind = "reviews"
	PageSite      PageKind = "site"      // a page of somebody's own site
	PageLogin     PageKind = "login"     // a login form answered instead: nothing is read
	PageChallenge PageKind = "challenge" // a bot check answered instead: kept, never evaded
	PageSoft404   PageKind = "soft404"
	PageOther     PageKind = "other"
)

// Document is a page as read. It is a pure function of the captured bytes and the reader's version.
type Document struct {
	Capture    CaptureID  `json:"capture"`
	URL        string     `json:"url"`
	Canonical  string     `json:"canonical,omitempty"` // as the page says, resolved, session ids stripped
	Site       string     `json:"site"`                // host, lower case, without port and "www."
	Source     SourceID   `json:"source"`
	SourceKind SourceKind `json:"source_kind"`
	Kind       PageKind   `json:"kind"`
	Engine     string     `json:"engine"` // phpbb, mybb, …; generic; static
	Confidence float64    `json:"confidence"`
	Title      string     `json:"title,omitempty"`
	Lang       string     `json:"lang,omitempty"`
	Charset    string     `json:"charset,omitempty"`
	Posts      []Post     `json:"posts,omitempty"`
	Links      []Link     `json:"links,omitempty"`
	Degraded   string     `json:"degraded,omitempty"` // why it was read only in part: depth, charset, truncated, …
	CapturedAt time.Time  `json:"captured_at"`
	SHA256     Digest     `json:"sha256"`
	WARC       string     `json:"warc,omitempty"` // file#offset
	Reader     string     `json:"reader"`         // reader version
}

// PostKind tells what sort of utterance a post is.
type PostKind string

// The kinds of post.
const (
	PostForum   PostKind = "post"
	PostPage    PostKind = "page" // the main text of a page: reseller's own page, blog article, directory page
	PostArticle PostKind = "article"
	PostComment PostKind = "comment"
	PostReview  PostKind = "review"
	PostReply   PostKind = "reply"   // an owner's reply to a review
	PostChannel PostKind = "channel" // a message in a public channel
)

// Post is one utterance by one author: a forum post, a review, a comment, or a whole page of a site. Text is the
// author's own; what was quoted and the signature stand apart.
type Post struct {
	ID         PostID     `json:"id"`
	URL        string     `json:"url"` // permalink
	Site       string     `json:"site"`
	Source     SourceID   `json:"source"`
	SourceKind SourceKind `json:"source_kind"`
	Kind       PostKind   `json:"kind"`
	Engine     string     `json:"engine"`
	Confidence float64    `json:"confidence"` // of the reader that this is a post with these parts, 0 to 1
	Board      string     `json:"board,omitempty"`
	Thread     string     `json:"thread,omitempty"` // title
	ThreadID   string     `json:"thread_id,omitempty"`
	ThreadURL  string     `json:"thread_url,omitempty"`
	Number     string     `json:"number"`             // the engine's own id of the post
	Position   int        `json:"position,omitempty"` // 1 for the opening post, 0 when unknown
	Sticky     bool       `json:"sticky,omitempty"`
	Role       string     `json:"role,omitempty"`    // of a page: home, terms, aup, abuse, dmca, faq, about, contact, legal, privacy, pricing, locations, blog, kb, other
	Subject    string     `json:"subject,omitempty"` // of a review: the reviewed provider
	Rating     float64    `json:"rating,omitempty"`  // 0 to 5, 0 when none
	Author     string     `json:"author"`
	AuthorID   string     `json:"author_id,omitempty"`
	AuthorURL  string     `json:"author_url,omitempty"`
	AuthorRank string     `json:"author_rank,omitempty"` // user title or group as shown: "Moderator", "Verified vendor"
	PostedAt   time.Time  `json:"posted_at,omitzero"`
	DateHow    string     `json:"date_how,omitempty"` // machine, text, text? (day and month could be exchanged, or a part was supplied), relative, inherited, none
	DateRaw    string     `json:"date_raw,omitempty"`
	EditedAt   time.Time  `json:"edited_at,omitzero"`
	Title      string     `json:"title,omitempty"`
	Text       string     `json:"text"`
	Blocks     []Block    `json:"blocks,omitempty"` // consecutive spans of Text with the headings over them
	Quotes     []Quote    `json:"quotes,omitempty"`
	Signature  string     `json:"signature,omitempty"`
	Hidden     string     `json:"hidden,omitempty"` // text that the page hides from readers (display:none), apart
	Lang       string     `json:"lang,omitempty"`   // ISO 639-1 of Text, best guess
	Deleted    bool       `json:"deleted,omitempty"`
	Mentions   []Mention  `json:"mentions,omitempty"`
	Identity   *Identity  `json:"identity,omitempty"` // company identity as the page claims it
	Capture    CaptureID  `json:"capture"`
	CapturedAt time.Time  `json:"captured_at"`
	SHA256     Digest     `json:"sha256"`
	WARC       string     `json:"warc,omitempty"`
	FirstSeen  time.Time  `json:"first_seen,omitzero"` // of this wording
	LastSeen   time.Time  `json:"last_seen,omitzero"`
	GoneSince  time.Time  `json:"gone_since,omitzero"`  // first visit that no longer showed it; zero while visible
	Superseded bool       `json:"superseded,omitempty"` // a newer wording of the same post is kept
}

// Block is a span of Post.Text: a paragraph, list item, table row or heading, with the headings that govern it.
type Block struct {
	Kind     string   `json:"kind"`            // heading, paragraph, item, row, code
	Level    int      `json:"level,omitempty"` // of a heading, 1 to 6; of an item, its nesting
	Start    int      `json:"start"`           // byte offsets in Text
	End      int      `json:"end"`
	Headings []string `json:"headings,omitempty"` // outermost first; for items the lead-in line ("Forbidden:") is last
}

// Quote is what a post repeats of somebody else.
type Quote struct {
	Author string `json:"author,omitempty"`
	Post   string `json:"post,omitempty"` // the engine's id of the quoted post, when the markup says so
	Text   string `json:"text"`
}

// Mention is an identifier found in a post. Value is canonical; Start and End are byte offsets in the field.
type Mention struct {
	Kind  string `json:"kind"`  // domain, url, email, telegram, jabber, tox, session, icq, discord, wallet, pgp, onion, asn, prefix, ip, phone, company, whatsapp, signal, matrix
	Value string `json:"value"` // canonical, as in handles: "northernrack_sales", "sales@x.example", "64500"
	Field string `json:"field"` // text, signature, quote, title, thread, author_url, link, hidden
	Start int    `json:"start"`
	End   int    `json:"end"`
	Raw   string `json:"raw,omitempty"` // as written, when it differs from Value
	// Checked says that Value carries a checksum and that it fits: a wallet, Tox or onion address that was not mistyped
	// or made up. Kinds without a checksum leave it false.
	Checked bool `json:"checked,omitempty"`
}

// Link is a link of a page with its kind for the crawler.
type Link struct {
	URL    string `json:"url"`  // absolute, session ids stripped, no fragment
	Kind   string `json:"kind"` // board, thread, next, last, post, profile, attachment, legal, article, page, external, noise
	Text   string `json:"text,omitempty"`
	Mark   string `json:"mark,omitempty"` // for threads: the last-post mark the list shows (id or date), "" when none
	Sticky bool   `json:"sticky,omitempty"`
	Rel    string `json:"rel,omitempty"` // nofollow, canonical, next
}

// Identity is a company identity as claimed on a page; nothing here is verified.
type Identity struct {
	Name     string   `json:"name,omitempty"`    // legal name with form: "Northern Rack Ltd"
	Country  string   `json:"country,omitempty"` // ISO 3166-1 alpha-2 of the claimed seat
	Claim    string   `json:"claim,omitempty"`   // the words that claim it, verbatim
	Start    int      `json:"start"`             // offsets of Claim in Text
	End      int      `json:"end"`
	Numbers  []string `json:"numbers,omitempty"` // register numbers
	Address  string   `json:"address,omitempty"`
	Payments []string `json:"payments,omitempty"` // btc, xmr, usdt, card, paypal, bank, cash, …
	Places   []string `json:"places,omitempty"`   // ISO 3166-1 alpha-2 of server locations claimed
	Shop     string   `json:"shop,omitempty"`     // whmcs, blesta, hostbill, …
}
