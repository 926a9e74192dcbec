package index

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/opensearch-project/opensearch-go/v4/opensearchapi"
	"golang.org/x/text/unicode/norm"
)

// object is a JSON object of OpenSearch's query language.
type object = map[string]any

// openSearchSettings is the explicit mapping. OpenSearch has no NFKC filter without a plug-in, so that text is sent
// normalised (see record.openSearch).
func openSearchSettings() object {
	props := object{"shown": object{"type": "keyword", "index": false, "doc_values": false}, "id": object{"type": "keyword"}}
	for _, f := range textFields {
		props[f.name] = object{"type": "text", "analyzer": analyzer, "index_options": "offsets"}
	}
	for name, f := range fields {
		if f.kind != keyword {
			continue
		}
		props[name] = object{"type": "keyword", "doc_values": contains(facetFields, name)}
		if f.reversed {
			props[name+"_rev"] = object{"type": "keyword", "doc_values": false}
		}
	}
	for _, name := range []string{"posted", "captured"} {
		props[name] = object{"type": "date"}
	}
	return object{
		"settings": object{"analysis": object{"analyzer": object{analyzer: object{"type": "custom", "tokenizer": "standard", "filter": []string{"lowercase"}}}}},
		"mappings": object{"dynamic": "strict", "properties": props},
	}
}

// openSearch is the record as OpenSearch takes it.
func (r record) openSearch() object {
	m := object{"id": r.id, "shown": r.shown}
	for name, text := range r.text {
		m[name] = norm.NFKC.String(text)
	}
	for name, words := range r.words {
		m[name] = words
	}
	for name, t := range r.times {
		m[name] = t.Format(time.RFC3339Nano)
	}
	return m
}

// The marks around what matched: private-use characters, which no page has a reason to hold; see unmark.
const (
	markStart = "\uE0F0"
	markEnd   = "\uE0F1"
)

func (s *openSearchIndex) Search(ctx context.Context, q Query) (Page, error) {
	if err := q.check(); err != nil {
		return Page{}, err
	}
	n, err := parse(q.Text)
	if err != nil {
		return Page{}, err
	}
	body, err := openSearchBody(q, n)
	if err != nil {
		return Page{}, err
	}
	start := time.Now()
	page, err := s.limiter.run(ctx, func(ctx context.Context) (Page, error) {
		res, err := s.client.Search(ctx, &opensearchapi.SearchReq{Indices: []string{s.alias}, Body: bytes.NewReader(body)})
		if err != nil {
			if strings.Contains(err.Error(), "too_many") {
				return Page{}, refuse("a word with a star or tilde stands for too many words; make it longer")
			}
			return Page{}, fmt.Errorf("search %q: %w", q.Text, err)
		}
		return openSearchPage(q, n, res)
	})
	page.Took = time.Since(start)
	return page, err
}

// openSearchBody writes a search request.
func openSearchBody(q Query, n node) ([]byte, error) {
	after, err := q.after()
	if err != nil {
		return nil, err
	}
	filter := []any{}
	for _, name := range sortedKeys(q.Filters) {
		var values []string
		for _, v := range q.Filters[name] {
			values = append(values, fields[name].folded(v))
		}
		filter = append(filter, object{"terms": object{fields[name].name(name): values}})
	}
	if !q.Since.IsZero() || !q.Until.IsZero() {
		filter = append(filter, openSearchSpan("posted", q.Since, q.Until))
	}
	highlighted := object{}
	for _, name := range fragmentFields {
		highlighted[name] = object{"number_of_fragments": 0}
	}
	body := object{
		"query": object{"bool": object{"must": openSearchNode(n), "filter": filter}}, "size": q.Size + 1, "track_total_hits": true,
		"sort": openSearchSort(q.Sort), "track_scores": true, "_source": storedFields,
		"highlight": object{"fields": highlighted, "pre_tags": []string{markStart}, "post_tags": []string{markEnd}, "require_field_match": true},
	}
	if after != nil {
		values := make([]json.RawMessage, len(after))
		for i, v := range after {
			values[i] = json.RawMessage(v)
		}
		body["search_after"] = values
	}
	if len(q.Facets) > 0 {
		aggs := object{}
		for _, f := range q.Facets {
			aggs[f] = object{"terms": object{"field": f, "size": facetSize}}
		}
		body["aggs"] = aggs
	}
	raw, err := json.Marshal(body)
	if err != nil {
		return nil, fmt.Errorf("search %q: %w", q.Text, err)
	}
	return raw, nil
}

