package store

import (
	"context"
	"fmt"

	"schemer"
)

// Batch is what the search index must take next.
type Batch struct {
	Posts   []Wording // current wordings, by rising change number
	Through int64     // to be acknowledged with [Store.Indexed] when the index has them
}

// Outbox returns the next changes, at most limit, that the index has not acknowledged. An empty batch means that the
// index is up to date. Feeding a batch twice does no harm.
func (s *Store) Outbox(ctx context.Context, limit int) (Batch, error) {
	if err := s.Settle(ctx); err != nil {
		return Batch{}, err
	}
	var b Batch
	if err := s.read.QueryRowContext(ctx, "SELECT value FROM counter WHERE name = 'indexed'").Scan(&b.Through); err != nil {
		return Batch{}, fmt.Errorf("outbox: %w", err)
	}
	err := s.stream(ctx, "SELECT "+postColumns+" FROM post WHERE changed > $1 AND last_seq > 0 ORDER BY changed LIMIT $2", []any{b.Through, limit},
		func(w Wording) error {
			b.Through = w.Changed
			if !w.Post.Superseded {
				b.Posts = append(b.Posts, w)
			}
			return nil
		})
	if err != nil {
		return Batch{}, fmt.Errorf("outbox: %w", err)
	}
	return b, nil
}

// Indexed acknowledges everything up to a batch's Through. Zero makes the whole corpus due for indexing again.
func (s *Store) Indexed(ctx context.Context, through int64) error {
	err := s.write(ctx, func(ctx context.Context, t *tx) error {
		_, err := t.exec(ctx, "UPDATE counter SET value = $1 WHERE name = 'indexed'", through)
		return err
	})
	if err != nil {
		return fmt.Errorf("acknowledge the outbox: %w", err)
	}
	return nil
}

// Touch makes posts due for indexing again, because what scoring says of them has changed.
func (s *Store) Touch(ctx context.Context, ids []schemer.PostID) error {
	err := s.write(ctx, func(ctx context.Context, t *tx) error {
		for _, id := range ids {
			var wording string
			err := t.row(ctx, "SELECT wording FROM post WHERE id = $1 AND superseded = 0", []any{text(id)}, &wording)
			if isNoRows(err) {
				continue
			}
			if err != nil {
				return err
			}
			if err := touch(ctx, t, id, wording); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("touch %d posts: %w", len(ids), err)
	}
	return nil
}

// SetMeta remembers a value under a name.
func (s *Store) SetMeta(ctx context.Context, name, value string) error {
	err := s.write(ctx, func(ctx context.Context, t *tx) error {
		_, err := t.exec(ctx, "INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value", name, text(value))
		return err
	})
	if err != nil {
		return fmt.Errorf("set %s: %w", name, err)
	}
	return nil
}

// Meta returns what was remembered under a name, or an error wrapping [schemer.ErrNotFound].
func (s *Store) Meta(ctx context.Context, name string) (string, error) {
	var value string
	err := s.read.QueryRowContext(ctx, "SELECT value FROM meta WHERE name = $1", name).Scan(&value)
	return value, named(err, "meta", name)
}
