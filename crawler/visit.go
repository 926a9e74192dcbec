package crawler

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"schemer"
)

// How long a page rests after what happened to it.
const (
	restUnknownSource = 30 * day
	restScope         = 180 * day
	restRobots        = 7 * day
	restGone          = 30 * day
	restFailed        = 7 * day
	restDNS           = day
	restChallenge     = day
	maxAttempts       = 5
)

// visit deals with one target of a lease: it decides whether to fetch it, fetches, keeps, reads and stores what that
// changes. Its error is one of the frontier, the archive or the context; a failed fetch is an outcome.
func (w *worker) visit(ctx context.Context, lease schemer.Lease, t schemer.Target) (step, error) {
	now := w.c.clock.now()
	site := w.c.sources.get(t.Source)
	if site == nil {
		return goOn, w.done(ctx, lease, schemer.Outcome{Target: t, Error: "no-source", NextDue: now.Add(restUnknownSource)})
	}
	u, err := url.Parse(t.URL)
	if err != nil || site.onion {
		return goOn, w.skip(ctx, lease, t, "policy", now.Add(restScope))
	}
	if reason := site.scope.refuse(u, t.Kind, t.Depth); reason != "" {
		return goOn, w.skip(ctx, lease, t, "scope", now.Add(restScope))
	}
	if left, err := w.budget(ctx, site); err != nil || left <= 0 {
		return holdIt, err
	}
	if t.Kind == schemer.TargetRobots {
		return w.visitRobots(ctx, lease, site, t, u)
	}
	if done, err := w.downgrade(ctx, lease, site, t); done || err != nil {
		return goOn, err
	}
	if done, err := w.adopted(ctx, lease, site, t, u); done || err != nil {
		return goOn, err
	}
	state, err := w.robotsFor(ctx, lease, site, u)
	if err != nil {
		return letGo, err
	}
	if site.src.IgnoreRobots == "" {
		if state.class == notHere {
			return goOn, w.skip(ctx, lease, t, notHere, now.Add(w.restAbsent(site)))
		}
		if state.verdict == "unreachable" {
			return letGo, w.putOff(ctx, lease, site, t, state.class, state.retry)
		}
		if !state.allowed(u) {
			w.c.tally.at(site.src.ID, func(s *SourceStats) { s.Robots++ })
			return goOn, w.done(ctx, lease, schemer.Outcome{Target: t, Error: "robots", NextDue: now.Add(restRobots)})
		}
	}
	if folded, _ := pattern(u); t.Visits == 0 {
		if reason := site.trapped(folded); reason != "" {
			return goOn, w.done(ctx, lease, schemer.Outcome{Target: t, Error: "trap", NextDue: now.Add(restScope)})
		}
	}
	if done, err := w.vouched(ctx, lease, site, t); done || err != nil {
		return goOn, err
	}
	if wait := w.c.pace.next(lease.Host).Sub(w.c.clock.now()); wait > inline {
		return letGo, nil // robots.txt came first; the page follows when the host may be asked again
	} else if !sleep(ctx, wait) {
		return letGo, context.Cause(ctx)
	}
	return w.fetchPage(ctx, lease, site, t, state.verdict)
}

// restAbsent is how long a page rests whose host is not there. A name that a post made up, or that was guessed, is not
// asked for again within a year.
func (w *worker) restAbsent(site *watched) time.Duration {
	if site.src.Discovered {
		return repairPeriod
	}
	return restFailed
}

// skip finishes a target without asking for it.
func (w *worker) skip(ctx context.Context, lease schemer.Lease, t schemer.Target, class string, nextDue time.Time) error {
	w.c.tally.fault(t.Source, class, t.URL)
	return w.done(ctx, lease, schemer.Outcome{Target: t, Error: class, NextDue: nextDue})
}

