package crawler

import (
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"

	"schemer"
)

// Metrics takes counts as they happen. Names and labels are listed in docs/crawling.md; labels come as pairs of name
// and value. It must be safe for concurrent use.
type Metrics interface {
	Add(name string, delta float64, labels ...string)
}

// Stats is what a run has done so far, as a whole and by source.
type Stats struct {
	SourceStats
	Sources map[schemer.SourceID]SourceStats
	Sites   int // newly discovered
	Hosts   int // that answered
	Elapsed time.Duration
}

// SourceStats is what a run has done at one source.
type SourceStats struct {
	Requests     int            // sent, robots.txt and redirect hops included
	Fetched      int            // answers with a body of their own
	NotModified  int            // answers 304
	Identical    int            // answers that came back byte for byte
	Skipped      int            // not asked for, since a mark vouched for them
	Posts        int            // in the documents read
	Found        int            // targets handed to the frontier
	Bytes        int64          // on the wire, both ways
	Robots       int            // targets that robots.txt keeps us from
	Degraded     int            // documents read in part
	Truncated    int            // answers cut
	Errors       map[string]int // by class
	Traps        map[string]int // patterns stopped, by reason
	Pages        map[string]int // by kind of document
	LastError    string
	RobotsHeld   int // robots.txt that could not be reached
	Continuation int // targets that led on to the last known page of their thread
}

func (s *SourceStats) errorCount() int {
	sum := 0
	for _, n := range s.Errors {
		sum += n
	}
	return sum
}

func (s *SourceStats) clone() SourceStats {
	out := *s
	out.Errors, out.Traps, out.Pages = maps.Clone(s.Errors), maps.Clone(s.Traps), maps.Clone(s.Pages)
	return out
}

// tally counts for Stats and Metrics.
type tally struct {
	mu       sync.Mutex
	total    SourceStats
	sources  map[schemer.SourceID]*SourceStats
	hosts    map[string]bool
	sites    int
	metrics  Metrics
	progress func(Stats)
	begun    time.Time
	telling  sync.Mutex
	told     time.Time
}

func newTally(metrics Metrics, progress func(Stats)) *tally {
	return &tally{
		total: newSourceStats(), sources: map[schemer.SourceID]*SourceStats{}, hosts: map[string]bool{},
		metrics: metrics, progress: progress, begun: time.Now(),
	}
}

func newSourceStats() SourceStats {
	return SourceStats{Errors: map[string]int{}, Traps: map[string]int{}, Pages: map[string]int{}}
}

// at changes the figures of the run and of one source.
func (t *tally) at(source schemer.SourceID, change func(*SourceStats)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := t.sources[source]
	if s == nil {
		fresh := newSourceStats()
		s = &fresh
		t.sources[source] = s
	}
	change(s)
	change(&t.total)
}

func (t *tally) count(name string, delta float64, labels ...string) {
	if t.metrics != nil {
		t.metrics.Add(name, delta, labels...)
	}
}

// exchanges counts requests and answers.
func (t *tally) exchanges(source schemer.SourceID, list []schemer.Exchange) {
	for i := range list {
		ex := &list[i]
		size := int64(len(ex.Request) + len(ex.Response))
		t.at(source, func(s *SourceStats) {
			s.Requests++
			s.Bytes += size
			switch {
			case ex.Status == 304:
				s.NotModified++
			case ex.RevisitOf != nil:
				s.Identical++
				s.Fetched++
			default:
				s.Fetched++
			}
			if ex.Truncated != "" {
				s.Truncated++
			}
		})
		t.mu.Lock()
		t.hosts[ex.Target.Host] = true
		t.mu.Unlock()
		t.count("schemer_crawl_requests_total", 1, "status", strconv.Itoa(ex.Status))
		t.count("schemer_crawl_bytes_total", float64(size))
		t.count("schemer_crawl_seconds_total", ex.Elapsed.Seconds())
	}
}

func (t *tally) robots(source schemer.SourceID, trip *trip, verdict string) {
	t.exchanges(source, trip.exchanges)
	if verdict == "unreachable" {
		t.at(source, func(s *SourceStats) { s.RobotsHeld++ })
	}
}

func (t *tally) fault(source schemer.SourceID, class, detail string) {
	t.at(source, func(s *SourceStats) {
		s.Errors[class]++
		s.LastError = detail
	})
	t.count("schemer_crawl_errors_total", 1, "class", class)
}

func (t *tally) trap(source schemer.SourceID, reason string) {
	t.at(source, func(s *SourceStats) { s.Traps[reason]++ })
	t.count("schemer_crawl_traps_total", 1, "reason", reason)
}

func (t *tally) document(source schemer.SourceID, doc *schemer.Document) {
	t.at(source, func(s *SourceStats) {
		s.Posts += len(doc.Posts)
		s.Pages[string(doc.Kind)]++
		if doc.Degraded != "" {
			s.Degraded++
		}
	})
	t.count("schemer_crawl_posts_total", float64(len(doc.Posts)))
	t.count("schemer_crawl_pages_total", 1, "kind", string(doc.Kind))
}

func (t *tally) discovered(n int) {
	t.mu.Lock()
	t.sites += n
	t.mu.Unlock()
	t.count("schemer_crawl_sites_total", float64(n))
}

// stats copies the figures.
func (t *tally) stats(elapsed time.Duration) Stats {
	t.mu.Lock()
	defer t.mu.Unlock()
	out := Stats{
		SourceStats: t.total.clone(), Sources: make(map[schemer.SourceID]SourceStats, len(t.sources)),
		Sites: t.sites, Hosts: len(t.hosts), Elapsed: elapsed,
	}
	for _, id := range slices.Sorted(maps.Keys(t.sources)) {
		out.Sources[id] = t.sources[id].clone()
	}
	return out
}

// tellEvery is how often progress is told at most.
const tellEvery = 200 * time.Millisecond

// tell calls the progress function, one call at a time and not too often unless it must be.
func (t *tally) tell(must bool) {
	if t.progress == nil {
		return
	}
	t.telling.Lock()
	defer t.telling.Unlock()
	if !must && time.Since(t.told) < tellEvery {
		return
	}
	t.told = time.Now()
	t.progress(t.stats(time.Since(t.begun)))
}
