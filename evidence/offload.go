package evidence

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"schemer"
)

// offload hands closed WARC files to the object store and removes the local copy once the store gives back the same
// bytes. Index, log and checkpoints are copied and stay local too; the secret key is never handed over.
func (a *Archive) offload(ctx context.Context) error {
	if a.blobs == nil {
		return nil
	}
	a.offloadMu.Lock()
	defer a.offloadMu.Unlock()
	names, err := a.localFiles()
	if err != nil {
		return err
	}
	a.mu.Lock()
	live := a.name
	a.mu.Unlock()
	for _, name := range names {
		path, err := a.path(name)
		if err != nil {
			return err
		}
		info, err := os.Stat(path)
		if err != nil {
			return err
		}
		a.mapMu.RLock()
		logged := a.files.length(name)
		a.mapMu.RUnlock()
		if name == live || logged != info.Size() {
			continue // being written, or not as logged: stays where it is
		}
		if err := a.copyOut(ctx, name); err != nil {
			return err
		}
		if err := a.compareOut(ctx, name); err != nil {
			return err
		}
		if err := os.Remove(path); err != nil {
			return fmt.Errorf("hand over %s: %w", name, err)
		}
	}
	return a.copyLog(ctx)
}

// copyLog copies what is needed to verify the archive without this machine.
func (a *Archive) copyLog(ctx context.Context) error {
	names := []string{"log/entries.jsonl", "log/hashes", "log/key.pub"}
	for _, pattern := range []string{"log/checkpoints/*", "index/*.cdxj"} {
		paths, err := filepath.Glob(filepath.Join(a.dir, filepath.FromSlash(pattern)))
		if err != nil {
			return err
		}
		slices.Sort(paths)
		for _, p := range paths {
			name, err := filepath.Rel(a.dir, p)
			if err != nil {
				return err
			}
			names = append(names, filepath.ToSlash(name))
		}
	}
	for _, name := range names {
		if err := a.copyOut(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

func (a *Archive) copyOut(ctx context.Context, name string) error {
	path, err := a.path(name)
	if err != nil {
		return err
	}
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("hand over %s: %w", name, err)
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	return a.blobs.Put(ctx, name, f, info.Size())
}

// compareOut reads an object back and compares it with the local file.
func (a *Archive) compareOut(ctx context.Context, name string) error {
	path, err := a.path(name)
	if err != nil {
		return err
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	body, err := a.blobs.Get(ctx, name, 0, info.Size())
	if err != nil {
		return err
	}
	defer func() { _ = body.Close() }()
	same, err := sameBytes(f, body)
	if err == nil && !same {
		err = fmt.Errorf("the store gives back other bytes: %w", schemer.ErrIntegrity)
	}
	if err != nil {
		return fmt.Errorf("hand over %s: %w", name, err)
	}
	return nil
}

func sameBytes(a, b io.Reader) (bool, error) {
	x, y := make([]byte, 64<<10), make([]byte, 64<<10)
	for {
		n, errA := io.ReadFull(a, x)
		m, errB := io.ReadFull(b, y)
		if n != m || string(x[:n]) != string(y[:m]) {
			return false, nil
		}
		endA, endB := isEnd(errA), isEnd(errB)
		if endA && endB {
			return true, nil
		}
		if errA != nil && !endA || errB != nil && !endB {
			return false, errors.Join(errA, errB)
		}
	}
}

func isEnd(err error) bool { return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) }

// replaceRemote puts a rewritten file in place of the one in the object store.
func (a *Archive) replaceRemote(ctx context.Context, name, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err == nil {
		err = a.blobs.Put(ctx, name, f, info.Size())
	}
	return errors.Join(err, f.Close(), os.Remove(path))
}