// Undated posts come last. They are given dates, in milliseconds, that no post has: the sort value that OpenSearch gives
// to "_last" does not survive JSON numbers and so cannot be handed back to it.
const (
	beforeAll = 0
	afterAll  = 32_503_680_000_000 // the year 3000
)

func openSearchSort(s Sort) []any {
	id := object{"id": "asc"}
	switch s {
	case NewestFirst:
		return []any{object{"posted": object{"order": "desc", "missing": beforeAll}}, id}
	case OldestFirst:
		return []any{object{"posted": object{"order": "asc", "missing": int64(afterAll)}}, id}
	}
	return []any{object{"_score": "desc"}, id}
}

// openSearchNode translates a query.
func openSearchNode(n node) object {
	switch n := n.(type) {
	case and:
		must, mustNot := []any{}, []any{}
		for _, part := range n {
			if neg, ok := part.(not); ok {
				mustNot = append(mustNot, openSearchNode(neg.node))
			} else {
				must = append(must, openSearchNode(part))
			}
		}
		return object{"bool": object{"must": must, "must_not": mustNot}}
	case or:
		alts := make([]any, len(n))
		for i, alt := range n {
			alts[i] = openSearchNode(alt)
		}
		return anyOf(alts...)
	case not:
		return openSearchNode(and{n})
	case word:
		return openSearchWord(n)
	case phrase:
		return openSearchPerField(n.field, func(f string, boost float64) object { return matchPhrase(f, n.text, boost) })
	case prefix:
		return openSearchPerField(n.field, func(f string, boost float64) object {
			return object{"prefix": object{f: object{"value": foldKeyword(n.text), "boost": boost}}}
		})
	case suffix:
		return object{"prefix": object{fields[n.field].name(n.field) + "_rev": object{"value": reversed(n.text)}}}
	case fuzzy:
		return openSearchPerField(n.field, func(f string, boost float64) object {
			return object{"match": object{f: object{"query": norm.NFKC.String(n.text), "fuzziness": n.edits, "operator": "and", "boost": boost}}}
		})
	case term:
		return object{"term": object{fields[n.field].name(n.field): object{"value": n.value}}}
	case span:
		return openSearchSpan(fields[n.field].name(n.field), n.from, n.to)
	}
	return object{"match_all": object{}}
}

func openSearchWord(w word) object {
	plain := openSearchPerField(w.field, func(f string, boost float64) object { return matchPhrase(f, w.text, boost) })
	if w.field != "" && w.field != "text" {
		return plain
	}
	alts := []any{plain, object{"term": object{"skeleton": object{"value": foldKeyword(w.text), "boost": 0.9}}}}
	for _, s := range skeletons(w.text) {
		alts = append(alts, object{"term": object{"skeleton": object{"value": s, "boost": 0.8}}},
			openSearchPerField(w.field, func(f string, boost float64) object {
				return object{"term": object{f: object{"value": s, "boost": boost}}}
			}))
	}
	return anyOf(alts...)
}

func matchPhrase(field, text string, boost float64) object {
	return object{"match_phrase": object{field: object{"query": norm.NFKC.String(text), "boost": boost}}}
}

func openSearchPerField(name string, ask func(field string, boost float64) object) object {
	if name != "" {
		return ask(fields[name].name(name), 1)
	}
	alts := make([]any, len(defaultFields))
	for i, f := range defaultFields {
		alts[i] = ask(f.name, f.boost)
	}
	return anyOf(alts...)
}

func anyOf(alts ...any) object {
	return object{"bool": object{"should": alts, "minimum_should_match": 1}}
}

func openSearchSpan(name string, from, to time.Time) object {
	r := object{}
	if !from.IsZero() {
		r["gte"] = from.UTC().Format(time.RFC3339Nano)
	}
	if !to.IsZero() {
		r["lt"] = to.UTC().Format(time.RFC3339Nano)
	}
	return object{"range": object{name: r}}
}
