package store

import (
	"context"
	"database/sql"
	"fmt"

	"schemer"
)

// PutSources stores sources that a person gave; they replace what was known under their ids.
func (s *Store) PutSources(ctx context.Context, sources []schemer.Source) error {
	err := s.write(ctx, func(ctx context.Context, t *tx) error {
		for _, src := range sources {
			if err := insertSource(ctx, t, src, true); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("put %d sources: %w", len(sources), err)
	}
	return nil
}

func insertSource(ctx context.Context, t *tx, src schemer.Source, replace bool) error {
	data, err := asJSON(src)
	if err != nil {
		return err
	}
	if replace {
		_, err = t.exec(ctx, `INSERT INTO source (id, discovered, data) VALUES ($1, $2, $3)
			ON CONFLICT (id) DO UPDATE SET discovered = excluded.discovered, data = excluded.data`, text(src.ID), flag(src.Discovered), data)
	} else {
		_, err = t.exec(ctx, "INSERT INTO source (id, discovered, data) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING",
			text(src.ID), flag(src.Discovered), data)
	}
	return err
}

// Sources returns all sources, given and discovered, by id.
func (s *Store) Sources(ctx context.Context) ([]schemer.Source, error) {
	rows, err := s.read.QueryContext(ctx, "SELECT data FROM source")
	if err != nil {
		return nil, fmt.Errorf("sources: %w", err)
	}
	byID := map[schemer.SourceID]schemer.Source{}
	err = each(rows, func(r *sql.Rows) error {
		var data []byte
		var src schemer.Source
		if err := r.Scan(&data); err != nil {
			return err
		}
		if err := fromJSON(data, &src); err != nil {
			return err
		}
		byID[src.ID] = src
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("sources: %w", err)
	}
	out := make([]schemer.Source, 0, len(byID))
	for _, id := range sorted(byID) { // by bytes, whatever the database's collation
		out = append(out, byID[id])
	}
	return out, nil
}
