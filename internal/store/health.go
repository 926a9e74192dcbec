package store

import (
	"context"
	"database/sql"
	"fmt"
	"sort"
	"time"

	"schemer"
)

// Health is how a source fared in its last run, with its earlier runs to compare with.
type Health struct {
	Source      schemer.SourceID `json:"source"`
	LastRun     time.Time        `json:"last_run,omitzero"` // latest fetch
	NextDue     time.Time        `json:"next_due,omitzero"` // earliest due target; zero when none ever is
	Fetched     int              `json:"fetched"`           // in the last run, robots.txt and retries included
	Posts       int              `json:"posts"`             // read in the last run, known ones included
	Errors      map[string]int   `json:"errors,omitempty"`  // in the last run, by class
	Traps       int              `json:"traps,omitempty"`
	Degraded    int              `json:"degraded,omitempty"` // pages read only in part
	Threads     int              `json:"threads"`            // pages fetched as threads in the last run
	Barren      float64          `json:"barren"`             // share of those that gave no post
	BarrenAgo   float64          `json:"barren_before"`      // the same over all earlier runs
	ThreadsAgo  int              `json:"threads_before"`
	AllFetched  int              `json:"all_fetched"` // since ever
	AllPosts    int              `json:"all_posts"`
	KnownURLs   int              `json:"known_urls"`
	QueuedURLs  int              `json:"queued_urls"`
	RetiredURLs int              `json:"retired_urls"` // not to be fetched again
}

// Drift tells how much greater the share of thread pages without posts is than it was before: near 1 means that the
// site has changed its markup and the reader sees nothing any more. It is 0 while there is too little to compare.
func (h Health) Drift() float64 {
	if h.Threads < 5 || h.ThreadsAgo < 5 {
		return 0
	}
	return max(0, h.Barren-h.BarrenAgo)
}

// SourceHealth tells how every source that has targets or was fetched fares, by id.
func (s *Store) SourceHealth(ctx context.Context) ([]Health, error) {
	all := map[schemer.SourceID]*Health{}
	if err := s.targetHealth(ctx, all); err != nil {
		return nil, fmt.Errorf("health of sources: %w", err)
	}
	starts, err := s.runStarts(ctx)
	if err != nil {
		return nil, fmt.Errorf("health of sources: %w", err)
	}
	last, err := s.lastFetches(ctx)
	if err != nil {
		return nil, fmt.Errorf("health of sources: %w", err)
	}
	for id, at := range last {
		h := healthOf(all, id)
		h.LastRun = timeOf(at)
		var start int64
		if i := sort.Search(len(starts), func(i int) bool { return starts[i] > at }); i > 0 {
			start = starts[i-1]
		}
		if err := s.fetchHealth(ctx, h, start); err != nil {
			return nil, fmt.Errorf("health of source %s: %w", id, err)
		}
	}
	out := make([]Health, 0, len(all))
	for _, id := range sorted(all) {
		out = append(out, *all[id])
	}
	return out, nil
}

func healthOf(all map[schemer.SourceID]*Health, id schemer.SourceID) *Health {
	if all[id] == nil {
		all[id] = &Health{Source: id, Errors: map[string]int{}}
	}
	return all[id]
}

func (s *Store) targetHealth(ctx context.Context, all map[schemer.SourceID]*Health) error {
	rows, err := s.read.QueryContext(ctx, "SELECT source, state, count(*), min(due_at) FROM target GROUP BY source, state")
	if err != nil {
		return err
	}
	return each(rows, func(r *sql.Rows) error {
		var id schemer.SourceID
		var state, n int
		var due int64
		if err := r.Scan(&id, &state, &n, &due); err != nil {
			return err
		}
		h := healthOf(all, id)
		h.KnownURLs += n
		switch state {
		case queued:
			h.QueuedURLs += n
		case retired:
			h.RetiredURLs += n
			return nil
		}
		if at := timeOf(due); h.NextDue.IsZero() || at.Before(h.NextDue) {
			h.NextDue = at
		}
		return nil
	})
}

func (s *Store) runStarts(ctx context.Context) ([]int64, error) {
	rows, err := s.read.QueryContext(ctx, "SELECT started_at FROM run ORDER BY started_at")
	if err != nil {
		return nil, err
	}
	var starts []int64
	err = each(rows, func(r *sql.Rows) error {
		var at int64
		err := r.Scan(&at)
		starts = append(starts, at)
		return err
	})
	return starts, err
}

func (s *Store) lastFetches(ctx context.Context) (map[schemer.SourceID]int64, error) {
	rows, err := s.read.QueryContext(ctx, "SELECT source, max(at) FROM visit GROUP BY source")
	if err != nil {
		return nil, err
	}
	last := map[schemer.SourceID]int64{}
	err = each(rows, func(r *sql.Rows) error {
		var id schemer.SourceID
		var at int64
		err := r.Scan(&id, &at)
		last[id] = at
		return err
	})
	return last, err
}

func (s *Store) fetchHealth(ctx context.Context, h *Health, start int64) error {
	rows, err := s.read.QueryContext(ctx, `SELECT CASE WHEN at >= $2 THEN 1 ELSE 0 END AS recent, error,
		CASE WHEN kind = 'thread' AND error = '' AND page_kind NOT IN ('', 'login', 'challenge', 'soft404') THEN 1 ELSE 0 END AS thread,
		CASE WHEN posts = 0 THEN 1 ELSE 0 END AS barren, CASE WHEN degraded = '' THEN 0 ELSE 1 END AS degraded_, count(*), sum(posts)
		FROM visit WHERE source = $1 GROUP BY 1, 2, 3, 4, 5`, text(h.Source), start)
	if err != nil {
		return err
	}
	var barren, barrenAgo int
	err = each(rows, func(r *sql.Rows) error {
		var recent, thread, none, degraded, n, posts int
		var class string
		if err := r.Scan(&recent, &class, &thread, &none, &degraded, &n, &posts); err != nil {
			return err
		}
		h.AllFetched, h.AllPosts = h.AllFetched+n, h.AllPosts+posts
		if recent == 0 {
			h.ThreadsAgo, barrenAgo = h.ThreadsAgo+thread*n, barrenAgo+thread*none*n
			return nil
		}
		h.Fetched, h.Posts, h.Degraded = h.Fetched+n, h.Posts+posts, h.Degraded+degraded*n
		h.Threads, barren = h.Threads+thread*n, barren+thread*none*n
		if class != "" {
			h.Errors[class] += n
		}
		if class == "trap" {
			h.Traps += n
		}
		return nil
	})
	h.Barren, h.BarrenAgo = share(barren, h.Threads), share(barrenAgo, h.ThreadsAgo)
	return err
}

func share(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}
