//go:build unix

package evidence_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"

	"schemer"
)

// forumPage is a page of about 33 KB that compresses as forum pages do (about 7:1).
func forumPage(n int) string {
	rng := rand.New(rand.NewPCG(uint64(n), 1))
	words := strings.Fields("hosting server abuse ignored offshore payment bitcoin uptime support ticket network port scan spam mail datacenter rack price month discount order contact telegram jabber reply thread member joined")
	var b strings.Builder
	for post := 0; b.Len() < 33_000; post++ {
		fmt.Fprintf(&b, `<div class="post" id="p%d"><a class="author" href="/member.php?u=%d">user%d</a><time datetime="2026-11-%02dT10:00:00Z"></time><div class="body">`, n*20+post, rng.IntN(9999), rng.IntN(9999), 1+rng.IntN(28))
		for range 180 {
			b.WriteString(words[rng.IntN(len(words))])
			b.WriteByte(' ')
		}
		fmt.Fprintf(&b, `</div><a href="/thread-%d.html#p%d">link</a></div>`, rng.IntN(99999), rng.IntN(99999))
	}
	return b.String()
}

// cpu returns the processor time that this process has used.
func cpu(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkFloor is the least that keeping a page can cost: one gzip at level 1 and two SHA-256 over it. Compare it with
// BenchmarkSave of the same run, by cpu-µs/op: wall time is the disk's and the neighbours'.
func BenchmarkFloor(b *testing.B) {
	pages := make([][]byte, 64)
	for n := range pages {
		pages[n] = page(n, forumPage(n)).Response
	}
	z, err := gzip.NewWriterLevel(io.Discard, gzip.BestSpeed)
	if err != nil {
		b.Fatal(err)
	}
	before := cpu(b)
	n := 0
	for b.Loop() {
		p := pages[n%len(pages)]
		z.Reset(io.Discard)
		_, _ = z.Write(p)
		_ = z.Close()
		_, _ = sha256.Sum256(p), sha256.Sum256(p[200:])
		n++
	}
	b.ReportMetric(float64((cpu(b)-before).Microseconds())/float64(n), "cpu-µs/op")
}

func BenchmarkSave(b *testing.B) {
	pages := make([]schemer.Exchange, 64)
	for n := range pages {
		pages[n] = page(n, forumPage(n))
	}
	for _, workers := range []int{1, 8} {
		b.Run(fmt.Sprintf("workers=%d", workers), func(b *testing.B) {
			a := open(b, b.TempDir(), nil)
			defer closeArchive(b, a)
			b.SetParallelism(workers)
			b.SetBytes(int64(len(pages[0].Response)))
			b.ReportAllocs()
			b.ResetTimer()
			before := cpu(b)
			b.RunParallel(func(pb *testing.PB) {
				for n := 0; pb.Next(); n++ {
					if _, err := a.Save(context.Background(), pages[n%len(pages):n%len(pages)+1]); err != nil {
						b.Error(err)
						return
					}
				}
			})
			b.ReportMetric(float64((cpu(b)-before).Microseconds())/float64(b.N), "cpu-µs/op")
		})
	}
}

func BenchmarkLoad(b *testing.B) {
	a := open(b, b.TempDir(), nil)
	defer closeArchive(b, a)
	x := page(1, forumPage(1))
	c := save(b, a, x)[0]
	b.ReportAllocs()
	for b.Loop() {
		if got := load(b, a, c); !bytes.Equal(got.Body, x.Body) {
			b.Fatal("other bytes")
		}
	}
}
