package evidence

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"golang.org/x/mod/sumdb/tlog"

	"schemer"
)

// ledger is the tamper-evident log: entries.jsonl with one entry a line, and hashes with the 32-byte hashes of the
// Merkle tree over the lines in the order of golang.org/x/mod/sumdb/tlog (RFC 6962).
type ledger struct {
	dir    string
	lines  *os.File
	hashes *os.File
	edge   edge
	size   int64     // entries
	bytes  int64     // of entries.jsonl
	faults []Finding // what was off when it was read
}

// edge holds the newest complete subtree of every level: all that is needed to grow the tree or to compute its root.
type edge [64]tlog.Hash

// ReadHashes implements tlog.HashReader for the nodes on the right edge.
func (e *edge) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, x := range indexes {
		level, _ := tlog.SplitStoredHashIndex(x)
		out[i] = e[level]
	}
	return out, nil
}

// grow adds leaf n and returns the hashes to be stored for it.
func (e *edge) grow(n int64, line []byte) ([]tlog.Hash, error) {
	hashes, err := tlog.StoredHashesForRecordHash(n, tlog.RecordHash(line), e)
	if err != nil {
		return nil, fmt.Errorf("hash log entry %d: %w", n, err)
	}
	copy(e[:], hashes)
	return hashes, nil
}

func openLedger(dir string, readOnly bool) (*ledger, error) {
	l := &ledger{dir: dir}
	mode := os.O_RDWR | os.O_CREATE
	if readOnly {
		mode = os.O_RDONLY
	}
	var err error
	if l.lines, err = os.OpenFile(filepath.Join(dir, "entries.jsonl"), mode, 0o600); err != nil {
		return nil, notFound(err)
	}
	if l.hashes, err = os.OpenFile(filepath.Join(dir, "hashes"), mode, 0o600); err != nil {
		_ = l.lines.Close()
		return nil, notFound(err)
	}
	return l, nil
}

// eachLine calls fn with every whole line of r, without its break, and its offset. It returns the length of the whole
// lines.
func eachLine(r io.Reader, fn func(line []byte, at int64) error) (int64, error) {
	in := bufio.NewReaderSize(r, 256<<10)
	at := int64(0)
	var long []byte
	for {
		part, err := in.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) {
			long = append(long, part...)
			continue
		}
		if errors.Is(err, io.EOF) {
			return at, nil
		}
		if err != nil {
			return at, err
		}
		line := part
		if len(long) > 0 {
			long = append(long, part...)
			line = long
		}
		if err := fn(line[:len(line)-1], at); err != nil {
			return at, err
		}
		at += int64(len(line))
		long = long[:0]
	}
}

// scan reads the log from a snapshot on, sets size and the right edge, and calls fn for every entry. What is off is kept
// in faults; a line that is not whole is left out of size and bytes.
func (l *ledger) scan(from *snapshot, fn func(e *Entry, at int64) error) error {
	l.size, l.bytes, l.edge, l.faults = from.Size, from.Bytes, edge{}, nil
	copy(l.edge[:], from.Edge)
	stored := bufio.NewReaderSize(io.NewSectionReader(l.hashes, tlog.StoredHashCount(l.size)*tlog.HashSize, 1<<60), 256<<10)
	broken := false // the hashes differ from here on; said once
	bytesRead, err := eachLine(io.NewSectionReader(l.lines, l.bytes, 1<<60), func(line []byte, at int64) error {
		at += from.Bytes
		n := l.size
		hashes, err := l.edge.grow(n, line)
		if err != nil {
			return err
		}
		l.size++
		if !broken && !storedMatch(stored, hashes) {
			broken = true
			l.fault(at, fmt.Sprintf("log line %d: the stored hash is not the hash of the line", n))
		}
		var e Entry
		if err := json.Unmarshal(line, &e); err != nil {
			l.fault(at, fmt.Sprintf("log line %d is not an entry: %v", n, err))
			return nil
		}
		if e.Seq != n {
			l.fault(at, fmt.Sprintf("log line %d is entry %d: a line is missing, added or out of order", n, e.Seq))
		}
		if err := fn(&e, at); err != nil {
			if !errors.Is(err, schemer.ErrIntegrity) {
				return err
			}
			l.fault(at, err.Error())
		}
		return nil
	})
	l.bytes += bytesRead
	if err != nil {
		return fmt.Errorf("read %s: %w", l.lines.Name(), err)
	}
	if extra, _ := stored.Peek(1); len(extra) > 0 && !broken {
		l.fault(l.bytes, fmt.Sprintf("there are stored hashes after line %d: lines were removed from the end", l.size))
	}
	return nil
}

