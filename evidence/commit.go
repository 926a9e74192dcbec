package evidence

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"schemer"
	"schemer/evidence/warc"
)

// group is a run of records that is written as one: all of it lies in a file and in the log, or none of it.
type group struct {
	data  []byte        // gzip members
	buf   *bytes.Buffer // what they lie in
	entry Entry         // its log entry; offsets are still relative to data
}

// batch is what one caller wants written.
type batch struct {
	groups  []*group
	entries []*Entry // without records
	done    bool
	err     error

	announced bool
}

// maxGroup bounds how many callers share an fsync because each waits for the next, so that the first does not wait for
// ever.
const maxGroup = 64

// announce says that a batch will come as soon as its records are made, which must need nothing but CPU. Who is ready to
// write waits for it, since an fsync is dearer than a moment. Who announced must commit it or retract.
func (a *Archive) announce() {
	a.queueMu.Lock()
	a.coming++
	a.queueMu.Unlock()
}

func (a *Archive) retract() {
	a.queueMu.Lock()
	a.coming--
	a.queueMu.Unlock()
	a.came.Broadcast()
}

// take empties the queue once all batches that were announced have come.
func (a *Archive) take() []*batch {
	a.queueMu.Lock()
	defer a.queueMu.Unlock()
	for a.coming > 0 && len(a.queue) < maxGroup {
		a.came.Wait()
	}
	all := a.queue
	a.queue = nil
	return all
}

// commit writes b and returns when it is durable. Callers that wait at the same time share one fsync: who gets the lock
// writes everything that is queued.
func (a *Archive) commit(ctx context.Context, b *batch) error {
	if a.opts.ReadOnly {
		return fmt.Errorf("archive %s was opened read-only: %w", a.dir, schemer.ErrUsage)
	}
	a.queueMu.Lock()
	a.queue = append(a.queue, b)
	if b.announced {
		a.coming--
	}
	a.queueMu.Unlock()
	a.came.Broadcast()
	a.mu.Lock()
	defer a.mu.Unlock()
	if b.done {
		return b.err
	}
	all := a.take()
	err := a.write(context.WithoutCancel(ctx), all) // others wait for it as well
	for _, q := range all {
		q.done, q.err = true, err
	}
	return err
}

// write puts the batches into the live file and the log. After an error nothing of them counts; after a failed fsync
// the archive takes nothing more, because what the disk holds is no longer known.
func (a *Archive) write(ctx context.Context, all []*batch) error {
	if a.failed != nil {
		return fmt.Errorf("archive %s takes no more: %w", a.dir, a.failed)
	}
	var groups []*group
	var entries []*Entry
	total := int64(0)
	start, sync := int64(-1), false
	for _, b := range all {
		for _, g := range b.groups {
			groups = append(groups, g)
			total += int64(len(g.data))
			sync = sync || g.entry.Kind != EntryCapture
		}
	}
	if len(groups) > 0 {
		head, err := a.room(total)
		if err != nil {
			return err
		}
		if head != nil {
			groups = append([]*group{head}, groups...)
		}
		start = a.size
		if err := a.writeGroups(groups); err != nil {
			return err
		}
	}
	for _, g := range groups {
		entries = append(entries, &g.entry)
	}
	for _, b := range all {
		entries = append(entries, b.entries...)
		sync = sync || len(b.entries) > 0
	}
	at := a.log.bytes
	if err := a.log.append(entries, a.places.add); err != nil {
		return errors.Join(err, a.takeBack(start))
	}
	if sync {
		if err := a.log.sync(); err != nil {
			a.failed = err
			return err
		}
	}
	a.mapMu.Lock()
	defer a.mapMu.Unlock()
	for _, e := range entries {
		if len(e.Cuts) > 0 {
			if err := a.cutOut(ctx, e.Cuts, a.files.cuts[e.Cuts[0].File]); err != nil {
				a.failed = err // the next Open finishes it
				return err
			}
		}
		if err := a.files.note(e, at); err != nil {
			return err
		}
	}
	return nil
}

// writeGroups appends to the live file and syncs it.
func (a *Archive) writeGroups(groups []*group) error {
	start := a.size
	joined := a.space()
	for i, g := range groups {
		g.entry.place(a.name, a.size+int64(joined.Len()))
		joined.Write(g.data) // to memory: it never fails
		if joined.Len() < maxSpace/2 && i < len(groups)-1 {
			continue
		}
		if _, err := a.live.WriteAt(joined.Bytes(), a.size); err != nil {
			return errors.Join(fmt.Errorf("write %s#%d: %w", a.name, a.size, err), a.takeBack(start))
		}
		a.size += int64(joined.Len())
		joined.Reset()
	}
	a.spaces.Put(joined)
	if err := a.live.Sync(); err != nil {
		a.failed = err
		return fmt.Errorf("sync %s: %w", a.name, err)
	}
	return nil
}

