package evidence

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"schemer"
	"schemer/evidence/warc"
)

// reconcile brings log and WARC files together after an unclean end. Only what was never acknowledged is touched, and
// even that is moved aside and not deleted. Damage to what was acknowledged is left as it is, for Verify to name; the
// archive then goes on in a new file.
func (a *Archive) reconcile(ctx context.Context) error {
	if err := a.mendLog(); err != nil {
		return err
	}
	if err := a.finishDeletions(ctx); err != nil {
		return err
	}
	names, err := a.localFiles()
	if err != nil {
		return err
	}
	last := ""
	if n := len(a.files.order); n > 0 {
		last = a.files.order[n-1]
	}
	for _, name := range names {
		a.serial = max(a.serial, serialOf(name))
		if err := a.reconcileFile(ctx, name, name >= last); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	for _, name := range a.files.order {
		a.serial = max(a.serial, serialOf(name))
	}
	if err := a.logRecovery(); err != nil {
		return err
	}
	return a.resume(names)
}

// logRecovery writes into the log what this opening had to mend, so that an auditor sees it.
func (a *Archive) logRecovery() error {
	if len(a.mended) == 0 {
		return nil
	}
	data, err := json.Marshal(a.mended)
	if err != nil {
		return err
	}
	a.mended = nil
	e := Entry{At: a.opts.Now().UTC().Round(0), Kind: EntryRecovery, Who: a.agent.Tool, Data: data}
	return errors.Join(a.log.append([]*Entry{&e}, a.places.add), a.log.sync())
}

// mendLog cuts a torn last line off the log and writes hashes that are missing. Anything else that is off means that
// the log was tampered with.
func (a *Archive) mendLog() error {
	if len(a.log.faults) > 0 && !a.mendable() {
		f := a.log.faults[0]
		return fmt.Errorf("%s at byte %d: %s (schemer verify says more): %w", f.File, f.Offset, f.What, schemer.ErrIntegrity)
	}
	for _, f := range a.log.faults {
		a.mended = append(a.mended, f.What)
	}
	info, err := a.log.lines.Stat()
	if err != nil {
		return err
	}
	if info.Size() > a.log.bytes {
		if err := a.setAside("log/entries.jsonl", a.log.bytes, a.log.lines, info.Size()); err != nil {
			return err
		}
	}
	return a.log.rebuildHashes()
}

// mendable tells whether the only fault is hashes of lines that did not survive a power cut: then the hashes of the
// lines that did are all there, and more, and no checkpoint covers the rest.
func (a *Archive) mendable() bool {
	for _, f := range a.log.faults {
		if f.Offset != a.log.bytes {
			return false
		}
	}
	return a.signed <= a.log.size
}

// localFiles returns the names of the WARC files on the local disk in the order in which they were begun.
func (a *Archive) localFiles() ([]string, error) {
	entries, err := os.ReadDir(filepath.Join(a.dir, "warc"))
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		if e.Type().IsRegular() && strings.HasSuffix(e.Name(), ".warc.gz") {
			names = append(names, "warc/"+e.Name())
		}
	}
	slices.Sort(names)
	return names, nil
}

func serialOf(name string) int {
	parts := strings.Split(name, "-")
	if len(parts) < 3 {
		return 0
	}
	n, err := strconv.Atoi(parts[len(parts)-2])
	if err != nil {
		return 0
	}
	return n
}

// reconcileFile logs whole groups at the end of a file that the log does not know and moves a torn rest aside.
func (a *Archive) reconcileFile(ctx context.Context, name string, newest bool) error {
	path, err := a.path(name)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	logged := a.files.length(name)
	switch {
	case info.Size() == logged:
		return nil
	case info.Size() < logged || !newest:
		a.opts.Log.ErrorContext(ctx, "evidence damaged: file is not as long as the log says; run schemer verify",
			"file", name, "bytes", info.Size(), "logged", logged)
		return nil
	}
	entries, good, err := unlogged(f, name, logged, a.files.ends[name]-logged, info.Size())
	if err != nil {
		return err
	}
	if good < info.Size() {
		if err := a.setAside(name, good, f, info.Size()); err != nil {
			return err
		}
	}
	if len(entries) == 0 {
		return nil
	}
	a.mended = append(a.mended, fmt.Sprintf("logged %d groups of %s that were written but not logged", len(entries), name))
	a.opts.Log.InfoContext(ctx, "logged captures that an unclean end left unlogged", "file", name, "entries", len(entries))
	if err := errors.Join(f.Sync(), a.log.append(entries, a.places.add), a.log.sync()); err != nil {
		return err
	}
	for _, e := range entries {
		if err := a.files.note(e, a.log.bytes); err != nil {
			return err
		}
	}
	return nil
}

