package crawler

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"sync"

	"schemer"
)

// orphan is a capture that was kept but whose outcome was not stored before the process ended.
type orphan struct {
	capture  schemer.Capture
	exchange schemer.Exchange
}

// orphanBook holds orphans by the canonical URL of the target they were fetched for.
type orphanBook struct {
	mu    sync.Mutex
	byURL map[string][]orphan
}

func newOrphanBook() *orphanBook { return &orphanBook{byURL: map[string][]orphan{}} }

// take removes and returns the orphans of a URL that were fetched as a hop from from to to, in the order they were
// kept.
func (b *orphanBook) take(url string, from, to int) []orphan {
	b.mu.Lock()
	defer b.mu.Unlock()
	var taken, left []orphan
	for _, o := range b.byURL[url] {
		if o.exchange.Hop >= from && o.exchange.Hop <= to {
			taken = append(taken, o)
		} else {
			left = append(left, o)
		}
	}
	if b.byURL[url] = left; len(left) == 0 {
		delete(b.byURL, url)
	}
	slices.SortFunc(taken, func(a, b orphan) int { return int(a.capture.Seq - b.capture.Seq) })
	return taken
}

// maxHop is more hops than any trip has.
const maxHop = 1 << 20

// Adopt hands over a capture that an earlier process kept in the archive without storing its outcome, with its
// exchange as re-read from the archive. Call it before [Crawler.Run]: when Run leases the target it was fetched for,
// it reads and completes the capture exactly as if it had just been fetched, instead of fetching again. The captures
// of redirect hops are adopted like any other; they are completed together with the page they led to.
// Captures that no run makes (screenshots, imports) are complete as they are and passed over.
func (c *Crawler) Adopt(ctx context.Context, capture schemer.Capture, exchange schemer.Exchange) error {
	if capture.Imported || capture.Kind == string(KindScreenshot) || capture.Kind == "import" {
		return nil
	}
	address := exchange.Target.URL
	if address == "" {
		address = capture.URL
	}
	canonical, err := Canonical(address)
	if err != nil {
		return fmt.Errorf("adopt %s: %w", capture.ID, err)
	}
	if schemer.TargetKind(capture.Kind) == schemer.TargetRobots {
		canonical = address
	}
	c.orphans.mu.Lock()
	defer c.orphans.mu.Unlock()
	c.orphans.byURL[canonical] = append(c.orphans.byURL[canonical], orphan{capture, exchange})
	c.log.InfoContext(ctx, "orphan adopted", "capture", capture.ID, "url", canonical)
	return nil
}

// adopted completes a target from its orphans; false when there are none that end in an answer to read. Orphans of a
// trip that was cut short are stored with the outcome of the fetch that follows.
func (w *worker) adopted(ctx context.Context, lease schemer.Lease, site *watched, t schemer.Target, u *url.URL) (bool, error) {
	list := w.c.orphans.take(u.String(), 0, 0)
	if len(list) == 0 {
		return false, nil
	}
	trip := &trip{host: t.Host}
	var captures []schemer.Capture
	next := u
	for hop := 1; len(list) > 0; hop++ {
		for _, o := range list {
			trip.exchanges = append(trip.exchanges, o.exchange)
			captures = append(captures, o.capture)
		}
		list = nil
		if next = redirection(trip.last(), next); next != nil {
			list = w.c.orphans.take(next.String(), hop, hop)
		}
	}
	if next != nil && next.Hostname() != t.Host {
		trip.onward, trip.why = next.String(), "host"
	} else if next != nil {
		// The trip went on from here when it was cut short: it is made again, and these hops count as one attempt.
		w.c.tally.fault(site.src.ID, "orphan", t.URL)
		return true, w.done(ctx, lease, schemer.Outcome{
			Target: t, Captures: captures, Error: "orphan", Retry: true, NextDue: w.c.clock.now(),
		})
	}
	site.mu.Lock()
	site.spent++
	site.mu.Unlock()
	outcome := w.outcome(ctx, site, t, trip, captures)
	return true, w.commit(ctx, lease, site, &outcome)
}
