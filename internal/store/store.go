// Package store keeps in SQL what the crawl learns: the frontier, captures, posts in all their wordings, hits, editions
// and the audit trail. SQLite (embedded) and PostgreSQL share one schema and one conformance suite.
//
// Everything but the frontier, sources, editions and audit trail can be made again from the evidence. All writes go
// through one goroutine that groups concurrent calls into one transaction, so that one fsync serves many; a call
// returns when its writes are durable.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/klauspost/compress/zstd"
)

// Options of Open. Now is required.
type Options struct {
	Now      func() time.Time
	Log      *slog.Logger // nil discards
	ReadOnly bool         // no migration, no write; a writer may be at work in another process
}

// Store is an open database. Its methods may be called by many goroutines at once.
type Store struct {
	opt     Options
	dialect dialect
	read    *sql.DB
	writer  *writer // nil when read-only
	seen    *seen
	packer  packer
	scratch sync.Pool // of *scratch

	clock    atomic.Int64 // latest time a caller of the frontier named, in nanoseconds
	runStart atomic.Int64
	settling sync.Mutex
}

// ErrReadOnly is returned by every writing method of a store that was opened for reading.
var ErrReadOnly = errors.New("store: opened for reading only")

// Open opens the database that url names: "sqlite:PATH" (created when it does not exist) or "postgres://…". It brings
// an older schema up to date. A damaged file, or a schema newer than this program, gives an error that names the
// remedy, and nothing is changed.
func Open(ctx context.Context, url string, o Options) (*Store, error) {
	if o.Now == nil {
		return nil, errors.New("store.Open: Options.Now is required")
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	d, err := dialectOf(url)
	if err != nil {
		return nil, err
	}
	s := &Store{opt: o, dialect: d, seen: newSeen()}
	s.scratch.New = func() any { return new(scratch) }
	if err := s.packer.open(); err != nil {
		return nil, err
	}
	if err := d.prepare(ctx, o.ReadOnly); err != nil {
		return nil, err
	}
	if s.read, err = d.reader(); err != nil {
		return nil, err
	}
	if o.ReadOnly {
		if err := s.read.PingContext(ctx); err != nil {
			return nil, errors.Join(d.explain(err), s.read.Close())
		}
		return s, nil
	}
	db, err := d.writer()
	if err != nil {
		return nil, errors.Join(err, s.read.Close())
	}
	s.writer = newWriter(ctx, db, d)
	var started sql.NullInt64
	if err := s.read.QueryRowContext(ctx, "SELECT max(started_at) FROM run").Scan(&started); err != nil {
		return nil, errors.Join(d.explain(err), s.Close())
	}
	s.runStart.Store(started.Int64)
	return s, nil
}

// Close waits for the running transaction and closes the database.
func (s *Store) Close() error {
	var errs []error
	if s.writer != nil {
		errs = append(errs, s.writer.close())
	}
	errs = append(errs, s.read.Close())
	s.packer.close()
	return errors.Join(errs...)
}

// write runs do in a transaction that it may share with concurrent calls and returns when that is durable.
func (s *Store) write(ctx context.Context, do func(context.Context, *tx) error) error {
	if s.writer == nil {
		return ErrReadOnly
	}
	return s.writer.run(ctx, false, do)
}

// packer compresses what is kept as a blob. Both coders are safe for concurrent use.
type packer struct {
	enc *zstd.Encoder
	dec *zstd.Decoder
}

// maxBlob bounds what a stored blob may unpack to; a page is read under a cap of 10 MiB, its JSON may be larger.
const maxBlob = 256 << 20

func (p *packer) open() error {
	var err error
	if p.enc, err = zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(2), zstd.WithWindowSize(128<<10)); err != nil {
		return fmt.Errorf("store: compressor: %w", err)
	}
	if p.dec, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(2), zstd.WithDecoderMaxMemory(maxBlob)); err != nil {
		return fmt.Errorf("store: decompressor: %w", err)
	}
	return nil
}

func (p *packer) close() { p.dec.Close() }

func (p *packer) pack(b []byte) []byte { return p.enc.EncodeAll(b, nil) }

func (p *packer) unpack(b, into []byte) ([]byte, error) {
	out, err := p.dec.DecodeAll(b, into[:0])
	if err != nil {
		return nil, fmt.Errorf("store: unpack a blob of %d bytes: %w", len(b), err)
	}
	return out, nil
}
