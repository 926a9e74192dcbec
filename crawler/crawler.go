// Package crawler fetches public pages within bounds: within a source's scope, as robots.txt allows, one request at a
// time to a host and never sooner than its delay, and never to a private address.
//
// Colly is the fetch shell (collector, request context, headers, cookies, callbacks); everything that decides or proves
// something is the package's own: the transport that takes evidence on the wire, robots (RFC 9309), pacing, scope,
// traps, discovery and revisits. What was fetched is durable in the [Archive] before it is read, and everything that
// one page changes reaches the [Frontier] in one transaction, so a crawl that is killed continues where it stood.
package crawler

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"schemer"
)

// Archive keeps exchanges as evidence.
type Archive interface {
	// Save keeps the exchanges in order and returns their captures; they are durable when it returns. It does not
	// hold on to the bytes, which are used again.
	Save(ctx context.Context, exchanges []schemer.Exchange) ([]schemer.Capture, error)
}

// Reader turns the bytes of a page into a document. It must be safe for concurrent use.
type Reader interface {
	// Read reads body, which is decoded but still in the page's own charset. It does not hold on to body, which is used
	// again.
	Read(capture schemer.Capture, header http.Header, body []byte) schemer.Document
}

// Frontier is the durable memory of what is to be fetched and when.
type Frontier interface {
	// Add inserts the targets whose URL is unknown, durably, and returns how many there were.
	Add(ctx context.Context, targets []schemer.Target) (int, error)
	// Lease claims one ready host with due targets and hands over its best max targets. When no host is ready it
	// returns [schemer.ErrNotFound] and the time the next one will be (zero: never).
	Lease(ctx context.Context, owner string, now time.Time, ttl time.Duration, max int) (schemer.Lease, time.Time, error)
	// Done stores an outcome in one transaction; a stale fence gives an error wrapping [schemer.ErrLocked].
	Done(ctx context.Context, lease schemer.Lease, outcome schemer.Outcome) error
	// Release gives the host back; it may be leased again from readyAt.
	Release(ctx context.Context, lease schemer.Lease, readyAt time.Time) error
	// Fetched counts the completed fetches of a source since a time.
	Fetched(ctx context.Context, source schemer.SourceID, since time.Time) (int, error)
	// Known returns the state of one URL, or [schemer.ErrNotFound].
	Known(ctx context.Context, url string) (schemer.Target, error)
	// MakeDue starts a run: it applies the schedules or, with all, makes every known URL of the sources due.
	MakeDue(ctx context.Context, now time.Time, sources []schemer.SourceID, all bool) error
}

// Options configures a [Crawler]. Archive, Frontier and Reader are required; every other zero value is sensible.
type Options struct {
	Archive  Archive
	Frontier Frontier
	Reader   Reader
	Sources  []schemer.Source  // given ones and those discovered earlier
	Resolve  map[string]string // host, host:port or "*" to ip:port; the only way to a private address besides AllowPrivate
	Lookup   Lookup            // nil asks the system's resolver
	Workers  int               // hosts fetched from at once; 0 means 12
	Now      func() time.Time  // the clock of schedules; read once when a run starts, from there time is monotonic. nil means time.Now
	Wall     func() time.Time  // the clock of the evidence, which must be the true one whatever Now says; nil means time.Now
	Log      *slog.Logger      // nil discards
	All      bool              // every known URL of the sources is due, conditionally
	Config   schemer.Digest    // digest of the configuration, for the evidence
	Operator string            // who answers for the crawl; shown in the honest user agent
	Tool     string            // name and version: "schemer/1.0"
	Since    time.Time         // budgets count from here; zero means the start of the run. Set it to continue a killed run
	MaxPages int               // fetches of the whole run; 0 sets no bound
	MaxSites int               // newly discovered sites a run; 0 means 500
	NoGuess  bool              // no host is asked for that nobody wrote down: a seller named without an address stays without one
	Patience time.Duration     // how long a run waits for a host that is not ready; 0 means 3 min
	Onion    string            // egress of discovered onion sites; empty leaves them unvisited unless Resolve names them
	Limits   Limits
	Progress func(Stats) // called after every page, one call at a time
	Metrics  Metrics     // nil: no metrics
}

