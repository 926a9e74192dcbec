package evidence

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"schemer"
	"schemer/evidence/warc"
)

// PurgeOptions choose what is deleted: captures that match both Before and Kinds and that Keep does not hold.
type PurgeOptions struct {
	Before time.Time                  // fetched earlier than this; zero means whatever the age
	Kinds  []string                   // classes (Capture.Kind); empty means all
	Keep   func(schemer.Capture) bool // true holds a capture back: it is quoted, say; nil holds none
	Who    string                     // who decided; required
	Why    string                     // on what ground; required
}

// PurgeReport says what was deleted.
type PurgeReport struct {
	Deleted []schemer.Capture `json:"deleted"`
	Held    []schemer.Capture `json:"held"` // matched, but a capture that stays is a revisit of them
	Files   int               `json:"files"`
	Bytes   int64             `json:"bytes"`
	Torn    int               `json:"torn"` // leftovers of unclean ends that were removed with them
}

// tombstoneType is the content type of the metadata record that stays in place of deleted records.
const tombstoneType = "application/vnd.schemer.tombstone+json"

// tombstoneFormat names the version of the tombstone.
const tombstoneFormat = "schemer-tombstone/1"

// tombstone says what was deleted, when, by whom and why, with the digests of what is gone.
type tombstone struct {
	Format string    `json:"format"`
	At     time.Time `json:"at"`
	Who    string    `json:"who"`
	Why    string    `json:"why"`
	Cuts   []Cut     `json:"cuts"`
}

// Purge deletes captures for real: their files are written anew without them. What stays is a tombstone record and a log
// entry with the digests, so that Verify still proves the rest and that these were deleted on purpose. A capture that a
// kept revisit refers to stays, and is reported as held. Cut short at any moment, the next Open finishes it.
func (a *Archive) Purge(ctx context.Context, o PurgeOptions) (PurgeReport, error) {
	var report PurgeReport
	if o.Who == "" || o.Why == "" {
		return report, fmt.Errorf("purge: say who deletes (Who) and why (Why): %w", schemer.ErrUsage)
	}
	if o.Before.IsZero() && len(o.Kinds) == 0 && o.Keep == nil {
		return report, fmt.Errorf("purge: that would delete everything; say Before, Kinds or Keep: %w", schemer.ErrUsage)
	}
	cuts, err := a.selectCuts(ctx, o, &report)
	if err != nil {
		return report, fmt.Errorf("purge: %w", err)
	}
	if err := a.rotateFrom(cuts); err != nil {
		return report, fmt.Errorf("purge: %w", err)
	}
	for _, file := range slices.Sorted(maps.Keys(cuts)) {
		if err := ctx.Err(); err != nil {
			return report, err
		}
		if err := a.bury(ctx, o, cuts[file]); err != nil {
			return report, fmt.Errorf("purge %s: %w", file, err)
		}
		report.Files++
		for _, c := range cuts[file] {
			report.Bytes += c.Length
		}
		a.mu.Lock()
		err := a.writeIndex(file)
		a.mu.Unlock()
		if err != nil {
			return report, fmt.Errorf("purge %s: %w", file, err)
		}
	}
	report.Torn, err = a.purgeTorn(o.Before)
	return report, err
}

// selectCuts finds the captures to be deleted, by file.
func (a *Archive) selectCuts(ctx context.Context, o PurgeOptions, report *PurgeReport) (map[string][]Cut, error) {
	chosen := func(c *schemer.Capture) bool {
		return (o.Before.IsZero() || c.FetchedAt.Before(o.Before)) && (len(o.Kinds) == 0 || slices.Contains(o.Kinds, c.Kind)) &&
			(o.Keep == nil || !o.Keep(*c))
	}
	needed := map[schemer.CaptureID]bool{}
	for c, err := range a.Captures(ctx) {
		if err != nil {
			return nil, err
		}
		if c.RevisitOf != "" && !chosen(&c) {
			needed[c.RevisitOf] = true
		}
	}
	cuts := map[string][]Cut{}
	for e, err := range a.Entries(ctx, 0) {
		if err != nil {
			return nil, err
		}
		if e.Kind != EntryCapture || !chosen(e.Capture) || a.deleted(e.File, e.Capture.Offset) {
			continue
		}
		if needed[e.Capture.ID] {
			report.Held = append(report.Held, *e.Capture)
			continue
		}
		c := Cut{
			File: e.File, Offset: e.Records[0].Offset, Capture: e.Capture.ID, Seq: e.Seq, Records: e.Records,
			Payload: e.Capture.Payload, Block: e.Capture.Block,
		}
		for _, m := range e.Records {
			c.Length += m.Length
		}
		cuts[e.File] = append(cuts[e.File], c)
		report.Deleted = append(report.Deleted, *e.Capture)
	}
	return cuts, nil
}

// rotateFrom closes the live file when something is to be cut out of it.
func (a *Archive) rotateFrom(cuts map[string][]Cut) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.live == nil || len(cuts[a.name]) == 0 {
		return nil
	}
	return a.rotate()
}

