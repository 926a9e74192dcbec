package store

import (
	"context"
	"fmt"

	"schemer"
)

// Done stores everything that one finished fetch changed, in one transaction: captures, the target's state, found
// links, new sources, and what was read. Concurrent calls share a transaction. A lease that was lost in the meantime
// gives an error wrapping [schemer.ErrLocked] and nothing is stored.
//
// A found link that is unknown is added. A known one becomes due when its LastMark moved, and rises when its priority
// is better. When a board moved the target's own mark while it was being fetched, the target stays due.
func (s *Store) Done(ctx context.Context, l schemer.Lease, o schemer.Outcome) error {
	if s.writer == nil {
		return ErrReadOnly
	}
	s.writer.announce()
	r, err := s.readingOf(o)
	if err != nil {
		s.writer.retract()
		return err
	}
	err = s.writer.run(ctx, true, func(ctx context.Context, t *tx) error {
		if err := s.hold(ctx, t, l); err != nil {
			return err
		}
		for i, c := range o.Captures {
			said := &reading{}
			if c.ID == r.capture {
				said = r
			}
			if err := insertCapture(ctx, t, c, o.Gone && i == len(o.Captures)-1, said); err != nil {
				return err
			}
		}
		if err := s.advance(ctx, t, o); err != nil {
			return err
		}
		for _, site := range o.Sites {
			if err := insertSource(ctx, t, site, false); err != nil {
				return err
			}
		}
		if _, err := s.find(ctx, t, o.Found); err != nil {
			return err
		}
		return s.log(ctx, t, o)
	})
	s.release(r)
	if err != nil {
		return fmt.Errorf("done %s: %w", o.Target.URL, err)
	}
	return nil
}

// advance brings the target up to date. Attempts are counted here: one more after a passing failure, none after
// anything else.
func (s *Store) advance(ctx context.Context, t *tx, o schemer.Outcome) error {
	f := o.Target
	state, due := s.stateOf(o)
	learnt, err := visitOf(f)
	if err != nil {
		return err
	}
	update := func() error {
		return t.row(ctx, advanceTarget, []any{
			f.URL, text(f.Source), text(f.Kind), f.Depth, f.Priority, state, due, text(f.LastMark), text(f.Thread), flag(o.Retry),
			nanos(f.LastFetch), learnt, s.clock.Load(),
		}, &due)
	}
	if err = update(); isNoRows(err) {
		fresh := f
		fresh.Attempts = 0
		if _, err := insertTarget(ctx, t, fresh, due, s.clock.Load()); err != nil {
			return err
		}
		err = update()
	}
	t.wakes.at(f.Host, due)
	return err
}

// advanceTarget keeps a mark that a board moved while the page was being fetched ($8 is the one it was fetched for), and
// lets the target be due at once then. A first mark that came meanwhile is only remembered: the page was fetched just now.
const advanceTarget = `UPDATE target SET source = $2, kind = $3, depth = $4, priority = $5,
	state  = CASE WHEN last_mark <> $8 AND last_mark <> '' AND $8 <> '' THEN 1 ELSE CAST($6 AS BIGINT) END,
	due_at = CASE WHEN last_mark <> $8 AND last_mark <> '' AND $8 <> '' THEN CAST($13 AS BIGINT) ELSE CAST($7 AS BIGINT) END,
	last_mark = CASE WHEN last_mark <> '' THEN last_mark ELSE $8 END,
	thread = $9, attempts = (attempts + 1) * $10, fetched = $11, visit = $12 WHERE url = $1 RETURNING due_at`

func (s *Store) stateOf(o schemer.Outcome) (state int, due int64) {
	switch due := nanos(o.NextDue); {
	case o.NextDue.IsZero():
		return retired, never
	case due <= s.clock.Load():
		return queued, due
	default:
		return asleep, due
	}
}

// log keeps one row a fetch: budgets count them and the health of a source is read from them.
func (s *Store) log(ctx context.Context, t *tx, o schemer.Outcome) error {
	at, status := o.Target.LastFetch, 0
	if n := len(o.Captures); n > 0 {
		status = o.Captures[n-1].Status
		if at.IsZero() {
			at = o.Captures[n-1].FetchedAt
		}
	}
	if at.IsZero() {
		at = s.opt.Now()
	}
	var kind schemer.PageKind
	var posts int
	var degraded string
	if d := o.Document; d != nil {
		kind, posts, degraded = d.Kind, len(d.Posts), d.Degraded
	}
	_, err := t.exec(ctx, "INSERT INTO visit (source, at, url, kind, error, retry, status, page_kind, posts, degraded) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)",
		text(o.Target.Source), nanos(at), key(o.Target.URL), text(o.Target.Kind), text(o.Error), flag(o.Retry), status, text(kind), posts, text(degraded))
	return err
}
