package pipeline

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"time"

	"schemer"
	"schemer/crawler"
	"schemer/extract"
)

// CrawlOptions say what one crawl does.
type CrawlOptions struct {
	Sources   []schemer.Source // given now; empty visits those already known
	Resolve   map[string]string
	Workers   int
	UserAgent string // for sources that name none
	All       bool   // visit everything, due or not
	NoGuess   bool   // ask for no address that was only made from a seller's name
	AsOf      time.Time
	Memory    int64 // soft limit of the Go heap while fetching, in bytes; 0 sets none
	Config    schemer.Digest
	Patience  time.Duration
	Progress  func(crawler.Stats)
	Metrics   crawler.Metrics
}

// Crawl fetches what is due, keeps it, reads it and indexes it. What an earlier run archived but did not finish is
// finished first. The statistics are whole for what was done even when the error is not nil.
func (p *Pipeline) Crawl(ctx context.Context, o CrawlOptions) (crawler.Stats, error) {
	given := make([]schemer.Source, len(o.Sources))
	for i, s := range o.Sources {
		if s.UserAgent == "" {
			s.UserAgent = o.UserAgent
		}
		given[i] = s
	}
	if err := p.store.PutSources(ctx, given); err != nil {
		return crawler.Stats{}, err
	}
	if err := p.store.ReleaseAll(ctx, "", p.clock(o.AsOf)().Add(politePause)); err != nil {
		return crawler.Stats{}, err
	}
	sources, err := p.store.Sources(ctx)
	if err != nil {
		return crawler.Stats{}, err
	}
	if len(sources) == 0 {
		return crawler.Stats{}, fmt.Errorf("%w: no sources are known yet; name some with --sources FILE", schemer.ErrUsage)
	}
	if err := p.rememberAsOf(ctx, o.AsOf); err != nil {
		return crawler.Stats{}, err
	}
	c, err := crawler.New(crawler.Options{
		Archive: p.archive, Frontier: p.store, Reader: reader(sources), Sources: sources, Resolve: o.Resolve,
		Workers: o.Workers, Now: p.clock(o.AsOf), Wall: p.options.Now, Since: p.options.Now(), Log: p.options.Log, All: o.All, NoGuess: o.NoGuess, Config: o.Config,
		Operator: p.options.Operator, Tool: p.options.Tool, Patience: o.Patience, Progress: o.Progress, Metrics: o.Metrics,
	})
	if err != nil {
		return crawler.Stats{}, err
	}
	if err := p.adopt(ctx, c); err != nil {
		return crawler.Stats{}, err
	}
	stats, err := runWithin(ctx, c, o.Memory)
	return stats, errors.Join(err, p.settle(context.WithoutCancel(ctx)))
}

// runWithin runs a crawl with the heap held to about limit bytes, so that a long crawl stays small beside other work;
// below that it is collected half as often as usual. What was set before holds again afterwards.
func runWithin(ctx context.Context, c *crawler.Crawler, limit int64) (crawler.Stats, error) {
	if limit > 0 {
		defer debug.SetMemoryLimit(debug.SetMemoryLimit(limit))
		defer debug.SetGCPercent(debug.SetGCPercent(200))
	}
	return c.Run(ctx)
}

// settle brings posts and index up to date with what was read.
func (p *Pipeline) settle(ctx context.Context) error {
	if err := p.store.Settle(ctx); err != nil {
		return err
	}
	return p.feedIndex(ctx)
}

// adopt hands captures that the archive holds and the store does not (the process died in between) to the crawler,
// which completes them instead of fetching again.
func (p *Pipeline) adopt(ctx context.Context, c *crawler.Crawler) error {
	last, err := p.store.LastSeq(ctx)
	if err != nil {
		return err
	}
	for capture, err := range p.archive.Captures(ctx) {
		if err != nil {
			return err
		}
		if capture.Seq <= last-adoptWindow || capture.Imported {
			continue
		}
		known, err := p.store.HasCapture(ctx, capture)
		if err != nil {
			return err
		}
		if known {
			continue
		}
		exchange, err := p.archive.Load(ctx, capture)
		if err != nil {
			return fmt.Errorf("adopt %s: %w", capture.ID, err)
		}
		if err := c.Adopt(ctx, capture, exchange); err != nil {
			return fmt.Errorf("adopt %s: %w", capture.ID, err)
		}
	}
	return nil
}

// politePause keeps the gap between requests to hosts that a killed run was asking just now.
const politePause = 2 * time.Second

// adoptWindow is how far behind the last stored capture an unstored one can lie: concurrent fetches are archived in
// one order and acknowledged in another.
const adoptWindow = 10_000

// clock gives the time of scheduling: the real one, or with asOf that moment and from there on.
func (p *Pipeline) clock(asOf time.Time) func() time.Time {
	if asOf.IsZero() {
		return p.options.Now
	}
	started := p.options.Now()
	return func() time.Time { return asOf.Add(p.options.Now().Sub(started)) }
}

// pageReader reads pages for the crawler, so that a page is parsed once.
type pageReader struct {
	kinds map[schemer.SourceID]schemer.SourceKind
}

func reader(sources []schemer.Source) pageReader {
	r := pageReader{kinds: make(map[schemer.SourceID]schemer.SourceKind, len(sources))}
	for _, s := range sources {
		r.kinds[s.ID] = s.Kind
	}
	return r
}

// Read implements crawler.Reader. A source that was discovered meanwhile is of unknown kind.
func (r pageReader) Read(c schemer.Capture, header http.Header, body []byte) schemer.Document {
	kind, ok := r.kinds[c.Source]
	if !ok {
		kind = schemer.KindUnknown
	}
	return extract.Read(extract.Input{Capture: c, Source: kind, Header: header, Body: body})
}
