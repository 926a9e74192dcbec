package crawler

import (
	"sync"
	"time"
)

// pace keeps, for every host, the moment from which the next request to it may start. The gap is counted from the
// first byte of the last answer (or the failure), which the server cannot have sent before it got the request: so the
// gap between two requests is never below the delay on the server's clock either.
type pace struct {
	mu    sync.Mutex
	hosts map[string]*hostPace
}

type hostPace struct {
	next  time.Time // not before
	fails int       // failures in a row
}

func newPace() *pace { return &pace{hosts: map[string]*hostPace{}} }

func (p *pace) host(name string) *hostPace {
	h := p.hosts[name]
	if h == nil {
		h = &hostPace{}
		p.hosts[name] = h
	}
	return h
}

// next returns when the host may be asked again.
func (p *pace) next(host string) time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.host(host).next
}

// answered counts an answer whose first byte came at moment; the next request may follow after delay.
func (p *pace) answered(host string, moment time.Time, delay time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	h := p.host(host)
	h.fails = 0
	h.next = later(h.next, moment.Add(delay))
}

// The bounds of the growing wait after failures in a row.
const (
	firstBackoff = 20 * time.Second
	maxBackoff   = time.Hour
)

// failed counts a failure at moment and returns from when the host may be tried again: after least, the delay, or a
// wait that grows fourfold with every failure in a row, whichever is longest.
func (p *pace) failed(host string, moment time.Time, delay, least time.Duration) time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	h := p.host(host)
	wait := firstBackoff
	for range h.fails {
		wait = min(4*wait, maxBackoff)
	}
	if least > 0 && h.fails == 0 {
		wait = least // the server said how long
	}
	h.fails++
	h.next = later(h.next, moment.Add(max(wait, delay, least)))
	return h.next
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
