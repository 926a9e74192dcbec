package crawler

import (
	"context"
	"errors"
	"net/http"

	"github.com/gocolly/colly/v2"
)

// shell is one worker's colly collector: synchronous, without colly's own queue, limits, robots, revisit memory,
// redirects, body limit or charset conversion, all of which the crawler does itself.
type shell struct {
	collector *colly.Collector
}

const flightName = "flight"

func newShell(rt http.RoundTripper) *shell {
	c := colly.NewCollector()
	// Set after NewCollector, because it lets COLLY_* variables of the environment override its options.
	c.Async, c.AllowURLRevisit, c.IgnoreRobotsTxt, c.ParseHTTPErrorResponse = false, true, true, true
	c.MaxBodySize, c.MaxDepth, c.MaxRequests, c.CacheDir = 0, 0, 0, ""
	c.DetectCharset, c.TraceHTTP, c.CheckHead = false, false, false
	c.AllowedDomains, c.DisallowedDomains, c.URLFilters, c.DisallowedURLFilters = nil, nil, nil, nil
	c.Headers = nil
	c.SetClient(&http.Client{
		Transport:     rt,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	})
	// The body was read below colly; from here on callbacks see it, undisturbed by colly's charset handling.
	c.OnResponse(func(r *colly.Response) {
		if f, ok := r.Ctx.GetAny(flightName).(*flight); ok {
			r.Body = f.ex.Body
		}
	})
	return &shell{collector: c}
}

// get sends the flight. Its exchange is filled when the error is nil.
func (s *shell) get(ctx context.Context, f *flight, header http.Header, jar http.CookieJar) error {
	cctx := colly.NewContext()
	cctx.Put(flightName, f)
	s.collector.Context = context.WithValue(ctx, flightKey{}, f)
	s.collector.SetCookieJar(jar)
	err := s.collector.Request(http.MethodGet, f.url.String(), nil, cctx, header)
	s.collector.Context = context.Background()
	switch {
	case f.err != nil:
		return f.err
	case f.ex.Status != 0:
		return nil // an answer came; what colly makes of it does not matter
	case err == nil:
		err = errors.New("no answer")
	}
	return failed("protocol", err)
}
