// Package evidence keeps what was fetched and proves that it was not altered: WARC files that are only appended to, a
// Merkle log over every record and decision, signed checkpoints and RFC 3161 time-stamps of them. The WARC files are the
// only truth; everything else in the project can be computed again from them.
//
// The layout on disk and what can be proved with it are written down in docs/evidence.md, so that a third party can
// check an archive without this code.
package evidence

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"schemer"
)

// Options say where an archive lies and who writes it.
type Options struct {
	URL             string           // file:DIR, or s3:https://host/bucket/prefix for closed files; required
	Dir             string           // with s3: the local directory of the live file, the log and the key
	Tool            string           // name and version of the writing program; empty means "schemer"
	Now             func() time.Time // the wall clock; nil means time.Now
	MaxFile         int64            // a WARC file is closed before it grows beyond; 0 means 1 GiB
	CheckpointEvery time.Duration    // a checkpoint is signed at least so often while writing; 0 means an hour
	TSA             string           // URL of an RFC 3161 time-stamping authority; empty asks none
	Client          *http.Client     // for TSA and nothing else; nil means a client with a 10 s timeout
	Blobs           Blobs            // where closed files are kept; nil follows URL
	ReadOnly        bool             // open beside a writer: Load, Captures, Verify and ExportWACZ only
	Log             *slog.Logger     // nil discards
}

// Archive is an open archive. It is safe for concurrent use; one process at a time may write to a directory.
type Archive struct {
	opts   Options
	dir    string
	agent  Agent
	key    *key
	blobs  Blobs // nil when all files are local
	lock   *os.File
	pool   sync.Pool // of *builder
	spaces sync.Pool // of *bytes.Buffer
	saves  atomic.Int64

	queueMu sync.Mutex
	queue   []*batch
	coming  int        // batches that were announced and are not in the queue yet
	came    *sync.Cond // of queueMu: the queue grew, or less is coming

	mu     sync.Mutex // held by who writes: guards what follows
	log    *ledger
	live   *os.File // WARC file being appended to; nil until the first record
	name   string   // its name, "warc/…"
	size   int64
	serial int
	failed error // a failed fsync: nothing may be promised any more
	signed int64 // log size of the newest checkpoint
	signAt time.Time
	mended []string // what opening had to mend, for the log

	offloadMu sync.Mutex // one goroutine at a time hands files over

	mapMu sync.RWMutex
	files *fileMap

	places places
}

// Open opens or creates the archive at o.URL and brings it into a consistent state: what a killed process left half
// written is moved aside, and what it wrote but did not log is logged. The error wraps schemer.ErrLocked when another
// process writes there, and schemer.ErrIntegrity when the log was tampered with.
func Open(ctx context.Context, o Options) (*Archive, error) {
	o = o.filled()
	dir, blobs, err := place(ctx, o)
	if err != nil {
		return nil, err
	}
	a := &Archive{opts: o, dir: dir, blobs: blobs, agent: newAgent(o.Tool), files: newFileMap()}
	a.pool.New = func() any { return newBuilder() }
	a.came = sync.NewCond(&a.queueMu)
	if !o.ReadOnly {
		for _, d := range []string{"", "warc", "log", "index", "torn"} {
			if err := os.MkdirAll(filepath.Join(dir, d), 0o700); err != nil {
				return nil, fmt.Errorf("open archive %s: %w", dir, err)
			}
		}
		if a.lock, err = lockFile(filepath.Join(dir, "lock")); err != nil {
			return nil, fmt.Errorf("open archive %s: %w", dir, err)
		}
	} else if _, err := os.Stat(filepath.Join(dir, "log")); err != nil {
		return nil, fmt.Errorf("open archive %s: %w", dir, notFound(err))
	}
	if err := a.start(ctx); err != nil {
		_ = a.giveUp()
		return nil, fmt.Errorf("open archive %s: %w", dir, err)
	}
	return a, nil
}

func (o Options) filled() Options {
	if o.Tool == "" {
		o.Tool = "schemer"
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.MaxFile <= 0 {
		o.MaxFile = 1 << 30
	}
	if o.CheckpointEvery <= 0 {
		o.CheckpointEvery = time.Hour
	}
	if o.Client == nil {
		o.Client = &http.Client{Timeout: 10 * time.Second}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

// place turns the URL into the local directory and, for an object store, the blobs.
func place(ctx context.Context, o Options) (string, Blobs, error) {
	scheme, rest, _ := strings.Cut(o.URL, ":")
	switch {
	case scheme == "file" && rest != "":
		return filepath.Clean(strings.TrimPrefix(rest, "//")), o.Blobs, nil
	case scheme == "s3" && o.Dir == "":
		return "", nil, fmt.Errorf("open archive %s: an object store needs a local directory as well (Dir): %w", o.URL, schemer.ErrUsage)
	case scheme == "s3":
		blobs := o.Blobs
		var err error
		if blobs == nil {
			blobs, err = OpenBlobs(ctx, o.URL)
		}
		return filepath.Clean(o.Dir), blobs, err
	}
	return "", nil, fmt.Errorf("open archive %q: say file:DIR or s3:https://host/bucket/prefix: %w", o.URL, schemer.ErrUsage)
}

func (a *Archive) start(ctx context.Context) error {
	var err error
	if a.key, err = openKey(filepath.Join(a.dir, "log"), a.opts.ReadOnly); err != nil {
		return err
	}
	if a.log, err = openLedger(filepath.Join(a.dir, "log"), a.opts.ReadOnly); err != nil {
		return err
	}
	if err := a.log.scan(a.readSnapshot(), func(e *Entry, at int64) error { return a.files.note(e, at) }); err != nil {
		return err
	}
	if err := a.readSigned(); err != nil {
		return err
	}
	a.saves.Store(a.log.size)
	a.signAt = a.opts.Now()
	if a.opts.ReadOnly {
		return nil
	}
	return a.reconcile(ctx)
}

// Close signs a checkpoint, writes the index of the live file, hands closed files to the object store if there is one,
// and gives up the directory. What Save returned is durable without it.
func (a *Archive) Close(ctx context.Context) error {
	var errs []error
	if !a.opts.ReadOnly {
		if _, err := a.Checkpoint(ctx); err != nil && !errors.Is(err, fs.ErrClosed) {
			errs = append(errs, err)
		}
		a.mu.Lock()
		if a.live != nil {
			errs = append(errs, a.writeIndex(a.name), a.live.Close())
			a.live = nil
		}
		a.failed = fs.ErrClosed
		a.mu.Unlock()
	}
	errs = append(errs, a.giveUp())
	return errors.Join(errs...)
}

func (a *Archive) giveUp() error {
	var errs []error
	if a.log != nil {
		errs = append(errs, a.log.close())
	}
	if a.lock != nil {
		errs = append(errs, a.lock.Close()) // the lock goes with the file
		a.lock = nil
	}
	return errors.Join(errs...)
}

// path returns where a file of the archive lies locally. Names come from the log, so a name that leaves the archive is
// refused.
func (a *Archive) path(name string) (string, error) {
	if !filepath.IsLocal(name) {
		return "", fmt.Errorf("file name %q leaves the archive: %w", name, schemer.ErrIntegrity)
	}
	return filepath.Join(a.dir, filepath.FromSlash(name)), nil
}

func notFound(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: %w", schemer.ErrNotFound, err)
	}
	return err
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
