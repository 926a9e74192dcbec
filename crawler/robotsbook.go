package crawler

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"schemer"
)

// agentToken is the product token that robots.txt groups are matched with.
const agentToken = "schemer"

// robotsMaxAge is how long a robots.txt is relied on (RFC 9309 §2.4).
const robotsMaxAge = 24 * time.Hour

// notHere is the class of a host that does not live where its name leads: its server answers 421 (RFC 9110 §15.5.20) to
// the request for robots.txt and would so to any other.
const notHere = "status-421"

// robotsState is what is known of one origin's robots.txt.
type robotsState struct {
	file    *robotsFile // nil: allows everything (status 4xx) or, when unreachable, nothing
	verdict string      // allowed, none, unreachable
	digest  schemer.Digest
	fetched time.Time
	retry   time.Time // when unreachable: not before
	class   string    // when unreachable: why
}

func (s *robotsState) allowed(u *url.URL) bool {
	if s.verdict == "unreachable" {
		return false
	}
	return s.file == nil || s.file.allowed(u.RequestURI())
}

// robotsBook holds the robots.txt of every origin met in a run. Workers hold the lease of a host, so one origin is
// not fetched twice at once.
type robotsBook struct {
	mu      sync.Mutex
	origins map[string]*robotsState
}

func newRobotsBook() *robotsBook { return &robotsBook{origins: map[string]*robotsState{}} }

func originOf(u *url.URL) string { return u.Scheme + "://" + u.Host }

// get returns the state of an origin when it can still be relied on.
func (b *robotsBook) get(origin string, now time.Time) *robotsState {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := b.origins[origin]
	switch {
	case s == nil, now.Sub(s.fetched) > robotsMaxAge:
		return nil
	case s.verdict == "unreachable" && !now.Before(s.retry):
		return nil
	}
	return s
}

func (b *robotsBook) put(origin string, s *robotsState) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.origins[origin] = s
}

// delay is the gap between two requests to a host of a source: the source's own or the site's Crawl-delay.
func (w *worker) delay(site *watched, u *url.URL) time.Duration {
	d := delayOf(site.src)
	if site.src.Delay == 0 && w.c.own(u) {
		d = ownDelay
	}
	if s := w.c.robots.get(originOf(u), w.c.clock.now()); s != nil && s.file != nil && site.src.IgnoreRobots == "" {
		d = max(d, s.file.delay)
	}
	return d
}

// fetchRobots fetches an origin's robots.txt as evidence, following at most five redirects, and stores the outcome
// under the lease. It returns nil only with an error of the archive, the frontier or the context.
func (w *worker) fetchRobots(ctx context.Context, lease schemer.Lease, site *watched, u *url.URL) (*robotsState, error) {
	now := w.c.clock.now()
	origin := originOf(u)
	target := schemer.Target{
		URL: origin + "/robots.txt", Host: u.Hostname(), Source: site.src.ID, Kind: schemer.TargetRobots,
		Priority: basePriority(schemer.TargetRobots), Reason: "robots", DueAt: now,
	}
	if _, err := w.c.opt.Frontier.Add(ctx, []schemer.Target{target}); err != nil {
		return nil, fmt.Errorf("add %s: %w", target.URL, err)
	}
	if known, err := w.c.opt.Frontier.Known(ctx, target.URL); err == nil {
		target = known
	}
	trip, err := w.follow(ctx, lease, site, target, target.Payload, http.Header{}, "none")
	if ctx.Err() != nil && trip.last() == nil {
		return nil, context.Cause(ctx)
	}
	state := w.robotsOf(trip, err, now)
	w.c.robots.put(origin, state)
	if state.file != nil {
		w.c.pace.answered(u.Hostname(), trip.last().FirstByte, w.delay(site, u)) // its Crawl-delay holds at once
	}
	captures, saveErr := w.save(ctx, trip)
	if errors.Is(saveErr, errUnkept) {
		state.verdict, state.class, state.retry = "unreachable", "robots-unkept", now.Add(time.Hour)
	} else if saveErr != nil {
		return nil, saveErr
	}
	var left []schemer.Capture // by an earlier process
	for _, o := range w.c.orphans.take(target.URL, 0, maxHop) {
		left = append(left, o.capture)
	}
	outcome := schemer.Outcome{Target: target, Captures: append(left, captures...)}
	outcome.Target.Visits++
	outcome.Target.LastFetch = now
	if n := len(captures); n > 0 {
		outcome.Target.LastID, outcome.Target.Payload = captures[n-1].ID, captures[n-1].Payload
	}
	if state.verdict == "unreachable" {
		outcome.Error = state.class
	}
	w.c.tally.robots(site.src.ID, trip, state.verdict)
	w.c.log.DebugContext(ctx, "robots", "origin", origin, "verdict", state.verdict, "class", state.class)
	if err := w.done(ctx, lease, outcome); err != nil {
		return nil, err
	}
	return state, nil
}

// robotsOf reads the meaning out of what came back (RFC 9309 §2.3.1).
func (w *worker) robotsOf(trip *trip, err error, now time.Time) *robotsState {
	s := &robotsState{verdict: "none", fetched: now}
	last := trip.last()
	var fe *fetchError
	strayed := last != nil && errors.As(err, &fe) && fe.class == "policy" // redirected to where nobody goes
	switch {
	case err != nil && !strayed:
		s.verdict, s.class = "unreachable", "robots-"+classOf(err)
	case last == nil:
		s.verdict, s.class = "unreachable", "robots-policy"
	case last.Status >= 200 && last.Status < 300:
		s.verdict = "allowed"
		s.file = parseRobots(last.Body, agentToken, w.c.limits.Robots)
		s.digest = schemer.DigestOf(last.Body)
	case last.Status == http.StatusMisdirectedRequest:
		s.verdict, s.class, s.retry = "unreachable", notHere, now.Add(robotsMaxAge)
		return s
	case last.Status >= 500, last.Status == http.StatusTooManyRequests:
		s.verdict, s.class = "unreachable", "robots-"+statusClass(last.Status)
	}
	if s.verdict == "unreachable" {
		s.retry = w.c.pace.next(trip.host)
	}
	return s
}

func statusClass(status int) string { return "status-" + strconv.Itoa(status) }

// retryAfter reads the Retry-After of an answer (RFC 9110 §10.2.3): seconds or a date; zero when there is none.
func retryAfter(header http.Header, now time.Time) time.Duration {
	value := strings.TrimSpace(header.Get("Retry-After"))
	if value == "" {
		return 0
	}
	if seconds, err := strconv.Atoi(value); err == nil {
		return min(max(0, time.Duration(seconds)*time.Second), 24*time.Hour)
	}
	if at, err := http.ParseTime(value); err == nil {
		return min(max(0, at.Sub(now)), 24*time.Hour)
	}
	return 0
}
