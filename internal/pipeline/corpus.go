package pipeline

import (
	"context"

	"schemer"
	"schemer/internal/store"
)

// corpus hands the posts to scoring, older wordings included: what was once said stays quotable.
type corpus struct {
	ctx   context.Context //nolint:containedctx // scoring is pure and takes no context; one corpus serves one call
	store *store.Store
}

// Posts implements scoring.Corpus.
func (c corpus) Posts(yield func(*schemer.Post) error) error {
	return c.store.Posts(c.ctx, store.PostFilter{AllVersions: true}, yield)
}

func postsOf(site string) store.PostFilter { return store.PostFilter{Site: site} }

func newestCaptures(last int64) store.CaptureFilter {
	return store.CaptureFilter{After: max(-1, last-1000)}
}
