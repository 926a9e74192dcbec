package index

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
)

// bleveGeneration is a bleve index that does not answer yet.
type bleveGeneration struct {
	owner   *bleveIndex
	pointer pointer
	*generation
}

func (b *bleveIndex) NewGeneration(context.Context) (Generation, error) {
	dirs, err := filepath.Glob(filepath.Join(b.dir, "generation-*"))
	if err != nil {
		return nil, fmt.Errorf("index: %w", err)
	}
	highest := 0
	for _, d := range dirs {
		if n, err := strconv.Atoi(strings.TrimPrefix(filepath.Base(d), "generation-")); err == nil {
			highest = max(highest, n)
		}
	}
	return b.newGeneration(highest + 1)
}

func (b *bleveIndex) newGeneration(n int) (*bleveGeneration, error) {
	g := &bleveGeneration{owner: b, pointer: pointer{Generation: n, Schema: schemaVersion}}
	if err := os.RemoveAll(g.path()); err != nil {
		return nil, fmt.Errorf("index: %w", err)
	}
	m, err := bleveMapping()
	if err != nil {
		return nil, err
	}
	ix, err := bleve.NewUsing(g.path(), m, scorch.Name, scorch.Name, runtimeConfig())
	if err != nil {
		return nil, fmt.Errorf("index: create %s: %w", g.path(), err)
	}
	if g.generation, err = newTally(g.path(), ix); err != nil {
		return nil, errors.Join(err, ix.Close())
	}
	return g, nil
}

func (g *bleveGeneration) path() string { return filepath.Join(g.owner.dir, g.pointer.name()) }

func (g *bleveGeneration) Put(ctx context.Context, docs []Doc) error {
	return g.put(ctx, docs)
}

// Activate names the generation in the pointer file, by a rename that is durable, and only then removes the one before.
func (g *bleveGeneration) Activate(context.Context) error {
	b := g.owner
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := writePointer(b.dir, g.pointer); err != nil {
		return fmt.Errorf("index: activate generation %d: %w", g.pointer.Generation, err)
	}
	old := b.current
	b.current, b.pointer = g.generation, g.pointer
	if old != nil {
		if err := old.close(); err != nil {
			b.opt.Log.Warn("the index before does not close", "error", err)
		}
	}
	b.sweep()
	return nil
}

func (g *bleveGeneration) Drop(context.Context) error {
	if err := errors.Join(g.close(), os.RemoveAll(g.path())); err != nil {
		return fmt.Errorf("index: drop generation %d: %w", g.pointer.Generation, err)
	}
	return nil
}

func writePointer(dir string, p pointer) error {
	raw, err := json.Marshal(p)
	if err != nil {
		return err
	}
	temp, err := os.CreateTemp(dir, pointerFile+".*")
	if err != nil {
		return err
	}
	_, err = temp.Write(append(raw, '\n'))
	err = errors.Join(err, temp.Sync(), temp.Close())
	if err == nil {
		err = os.Rename(temp.Name(), filepath.Join(dir, pointerFile))
	}
	if err != nil {
		return errors.Join(err, os.Remove(temp.Name()))
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
