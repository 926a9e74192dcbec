// Package pipeline puts the rooms in order: crawl → evidence → read → store → index → score → list. It owns the data
// directory while it works, finishes what a killed run left half done, and holds no logic of its own about pages,
// signals or letters.
package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"schemer"
	"schemer/evidence"
	"schemer/index"
	"schemer/internal/store"
	"schemer/scoring"
)

// Options of Open. Data, Store, Index and Evidence are required; see docs/ARCHITECTURE.md for what lies where.
type Options struct {
	Data     string // directory
	Store    string // sqlite:PATH or postgres://…
	Index    string // bleve:DIR or opensearch:URL
	Evidence string // file:DIR or s3:…
	Rules    fs.FS  // rule files instead of the embedded ones; nil for those
	Tool     string // name, version and commit, for the chain of custody
	Operator string
	TSA      string // RFC 3161 authority for checkpoints; empty for none
	Now      func() time.Time
	Log      *slog.Logger
}

func (o *Options) validate() error {
	if o.Data == "" || o.Store == "" || o.Index == "" || o.Evidence == "" || o.Now == nil || o.Log == nil {
		return errors.New("pipeline.Open: Data, Store, Index, Evidence, Now and Log are required")
	}
	return nil
}

// Pipeline is an open data directory.
type Pipeline struct {
	options Options
	rules   *scoring.Rules
	store   *store.Store
	archive *evidence.Archive
	index   index.Index
	unlock  func() error
}

// Open opens the data directory for writing, creating it when it does not exist. A second writer gets an error that
// wraps schemer.ErrLocked and nothing is changed.
func Open(ctx context.Context, o Options) (*Pipeline, error) {
	if err := o.validate(); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(o.Data, 0o700); err != nil {
		return nil, fmt.Errorf("%w: data directory: %w; name another with --data", schemer.ErrUsage, err)
	}
	p := &Pipeline{options: o}
	var err error
	if p.unlock, err = store.Lock(filepath.Join(o.Data, "lock")); err != nil {
		return nil, err
	}
	if err := p.open(ctx); err != nil {
		return nil, errors.Join(err, p.Close(ctx))
	}
	return p, nil
}

// View opens an existing data directory for reading; it takes no lock, so lists can be read while a crawl runs.
// The evidence archive and the index are not opened.
func View(ctx context.Context, o Options) (*Pipeline, error) {
	if err := o.validate(); err != nil {
		return nil, err
	}
	if _, err := os.ReadDir(o.Data); err != nil {
		return nil, fmt.Errorf("%w: no readable data in %s (%w); fill it with \"schemer run --sources FILE --data %s\"", schemer.ErrUsage, o.Data, err, o.Data)
	}
	p := &Pipeline{options: o}
	var err error
	if p.rules, err = loadRules(o.Rules); err != nil {
		return nil, err
	}
	if p.store, err = store.Open(ctx, o.Store, store.Options{Now: o.Now, Log: o.Log, ReadOnly: true}); err != nil {
		return nil, err
	}
	return p, nil
}

func (p *Pipeline) open(ctx context.Context) error {
	var err error
	if p.rules, err = loadRules(p.options.Rules); err != nil {
		return err
	}
	if p.store, err = store.Open(ctx, p.options.Store, store.Options{Now: p.options.Now, Log: p.options.Log}); err != nil {
		return err
	}
	p.archive, err = evidence.Open(ctx, evidence.Options{URL: p.options.Evidence, Dir: filepath.Join(p.options.Data, "evidence"), Tool: p.options.Tool, Now: p.options.Now, TSA: p.options.TSA, Log: p.options.Log})
	return err
}

func loadRules(dir fs.FS) (*scoring.Rules, error) {
	if dir == nil {
		return scoring.Default()
	}
	return scoring.Load(dir)
}

// openIndex opens the search index when it is first needed.
func (p *Pipeline) openIndex(ctx context.Context) (index.Index, error) {
	if p.index == nil {
		ix, err := index.Open(ctx, p.options.Index, index.Options{Log: p.options.Log})
		if err != nil {
			return nil, err
		}
		p.index = ix
	}
	return p.index, nil
}

// Close signs a checkpoint of the log and releases everything; what was acknowledged is on disk without it.
func (p *Pipeline) Close(ctx context.Context) error {
	var errs []error
	if p.index != nil {
		errs = append(errs, p.index.Close())
	}
	if p.archive != nil {
		errs = append(errs, p.archive.Close(context.WithoutCancel(ctx)))
	}
	if p.store != nil {
		errs = append(errs, p.store.Close())
	}
	if p.unlock != nil {
		errs = append(errs, p.unlock())
	}
	return errors.Join(errs...)
}
