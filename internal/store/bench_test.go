package store_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"schemer"
	"schemer/internal/store"
)

// benchStore is a SQLite file, or the PostgreSQL database of SCHEMER_BENCH_POSTGRES_URL, which must be empty.
func benchStore(b *testing.B) *store.Store {
	url := "sqlite:" + filepath.Join(b.TempDir(), "schemer.db")
	if pg := os.Getenv("SCHEMER_BENCH_POSTGRES_URL"); pg != "" {
		url = pg
	}
	s, err := store.Open(b.Context(), url, store.Options{Now: time.Now})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := s.Close(); err != nil {
			b.Error(err)
		}
	})
	return s
}

// benchPage is a page of 20 posts of about 700 bytes and 50 links of which one is new.
func benchPage(n int64) schemer.Outcome {
	o := victimOutcome(target(fmt.Sprintf("h%d.example", n%16), fmt.Sprintf("/t/%d", n), 5), n)
	o.Sites = nil
	o.Document.Posts = nil
	for i := range 20 {
		p := post(fmt.Sprint(n*20+int64(i)), fmt.Sprintf("post %d of page %d: %s", i, n, strings.Repeat("servers that stay up whatever you host on them, ", 14)))
		p.Mentions = []schemer.Mention{{Kind: "domain", Value: "kremen.example", Field: "text", Start: 3, End: 17}}
		o.Document.Posts = append(o.Document.Posts, p)
	}
	for i := range 49 {
		o.Found = append(o.Found, target(o.Target.Host, fmt.Sprintf("/nav/%d", i), 3))
	}
	return o
}

// BenchmarkDone measures what one page costs the store, eight workers at once.
func BenchmarkDone(b *testing.B) {
	s := benchStore(b)
	var n atomic.Int64
	var wg sync.WaitGroup
	var leases [8]schemer.Lease
	for w := range leases {
		add := target(fmt.Sprintf("w%d.example", w), "/", 1)
		if _, err := s.Add(b.Context(), []schemer.Target{add}); err != nil {
			b.Fatal(err)
		}
		l, _, err := s.Lease(b.Context(), "bench", time.Now(), time.Hour, 1)
		if err != nil {
			b.Fatal(err)
		}
		leases[w] = l
	}
	b.ResetTimer()
	for w := range leases {
		wg.Go(func() {
			for i := n.Add(1); i <= int64(b.N); i = n.Add(1) {
				if err := s.Done(b.Context(), leases[w], benchPage(i)); err != nil {
					b.Error(err)
				}
			}
		})
	}
	wg.Wait()
}

// BenchmarkSettle measures what turning one page of 20 posts into rows costs.
func BenchmarkSettle(b *testing.B) {
	s := benchStore(b)
	for i := range int64(b.N) {
		o := benchPage(i + 1)
		if err := s.Adopt(b.Context(), o.Captures[0], o.Document); err != nil {
			b.Fatal(err)
		}
	}
	b.ResetTimer()
	if err := s.Settle(b.Context()); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkPosts measures streaming, one post an iteration.
func BenchmarkPosts(b *testing.B) {
	s := benchStore(b)
	for i := range int64(b.N/20 + 1) {
		o := benchPage(i + 1)
		if err := s.Adopt(b.Context(), o.Captures[0], o.Document); err != nil {
			b.Fatal(err)
		}
	}
	if err := s.Settle(b.Context()); err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	if err := s.Posts(b.Context(), store.PostFilter{}, func(*schemer.Post) error { return nil }); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkMillion fills a frontier with a million URLs of 100 hosts and measures a lease of ten, and what memory it costs.
func BenchmarkMillion(b *testing.B) {
	s := benchStore(b)
	const urls, group = 1_000_000, 1000
	start := time.Now()
	for i := 0; i < urls; i += group {
		batch := make([]schemer.Target, group)
		for j := range batch {
			n := i + j
			batch[j] = target(fmt.Sprintf("h%d.example", n%100), fmt.Sprintf("/viewtopic.php?f=%d&t=%d&start=%d", n%17, n, n%5*20), n%10)
		}
		if _, err := s.Add(b.Context(), batch); err != nil {
			b.Fatal(err)
		}
	}
	filled := float64(urls) / time.Since(start).Seconds()
	b.ResetTimer()
	for b.Loop() {
		l, _, err := s.Lease(b.Context(), "bench", time.Now(), time.Hour, 10)
		if err != nil {
			b.Fatal(err)
		}
		if err := s.Release(b.Context(), l, time.Time{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(filled, "urls/s")
	b.ReportMetric(rss(b), "peak-RSS-MiB")
}

// rss reads the peak resident memory of the process; 0 where the system does not tell.
func rss(b *testing.B) float64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		var kb float64
		if _, err := fmt.Sscanf(line, "VmHWM: %f kB", &kb); err == nil {
			return kb / 1024
		}
	}
	return 0
}
