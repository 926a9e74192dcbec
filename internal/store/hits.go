package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"schemer"
)

// PutHits remembers the hits of contents (see [Wording]) under a set of rules; a content without hits is remembered too.
func (s *Store) PutHits(ctx context.Context, rules schemer.Digest, hits map[string][]schemer.Hit) error {
	if len(hits) == 0 {
		return nil
	}
	blobs := map[string][]byte{}
	for content, h := range hits {
		b, err := asJSON(h)
		if err != nil {
			return err
		}
		blobs[content] = s.packer.pack(b)
	}
	err := s.write(ctx, func(ctx context.Context, t *tx) error {
		for _, content := range sorted(blobs) {
			_, err := t.exec(ctx, `INSERT INTO hits (content, rules, data) VALUES ($1, $2, $3)
				ON CONFLICT (content) DO UPDATE SET rules = excluded.rules, data = excluded.data`, content, text(rules), blobs[content])
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("put hits of %d contents: %w", len(hits), err)
	}
	return nil
}

// hitsGroup is how many contents one query asks for.
const hitsGroup = 500

// Hits returns the hits of those contents that were searched under the same rules; the others are left out.
func (s *Store) Hits(ctx context.Context, rules schemer.Digest, contents []string) (map[string][]schemer.Hit, error) {
	out := make(map[string][]schemer.Hit, len(contents))
	for group := range slices.Chunk(contents, hitsGroup) {
		marks, args := make([]string, len(group)), []any{text(rules)}
		for i, c := range group {
			marks[i], args = "$"+strconv.Itoa(i+2), append(args, c)
		}
		rows, err := s.read.QueryContext(ctx, "SELECT content, data FROM hits WHERE rules = $1 AND content IN ("+strings.Join(marks, ",")+")", args...)
		if err != nil {
			return nil, fmt.Errorf("hits of %d contents: %w", len(contents), err)
		}
		err = each(rows, func(r *sql.Rows) error {
			var content string
			var data []byte
			if err := r.Scan(&content, &data); err != nil {
				return err
			}
			found, err := s.unpackHits(data)
			if err != nil {
				return fmt.Errorf("content %s: %w", content, err)
			}
			out[content] = found
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("hits of %d contents: %w", len(contents), err)
		}
	}
	return out, nil
}

func (s *Store) unpackHits(data []byte) ([]schemer.Hit, error) {
	b, err := s.packer.unpack(data, nil)
	if err != nil {
		return nil, err
	}
	var hits []schemer.Hit
	return hits, fromJSON(b, &hits)
}
