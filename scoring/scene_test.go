package scoring_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"schemer"
	"schemer/extract"
	"schemer/internal/demoweb"
	"schemer/scoring"
)

// A scene is a small internet of a few hosts in plain words, and what must be found out about it. Scenes stand in
// testdata/scenes; they are served in the markup of real engines and read by the real reader. A file reads
//
//	=== name of the scene
//	@ host kind engine lang          a host; kind, engine and language as in the demo world
//	/path | Title of a page          its text follows, indented
//	## Name of a board
//	### Title of a thread
//	- nick | 2026-03-01 | signature  a post; its text follows, indented; the signature may be left out
//	? seat KEY XX                    what is expected; KEY is a host, a contact or a name, blanks as underscores
//
// Expectations are seat KEY COUNTRY, nexus KEY STATE, grade KEY GRADE, listed KEY, unlisted KEY (or nobody of that name),
// says SPEAKER words of the quote, absent words, one KEY KEY, two KEY KEY, succ NEW OLD, quotes N words (so many pieces
// of evidence hold them).
type aScene struct {
	name   string
	line   int
	sites  []*sceneSite
	expect []string
	at     []int
}

type sceneSite struct {
	Host   string       `json:"host"`
	Kind   string       `json:"kind"`
	Engine string       `json:"engine"`
	Lang   string       `json:"lang"`
	Title  string       `json:"title"`
	Pages  []*scenePage `json:"pages,omitempty"`
	Boards []*sceneRoom `json:"boards,omitempty"`
}

type scenePage struct {
	Path     string `json:"path"`
	Title    string `json:"title"`
	Lang     string `json:"lang"`
	Markdown string `json:"markdown"`
}

type sceneRoom struct {
	ID      int            `json:"id"`
	Name    string         `json:"name"`
	Threads []*sceneThread `json:"threads"`
}

type sceneThread struct {
	ID    int          `json:"id"`
	Title string       `json:"title"`
	Posts []*scenePost `json:"posts"`
}

type scenePost struct {
	ID        int    `json:"id"`
	Author    string `json:"author"`
	Date      string `json:"date"`
	Text      string `json:"text"`
	Signature string `json:"signature,omitempty"`
}

var sceneDay = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)

// readScenes reads a file of scenes.
func readScenes(t *testing.T, file string) []*aScene {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", "scenes", file))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	var out []*aScene
	var sc *aScene
	var text *string
	serial := 0
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		line := lines.Text()
		word, rest, _ := strings.Cut(line, " ")
		switch {
		case word == "===":
			sc = &aScene{name: rest, line: n}
			out = append(out, sc)
		case strings.HasPrefix(line, "  "), line == "" && text != nil:
			if text != nil {
				*text = strings.TrimLeft(*text+"\n"+strings.TrimPrefix(line, "  "), "\n")
			}
		case strings.TrimSpace(line) == "", word == "//":
		case sc == nil:
			t.Fatalf("%s:%d: no scene yet", file, n)
		case word == "?":
			sc.expect, sc.at = append(sc.expect, rest), append(sc.at, n)
		default:
			if text = sc.add(word, rest, &serial); text == nil && word != "@" && word != "##" && word != "###" {
				t.Fatalf("%s:%d: cannot read %q", file, n, line)
			}
		}
	}
	return out
}

// add takes one line that opens a host, page, board, thread or post; it returns where the text that follows goes.
func (sc *aScene) add(word, rest string, serial *int) *string {
	*serial++
	if word == "@" {
		w := strings.Fields(rest + " reseller static en")
		sc.sites = append(sc.sites, &sceneSite{Host: w[0], Kind: w[1], Engine: w[2], Lang: w[3], Title: strings.SplitN(w[0], ".", 2)[0]})
		return nil
	}
	s := sc.sites[len(sc.sites)-1]
	parts := append(strings.SplitN(rest, " | ", 3), "", "")
	switch {
	case strings.HasPrefix(word, "/"):
		title, _ := strings.CutPrefix(rest, "| ")
		p := &scenePage{Path: word, Title: title, Lang: s.Lang}
		if word == "/" {
			s.Title = title
		}
		s.Pages = append(s.Pages, p)
		return &p.Markdown
	case word == "##":
		s.Boards = append(s.Boards, &sceneRoom{ID: *serial, Name: rest})
	case word == "###":
		b := s.Boards[len(s.Boards)-1]
		b.Threads = append(b.Threads, &sceneThread{ID: *serial, Title: rest})
	case word == "-":
		b := s.Boards[len(s.Boards)-1]
		th := b.Threads[len(b.Threads)-1]
		p := &scenePost{ID: *serial, Author: parts[0], Date: parts[1] + fmt.Sprintf("T10:%02d:00Z", min(len(th.Posts), 59)), Signature: strings.ReplaceAll(parts[2], `\n`, "\n")}
		th.Posts = append(th.Posts, p)
		return &p.Text
	}
	return nil
}

