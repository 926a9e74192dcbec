package crawler

import (
	"context"
	"errors"
	"sync"

	"schemer"
)

// How many pages of a host may be fetched but not yet finished, and how many of those are read at the same time. The
// archive and the frontier make the writes of many callers durable at once, so a page costs a share of a disk flush
// instead of two of its own. Where pages can go on for ever, fewer may be fetched before the first of them is read and
// tells: one that is no thread or board takes the room of several.
const (
	maxUnfinished = 32
	maxReading    = 2
	looseRoom     = 8
)

// landing is a page that was fetched, on its way into archive and frontier.
type landing struct {
	ctx     context.Context
	lease   schemer.Lease
	site    *watched
	target  schemer.Target
	trip    *trip
	failure error // of the fetch

	captures []schemer.Capture
	outcome  harvested
	next     step
	over     bool // finished early, by err or otherwise
	err      error
}

// room is how many of the places for unfinished pages the page takes.
func (p *landing) room() int {
	if k := p.target.Kind; k == schemer.TargetThread || k == schemer.TargetBoard {
		return 1
	}
	return looseRoom
}

// finisher finishes pages beside their worker: whatever landed while a batch was being finished makes the next one.
type finisher struct {
	finish func([]*landing) error
	slots  chan struct{}
	wg     sync.WaitGroup

	mu      sync.Mutex
	landed  []*landing
	running bool
	errs    []error
}

func newFinisher(finish func([]*landing) error) *finisher {
	return &finisher{finish: finish, slots: make(chan struct{}, maxUnfinished)}
}

// start has a page finished when there is room for it.
func (f *finisher) start(p *landing) {
	for range p.room() {
		f.slots <- struct{}{}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.landed = append(f.landed, p)
	if !f.running {
		f.running = true
		f.wg.Go(f.run)
	}
}

// run finishes batches until nothing is left.
func (f *finisher) run() {
	for batch := f.take(); len(batch) > 0; batch = f.take() {
		err := f.finish(batch)
		f.mu.Lock()
		f.errs = append(f.errs, err)
		f.mu.Unlock()
		for _, p := range batch {
			for range p.room() {
				<-f.slots
			}
		}
	}
}

func (f *finisher) take() []*landing {
	f.mu.Lock()
	defer f.mu.Unlock()
	batch := f.landed
	f.landed, f.running = nil, len(batch) > 0
	return batch
}

// wait returns when all pages are finished, with what went wrong since the last call.
func (f *finisher) wait() error {
	f.wg.Wait()
	f.mu.Lock()
	defer f.mu.Unlock()
	err := errors.Join(f.errs...)
	f.errs = nil
	return err
}

// finishAll finishes pages together, stage by stage, so that each stage shares its disk flushes.
func (w *worker) finishAll(pages []*landing) error {
	together(pages, len(pages), w.keep)
	together(pages, maxReading, w.harvest)
	together(pages, len(pages), w.settle)
	var errs []error
	for _, p := range pages {
		errs = append(errs, p.err)
	}
	return errors.Join(errs...)
}

// together runs a stage for all pages that are not over, at most n at a time.
func together(pages []*landing, n int, stage func(*landing)) {
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			for at := i; at < len(pages); at += n {
				if !pages[at].over {
					stage(pages[at])
				}
			}
		})
	}
	wg.Wait()
}

// finish finishes one page by itself.
func (w *worker) finish(p *landing) (step, error) {
	err := w.finishAll([]*landing{p})
	return p.next, err
}

// end ends a page's way early or with an error.
func (p *landing) end(next step, err error) { p.next, p.err, p.over = next, err, true }

// keep makes what a trip brought durable in the archive, and finishes a page that brought no answer.
func (w *worker) keep(p *landing) {
	var err error
	p.captures, err = w.save(p.ctx, p.trip)
	if errors.Is(err, errUnkept) {
		p.end(letGo, w.skip(p.ctx, p.lease, p.target, "unkept", w.c.clock.now().Add(restFailed)))
		return
	} else if err != nil {
		p.end(letGo, err)
		return
	}
	w.c.tally.exchanges(p.site.src.ID, p.trip.exchanges)
	if p.failure != nil {
		p.end(letGo, w.unanswered(p.ctx, p.lease, p.site, p.target, p.captures, p.failure))
	}
}

// harvest reads what was kept.
func (w *worker) harvest(p *landing) {
	p.outcome = w.outcome(p.ctx, p.site, p.target, p.trip, p.captures)
	for _, b := range p.trip.lent { // what it held is in the archive
		w.c.space.put(b)
	}
	p.trip = nil
}

// settle stores what a page changes.
func (w *worker) settle(p *landing) {
	switch err := w.commit(p.ctx, p.lease, p.site, &p.outcome); {
	case err != nil, p.outcome.Retry:
		p.end(letGo, err)
	default:
		p.end(goOn, nil)
	}
}
