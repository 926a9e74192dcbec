package pipeline

import (
	"context"
	"fmt"
	"runtime"
	"sync"

	"schemer"
	"schemer/extract"
)

// ReadCount says what Read did.
type ReadCount struct {
	Captures int
	Posts    int
}

// Read reads captures from evidence alone, without the network: those that were never read, or with all every one
// anew after forgetting what was read before. Replayed in order of custody they give the rows that the crawl gave.
func (p *Pipeline) Read(ctx context.Context, all bool) (ReadCount, error) {
	sources, err := p.store.Sources(ctx)
	if err != nil {
		return ReadCount{}, err
	}
	if all {
		if err := p.store.ResetRead(ctx); err != nil {
			return ReadCount{}, err
		}
	}
	todo, err := p.unread(ctx, all)
	if err != nil {
		return ReadCount{}, err
	}
	count, err := p.readCaptures(ctx, reader(sources), todo)
	if err != nil {
		return count, err
	}
	if err := p.store.Settle(ctx); err != nil {
		return count, err
	}
	if all {
		_, err = p.RebuildIndex(ctx)
		return count, err
	}
	return count, p.feedIndex(ctx)
}

// unread lists the captures to be read, by Seq. One that the store does not know is taken in.
func (p *Pipeline) unread(ctx context.Context, all bool) ([]schemer.Capture, error) {
	var todo []schemer.Capture
	for capture, err := range p.archive.Captures(ctx) {
		if err != nil {
			return nil, err
		}
		known, err := p.store.HasCapture(ctx, capture)
		if err != nil {
			return nil, err
		}
		if !known {
			if err := p.store.Adopt(ctx, capture, nil); err != nil {
				return nil, err
			}
		}
		if readable(capture) && (all || !known) {
			todo = append(todo, capture)
		}
	}
	return todo, nil
}

// readable says whether a capture holds a page of its own: an answer that succeeded and that is neither a repetition
// of an earlier one nor meant for machines.
func readable(c schemer.Capture) bool {
	switch schemer.TargetKind(c.Kind) {
	case schemer.TargetRobots, schemer.TargetSitemap, "screenshot":
		return false
	}
	return c.Status >= 200 && c.Status < 300 && c.RevisitOf == ""
}

// readCaptures reads on every processor and stores in the order of todo.
func (p *Pipeline) readCaptures(ctx context.Context, r pageReader, todo []schemer.Capture) (ReadCount, error) {
	var count ReadCount
	workers := runtime.GOMAXPROCS(0)
	for start := 0; start < len(todo); start += 16 * workers {
		chunk := todo[start:min(start+16*workers, len(todo))]
		documents, err := p.readChunk(ctx, r, chunk, workers)
		if err != nil {
			return count, err
		}
		for i, d := range documents {
			if err := p.store.PutDocument(ctx, chunk[i], d); err != nil {
				return count, err
			}
			count.Captures++
			count.Posts += len(d.Posts)
		}
	}
	return count, nil
}

func (p *Pipeline) readChunk(ctx context.Context, r pageReader, chunk []schemer.Capture, workers int) ([]schemer.Document, error) {
	documents, errs := make([]schemer.Document, len(chunk)), make([]error, len(chunk))
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := w; i < len(chunk); i += workers {
				exchange, err := p.archive.Load(ctx, chunk[i])
				if err != nil {
					errs[i] = fmt.Errorf("read %s (%s): %w", chunk[i].URL, chunk[i].ID, err)
					return
				}
				documents[i] = r.Read(chunk[i], exchange.Header, exchange.Body)
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return documents, ctx.Err()
}

// ReaderVersion is the version of the reader, which is part of what an edition was made from.
const ReaderVersion = extract.Version
