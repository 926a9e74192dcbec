package evidence

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"schemer"
)

// checkpoint is a signed statement "at this time the log had this size and this root". Its text is that of
// c2sp.org/tlog-checkpoint: origin, size, root in base64, then two extension lines, "time" and "previous" (the SHA-256
// of the checkpoint before, so that none can be taken out of the row).
type checkpoint struct {
	origin   string
	size     int64
	root     tlog.Hash
	at       time.Time
	previous schemer.Digest
}

func (c *checkpoint) text() string {
	return fmt.Sprintf("%s\n%d\n%s\ntime %s\nprevious %s\n", c.origin, c.size, base64.StdEncoding.EncodeToString(c.root[:]),
		c.at.UTC().Format(time.RFC3339), c.previous)
}

// openCheckpoint checks the signature of a checkpoint and takes it apart.
func openCheckpoint(signed []byte, v note.Verifier) (*checkpoint, error) {
	n, err := note.Open(signed, note.VerifierList(v))
	if err != nil {
		return nil, fmt.Errorf("signature of checkpoint: %w: %w", err, schemer.ErrIntegrity)
	}
	lines := strings.Split(n.Text, "\n")
	if len(lines) < 4 {
		return nil, fmt.Errorf("checkpoint of %d lines: %w", len(lines), schemer.ErrIntegrity)
	}
	c := &checkpoint{origin: lines[0]}
	if c.size, err = strconv.ParseInt(lines[1], 10, 64); err != nil || c.size < 0 {
		return nil, fmt.Errorf("checkpoint size %.30q: %w", lines[1], schemer.ErrIntegrity)
	}
	root, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || len(root) != tlog.HashSize {
		return nil, fmt.Errorf("checkpoint root %.60q: %w", lines[2], schemer.ErrIntegrity)
	}
	c.root = tlog.Hash(root)
	for _, l := range lines[3:] {
		name, value, _ := strings.Cut(l, " ")
		switch name {
		case "time":
			c.at, _ = time.Parse(time.RFC3339, value)
		case "previous":
			c.previous = schemer.Digest(value)
		}
	}
	return c, nil
}

// checkpointFiles returns the paths of the checkpoints, oldest first.
func (a *Archive) checkpointFiles() ([]string, error) {
	paths, err := filepath.Glob(filepath.Join(a.dir, "log", "checkpoints", "*.note"))
	slices.Sort(paths)
	return paths, err
}

// readSigned finds out how much of the log is under a signed checkpoint; a shorter log was cut.
func (a *Archive) readSigned() error {
	paths, err := a.checkpointFiles()
	if err != nil || len(paths) == 0 {
		return err
	}
	signed, err := os.ReadFile(paths[len(paths)-1])
	if err != nil {
		return fmt.Errorf("read checkpoint: %w", err)
	}
	c, err := openCheckpoint(signed, a.key.verify)
	if err == nil && c.size > a.log.size {
		err = fmt.Errorf("the newest checkpoint covers %d log entries, the log has %d: %w", c.size, a.log.size, schemer.ErrIntegrity)
	}
	if a.opts.ReadOnly {
		return nil // Verify says all that is wrong
	}
	if err != nil {
		return fmt.Errorf("%s: %w", paths[len(paths)-1], err)
	}
	a.signed = c.size
	return nil
}

// Checkpoint signs the present state of the log, has it time-stamped when there is a TSA, hands closed files to the
// object store when there is one, and returns the signed note.
// Kept elsewhere (printed in a letter, sent to a colleague) it proves later that everything before it is unchanged. When
// nothing was added since the last one, that is returned.
func (a *Archive) Checkpoint(ctx context.Context) ([]byte, error) {
	if a.opts.ReadOnly {
		return nil, fmt.Errorf("checkpoint: archive %s was opened read-only: %w", a.dir, schemer.ErrUsage)
	}
	signed, err := a.sign()
	if err == nil {
		err = a.offload(ctx)
	}
	if err != nil || a.opts.TSA == "" || signed == nil {
		return signed, err
	}
	if _, err := a.Timestamp(ctx); err != nil {
		// A checkpoint stands without its time-stamp, and Timestamp can be asked again.
		a.opts.Log.WarnContext(ctx, "no time-stamp", "tsa", a.opts.TSA, "error", err)
	}
	return signed, nil
}

func (a *Archive) sign() ([]byte, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.signAt = a.opts.Now()
	paths, err := a.checkpointFiles()
	if err != nil {
		return nil, err
	}
	c := checkpoint{origin: a.key.origin, size: a.log.size, at: a.signAt, previous: "none"}
	if len(paths) > 0 {
		last, err := os.ReadFile(paths[len(paths)-1])
		if err != nil {
			return nil, fmt.Errorf("read checkpoint: %w", err)
		}
		if a.signed == a.log.size {
			return last, nil
		}
		c.previous = schemer.DigestOf(last)
	}
	if a.log.size == 0 {
		return nil, nil
	}
	if a.failed != nil {
		return nil, fmt.Errorf("checkpoint: %w", a.failed)
	}
	if err := a.log.sync(); err != nil {
		return nil, err
	}
	if c.root, err = a.log.root(); err != nil {
		return nil, err
	}
	signed, err := note.Sign(&note.Note{Text: c.text()}, a.key.signer)
	if err != nil {
		return nil, fmt.Errorf("sign checkpoint: %w", err)
	}
	dir := filepath.Join(a.dir, "log", "checkpoints")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("write checkpoint: %w", err)
	}
	if err := writeFile(filepath.Join(dir, fmt.Sprintf("%020d.note", c.size)), signed, 0o644); err != nil {
		return nil, err
	}
	a.signed = c.size
	return signed, a.writeSnapshot()
}

// checkpointIfDue signs a checkpoint when the last one is older than CheckpointEvery.
func (a *Archive) checkpointIfDue(ctx context.Context) {
	a.mu.Lock()
	due := a.opts.Now().Sub(a.signAt) >= a.opts.CheckpointEvery
	a.mu.Unlock()
	if !due {
		return
	}
	if _, err := a.Checkpoint(ctx); err != nil && !errors.Is(err, context.Canceled) {
		a.opts.Log.ErrorContext(ctx, "no checkpoint", "error", err)
	}
}

// newestCheckpoint returns the newest checkpoint and how many entries it covers; nil when there is none.
func (a *Archive) newestCheckpoint() ([]byte, int64, error) {
	paths, err := a.checkpointFiles()
	if err != nil || len(paths) == 0 {
		return nil, 0, err
	}
	signed, err := os.ReadFile(paths[len(paths)-1])
	if err != nil {
		return nil, 0, fmt.Errorf("read checkpoint: %w", err)
	}
	c, err := openCheckpoint(signed, a.key.verify)
	if err != nil {
		return nil, 0, err
	}
	return signed, c.size, nil
}

// storedHashes reads nodes of the Merkle tree.
func (a *Archive) storedHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, x := range indexes {
		if _, err := a.log.hashes.ReadAt(out[i][:], x*tlog.HashSize); err != nil {
			return nil, fmt.Errorf("read stored hash %d: %w", x, err)
		}
	}
	return out, nil
}
