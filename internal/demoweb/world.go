package demoweb

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"time"
)

// page is one page of a site's own, in the wording of one span of time.
type page struct {
	Path     string `json:"path"`
	Title    string `json:"title"`
	Lang     string `json:"lang"`
	From     day    `json:"from"`
	Until    day    `json:"until"`
	Markdown string `json:"markdown"`
}

// post is one utterance on a board.
type post struct {
	ID        int    `json:"id"`
	Author    string `json:"author"`
	Date      day    `json:"date"`
	Until     day    `json:"until"`
	Text      string `json:"text"`
	QuoteOf   int    `json:"quote_of"`
	Signature string `json:"signature"`
	Edited    day    `json:"edited"`

	thread *thread
	number int // 1 for the opening post, among the visible ones
	seq    int // the same among all that were ever written, so that it never moves
}

type thread struct {
	ID     int     `json:"id"`
	Title  string  `json:"title"`
	Sticky bool    `json:"sticky"`
	Posts  []*post `json:"posts"`

	board *board
	slug  string
}

type board struct {
	ID      int       `json:"id"`
	Name    string    `json:"name"`
	Threads []*thread `json:"threads"`

	slug string
}

// site is one host as it stands on the day that is served.
type site struct {
	Host        string   `json:"host"`
	Kind        string   `json:"kind"`
	Engine      string   `json:"engine"`
	Lang        string   `json:"lang"`
	Title       string   `json:"title"`
	Description string   `json:"description"`
	Pages       []*page  `json:"pages"`
	Boards      []*board `json:"boards"`

	boards   map[int]*board
	threads  map[int]*thread
	posts    map[int]*post // visible ones
	past     map[int]*post // all that were written by then, also the vanished ones: quotes outlive what they quote
	users    map[string]int
	activity map[string]int // posts by author
	staff    map[string]bool
	changed  time.Time
	quirks   quirks
	skin     *skin
}

// day is a date or an instant of the world; zero when not given.
type day struct{ time.Time }

// UnmarshalJSON reads "2006-01-02" or RFC 3339; null and "" are zero.
func (d *day) UnmarshalJSON(raw []byte) error {
	var s string
	if string(raw) == "null" {
		return nil
	}
	if err := json.Unmarshal(raw, &s); err != nil || s == "" {
		return err
	}
	layout := time.RFC3339
	if len(s) == len(time.DateOnly) {
		layout = time.DateOnly
	}
	t, err := time.Parse(layout, s)
	d.Time = t.UTC()
	return err
}

// spans says whether something that stands from d until the given day is seen at the given instant.
func (d day) spans(until day, at time.Time) bool {
	return (d.IsZero() || !at.Before(d.Time)) && (until.IsZero() || at.Before(until.Time))
}

// loadWorld reads every site and keeps what is visible at asOf; zero means the world's own newest day.
func loadWorld(world fs.FS, asOf time.Time) (map[string]*site, time.Time, error) {
	if asOf.IsZero() {
		raw, err := fs.ReadFile(world, "truth.json")
		if err != nil {
			return nil, asOf, fmt.Errorf("demoweb: which day it is: %w", err)
		}
		var truth struct {
			AsOf day `json:"as_of"`
		}
		if err := json.Unmarshal(raw, &truth); err != nil {
			return nil, asOf, fmt.Errorf("demoweb: truth.json: %w", err)
		}
		asOf = truth.AsOf.Time
	}
	files, err := fs.Glob(world, "sites/*.json")
	if err != nil {
		return nil, asOf, fmt.Errorf("demoweb: list the sites: %w", err)
	}
	sites := map[string]*site{}
	for _, file := range files {
		raw, err := fs.ReadFile(world, file)
		if err != nil {
			return nil, asOf, fmt.Errorf("demoweb: %w", err)
		}
		s := &site{}
		if err := json.Unmarshal(raw, s); err != nil {
			return nil, asOf, fmt.Errorf("demoweb: %s: %w", file, err)
		}
		s.at(asOf)
		if len(s.Pages)+len(s.posts) > 0 {
			sites[s.Host] = s
		}
	}
	if len(sites) == 0 {
		return nil, asOf, fmt.Errorf("demoweb: no site stands on %s", asOf.Format(time.DateOnly))
	}
	return sites, asOf, nil
}

