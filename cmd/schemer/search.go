package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"schemer"
	"schemer/index"
	"schemer/internal/pipeline"
)

func (a *app) searchCommand() *cobra.Command {
	var q index.Query
	var source, site, since, until, order string
	cmd := &cobra.Command{
		Use:   "search QUERY...",
		Short: "query the index, with highlights and facets",
		Long: `Words are searched literally and all must be there; "in quotes" as a phrase; -word excludes; OR, parentheses,
prefix*, word~1. Fields: source: site: author: kind: lang: signal: grade: reseller: domain: handle:
posted:2025-01..2026-06. How the query was understood is printed first. See docs/queries.md.`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			q.Text, q.Filters = strings.Join(args, " "), map[string][]string{}
			for field, value := range map[string]string{"source": source, "site": site} {
				if value != "" {
					q.Filters[field] = []string{value}
				}
			}
			var err error
			if q.Since, err = parseMonth("--since", since); err != nil {
				return err
			}
			if q.Until, err = parseMonth("--until", until); err != nil {
				return err
			}
			q.Sort = index.Sort(order)
			q.Facets = []string{"site", "kind", "lang", "signal", "grade", "month"}
			page, err := pipeline.Search(cmd.Context(), a.options(), q)
			if err != nil {
				return err
			}
			if a.JSON {
				enc := json.NewEncoder(os.Stdout)
				enc.SetEscapeHTML(false)
				err = enc.Encode(page)
			} else {
				err = printPage(os.Stdout, page)
			}
			if err == nil && page.Total == 0 {
				return fmt.Errorf("%w: no post matches %s", schemer.ErrNotFound, page.ReadAs)
			}
			return err
		},
	}
	f := cmd.Flags()
	f.StringVar(&source, "source", "", "only this source")
	f.StringVar(&site, "site", "", "only this host")
	f.StringVar(&since, "since", "", "posted at or after: 2026-01 or 2026-01-15")
	f.StringVar(&until, "until", "", "posted before")
	f.StringVar(&order, "sort", "", "relevance (default), newest or oldest")
	f.IntVar(&q.Size, "size", 20, "hits a page")
	f.StringVar(&q.After, "after", "", "the cursor that the page before ended with")
	return cmd
}

func parseMonth(flag, s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{"2006-01", time.DateOnly, "2006", time.RFC3339} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, nil
		}
	}
	return time.Time{}, usage("%s %q: write 2026, 2026-01 or 2026-01-15", flag, s)
}

// printPage prints hits with their fragments, what matched between »«, and the facets.
func printPage(out io.Writer, page index.Page) error {
	var w strings.Builder
	fmt.Fprintf(&w, "read as: %s\n%d hits\n", printable(page.ReadAs), page.Total)
	for _, h := range page.Hits {
		fmt.Fprintf(&w, "\n%s  %s  %s\n  %s\n", when(h.PostedAt), printable(firstOf(h.Author, "(page)")), printable(firstOf(h.Thread, h.Title)), printable(h.URL))
		for _, f := range h.Fragments {
			fmt.Fprintf(&w, "  %s: %s\n", f.Field, marked(f))
		}
	}
	for _, f := range page.Facets {
		if len(f.Buckets) == 0 {
			continue
		}
		parts := make([]string, 0, len(f.Buckets))
		for _, b := range f.Buckets {
			parts = append(parts, fmt.Sprintf("%s %d", printable(b.Value), b.Count))
		}
		fmt.Fprintf(&w, "\n%s: %s", f.Field, strings.Join(parts, " · "))
	}
	fmt.Fprintln(&w)
	if page.Next != "" {
		fmt.Fprintf(&w, "more: --after %s\n", page.Next)
	}
	_, err := io.WriteString(out, w.String())
	return err
}

func marked(f index.Fragment) string {
	var b strings.Builder
	last := 0
	for _, m := range f.Marks {
		b.WriteString(printable(f.Text[last:m.Start]) + "»" + printable(f.Text[m.Start:m.End]) + "«")
		last = m.End
	}
	return b.String() + printable(f.Text[last:])
}