// bury writes the tombstone of the cuts of one file; writing its log entry also cuts them out.
func (a *Archive) bury(ctx context.Context, o PurgeOptions, cuts []Cut) error {
	now := a.opts.Now().UTC().Round(0)
	block, err := json.Marshal(tombstone{Format: tombstoneFormat, At: now, Who: o.Who, Why: o.Why, Cuts: cuts})
	if err != nil {
		return err
	}
	b := a.pool.Get().(*builder)
	defer a.pool.Put(b)
	b.reset(newIDs("tombstone", a.key.vkey, string(schemer.DigestOf(block))), a.space())
	id := b.ids.next()
	err = b.add(&warc.Record{Block: block, Header: recordHeader(warc.TypeMetadata, id, id, now, warc.Header{
		{Name: warc.FieldContentType, Value: tombstoneType},
		{Name: warc.FieldBlockDigest, Value: warc.FormatDigest(b.sum(block))},
	})})
	if err != nil {
		return err
	}
	g := b.group()
	e, err := entryOfTombstone(&Entry{Records: g.entry.Records}, &warc.Record{Block: block})
	if err != nil {
		return err
	}
	g.entry = *e
	return a.commit(ctx, &batch{groups: []*group{g}})
}

// entryOfTombstone fills in the log entry that belongs to a tombstone record.
func entryOfTombstone(e *Entry, rec *warc.Record) (*Entry, error) {
	var t tombstone
	if err := json.Unmarshal(rec.Block, &t); err != nil {
		return nil, fmt.Errorf("tombstone %s: %w: %w", rec.ID(), err, schemer.ErrIntegrity)
	}
	if t.Format != tombstoneFormat {
		return nil, fmt.Errorf("tombstone %s of format %.40q: %w", rec.ID(), t.Format, schemer.ErrIntegrity)
	}
	why, err := json.Marshal(map[string]string{"why": t.Why})
	if err != nil {
		return nil, err
	}
	e.Kind, e.At, e.Who, e.Data, e.Cuts = EntryDeletion, t.At, t.Who, why, t.Cuts
	return e, nil
}

// cutOut writes a file anew without the fresh cuts; earlier are the cuts that are out of it already. The caller holds
// the lock on the file map.
func (a *Archive) cutOut(ctx context.Context, fresh, earlier []Cut) error {
	name := fresh[0].File
	path, err := a.path(name)
	if err != nil {
		return err
	}
	f, size, err := a.open(ctx, name)
	if err != nil {
		return fmt.Errorf("cut out of %s: %w", name, err)
	}
	defer func() { _ = f.Close() }()
	tmp, err := os.OpenFile(path+".tmp", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("cut out of %s: %w", name, err)
	}
	err = copyAround(tmp, f, size, fresh, earlier)
	if err := errors.Join(err, tmp.Sync(), tmp.Close()); err != nil {
		return errors.Join(fmt.Errorf("cut out of %s: %w", name, err), os.Remove(path+".tmp"))
	}
	if _, local := f.(*os.File); !local {
		return a.replaceRemote(ctx, name, path+".tmp")
	}
	if err := os.Rename(path+".tmp", path); err != nil {
		return fmt.Errorf("cut out of %s: %w", name, err)
	}
	return syncDir(filepath.Dir(path))
}

// copyAround copies a file but for the fresh cuts.
func copyAround(w io.Writer, f io.ReaderAt, size int64, fresh, earlier []Cut) error {
	fresh = slices.SortedFunc(slices.Values(fresh), func(a, b Cut) int { return cmp.Compare(a.Offset, b.Offset) })
	at := int64(0)
	for _, c := range fresh {
		from := c.Offset
		for _, e := range earlier {
			if e.Offset < c.Offset {
				from -= e.Length
			}
		}
		if from < at || from+c.Length > size {
			return fmt.Errorf("capture %s at %d of %d bytes: %w", c.Capture, from, size, schemer.ErrIntegrity)
		}
		if _, err := io.Copy(w, io.NewSectionReader(f, at, from-at)); err != nil {
			return err
		}
		at = from + c.Length
	}
	_, err := io.Copy(w, io.NewSectionReader(f, at, size-at))
	return err
}

// finishDeletions cuts out what a purge had logged but not yet cut out when the process ended.
func (a *Archive) finishDeletions(ctx context.Context) error {
	for _, name := range slices.Sorted(maps.Keys(a.files.fresh)) {
		fresh := a.files.fresh[name]
		f, size, err := a.open(ctx, name)
		if err != nil {
			continue // gone: Verify says so
		}
		_ = f.Close()
		pending := int64(0)
		for _, c := range fresh {
			pending += c.Length
		}
		if size != a.files.length(name)+pending {
			continue
		}
		earlier := slices.DeleteFunc(slices.Clone(a.files.cuts[name]), func(c Cut) bool {
			return slices.ContainsFunc(fresh, func(n Cut) bool { return n.Offset == c.Offset })
		})
		a.opts.Log.InfoContext(ctx, "finishing a deletion that was cut short", "file", name, "captures", len(fresh))
		if err := a.cutOut(ctx, fresh, earlier); err != nil {
			return err
		}
		if err := a.writeIndex(name); err != nil {
			return err
		}
	}
	return nil
}

// purgeTorn removes what unclean ends left over, which nobody was ever told of, when it is older than before.
func (a *Archive) purgeTorn(before time.Time) (int, error) {
	if before.IsZero() {
		return 0, nil
	}
	entries, err := os.ReadDir(filepath.Join(a.dir, "torn"))
	if err != nil {
		return 0, fmt.Errorf("purge torn ends: %w", err)
	}
	n := 0
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || !info.ModTime().Before(before) {
			continue
		}
		if err := os.Remove(filepath.Join(a.dir, "torn", e.Name())); err != nil {
			return n, fmt.Errorf("purge torn ends: %w", err)
		}
		n++
	}
	return n, nil
}