// at drops what is not visible at the given instant and builds the lookups.
func (s *site) at(asOf time.Time) {
	s.boards, s.threads, s.posts, s.past = map[int]*board{}, map[int]*thread{}, map[int]*post{}, map[int]*post{}
	s.users, s.activity, s.staff = map[string]int{}, map[string]int{}, map[string]bool{}
	s.Pages = slices.DeleteFunc(s.Pages, func(p *page) bool { return !p.From.spans(p.Until, asOf) })
	for _, p := range s.Pages {
		s.touch(p.From.Time)
	}
	s.nameAddresses()
	var names []string
	for _, b := range s.Boards {
		s.boards[b.ID] = b
		for _, t := range b.Threads {
			t.board = b
			slices.SortStableFunc(t.Posts, func(a, b *post) int { return a.Date.Compare(b.Date.Time) })
			for _, p := range t.Posts {
				names = append(names, p.Author)
			}
			s.visible(t, asOf)
		}
		b.Threads = slices.DeleteFunc(b.Threads, func(t *thread) bool { return len(t.Posts) == 0 })
		slices.SortStableFunc(b.Threads, func(x, y *thread) int {
			if x.Sticky != y.Sticky {
				if x.Sticky {
					return -1
				}
				return 1
			}
			return cmp.Or(y.last().Date.Compare(x.last().Date.Time), cmp.Compare(y.ID, x.ID))
		})
	}
	slices.Sort(names)
	for i, name := range slices.Compact(names) {
		s.users[name] = 2 + i
	}
}

// nameAddresses gives every board and thread a slug of its own.
func (s *site) nameAddresses() {
	taken := map[string]bool{}
	own := func(title string, id int) string {
		name := slug(title)
		if taken[name] {
			name += "-" + strconv.Itoa(id)
		}
		taken[name] = true
		return name
	}
	for _, b := range s.Boards {
		b.slug = own(b.Name, b.ID)
		for _, t := range b.Threads {
			t.slug = own(t.Title, t.ID)
		}
	}
}

func (s *site) visible(t *thread, asOf time.Time) {
	kept := t.Posts[:0:0]
	for i, p := range t.Posts {
		p.thread, p.seq = t, i+1
		if !p.Date.After(asOf) {
			s.past[p.ID] = p
		}
		if !p.Date.spans(p.Until, asOf) {
			if !p.Until.After(asOf) {
				s.touch(p.Until.Time) // its going is a change too
			}
			continue
		}
		kept = append(kept, p)
		p.number = len(kept)
		s.posts[p.ID] = p
		s.activity[p.Author]++
		s.touch(p.Date.Time)
		if t.Sticky && p.number == 1 {
			s.staff[p.Author] = true
		}
	}
	t.Posts = kept
	if len(kept) > 0 {
		s.threads[t.ID] = t
	}
}

func (s *site) touch(t time.Time) {
	if t.After(s.changed) {
		s.changed = t
	}
}

// hasBoards says whether people talk here: a forum, or a site with comments or reviews.
func (s *site) hasBoards() bool { return len(s.Boards) > 0 }

// find returns the page at a path; the path's trailing slash is ignored.
func (s *site) find(path string) *page {
	for _, p := range s.Pages {
		if p.Path == path || p.Path == strings.TrimSuffix(path, "/") && path != "/" {
			return p
		}
	}
	return nil
}

func (t *thread) first() *post { return t.Posts[0] }
func (t *thread) last() *post  { return t.Posts[len(t.Posts)-1] }

// rank is the title that boards print under a name.
func (s *site) rank(author string) string {
	switch n := s.activity[author]; {
	case s.staff[author]:
		return "Moderator"
	case n <= 1:
		return "New member"
	case n < 6:
		return "Member"
	default:
		return "Senior member"
	}
}

// slug is the decoration that engines put into addresses: letters and digits of any script, joined by hyphens.
func slug(title string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(title) {
		switch {
		case isWord(r):
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	return cmp.Or(strings.Trim(b.String(), "-"), "topic")
}
