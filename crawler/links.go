package crawler

import (
	"context"
	"net/url"
	"strings"
	"time"

	"schemer"
)

// basePriority is the expected yield of a kind of target, before what is known of the one.
func basePriority(kind schemer.TargetKind) int {
	switch kind {
	case schemer.TargetRobots:
		return 100
	case schemer.TargetHome:
		return 90
	case schemer.TargetBoard:
		return 80
	case schemer.TargetLegal:
		return 78
	case schemer.TargetThread:
		return 60
	case schemer.TargetSitemap:
		return 79 // before the pages, since it says which of them moved
	case schemer.TargetArticle:
		return 40
	}
	return 30
}

// priority orders targets by what they are likely to bring: boards and threads of market talk and the legal pages of
// sites before chatter, near pages before far ones.
func (w *worker) priority(site *watched, t schemer.Target, text string) int {
	p := basePriority(t.Kind)
	switch t.Kind {
	case schemer.TargetBoard, schemer.TargetThread:
		if marketTalk(text) {
			p += 9
		}
	case schemer.TargetLegal:
		u, err := url.Parse(t.URL)
		if rank := 0; err == nil {
			rank = legalRank(text, u.Path)
			p += 6 - max(rank, 1)
		}
		p -= min(t.Depth, 10)
	default:
		p -= min(t.Depth, 10)
	}
	if site.src.Kind == schemer.KindForum && (t.Kind == schemer.TargetLegal || t.Kind == schemer.TargetPage) {
		p -= 40
	}
	return p
}

// pageKind is the kind of a page of no particular kind by its link: legal when its words say so.
func pageKind(u *url.URL, text string, otherwise schemer.TargetKind) schemer.TargetKind {
	if legalRank(text, u.Path) > 0 {
		return schemer.TargetLegal
	}
	return otherwise
}

// maxFound is how many targets one page may hand over; the longest honest lists stay far below.
const maxFound = 3000

// links hands over what a page links to: pages of the source itself by kind, and sites it names.
func (w *worker) links(ctx context.Context, h *harvested, site *watched, capture schemer.Capture, now time.Time) {
	doc := h.Document
	moved := w.moved(ctx, h)
	h.Target.Next = ""
	for i := range doc.Links {
		if len(h.Found) >= maxFound {
			w.c.tally.trap(site.src.ID, "too many links")
			break
		}
		l := &doc.Links[i]
		switch l.Kind {
		case "noise", "profile", "attachment", "post", "last":
			continue
		case "external":
			w.external(h, site, l, capture, now)
			continue
		case "next":
			w.nextPage(h, site, l, capture, now, moved)
			continue
		}
		w.inside(h, site, l, capture, now)
	}
	w.named(h, site, capture, now)
	if h.Target.Kind == schemer.TargetHome {
		w.sitemaps(h, site, capture, now)
	}
}

// inside hands over one link to a page of the source.
func (w *worker) inside(h *harvested, site *watched, l *schemer.Link, capture schemer.Capture, now time.Time) {
	key := w.c.seen.key(string(site.src.ID), l.URL, l.Kind, l.Mark)
	if w.c.seen.has(key) {
		return
	}
	h.keys = append(h.keys, key)
	u, err := canonicalURL(l.URL)
	if err != nil {
		return
	}
	t := schemer.Target{
		URL: u.String(), Host: u.Hostname(), Source: site.src.ID, Depth: h.Target.Depth + 1, FoundOn: capture.ID,
		Anchor: clip(l.Text, 200), Reason: "link", DueAt: now,
	}
	switch l.Kind {
	case "board":
		t.Kind, t.Depth = schemer.TargetBoard, h.Target.Depth
	case "thread":
		t.Kind, t.Depth, t.LastMark = schemer.TargetThread, h.Target.Depth, l.Mark
	case "legal":
		t.Kind = schemer.TargetLegal
	case "article":
		t.Kind, t.LastMark = schemer.TargetArticle, l.Mark
	default:
		t.Kind = pageKind(u, l.Text, schemer.TargetPage)
	}
	if site.scope.refuse(u, t.Kind, t.Depth) != "" || t.URL == h.Target.URL || site.scope.isHome(u) {
		return
	}
	if bareHost(u.Hostname()) != site.scope.host && t.Kind != schemer.TargetLegal {
		return // of the other hosts of a domain only the pages that matter most
	}
	if folded, _ := pattern(u); site.trapped(folded) != "" {
		return
	}
	if site.src.Kind == schemer.KindForum && (t.Kind == schemer.TargetPage || t.Kind == schemer.TargetLegal) && !site.mayStray() {
		return
	}
	t.Priority = w.priority(site, t, l.Text)
	h.Found = append(h.Found, t)
}

