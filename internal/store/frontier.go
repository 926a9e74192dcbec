package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"schemer"
)

// The states of a target.
const (
	asleep  = 0 // until due_at
	queued  = 1
	retired = 2 // not to be fetched again
)

// visit is what the fetches of a target taught; it is NULL for the many that were never fetched.
type visit struct {
	Visits     int               `json:"v,omitempty"`
	Changes    int               `json:"c,omitempty"`
	ETag       string            `json:"e,omitempty"`
	Modified   string            `json:"m,omitempty"`
	LastDigest schemer.Digest    `json:"d,omitempty"`
	LastID     schemer.CaptureID `json:"i,omitempty"`
	Payload    schemer.Digest    `json:"p,omitempty"`
	Next       string            `json:"n,omitempty"`
	Interval   schemer.Duration  `json:"r,omitempty"`
}

func visitOf(t schemer.Target) ([]byte, error) {
	v := visit{
		Visits: t.Visits, Changes: t.Changes, ETag: t.ETag, Modified: t.Modified, LastDigest: t.LastDigest,
		LastID: t.LastID, Payload: t.Payload, Next: t.Next, Interval: t.Interval,
	}
	if v == (visit{}) {
		return nil, nil
	}
	return asJSON(v)
}

// targetColumns are read by scanTarget in this order.
const targetColumns = "url, host, source, kind, depth, priority, due_at, found_on, anchor, reason, last_mark, thread, attempts, fetched, visit"

func scanTarget(rows interface{ Scan(...any) error }) (schemer.Target, error) {
	var t schemer.Target
	var due, fetched int64
	var learnt []byte
	err := rows.Scan(&t.URL, &t.Host, &t.Source, &t.Kind, &t.Depth, &t.Priority, &due, &t.FoundOn, &t.Anchor, &t.Reason,
		&t.LastMark, &t.Thread, &t.Attempts, &fetched, &learnt)
	if err != nil {
		return t, err
	}
	t.DueAt, t.LastFetch = timeOf(due), timeOf(fetched)
	var v visit
	if err := fromJSON(learnt, &v); err != nil {
		return t, fmt.Errorf("target %s: %w", t.URL, err)
	}
	t.Visits, t.Changes, t.ETag, t.Modified, t.LastDigest = v.Visits, v.Changes, v.ETag, v.Modified, v.LastDigest
	t.LastID, t.Payload, t.Next, t.Interval = v.LastID, v.Payload, v.Next, v.Interval
	return t, nil
}

