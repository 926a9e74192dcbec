package crawler

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"sync"
	"time"

	"schemer"
)

// crew lets idle workers wait for each other: a run is over when nobody is busy and no host becomes ready soon.
type crew struct {
	mu      sync.Mutex
	busy    int
	version int           // grows whenever work may have appeared
	wake    chan struct{} // closed and replaced with it
	over    bool
}

func (c *crew) start() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.busy, c.version, c.wake, c.over = 0, 0, make(chan struct{}), false
}

// enter makes the caller busy; the version tells idle what the caller had seen.
func (c *crew) enter() (version int, over bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.busy++
	return c.version, c.over
}

// leave ends a busy spell; with news, the others look again.
func (c *crew) leave(news bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.busy--
	if news {
		c.stir()
	}
}

func (c *crew) stir() {
	c.version++
	close(c.wake)
	c.wake = make(chan struct{})
}

// rest waits for news or for d, after a look that found nothing at version. It returns false when the run is over:
// nothing is coming by itself (d < 0) and nobody is busy who could bring something.
func (c *crew) rest(ctx context.Context, version int, d time.Duration) bool {
	c.mu.Lock()
	c.busy--
	if c.over {
		c.mu.Unlock()
		return false
	}
	if c.version != version {
		c.mu.Unlock()
		return true
	}
	if d < 0 && c.busy == 0 {
		c.over = true
		c.stir()
		c.mu.Unlock()
		return false
	}
	wake := c.wake
	c.mu.Unlock()
	if d < 0 {
		d = time.Hour // somebody who is busy will stir
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-wake:
	case <-timer.C:
	case <-ctx.Done():
	}
	return true
}

// worker fetches from one host after another.
type worker struct {
	c         *Crawler
	owner     string
	shell     *shell
	finishing *finisher
}

// leaseBatch is how many targets a lease hands over.
const leaseBatch = 128

// inline is the longest wait between two requests for which a host is kept; longer ones are spent on other hosts.
const inline = 50 * time.Millisecond

// errUnkept means that the archive could not make sense of an answer and kept nothing of it.
var errUnkept = errors.New("answer could not be kept")

// errLeaseLost means that somebody else holds the host now.
var errLeaseLost = errors.New("lease lost")

func (c *Crawler) newWorker(i int) *worker {
	w := &worker{
		c: c, owner: fmt.Sprintf("%s-%d", rand.Text()[:12], i),
		shell: newShell(&transport{dialer: c.dialer, pool: c.pool, space: &c.space}),
	}
	w.finishing = newFinisher(w.finishAll)
	return w
}

// run leases hosts until the run is over; its error is one of the frontier or the archive.
func (w *worker) run(ctx context.Context) error {
	for ctx.Err() == nil {
		version, over := w.c.crew.enter()
		if over || w.c.spent() {
			w.c.crew.leave(true)
			return nil
		}
		now := w.c.clock.now()
		lease, next, err := w.c.opt.Frontier.Lease(ctx, w.owner, now, w.c.limits.Lease, leaseBatch)
		switch {
		case errors.Is(err, schemer.ErrNotFound):
			wait := time.Duration(-1)
			if !next.IsZero() && next.Sub(now) <= w.c.opt.Patience {
				wait = max(next.Sub(now), time.Millisecond)
			}
			if !w.c.crew.rest(ctx, version, wait) {
				return nil
			}
			continue
		case err != nil:
			w.c.crew.leave(true)
			return unlessStopped(ctx, fmt.Errorf("lease a host: %w", err))
		}
		err = w.serve(ctx, lease)
		w.c.crew.leave(true)
		if err := unlessStopped(ctx, err); err != nil {
			return err
		}
	}
	return nil
}

// unlessStopped drops an error that comes of stopping the run: that one is reported by the context.
func unlessStopped(ctx context.Context, err error) error {
	select {
	case <-ctx.Done():
		return nil
	default:
		return err
	}
}

// spent says whether the run's own budget is used up.
func (c *Crawler) spent() bool { return c.opt.MaxPages > 0 && c.sent.Load() >= int64(c.opt.MaxPages) }

// step is how a worker goes on after a target.
type step int

const (
	goOn   step = iota // with the next target of the lease
	letGo              // release the host until it may be asked again
	holdIt             // keep the host from this run: its source's budget is spent
)

