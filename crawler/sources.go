package crawler

import (
	"fmt"
	"net/http/cookiejar"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"schemer"

	"golang.org/x/net/publicsuffix"
)

// watched is a source with what this run needs to know of it.
type watched struct {
	src    schemer.Source
	scope  *scope
	egress *egress
	onion  bool // its host cannot be reached by its egress

	mu       sync.Mutex
	counted  bool // budget was initialised from the frontier
	spent    int
	budget   int
	patterns map[string]*patternState
	stray    int // pages of no kind followed on a forum
	named    int // new sites it named in this run
}

// The pages a run fetches of a source that sets no bound of its own.
var defaultBudget = map[schemer.SourceKind]int{
	schemer.KindForum: 5000, schemer.KindReview: 500, schemer.KindDirectory: 300, schemer.KindBlog: 300,
	schemer.KindNews: 300, schemer.KindChannel: 200, schemer.KindReseller: 60, schemer.KindHoster: 60,
}

// The budget of a discovered site, and of one that turns out to be somebody's forum.
const (
	siteBudget  = 30
	forumBudget = 10
	siteEvery   = 7 * 24 * time.Hour
)

func budgetOf(src schemer.Source) int {
	if src.MaxPages > 0 {
		return src.MaxPages
	}
	if n := defaultBudget[src.Kind]; n > 0 {
		return n
	}
	return siteBudget
}

// ownDelay is the gap when none is set and the host is pinned to this very machine: there is nobody to be polite to.
const ownDelay = 20 * time.Millisecond

// own says whether a host is pinned to a loopback address.
func (c *Crawler) own(u *url.URL) bool {
	addr, ok := resolveWith(c.opt.Resolve, u.Hostname(), portOf(u))
	if !ok {
		return false
	}
	pinned, err := netip.ParseAddrPort(addr)
	return err == nil && pinned.Addr().IsLoopback()
}

func delayOf(src schemer.Source) time.Duration {
	if src.Delay > 0 {
		return src.Delay
	}
	return 2 * time.Second
}

func everyOf(src schemer.Source) time.Duration {
	if src.Every > 0 {
		return src.Every
	}
	return 24 * time.Hour
}

// sourceBook holds the sources of a run; discovery adds to it.
type sourceBook struct {
	mu    sync.RWMutex
	byID  map[schemer.SourceID]*watched
	hosts map[string]schemer.SourceID // bare host of every source
	sites int                         // discovered in this run
}

func newSourceBook(opt Options) (*sourceBook, error) {
	b := &sourceBook{byID: map[schemer.SourceID]*watched{}, hosts: map[string]schemer.SourceID{}}
	for _, src := range opt.Sources {
		if _, err := b.add(src, opt); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// add puts a source in the book; one with the same id is replaced.
func (b *sourceBook) add(src schemer.Source, opt Options) (*watched, error) {
	sc, err := newScope(src)
	if err != nil {
		return nil, err
	}
	eg, err := parseEgress(src.Egress)
	if err != nil {
		return nil, fmt.Errorf("source %s: %w", src.ID, err)
	}
	w := &watched{src: src, scope: sc, egress: eg, budget: budgetOf(src), patterns: map[string]*patternState{}}
	if isOnion(sc.host) && !eg.reachesOnion() {
		_, resolved := resolveWith(opt.Resolve, sc.host, "80")
		w.onion = !resolved
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.byID[src.ID] = w
	b.hosts[sc.host] = src.ID
	return w, nil
}

func (b *sourceBook) get(id schemer.SourceID) *watched {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.byID[id]
}

// ownerOf returns the source that a bare host belongs to, empty when it is new.
func (b *sourceBook) ownerOf(host string) schemer.SourceID {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.hosts[host]
}

// claim reserves room for one more discovered site.
func (b *sourceBook) claim(limit int) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.sites >= limit {
		return false
	}
	b.sites++
	return true
}

// seeds lists the sources in order and a home target for each that can be reached.
func (b *sourceBook) seeds(now time.Time) ([]schemer.SourceID, []schemer.Target) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	var ids []schemer.SourceID
	for id := range b.byID {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	var targets []schemer.Target
	for _, id := range ids {
		w := b.byID[id]
		if w.onion {
			continue
		}
		reason := "seed"
		if w.src.Discovered {
			reason = "discovered"
		}
		targets = append(targets, schemer.Target{
			URL: w.scope.home, Host: hostOf(w.scope.home), Source: id, Kind: schemer.TargetHome,
			Priority: basePriority(schemer.TargetHome), Reason: reason, DueAt: now,
		})
	}
	return ids, targets
}

// hostOf is the politeness key of a canonical URL: its host without port.
func hostOf(canonical string) string {
	_, rest, _ := strings.Cut(canonical, "://")
	if i := strings.IndexAny(rest, "/?"); i >= 0 {
		rest = rest[:i]
	}
	if i := strings.LastIndexByte(rest, ':'); i >= 0 && !strings.HasSuffix(rest, "]") {
		rest = rest[:i]
	}
	return rest
}

// left says how much of the budget is unspent.
func (w *watched) left() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.budget - w.spent
}

// shrink lowers the budget of a discovered site that turned out to be a forum.
func (w *watched) shrink(to int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.budget = min(w.budget, to)
}

// mayStray takes one of the few pages of no kind that are followed on a forum.
func (w *watched) mayStray() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stray++
	return w.stray <= 20
}

// mayName takes one of the new sites that a source may name in a run.
func (w *watched) mayName(limit int) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.named++
	return w.named <= max(1, limit)
}

// trapped says why the pattern of URLs is not followed any more.
func (w *watched) trapped(folded string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if p := w.patterns[folded]; p != nil {
		return p.stopped
	}
	return ""
}

// observe counts a page for its pattern and returns the reason when that stops it just now.
func (w *watched) observe(folded string, kind schemer.TargetKind, numbered, news bool, hash uint64) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	p := w.patterns[folded]
	if p == nil {
		if len(w.patterns) >= maxPatternSet {
			return ""
		}
		p = &patternState{}
		w.patterns[folded] = p
	}
	before := p.stopped
	p.observe(kind, numbered, news, hash)
	if before == "" {
		return p.stopped
	}
	return ""
}

// jarBook holds a cookie jar for every source and host: what a site sets it gets back, and nobody else does. The jars
// live as long as the crawler.
type jarBook struct {
	mu   sync.Mutex
	jars map[string]*cookiejar.Jar
}

func newJarBook() *jarBook { return &jarBook{jars: map[string]*cookiejar.Jar{}} }

func (b *jarBook) get(source schemer.SourceID, host string) *cookiejar.Jar {
	b.mu.Lock()
	defer b.mu.Unlock()
	key := string(source) + " " + host
	jar := b.jars[key]
	if jar == nil {
		// New fails only when its options do, and there is nothing in them to fail.
		jar, _ = cookiejar.New(&cookiejar.Options{PublicSuffixList: publicsuffix.List})
		b.jars[key] = jar
	}
	return jar
}
