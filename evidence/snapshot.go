package evidence

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// snapshot is what a reading of the log up to a checkpoint comes to, so that opening need not read it all again. It is
// signed; one that is missing, of another key or does not fit the log is passed over, and the log is read from the start.
// Verify never uses it.
type snapshot struct {
	Size  int64            `json:"size"`
	Bytes int64            `json:"bytes"` // of entries.jsonl
	Edge  []tlog.Hash      `json:"edge"`
	Order []string         `json:"order"`
	Ends  map[string]int64 `json:"ends"`
	Cuts  map[string][]Cut `json:"cuts"`
	Fresh map[string][]Cut `json:"fresh"`
	Began map[string]int64 `json:"began"`
}

// maxSnapshot stays below what package note reads (1 MB).
const maxSnapshot = 900_000

func (a *Archive) snapshotPath() string { return filepath.Join(a.dir, "log", "snapshot.note") }

// writeSnapshot keeps the present state of the log; the caller holds the lock of the writer and has synced the log.
func (a *Archive) writeSnapshot() error {
	levels := 0
	for n := a.log.size; n > 0; n >>= 1 {
		levels++
	}
	text, err := json.Marshal(snapshot{
		Size: a.log.size, Bytes: a.log.bytes, Edge: a.log.edge[:levels], Order: a.files.order, Ends: a.files.ends,
		Cuts: a.files.cuts, Fresh: a.files.fresh, Began: a.files.began,
	})
	if err != nil {
		return fmt.Errorf("write snapshot: %w", err)
	}
	if len(text) > maxSnapshot {
		return nil // notes are bounded; the one before still fits, and the log is read from there
	}
	signed, err := note.Sign(&note.Note{Text: string(text) + "\n"}, a.key.signer)
	if err != nil {
		return fmt.Errorf("sign snapshot: %w", err)
	}
	return writeFile(a.snapshotPath(), signed, 0o600)
}

// readSnapshot returns the snapshot if there is one that fits the log, else an empty one.
func (a *Archive) readSnapshot() *snapshot {
	empty := &snapshot{}
	signed, err := os.ReadFile(a.snapshotPath())
	if err != nil {
		return empty
	}
	n, err := note.Open(signed, note.VerifierList(a.key.verify))
	if err != nil {
		return empty
	}
	var s snapshot
	if json.Unmarshal([]byte(strings.TrimSuffix(n.Text, "\n")), &s) != nil || s.Size <= 0 || s.Bytes <= 0 || len(s.Edge) > len(edge{}) {
		return empty
	}
	last := make([]byte, 1)
	if _, err := a.log.lines.ReadAt(last, s.Bytes-1); err != nil || last[0] != '\n' {
		return empty
	}
	if info, err := a.log.hashes.Stat(); err != nil || info.Size() < tlog.StoredHashCount(s.Size)*tlog.HashSize {
		return empty
	}
	a.files.order = s.Order
	maps.Copy(a.files.ends, s.Ends)
	maps.Copy(a.files.cuts, s.Cuts)
	maps.Copy(a.files.fresh, s.Fresh)
	maps.Copy(a.files.began, s.Began)
	return &s
}
