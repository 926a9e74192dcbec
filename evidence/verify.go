package evidence

import (
	"context"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"path/filepath"

	"schemer"
)

// VerifyOptions are what the archive is compared with beside itself.
type VerifyOptions struct {
	PublicKey  string                  // public key (log/key.pub) that was kept elsewhere; empty compares none
	Checkpoint []byte                  // signed checkpoint that was kept elsewhere; nil compares none
	Roots      *x509.CertPool          // roots of time-stamping authorities; nil checks a time-stamp's own signature only
	Progress   func(done, total int64) // in log entries; nil reports none
}

// verifier is one run of Verify.
type verifier struct {
	a      *Archive
	opts   VerifyOptions
	report Report
	log    *ledger
	files  *fileMap
	open   file // the file of the entry before, for reading on
	name   string
	size   int64
	err    error // why it could not be opened
}

// Verify reads everything again and checks it: every record against the hash in the log, its own digests and its
// custody; every log entry against the Merkle tree; the tree against signed checkpoints and time-stamps. It lists every
// failure, not only the first; the error then wraps schemer.ErrIntegrity. It may run beside a writer.
func (a *Archive) Verify(ctx context.Context, o VerifyOptions) (Report, error) {
	log, err := openLedger(filepath.Join(a.dir, "log"), true)
	if err != nil {
		return Report{}, fmt.Errorf("verify %s: %w", a.dir, err)
	}
	defer func() { _ = log.close() }()
	v := &verifier{a: a, opts: o, log: log, files: newFileMap(), report: Report{Findings: []Finding{}, PublicKey: a.key.vkey}}
	defer v.closeFile()
	onDisk, err := a.localFiles()
	if err != nil {
		return Report{}, fmt.Errorf("verify %s: %w", a.dir, err)
	}
	if err := v.checkLog(); err != nil {
		return v.report, fmt.Errorf("verify %s: %w", a.dir, err)
	}
	if err := v.checkRecords(ctx); err != nil {
		return v.report, fmt.Errorf("verify %s: %w", a.dir, err)
	}
	v.checkFiles(ctx, onDisk)
	if err := v.report.Err(); err != nil {
		return v.report, fmt.Errorf("verify %s: %w", a.dir, err)
	}
	return v.report, nil
}

func (v *verifier) find(file string, offset int64, record, url, format string, args ...any) {
	v.report.Findings = append(v.report.Findings, Finding{File: file, Offset: offset, Record: record, URL: url, What: fmt.Sprintf(format, args...)})
}

// checkLog reads the log once: its lines against the stored hashes, and its roots against the checkpoints.
func (v *verifier) checkLog() error {
	points, err := v.checkpoints()
	if err != nil {
		return err
	}
	next := 0
	err = v.log.scan(&snapshot{}, func(e *Entry, at int64) error {
		for ; next < len(points) && points[next].size <= v.log.size; next++ {
			v.compareRoot(&points[next])
		}
		return v.files.note(e, at)
	})
	if err != nil {
		return err
	}
	for ; next < len(points); next++ {
		v.compareRoot(&points[next])
	}
	v.report.Findings = append(v.report.Findings, v.log.faults...)
	v.report.Entries = v.log.size
	v.report.Unsigned = v.log.size
	for _, p := range points {
		if !p.outside {
			v.report.Unsigned = v.log.size - p.size
		}
	}
	root, err := v.log.root()
	if err != nil {
		return err
	}
	v.report.Root = base64.StdEncoding.EncodeToString(root[:])
	return nil
}

// checkFiles compares the files that are there with those that should be.
func (v *verifier) checkFiles(ctx context.Context, onDisk []string) {
	writing := v.beingWritten()
	newest := ""
	if len(onDisk) > 0 {
		newest = onDisk[len(onDisk)-1]
	}
	for _, name := range v.files.order {
		f, size, err := v.a.open(ctx, name)
		if err != nil {
			v.find(name, 0, "", "", "file cannot be opened: %v", err)
			continue
		}
		_ = f.Close()
		v.report.Files++
		if want := v.files.length(name); size != want && (!writing || name != newest || size < want) {
			v.find(name, min(size, want), "", "", "file has %d bytes, the log accounts for %d", size, want)
		}
	}
	for _, name := range onDisk {
		if _, known := v.files.ends[name]; !known && (!writing || name != newest) {
			v.find(name, 0, "", "", "file is not in the log")
		}
	}
}

// beingWritten tells whether a writer may have added records since the log was read.
func (v *verifier) beingWritten() bool {
	if !v.a.opts.ReadOnly {
		return true
	}
	f, err := lockFile(filepath.Join(v.a.dir, "lock"))
	if err == nil {
		_ = f.Close()
	}
	return errors.Is(err, schemer.ErrLocked)
}

func (v *verifier) closeFile() {
	if v.open != nil {
		_ = v.open.Close()
		v.open = nil
	}
}

// use opens the file that an entry's records lie in, keeping the one before open while it is the same.
func (v *verifier) use(ctx context.Context, name string) {
	if v.name == name {
		return
	}
	v.closeFile()
	v.name = name
	v.open, v.size, v.err = v.a.open(ctx, name)
}

// cut returns the deletion that took the records of an entry.
func (v *verifier) cut(e *Entry) (Cut, bool) {
	for _, c := range v.files.cuts[e.File] {
		if c.Offset <= e.Records[0].Offset && e.Records[0].Offset < c.Offset+c.Length {
			return c, true
		}
	}
	return Cut{}, false
}
