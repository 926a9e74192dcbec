package evidence

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"schemer"
)

// point is a checkpoint to be compared with the log.
type point struct {
	checkpoint
	file    string
	outside bool // kept elsewhere, given by the caller
}

// checkpoints reads all checkpoints, checks signatures and their row, and returns them by size.
func (v *verifier) checkpoints() ([]point, error) {
	if pinned := strings.TrimSpace(v.opts.PublicKey); pinned != "" {
		v.report.KeyPinned = true
		if pinned != v.a.key.vkey {
			v.find("log/key.pub", 0, "", "", "is not the public key that was kept elsewhere")
		}
	}
	paths, err := v.a.checkpointFiles()
	if err != nil {
		return nil, err
	}
	var out []point
	previous := schemer.Digest("none")
	for _, path := range paths {
		name := "log/checkpoints/" + filepath.Base(path)
		signed, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		c, err := openCheckpoint(signed, v.a.key.verify)
		if err != nil {
			v.find(name, 0, "", "", "%v", err)
			previous = schemer.DigestOf(signed)
			continue
		}
		if c.previous != previous {
			v.find(name, 0, "", "", "does not follow the checkpoint before it: one was taken out, added or changed")
		}
		if want := fmt.Sprintf("%020d.note", c.size); filepath.Base(path) != want {
			v.find(name, 0, "", "", "is the checkpoint of size %d", c.size)
		}
		previous = schemer.DigestOf(signed)
		v.report.Checkpoints++
		v.report.Signed = c.at
		out = append(out, point{checkpoint: *c, file: name})
		v.checkTimestamp(path, signed)
	}
	if len(v.opts.Checkpoint) > 0 {
		c, err := openCheckpoint(v.opts.Checkpoint, v.a.key.verify)
		if err != nil {
			v.find("log/key.pub", 0, "", "", "the checkpoint that was kept elsewhere is not of this key: %v", err)
		} else {
			v.report.Anchored = true
			out = append(out, point{checkpoint: *c, file: "checkpoint kept elsewhere", outside: true})
		}
	}
	slices.SortStableFunc(out, func(a, b point) int { return int(a.size - b.size) })
	return out, nil
}

// compareRoot compares a checkpoint with the log, which has just been read up to the size of the checkpoint.
func (v *verifier) compareRoot(p *point) {
	if p.size > v.log.size {
		v.find(p.file, 0, "", "", "covers %d log entries, the log has %d: entries were removed", p.size, v.log.size)
		return
	}
	if p.size < v.log.size {
		v.find(p.file, 0, "", "", "covers %d log entries and cannot be compared", p.size)
		return
	}
	root, err := v.log.root()
	if err != nil || root != p.root {
		v.find(p.file, 0, "", "", "the first %d log entries are not those that were signed", p.size)
	}
	if p.origin != v.a.key.origin {
		v.find(p.file, 0, "", "", "is of log %q, not of %q", p.origin, v.a.key.origin)
	}
}
