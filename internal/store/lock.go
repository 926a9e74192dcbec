package store

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"schemer"
)

// Lock takes the exclusive lock of a data directory: an operating-system lock on the file at path, which is created
// when it does not exist and never removed. The lock ends with the process, however that ends. When another process
// holds it the error wraps [schemer.ErrLocked] and names that process.
func Lock(path string) (release func() error, err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("%w: lock %s: %w; check that the data directory exists and is yours", schemer.ErrUsage, path, err)
	}
	if err := lockFile(f); err != nil {
		if !errors.Is(err, errHeld) {
			return nil, errors.Join(fmt.Errorf("lock %s: %w", path, err), f.Close())
		}
		holder, _ := io.ReadAll(io.LimitReader(f, 32)) // only for the message
		pid := strings.TrimSpace(string(holder))
		if pid == "" {
			pid = "unknown"
		}
		_ = f.Close() // it was not locked
		return nil, fmt.Errorf("%w by process %s (%s); wait for it or stop it", schemer.ErrLocked, pid, path)
	}
	if err = f.Truncate(0); err == nil {
		_, err = fmt.Fprintf(io.NewOffsetWriter(f, 0), "%d\n", os.Getpid())
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("lock %s: %w", path, err), f.Close())
	}
	return f.Close, nil
}

// errHeld: somebody else holds the lock.
var errHeld = errors.New("held")
