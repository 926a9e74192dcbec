package index

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/blevesearch/bleve/v2"
)

// generation is an open bleve index with a tally of its batches. Bleve opens an index whose newest segment is damaged
// by silently going back to an earlier state; the tally, kept once inside the index and once beside it, tells.
type generation struct {
	ix    bleve.Index
	tally *os.File

	mu    sync.Mutex // held while a batch is written
	count uint64
}

// The tally's name, as a file in the generation and as a key in the index.
const tallyName = "tally"

func newTally(path string, ix bleve.Index) (*generation, error) {
	f, err := os.OpenFile(filepath.Join(path, tallyName), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("index: %w", err)
	}
	g := &generation{ix: ix, tally: f}
	if err := g.note(); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return g, nil
}

// openGeneration opens a bleve index and checks that it holds every batch that was acknowledged. Bleve panics on some
// damaged files (a cut-off root.bolt), which is an error here.
func openGeneration(path string) (g *generation, err error) {
	defer func() {
		if p := recover(); p != nil {
			g, err = nil, fmt.Errorf("bleve panics at opening %s: %v", path, p)
		}
	}()
	ix, err := bleve.OpenUsing(path, runtimeConfig())
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	f, err := os.OpenFile(filepath.Join(path, tallyName), os.O_RDWR, 0o600)
	if err != nil {
		return nil, errors.Join(err, ix.Close())
	}
	g = &generation{ix: ix, tally: f}
	if err := g.check(); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", path, err), g.close())
	}
	return g, nil
}

// check compares the two tallies. The one inside may be ahead by a batch that was not acknowledged.
func (g *generation) check() error {
	var beside [8]byte
	if _, err := g.tally.ReadAt(beside[:], 0); err != nil {
		return fmt.Errorf("read the tally: %w", err)
	}
	inside, err := g.ix.GetInternal([]byte(tallyName))
	if err != nil {
		return fmt.Errorf("read the tally: %w", err)
	}
	if len(inside) == 8 {
		g.count = binary.BigEndian.Uint64(inside)
	}
	if want := binary.BigEndian.Uint64(beside[:]); g.count < want {
		return fmt.Errorf("it holds %d batches of %d: documents were lost", g.count, want)
	}
	return nil
}

// note writes the tally beside the index, durably.
func (g *generation) note() error {
	_, err := g.tally.WriteAt(binary.BigEndian.AppendUint64(nil, g.count), 0)
	if err == nil {
		err = g.tally.Sync()
	}
	if err != nil {
		return fmt.Errorf("index: note the tally: %w", err)
	}
	return nil
}

func (g *generation) close() error { return errors.Join(g.ix.Close(), g.tally.Close()) }

// apply carries out a batch and counts it; it is durable on return.
func (g *generation) apply(batch *bleve.Batch) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	batch.SetInternal([]byte(tallyName), binary.BigEndian.AppendUint64(nil, g.count+1))
	if err := g.ix.Batch(batch); err != nil {
		return fmt.Errorf("index: apply a batch of %d changes: %w", batch.Size(), err)
	}
	g.count++
	return g.note()
}

// The bounds of a batch: bigger ones cost memory and gain nothing (measured).
const (
	batchDocs  = 1000
	batchBytes = 8 << 20
)

// put stores documents in batches, each durable when it returns.
func (g *generation) put(ctx context.Context, docs []Doc) error {
	batch, weight := g.ix.NewBatch(), 0
	for i, d := range docs {
		r, err := recordOf(d)
		if err != nil {
			return err
		}
		if err := batch.Index(r.id, r.bleve()); err != nil {
			return fmt.Errorf("index: document %s: %w", r.id, err)
		}
		if weight += r.weight; batch.Size() < batchDocs && weight < batchBytes && i < len(docs)-1 {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := g.apply(batch); err != nil {
			return err
		}
		batch.Reset()
		weight = 0
	}
	return nil
}
