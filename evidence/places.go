package evidence

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"schemer"
)

// places knows where in the log the entry of a capture stands, by its id: 16 bytes a capture. It is made with the first
// question, and kept up by the writer from then on. A revisit names what it revisits by id alone.
type places struct {
	mu   sync.Mutex
	made bool
	at   map[uint64]int64
}

// idKey is the first half of the UUID.
func idKey(id schemer.CaptureID) (uint64, bool) {
	text, ok := strings.CutPrefix(string(id), "urn:uuid:")
	if !ok || len(text) != 36 {
		return 0, false
	}
	raw, err := hex.DecodeString(text[:8] + text[9:13] + text[14:18])
	if err != nil {
		return 0, false
	}
	n := uint64(0)
	for _, b := range raw {
		n = n<<8 | uint64(b)
	}
	return n, true
}

// add notes where an entry stands, unless nobody asked yet.
func (p *places) add(e *Entry, at int64) {
	if e.Capture == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if k, ok := idKey(e.Capture.ID); ok && p.made {
		p.at[k] = at
	}
}

// lookup returns where the entry of a capture may stand, and makes the table if need be. The table is a hint: who uses
// it must check that it is the right entry.
func (p *places) lookup(id schemer.CaptureID, log io.ReaderAt, end int64) (int64, bool, error) {
	k, ok := idKey(id)
	if !ok {
		return 0, false, nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.made {
		p.at = map[uint64]int64{}
		_, err := eachLine(io.NewSectionReader(log, 0, end), func(line []byte, at int64) error {
			const mark = `"capture":{"id":"`
			i := bytes.Index(line, []byte(mark))
			if i < 0 || len(line) < i+len(mark)+45 {
				return nil
			}
			if k, ok := idKey(schemer.CaptureID(line[i+len(mark) : i+len(mark)+45])); ok {
				p.at[k] = at
			}
			return nil
		})
		if err != nil {
			return 0, false, err
		}
		p.made = true
	}
	at, ok := p.at[k]
	return at, ok, nil
}

// find looks a capture up by its id alone. The error wraps schemer.ErrNotFound when there is none or it was deleted.
func (a *Archive) find(ctx context.Context, id schemer.CaptureID) (schemer.Capture, error) {
	a.mu.Lock()
	end := a.log.bytes
	at, ok, err := a.places.lookup(id, a.log.lines, end)
	a.mu.Unlock()
	if err != nil {
		return schemer.Capture{}, fmt.Errorf("look up capture %s: %w", id, err)
	}
	if ok {
		if c, ok := a.captureAt(at, end, id); ok {
			if a.deleted(c.File, c.Offset) {
				return schemer.Capture{}, fmt.Errorf("capture %s was deleted: %w", id, schemer.ErrNotFound)
			}
			return c, nil
		}
		for c, err := range a.Captures(ctx) { // the hint was wrong: the slow way
			if err != nil || c.ID == id {
				return c, err
			}
		}
	}
	return schemer.Capture{}, fmt.Errorf("capture %s: %w", id, schemer.ErrNotFound)
}

// captureAt reads the log line at a place and tells whether it is the entry of that capture.
func (a *Archive) captureAt(at, end int64, id schemer.CaptureID) (schemer.Capture, bool) {
	var e Entry
	_, _ = eachLine(io.NewSectionReader(a.log.lines, at, min(end-at, 64<<10)), func(line []byte, _ int64) error {
		if json.Unmarshal(line, &e) != nil {
			e = Entry{}
		}
		return errStop
	})
	if e.Kind != EntryCapture || e.Capture == nil || e.Capture.ID != id {
		return schemer.Capture{}, false
	}
	return *e.Capture, true
}

// Lookup returns the captures with the given ids, in the order of Seq; those that are unknown or deleted are left out.
func (a *Archive) Lookup(ctx context.Context, ids []schemer.CaptureID) ([]schemer.Capture, error) {
	var out []schemer.Capture
	for _, id := range ids {
		c, err := a.find(ctx, id)
		switch {
		case err == nil:
			out = append(out, c)
		case !errors.Is(err, schemer.ErrNotFound):
			return nil, err
		}
	}
	slices.SortFunc(out, func(x, y schemer.Capture) int { return int(x.Seq - y.Seq) })
	return slices.CompactFunc(out, func(x, y schemer.Capture) bool { return x.ID == y.ID }), nil
}
