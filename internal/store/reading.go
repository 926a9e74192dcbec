package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/klauspost/compress/s2"

	"schemer"
)

// What a capture says about its page.
const (
	sawPosts = "doc"
	sawSame  = "same" // not modified, or the same bytes: shows what the reading before it showed
	sawGone  = "gone"
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
}

// readingOf turns an outcome into a reading, or nil when it says nothing about posts. It does the heavy work (encoding,
// compressing), so that the writer need not.
func (s *Store) readingOf(o schemer.Outcome) (*reading, error) {
	var last schemer.Capture
	if n := len(o.Captures); n > 0 {
		last = o.Captures[n-1]
	}
	if d := o.Document; d != nil {
		for _, c := range o.Captures {
			if c.ID == d.Capture {
				last = c
			}
		}
		return s.readingOfDocument(*d, last.Seq)
	}
	r := &reading{capture: last.ID, seq: last.Seq, url: last.URL, at: last.FetchedAt, complete: true}
	switch {
	case last.ID == "":
		return nil, nil
	case o.Gone:
		r.what = sawGone
	case last.RevisitOf != "":
		r.what = sawSame
	default:
		return nil, nil
	}
	return r, nil
}

func (s *Store) readingOfDocument(d schemer.Document, seq int64) (*reading, error) {
	r := &reading{capture: d.Capture, seq: seq, url: d.URL, at: d.CapturedAt, what: sawPosts}
	r.complete = d.Degraded == "" && d.Kind != schemer.PageLogin && d.Kind != schemer.PageChallenge
	space := s.scratch.Get().(*scratch)
	defer s.scratch.Put(space)
	frames := space.frames[:0]
	r.shows = make([]byte, 0, 50*len(d.Posts))
	for i := range d.Posts {
		p := &d.Posts[i]
		var err error
		if frames, err = appendFrame(frames, p); err != nil {
			return nil, fmt.Errorf("document %s: %w", d.URL, err)
		}
		r.shows = appendSighting(r.shows, sighting{id: p.ID, wording: wordingOf(p)})
	}
	packed := s2.Encode(space.packed[:cap(space.packed)], frames)
	r.data = bytes.Clone(packed)
	if cap(frames) <= maxScratch {
		space.frames, space.packed = frames, packed[:0]
	}
	return r, nil
}

// scratch is space for posts on their way into a reading.
type scratch struct{ frames, packed []byte }

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

// wordingOf names a wording of a post: 32 hex digits of the SHA-256 of its text, signature and quotes.
func wordingOf(p *schemer.Post) string {
	b := make([]byte, 0, len(p.Text)+len(p.Signature)+2)
	b = append(append(b, p.Text...), 0)
	b = append(append(b, p.Signature...), 0)
	for i := range p.Quotes {
		q := &p.Quotes[i]
		b = append(append(b, q.Author...), 0)
		b = append(append(b, q.Post...), 0)
		b = append(append(b, q.Text...), 0)
	}
	return string(schemer.DigestOf(b)[:32])
}

// sighting is a wording of a post, as a reading shows it.
type sighting struct {
	id      schemer.PostID
	wording string
}

// errShows tells of a packed list of sightings that is damaged.
var errShows = fmt.Errorf("store: list of sightings: %w", schemer.ErrIntegrity)

func appendSighting(b []byte, s sighting) []byte {
	b = binary.AppendUvarint(b, uint64(len(s.id)))
	b = append(b, s.id...)
	raw, _ := hex.DecodeString(s.wording) // made by wordingOf
	return append(b, raw...)
}

func sightings(b []byte) ([]sighting, error) {
	var out []sighting
	for len(b) > 0 {
		n, k := binary.Uvarint(b)
		if k <= 0 || n > uint64(len(b)) || uint64(len(b)) < uint64(k)+n+16 {
			return nil, errShows
		}
		b = b[k:]
		out = append(out, sighting{id: schemer.PostID(b[:n]), wording: hex.EncodeToString(b[n : n+16])})
		b = b[n+16:]
	}
	return out, nil
}

// store writes the reading, in place of what its capture gave before. A settled one that showed other posts cannot be
// undone by itself: then all posts are settled anew.
func (r *reading) store(ctx context.Context, t *tx) error {
	args := []any{text(r.capture), r.seq, key(r.url), nanos(r.at), r.what, flag(r.complete), r.shows, r.data}
	n, err := t.exec(ctx, insertReading+"DO NOTHING", args...)
	if err != nil || n == 1 {
		return err
	}
	var settled int64
	var shows []byte
	err = t.row(ctx, "SELECT settled, shows FROM reading WHERE capture = $1", []any{text(r.capture)}, &settled, &shows)
	if err != nil {
		return err
	}
	if settled == 1 && !bytes.Equal(shows, r.shows) {
		if err := askRebuild(ctx, t); err != nil {
			return err
		}
	}
	_, err = t.exec(ctx, insertReading+`DO UPDATE SET seq = excluded.seq, url = excluded.url, at = excluded.at, what = excluded.what,
		complete = excluded.complete, settled = 0, shows = excluded.shows, data = excluded.data`, args...)
	return err
}

const insertReading = `INSERT INTO reading (capture, seq, url, at, what, complete, settled, shows, data) VALUES ($1,$2,$3,$4,$5,$6,0,$7,$8)
	ON CONFLICT (capture) `

// PutDocument stores what was read from a capture that the store knows, in place of what it gave before.
func (s *Store) PutDocument(ctx context.Context, d schemer.Document) error {
	c, err := s.Capture(ctx, d.Capture)
	if err != nil && !errors.Is(err, schemer.ErrNotFound) {
		return err
	}
	r, err := s.readingOfDocument(d, c.Seq)
	if err != nil {
		return err
	}
	if err := s.write(ctx, r.store); err != nil {
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
			"DELETE FROM reading",
			`INSERT INTO reading (capture, seq, url, at, what, complete, settled)
				SELECT id, seq, url, fetched_at, CASE WHEN gone = 1 THEN 'gone' ELSE 'same' END, 1, 0
				FROM capture WHERE gone = 1 OR revisit_of <> ''`,
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
