package index_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"schemer"
	"schemer/index"
)

// vocabulary makes words whose frequency falls as in real text (Zipf).
type vocabulary struct{ zipf *rand.Zipf }

func newVocabulary() vocabulary {
	return vocabulary{rand.NewZipf(rand.New(rand.NewPCG(1, 2)), 1.1, 4, 50_000)}
}

// wordOf spells a number in letters.
func wordOf(n uint64) string {
	b := []byte("w")
	for ; n > 0; n /= 26 {
		b = append(b, 'a'+byte(n%26))
	}
	return string(b)
}

func (v vocabulary) post(i int) index.Doc {
	var b strings.Builder
	for range 120 {
		b.WriteString(wordOf(v.zipf.Uint64()))
		b.WriteByte(' ')
	}
	if i%50 == 0 {
		b.WriteString("bulletproof hosting, abuse ignored")
	}
	p := &schemer.Post{
		ID: schemer.PostID(fmt.Sprintf("p%d", i)), Site: fmt.Sprintf("s%d.example", i%20), Source: schemer.SourceID(fmt.Sprintf("s%d", i%20)),
		Kind: schemer.PostForum, Engine: "phpbb", Author: fmt.Sprintf("author%d", i%1000), Lang: "en", Text: b.String(),
		PostedAt: time.Date(2016, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(i%3650) * 24 * time.Hour),
	}
	return index.Doc{Post: p, Signals: []schemer.SignalID{schemer.SignalID(fmt.Sprintf("x%d", i%30))}}
}

// BenchmarkPut measures one post of about 700 bytes, in batches of 1000.
func BenchmarkPut(b *testing.B) {
	ix := open(b, "bleve:"+b.TempDir(), index.Options{})
	v := newVocabulary()
	docs := make([]index.Doc, b.N)
	for i := range docs {
		docs[i] = v.post(i)
	}
	b.ResetTimer()
	if err := ix.Put(b.Context(), docs); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkSearch asks 20,000 posts what analysts ask.
func BenchmarkSearch(b *testing.B) {
	ix := open(b, "bleve:"+b.TempDir(), index.Options{Timeout: time.Minute})
	v := newVocabulary()
	docs := make([]index.Doc, 20_000)
	for i := range docs {
		docs[i] = v.post(i)
	}
	if err := ix.Put(b.Context(), docs); err != nil {
		b.Fatal(err)
	}
	for name, q := range map[string]index.Query{
		"words":   {Text: "bulletproof abuse"},
		"common":  {Text: wordOf(1)},
		"phrase":  {Text: `"abuse ignored"`},
		"facets":  {Text: "bulletproof", Facets: []string{"source", "site", "kind", "lang", "engine", "signal", "grade", "month"}},
		"newest":  {Text: wordOf(1), Sort: index.NewestFirst},
		"filters": {Text: wordOf(5) + " site:s3.example posted:2020..2024 signal:x3"},
		"prefix":  {Text: "bullet*"},
		"fuzzy":   {Text: "bulletqroof~1"},
		"all":     {Facets: []string{"month"}},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				search(b, ix, q)
			}
		})
	}
}
