package pipeline

import (
	"context"
	"errors"
	"slices"

	"schemer"
	"schemer/index"
	"schemer/internal/store"
)

// indexBatch is how many posts are handed to the index at once: what bleve was measured to like best.
const indexBatch = 1000

// feedIndex hands the posts that changed since the last time to the index.
func (p *Pipeline) feedIndex(ctx context.Context) error {
	ix, err := p.openIndex(ctx)
	if err != nil {
		return err
	}
	labels, err := p.labels(ctx)
	if err != nil {
		return err
	}
	last := int64(-1)
	for {
		batch, err := p.store.Outbox(ctx, indexBatch)
		if err != nil || batch.Through == last {
			return err
		}
		last = batch.Through
		docs := make([]index.Doc, len(batch.Posts))
		for i, w := range batch.Posts {
			docs[i] = p.doc(w.Post, labels)
		}
		if err := ix.Put(ctx, docs); err != nil {
			return err
		}
		if err := p.store.Indexed(ctx, batch.Through); err != nil {
			return err
		}
	}
}

// label is what the list says of a post that it quotes.
type label struct {
	grade     schemer.Grade
	resellers []string
}

// labels gathers what the draft says of the posts it quotes.
func (p *Pipeline) labels(ctx context.Context) (map[schemer.PostID]label, error) {
	draft, err := p.store.Draft(ctx)
	if errors.Is(err, schemer.ErrNotFound) {
		return nil, nil
	}
	return labelsOf(draft), err
}

func labelsOf(e schemer.Edition) map[schemer.PostID]label {
	labels := map[schemer.PostID]label{}
	for _, c := range e.Candidates {
		for _, q := range c.Evidence {
			l := labels[q.Post]
			if l.grade != schemer.GradeOpen && q.Grade != "" && q.Grade != schemer.GradeNone {
				l.grade = q.Grade
			}
			for _, key := range []string{string(c.ID), c.Name} {
				if !slices.Contains(l.resellers, key) {
					l.resellers = append(l.resellers, key)
				}
			}
			labels[q.Post] = l
		}
	}
	return labels
}

func (p *Pipeline) doc(post *schemer.Post, labels map[schemer.PostID]label) index.Doc {
	l := labels[post.ID]
	d := index.Doc{Post: post, Grade: l.grade, Resellers: l.resellers}
	for _, h := range p.rules.Detect(post) {
		if !slices.Contains(d.Signals, h.Signal) {
			d.Signals = append(d.Signals, h.Signal)
		}
	}
	return d
}

// relabel brings the index in line with a new draft: what the one before quoted and what this one quotes.
func (p *Pipeline) relabel(ctx context.Context, before map[schemer.PostID]label, now schemer.Edition) error {
	var ids []schemer.PostID
	for id := range before {
		ids = append(ids, id)
	}
	for id := range labelsOf(now) {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	if err := p.store.Touch(ctx, slices.Compact(ids)); err != nil {
		return err
	}
	return p.feedIndex(ctx)
}

// RebuildIndex makes the index anew beside the old one, which goes on answering, and swaps them.
func (p *Pipeline) RebuildIndex(ctx context.Context) (int, error) {
	if p.index == nil {
		ix, err := index.Open(ctx, p.options.Index, index.Options{Log: p.options.Log, Rebuild: true})
		if err != nil {
			return 0, err
		}
		p.index = ix
	}
	labels, err := p.labels(ctx)
	if err != nil {
		return 0, err
	}
	generation, err := p.index.NewGeneration(ctx)
	if err != nil {
		return 0, err
	}
	n, last, err := p.fill(ctx, generation, labels)
	if err != nil {
		return n, errors.Join(err, generation.Drop(context.WithoutCancel(ctx)))
	}
	if err := generation.Activate(ctx); err != nil {
		return n, err
	}
	return n, p.store.Indexed(ctx, last)
}

// fill puts the current wording of every post into a generation and tells how many and up to which change.
func (p *Pipeline) fill(ctx context.Context, g index.Generation, labels map[schemer.PostID]label) (int, int64, error) {
	var docs []index.Doc
	var last int64
	n := 0
	flush := func() error {
		if len(docs) == 0 {
			return nil
		}
		err := g.Put(ctx, docs)
		n, docs = n+len(docs), docs[:0]
		return err
	}
	err := p.store.Wordings(ctx, store.PostFilter{}, func(w store.Wording) error {
		last = max(last, w.Changed)
		docs = append(docs, p.doc(w.Post, labels))
		if len(docs) < indexBatch {
			return nil
		}
		return flush()
	})
	return n, last, errors.Join(err, flush())
}

// Search asks the index.
func (p *Pipeline) Search(ctx context.Context, q index.Query) (index.Page, error) {
	ix, err := p.openIndex(ctx)
	if err != nil {
		return index.Page{}, err
	}
	return ix.Search(ctx, q)
}

// Search asks the index of a data directory that nobody is writing to; while a crawl runs, ask the workbench.
func Search(ctx context.Context, o Options, q index.Query) (index.Page, error) {
	p, err := View(ctx, o)
	if err != nil {
		return index.Page{}, err
	}
	page, err := p.Search(ctx, q)
	return page, errors.Join(err, p.Close(ctx))
}
