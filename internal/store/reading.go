package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/klauspost/compress/s2"

	"schemer"
)

// What a capture says about its page.
const (
	sawNothing = ""
	sawPosts   = "doc"
	sawSame    = "same" // not modified, or the same bytes: shows what the reading before it showed
	sawGone    = "gone"
)

// reading is what one capture says about its page, before it is settled.
type reading struct {
	capture  schemer.CaptureID
	seq      int64
	url      string
	at       time.Time
	what     string
	complete bool // what it does not show is not there
	shows    []byte
	data     []byte
	space    *scratch // what data lies in; nil when it has memory of its own
}

// release gives back the memory of a reading that was stored.
func (s *Store) release(r *reading) {
	if r.space != nil {
		s.scratch.Put(r.space)
	}
}

// readingOf turns an outcome into a reading, which may say nothing about posts. It does the heavy work (encoding,
// compressing), so that the writer need not.
func (s *Store) readingOf(o schemer.Outcome) (*reading, error) {
	var last schemer.Capture
	if n := len(o.Captures); n > 0 {
		last = o.Captures[n-1]
	}
	switch {
	case o.Document != nil:
		return s.readingOfDocument(*o.Document)
	case last.ID != "" && o.Gone:
		return &reading{capture: last.ID, what: sawGone, complete: true}, nil
	case last.RevisitOf != "":
		return &reading{capture: last.ID, what: sawSame, complete: true}, nil
	}
	return &reading{}, nil
}

func (s *Store) readingOfDocument(d schemer.Document) (*reading, error) {
	r := &reading{capture: d.Capture, what: sawPosts}
	r.complete = d.Degraded == "" && d.Kind != schemer.PageLogin && d.Kind != schemer.PageChallenge
	space := s.scratch.Get().(*scratch)
	frames := space.frames[:0]
	r.shows = make([]byte, 0, 33*len(d.Posts))
	for i := range d.Posts {
		p := &d.Posts[i]
		var err error
		if frames, err = appendFrame(frames, p); err != nil {
			return nil, fmt.Errorf("document %s: %w", d.URL, err)
		}
		space.wording = appendWording(space.wording[:0], p)
		r.shows = appendShown(r.shows, p.ID, sha256.Sum256(space.wording))
	}
	r.data = s2.Encode(space.packed[:cap(space.packed)], frames)
	if cap(frames) <= maxScratch {
		space.frames, space.packed, r.space = frames, r.data[:0], space
	}
	return r, nil
}

// scratch is space for posts on their way into a reading.
type scratch struct{ frames, packed, wording []byte }

// maxScratch bounds what is kept to be used again; one huge page shall not keep its memory.
const maxScratch = 256 << 10

// appendFrame appends a post with its length before it.
func appendFrame(frames []byte, p *schemer.Post) ([]byte, error) {
	const room = binary.MaxVarintLen32
	at := len(frames)
	out, err := appendPost(append(frames, make([]byte, room)...), p)
	if err != nil {
		return frames, err
	}
	size := len(out) - at - room
	n := binary.PutUvarint(out[at:at+room], uint64(size))
	copy(out[at+n:], out[at+room:])
	return out[:at+n+size], nil
}

// appendWording appends what tells the wordings of a post apart: its text, signature and quotes. A wording is named by
// half of its SHA-256, in rows by 32 hex digits.
func appendWording(b []byte, p *schemer.Post) []byte {
	b = append(append(b, p.Text...), 0)
	b = append(append(b, p.Signature...), 0)
	for i := range p.Quotes {
		q := &p.Quotes[i]
		b = append(append(b, q.Author...), 0)
		b = append(append(b, q.Post...), 0)
		b = append(append(b, q.Text...), 0)
	}
	return b
}

// sighting is a wording of a post, as a reading shows it.
type sighting struct {
	id      schemer.PostID
	wording string
}

// errShows tells of a packed list of sightings that is damaged.
var errShows = fmt.Errorf("store: list of sightings: %w", schemer.ErrIntegrity)

