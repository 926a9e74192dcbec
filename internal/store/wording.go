package store

import (
	"context"
	"database/sql"

	"schemer"
)

// wordingRow is what settling must know of a stored wording.
type wordingRow struct {
	wording    string
	content    string
	firstSeq   int64
	lastSeq    int64
	superseded int64
}

// see applies one sighting of a wording: its row appears or its first and last sightings widen, and of all wordings of
// the post the one seen last becomes the current one.
func (s *Store) see(ctx context.Context, t *tx, r *reading, sight sighting, frame []byte) error {
	var rows []wordingRow
	err := t.rows(ctx, "SELECT wording, content, first_seq, last_seq, superseded FROM post WHERE id = $1"+s.dialect.forWrite, []any{text(sight.id)},
		func(r *sql.Rows) error {
			var w wordingRow
			err := r.Scan(&w.wording, &w.content, &w.firstSeq, &w.lastSeq, &w.superseded)
			rows = append(rows, w)
			return err
		})
	if err != nil {
		return err
	}
	at := -1
	for i := range rows {
		if rows[i].wording == sight.wording {
			at = i
		}
	}
	if at < 0 {
		if frame == nil { // its content went with the reading that replaced it
			return nil
		}
		if err := s.firstSight(ctx, t, r, sight, frame); err != nil {
			return err
		}
		rows = append(rows, wordingRow{wording: sight.wording, lastSeq: r.seq})
	} else if err := s.seeAgain(ctx, t, r, sight, frame, &rows[at]); err != nil {
		return err
	}
	return supersede(ctx, t, sight.id, rows)
}

func (s *Store) firstSight(ctx context.Context, t *tx, r *reading, sight sighting, frame []byte) error {
	k, err := columns(frame)
	if err != nil {
		return err
	}
	changed, err := t.nextChange(ctx)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `INSERT INTO post (id, wording, changed, content, first_seq, first_seen, last_seq, last_seen, last_url,
		site, url, source, source_kind, kind, author, lang, posted_at, sort_key, data)
		VALUES ($1,$2,$3,$4,$5,$6,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17)`,
		text(sight.id), sight.wording, changed, contentOf(frame), r.seq, nanos(r.at), key(r.url), text(k.Site), key(k.URL), text(k.Source),
		text(k.SourceKind), text(k.Kind), text(k.Author), text(k.Lang), nanos(k.PostedAt), sortKey(k), s.packer.pack(frame))
	return err
}

// seeAgain widens a stored wording. The content kept is that of its first capture; a last sighting alone is no change
// that readers of [Store.Outbox] must hear of.
func (s *Store) seeAgain(ctx context.Context, t *tx, r *reading, sight sighting, frame []byte, w *wordingRow) error {
	if r.seq > w.lastSeq {
		w.lastSeq = r.seq
		n, err := t.exec(ctx, `UPDATE post SET last_seq = $3, last_seen = $4, last_url = $5, gone_seq = 0, gone_since = 0
			WHERE id = $1 AND wording = $2 AND gone_seq > 0`, text(sight.id), w.wording, r.seq, nanos(r.at), key(r.url))
		if err != nil {
			return err
		}
		if n > 0 { // it is back
			if err := touch(ctx, t, sight.id, w.wording); err != nil {
				return err
			}
		} else if _, err := t.exec(ctx, "UPDATE post SET last_seq = $3, last_seen = $4, last_url = $5 WHERE id = $1 AND wording = $2",
			text(sight.id), w.wording, r.seq, nanos(r.at), key(r.url)); err != nil {
			return err
		}
	}
	if r.seq > w.firstSeq {
		return nil
	}
	w.firstSeq = r.seq
	if _, err := t.exec(ctx, "UPDATE post SET first_seq = $3, first_seen = $4 WHERE id = $1 AND wording = $2", text(sight.id), w.wording, r.seq, nanos(r.at)); err != nil {
		return err
	}
	if frame == nil || contentOf(frame) == w.content {
		return nil
	}
	return s.replace(ctx, t, sight, frame)
}

// replace stores an earlier or newly read content of a wording.
func (s *Store) replace(ctx context.Context, t *tx, sight sighting, frame []byte) error {
	k, err := columns(frame)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `UPDATE post SET content = $3, site = $4, url = $5, source = $6, source_kind = $7, kind = $8, author = $9,
		lang = $10, posted_at = $11, sort_key = $12, data = $13 WHERE id = $1 AND wording = $2`,
		text(sight.id), sight.wording, contentOf(frame), text(k.Site), key(k.URL), text(k.Source), text(k.SourceKind), text(k.Kind),
		text(k.Author), text(k.Lang), nanos(k.PostedAt), sortKey(k), s.packer.pack(frame))
	if err != nil {
		return err
	}
	return touch(ctx, t, sight.id, sight.wording)
}

// contentOf names the content of a post as it was read: 32 hex digits of its SHA-256.
func contentOf(frame []byte) string { return string(schemer.DigestOf(frame)[:32]) }

// supersede marks all wordings but the one seen last; of two in one capture the greater digest is the current one.
func supersede(ctx context.Context, t *tx, id schemer.PostID, rows []wordingRow) error {
	current := 0
	for i, w := range rows {
		c := rows[current]
		if w.lastSeq > c.lastSeq || w.lastSeq == c.lastSeq && w.wording > c.wording {
			current = i
		}
	}
	for i, w := range rows {
		if now := flag(i != current); now != w.superseded {
			if _, err := t.exec(ctx, "UPDATE post SET superseded = $3 WHERE id = $1 AND wording = $2", text(id), w.wording, now); err != nil {
				return err
			}
			if err := touch(ctx, t, id, w.wording); err != nil {
				return err
			}
		}
	}
	return nil
}

func touch(ctx context.Context, t *tx, id schemer.PostID, wording string) error {
	changed, err := t.nextChange(ctx)
	if err == nil {
		_, err = t.exec(ctx, "UPDATE post SET changed = $3 WHERE id = $1 AND wording = $2", text(id), wording, changed)
	}
	return err
}
