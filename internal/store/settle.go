package store

import (
	"context"
	"database/sql"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/klauspost/compress/s2"

	"schemer"
)

// settleGroup is how many readings one transaction turns into posts.
const settleGroup = 64

// The stages of settling everything anew, kept in counter "rebuild".
const (
	rebuildNone    = 0
	rebuildAsked   = 1
	rebuildRunning = 2
)

func isNoRows(err error) bool { return errors.Is(err, sql.ErrNoRows) }

// named puts the name of what was looked for before an error, and turns "no rows" into [schemer.ErrNotFound].
func named(err error, what, name string) error {
	if isNoRows(err) {
		err = schemer.ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("%s %s: %w", what, name, err)
	}
	return nil
}

func askRebuild(ctx context.Context, t *tx) error {
	_, err := t.exec(ctx, "UPDATE counter SET value = 1 WHERE name = 'rebuild'")
	return err
}

// Settle turns what was read into posts, in order of Seq. Every reading method that lists posts settles first, so
// calling it is a matter of when the work is done. It may be interrupted at any point and goes on where it stood.
//
// Of every wording of a post it keeps the first and the last sighting. The wording seen last is the current one. A
// wording is gone since the first complete reading of the page that showed it last. Both depend on the sequence of the
// captures only, not on the order in which they arrive: a reading that comes late for its page makes all of them be
// settled anew.
func (s *Store) Settle(ctx context.Context) error {
	if s.writer == nil {
		return nil
	}
	s.settling.Lock()
	defer s.settling.Unlock()
	for {
		n := 0
		err := s.write(ctx, func(ctx context.Context, t *tx) (err error) {
			n, err = s.settleSome(ctx, t)
			return err
		})
		if err != nil {
			return fmt.Errorf("settle: %w", err)
		}
		if n == 0 {
			return nil
		}
	}
}

// settleSome settles the next few readings and returns how many steps it took, 0 when all is settled.
func (s *Store) settleSome(ctx context.Context, t *tx) (int, error) {
	var stage int64
	if err := t.row(ctx, "SELECT value FROM counter WHERE name = 'rebuild'"+s.dialect.forWrite, nil, &stage); err != nil {
		return 0, err
	}
	if stage == rebuildAsked {
		return 1, startRebuild(ctx, t)
	}
	var todo []reading
	err := t.rows(ctx, "SELECT c.id, c.seq, c.url, c.fetched_at, c.what, c.complete, c.shows, u.data FROM unsettled u JOIN capture c ON c.seq = u.seq ORDER BY u.seq LIMIT $1",
		[]any{settleGroup}, func(rows *sql.Rows) error {
			var r reading
			var at, complete int64
			err := rows.Scan(&r.capture, &r.seq, &r.url, &at, &r.what, &complete, &r.shows, &r.data)
			r.at, r.complete = timeOf(at), complete == 1
			todo = append(todo, r)
			return err
		})
	if err != nil {
		return 0, err
	}
	if len(todo) == 0 && stage == rebuildRunning {
		return 1, endRebuild(ctx, t)
	}
	for i := range todo {
		late, err := s.settle(ctx, t, &todo[i])
		if err != nil {
			return 0, fmt.Errorf("capture %s: %w", todo[i].capture, err)
		}
		if late {
			return 1, askRebuild(ctx, t)
		}
	}
	return len(todo), nil
}

// startRebuild marks all readings as unsettled and all posts as not yet seen. The posts' contents stay; the readings
// remember which wordings they showed.
func startRebuild(ctx context.Context, t *tx) error {
	for _, q := range []string{
		"UPDATE capture SET settled = 0 WHERE settled = 1",
		"INSERT INTO unsettled (seq, data) SELECT seq, NULL FROM capture WHERE what <> '' ON CONFLICT (seq) DO NOTHING",
		"UPDATE post SET first_seq = 9223372036854775807, last_seq = 0, gone_seq = 0, gone_since = 0, superseded = 0",
		"UPDATE counter SET value = 2 WHERE name = 'rebuild'",
	} {
		if _, err := t.exec(ctx, q); err != nil {
			return err
		}
	}
	return nil
}

// endRebuild drops the wordings that no reading shows any more.
func endRebuild(ctx context.Context, t *tx) error {
	if _, err := t.exec(ctx, "DELETE FROM post WHERE last_seq = 0"); err != nil {
		return err
	}
	_, err := t.exec(ctx, "UPDATE counter SET value = 0 WHERE name = 'rebuild'")
	return err
}

