package web

import (
	"errors"
	"net/http"
	"net/url"

	"schemer"
	"schemer/index"
)

// searchData is what the search page shows. Message replaces the page when the query could not be understood.
type searchData struct {
	Query   string
	Message string
	Page    index.Page
	Sort    string
	Facets  []facetView
	Next    string // address of the next page
}

// facetView is a facet whose values are links that narrow the query down.
type facetView struct {
	Field   string
	Buckets []bucketView
}

type bucketView struct {
	Value string
	Count uint64
	Link  string
}

// piece is a stretch of a fragment, marked when it matched.
type piece struct {
	Text   string
	Marked bool
}

func (s *server) search(w http.ResponseWriter, r *http.Request) {
	values := r.URL.Query()
	data := searchData{Query: values.Get("q"), Sort: values.Get("sort")}
	if data.Query == "" {
		s.render(w, r, http.StatusOK, "search", data)
		return
	}
	page, err := s.House.Search(r.Context(), index.Query{
		Text: data.Query, After: values.Get("after"), Sort: index.Sort(values.Get("sort")),
		Facets: []string{"site", "kind", "lang", "signal", "grade", "month"},
	})
	if errors.Is(err, schemer.ErrUsage) {
		data.Message = err.Error()
		s.render(w, r, http.StatusBadRequest, "search", data)
		return
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if !s.viewed(w, r, "search "+data.Query) {
		return
	}
	data.Page = page
	lang := values.Get("lang")
	link := func(query, after string) string {
		v := url.Values{"q": {query}}
		for key, value := range map[string]string{"after": after, "lang": lang, "sort": values.Get("sort")} {
			if value != "" {
				v.Set(key, value)
			}
		}
		return "/search?" + v.Encode()
	}
	for _, f := range page.Facets {
		view := facetView{Field: f.Field}
		for _, b := range f.Buckets[:min(len(f.Buckets), maxBuckets)] {
			view.Buckets = append(view.Buckets, bucketView{b.Value, b.Count, link(data.Query+" "+narrow(f.Field, b.Value), "")})
		}
		data.Facets = append(data.Facets, view)
	}
	if page.Next != "" {
		data.Next = link(data.Query, page.Next)
	}
	s.render(w, r, http.StatusOK, "search", data)
}

// maxBuckets bounds the values shown of a facet; the most frequent come first.
const maxBuckets = 12

// narrow writes one facet value as a term of the query language.
func narrow(field, value string) string {
	if field == "month" {
		return "posted:" + value
	}
	return field + `:"` + value + `"`
}

// pieces cuts a fragment at its marks, so that the template can mark matches without any crawled markup.
func pieces(f index.Fragment) []piece {
	var out []piece
	last := 0
	for _, m := range f.Marks {
		out = append(out, piece{Text: f.Text[last:m.Start]}, piece{Text: f.Text[m.Start:m.End], Marked: true})
		last = m.End
	}
	return append(out, piece{Text: f.Text[last:]})
}
