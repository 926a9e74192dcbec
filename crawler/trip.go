package crawler

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"schemer"
)

// trip is the way of one target over its redirects, each hop an exchange of its own.
type trip struct {
	host      string
	exchanges []schemer.Exchange
	lent      [][]byte // the memory behind them
	onward    string   // canonical URL of a redirect that was not followed
	why       string   // and why: host, scope reason, robots, redirects
}

// last is the exchange the trip ended with, nil when there was none.
func (t *trip) last() *schemer.Exchange {
	if len(t.exchanges) == 0 {
		return nil
	}
	return &t.exchanges[len(t.exchanges)-1]
}

// ordinary says whether a trip brought one whole page of usual size: it may be finished beside the next fetch.
func (t *trip) ordinary() bool {
	last := t.last()
	return last != nil && last.Status == http.StatusOK && len(last.Response)+len(last.Body) < 256<<10
}

// follow fetches a target and what it redirects to on the same host; every hop is paced, checked against scope and
// robots.txt, and guarded. A robots.txt itself may be redirected to other hosts.
func (w *worker) follow(
	ctx context.Context, lease schemer.Lease, site *watched, target schemer.Target, payload schemer.Digest, header http.Header, verdict string,
) (*trip, error) {
	t := &trip{host: target.Host}
	u, err := url.Parse(target.URL)
	if err != nil {
		return t, failed("policy", err)
	}
	robots := target.Kind == schemer.TargetRobots
	for hop := 0; ; hop++ {
		if hop > 0 && !sleep(ctx, w.c.pace.next(u.Hostname()).Sub(w.c.clock.now())) {
			return t, context.Cause(ctx)
		}
		ex, lent, err := w.fetch(ctx, site, target, u, hop, payload, header, verdict)
		if err != nil {
			return t, err
		}
		t.exchanges, t.lent = append(t.exchanges, ex), append(t.lent, lent...)
		next := redirection(&ex, u)
		if next == nil {
			return t, nil
		}
		t.onward = next.String()
		switch {
		case hop+1 > w.c.limits.Redirect:
			t.why = "redirects"
		case !robots && next.Hostname() != u.Hostname():
			t.why = "host"
		case !robots:
			t.why = site.scope.refuse(next, target.Kind, target.Depth)
		}
		if t.why != "" {
			return t, nil
		}
		if !robots {
			state, err := w.robotsFor(ctx, lease, site, next)
			if err != nil {
				return t, err
			}
			if site.src.IgnoreRobots == "" && !state.allowed(next) {
				t.why = "robots"
				return t, nil
			}
			verdict = state.verdict
		}
		t.onward, u = "", next
	}
}

// robotsFor returns what an origin's robots.txt says, fetching it first when need be.
func (w *worker) robotsFor(ctx context.Context, lease schemer.Lease, site *watched, u *url.URL) (*robotsState, error) {
	if state := w.c.robots.get(originOf(u), w.c.clock.now()); state != nil {
		return state, nil
	}
	if !sleep(ctx, w.c.pace.next(u.Hostname()).Sub(w.c.clock.now())) {
		return nil, context.Cause(ctx)
	}
	return w.fetchRobots(ctx, lease, site, u)
}

// redirection returns where an answer sends us, canonical; nil when it does not.
func redirection(ex *schemer.Exchange, from *url.URL) *url.URL {
	switch ex.Status {
	case 301, 302, 303, 307, 308:
	default:
		return nil
	}
	location := strings.TrimSpace(ex.Header.Get("Location"))
	if location == "" || len(location) > maxURL {
		return nil
	}
	ref, err := from.Parse(tidyEscapes(location))
	if err != nil {
		return nil
	}
	next, err := canonicalURL(ref.String())
	if err != nil {
		return nil
	}
	return next
}

// fetch does one exchange and keeps the pace; the exchange lies in the memory that was lent.
func (w *worker) fetch(
	ctx context.Context, site *watched, target schemer.Target, u *url.URL, hop int, payload schemer.Digest, header http.Header, verdict string,
) (ex schemer.Exchange, lent [][]byte, err error) {
	f := &flight{url: u, egress: site.egress, private: site.src.AllowPrivate, limits: &w.c.limits, now: w.c.clock.now}
	f.ex.Target, f.ex.Hop = target, hop
	f.ex.Policy = schemer.Policy{
		UserAgent: w.c.userAgent(site.src), Robots: verdict, Basis: site.src.Basis,
		ConfigSHA256: w.c.opt.Config, Operator: w.c.opt.Operator,
	}
	if site.src.IgnoreRobots != "" {
		f.ex.Policy.Robots = "ignored: " + site.src.IgnoreRobots
	}
	if state := w.c.robots.get(originOf(u), w.c.clock.now()); state != nil {
		f.ex.Policy.RobotsSHA256 = state.digest
	}
	sent := header.Clone()
	sent.Set("User-Agent", f.ex.Policy.UserAgent)
	sent.Set("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.5")
	sent.Set("Accept-Language", "en,*;q=0.5")
	sent.Set("Accept-Encoding", "gzip")
	w.c.sent.Add(1)
	err = w.shell.get(ctx, f, sent, w.c.jars.get(site.src.ID, u.Hostname()))
	delay := w.delay(site, u)
	if err != nil {
		if ctx.Err() != nil {
			return f.ex, nil, context.Cause(ctx)
		}
		if classOf(err) == "tls" {
			w.c.pace.answered(u.Hostname(), w.c.clock.now(), delay) // it is there, but not so
		} else {
			w.c.pace.failed(u.Hostname(), w.c.clock.now(), delay, 0)
		}
		return f.ex, nil, fmt.Errorf("fetch %s: %w", f.ex.URL, err)
	}
	if payload != "" && f.ex.Status == http.StatusOK && f.ex.Truncated == "" && schemer.DigestOf(f.entity) == payload {
		f.ex.RevisitOf = earlierCapture(target)
	}
	if f.ex.Status == http.StatusNotModified {
		f.ex.RevisitOf = earlierCapture(target)
	}
	if f.ex.Status == http.StatusTooManyRequests || f.ex.Status == http.StatusServiceUnavailable {
		w.c.pace.failed(u.Hostname(), f.ex.FirstByte, delay, retryAfter(f.ex.Header, f.ex.FirstByte))
	} else {
		w.c.pace.answered(u.Hostname(), f.ex.FirstByte, delay)
	}
	return f.ex, f.lent, nil
}

// earlierCapture is the capture that a revisit record refers to.
func earlierCapture(t schemer.Target) *schemer.Capture {
	if t.LastID == "" {
		return nil
	}
	return &schemer.Capture{ID: t.LastID, URL: t.URL, Source: t.Source, FetchedAt: t.LastFetch, Payload: t.Payload}
}

// userAgent is a source's own or the honest default, which names the tool and who answers for it.
func (c *Crawler) userAgent(src schemer.Source) string {
	if src.UserAgent != "" {
		return src.UserAgent
	}
	agent := c.opt.Tool
	if c.opt.Operator != "" {
		agent += " (" + c.opt.Operator + ")"
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return -1
		}
		return r
	}, agent)
}

// interrupted says whether an error means that the run is being stopped, not that the fetch failed.
func interrupted(ctx context.Context, err error) bool {
	var fe *fetchError
	return ctx.Err() != nil && !errors.As(err, &fe)
}