// takeBack removes what was written to the live file from start on, after a full disk for one; start is negative when
// nothing was written. If that fails as well the archive takes nothing more.
func (a *Archive) takeBack(start int64) error {
	if start < 0 {
		return nil
	}
	if err := a.live.Truncate(start); err != nil {
		a.failed = err
		return fmt.Errorf("take back %s#%d: %w", a.name, start, err)
	}
	a.size = start
	return nil
}

// place makes the offsets of an entry absolute.
func (e *Entry) place(file string, offset int64) {
	e.File = file
	for i := range e.Records {
		e.Records[i].Offset += offset
	}
	if e.Capture != nil {
		e.Capture.File = file
		e.Capture.Offset += offset
	}
}

// room sees to it that there is a live file with room for n bytes, and returns the group that begins it when it is new.
func (a *Archive) room(n int64) (*group, error) {
	if a.live != nil && a.size > 0 && a.size+n > a.opts.MaxFile {
		if err := a.rotate(); err != nil {
			return nil, err
		}
	}
	if a.live == nil {
		if err := a.create(); err != nil {
			return nil, err
		}
	}
	if a.size > 0 {
		return nil, nil
	}
	return a.head()
}

// rotate closes the live file for good and writes its index.
func (a *Archive) rotate() error {
	if a.live == nil {
		return nil
	}
	if err := errors.Join(a.log.sync(), a.live.Close(), a.writeIndex(a.name)); err != nil {
		return fmt.Errorf("close %s: %w", a.name, err)
	}
	a.live, a.name, a.size = nil, "", 0
	return nil
}

func (a *Archive) create() error {
	a.serial++
	name := fmt.Sprintf("warc/schemer-%06d-%s.warc.gz", a.serial, a.opts.Now().UTC().Format("20060102T150405Z"))
	f, err := os.OpenFile(filepath.Join(a.dir, filepath.FromSlash(name)), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("begin WARC file: %w", err)
	}
	if err := syncDir(filepath.Join(a.dir, "warc")); err != nil {
		return errors.Join(fmt.Errorf("begin WARC file: %w", err), f.Close())
	}
	a.live, a.name, a.size = f, name, 0
	return nil
}

// head makes the warcinfo record that begins a file.
func (a *Archive) head() (*group, error) {
	now := a.opts.Now().UTC().Round(0).Truncate(time.Microsecond)
	b := a.pool.Get().(*builder)
	defer a.pool.Put(b)
	b.reset(newIDs("warcinfo", a.name, now.Format(time.RFC3339Nano), a.key.vkey), a.space())
	rec := warc.Record{Block: a.agent.fields(), Header: warc.Header{
		{Name: warc.FieldType, Value: warc.TypeInfo},
		{Name: warc.FieldID, Value: warc.Bracket(b.ids.next())},
		{Name: warc.FieldDate, Value: warc.FormatDate(now)},
		{Name: warc.FieldFilename, Value: filepath.Base(a.name)},
		{Name: warc.FieldContentType, Value: "application/warc-fields"},
	}}
	if err := b.add(&rec); err != nil {
		return nil, err
	}
	g := b.group()
	g.entry.At, g.entry.Kind = now, EntryFile
	return g, nil
}

// Append adds an entry to the tamper-evident log and returns its position; it is durable on return. At is set by the
// archive's clock when zero. The kinds that the archive makes itself, and records, are refused.
func (a *Archive) Append(ctx context.Context, e Entry) (int64, error) {
	switch e.Kind {
	case "", EntryFile, EntryCapture, EntryDeletion, EntryRecovery:
		return 0, fmt.Errorf("append to log: kind %q is the archive's own: %w", e.Kind, schemer.ErrUsage)
	}
	if e.File != "" || len(e.Records) > 0 || e.Capture != nil || len(e.Cuts) > 0 {
		return 0, fmt.Errorf("append to log: an entry of kind %q holds no records: %w", e.Kind, schemer.ErrUsage)
	}
	if e.At.IsZero() {
		e.At = a.opts.Now()
	}
	e.At = e.At.UTC().Round(0)
	if err := a.commit(ctx, &batch{entries: []*Entry{&e}}); err != nil {
		return 0, err
	}
	return e.Seq, nil
}