func (l *ledger) fault(at int64, what string) {
	l.faults = append(l.faults, Finding{File: "log/entries.jsonl", Offset: at, What: what})
}

// storedMatch compares the next stored hashes; hashes that were not written yet match.
func storedMatch(stored *bufio.Reader, want []tlog.Hash) bool {
	for i := range want {
		var got tlog.Hash
		if _, err := io.ReadFull(stored, got[:]); err != nil {
			return true
		}
		if got != want[i] {
			return false
		}
	}
	return true
}

// append writes entries, numbering them, and calls note with each and its place. They are durable after sync.
func (l *ledger) append(entries []*Entry, note func(e *Entry, at int64)) error {
	var lines, stored bytes.Buffer
	grown, first := l.edge, l.size
	for i, e := range entries {
		e.Seq = first + int64(i)
		if e.Capture != nil {
			e.Capture.Seq = e.Seq
		}
		line, err := json.Marshal(e)
		if err != nil {
			return fmt.Errorf("write log entry %d: %w", e.Seq, err)
		}
		hashes, err := grown.grow(e.Seq, line)
		if err != nil {
			return err
		}
		for _, h := range hashes {
			stored.Write(h[:])
		}
		lines.Write(line)
		lines.WriteByte('\n')
	}
	if _, err := l.lines.WriteAt(lines.Bytes(), l.bytes); err != nil {
		return errors.Join(fmt.Errorf("write log entry %d: %w", first, err), l.lines.Truncate(l.bytes))
	}
	if _, err := l.hashes.WriteAt(stored.Bytes(), tlog.StoredHashCount(first)*tlog.HashSize); err != nil {
		return errors.Join(fmt.Errorf("write log hash %d: %w", first, err), l.lines.Truncate(l.bytes))
	}
	at := l.bytes
	for i, line := range bytes.SplitAfter(lines.Bytes(), []byte("\n"))[:len(entries)] {
		note(entries[i], at)
		at += int64(len(line))
	}
	l.edge, l.size, l.bytes = grown, first+int64(len(entries)), at
	return nil
}

func (l *ledger) sync() error {
	if err := errors.Join(l.lines.Sync(), l.hashes.Sync()); err != nil {
		return fmt.Errorf("sync log: %w", err)
	}
	return nil
}

// root returns the head of the tree over all entries.
func (l *ledger) root() (tlog.Hash, error) { return rootOf(l.size, &l.edge) }

func rootOf(size int64, e *edge) (tlog.Hash, error) {
	if size == 0 {
		return tlog.TreeHash(0, e)
	}
	h, err := tlog.TreeHash(size, e)
	if err != nil {
		return tlog.Hash{}, fmt.Errorf("root of log of size %d: %w", size, err)
	}
	return h, nil
}

func (l *ledger) close() error {
	return errors.Join(l.lines.Close(), l.hashes.Close())
}

// rebuildHashes writes the stored hashes of lines whose hashes did not reach the disk and cuts off those of lines that
// did not.
func (l *ledger) rebuildHashes() error {
	want := tlog.StoredHashCount(l.size) * tlog.HashSize
	info, err := l.hashes.Stat()
	if err != nil {
		return err
	}
	if info.Size() == want {
		return nil
	}
	if err := l.hashes.Truncate(min(info.Size(), want)); err != nil {
		return fmt.Errorf("mend stored hashes: %w", err)
	}
	var grown edge
	var n, at int64
	_, err = eachLine(io.NewSectionReader(l.lines, 0, l.bytes), func(line []byte, _ int64) error {
		hashes, err := grown.grow(n, line)
		n++
		for _, h := range hashes {
			if err == nil && at+tlog.HashSize > info.Size() {
				_, err = l.hashes.WriteAt(h[:], at)
			}
			at += tlog.HashSize
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("mend stored hashes: %w", err)
	}
	return l.hashes.Sync()
}
