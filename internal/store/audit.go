package store

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"time"

	"schemer"
)

// Entry is one line of the audit trail: who looked at or decided what.
type Entry struct {
	Seq    int64     `json:"seq"`    // set by [Store.Audit]
	At     time.Time `json:"at"`     // zero means now
	Who    string    `json:"who"`    // required
	What   string    `json:"what"`   // required: view, decide, freeze, export, …
	Object string    `json:"object"` // what it was about
	Detail string    `json:"detail,omitempty"`
}

// Audit appends an entry; it is durable on return. There is no way to change or remove one.
func (s *Store) Audit(ctx context.Context, e Entry) error {
	if e.Who == "" || e.What == "" {
		return fmt.Errorf("audit: %w: an entry says who did what", schemer.ErrUsage)
	}
	if e.At.IsZero() {
		e.At = s.opt.Now()
	}
	err := s.write(ctx, func(ctx context.Context, t *tx) error {
		seq, err := t.next(ctx, "audit", 1)
		if err == nil {
			_, err = t.exec(ctx, "INSERT INTO audit (seq, at, who, what, object, detail) VALUES ($1, $2, $3, $4, $5, $6)",
				seq, nanos(e.At), text(e.Who), text(e.What), text(e.Object), text(e.Detail))
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("audit %s of %s: %w", e.What, e.Object, err)
	}
	return nil
}

// AuditTrail iterates over the entries in the order they were made: all of them, or those about one object.
func (s *Store) AuditTrail(ctx context.Context, object string) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		rows, err := s.read.QueryContext(ctx, "SELECT seq, at, who, what, object, detail FROM audit WHERE object = $1 OR $1 = '' ORDER BY seq", text(object))
		if err != nil {
			yield(Entry{}, fmt.Errorf("audit trail: %w", err))
			return
		}
		err = each(rows, func(r *sql.Rows) error {
			var e Entry
			var at int64
			if err := r.Scan(&e.Seq, &at, &e.Who, &e.What, &e.Object, &e.Detail); err != nil {
				return err
			}
			e.At = timeOf(at)
			return goOn(yield(e, nil))
		})
		if failed(err) {
			yield(Entry{}, fmt.Errorf("audit trail: %w", err))
		}
	}
}