// unlogged reads the groups from offset on. It returns their entries and where the last whole one ends. Offsets in the
// entries are shifted by what deletions took out of the file.
func unlogged(f io.ReaderAt, name string, offset, shift, size int64) ([]*Entry, int64, error) {
	rd := warc.NewReader(io.NewSectionReader(f, offset, size-offset), warc.Limits{})
	var out []*Entry
	var records []*warc.Record
	var members []Member
	good := offset
	for {
		rec, loc, err := rd.Next()
		if err != nil || len(rec.Problems) > 0 || checkBlock(rec) != nil {
			return out, good, nil //nolint:nilerr // the rest is torn
		}
		raw, err := readAll(f, offset+loc.Offset, loc.Length)
		if err != nil {
			return nil, 0, err
		}
		records = append(records, rec)
		members = append(members, Member{
			Type: rec.Type(), ID: rec.ID(), Offset: offset + loc.Offset + shift, Length: loc.Length, SHA256: schemer.DigestOf(raw),
		})
		if t := rec.Type(); t != warc.TypeInfo && t != warc.TypeMetadata {
			if len(records) > 2 {
				return out, good, nil
			}
			continue
		}
		e, err := entryOf(name, records, members)
		if err != nil {
			return out, good, nil //nolint:nilerr // not written by this program: torn as well
		}
		out = append(out, e)
		good = offset + loc.Offset + loc.Length
		records, members = nil, nil
	}
}

// entryOf derives the log entry of a group from its records: the same entry that was, or would have been, logged when
// they were written.
func entryOf(name string, records []*warc.Record, members []Member) (*Entry, error) {
	e := &Entry{File: name, Records: members}
	last := records[len(records)-1]
	if last.Type() == warc.TypeInfo {
		e.Kind, e.At = EntryFile, last.Date()
		if len(records) != 1 || e.At.IsZero() {
			return nil, fmt.Errorf("warcinfo %s: %w", last.ID(), schemer.ErrIntegrity)
		}
		return e, nil
	}
	if last.Header.Get(warc.FieldContentType) == tombstoneType {
		return entryOfTombstone(e, last)
	}
	c, err := parseCustody(last.Block)
	if err != nil {
		return nil, err
	}
	if len(records) < 2 || len(records) > 3 || records[len(records)-2].ID() != string(c.Capture) {
		return nil, fmt.Errorf("custody of %s does not follow its response: %w", c.Capture, schemer.ErrIntegrity)
	}
	e.Kind, e.At = EntryCapture, c.Time.Saved
	e.Capture = c.capture(name, members[len(members)-2])
	return e, nil
}

// setAside copies what a torn write left from offset on to the folder torn and cuts it off.
func (a *Archive) setAside(name string, offset int64, f *os.File, size int64) error {
	rest, err := readAll(f, offset, size-offset)
	if err != nil {
		return fmt.Errorf("set torn end aside: %w", err)
	}
	to := filepath.Join(a.dir, "torn", fmt.Sprintf("%s.%d.%s", baseName(name), offset, a.opts.Now().UTC().Format("20060102T150405.000000000Z")))
	if err := writeFile(to, rest, 0o600); err != nil {
		return err
	}
	a.mended = append(a.mended, fmt.Sprintf("moved %d torn bytes of %s from %d on to %s", size-offset, name, offset, "torn/"+filepath.Base(to)))
	a.opts.Log.Info("moved a torn end aside", "file", name, "offset", offset, "bytes", size-offset, "to", to)
	return errors.Join(f.Truncate(offset), f.Sync())
}

// resume goes on in the newest file when it is whole and has room.
func (a *Archive) resume(names []string) error {
	if len(names) == 0 {
		return nil
	}
	name := names[len(names)-1]
	info, err := os.Stat(filepath.Join(a.dir, filepath.FromSlash(name)))
	if err != nil {
		return err
	}
	if info.Size() != a.files.ends[name] || info.Size() >= a.opts.MaxFile || a.files.order != nil && name < a.files.order[len(a.files.order)-1] {
		return nil
	}
	f, err := os.OpenFile(filepath.Join(a.dir, filepath.FromSlash(name)), os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	a.live, a.name, a.size = f, name, info.Size()
	return nil
}
