package index

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/query"
	"golang.org/x/text/unicode/norm"

	"schemer"
)

func (b *bleveIndex) Search(ctx context.Context, q Query) (Page, error) {
	if err := q.check(); err != nil {
		return Page{}, err
	}
	n, err := parse(q.Text)
	if err != nil {
		return Page{}, err
	}
	after, err := q.after()
	if err != nil {
		return Page{}, err
	}
	start := time.Now()
	page, err := b.limiter.run(ctx, func(ctx context.Context) (page Page, err error) {
		err = b.use(func(g *generation) error {
			page, err = searchBleve(ctx, g.ix, q, n, after)
			return err
		})
		return page, err
	})
	page.Took = time.Since(start)
	return page, err
}

func searchBleve(ctx context.Context, ix bleve.Index, q Query, n node, after []string) (Page, error) {
	asked := bleveQuery(q, n)
	req := bleve.NewSearchRequestOptions(asked, q.Size+1, 0, false)
	req.Fields = storedFields
	req.Sort = bleveSort(q.Sort)
	req.SearchAfter = after
	for _, f := range q.Facets {
		req.AddFacet(f, bleve.NewFacetRequest(f, facetSize))
	}
	res, err := ix.SearchInContext(ctx, req)
	if err != nil {
		if strings.Contains(err.Error(), "TooManyClauses") {
			return Page{}, refuse("a word with a star or tilde stands for more than %d words; make it longer", maxClauses)
		}
		if ctxErr := ctx.Err(); ctxErr != nil {
			return Page{}, ctxErr
		}
		return Page{}, fmt.Errorf("search %q: %w", q.Text, err)
	}
	page := Page{ReadAs: n.String(), Hits: []Hit{}, Total: res.Total, Facets: bleveFacets(q.Facets, res.Facets)}
	hits := res.Hits
	if len(hits) > q.Size {
		hits = hits[:q.Size]
		if page.Next, err = q.next(bleveAfter(q.Sort, hits[q.Size-1])); err != nil {
			return Page{}, err
		}
	}
	found, err := bleveLocations(ctx, ix, asked, hits)
	if err != nil {
		return Page{}, err
	}
	for _, h := range hits {
		hit, err := bleveHit(h, found[h.ID])
		if err != nil {
			return Page{}, err
		}
		page.Hits = append(page.Hits, hit)
	}
	return page, nil
}

// bleveLocations tells where in the hits of a page the query matched. Asked for in the search itself, bleve would look up
// the places in every document that matches, which takes ten times as long for a common word.
func bleveLocations(ctx context.Context, ix bleve.Index, asked query.Query, hits search.DocumentMatchCollection) (map[string]search.FieldTermLocationMap, error) {
	found := map[string]search.FieldTermLocationMap{}
	if len(hits) == 0 {
		return found, nil
	}
	ids := make([]string, len(hits))
	for i, h := range hits {
		ids[i] = h.ID
	}
	req := bleve.NewSearchRequestOptions(bleve.NewConjunctionQuery(query.NewDocIDQuery(ids), asked), len(ids), 0, false)
	req.IncludeLocations = true
	res, err := ix.SearchInContext(ctx, req)
	if err != nil {
		return nil, fmt.Errorf("search: places of %d hits: %w", len(ids), err)
	}
	for _, h := range res.Hits {
		found[h.ID] = h.Locations
	}
	return found, nil
}

// facetSize bounds the values counted of a facet: twenty years of months.
const facetSize = 240

func bleveFacets(wanted []string, results search.FacetResults) []Facet {
	var out []Facet
	for _, name := range wanted {
		f := Facet{Field: name, Buckets: []Bucket{}}
		if r := results[name]; r != nil {
			f.Other = uint64(max(r.Other, 0))
			if r.Terms != nil {
				for _, t := range r.Terms.Terms() {
					f.Buckets = append(f.Buckets, Bucket{Value: t.Term, Count: uint64(t.Count)})
				}
			}
		}
		f.order()
		out = append(out, f)
	}
	return out
}

func bleveSort(s Sort) search.SortOrder {
	id := &search.SortDocID{}
	if s == ByRelevance {
		return search.SortOrder{&search.SortScore{Desc: true}, id}
	}
	// The type is left to bleve: only then does it take back its own sort values, which are not text.
	date := &search.SortField{Field: "posted", Missing: search.SortFieldMissingLast, Desc: s == NewestFirst}
	return search.SortOrder{date, id}
}

// bleveAfter is where the page after a hit begins. Bleve does not tell the score among the sort values.
func bleveAfter(s Sort, h *search.DocumentMatch) []string {
	if s == ByRelevance {
		return []string{strconv.FormatFloat(h.Score, 'g', -1, 64), h.ID}
	}
	return h.Sort
}

func bleveHit(h *search.DocumentMatch, found search.FieldTermLocationMap) (Hit, error) {
	var hit Hit
	texts := map[string]string{}
	for name, v := range h.Fields {
		if text, ok := v.(string); ok {
			texts[name] = text
		}
	}
	if err := json.Unmarshal([]byte(texts["shown"]), &hit); err != nil {
		return hit, fmt.Errorf("search: document %s: %w", h.ID, errors.Join(schemer.ErrIntegrity, err))
	}
	marks := map[string][]Span{}
	wanted := map[string]bool{}
	for name, terms := range found {
		for t, locations := range terms {
			if name == "skeleton" {
				wanted[t] = true
			}
			for _, l := range locations {
				marks[name] = append(marks[name], Span{int(l.Start), int(l.End)})
			}
		}
	}
	if len(wanted) > 0 {
		for _, f := range defaultFields {
			marks[f.name] = append(marks[f.name], undisguise(texts[f.name], wanted)...)
		}
	}
	hit.Score = h.Score
	hit.Fragments = fragments(texts, marks)
	return hit, nil
}

