package schemer

import "time"

// SourceKind says what sort of place a source is; it bounds who can be speaking there.
type SourceKind string

// The kinds of source. A discovered site starts as KindUnknown until it has been read.
const (
	KindForum     SourceKind = "forum"
	KindReseller  SourceKind = "reseller"
	KindReview    SourceKind = "review"
	KindBlog      SourceKind = "blog"
	KindNews      SourceKind = "news"
	KindDirectory SourceKind = "directory"
	KindHoster    SourceKind = "hoster"
	KindChannel   SourceKind = "channel" // a public messenger channel or a mirror of some
	KindOther     SourceKind = "other"
	KindUnknown   SourceKind = "unknown"
)

// Source is something we watch: a place, why we may look at it, how often, and within which bounds.
type Source struct {
	ID           SourceID      `json:"id"`
	URL          string        `json:"url"`
	Kind         SourceKind    `json:"kind"`
	Basis        string        `json:"basis,omitempty"`         // legal basis, free text
	Every        time.Duration `json:"every,omitempty"`         // recrawl period; 0 means 24 h
	Allow        []string      `json:"allow,omitempty"`         // RE2 on the path and query; empty allows the whole host
	Deny         []string      `json:"deny,omitempty"`          // RE2 on the path and query; wins over Allow
	MaxPages     int           `json:"max_pages,omitempty"`     // fetches a run; 0 means the default of its kind
	Delay        time.Duration `json:"delay,omitempty"`         // least gap between two requests to its host; 0 means 2 s, and 20 ms for a host pinned to loopback
	Egress       string        `json:"egress,omitempty"`        // direct (default), http://…, socks5h://…
	UserAgent    string        `json:"user_agent,omitempty"`    // recorded policy decision; empty means the honest default
	IgnoreRobots string        `json:"ignore_robots,omitempty"` // reason; empty obeys robots.txt
	AllowPrivate bool          `json:"allow_private,omitempty"` // may resolve to a private address
	Screenshots  bool          `json:"screenshots,omitempty"`
	Discovered   bool          `json:"discovered,omitempty"` // found by the crawler, not given by a person
	FoundOn      string        `json:"found_on,omitempty"`   // URL that named it, when discovered
	Guessed      bool          `json:"guessed,omitempty"`    // its address was derived from a seller's name; nobody wrote it down
}

// TargetKind is what a URL is expected to be, and so how much it is worth and how it is revisited.
type TargetKind string

// The kinds of target, by falling expected yield.
const (
	TargetRobots  TargetKind = "robots"
	TargetSitemap TargetKind = "sitemap"
	TargetHome    TargetKind = "home"
	TargetBoard   TargetKind = "board"  // a list of threads
	TargetThread  TargetKind = "thread" // a page of posts
	TargetLegal   TargetKind = "legal"  // terms, AUP, abuse, DMCA, FAQ, about, contact, locations, pricing
	TargetArticle TargetKind = "article"
	TargetPage    TargetKind = "page"
)

// Target is one URL due for fetching.
type Target struct {
	URL        string     `json:"url"` // canonical: no fragment, no session id
	Host       string     `json:"host"`
	Source     SourceID   `json:"source"`
	Kind       TargetKind `json:"kind"`
	Depth      int        `json:"depth"`
	Priority   int        `json:"priority"` // higher first
	FoundOn    CaptureID  `json:"found_on,omitempty"`
	Anchor     string     `json:"anchor,omitempty"`    // text of the link that led here, at most 200 bytes
	Reason     string     `json:"reason"`              // seed, link, sitemap, recrawl, discovered, manual
	LastMark   string     `json:"last_mark,omitempty"` // last-post mark its board shows; a moved mark makes it due
	DueAt      time.Time  `json:"due_at"`
	Attempts   int        `json:"attempts,omitempty"`
	Visits     int        `json:"visits,omitempty"`  // completed fetches so far
	Changes    int        `json:"changes,omitempty"` // of those, how many showed new content
	ETag       string     `json:"etag,omitempty"`
	Modified   string     `json:"modified,omitempty"`    // Last-Modified as sent
	LastDigest Digest     `json:"last_digest,omitempty"` // digest of the text as last read
	LastID     CaptureID  `json:"last_id,omitempty"`     // capture that holds it
	Payload    Digest     `json:"payload,omitempty"`     // payload digest of LastID; equal again means a revisit record
	Thread     string     `json:"thread,omitempty"`      // of a later page of a thread or board: URL of its first page
	Next       string     `json:"next,omitempty"`        // URL of the page after this one, as it was last read
	LastFetch  time.Time  `json:"last_fetch,omitzero"`
	Interval   Duration   `json:"interval,omitempty"` // adaptive revisit interval
}

// Duration is a time.Duration; it is named so that stored rows keep nanoseconds.
type Duration = time.Duration

// Lease is the right of one worker to fetch from one host until Until. Fence grows with every claim; a write that
// presents an older fence is refused, so a worker that lost its lease cannot spoil the work of its successor.
type Lease struct {
	Host    string
	Owner   string
	Fence   int64
	Until   time.Time
	Targets []Target // due targets of the host, best first
}

// Outcome is everything that one finished fetch changes. It is stored in one transaction: either all of it counts or
// none of it does.
type Outcome struct {
	Target   Target    // as claimed, with ETag, Modified, LastDigest, Visits, Changes and Interval brought up to date
	Captures []Capture // redirect hops first; already durable in the archive
	Document *Document // nil when nothing was read (304, error, robots.txt)
	Found    []Target  // links to be added if unknown; a known one becomes due when its LastMark moved
	Sites    []Source  // newly discovered sites
	NextDue  time.Time // zero: not to be fetched again
	Gone     bool      // 404 or 410: what was read here before is gone since now
	Error    string    // class of failure, empty when fetched: dns, connect, tls, timeout, status-503, robots, trap, …
	Retry    bool      // a passing failure: try again at NextDue and count an attempt
}
