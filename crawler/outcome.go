package crawler

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"time"

	"schemer"
)

// outcome reads what a trip brought and says what it changes.
func (w *worker) outcome(ctx context.Context, site *watched, t schemer.Target, trip *trip, captures []schemer.Capture) harvested {
	now := w.c.clock.now()
	last, capture := trip.last(), captures[len(captures)-1]
	h := harvested{Outcome: schemer.Outcome{Target: t, Captures: captures}}
	every := everyOf(site.src)
	switch status := last.Status; {
	case status == http.StatusNotModified, last.RevisitOf != nil:
		w.visited(&h, now, last, capture)
		if status == http.StatusOK && (t.Kind == schemer.TargetBoard || t.Kind == schemer.TargetHome) {
			w.read(ctx, &h, site, last, capture, now) // the same list vouches for the same threads
			h.Document = nil
		}
		h.NextDue = w.due(&h.Target, every, now)
	case trip.onward != "" || status >= 300 && status < 400:
		w.redirected(&h, site, trip, capture, now)
	case status == http.StatusNotFound, status == http.StatusGone:
		h.Gone, h.Error, h.NextDue = true, statusClass(status), now.Add(restGone)
		if t.LastDigest == "" {
			h.NextDue = now.Add(repairPeriod) // it never was there
		}
		h.Target.LastFetch = now
		h.Target.Visits++
	case status == http.StatusTooManyRequests, status >= 500:
		h.Error, h.Retry, h.NextDue = statusClass(status), true, w.c.pace.next(t.Host)
		if t.Attempts+1 >= maxAttempts {
			h.Retry, h.NextDue = false, now.Add(restFailed)
		}
	case status >= 400:
		h.Error, h.NextDue = statusClass(status), now.Add(restFailed)
		if site.src.Discovered && t.Kind == schemer.TargetHome && t.LastDigest == "" {
			h.NextDue = now.Add(repairPeriod) // nothing was ever read there
		}
		w.visited(&h, now, last, capture)
	case t.Kind == schemer.TargetSitemap:
		w.visited(&h, now, last, capture)
		w.readSitemap(&h, site, last, capture, now)
		h.NextDue = w.due(&h.Target, every, now)
	default:
		w.visited(&h, now, last, capture)
		w.read(ctx, &h, site, last, capture, now)
	}
	return h
}

// visited brings the target's memory of its visits up to date.
func (w *worker) visited(h *harvested, now time.Time, last *schemer.Exchange, capture schemer.Capture) {
	t := &h.Target
	t.Visits++
	t.Attempts = 0
	t.LastFetch = now
	if last.RevisitOf != nil {
		return // the body is where it was
	}
	t.LastID, t.Payload = capture.ID, capture.Payload
	t.ETag, t.Modified = last.Header.Get("ETag"), last.Header.Get("Last-Modified")
	if len(t.ETag) > 256 {
		t.ETag = ""
	}
	// Engines that always say "now" say nothing (forums.md trap: SMF, FluxBB, PunBB).
	if at, err := http.ParseTime(t.Modified); err != nil || justNow(at, last.Header, now) {
		t.Modified = ""
	}
}

// justNow says whether a modification time is merely that of the answer.
func justNow(at time.Time, header http.Header, now time.Time) bool {
	if date, err := http.ParseTime(header.Get("Date")); err == nil {
		now = date
	}
	return now.Sub(at) < 5*time.Second
}

// due schedules the next visit of a page that was visited. What its board vouches for rests until its mark moves.
func (w *worker) due(t *schemer.Target, every time.Duration, now time.Time) time.Time {
	t.Interval = nextInterval(*t, every)
	if marked := t.LastMark != "" && t.Kind == schemer.TargetThread; marked || t.Kind == schemer.TargetBoard && t.Thread != "" {
		t.Interval = repairInterval(t.URL)
	}
	return now.Add(t.Interval)
}

// redirected finishes a target that sent us elsewhere without our going there now.
func (w *worker) redirected(h *harvested, site *watched, trip *trip, capture schemer.Capture, now time.Time) {
	h.Target.Visits++
	h.Target.LastFetch = now
	h.Target.Attempts = 0
	h.NextDue = now.Add(maxSitePage)
	switch trip.why {
	case "host":
		w.moveOn(h, site, trip.onward, capture, now)
	case "redirects":
		h.Error = "redirects"
		w.c.tally.trap(site.src.ID, "redirects")
	case "":
		h.Error = "redirect"
	default:
		h.Error = "redirect-" + strings.ReplaceAll(trip.why, " ", "-")
	}
}

// moveOn deals with a redirect to another host: one of the source's own is fetched when that host is leased, another
// one is a site of its own.
func (w *worker) moveOn(h *harvested, site *watched, onward string, capture schemer.Capture, now time.Time) {
	u, err := url.Parse(onward)
	if err != nil {
		return
	}
	if site.scope.owns(u.Hostname()) {
		if site.scope.refuse(u, h.Target.Kind, h.Target.Depth) == "" {
			next := h.Target
			next.URL, next.Host, next.Reason, next.DueAt, next.FoundOn = onward, u.Hostname(), "redirect", now, capture.ID
			next.ETag, next.Modified, next.LastDigest, next.LastID, next.Payload = "", "", "", "", ""
			next.Visits, next.Changes, next.Interval, next.LastFetch = 0, 0, 0, time.Time{}
			h.Found = append(h.Found, next)
		}
		return
	}
	if site.src.Kind != schemer.KindForum {
		w.discover(h, site, u, "redirect", capture, now)
	}
}