// budget says how many pages of a source are left, counting what was fetched before a restart.
func (w *worker) budget(ctx context.Context, site *watched) (int, error) {
	site.mu.Lock()
	counted := site.counted
	site.mu.Unlock()
	if !counted {
		n, err := w.c.opt.Frontier.Fetched(ctx, site.src.ID, w.c.opt.Since)
		if err != nil {
			return 0, fmt.Errorf("count fetches of %s: %w", site.src.ID, err)
		}
		site.mu.Lock()
		if !site.counted {
			site.counted = true
			site.spent += n
		}
		site.mu.Unlock()
	}
	return site.left(), nil
}

// visitRobots serves a robots.txt that came due by itself.
func (w *worker) visitRobots(ctx context.Context, lease schemer.Lease, site *watched, t schemer.Target, u *url.URL) (step, error) {
	if w.c.robots.get(originOf(u), w.c.clock.now()) == nil {
		_, err := w.fetchRobots(ctx, lease, site, u)
		return goOn, err
	}
	return goOn, w.done(ctx, lease, schemer.Outcome{Target: t})
}

// vouched finishes a target without a request when its board vouched for it in this run, or when it is the head of a
// thread that grew: then the last known page is due instead.
func (w *worker) vouched(ctx context.Context, lease schemer.Lease, site *watched, t schemer.Target) (bool, error) {
	if t.Kind != schemer.TargetThread || t.Visits == 0 {
		return false, nil
	}
	now := w.c.clock.now()
	head := first(t.Thread, t.URL)
	if _, still := w.c.unmoved.Load(head); still && t.ETag == "" {
		w.c.tally.at(site.src.ID, func(s *SourceStats) { s.Skipped++ })
		return true, w.done(ctx, lease, schemer.Outcome{Target: t, NextDue: now.Add(repairInterval(t.URL))})
	}
	if w.c.opt.All || t.LastMark == "" || t.Next == "" || t.Thread != "" || now.Sub(t.LastFetch) >= repairPeriod {
		return false, nil
	}
	last := t.Next
	for range 1000 {
		page, err := w.c.opt.Frontier.Known(ctx, last)
		if errors.Is(err, schemer.ErrNotFound) {
			return false, nil
		} else if err != nil {
			return false, fmt.Errorf("find last page of %s: %w", t.URL, err)
		}
		if page.Next == "" || page.Next == t.URL {
			break
		}
		last = page.Next
	}
	w.c.tally.at(site.src.ID, func(s *SourceStats) { s.Continuation++ })
	found := schemer.Target{
		URL: last, Host: t.Host, Source: t.Source, Kind: schemer.TargetThread, Depth: t.Depth, Priority: t.Priority + 2,
		FoundOn: t.FoundOn, Reason: "recrawl", LastMark: t.LastMark, Thread: t.URL, DueAt: now,
	}
	return true, w.done(ctx, lease, schemer.Outcome{
		Target: t, Found: []schemer.Target{found}, NextDue: now.Add(repairInterval(t.URL)),
	})
}

// fetchPage asks for a target and finishes it; a first visit is finished beside the next fetch.
func (w *worker) fetchPage(ctx context.Context, lease schemer.Lease, site *watched, t schemer.Target, verdict string) (step, error) {
	header := http.Header{}
	if t.ETag != "" {
		header.Set("If-None-Match", t.ETag)
	}
	if t.Modified != "" {
		header.Set("If-Modified-Since", t.Modified)
	}
	trip, err := w.follow(ctx, lease, site, t, t.Payload, header, verdict)
	if err != nil && interrupted(ctx, err) && len(trip.exchanges) == 0 {
		return letGo, context.Cause(ctx)
	}
	site.mu.Lock()
	site.spent++
	site.mu.Unlock()
	page := &landing{ctx: ctx, lease: lease, site: site, target: t, trip: trip, failure: err}
	if err != nil || t.Visits > 0 || !trip.ordinary() {
		return w.finish(page)
	}
	w.finishing.start(page)
	return goOn, nil
}

// harvested is an outcome with what becomes of it once it is stored.
type harvested struct {
	schemer.Outcome
	keys []uint64 // links that need not be handed over again
}