// nextPage hands over the page after this one and remembers it as the target's next.
func (w *worker) nextPage(h *harvested, site *watched, l *schemer.Link, capture schemer.Capture, now time.Time, moved bool) {
	u, err := canonicalURL(l.URL)
	if err != nil || h.Target.Next != "" {
		return
	}
	kind := h.Target.Kind
	switch h.Document.Kind {
	case schemer.PageIndex, schemer.PageBoard:
		kind = schemer.TargetBoard
	case schemer.PageThread, schemer.PageReviews:
		kind = schemer.TargetThread
	}
	if kind == schemer.TargetHome {
		kind = schemer.TargetPage
	}
	t := schemer.Target{
		URL: u.String(), Host: u.Hostname(), Source: site.src.ID, Kind: kind, Depth: h.Target.Depth, FoundOn: capture.ID,
		Anchor: clip(l.Text, 200), Reason: "link", LastMark: h.Target.LastMark, Thread: first(h.Target.Thread, h.Target.URL), DueAt: now,
	}
	if kind != schemer.TargetThread && kind != schemer.TargetBoard {
		t.Depth++
		t.Thread = ""
	}
	if site.scope.refuse(u, kind, t.Depth) != "" || t.URL == h.Target.URL {
		return
	}
	h.Target.Next = t.URL
	if folded, _ := pattern(u); site.trapped(folded) != "" {
		return
	}
	t.Priority = h.Target.Priority + 1
	if kind == schemer.TargetBoard {
		t.Priority = h.Target.Priority - 1
		t.LastMark = ""
		if h.Target.Visits > 1 { // read before: only what moved leads on
			if !moved {
				return
			}
			t.LastMark = string(h.Target.LastDigest)[:16]
		}
	}
	h.Found = append(h.Found, t)
}

// moved says, for a list of threads that was read before, whether one that is not sticky is new or has another mark
// than the frontier knows; and it notes those whose mark vouches that they are as they were. Lists without marks
// always count as moved.
func (w *worker) moved(ctx context.Context, h *harvested) bool {
	if h.Target.Visits <= 1 || h.Document.Kind != schemer.PageBoard && h.Document.Kind != schemer.PageIndex {
		return true
	}
	any, threads := false, 0
	for i := range h.Document.Links {
		l := &h.Document.Links[i]
		if l.Kind != "thread" {
			continue
		}
		threads++
		u, err := canonicalURL(l.URL)
		if err != nil {
			continue
		}
		known, err := w.c.opt.Frontier.Known(ctx, u.String())
		if err == nil && known.LastMark == l.Mark && l.Mark != "" && known.Visits > 0 {
			w.c.unmoved.Store(known.URL, true)
			continue
		}
		any = any || !l.Sticky
	}
	return any || threads == 0
}

// sitemaps hands over the sitemaps that robots.txt names, or the usual one. A forum's boards say more.
func (w *worker) sitemaps(h *harvested, site *watched, capture schemer.Capture, now time.Time) {
	if site.src.Kind == schemer.KindForum || site.src.Discovered && forumLike(h.Document) {
		return
	}
	u, err := url.Parse(h.Target.URL)
	if err != nil {
		return
	}
	list := []string{originOf(u) + "/sitemap.xml"}
	if state := w.c.robots.get(originOf(u), now); state != nil && state.file != nil && len(state.file.sitemaps) > 0 {
		list = state.file.sitemaps[:min(5, len(state.file.sitemaps))]
	}
	for _, address := range list {
		su, err := canonicalURL(address)
		if err != nil || site.scope.refuse(su, schemer.TargetSitemap, 1) != "" {
			continue
		}
		h.Found = append(h.Found, schemer.Target{
			URL: su.String(), Host: su.Hostname(), Source: site.src.ID, Kind: schemer.TargetSitemap, Depth: 1,
			Priority: basePriority(schemer.TargetSitemap), FoundOn: capture.ID, Reason: "sitemap", DueAt: now,
		})
	}
}

// clip cuts s to at most n bytes at a rune's border.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "")
}
