package index

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/opensearch-project/opensearch-go/v4/opensearchapi"

	"schemer"
)

// openSearchPage reads an answer.
func openSearchPage(q Query, n node, res *opensearchapi.SearchResp) (Page, error) {
	if res.Timeout || res.Shards.Failed > 0 {
		return Page{}, fmt.Errorf("search %q: %w: %d of %d shards failed, timed out: %t", q.Text, schemer.ErrPartial, res.Shards.Failed, res.Shards.Total, res.Timeout)
	}
	page := Page{ReadAs: n.String(), Hits: []Hit{}, Total: uint64(max(res.Hits.Total.Value, 0)), TotalAtLeast: res.Hits.Total.Relation == "gte"}
	var err error
	if page.Facets, err = openSearchFacets(q.Facets, res.Aggregations); err != nil {
		return Page{}, err
	}
	hits := res.Hits.Hits
	if len(hits) > q.Size {
		hits = hits[:q.Size]
		after := make([]string, 0, 2)
		for _, v := range hits[q.Size-1].Sort {
			raw, err := json.Marshal(v)
			if err != nil {
				return Page{}, fmt.Errorf("search %q: sort value: %w", q.Text, err)
			}
			after = append(after, string(raw))
		}
		if page.Next, err = q.next(after); err != nil {
			return Page{}, err
		}
	}
	wanted := wantedSkeletons(n)
	for _, h := range hits {
		hit, err := openSearchHit(h, wanted)
		if err != nil {
			return Page{}, err
		}
		page.Hits = append(page.Hits, hit)
	}
	return page, nil
}

func openSearchHit(h opensearchapi.SearchHit, wanted map[string]bool) (Hit, error) {
	var hit Hit
	var texts map[string]string
	err := json.Unmarshal(h.Source, &texts)
	if err == nil {
		err = json.Unmarshal([]byte(texts["shown"]), &hit)
	}
	if err != nil {
		return hit, fmt.Errorf("search: document %s: %w", h.ID, errors.Join(schemer.ErrIntegrity, err))
	}
	marks := map[string][]Span{}
	for name, whole := range h.Highlight {
		if len(whole) == 1 {
			marks[name] = unmark(texts[name], whole[0])
		}
	}
	for _, f := range defaultFields {
		marks[f.name] = append(marks[f.name], undisguise(texts[f.name], wanted)...)
	}
	hit.Score = float64(h.Score)
	hit.Fragments = fragments(texts, marks)
	return hit, nil
}

// unmark finds the marks that the engine put into a whole field. When the field holds such characters itself, so that
// the two differ in more than the marks, nothing is marked rather than the wrong thing.
func unmark(text, marked string) []Span {
	var out []Span
	var plain strings.Builder
	for rest := marked; ; {
		before, after, ok := strings.Cut(rest, markStart)
		plain.WriteString(before)
		if !ok {
			break
		}
		inside, behind, ok := strings.Cut(after, markEnd)
		if !ok {
			return nil
		}
		start := plain.Len()
		plain.WriteString(inside)
		out = append(out, Span{start, plain.Len()})
		rest = behind
	}
	if plain.String() != text {
		return nil
	}
	return out
}

// wantedSkeletons are the skeletons that a query looks for.
func wantedSkeletons(n node) map[string]bool {
	wanted := map[string]bool{}
	var walk func(node)
	walk = func(n node) {
		switch n := n.(type) {
		case and:
			for _, part := range n {
				walk(part)
			}
		case or:
			for _, part := range n {
				walk(part)
			}
		case word:
			if n.field == "" || n.field == "text" {
				wanted[foldKeyword(n.text)] = true
				for _, s := range skeletons(n.text) {
					wanted[s] = true
				}
			}
		}
	}
	walk(n)
	return wanted
}

func openSearchFacets(wanted []string, raw json.RawMessage) ([]Facet, error) {
	if len(wanted) == 0 {
		return nil, nil
	}
	var aggs map[string]struct {
		Other   uint64 `json:"sum_other_doc_count"`
		Buckets []struct {
			Key   string `json:"key"`
			Count uint64 `json:"doc_count"`
		} `json:"buckets"`
	}
	if err := json.Unmarshal(raw, &aggs); err != nil {
		return nil, fmt.Errorf("search: facets: %w", err)
	}
	var out []Facet
	for _, name := range wanted {
		f := Facet{Field: name, Buckets: []Bucket{}, Other: aggs[name].Other}
		for _, b := range aggs[name].Buckets {
			f.Buckets = append(f.Buckets, Bucket{Value: b.Key, Count: b.Count})
		}
		f.order()
		out = append(out, f)
	}
	return out, nil
}