// posts serves the scene and reads it.
func (sc *aScene) posts(t *testing.T) scoring.Posts {
	t.Helper()
	world := fstest.MapFS{}
	for _, s := range sc.sites {
		raw, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		world["sites/"+s.Host+".json"] = &fstest.MapFile{Data: raw}
	}
	web, err := demoweb.New(demoweb.Options{World: world, AsOf: sceneDay})
	if err != nil {
		t.Fatalf("scene %s: %v", sc.name, err)
	}
	var out scoring.Posts
	have := map[schemer.PostID]bool{}
	for _, s := range sc.sites {
		for _, doc := range visit(web, s) {
			for _, p := range doc.Posts {
				if !have[p.ID] {
					have[p.ID] = true
					p.FirstSeen, p.LastSeen = p.CapturedAt, p.CapturedAt
					out = append(out, p)
				}
			}
		}
	}
	return out
}

// visit reads all pages of a host that links lead to.
func visit(web http.Handler, s *sceneSite) []schemer.Document {
	queue := []string{"http://" + s.Host + "/"}
	for _, p := range s.Pages {
		queue = append(queue, "http://"+s.Host+p.Path)
	}
	asked := map[string]bool{}
	var docs []schemer.Document
	for ; len(queue) > 0 && len(asked) < 40; queue = queue[1:] {
		u := queue[0]
		if asked[u] || strings.HasSuffix(u, "/staff-only/") { // robots.txt closes it
			continue
		}
		asked[u] = true
		r := httptest.NewRequest(http.MethodGet, u, nil)
		w := httptest.NewRecorder()
		web.ServeHTTP(w, r)
		if w.Code == http.StatusServiceUnavailable {
			w = httptest.NewRecorder()
			web.ServeHTTP(w, r)
		}
		if loc := w.Header().Get("Location"); loc != "" {
			queue = append(queue, loc)
		}
		if w.Code != http.StatusOK {
			continue
		}
		c := schemer.Capture{ID: schemer.CaptureID(u), URL: u, FetchedAt: sceneDay, Status: w.Code, ContentType: w.Header().Get("Content-Type"), Payload: schemer.DigestOf(w.Body.Bytes())}
		doc := extract.Read(extract.Input{Capture: c, Source: schemer.SourceKind(s.Kind), Header: w.Header(), Body: w.Body.Bytes()})
		docs = append(docs, doc)
		for _, l := range doc.Links {
			if strings.HasPrefix(l.URL, "http://"+s.Host+"/") && !slices.Contains([]string{"noise", "external", "profile", "attachment", "post"}, l.Kind) {
				queue = append(queue, l.URL)
			}
		}
	}
	return docs
}

// play scores a scene and returns how many expectations of each sort hold, of how many; failures are shown when asked
// for by the name of the file or of the scene.
func (sc *aScene) play(t *testing.T, file string, good, all map[string]int) {
	t.Helper()
	ed, err := scoring.Score(scoring.Input{Corpus: sc.posts(t), Rules: defaultRules(t), AsOf: sceneDay, Edition: "2026"})
	if err != nil {
		t.Fatal(err)
	}
	show := os.Getenv("SCHEMER_SHOW")
	failed := false
	for i, e := range sc.expect {
		sort, rest, _ := strings.Cut(e, " ")
		all[sort]++
		if got := holds(ed, sort, rest); got == "" {
			good[sort]++
		} else if show != "" && (strings.HasPrefix(file, show) || strings.HasPrefix(sc.name, show)) {
			failed = true
			t.Logf("%s:%d [%s] %s: %s", file, sc.at[i], sc.name, e, got)
		}
	}
	if failed && os.Getenv("SCHEMER_FULL") != "" {
		for _, c := range ed.Candidates {
			t.Logf("    %s %v %v listed %v %s %.2f seat %s (%s) flags %v related %v", c.Name, c.Aliases, c.Domains, c.Listed, c.Grade, c.Score, c.Registered, c.SeatClaim, c.Flags, c.Related)
			for _, e := range c.Evidence {
				t.Logf("        %s %s %s %s %q", e.Speaker, e.Signal, e.Grade, e.Author, e.Quote)
			}
			for _, e := range c.Contra {
				t.Logf("        against: %s %s %q", e.Signal, e.Author, e.Quote)
			}
		}
	}
}