// Crawler runs crawls over one frontier. Make one with [New] for every run; it is not used for two runs at once.
type Crawler struct {
	opt     Options
	log     *slog.Logger
	clock   clock
	limits  Limits
	dialer  *dialer
	pool    *pool
	space   spaces
	pace    *pace
	robots  *robotsBook
	seen    *seenCache // links already handed to the frontier in this run
	said    *seenCache // texts already read in this run
	tally   *tally
	sources *sourceBook
	jars    *jarBook
	orphans *orphanBook
	crew    crew
	unmoved sync.Map     // first pages of threads whose mark was seen not to have moved in this run
	plain   sync.Map     // hosts that answer in plain HTTP only
	sent    atomic.Int64 // requests of this run
	heldMu  sync.Mutex
	held    []schemer.Lease // hosts whose budget is spent
}

// New checks the options and returns a crawler. It opens nothing.
func New(opt Options) (*Crawler, error) {
	if opt.Archive == nil || opt.Frontier == nil || opt.Reader == nil {
		return nil, fmt.Errorf("new crawler: archive, frontier and reader are required: %w", schemer.ErrUsage)
	}
	if opt.Workers <= 0 {
		opt.Workers = 12
	}
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.Wall == nil {
		opt.Wall = time.Now
	}
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	if opt.MaxSites <= 0 {
		opt.MaxSites = 500
	}
	if opt.Patience <= 0 {
		opt.Patience = 3 * time.Minute
	}
	if opt.Tool == "" {
		opt.Tool = "schemer"
	}
	dialer, err := newDialer(opt.Resolve, opt.Lookup)
	if err != nil {
		return nil, fmt.Errorf("new crawler: %w", err)
	}
	sources, err := newSourceBook(opt)
	if err != nil {
		return nil, fmt.Errorf("new crawler: %w", err)
	}
	c := &Crawler{
		opt: opt, log: opt.Log, limits: opt.Limits.withDefaults(), dialer: dialer, pool: newPool(),
		pace: newPace(), robots: newRobotsBook(), seen: newSeenCache(1 << 18), said: newSeenCache(1 << 17),
		sources: sources, jars: newJarBook(), orphans: newOrphanBook(),
	}
	c.limits.Lease = max(c.limits.Lease, 2*opt.Patience) // a held host must not come back within a run's patience
	c.clock.set(opt.Now())
	c.tally = newTally(opt.Metrics, opt.Progress)
	return c, nil
}

// Run makes what is due due, seeds the sources' own URLs and fetches until nothing is due within Options.Patience, the
// budgets are spent or ctx ends. The statistics are whole for what was done even when the error is not nil.
func (c *Crawler) Run(ctx context.Context) (Stats, error) {
	c.clock.set(c.opt.Now())
	started := c.clock.now()
	if c.opt.Since.IsZero() {
		c.opt.Since = started
	}
	defer c.pool.close()
	c.tally.begun = time.Now()
	c.sent.Store(0)
	if err := c.begin(ctx, started); err != nil {
		return c.tally.stats(c.clock.now().Sub(started)), err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	c.crew.start()
	var wg sync.WaitGroup
	for i := range c.opt.Workers {
		w := c.newWorker(i)
		wg.Go(func() {
			if err := w.run(ctx); err != nil {
				cancel(err)
			}
		})
	}
	wg.Wait()
	if err := c.releaseHeld(ctx); err != nil {
		cancel(err)
	}
	c.tally.tell(true)
	stats := c.tally.stats(c.clock.now().Sub(started))
	c.log.InfoContext(ctx, "crawl ended", "requests", stats.Requests, "fetched", stats.Fetched, "posts", stats.Posts,
		"errors", stats.errorCount(), "elapsed", stats.Elapsed)
	if err := context.Cause(ctx); err != nil {
		return stats, fmt.Errorf("crawl: %w", err)
	}
	return stats, nil
}

// begin applies the schedules and makes sure that every source's own URL is known.
func (c *Crawler) begin(ctx context.Context, now time.Time) error {
	ids, seeds := c.sources.seeds(now)
	if err := c.opt.Frontier.MakeDue(ctx, now, ids, c.opt.All); err != nil {
		return fmt.Errorf("crawl: make %d sources due: %w", len(ids), err)
	}
	added, err := c.opt.Frontier.Add(ctx, seeds)
	if err != nil {
		return fmt.Errorf("crawl: add %d seeds: %w", len(seeds), err)
	}
	c.log.InfoContext(ctx, "crawl starts", "sources", len(ids), "new_seeds", added, "workers", c.opt.Workers, "all", c.opt.All)
	return nil
}
