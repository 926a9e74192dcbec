package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"schemer"
)

// Lease claims the host that has been ready longest and has due targets, until now+ttl, and hands over its best limit
// targets: highest priority first, then nearest to the start, then as they were found, then by URL. Nobody else gets the host before it is
// released or the lease ends. When no host is ready the error wraps [schemer.ErrNotFound] and next tells when one will
// be (zero: nothing is ever due). A context that ends while the call waits leaves no lease behind.
func (s *Store) Lease(ctx context.Context, owner string, now time.Time, ttl time.Duration, limit int) (l schemer.Lease, next time.Time, err error) {
	s.tick(now)
	err = s.write(ctx, func(ctx context.Context, t *tx) error {
		l, next = schemer.Lease{Owner: owner, Until: now.Add(ttl)}, time.Time{}
		if err := t.wake(ctx); err != nil {
			return err
		}
		for {
			err := t.row(ctx, `SELECT host FROM host WHERE ready_at <= $1 AND due_at <= $1 AND due_at < 9223372036854775807
				ORDER BY ready_at, host LIMIT 1`+s.dialect.skip, []any{nanos(now)}, &l.Host)
			if errors.Is(err, sql.ErrNoRows) {
				if next, err = nextReady(ctx, t); err != nil {
					return err
				}
				return fmt.Errorf("lease: no host is ready: %w", schemer.ErrNotFound)
			}
			if err != nil {
				return err
			}
			if l.Targets, err = dueTargets(ctx, t, l.Host, now, limit); err != nil {
				return err
			}
			if len(l.Targets) > 0 {
				return claim(ctx, t, &l)
			}
			if err := settleHost(ctx, t, l.Host); err != nil {
				return err
			}
		}
	})
	if err != nil {
		return schemer.Lease{}, next, err
	}
	return l, time.Time{}, nil
}

func claim(ctx context.Context, t *tx, l *schemer.Lease) error {
	delete(t.held, l.Host)
	return t.row(ctx, "UPDATE host SET lease_owner = $2, lease_until = $3, ready_at = $3, fence = fence + 1 WHERE host = $1 RETURNING fence",
		[]any{l.Host, text(l.Owner), nanos(l.Until)}, &l.Fence)
}

// dueTargets queues what has become due on a host and returns its best.
func dueTargets(ctx context.Context, t *tx, host string, now time.Time, limit int) ([]schemer.Target, error) {
	if _, err := t.exec(ctx, "UPDATE target SET state = 1 WHERE host = $1 AND state = 0 AND due_at <= $2", host, nanos(now)); err != nil {
		return nil, err
	}
	var due []schemer.Target
	err := t.rows(ctx, "SELECT "+targetColumns+" FROM target WHERE host = $1 AND state = 1 ORDER BY priority DESC, depth, born, url LIMIT $2",
		[]any{host, limit}, func(r *sql.Rows) error {
			f, err := scanTarget(r)
			due = append(due, f)
			return err
		})
	return due, err
}

// settleHost sets the due time of a host, which may be too early, to the truth. Its row must be held.
func settleHost(ctx context.Context, t *tx, host string) error {
	due, err := hostDue(ctx, t, host)
	if err == nil {
		_, err = t.exec(ctx, "UPDATE host SET due_at = $2 WHERE host = $1", host, due)
	}
	return err
}

func hostDue(ctx context.Context, t *tx, host string) (int64, error) {
	var one int
	err := t.row(ctx, "SELECT 1 FROM target WHERE host = $1 AND state = 1 LIMIT 1", []any{host}, &one)
	if !errors.Is(err, sql.ErrNoRows) {
		return 0, err
	}
	var due sql.NullInt64
	if err := t.row(ctx, "SELECT min(due_at) FROM target WHERE host = $1 AND state = 0", []any{host}, &due); err != nil {
		return 0, err
	}
	if !due.Valid {
		return never, nil
	}
	return due.Int64, nil
}

// nextReady is the earliest moment at which some host is both allowed and due.
func nextReady(ctx context.Context, t *tx) (time.Time, error) {
	var at sql.NullInt64
	err := t.row(ctx, `SELECT min(CASE WHEN ready_at > due_at THEN ready_at ELSE due_at END) FROM host WHERE due_at < 9223372036854775807`, nil, &at)
	return timeOf(at.Int64), err
}

// hold locks the host of a lease and refuses a stale one.
func (s *Store) hold(ctx context.Context, t *tx, l schemer.Lease) error {
	if fence, ok := t.held[l.Host]; ok && fence == l.Fence {
		return nil
	}
	var fence int64
	err := t.row(ctx, "SELECT fence FROM host WHERE host = $1"+s.dialect.forWrite, []any{l.Host}, &fence)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if err != nil || fence != l.Fence {
		return fmt.Errorf("host %s was leased again (fence %d, now %d): %w", l.Host, l.Fence, fence, schemer.ErrLocked)
	}
	t.held[l.Host] = fence
	return nil
}

// Release gives the host back; it may be leased again from readyAt. A stale lease gives an error wrapping
// [schemer.ErrLocked].
func (s *Store) Release(ctx context.Context, l schemer.Lease, readyAt time.Time) error {
	return s.write(ctx, func(ctx context.Context, t *tx) error {
		if err := s.hold(ctx, t, l); err != nil {
			return fmt.Errorf("release: %w", err)
		}
		if err := t.wake(ctx); err != nil {
			return err
		}
		due, err := hostDue(ctx, t, l.Host)
		if err != nil {
			return err
		}
		_, err = t.exec(ctx, "UPDATE host SET lease_owner = '', lease_until = 0, ready_at = $2, due_at = $3 WHERE host = $1",
			l.Host, nanos(readyAt), due)
		return err
	})
}

// ReleaseAll ends the leases of an owner, or with an empty owner all of them: what a killed process left behind. Their
// hosts may be leased again from readyAt. Only who holds the data directory may do that. Fences keep growing, so a stray
// writer stays shut out.
func (s *Store) ReleaseAll(ctx context.Context, owner string, readyAt time.Time) error {
	return s.write(ctx, func(ctx context.Context, t *tx) error {
		clear(t.held)
		_, err := t.exec(ctx, `UPDATE host SET lease_owner = '', lease_until = 0, ready_at = $2, fence = fence + 1
			WHERE lease_until > 0 AND (lease_owner = $1 OR $1 = '')`, text(owner), nanos(readyAt))
		return err
	})
}

// sorted returns the keys of a map in order.
func sorted[K cmp.Ordered, V any](m map[K]V) []K {
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
