package scoring

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"schemer"
)

// Corpus hands out all posts as read, in any order. The post and what it points to are not used after yield returns,
// unless they are kept as evidence; an error from yield ends the walk and is returned.
type Corpus interface {
	Posts(yield func(*schemer.Post) error) error
}

// Posts is a corpus in memory.
type Posts []schemer.Post

// Posts calls yield for every post.
func (p Posts) Posts(yield func(*schemer.Post) error) error {
	for i := range p {
		if err := yield(&p[i]); err != nil {
			return err
		}
	}
	return nil
}

// Input is all that an edition is computed from.
type Input struct {
	Corpus   Corpus
	Rules    *Rules
	AsOf     time.Time        // scoring's clock; nothing later than it counts
	Edition  string           // the year
	Previous *schemer.Edition // to compare with; nil for the first edition
	Reader   string           // version of the reader that made the posts
	// Hits returns the hits of a post that were found before with the same rules; false to detect them now. It is
	// called by several goroutines at once.
	Hits func(*schemer.Post) ([]schemer.Hit, bool)
	// Decisions are bindings that analysts made: they come before those that the rules make.
	Decisions []schemer.Binding
	// Warned are names and domains of known honest hosters: they, and those that look like them, are never proposed.
	Warned []string
	// Without leaves out the posts of these sites; it is how sensitivity and leave-one-source-out are measured.
	Without []string
	Workers int // goroutines that detect; 0 means one per processor
}

// detector finds signals; [Rules] is one.
type detector interface {
	Detect(*schemer.Post) []schemer.Hit
	Signal(schemer.SignalID) schemer.Signal
	Digest() schemer.Digest
}

// batchSize posts are read by a worker at once.
const batchSize = 256

// census is what one walk over the corpus leaves in memory: the traces that matter, in a fixed order.
type census struct {
	traces  []*trace
	authors map[authorKey]*author
	buyers  map[buyerKey]bool // who speaks as a customer, by thread
	posts   int
	latest  time.Time // of all dated posts
	visited time.Time // newest visit of anything
	again   time.Time // first visit that found something changed or gone: others were visited again from then on
	digest  schemer.Digest
}

// authorKey names an account at a site.
type authorKey struct{ site, name string }

// buyerKey names an account in a thread.
type buyerKey struct{ site, thread, name string }

// author is how long and how much an account has written.
type author struct {
	first, last time.Time
	posts       int
	thread      string // the first met
	several     bool   // it wrote in more than one thread
}

// take reads the corpus once: detection runs on all processors, the result does not depend on the order of arrival.
func take(in Input, det detector) (*census, error) {
	workers := in.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	batches := make(chan []*schemer.Post, workers)
	parts := make([]part, workers)
	var group sync.WaitGroup
	for i := range parts {
		group.Go(func() { parts[i].run(batches, in, det) })
	}
	err := feed(in, batches)
	close(batches)
	group.Wait()
	if err != nil {
		return nil, fmt.Errorf("read corpus: %w", err)
	}
	return merge(parts), nil
}

// feed walks the corpus and hands its posts on in batches.
func feed(in Input, batches chan<- []*schemer.Post) error {
	if in.Corpus == nil {
		return errors.New("no corpus given")
	}
	without := map[string]bool{}
	for _, site := range in.Without {
		without[site] = true
	}
	batch := make([]*schemer.Post, 0, batchSize)
	err := in.Corpus.Posts(func(p *schemer.Post) error {
		if without[p.Site] || !in.AsOf.IsZero() && p.PostedAt.After(in.AsOf) {
			return nil
		}
		copied := *p
		if batch = append(batch, &copied); len(batch) == batchSize {
			batches <- batch
			batch = make([]*schemer.Post, 0, batchSize)
		}
		return nil
	})
	if len(batch) > 0 {
		batches <- batch
	}
	return err
}

// part is what one worker found.
type part struct {
	traces  []*trace
	authors map[authorKey]*author
	buyers  map[buyerKey]bool
	titles  map[[2]string]bool // boards and titles that are about hosting
	sums    [][sha256.Size]byte
	visited time.Time
	again   time.Time
}

func (w *part) run(batches <-chan []*schemer.Post, in Input, det detector) {
	w.authors, w.buyers, w.titles = map[authorKey]*author{}, map[buyerKey]bool{}, map[[2]string]bool{}
	for batch := range batches {
		for _, p := range batch {
			w.sums = append(w.sums, sumOf(p))
			w.meet(p)
			w.sight(p)
			hits, known := []schemer.Hit(nil), false
			if in.Hits != nil {
				hits, known = in.Hits(p)
			}
			if !known {
				hits = det.Detect(p)
			}
			t := newTrace(p, hits)
			trade := w.trade(t)
			if trade && t.cues[cueBuyer] > t.cues[cueAccuser] && !t.isPage() {
				w.buyers[buyerKey{t.site, t.thread, p.Author}] = true
			}
			if t.matters() || trade && t.tells() {
				t.trim()
				w.traces = append(w.traces, t)
			}
		}
	}
}

