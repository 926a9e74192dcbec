package crawler

import (
	_ "embed"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"schemer"
)

// sharedServices lists hosts that everybody uses for something: their names in a post tell nothing about who sells
// server space.
//
//go:embed shared.txt
var sharedServices string

// sharedHosts is sharedServices as a set of domains.
var sharedHosts = func() map[string]bool {
	out := map[string]bool{}
	for line := range strings.Lines(sharedServices) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			out[line] = true
		}
	}
	return out
}()

// talks says whether a kind of source names other people's sites.
func talks(kind schemer.SourceKind) bool {
	switch kind {
	case schemer.KindForum, schemer.KindReview, schemer.KindBlog, schemer.KindNews, schemer.KindDirectory, schemer.KindChannel:
		return true
	}
	return false
}

// named discovers the sites that the posts of a page name: in their text, signatures, quotes or anywhere.
func (w *worker) named(h *harvested, site *watched, capture schemer.Capture, now time.Time) {
	all := talks(site.src.Kind)
	if all && !w.c.opt.NoGuess {
		w.guess(h, site, capture, now)
	}
	for i := range h.Document.Posts {
		for _, m := range h.Document.Posts[i].Mentions {
			address := m.Value
			switch m.Kind {
			case "domain", "onion":
				address = "http://" + strings.TrimPrefix(strings.TrimPrefix(address, "http://"), "https://")
			case "url":
			default:
				continue
			}
			key := w.c.seen.key("site", address)
			if w.c.seen.has(key) {
				continue
			}
			h.keys = append(h.keys, key)
			u, err := canonicalURL(address)
			if err != nil {
				continue
			}
			if all || isOnion(u.Hostname()) || sibling(u.Hostname(), site.scope.host) {
				w.discover(h, site, u, m.Raw, capture, now)
			}
		}
	}
}

// external discovers the site that a link leads to.
func (w *worker) external(h *harvested, site *watched, l *schemer.Link, capture schemer.Capture, now time.Time) {
	key := w.c.seen.key("site", l.URL)
	if w.c.seen.has(key) {
		return
	}
	h.keys = append(h.keys, key)
	u, err := canonicalURL(l.URL)
	if err != nil {
		return
	}
	if talks(site.src.Kind) || sibling(u.Hostname(), site.scope.host) || isOnion(u.Hostname()) {
		w.discover(h, site, u, l.Text, capture, now)
	}
}

// sibling says whether two hosts look like one brand under another domain: a seller that names its new or mirror site.
func sibling(a, b string) bool {
	a, b = brand(a), brand(b)
	return len(a) >= 5 && len(b) >= 5 && (strings.HasPrefix(a, b) || strings.HasPrefix(b, a))
}

// brand is the letters and digits of a host's registrable domain before its first dot.
func brand(host string) string {
	label, _, _ := strings.Cut(registrable(host), ".")
	return strings.ReplaceAll(label, "-", "")
}

// discover makes a site that nobody watches yet a source, with its home to be visited, and hands over the very page
// that was named when the site is a discovered one.
func (w *worker) discover(h *harvested, site *watched, u *url.URL, text string, capture schemer.Capture, now time.Time) {
	host := bareHost(u.Hostname())
	if !plausibleSite(host) || host == site.scope.host {
		return
	}
	owner := w.c.sources.ownerOf(host)
	if owner == "" {
		owner = w.c.sources.ownerOf(registrable(host))
	}
	var found *watched
	if owner == "" {
		found = w.found(h, site, u, host, capture, false)
	} else if known := w.c.sources.get(owner); known != nil && known.src.Discovered {
		found = known
	}
	if found == nil || found.onion {
		return
	}
	if owner == "" {
		h.Found = append(h.Found, schemer.Target{
			URL: found.scope.home, Host: hostOf(found.scope.home), Source: found.src.ID, Kind: schemer.TargetHome,
			Priority: basePriority(schemer.TargetHome), FoundOn: capture.ID, Anchor: clip(text, 200), Reason: "discovered", DueAt: now,
		})
	}
	page := schemer.Target{
		URL: u.String(), Host: u.Hostname(), Source: found.src.ID, Kind: pageKind(u, text, schemer.TargetPage), Depth: 1,
		FoundOn: capture.ID, Anchor: clip(text, 200), Reason: "discovered", DueAt: now,
	}
	if page.URL != found.scope.home && u.Path != "/" && found.scope.refuse(u, page.Kind, page.Depth) == "" {
		page.Priority = w.priority(found, page, text)
		h.Found = append(h.Found, page)
	}
}

// maxSitesAPage is how many new sites one page may name; a longer list is no talk.
const maxSitesAPage = 40

// found puts a new source in the book and in the outcome; nil when the run has found enough. It goes out the way of
// the source that named it, since its name came from there.
func (w *worker) found(h *harvested, site *watched, u *url.URL, host string, capture schemer.Capture, guessed bool) *watched {
	if len(h.Sites) >= maxSitesAPage || !site.mayName(w.c.opt.MaxSites/2) || !w.c.sources.claim(w.c.opt.MaxSites) {
		return nil
	}
	src := schemer.Source{
		ID: schemer.SourceID(host), URL: u.Scheme + "://" + u.Host + "/", Kind: schemer.KindUnknown, Basis: site.src.Basis,
		Every: siteEvery, MaxPages: siteBudget, Delay: site.src.Delay, Egress: site.src.Egress, UserAgent: site.src.UserAgent,
		Discovered: true, Guessed: guessed, FoundOn: capture.URL,
	}
	if isOnion(host) && !site.egress.reachesOnion() && w.c.opt.Onion != "" {
		src.Egress = w.c.opt.Onion
	}
	sc, err := newScope(src)
	if err != nil || sc.refuse(u, schemer.TargetRobots, 0) != "" {
		return nil
	}
	found, err := w.c.sources.add(src, w.c.opt)
	if err != nil {
		return nil
	}
	h.Sites = append(h.Sites, src)
	return found
}

// plausibleSite says whether a host may be somebody's own site on the public net.
func plausibleSite(host string) bool {
	if _, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil || numeric(host) || len(host) > 253 {
		return false
	}
	if inside(host) || noiseFile["."+host[strings.LastIndexByte(host, '.')+1:]] {
		return false
	}
	for domain := host; domain != ""; {
		if sharedHosts[domain] {
			return false
		}
		_, rest, found := strings.Cut(domain, ".")
		if !found {
			break
		}
		domain = rest
	}
	return true
}
