package evidence_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

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
			b.RunParallel(func(pb *testing.PB) {
				for n := 0; pb.Next(); n++ {
					if _, err := a.Save(context.Background(), pages[n%len(pages):n%len(pages)+1]); err != nil {
						b.Error(err)
						return
					}
				}
			})
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
