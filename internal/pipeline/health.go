package pipeline

import (
	"context"
	"fmt"

	"schemer"
	"schemer/internal/store"
)

// Health is the state of one source.
type Health = store.Health

// KnownSources returns all sources, given and discovered.
func (p *Pipeline) KnownSources(ctx context.Context) ([]schemer.Source, error) {
	return p.store.Sources(ctx)
}

// Health tells the state of every source.
func (p *Pipeline) Health(ctx context.Context) ([]Health, error) { return p.store.SourceHealth(ctx) }

// Drift warns when the reader seems to have lost its grip on a source: many more thread pages without a single post
// than ever before, which is what a new theme or engine looks like.
func Drift(h Health) string {
	if h.Threads >= 5 && h.ThreadsAgo >= 5 && h.Barren > 0.5 && h.Barren > h.BarrenAgo+0.25 {
		return fmt.Sprintf("parser drift: %.0f %% of thread pages gave no post, %.0f %% before", 100*h.Barren, 100*h.BarrenAgo)
	}
	return ""
}

// PutSources keeps sources that a person gave.
func (p *Pipeline) PutSources(ctx context.Context, sources []schemer.Source) error {
	return p.store.PutSources(ctx, sources)
}

// Viewed enters in the log that somebody looked at something.
func (p *Pipeline) Viewed(ctx context.Context, who, object string) error {
	return p.record(ctx, "view", who, object, nil)
}
