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

// Cached is what is known of a content's hits under a set of rules.
type Cached struct {
	Hits  []schemer.Hit
	Stale []schemer.SignalID // rules that changed since: their hits are not in Hits and must be found again
}

// PutRules makes a set of rules known by the digests of its parts, so that hits found under another set can be used
// as far as the rules are the same. Under the empty signal stands the digest of what all rules share: when that
// differs, nothing can be used.
func (s *Store) PutRules(ctx context.Context, rules schemer.Digest, parts map[schemer.SignalID]schemer.Digest) error {
	data, err := asJSON(parts)
	if err != nil {
		return err
	}
	err = s.write(ctx, func(ctx context.Context, t *tx) error {
		_, err := t.exec(ctx, "INSERT INTO ruleset (rules, data) VALUES ($1, $2) ON CONFLICT (rules) DO UPDATE SET data = excluded.data", text(rules), data)
		return err
	})
	if err != nil {
		return fmt.Errorf("put rules %s: %w", rules, err)
	}
	return nil
}

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

// Hits returns what is known of the hits of contents under a set of rules. A content of which nothing can be used is
// left out. The error is nil when nothing is known at all.
func (s *Store) Hits(ctx context.Context, rules schemer.Digest, contents []string) (map[string]Cached, error) {
	out := make(map[string]Cached, len(contents))
	sets := ruleSets{store: s, now: rules, diffs: map[schemer.Digest]*ruleDiff{}}
	for group := range slices.Chunk(contents, hitsGroup) {
		marks, args := make([]string, len(group)), make([]any, len(group))
		for i, c := range group {
			marks[i], args[i] = "$"+strconv.Itoa(i+1), c
		}
		rows, err := s.read.QueryContext(ctx, "SELECT content, rules, data FROM hits WHERE content IN ("+strings.Join(marks, ",")+")", args...)
		if err != nil {
			return nil, fmt.Errorf("hits of %d contents: %w", len(contents), err)
		}
		err = each(rows, func(r *sql.Rows) error {
			var content string
			var under schemer.Digest
			var data []byte
			if err := r.Scan(&content, &under, &data); err != nil {
				return err
			}
			diff, err := sets.diff(ctx, under)
			if err != nil || diff == nil {
				return err
			}
			found, err := s.unpackHits(data)
			if err != nil {
				return fmt.Errorf("content %s: %w", content, err)
			}
			found = slices.DeleteFunc(found, func(h schemer.Hit) bool { return diff.outdated[h.Signal] })
			out[content] = Cached{Hits: found, Stale: diff.stale}
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

// ruleDiff is what differs between the rules that hits were found under and those of now.
type ruleDiff struct {
	stale    []schemer.SignalID        // changed or new
	outdated map[schemer.SignalID]bool // changed or gone: their hits do not count
}

// ruleSets compares sets of rules with the present one, each once.
type ruleSets struct {
	store *Store
	now   schemer.Digest
	parts map[schemer.SignalID]schemer.Digest
	diffs map[schemer.Digest]*ruleDiff // nil: nothing can be used
}

func (r *ruleSets) diff(ctx context.Context, under schemer.Digest) (*ruleDiff, error) {
	if under == r.now {
		return &ruleDiff{}, nil
	}
	if d, ok := r.diffs[under]; ok {
		return d, nil
	}
	r.diffs[under] = nil
	was, err := r.store.ruleParts(ctx, under)
	if err != nil || was == nil {
		return nil, err
	}
	if r.parts == nil {
		if r.parts, err = r.store.ruleParts(ctx, r.now); err != nil || r.parts == nil {
			return nil, err
		}
	}
	if was[""] != r.parts[""] {
		return nil, nil
	}
	d := &ruleDiff{outdated: map[schemer.SignalID]bool{}}
	for _, id := range sorted(r.parts) {
		if was[id] != r.parts[id] {
			d.stale, d.outdated[id] = append(d.stale, id), true
		}
	}
	for id := range was {
		if _, ok := r.parts[id]; !ok {
			d.outdated[id] = true
		}
	}
	r.diffs[under] = d
	return d, nil
}

func (s *Store) ruleParts(ctx context.Context, rules schemer.Digest) (map[schemer.SignalID]schemer.Digest, error) {
	var data []byte
	err := s.read.QueryRowContext(ctx, "SELECT data FROM ruleset WHERE rules = $1", text(rules)).Scan(&data)
	if isNoRows(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var parts map[schemer.SignalID]schemer.Digest
	return parts, fromJSON(data, &parts)
}