// appendShown appends a sighting: the length of the post's id, the id and the 16 bytes of its wording. The usual id, of
// 32 hex digits, stands as a zero and its 16 bytes.
func appendShown(b []byte, id schemer.PostID, wording [sha256.Size]byte) []byte {
	at := len(b)
	b, usual := appendHex16(append(b, 0), string(id))
	if !usual {
		b = binary.AppendUvarint(b[:at], uint64(len(id)))
		b = append(b, id...)
	}
	return append(b, wording[:16]...)
}

// appendHex16 appends the bytes of 32 lower-case hex digits; false when s is something else.
func appendHex16(b []byte, s string) ([]byte, bool) {
	if len(s) != 32 || strings.ContainsAny(s, "ABCDEF") {
		return b, false
	}
	out, err := hex.AppendDecode(b, []byte(s))
	return out, err == nil
}

func sightings(b []byte) ([]sighting, error) {
	var out []sighting
	for len(b) > 0 {
		n, k := binary.Uvarint(b)
		if k <= 0 || n > uint64(len(b)) || uint64(len(b)) < uint64(k)+n+16 || n == 0 && len(b) < k+32 {
			return nil, errShows
		}
		b = b[k:]
		id := schemer.PostID(b[:n])
		if n == 0 {
			n, id = 16, schemer.PostID(hex.EncodeToString(b[:16]))
		}
		out = append(out, sighting{id: id, wording: hex.EncodeToString(b[n : n+16])})
		b = b[n+16:]
	}
	return out, nil
}

// replace puts the reading in place of what its capture gave before. A settled one that showed other posts cannot be
// undone by itself: then all posts are settled anew.
func (r *reading) replace(ctx context.Context, t *tx, c schemer.Capture) error {
	var id schemer.CaptureID
	var settled int64
	var shows []byte
	err := t.row(ctx, "SELECT id, settled, shows FROM capture WHERE seq = $1", []any{c.Seq}, &id, &settled, &shows)
	switch {
	case isNoRows(err):
		return fmt.Errorf("capture %s: %w", c.ID, schemer.ErrNotFound)
	case err != nil:
		return err
	case id != c.ID:
		return fmt.Errorf("entry %d of the custody log is %s here and %s there: %w; is this the store of another archive?", c.Seq, id, c.ID, schemer.ErrIntegrity)
	case r.what == sawNothing:
		return nil
	case settled == 1 && !bytes.Equal(shows, r.shows):
		if err := askRebuild(ctx, t); err != nil {
			return err
		}
	}
	_, err = t.exec(ctx, "UPDATE capture SET what = $2, complete = $3, settled = 0, shows = $4 WHERE seq = $1", c.Seq, r.what, flag(r.complete), r.shows)
	if err == nil {
		_, err = t.exec(ctx, "INSERT INTO unsettled (seq, data) VALUES ($1, $2) ON CONFLICT (seq) DO UPDATE SET data = excluded.data", c.Seq, r.data)
	}
	return err
}

// PutDocument stores what was read from a capture that the store knows, in place of what it gave before.
func (s *Store) PutDocument(ctx context.Context, c schemer.Capture, d schemer.Document) error {
	r, err := s.readingOfDocument(d)
	if err == nil {
		err = s.write(ctx, func(ctx context.Context, t *tx) error { return r.replace(ctx, t, c) })
		s.release(r)
	}
	if err != nil {
		return fmt.Errorf("put document %s: %w", d.URL, err)
	}
	return nil
}

// ResetRead forgets everything that was read, so that the captures can be read again in order of Seq and give the same
// rows as when they arrived. What captures say without being read (page gone, not modified) is kept. The search index
// must be rebuilt afterwards.
func (s *Store) ResetRead(ctx context.Context) error {
	err := s.write(ctx, func(ctx context.Context, t *tx) error {
		for _, q := range []string{
			"DELETE FROM post",
			"DELETE FROM unsettled",
			`UPDATE capture SET what = CASE WHEN gone = 1 THEN 'gone' WHEN revisit_of <> '' THEN 'same' ELSE '' END, complete = 1, settled = 0, shows = NULL`,
			"INSERT INTO unsettled (seq, data) SELECT seq, NULL FROM capture WHERE what <> ''",
			"UPDATE counter SET value = 0 WHERE name = 'rebuild'",
		} {
			if _, err := t.exec(ctx, q); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("reset what was read: %w", err)
	}
	return nil
}
