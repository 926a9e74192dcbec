package crawler

import (
	"errors"
	"sync"
)

// maxUnfinished is how many pages of a host may be fetched but not yet finished. The archive and the frontier make the
// writes of many callers durable at once, so a page costs a share of a disk flush instead of two of its own.
const maxUnfinished = 4

// finisher runs work beside its owner, a few pieces at a time.
type finisher struct {
	slots chan struct{}
	wg    *sync.WaitGroup
	mu    *sync.Mutex
	errs  *[]error
}

func newFinisher(n int) finisher {
	return finisher{slots: make(chan struct{}, n), wg: new(sync.WaitGroup), mu: new(sync.Mutex), errs: new([]error)}
}

// start runs a piece of work when there is room for it.
func (l finisher) start(work func() error) {
	l.slots <- struct{}{}
	l.wg.Go(func() {
		defer func() { <-l.slots }()
		if err := work(); err != nil {
			l.mu.Lock()
			defer l.mu.Unlock()
			*l.errs = append(*l.errs, err)
		}
	})
}

// wait returns when all work is done, with what went wrong since the last call.
func (l finisher) wait() error {
	l.wg.Wait()
	l.mu.Lock()
	defer l.mu.Unlock()
	errs := *l.errs
	*l.errs = nil
	return errors.Join(errs...)
}
