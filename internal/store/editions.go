package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"schemer"
)

// PutDraft keeps the latest scored list in place of the one before.
func (s *Store) PutDraft(ctx context.Context, e schemer.Edition) error {
	e.Frozen = false
	data, err := s.packEdition(e)
	if err != nil {
		return err
	}
	err = s.write(ctx, func(ctx context.Context, t *tx) error {
		_, err := t.exec(ctx, "INSERT INTO edition (year, frozen, data) VALUES ('', 0, $1) ON CONFLICT (year) DO UPDATE SET data = excluded.data", data)
		return err
	})
	if err != nil {
		return fmt.Errorf("put the draft of edition %s: %w", e.Edition, err)
	}
	return nil
}

// Draft returns the latest scored list, or an error wrapping [schemer.ErrNotFound] before the first scoring.
func (s *Store) Draft(ctx context.Context) (schemer.Edition, error) {
	e, err := s.edition(ctx, "")
	return e, named(err, "edition", "draft")
}

// Freeze keeps an edition for good under its year. A year is frozen once: a second time gives an error wrapping
// [schemer.ErrPolicy] and nothing is changed.
func (s *Store) Freeze(ctx context.Context, e schemer.Edition) error {
	if e.Edition == "" {
		return fmt.Errorf("freeze: %w: the edition has no year", schemer.ErrUsage)
	}
	e.Frozen = true
	data, err := s.packEdition(e)
	if err != nil {
		return err
	}
	at := s.opt.Now()
	err = s.write(ctx, func(ctx context.Context, t *tx) error {
		n, err := t.exec(ctx, "INSERT INTO edition (year, frozen, data) VALUES ($1, $2, $3) ON CONFLICT (year) DO NOTHING", text(e.Edition), nanos(at), data)
		if err != nil || n == 1 {
			return err
		}
		var frozen int64
		if err := t.row(ctx, "SELECT frozen FROM edition WHERE year = $1", []any{text(e.Edition)}, &frozen); err != nil {
			return err
		}
		return fmt.Errorf("%w: edition %s was frozen on %s and cannot change; a correction is a new edition",
			schemer.ErrPolicy, e.Edition, timeOf(frozen).Format(time.DateOnly))
	})
	if err != nil {
		return fmt.Errorf("freeze: %w", err)
	}
	return nil
}

// Edition returns a frozen edition, or an error wrapping [schemer.ErrNotFound].
func (s *Store) Edition(ctx context.Context, year string) (schemer.Edition, error) {
	if year == "" {
		return schemer.Edition{}, fmt.Errorf("%w: edition without a year", schemer.ErrUsage)
	}
	e, err := s.edition(ctx, year)
	return e, named(err, "edition", year)
}

// Editions returns the frozen editions, oldest year first.
func (s *Store) Editions(ctx context.Context) ([]schemer.Edition, error) {
	rows, err := s.read.QueryContext(ctx, "SELECT data FROM edition WHERE year <> ''")
	if err != nil {
		return nil, fmt.Errorf("editions: %w", err)
	}
	byYear := map[string]schemer.Edition{}
	err = each(rows, func(r *sql.Rows) error {
		var data []byte
		if err := r.Scan(&data); err != nil {
			return err
		}
		e, err := s.unpackEdition(data)
		byYear[e.Edition] = e
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("editions: %w", err)
	}
	out := make([]schemer.Edition, 0, len(byYear))
	for _, year := range sorted(byYear) {
		out = append(out, byYear[year])
	}
	return out, nil
}

func (s *Store) edition(ctx context.Context, year string) (schemer.Edition, error) {
	var data []byte
	if err := s.read.QueryRowContext(ctx, "SELECT data FROM edition WHERE year = $1", text(year)).Scan(&data); err != nil {
		return schemer.Edition{}, err
	}
	return s.unpackEdition(data)
}

func (s *Store) packEdition(e schemer.Edition) ([]byte, error) {
	b, err := asJSON(e)
	if err != nil {
		return nil, err
	}
	return s.packer.pack(b), nil
}

func (s *Store) unpackEdition(data []byte) (schemer.Edition, error) {
	var e schemer.Edition
	b, err := s.packer.unpack(data, nil)
	if err != nil {
		return e, err
	}
	return e, fromJSON(b, &e)
}
