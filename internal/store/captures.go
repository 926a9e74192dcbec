package store

import (
	"context"
	"database/sql"
	"fmt"
	"iter"

	"schemer"
)

// captureColumns are read by scanCapture in this order.
const captureColumns = "id, seq, url, source, kind, fetched_at, status, content_type, payload, block, file, place, length, revisit_of, truncated, found_on, imported"

func scanCapture(rows interface{ Scan(...any) error }) (schemer.Capture, error) {
	var c schemer.Capture
	var at, imported int64
	err := rows.Scan(&c.ID, &c.Seq, &c.URL, &c.Source, &c.Kind, &at, &c.Status, &c.ContentType, &c.Payload, &c.Block, &c.File,
		&c.Offset, &c.Length, &c.RevisitOf, &c.Truncated, &c.FoundOn, &imported)
	c.FetchedAt, c.Imported = timeOf(at), imported == 1
	return c, err
}

// insertCapture stores a capture with what it says about its page. One that is known already is left as it is, but for
// a new reading; that another capture has its place in the custody log is a sign of two archives for one store.
func insertCapture(ctx context.Context, t *tx, c schemer.Capture, gone bool, r *reading) error {
	n, err := t.exec(ctx, "INSERT INTO capture ("+captureColumns+`, gone, what, complete, settled, shows)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,0,$21) ON CONFLICT (seq) DO NOTHING`,
		text(c.ID), c.Seq, key(c.URL), text(c.Source), text(c.Kind), nanos(c.FetchedAt), c.Status, text(c.ContentType), text(c.Payload),
		text(c.Block), text(c.File), c.Offset, c.Length, text(c.RevisitOf), text(c.Truncated), text(c.FoundOn), flag(c.Imported), flag(gone),
		r.what, flag(r.complete), r.shows)
	if err != nil {
		return err
	}
	if n == 0 {
		return r.replace(ctx, t, c)
	}
	if r.what == sawNothing {
		return nil
	}
	_, err = t.exec(ctx, "INSERT INTO unsettled (seq, data) VALUES ($1, $2)", c.Seq, r.data)
	return err
}

// CaptureFilter bounds [Store.Captures]; its zero value takes all.
type CaptureFilter struct {
	After int64 // only those with a greater Seq
}

// Captures iterates over the captures in order of Seq.
func (s *Store) Captures(ctx context.Context, f CaptureFilter) iter.Seq2[schemer.Capture, error] {
	return func(yield func(schemer.Capture, error) bool) {
		rows, err := s.read.QueryContext(ctx, "SELECT "+captureColumns+" FROM capture WHERE seq > $1 ORDER BY seq", f.After)
		if err != nil {
			yield(schemer.Capture{}, fmt.Errorf("captures: %w", err))
			return
		}
		err = each(rows, func(r *sql.Rows) error {
			c, err := scanCapture(r)
			if err != nil {
				return err
			}
			return goOn(yield(c, nil))
		})
		if failed(err) {
			yield(schemer.Capture{}, fmt.Errorf("captures: %w", err))
		}
	}
}

// HasCapture tells whether the store knows a capture; one that only the archive knows was not acknowledged.
func (s *Store) HasCapture(ctx context.Context, c schemer.Capture) (bool, error) {
	var n int
	if err := s.read.QueryRowContext(ctx, "SELECT count(*) FROM capture WHERE seq = $1 AND id = $2", c.Seq, text(c.ID)).Scan(&n); err != nil {
		return false, fmt.Errorf("capture %s: %w", c.ID, err)
	}
	return n == 1, nil
}

// LastSeq returns the greatest Seq of all captures, 0 when there is none.
func (s *Store) LastSeq(ctx context.Context) (int64, error) {
	var n sql.NullInt64
	if err := s.read.QueryRowContext(ctx, "SELECT max(seq) FROM capture").Scan(&n); err != nil {
		return 0, fmt.Errorf("last capture: %w", err)
	}
	return n.Int64, nil
}

// Adopt takes in a capture that the archive holds and the store does not, with the document read from it (nil when
// there is nothing to read): after a kill between archive and acknowledgement, or for an import. A target of the same
// URL stays due; it learns that these bytes are kept, so that fetching them again gives a revisit, not a duplicate.
// Adopting what is known changes nothing.
func (s *Store) Adopt(ctx context.Context, c schemer.Capture, d *schemer.Document) error {
	r, err := s.readingOf(schemer.Outcome{Captures: []schemer.Capture{c}, Document: d, Gone: isGone(c)})
	if err != nil {
		return err
	}
	err = s.write(ctx, func(ctx context.Context, t *tx) error {
		if err := insertCapture(ctx, t, c, isGone(c), r); err != nil {
			return err
		}
		return remember(ctx, t, c)
	})
	s.release(r)
	if err != nil {
		return fmt.Errorf("adopt %s: %w", c.ID, err)
	}
	return nil
}

func isGone(c schemer.Capture) bool { return c.Status == 404 || c.Status == 410 }

// remember tells the target of a capture's URL where its bytes are kept.
func remember(ctx context.Context, t *tx, c schemer.Capture) error {
	if c.Status != 200 || c.RevisitOf != "" || c.Truncated != "" {
		return nil
	}
	var learnt []byte
	err := t.row(ctx, "SELECT visit FROM target WHERE url = $1", []any{text(c.URL)}, &learnt)
	if err != nil {
		if isNoRows(err) {
			return nil
		}
		return err
	}
	var v visit
	if err := fromJSON(learnt, &v); err != nil {
		return err
	}
	v.LastID, v.Payload = c.ID, c.Payload
	if learnt, err = asJSON(v); err != nil {
		return err
	}
	_, err = t.exec(ctx, "UPDATE target SET visit = $2 WHERE url = $1", text(c.URL), learnt)
	return err
}
