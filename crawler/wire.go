package crawler

import (
	"bufio"
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"schemer"
)

var (
	errHead   = errors.New("response head over its limit")
	errLength = errors.New("response over its limit")
	errSlow   = errors.New("response slower than the least rate")
)

// tape reads from a connection and keeps every byte it reads, under a limit and a deadline that fit the phase.
type tape struct {
	conn   net.Conn
	limits *Limits
	buf    []byte
	limit  int
	over   error     // what reading past limit means
	first  time.Time // when the first byte came; zero before
	total  time.Time // absolute end
	body   bool      // the head is read: stall and rate rules apply
	begun  time.Time // when the body began
	set    time.Time // when the read deadline was last moved
	from   int       // bytes at the begin of the body
	halted *atomic.Bool
	last   int // length of the answer before: the next one is likely to be as long
}

// rewind prepares the tape for the answer to a request sent at now.
func (t *tape) rewind(limits *Limits, now time.Time, space *spaces) error {
	*t = tape{
		conn: t.conn, limits: limits, buf: space.get(t.room(8 << 10)), limit: limits.Header, over: errHead,
		total: now.Add(limits.Total), halted: new(atomic.Bool), last: t.last,
	}
	return t.conn.SetDeadline(earlier(now.Add(limits.Answer), t.total))
}

// room is how much space an answer of unknown length begins with.
func (t *tape) room(least int) int { return max(least, min(t.last+t.last/8, 256<<10)) }

// bodyFollows switches to the rules for a body of expected bytes (-1: unknown).
func (t *tape) bodyFollows(expected int64) {
	t.body, t.begun, t.from = true, time.Now(), len(t.buf)
	t.limit, t.over = len(t.buf)+2*t.limits.Body, errLength
	if room := expected - int64(cap(t.buf)-len(t.buf)); room > 0 && expected <= int64(t.limits.Body) {
		grown := make([]byte, len(t.buf), len(t.buf)+int(expected)+64)
		copy(grown, t.buf)
		t.buf = grown
	}
}

// Read implements io.Reader.
func (t *tape) Read(p []byte) (int, error) {
	if len(t.buf) >= t.limit {
		return 0, t.over
	}
	if t.body {
		if err := t.tempo(); err != nil {
			return 0, err
		}
	}
	if room := t.limit - len(t.buf); len(p) > room {
		p = p[:room]
	}
	n, err := t.conn.Read(p)
	if n > 0 && t.first.IsZero() {
		t.first = time.Now()
	}
	t.buf = append(t.buf, p[:n]...)
	return n, err
}

// tempo moves the read deadline, at most once a second, and holds the body to its least rate.
func (t *tape) tempo() error {
	now := time.Now()
	if spent := now.Sub(t.begun); spent > t.limits.Stall {
		if float64(len(t.buf)-t.from) < spent.Seconds()*float64(t.limits.MinRate) {
			return errSlow
		}
	}
	if step := min(time.Second, t.limits.Stall/4); now.Sub(t.set) >= step {
		t.set = now
		if err := t.conn.SetReadDeadline(earlier(now.Add(t.limits.Stall), t.total)); err != nil {
			return err
		}
	}
	if t.halted.Load() {
		return net.ErrClosed
	}
	return nil
}

// halt makes reading and writing fail from now on.
func (t *tape) halt() {
	t.halted.Store(true)
	_ = t.conn.SetDeadline(time.Unix(1, 0))
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// wire is one connection to one place over one way out, with what is known of how it came about.
type wire struct {
	net.Conn
	key     string
	tape    *tape
	br      *bufio.Reader
	network schemer.Network
	idle    time.Time
}

func newWire(key string, conn net.Conn, network schemer.Network) *wire {
	t := &tape{conn: conn}
	return &wire{Conn: conn, key: key, tape: t, br: bufio.NewReaderSize(t, 16<<10), network: network}
}

// consumed is how many bytes of the tape the answer took.
func (w *wire) consumed() int { return len(w.tape.buf) - w.br.Buffered() }

// pool keeps idle connections, one for each key, for as long as servers usually do.
type pool struct {
	mu   sync.Mutex
	idle map[string]*wire
}

const (
	poolSize = 128
	poolIdle = 15 * time.Second
)

func newPool() *pool { return &pool{idle: map[string]*wire{}} }

// get takes the idle connection for key out of the pool; nil when there is none that is fresh.
func (p *pool) get(key string) *wire {
	p.mu.Lock()
	defer p.mu.Unlock()
	w := p.idle[key]
	if w == nil {
		return nil
	}
	delete(p.idle, key)
	if time.Since(w.idle) > poolIdle {
		closeQuietly(w)
		return nil
	}
	return w
}

// put gives a connection back.
func (p *pool) put(w *wire) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	if len(p.idle) >= poolSize {
		for key, old := range p.idle {
			if now.Sub(old.idle) > poolIdle || len(p.idle) >= poolSize {
				closeQuietly(old)
				delete(p.idle, key)
			}
		}
	}
	if old := p.idle[w.key]; old != nil {
		closeQuietly(old)
	}
	w.idle = now
	w.tape.last, w.tape.buf = len(w.tape.buf), nil
	p.idle[w.key] = w
}

func (p *pool) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for key, w := range p.idle {
		closeQuietly(w)
		delete(p.idle, key)
	}
}

// closeQuietly closes a connection that is of no more use; there is nobody to tell when that fails.
func closeQuietly(w *wire) { _ = w.Close() }