// Add inserts the targets whose URL is unknown and returns how many there were. They are durable on return. A zero
// DueAt is due at once. A URL of more than 2048 bytes or of broken UTF-8 is left out with a warning: no page that
// people read has one. What was already known keeps its state, but may become due or rise (see [Store.Done], Found).
func (s *Store) Add(ctx context.Context, targets []schemer.Target) (int, error) {
	added := 0
	err := s.write(ctx, func(ctx context.Context, t *tx) (err error) {
		added, err = s.find(ctx, t, targets)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("add %d targets: %w", len(targets), err)
	}
	return added, nil
}

// find adds the unknown targets and brings what is new about the known ones: a moved mark, a better priority.
func (s *Store) find(ctx context.Context, t *tx, targets []schemer.Target) (int, error) {
	added := 0
	now := s.clock.Load()
	for _, f := range targets {
		if len(f.URL) > maxKey || !utf8.ValidString(f.URL) || text(f.URL) != f.URL {
			s.opt.Log.WarnContext(ctx, "target left out", "host", f.Host, "bytes", len(f.URL), "why", "URL too long or not UTF-8")
			continue
		}
		if s.seen.knows(f) {
			continue
		}
		due := nanos(f.DueAt)
		isNew, err := insertTarget(ctx, t, f, due, now)
		if err != nil {
			return added, err
		}
		if isNew {
			added++
			t.wakes.at(f.Host, due)
		} else if err := s.refind(ctx, t, f, now); err != nil {
			return added, err
		}
		t.after = append(t.after, func() { s.seen.learn(f) })
	}
	return added, nil
}

func insertTarget(ctx context.Context, t *tx, f schemer.Target, due, now int64) (bool, error) {
	learnt, err := visitOf(f)
	if err != nil {
		return false, err
	}
	n, err := t.exec(ctx, `INSERT INTO target (url, host, source, kind, depth, priority, state, due_at, found_on, anchor, reason, last_mark, thread, attempts, fetched, visit, born)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17) ON CONFLICT (url) DO NOTHING`,
		f.URL, f.Host, text(f.Source), text(f.Kind), f.Depth, f.Priority, flag(due <= now), due, text(f.FoundOn), text(f.Anchor),
		text(f.Reason), text(f.LastMark), text(f.Thread), f.Attempts, nanos(f.LastFetch), learnt, now)
	return n == 1, err
}

// refind brings what a new link to a known target tells. A mark that moved makes it due. A first mark does so too, unless
// the target was fetched in this run: then the mark is only remembered.
func (s *Store) refind(ctx context.Context, t *tx, f schemer.Target, now int64) error {
	if f.LastMark != "" {
		n, err := t.exec(ctx, `UPDATE target SET last_mark = $2,
			state  = CASE WHEN last_mark = '' AND fetched >= $4 THEN state  ELSE 1  END,
			due_at = CASE WHEN last_mark = '' AND fetched >= $4 THEN due_at ELSE $3 END
			WHERE url = $1 AND last_mark <> $2`, f.URL, text(f.LastMark), now, s.runStart.Load())
		if err != nil {
			return err
		}
		if n > 0 {
			t.wakes.at(f.Host, now)
		}
	}
	_, err := t.exec(ctx, "UPDATE target SET priority = $2, kind = $3 WHERE url = $1 AND priority < $2", f.URL, f.Priority, text(f.Kind))
	return err
}

// wakes collects the earliest due time of every host that a transaction touched. They are stored before the hosts are
// looked at and when the transaction ends.
type wakes map[string]int64

func (w wakes) at(host string, due int64) {
	if have, ok := w[host]; !ok || due < have {
		w[host] = due
	}
}

// wake lowers the due times of the hosts, in order, so that two transactions cannot wait for each other in a circle.
func (t *tx) wake(ctx context.Context) error {
	for _, host := range sorted(t.wakes) {
		_, err := t.exec(ctx, `INSERT INTO host (host, due_at) VALUES ($1, $2)
			ON CONFLICT (host) DO UPDATE SET due_at = excluded.due_at WHERE host.due_at > excluded.due_at`, text(host), t.wakes[host])
		if err != nil {
			return err
		}
	}
	clear(t.wakes)
	return nil
}

// Known returns the state of one URL, or an error wrapping [schemer.ErrNotFound].
func (s *Store) Known(ctx context.Context, url string) (schemer.Target, error) {
	t, err := scanTarget(s.read.QueryRowContext(ctx, "SELECT "+targetColumns+" FROM target WHERE url = $1", text(url)))
	if errors.Is(err, sql.ErrNoRows) {
		return t, fmt.Errorf("target %s: %w", url, schemer.ErrNotFound)
	}
	if err != nil {
		return t, fmt.Errorf("target %s: %w", url, err)
	}
	return t, nil
}

// Fetched counts the completed fetches of a source since a time: whatever was answered or failed for good, but neither
// robots.txt nor what will be tried again.
func (s *Store) Fetched(ctx context.Context, source schemer.SourceID, since time.Time) (int, error) {
	var n int
	err := s.read.QueryRowContext(ctx, "SELECT count(*) FROM visit WHERE source = $1 AND at >= $2 AND retry = 0 AND kind <> 'robots'",
		text(source), nanos(since)).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("fetches of %s since %s: %w", source, since, err)
	}
	return n, nil
}

// MakeDue starts a run at now. With all, every known URL of the sources becomes due; without, only what its schedule
// says, which [Store.Lease] sees by itself.
func (s *Store) MakeDue(ctx context.Context, now time.Time, sources []schemer.SourceID, all bool) error {
	err := s.write(ctx, func(ctx context.Context, t *tx) error {
		if _, err := t.exec(ctx, "INSERT INTO run (started_at, sources, complete) VALUES ($1, $2, $3)", nanos(now), len(sources), flag(all)); err != nil {
			return err
		}
		t.after = append(t.after, func() { s.runStart.Store(nanos(now)); s.tick(now) })
		if err := t.wake(ctx); err != nil {
			return err
		}
		for _, id := range sources {
			if !all {
				break
			}
			if _, err := t.exec(ctx, "UPDATE host SET due_at = $2 WHERE due_at > $2 AND host IN (SELECT host FROM target WHERE source = $1)", text(id), nanos(now)); err != nil {
				return err
			}
			if _, err := t.exec(ctx, "UPDATE target SET state = 1, due_at = $2, attempts = 0 WHERE source = $1", text(id), nanos(now)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("start a run of %d sources: %w", len(sources), err)
	}
	return nil
}

// tick remembers the latest time that a caller named, so that what is found now is queued without a detour.
func (s *Store) tick(now time.Time) {
	n := nanos(now)
	for {
		have := s.clock.Load()
		if n <= have || s.clock.CompareAndSwap(have, n) {
			return
		}
	}
}