// serve works through a lease and releases it.
func (w *worker) serve(ctx context.Context, lease schemer.Lease) error {
	held, err := w.work(ctx, lease)
	err = errors.Join(err, w.finishing.wait())
	switch {
	case errors.Is(err, errLeaseLost):
		w.c.log.WarnContext(ctx, "lease lost", "host", lease.Host, "fence", lease.Fence)
		return nil
	case err != nil && ctx.Err() == nil:
		return err
	case held:
		w.c.hold(lease)
		return nil
	}
	return w.c.release(ctx, lease)
}

// work goes through the targets of a lease; held says that the budget of all of them is spent.
func (w *worker) work(ctx context.Context, lease schemer.Lease) (held bool, err error) {
	spent := 0
	for _, t := range lease.Targets {
		now := w.c.clock.now()
		if ctx.Err() != nil || w.c.spent() || lease.Until.Sub(now) < w.margin() {
			break
		}
		if wait := w.c.pace.next(lease.Host).Sub(now); wait > inline {
			break
		} else if !sleep(ctx, wait) {
			break
		}
		if t.Visits > 0 { // a revisit may depend on what its board says
			if err := w.finishing.wait(); err != nil {
				return false, err
			}
		}
		next, err := w.visit(ctx, lease, t)
		if err != nil {
			return false, err
		}
		w.c.tally.tell(false)
		if next == letGo {
			break
		}
		if next == holdIt {
			spent++
		}
	}
	return spent > 0 && spent == len(lease.Targets), nil
}

// hold keeps a lease until the run is over, so that nobody leases the host again to find its budget spent.
func (c *Crawler) hold(lease schemer.Lease) {
	c.heldMu.Lock()
	defer c.heldMu.Unlock()
	c.held = append(c.held, lease)
}

// releaseHeld gives the held hosts back; a lease that ran out meanwhile is nobody's loss.
func (c *Crawler) releaseHeld(ctx context.Context) error {
	c.heldMu.Lock()
	defer c.heldMu.Unlock()
	var errs []error
	for _, lease := range c.held {
		errs = append(errs, c.release(ctx, lease))
	}
	c.held = nil
	return errors.Join(errs...)
}

// margin is how long one more target may take at worst; a worker stops that long before its lease ends.
func (w *worker) margin() time.Duration {
	return min(w.c.limits.Total+w.c.limits.Connect, w.c.limits.Lease/3)
}

// settled is the context for what must be finished once a page is fetched, even while the run is being stopped.
func settled(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
}

// release gives a host back from when it may be asked again.
func (c *Crawler) release(ctx context.Context, lease schemer.Lease) error {
	ctx, cancel := settled(ctx)
	defer cancel()
	readyAt := later(c.pace.next(lease.Host), c.clock.now())
	if err := c.opt.Frontier.Release(ctx, lease, readyAt); err != nil && !errors.Is(err, schemer.ErrLocked) {
		return fmt.Errorf("release %s: %w", lease.Host, err)
	}
	return nil
}

// save keeps the exchanges of a trip.
func (w *worker) save(ctx context.Context, t *trip) ([]schemer.Capture, error) {
	if len(t.exchanges) == 0 {
		return nil, nil
	}
	ctx, cancel := settled(ctx)
	defer cancel()
	w.c.tellTrueTime(t.exchanges)
	captures, err := w.c.opt.Archive.Save(ctx, t.exchanges)
	if errors.Is(err, schemer.ErrIntegrity) {
		w.c.log.ErrorContext(ctx, "answer not kept", "url", t.exchanges[0].URL, "err", err)
		return nil, fmt.Errorf("save %s: %w: %w", t.exchanges[0].URL, errUnkept, err)
	}
	if err != nil {
		return nil, fmt.Errorf("save %d exchanges of %s: %w", len(t.exchanges), t.exchanges[0].URL, err)
	}
	if len(captures) != len(t.exchanges) {
		return nil, fmt.Errorf("save %s: %d captures of %d exchanges: %w", t.exchanges[0].URL, len(captures), len(t.exchanges), schemer.ErrIntegrity)
	}
	return captures, nil
}

// done stores an outcome under the lease.
func (w *worker) done(ctx context.Context, lease schemer.Lease, outcome schemer.Outcome) error {
	ctx, cancel := settled(ctx)
	defer cancel()
	err := w.c.opt.Frontier.Done(ctx, lease, outcome)
	switch {
	case errors.Is(err, schemer.ErrLocked):
		return fmt.Errorf("done %s: %w: %w", outcome.Target.URL, errLeaseLost, err)
	case err != nil:
		return fmt.Errorf("done %s: %w", outcome.Target.URL, err)
	}
	return nil
}