// holds checks one expectation; it returns what was found instead, "" when it holds.
func holds(ed schemer.Edition, sort, rest string) string {
	w := strings.Fields(rest)
	switch sort {
	case "says":
		return spoken(ed, w[0], strings.TrimSpace(strings.TrimPrefix(rest, w[0])))
	case "absent":
		for _, c := range ed.Candidates {
			for _, e := range c.Evidence {
				if strings.Contains(e.Quote, rest) {
					return fmt.Sprintf("it is %s evidence of %s", e.Speaker, c.Name)
				}
			}
		}
		return ""
	case "nobody":
		for _, c := range ed.Candidates {
			if c.Listed {
				return c.Name + " is proposed"
			}
		}
		return ""
	}
	list := calledBy(ed, w[0])
	if sort == "unlisted" {
		if i := slices.IndexFunc(list, func(c schemer.Candidate) bool { return c.Listed }); i >= 0 {
			return "proposed as " + list[i].Name
		}
		return ""
	}
	if len(list) == 0 {
		return "no candidate " + w[0]
	}
	c := list[0]
	switch sort {
	case "seat":
		return unless(c.Registered == strings.TrimPrefix(w[1], "-"), c.Registered+": "+c.SeatClaim)
	case "nexus":
		return unless(c.Nexus == w[1], c.Nexus+": "+c.NexusProof)
	case "grade":
		return unless(string(c.Grade) == w[1], string(c.Grade))
	case "listed":
		return unless(c.Listed, fmt.Sprintf("%s %.2f %v", c.Grade, c.Score, c.Flags))
	case "quotes":
		words, n := strings.TrimSpace(strings.TrimPrefix(strings.TrimPrefix(rest, w[0]), " "+w[1])), 0
		for _, e := range c.Evidence {
			if strings.Contains(e.Quote, words) {
				n++
			}
		}
		return unless(fmt.Sprint(n) == w[1], fmt.Sprint(n))
	case "succ":
		return unless(slices.ContainsFunc(c.Related, func(r schemer.Related) bool {
			return r.Relation == "successor_of" && (strings.EqualFold(r.Name, strings.ReplaceAll(w[1], "_", " ")) || slices.ContainsFunc(calledBy(ed, w[1]), func(o schemer.Candidate) bool { return o.Name == r.Name }))
		}), fmt.Sprint(c.Related))
	case "one", "two":
		return related(ed, sort, list, calledBy(ed, w[1]))
	}
	return "unknown expectation"
}

// spoken checks in whose voice words stand as evidence.
func spoken(ed schemer.Edition, speaker, words string) string {
	found := "not evidence"
	for _, c := range ed.Candidates {
		for _, e := range slices.Concat(c.Evidence, c.Contra) {
			if !strings.Contains(e.Quote, words) {
				continue
			}
			if string(e.Speaker) == speaker {
				return ""
			}
			found = string(e.Speaker) + " of " + c.Name
		}
	}
	return found
}

// related checks that two keys mean one candidate, or two.
func related(ed schemer.Edition, sort string, a, b []schemer.Candidate) string {
	if len(b) == 0 {
		return "the second is nobody"
	}
	same := a[0].ID == b[0].ID && a[0].Name == b[0].Name
	switch sort {
	case "one":
		return unless(same && len(a) == 1 && len(b) == 1, fmt.Sprintf("%v and %v", namesOf(a), namesOf(b)))
	}
	return unless(!same, "one: "+a[0].Name)
}

func namesOf(list []schemer.Candidate) []string {
	var out []string
	for _, c := range list {
		out = append(out, c.Name)
	}
	return out
}

func unless(ok bool, found string) string {
	if ok {
		return ""
	}
	return "found " + found
}

// calledBy returns the candidates that a host, contact, or name means.
func calledBy(ed schemer.Edition, key string) []schemer.Candidate {
	plain := func(s string) string {
		return strings.ToLower(strings.NewReplacer(" ", "", "_", "", "-", "").Replace(s))
	}
	var out []schemer.Candidate
	for _, c := range ed.Candidates {
		for _, own := range slices.Concat(c.Domains, c.Aliases, []string{c.Name}, c.Handles) {
			_, handle, _ := strings.Cut(own, ":")
			if plain(own) == plain(key) || plain(handle) == plain(key) {
				out = append(out, c)
				break
			}
		}
	}
	return out
}

// playScenes plays a file of scenes and holds the figures to their floors, given as "kind good".
func playScenes(t *testing.T, file string, least int, floors map[string]int) {
	t.Helper()
	good, all := map[string]int{}, map[string]int{}
	scenes := readScenes(t, file)
	for _, sc := range scenes {
		sc.play(t, file, good, all)
	}
	if len(scenes) < least {
		t.Errorf("%s: %d scenes, want at least %d", file, len(scenes), least)
	}
	for sort, n := range all {
		t.Logf("%s: %s %d/%d", file, sort, good[sort], n)
		if good[sort] < floors[sort] {
			t.Errorf("%s: %s holds %d times, want at least %d", file, sort, good[sort], floors[sort])
		}
	}
}