// commit stores an outcome and only then remembers that its links are known.
func (w *worker) commit(ctx context.Context, lease schemer.Lease, site *watched, h *harvested) error {
	if err := w.done(ctx, lease, h.Outcome); err != nil {
		return err
	}
	for _, key := range h.keys {
		w.c.seen.put(key)
	}
	w.c.tally.at(site.src.ID, func(s *SourceStats) { s.Found += len(h.Found) })
	if len(h.Sites) > 0 {
		w.c.tally.discovered(len(h.Sites))
	}
	if h.Document != nil {
		w.c.tally.document(site.src.ID, h.Document)
	}
	if h.Error != "" {
		w.c.tally.fault(site.src.ID, h.Error, h.Target.URL)
		w.c.log.DebugContext(ctx, "page", "url", h.Target.URL, "error", h.Error)
	}
	return nil
}

// unanswered finishes a target whose fetch brought no answer.
func (w *worker) unanswered(ctx context.Context, lease schemer.Lease, site *watched, t schemer.Target, captures []schemer.Capture, err error) error {
	class := classOf(err)
	w.c.tally.fault(site.src.ID, class, err.Error())
	w.c.log.InfoContext(ctx, "fetch failed", "url", t.URL, "class", class, "err", err)
	now := w.c.clock.now()
	o := schemer.Outcome{Target: t, Captures: captures, Error: class, NextDue: now.Add(restFailed)}
	var fe *fetchError
	switch {
	case interrupted(ctx, err):
		o.Error, o.Retry, o.NextDue = "interrupted", true, now
	case !errors.As(err, &fe) || !fe.passing() || t.Attempts+1 >= maxAttempts:
	case class == "dns":
		o.Retry, o.NextDue = true, now.Add(restDNS)
	default:
		o.Retry, o.NextDue = true, w.c.pace.next(t.Host)
	}
	if class == "tls" || class == "connect" {
		w.tryPlain(&o, site, now)
	}
	return w.done(ctx, lease, o)
}

// putOff counts an attempt that did not come to a request of the target itself.
func (w *worker) putOff(ctx context.Context, lease schemer.Lease, site *watched, t schemer.Target, class string, until time.Time) error {
	o := schemer.Outcome{Target: t, Error: class, Retry: true, NextDue: later(until, w.c.pace.next(t.Host))}
	if t.Attempts+1 >= maxAttempts {
		o.Retry, o.NextDue = false, w.c.clock.now().Add(restFailed)
	}
	switch class {
	case "robots-dns":
		o.NextDue = w.c.clock.now().Add(restDNS)
	case "robots-tls", "robots-connect":
		if w.tryPlain(&o, site, w.c.clock.now()) {
			return w.done(ctx, lease, o)
		}
	}
	w.c.tally.fault(t.Source, class, t.URL)
	return w.done(ctx, lease, o)
}

// tryPlain hands over the plain HTTP form of a page of a discovered site that cannot be had over TLS and never was,
// and remembers that for the host. Given sources are asked as they were given.
func (w *worker) tryPlain(o *schemer.Outcome, site *watched, now time.Time) bool {
	rest, ok := strings.CutPrefix(o.Target.URL, "https://")
	if !ok || !site.src.Discovered || o.Target.Visits > 0 {
		return false
	}
	w.c.plain.Store(o.Target.Host, true)
	other := o.Target
	other.URL, other.Reason, other.DueAt, other.Attempts = "http://"+rest, "no TLS", now, 0
	o.Found = append(o.Found, other)
	o.Retry, o.NextDue = false, now.Add(restFailed)
	return true
}

// downgrade hands over the plain form of a target whose host is known by now to speak no TLS.
func (w *worker) downgrade(ctx context.Context, lease schemer.Lease, site *watched, t schemer.Target) (bool, error) {
	if _, plain := w.c.plain.Load(t.Host); !plain {
		return false, nil
	}
	o := schemer.Outcome{Target: t, Error: "tls"}
	if !w.tryPlain(&o, site, w.c.clock.now()) {
		return false, nil
	}
	return true, w.done(ctx, lease, o)
}
