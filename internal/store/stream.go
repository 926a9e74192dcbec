package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"runtime"
	"sync"

	"schemer"
)

// packed is a row of [postColumns] on its way to becoming a post.
type packed struct {
	data                     []byte
	content                  string
	changed                  int64
	first, last, gone, older int64
}

// chunk is a run of rows that one goroutine unpacks; chunks are handed over in the order of the query.
type chunk struct {
	rows     []packed
	wordings []Wording
	err      error
	done     chan struct{}
}

// chunkRows bounds the rows of a chunk, and with the number of chunks under way the memory that a stream takes.
const chunkRows = 64

// stream runs a query for [postColumns] and hands over its posts in order. One goroutine reads, a few unpack.
func (s *Store) stream(ctx context.Context, query string, args []any, yield func(Wording) error) error {
	ctx, cancel := context.WithCancel(ctx)
	workers := max(1, runtime.GOMAXPROCS(0))
	todo, ordered := make(chan *chunk, workers), make(chan *chunk, 2*workers)
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel()
	wg.Go(func() {
		defer close(todo)
		defer close(ordered)
		s.readChunks(ctx, query, args, todo, ordered)
	})
	for range workers {
		wg.Go(func() {
			var buf []byte
			for c := range todo {
				if buf = s.unpackChunk(c, buf); cap(buf) > 1<<20 {
					buf = nil // one huge post shall not keep its memory
				}
			}
		})
	}
	for c := range ordered {
		<-c.done
		for _, w := range c.wordings {
			if err := yield(w); err != nil {
				return err
			}
		}
		if c.err != nil {
			return fmt.Errorf("posts: %w", c.err)
		}
	}
	return ctx.Err()
}

// readChunks sends the rows to both channels; an error goes the same way, as the last chunk.
func (s *Store) readChunks(ctx context.Context, query string, args []any, todo, ordered chan<- *chunk) {
	send := func(c *chunk) bool {
		for _, to := range []chan<- *chunk{todo, ordered} {
			select {
			case to <- c:
			case <-ctx.Done():
				return false
			}
		}
		return true
	}
	current := &chunk{done: make(chan struct{})}
	rows, err := s.read.QueryContext(ctx, query, args...)
	if err == nil {
		err = each(rows, func(r *sql.Rows) error {
			var p packed
			if err := r.Scan(&p.data, &p.content, &p.changed, &p.first, &p.last, &p.gone, &p.older); err != nil {
				return err
			}
			if current.rows = append(current.rows, p); len(current.rows) < chunkRows {
				return nil
			}
			full := current
			current = &chunk{done: make(chan struct{})}
			if !send(full) {
				return ctx.Err()
			}
			return nil
		})
	}
	current.err = err
	send(current)
}

// unpackChunk turns rows into posts as far as it can; buf is scratch space.
func (s *Store) unpackChunk(c *chunk, buf []byte) []byte {
	defer close(c.done)
	for i := range c.rows {
		frame, err := s.packer.unpack(c.rows[i].data, buf)
		if err != nil {
			c.err = err
			return buf
		}
		buf = frame
		w, err := c.rows[i].wording(frame)
		if err != nil {
			c.err = err
			return buf
		}
		c.wordings = append(c.wordings, w)
	}
	c.rows = nil
	return buf
}

func (p *packed) wording(frame []byte) (Wording, error) {
	post := new(schemer.Post)
	if err := json.Unmarshal(frame, post); err != nil {
		return Wording{}, fmt.Errorf("post of content %s: %w", p.content, err)
	}
	post.FirstSeen, post.LastSeen, post.GoneSince, post.Superseded = timeOf(p.first), timeOf(p.last), timeOf(p.gone), p.older == 1
	return Wording{Post: post, Content: p.content, Changed: p.changed}, nil
}