// settle applies one reading. It reports late when a later reading of the same page was applied already.
func (s *Store) settle(ctx context.Context, t *tx, r *reading) (late bool, err error) {
	var n int
	if err := t.row(ctx, "SELECT count(*) FROM capture WHERE url = $1 AND seq > $2 AND settled = 1", []any{text(r.url), r.seq}, &n); err != nil || n > 0 {
		return n > 0, err
	}
	if r.what == sawSame {
		if err := sameAsBefore(ctx, t, r); err != nil {
			return false, err
		}
	}
	shown, err := sightings(r.shows)
	if err != nil {
		return false, err
	}
	frames, err := unpackFrames(r.data, len(shown))
	if err != nil {
		return false, err
	}
	for i, sight := range shown {
		var frame []byte
		if frames != nil {
			frame = frames[i]
		}
		if err := s.see(ctx, t, r, sight, frame); err != nil {
			return false, fmt.Errorf("post %s: %w", sight.id, err)
		}
	}
	if r.complete {
		if err := missed(ctx, t, r); err != nil {
			return false, err
		}
	}
	if _, err = t.exec(ctx, "UPDATE capture SET settled = 1, shows = $2, complete = $3 WHERE seq = $1", r.seq, r.shows, flag(r.complete)); err == nil {
		_, err = t.exec(ctx, "DELETE FROM unsettled WHERE seq = $1", r.seq)
	}
	return false, err
}

// sameAsBefore makes an unmodified page show what its last reading showed.
func sameAsBefore(ctx context.Context, t *tx, r *reading) error {
	var complete int64
	err := t.row(ctx, "SELECT shows, complete FROM capture WHERE url = $1 AND seq < $2 AND what = 'doc' AND settled = 1 ORDER BY seq DESC LIMIT 1",
		[]any{text(r.url), r.seq}, &r.shows, &complete)
	if isNoRows(err) {
		r.complete = false
		return nil
	}
	r.complete = complete == 1
	return err
}

// unpackFrames unpacks the posts of a reading; nil when they were settled before.
func unpackFrames(data []byte, n int) ([][]byte, error) {
	if data == nil {
		return nil, nil
	}
	if n, err := s2.DecodedLen(data); err != nil || n > maxBlob {
		return nil, errShows
	}
	b, err := s2.Decode(nil, data)
	if err != nil {
		return nil, errors.Join(errShows, err)
	}
	out := make([][]byte, 0, n)
	for len(b) > 0 {
		size, k := binary.Uvarint(b)
		if k <= 0 || size > uint64(len(b)-k) {
			return nil, errShows
		}
		out = append(out, b[k:k+int(size)])
		b = b[k+int(size):]
	}
	if len(out) != n {
		return nil, errShows
	}
	return out, nil
}

// missed marks what was last seen on the page and is not on it any more.
func missed(ctx context.Context, t *tx, r *reading) error {
	var lost []sighting
	err := t.rows(ctx, "SELECT id, wording FROM post WHERE last_url = $1 AND last_seq < $2 AND last_seq > 0 AND gone_seq = 0 ORDER BY id, wording",
		[]any{text(r.url), r.seq}, func(rows *sql.Rows) error {
			var l sighting
			err := rows.Scan(&l.id, &l.wording)
			lost = append(lost, l)
			return err
		})
	for _, l := range lost {
		if err != nil {
			return err
		}
		var changed int64
		if changed, err = t.nextChange(ctx); err == nil {
			_, err = t.exec(ctx, "UPDATE post SET gone_seq = $3, gone_since = $4, changed = $5 WHERE id = $1 AND wording = $2",
				text(l.id), l.wording, r.seq, nanos(r.at), changed)
		}
	}
	return err
}

// keys are the fields of a post that have columns.
type keys struct {
	URL        string             `json:"url"`
	Site       string             `json:"site"`
	Source     schemer.SourceID   `json:"source"`
	SourceKind schemer.SourceKind `json:"source_kind"`
	Kind       schemer.PostKind   `json:"kind"`
	Thread     string             `json:"thread"`
	ThreadID   string             `json:"thread_id"`
	ThreadURL  string             `json:"thread_url"`
	Number     string             `json:"number"`
	Author     string             `json:"author"`
	Lang       string             `json:"lang"`
	PostedAt   time.Time          `json:"posted_at"`
}

// columns decodes the fields that have columns.
func columns(frame []byte) (keys, error) {
	var k keys
	if err := json.Unmarshal(frame, &k); err != nil {
		return k, fmt.Errorf("decode: %w", err)
	}
	return k, nil
}
