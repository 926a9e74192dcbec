package evidence

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"schemer"
)

// The kinds of log entry that the archive itself makes; they can be derived from the WARC files. Every other kind is
// the caller's: decision, view and the like.
const (
	EntryFile     = "file"     // a WARC file was begun; Records holds its warcinfo record
	EntryCapture  = "capture"  // one capture with its records
	EntryDeletion = "deletion" // records were deleted; Records holds the tombstone, Cuts what is gone
	EntryRecovery = "recovery" // an unclean end was mended; Data says how. This one stands in the log only
)

// Entry is one line of the tamper-evident log. The leaf of the Merkle tree is the line as written, without its line
// break.
type Entry struct {
	Seq     int64            `json:"seq"` // position in the log, from 0
	At      time.Time        `json:"at"`
	Kind    string           `json:"kind"`
	Who     string           `json:"who,omitempty"`
	About   string           `json:"about,omitempty"` // what it concerns: a candidate, capture, URL
	Data    json.RawMessage  `json:"data,omitempty"`
	File    string           `json:"file,omitempty"`
	Records []Member         `json:"records,omitempty"`
	Capture *schemer.Capture `json:"capture,omitempty"`
	Cuts    []Cut            `json:"cuts,omitempty"`
}

// Member is one WARC record as it lies in its file: a gzip member.
type Member struct {
	Type   string         `json:"type"`
	ID     string         `json:"id"`
	Offset int64          `json:"offset"` // in the file as it was written, before any deletion
	Length int64          `json:"length"`
	SHA256 schemer.Digest `json:"sha256"` // over the compressed bytes
}

// Cut is a stretch of a file that was deleted: the records of one capture. Offsets stay those of the file as it was
// written, so that no later deletion changes what an entry or a Capture says.
type Cut struct {
	File    string            `json:"file"`
	Offset  int64             `json:"offset"`
	Length  int64             `json:"length"`
	Capture schemer.CaptureID `json:"capture"`
	Seq     int64             `json:"seq"` // of the capture's entry
	Records []Member          `json:"records"`
	Payload schemer.Digest    `json:"payload"`
	Block   schemer.Digest    `json:"block"`
}

// fileMap knows how far each WARC file reaches by the log and what was cut out of it.
type fileMap struct {
	order []string
	ends  map[string]int64 // length as written, cuts not taken off
	cuts  map[string][]Cut // by offset
	fresh map[string][]Cut // those of the newest deletion
	began map[string]int64 // where in entries.jsonl its entries begin, at the latest
}

func newFileMap() *fileMap {
	return &fileMap{ends: map[string]int64{}, cuts: map[string][]Cut{}, fresh: map[string][]Cut{}, began: map[string]int64{}}
}

// note takes in one entry of the log, which stands at or after byte at of entries.jsonl.
func (m *fileMap) note(e *Entry, at int64) error {
	for _, r := range e.Records {
		end, known := m.ends[e.File]
		if !known {
			m.order = append(m.order, e.File)
			m.began[e.File] = at
		}
		if r.Offset != end || r.Length <= 0 {
			return fmt.Errorf("log entry %d: record %s at %s#%d, expected at %d: %w", e.Seq, r.ID, e.File, r.Offset, end, schemer.ErrIntegrity)
		}
		m.ends[e.File] = end + r.Length
	}
	if len(e.Cuts) > 0 {
		file := e.Cuts[0].File
		for _, c := range e.Cuts {
			if c.File != file {
				return fmt.Errorf("log entry %d: one deletion from two files, %s and %s: %w", e.Seq, file, c.File, schemer.ErrIntegrity)
			}
		}
		m.fresh[file] = e.Cuts
		m.cuts[file] = slices.SortedFunc(slices.Values(append(m.cuts[file], e.Cuts...)), func(a, b Cut) int { return cmp.Compare(a.Offset, b.Offset) })
	}
	return nil
}

// at turns an offset as written into the offset in the file as it lies there now.
func (m *fileMap) at(file string, offset int64) (int64, error) {
	shift := int64(0)
	for _, c := range m.cuts[file] {
		if offset < c.Offset {
			break
		}
		if offset < c.Offset+c.Length {
			return 0, fmt.Errorf("%s#%d: capture %s was deleted: %w", file, offset, c.Capture, schemer.ErrNotFound)
		}
		shift += c.Length
	}
	return offset - shift, nil
}

// length returns how long the file should be now.
func (m *fileMap) length(file string) int64 {
	n := m.ends[file]
	for _, c := range m.cuts[file] {
		n -= c.Length
	}
	return n
}
