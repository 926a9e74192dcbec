package index

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/blevesearch/bleve/v2/search/searcher"

	"schemer"
)

// maxClauses bounds what a prefix or a fuzzy word may expand to. Bleve has it as a variable of the process and sets no
// bound by itself, so that "b*" may run for a minute.
const maxClauses = 10_000

// boundClauses sets it once.
var boundClauses = sync.OnceFunc(func() { searcher.DisjunctionMaxClauseCount = maxClauses })

// bleveIndex is a directory with one bleve index a generation and a file that names the current one.
type bleveIndex struct {
	dir     string
	opt     Options
	limiter limiter

	mu      sync.RWMutex // held for reading while the current index is used
	current *generation  // nil after Close, and when opened for a rebuild
	pointer pointer
}

// pointer is the content of the file CURRENT.
type pointer struct {
	Generation int `json:"generation"`
	Schema     int `json:"schema"`
}

func (p pointer) name() string { return fmt.Sprintf("generation-%06d", p.Generation) }

const pointerFile = "CURRENT"

func openBleve(ctx context.Context, dir string, o Options) (Index, error) {
	boundClauses()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("%w: index directory: %w", schemer.ErrUsage, err)
	}
	b := &bleveIndex{dir: dir, opt: o, limiter: newLimiter(o)}
	err := b.open(ctx)
	if err != nil && o.Rebuild && errors.Is(err, schemer.ErrIntegrity) {
		o.Log.Warn("the index cannot be used and is to be replaced", "dir", dir, "error", err)
		return b, nil
	}
	if err != nil {
		return nil, err
	}
	return b, nil
}

// open opens the current generation, or makes the first.
func (b *bleveIndex) open(ctx context.Context) error {
	raw, err := os.ReadFile(filepath.Join(b.dir, pointerFile))
	if errors.Is(err, fs.ErrNotExist) {
		return b.first(ctx)
	}
	if err == nil {
		err = json.Unmarshal(raw, &b.pointer)
	}
	if err != nil {
		return b.damaged(fmt.Errorf("read %s: %w", pointerFile, err))
	}
	if b.pointer.Schema != schemaVersion {
		return b.damaged(fmt.Errorf("it was built by schema %d, this program searches schema %d", b.pointer.Schema, schemaVersion))
	}
	g, err := openGeneration(filepath.Join(b.dir, b.pointer.name()))
	if err != nil {
		if isHeld(err) {
			return fmt.Errorf("index %s is open in another process: %w", b.dir, schemer.ErrLocked)
		}
		return b.damaged(err)
	}
	b.current = g
	b.sweep()
	return nil
}

// first makes generation 1 in a directory that holds no index.
func (b *bleveIndex) first(ctx context.Context) error {
	left, err := filepath.Glob(filepath.Join(b.dir, "generation-*"))
	if err != nil {
		return err
	}
	if len(left) > 0 && !b.opt.Rebuild {
		return b.damaged(fmt.Errorf("%s is missing", pointerFile))
	}
	g, err := b.newGeneration(1)
	if err != nil {
		return err
	}
	return g.Activate(ctx)
}

func (b *bleveIndex) damaged(err error) error {
	why := strings.Join(strings.Fields(err.Error()), " ") // bleve's errors may have several lines
	return fmt.Errorf("%w: index %s cannot be used: %s; %s", schemer.ErrIntegrity, b.dir, why, remedy)
}

// isHeld tells that bleve waited in vain for the file lock. Its error is that of the key-value store, as text.
func isHeld(err error) bool { return strings.Contains(err.Error(), "timeout") }

// runtimeConfig makes bleve give up on a lock that another process holds; it would wait for ever.
func runtimeConfig() map[string]any { return map[string]any{"bolt_timeout": "500ms"} }

// sweep removes generations that are not current: unfinished builds and what a kill left of the one before.
func (b *bleveIndex) sweep() {
	dirs, _ := filepath.Glob(filepath.Join(b.dir, "generation-*")) // the pattern is well formed
	for _, d := range dirs {
		if filepath.Base(d) == b.pointer.name() {
			continue
		}
		if err := os.RemoveAll(d); err != nil {
			b.opt.Log.Warn("an old index generation stays", "dir", d, "error", err)
		}
	}
}

// use calls f with the current index, which is not closed meanwhile. A panic of bleve, as damaged segments cause, is an
// error.
func (b *bleveIndex) use(f func(*generation) error) (err error) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	if b.current == nil {
		return fmt.Errorf("%w: index %s holds nothing to search; %s", schemer.ErrIntegrity, b.dir, remedy)
	}
	defer func() {
		if p := recover(); p != nil {
			err = b.damaged(fmt.Errorf("bleve panics: %v", p))
		}
	}()
	return f(b.current)
}

func (b *bleveIndex) Put(ctx context.Context, docs []Doc) error {
	return b.use(func(g *generation) error { return g.put(ctx, docs) })
}

func (b *bleveIndex) Delete(_ context.Context, ids []schemer.PostID) error {
	return b.use(func(g *generation) error {
		batch := g.ix.NewBatch()
		for _, id := range ids {
			batch.Delete(string(id))
		}
		return g.apply(batch)
	})
}

func (b *bleveIndex) Count(context.Context) (n uint64, err error) {
	err = b.use(func(g *generation) error {
		n, err = g.ix.DocCount()
		return err
	})
	return n, err
}

func (b *bleveIndex) Caps() Caps { return Caps{Name: "bleve"} }

func (b *bleveIndex) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.current == nil {
		return nil
	}
	err := b.current.close()
	b.current = nil
	if err != nil {
		return fmt.Errorf("index: close %s: %w", b.dir, err)
	}
	return nil
}
