package crawler

import (
	"context"
	"time"

	"schemer"
)

// clock is the time of a run: the injected time at its start plus what a monotonic clock says has passed, so that
// neither a step of the system clock nor a frozen injected clock bends the pacing.
type clock struct {
	base  time.Time
	start time.Time
}

func (c *clock) set(now time.Time) { c.base, c.start = now, time.Now() }

func (c *clock) now() time.Time { return c.base.Add(time.Since(c.start)).UTC() }

// tellTrueTime moves the times of exchanges from the clock of schedules, which may be set to another day, to that of the
// evidence.
func (c *Crawler) tellTrueTime(exchanges []schemer.Exchange) {
	shift := c.opt.Wall().Sub(c.clock.now())
	for i := range exchanges {
		ex := &exchanges[i]
		ex.Started, ex.FirstByte, ex.Ended = ex.Started.Add(shift), ex.FirstByte.Add(shift), ex.Ended.Add(shift)
	}
}

// sleep waits for d or until ctx ends, and says whether d has passed.
func sleep(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
