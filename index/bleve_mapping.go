package index

import (
	"fmt"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/custom"
	keywordanalyzer "github.com/blevesearch/bleve/v2/analysis/analyzer/keyword"
	"github.com/blevesearch/bleve/v2/analysis/token/lowercase"
	"github.com/blevesearch/bleve/v2/analysis/token/unicodenorm"
	"github.com/blevesearch/bleve/v2/analysis/tokenizer/unicode"
	"github.com/blevesearch/bleve/v2/mapping"
	bleveindex "github.com/blevesearch/bleve_index_api"
)

// analyzer is how text is taken apart: Unicode words (UAX 29), NFKC, lower case. No stemming and no stop words: hosters'
// jargon is not in any dictionary, and "no" decides what a sentence says.
const analyzer = "schemer"

// textFields are the analysed fields and whether their text is kept for fragments.
var textFields = []struct {
	name   string
	stored bool
}{{"text", true}, {"title", true}, {"thread", true}, {"signature", true}, {"quotes", true}, {"skeleton", false}}

// storedFields are what a hit needs.
var storedFields = []string{"shown", "text", "title", "thread", "signature", "quotes"}

func bleveMapping() (mapping.IndexMapping, error) {
	m := bleve.NewIndexMapping()
	m.ScoringModel = bleveindex.BM25Scoring
	err := m.AddCustomTokenFilter("nfkc", map[string]any{"type": unicodenorm.Name, "form": unicodenorm.NFKC})
	if err == nil {
		err = m.AddCustomAnalyzer(analyzer, map[string]any{
			"type": custom.Name, "tokenizer": unicode.Name, "token_filters": []string{"nfkc", lowercase.Name},
		})
	}
	if err != nil {
		return nil, fmt.Errorf("index: analyzer: %w", err)
	}
	doc := bleve.NewDocumentStaticMapping()
	for _, f := range textFields {
		t := bleve.NewTextFieldMapping()
		t.Analyzer, t.Store, t.IncludeTermVectors, t.IncludeInAll, t.DocValues = analyzer, f.stored, true, false, false
		doc.AddFieldMappingsAt(f.name, t)
	}
	for name, f := range fields {
		if f.kind != keyword {
			continue
		}
		doc.AddFieldMappingsAt(name, keywordMapping(contains(facetFields, name)))
		if f.reversed {
			doc.AddFieldMappingsAt(name+"_rev", keywordMapping(false))
		}
	}
	for _, name := range []string{"posted", "captured"} {
		t := bleve.NewDateTimeFieldMapping()
		t.Store, t.IncludeInAll, t.DocValues = false, false, true
		doc.AddFieldMappingsAt(name, t)
	}
	shown := bleve.NewTextFieldMapping()
	shown.Index, shown.Store, shown.IncludeInAll, shown.IncludeTermVectors, shown.DocValues = false, true, false, false, false
	doc.AddFieldMappingsAt("shown", shown)
	all := bleve.NewDocumentDisabledMapping()
	doc.AddSubDocumentMapping("_all", all)
	m.DefaultMapping = doc
	m.DefaultAnalyzer = analyzer
	return m, nil
}

func keywordMapping(counted bool) *mapping.FieldMapping {
	t := bleve.NewTextFieldMapping()
	t.Analyzer, t.Store, t.IncludeInAll, t.IncludeTermVectors, t.DocValues = keywordanalyzer.Name, false, false, false, counted
	return t
}

// bleve is the record as bleve takes it.
func (r record) bleve() map[string]any {
	m := map[string]any{"shown": r.shown}
	for name, text := range r.text {
		m[name] = text
	}
	for name, words := range r.words {
		m[name] = words
	}
	for name, t := range r.times {
		m[name] = t
	}
	return m
}
