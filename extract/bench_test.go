package extract

import (
	"bytes"
	"testing"

	"golang.org/x/net/html"
)

// BenchmarkParse is what any reader pays at least: one x/net/html parse of each saved page. BenchmarkRead is all of the
// reading, mentions included, of the same pages.
func BenchmarkParse(b *testing.B) {
	pages, size := benchPages(b)
	b.SetBytes(size)
	for b.Loop() {
		for _, in := range pages {
			if _, err := html.ParseWithOptions(bytes.NewReader(in.Body), html.ParseOptionEnableScripting(false)); err != nil {
				b.Fatal(err)
			}
		}
	}
}

func BenchmarkRead(b *testing.B) {
	pages, size := benchPages(b)
	b.SetBytes(size)
	for b.Loop() {
		for _, in := range pages {
			Read(in)
		}
	}
}

func benchPages(b *testing.B) (pages []Input, size int64) {
	b.Helper()
	for _, f := range fixtures(b) {
		if in := f.input(b); sortOfBody(in.Capture.ContentType, in.Body) == bodyHTML {
			pages = append(pages, in)
			size += int64(len(in.Body))
		}
	}
	return pages, size
}
