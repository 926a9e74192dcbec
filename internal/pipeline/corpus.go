package pipeline

import (
	"context"
	"sync"

	"schemer"
	"schemer/internal/store"
	"schemer/scoring"
)

// corpus hands the posts to scoring, older wordings included: what was once said stays quotable. It remembers the
// hits of what it has seen, so that scoring again looks for signals in new wordings only; a change of the rules makes
// every wording new.
type corpus struct {
	ctx   context.Context //nolint:containedctx // scoring is pure and takes no context; one corpus serves one call
	store *store.Store
	rules *scoring.Rules

	mu    sync.Mutex
	asked map[wording]known
	fresh map[string][]schemer.Hit // by content, not stored yet
	found int                      // wordings that had to be searched
	err   error                    // the first failure to store hits
}

// wording tells the wordings of one post apart.
type wording struct {
	id         schemer.PostID
	first      int64
	superseded bool
}

type known struct {
	content string
	hits    []schemer.Hit
	cached  bool
}

func newCorpus(ctx context.Context, s *store.Store, rules *scoring.Rules) *corpus {
	return &corpus{ctx: ctx, store: s, rules: rules, asked: map[wording]known{}, fresh: map[string][]schemer.Hit{}}
}

// corpusGroup is how many wordings are looked up at once.
const corpusGroup = 500

// Posts implements scoring.Corpus.
func (c *corpus) Posts(yield func(*schemer.Post) error) error {
	group := make([]store.Wording, 0, corpusGroup)
	flush := func() error {
		if err := c.lookUp(group); err != nil {
			return err
		}
		for _, w := range group {
			if err := yield(w.Post); err != nil {
				return err
			}
		}
		group = group[:0]
		return nil
	}
	err := c.store.Wordings(c.ctx, store.PostFilter{AllVersions: true}, func(w store.Wording) error {
		if group = append(group, w); len(group) < corpusGroup {
			return nil
		}
		return flush()
	})
	if err != nil {
		return err
	}
	return flush()
}

func (c *corpus) lookUp(group []store.Wording) error {
	contents := make([]string, len(group))
	for i, w := range group {
		contents[i] = w.Content
	}
	cached, err := c.store.Hits(c.ctx, c.rules.Digest(), contents)
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, w := range group {
		hits, ok := cached[w.Content]
		c.asked[wordingOf(w.Post)] = known{content: w.Content, hits: hits, cached: ok}
	}
	return nil
}

func wordingOf(p *schemer.Post) wording {
	return wording{p.ID, p.FirstSeen.UnixNano(), p.Superseded}
}

// Hits is scoring.Input's Hits: what is remembered, else what the rules find now.
func (c *corpus) Hits(p *schemer.Post) ([]schemer.Hit, bool) {
	c.mu.Lock()
	key := wordingOf(p)
	k, ok := c.asked[key]
	delete(c.asked, key)
	c.mu.Unlock()
	if !ok {
		return nil, false
	}
	if k.cached {
		return k.hits, true
	}
	hits := c.rules.Detect(p)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.found++
	c.fresh[k.content] = hits
	if len(c.fresh) >= 10*corpusGroup {
		c.save()
	}
	return hits, true
}

// save stores the hits found so far; the caller holds the lock.
func (c *corpus) save() {
	if err := c.store.PutHits(c.ctx, c.rules.Digest(), c.fresh); err != nil && c.err == nil {
		c.err = err
	}
	clear(c.fresh)
}

// close stores what is left and tells how many wordings had to be searched.
func (c *corpus) close() (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.save()
	return c.found, c.err
}

// plainCorpus hands out the posts and remembers nothing; it serves a data directory opened for reading.
type plainCorpus struct {
	ctx   context.Context //nolint:containedctx // see corpus
	store *store.Store
}

// Posts implements scoring.Corpus.
func (c plainCorpus) Posts(yield func(*schemer.Post) error) error {
	return c.store.Posts(c.ctx, store.PostFilter{AllVersions: true}, yield)
}
