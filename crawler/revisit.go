package crawler

import (
	"hash/fnv"
	"math"
	"time"

	"schemer"
)

const day = 24 * time.Hour

// The bounds between which the interval of a page adapts, by kind. What a board or a sitemap vouches for with a mark
// is fetched again by itself only as gap repair, in more than a year.
const (
	minInterval  = time.Hour
	maxBoard     = 7 * day
	maxHome      = 14 * day
	maxSitePage  = 90 * day
	maxThread    = 180 * day
	repairPeriod = 400 * day
)

// estimator is the bias-reduced estimate of Cho and Garcia-Molina ("Estimating Frequency of Change", ACM TOIT 3(3),
// 2003) of how many times a page changes in one visit period, from changes seen in visits.
func estimator(visits, changes int) float64 {
	n, x := float64(visits), float64(min(changes, visits))
	return -math.Log((n - x + 0.5) / (n + 0.5))
}

// nextInterval is the wait before the next visit: the present period divided by the estimated changes in it, at most
// doubled at a time and kept between the bounds of the page's kind.
func nextInterval(t schemer.Target, every time.Duration) time.Duration {
	period := t.Interval
	if period <= 0 {
		period = every
	}
	floor, ceiling := max(minInterval, every/4), ceilingOf(t.Kind)
	if t.Visits <= 1 {
		return clamp(every, floor, max(ceiling, every))
	}
	next := 2 * period
	// The first visit showed nothing but the page's state; changes can be seen from the second.
	if rate := estimator(t.Visits-1, t.Changes); rate > 0.5 {
		next = time.Duration(float64(period) / rate)
	}
	return clamp(next, floor, max(ceiling, every))
}

func clamp(d, floor, ceiling time.Duration) time.Duration { return max(floor, min(d, ceiling)) }

func ceilingOf(kind schemer.TargetKind) time.Duration {
	switch kind {
	case schemer.TargetBoard:
		return maxBoard
	case schemer.TargetHome, schemer.TargetSitemap:
		return maxHome
	case schemer.TargetThread:
		return maxThread
	}
	return maxSitePage
}

// repairInterval spreads the occasional visit to what a mark vouches for over a further repair period, by URL.
func repairInterval(url string) time.Duration {
	h := fnv.New32a()
	_, _ = h.Write([]byte(url)) // a hash never fails
	return repairPeriod + repairPeriod/1000*time.Duration(h.Sum32()%1000)
}

// contentDigest is what a change is judged by: the texts of a page with posts, the threads and marks of a list.
func (c *Crawler) contentDigest(doc *schemer.Document) schemer.Digest {
	b := c.space.get(32 << 10)
	for i := range doc.Posts {
		p := &doc.Posts[i]
		b = appendFields(b, p.Number, p.Author, p.Title, p.Text, p.Signature)
	}
	for i := range doc.Links {
		if l := &doc.Links[i]; l.Kind == "thread" || l.Kind == "board" {
			b = appendFields(b, l.URL, l.Mark)
		}
	}
	digest := schemer.DigestOf(b)
	c.space.put(b)
	return digest
}

// appendFields appends fields one after another, told apart.
func appendFields(b []byte, fields ...string) []byte {
	for _, field := range fields {
		b = append(append(b, field...), 0)
	}
	return b
}