// readable says whether a body may be a page.
func readable(header http.Header) bool {
	mediaType, _, _ := strings.Cut(strings.ToLower(header.Get("Content-Type")), ";")
	mediaType = strings.TrimSpace(mediaType)
	return mediaType == "" || strings.HasPrefix(mediaType, "text/") || strings.HasSuffix(mediaType, "/json") ||
		strings.HasSuffix(mediaType, "+json") || strings.HasSuffix(mediaType, "/xml") || strings.HasSuffix(mediaType, "+xml")
}

// read reads a page and gathers its links.
func (w *worker) read(ctx context.Context, h *harvested, site *watched, last *schemer.Exchange, capture schemer.Capture, now time.Time) {
	every := everyOf(site.src)
	if !readable(last.Header) {
		h.Error, h.NextDue = "not-a-page", now.Add(restScope)
		return
	}
	doc, err := w.c.readSafely(capture, last.Header, last.Body)
	if err != nil {
		w.c.log.ErrorContext(ctx, "reader failed", "url", capture.URL, "capture", capture.ID, "err", err)
		h.Error, h.NextDue = "reader", now.Add(restFailed)
		return
	}
	if last.Truncated != "" && doc.Degraded == "" {
		doc.Degraded = "truncated"
	}
	h.Document = &doc
	if h.Target.Thread == "" && doc.Kind == schemer.PageThread && len(doc.Posts) > 0 {
		// A later page may be met before its thread's first: its posts say where that is.
		if head, err := Canonical(doc.Posts[0].ThreadURL); err == nil && head != h.Target.URL {
			h.Target.Thread = head
		}
	}
	digest := w.c.contentDigest(&doc)
	if h.Target.LastDigest != "" && h.Target.LastDigest != digest {
		h.Target.Changes++
	}
	h.Target.LastDigest = digest
	switch doc.Kind {
	case schemer.PageLogin, schemer.PageSoft404:
		h.Error, h.NextDue = string(doc.Kind), now.Add(restGone)
	case schemer.PageChallenge:
		h.Error, h.NextDue = string(doc.Kind), now.Add(restChallenge)
	default:
		if site.src.Discovered && forumLike(&doc) {
			site.shrink(forumBudget)
		}
		if site.src.Guessed && h.Target.Kind == schemer.TargetHome && !sellsServers(&doc) {
			site.shrink(0)
		}
		w.links(ctx, h, site, capture, now)
		h.NextDue = w.due(&h.Target, every, now)
	}
	w.watchTraps(ctx, h, site, &doc)
}

// readSafely turns a reader's panic into an error: no page may end a crawl.
func (c *Crawler) readSafely(capture schemer.Capture, header http.Header, body []byte) (doc schemer.Document, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("read %s: panic: %v\n%s", capture.URL, r, debug.Stack())
		}
	}()
	return c.opt.Reader.Read(capture, header, body), nil
}

// forumLike says whether a page is one of somebody's forum.
func forumLike(doc *schemer.Document) bool {
	return doc.Kind == schemer.PageIndex || doc.Kind == schemer.PageBoard || doc.Kind == schemer.PageThread
}

// watchTraps counts the page for its pattern of URLs.
func (w *worker) watchTraps(ctx context.Context, h *harvested, site *watched, doc *schemer.Document) {
	u, err := url.Parse(h.Target.URL)
	if err != nil {
		return
	}
	folded, numbered := pattern(u)
	news := false
	for i := range doc.Posts {
		p := &doc.Posts[i]
		if w.c.said.put(w.c.said.key(string(site.src.ID), p.Author, p.Text)) {
			news = true
		}
	}
	if !news && h.Error == "" {
		for i := range doc.Links {
			if l := &doc.Links[i]; (l.Kind == "thread" || l.Kind == "board") && w.c.said.put(w.c.said.key(string(site.src.ID), l.URL)) {
				news = true
			}
		}
	}
	var hash uint64
	if !forumLike(doc) {
		hash = simhash(doc.Posts)
	}
	if reason := site.observe(folded, h.Target.Kind, numbered, news, hash); reason != "" {
		w.c.tally.trap(site.src.ID, reason)
		w.c.log.InfoContext(ctx, "trap", "source", site.src.ID, "pattern", folded, "reason", reason)
	}
}

// readSitemap gathers the pages of a sitemap.
func (w *worker) readSitemap(h *harvested, site *watched, last *schemer.Exchange, capture schemer.Capture, now time.Time) {
	for _, entry := range parseSitemap(last.Body, &w.c.limits) {
		u, err := canonicalURL(entry.url)
		if err != nil {
			continue
		}
		t := schemer.Target{
			URL: u.String(), Host: u.Hostname(), Source: site.src.ID, Depth: h.Target.Depth + 1, FoundOn: capture.ID,
			Reason: "sitemap", LastMark: entry.lastmod, DueAt: now,
		}
		t.Kind = pageKind(u, "", schemer.TargetPage)
		if entry.index {
			t.Kind = schemer.TargetSitemap
		}
		if site.scope.refuse(u, t.Kind, t.Depth) != "" || t.URL == h.Target.URL || entry.index && t.Depth > 2 {
			continue
		}
		t.Priority = w.priority(site, t, "") - 2
		if key := w.c.seen.key(string(site.src.ID), t.URL, t.LastMark); !w.c.seen.has(key) {
			h.keys = append(h.keys, key)
			h.Found = append(h.Found, t)
		}
	}
}