// sight notes when a post was visited.
func (w *part) sight(p *schemer.Post) {
	for _, at := range [...]time.Time{p.CapturedAt, p.LastSeen, p.GoneSince} {
		if at.After(w.visited) {
			w.visited = at
		}
	}
	w.again = earlier(w.again, p.GoneSince)
}

// earlier is the earlier of two times, a zero time being none.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// trade reports whether a post stands where hosting is talked of: its words, its thread's title or its board say so.
func (w *part) trade(t *trace) bool {
	if t.cues[cueServer] > 0 || t.isPage() {
		return true
	}
	key := [2]string{t.post.Board, t.post.Thread}
	about, known := w.titles[key]
	if !known {
		board, title := countCues(t.post.Board), countCues(t.post.Thread)
		about = board[cueServer]+title[cueServer]+board[cueSalesBoard] > 0 || tradeNamed(t.post.Thread) || strings.HasPrefix(t.post.Thread, "@")
		w.titles[key] = about
	}
	return about
}

// meet counts a post to its author.
func (w *part) meet(p *schemer.Post) {
	if p.Author == "" {
		return
	}
	key := authorKey{p.Site, p.Author}
	a := w.authors[key]
	if a == nil {
		a = &author{}
		w.authors[key] = a
	}
	a.meet(p.PostedAt, threadOf(p), 1)
}

func (a *author) meet(at time.Time, thread string, posts int) {
	a.posts += posts
	if a.thread == "" {
		a.thread = thread
	}
	a.several = a.several || thread != a.thread
	if at.IsZero() {
		return
	}
	if a.first.IsZero() || at.Before(a.first) {
		a.first = at
	}
	if at.After(a.last) {
		a.last = at
	}
}

// merge joins the workers' parts in a fixed order.
func merge(parts []part) *census {
	c := &census{authors: map[authorKey]*author{}, buyers: map[buyerKey]bool{}}
	var sums [][sha256.Size]byte
	for _, w := range parts {
		c.traces = append(c.traces, w.traces...)
		sums = append(sums, w.sums...)
		maps.Copy(c.buyers, w.buyers)
		c.again = earlier(c.again, w.again)
		if w.visited.After(c.visited) {
			c.visited = w.visited
		}
		for key, a := range w.authors {
			known := c.authors[key]
			if known == nil {
				c.authors[key] = a
				continue
			}
			known.several = known.several || a.several
			known.meet(a.first, a.thread, a.posts)
			known.meet(a.last, a.thread, 0)
		}
	}
	for _, a := range c.authors {
		if a.last.After(c.latest) {
			c.latest = a.last
		}
	}
	c.posts = len(sums)
	slices.SortFunc(sums, func(a, b [sha256.Size]byte) int { return slices.Compare(a[:], b[:]) })
	hash := sha256.New()
	for _, sum := range sums {
		hash.Write(sum[:])
	}
	c.digest = schemer.Digest(hex.EncodeToString(hash.Sum(nil)))
	slices.SortFunc(c.traces, func(a, b *trace) int {
		return cmp.Or(
			cmp.Compare(a.site, b.site),
			cmp.Compare(a.thread, b.thread),
			a.at.Compare(b.at),
			cmp.Compare(a.position, b.position),
			cmp.Compare(a.post.ID, b.post.ID),
			cmp.Compare(a.post.SHA256, b.post.SHA256),
			cmp.Compare(a.post.Text, b.post.Text),
		)
	})
	return c
}

// sumOf is the digest of what a post says and of whom, apart from when and how it was fetched.
func sumOf(p *schemer.Post) [sha256.Size]byte {
	hash := sha256.New()
	for _, field := range [...]string{string(p.ID), p.URL, p.Site, p.Thread, p.Author, p.PostedAt.UTC().Format(time.RFC3339), p.Title, p.Text, p.Signature} {
		hash.Write([]byte(field))
		hash.Write([]byte{0})
	}
	if p.Superseded || !p.GoneSince.IsZero() {
		hash.Write([]byte("past"))
	}
	return [sha256.Size]byte(hash.Sum(nil))
}

// threadOf names the thread that a post stands in, within its site.
func threadOf(p *schemer.Post) string {
	return cmp.Or(p.ThreadID, p.ThreadURL, p.Thread, p.URL)
}