// bleveQuery translates a query.
func bleveQuery(q Query, n node) query.Query {
	parts := []query.Query{bleveNode(n)}
	for _, name := range sortedKeys(q.Filters) {
		var alts []query.Query
		for _, v := range q.Filters[name] {
			alts = append(alts, bleveTerm(name, fields[name].folded(v)))
		}
		parts = append(parts, bleve.NewDisjunctionQuery(alts...))
	}
	if !q.Since.IsZero() || !q.Until.IsZero() {
		parts = append(parts, bleveSpan("posted", q.Since, q.Until))
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return bleve.NewConjunctionQuery(parts...)
}

func bleveNode(n node) query.Query {
	switch n := n.(type) {
	case and:
		return bleveAnd(n)
	case or:
		alts := make([]query.Query, len(n))
		for i, alt := range n {
			alts[i] = bleveNode(alt)
		}
		return bleve.NewDisjunctionQuery(alts...)
	case not:
		return bleveAnd(and{n})
	case word:
		return bleveWord(n)
	case phrase:
		return perField(n.field, func(f string) query.FieldableQuery { return bleve.NewMatchPhraseQuery(n.text) })
	case prefix:
		return perField(n.field, func(f string) query.FieldableQuery { return bleve.NewPrefixQuery(foldKeyword(n.text)) })
	case suffix:
		return withField(bleve.NewPrefixQuery(reversed(n.text)), fields[n.field].name(n.field)+"_rev", 1)
	case fuzzy:
		return perField(n.field, func(f string) query.FieldableQuery {
			m := bleve.NewMatchQuery(n.text)
			m.SetFuzziness(n.edits)
			m.SetOperator(query.MatchQueryOperatorAnd)
			return m
		})
	case term:
		return bleveTerm(n.field, n.value)
	case span:
		return bleveSpan(fields[n.field].name(n.field), n.from, n.to)
	}
	return bleve.NewMatchAllQuery()
}

// bleveAnd keeps what must not match apart; an AND of nothing but negations is taken from everything.
func bleveAnd(n and) query.Query {
	var must, mustNot []query.Query
	for _, part := range n {
		if neg, ok := part.(not); ok {
			mustNot = append(mustNot, bleveNode(neg.node))
		} else {
			must = append(must, bleveNode(part))
		}
	}
	if len(mustNot) == 0 {
		return bleve.NewConjunctionQuery(must...)
	}
	if len(must) == 0 {
		must = append(must, bleve.NewMatchAllQuery())
	}
	b := bleve.NewBooleanQuery()
	b.AddMust(must...)
	b.AddMustNot(mustNot...)
	return b
}

// bleveWord searches for a word as written and for words disguised to look like it; a word that is itself disguised
// finds the plain one.
func bleveWord(w word) query.Query {
	plain := perField(w.field, func(string) query.FieldableQuery {
		if single(w.text) {
			return bleve.NewTermQuery(foldKeyword(w.text))
		}
		return bleve.NewMatchPhraseQuery(w.text)
	})
	if w.field != "" && w.field != "text" {
		return plain
	}
	alts := []query.Query{plain, withField(bleve.NewTermQuery(foldKeyword(w.text)), "skeleton", 0.9)}
	for _, s := range skeletons(w.text) {
		alts = append(alts, withField(bleve.NewTermQuery(s), "skeleton", 0.8))
		alts = append(alts, perField(w.field, func(string) query.FieldableQuery { return bleve.NewTermQuery(s) }))
	}
	return bleve.NewDisjunctionQuery(alts...)
}

// single tells whether the analyzer surely makes one token of a word: then it need not be searched for as a phrase,
// which is far slower. UAX 29 joins letters and digits of these scripts (rules WB5 to WB10).
func single(w string) bool {
	return !strings.ContainsFunc(norm.NFKC.String(w), func(r rune) bool {
		return !unicode.In(r, unicode.Latin, unicode.Cyrillic, unicode.Greek, unicode.Arabic, unicode.Hebrew) && !unicode.IsDigit(r)
	})
}

// perField asks one field, or the default ones.
func perField(name string, ask func(field string) query.FieldableQuery) query.Query {
	if name != "" {
		name = fields[name].name(name)
		return withField(ask(name), name, 1)
	}
	alts := make([]query.Query, len(defaultFields))
	for i, f := range defaultFields {
		alts[i] = withField(ask(f.name), f.name, f.boost)
	}
	return bleve.NewDisjunctionQuery(alts...)
}

func withField(q query.FieldableQuery, name string, boost float64) query.Query {
	q.SetField(name)
	if b, ok := q.(query.BoostableQuery); ok && boost != 1 {
		b.SetBoost(boost)
	}
	return q
}

func bleveTerm(name, value string) query.Query {
	return withField(bleve.NewTermQuery(value), fields[name].name(name), 1)
}

func bleveSpan(name string, from, to time.Time) query.Query {
	yes, no := true, false
	return withField(bleve.NewDateRangeInclusiveQuery(from, to, &yes, &no), name, 1)
}
