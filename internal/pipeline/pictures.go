package pipeline

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"schemer"
	"schemer/crawler"
)

// picturesEach bounds the pictures of one candidate: its strongest quotes, one picture a page.
const picturesEach = 3

// Screenshots takes pictures of the pages that the draft quotes for listed candidates, of sources that ask for it or,
// with all, of every source, and keeps them beside the pages' own captures. A page that is gone or whose picture
// fails is skipped and logged. It needs a Chromium on PATH; without one the error wraps schemer.ErrNotFound.
func (p *Pipeline) Screenshots(ctx context.Context, resolve map[string]string, all bool) (int, error) {
	draft, err := p.Edition(ctx, "")
	if err != nil {
		return 0, err
	}
	sources, err := p.store.Sources(ctx)
	if err != nil {
		return 0, err
	}
	c, err := crawler.New(crawler.Options{
		Archive: p.archive, Frontier: p.store, Reader: reader(sources), Sources: sources, Resolve: resolve,
		Now: p.options.Now, Log: p.options.Log, Operator: p.options.Operator, Tool: p.options.Tool,
	})
	if err != nil {
		return 0, err
	}
	bySite := make(map[string]schemer.Source, len(sources))
	for _, s := range sources {
		bySite[hostOf(s.URL)] = s
	}
	taken := 0
	for _, page := range quotedPages(draft) {
		source, ok := bySite[page.Site]
		if !ok || !all && !source.Screenshots {
			continue
		}
		exchange, err := c.Screenshot(ctx, source, page.URL)
		if errors.Is(err, schemer.ErrNotFound) {
			return taken, err
		}
		if err != nil {
			if ctx.Err() != nil {
				return taken, ctx.Err()
			}
			p.options.Log.Warn("no screenshot", slog.String("url", page.URL), slog.Any("error", err))
			continue
		}
		captures, err := p.archive.Save(ctx, []schemer.Exchange{exchange})
		if err != nil {
			return taken, fmt.Errorf("keep the picture of %s: %w", page.URL, err)
		}
		for _, capture := range captures {
			if err := p.store.Adopt(ctx, capture, nil); err != nil {
				return taken, err
			}
		}
		taken++
	}
	return taken, nil
}

// quotedPages lists the pages behind the strongest quotes of listed candidates that still stand, each once.
func quotedPages(e schemer.Edition) []schemer.Evidence {
	var pages []schemer.Evidence
	seen := map[string]bool{}
	for _, c := range e.Candidates {
		left := picturesEach
		for _, q := range c.Evidence {
			if !c.Listed || left == 0 || seen[q.URL] || !q.GoneSince.IsZero() {
				continue
			}
			seen[q.URL] = true
			left--
			pages = append(pages, q)
		}
	}
	return pages
}
