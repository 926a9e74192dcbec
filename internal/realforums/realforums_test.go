//go:build realforums

package realforums_test

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"schemer"
	"schemer/internal/demoweb"
	"schemer/seeds"
)

// engine is a real one: where it answers, under which names, and what it was filled with.
type engine struct {
	name    string
	hosts   []string
	kind    string
	address string
	threads []thread
	numbers map[string]string
	reader  string // the engine that the reader should recognise; the name when empty
	// authored says that quotes name whom they quote; WordPress has no way to say it.
	authored bool
	fold     *strings.Replacer // what the engine changes in every text it shows
}

// typography undoes what WordPress does to the quotation marks, dashes and dots of every text (wptexturize).
var typography = strings.NewReplacer("“", `"`, "”", `"`, "„", `"`, "’", "'", "‘", "'", "′", "'", "″", `"`, "–", "-", "—", "-", "--", "-", "…", "...", "×", "x")

// TestRealEngines fills real engines with threads of the demo, crawls them with the program as its users would, and
// wants every post back with its author, its minute and its own words, and nobody's words in another's mouth.
func TestRealEngines(t *testing.T) {
	bin := env(t, "REALFORUMS_SCHEMER")
	engines := filled(t)
	data := crawl(t, bin, engines)
	read := postsOf(t, bin, data)
	for _, e := range engines {
		for _, host := range e.hosts {
			t.Run(e.name+" as "+host, func(t *testing.T) { compare(t, e, host, read[host]) })
		}
	}
	t.Run("score and list", func(t *testing.T) { list(t, bin, data, engines) })
}

func env(t *testing.T, name string) string {
	t.Helper()
	v := os.Getenv(name)
	if v == "" {
		t.Fatalf("%s is not set: run .ci/real-forums, which installs and starts the engines", name)
	}
	return v
}

func filled(t *testing.T) []engine {
	t.Helper()
	blog := engine{
		name: "wordpress", kind: "blog", hosts: []string{"classic.example", "block.example"}, address: env(t, "REALFORUMS_WORDPRESS"), fold: typography,
		threads: demoThreads(t, "peerjournaal.example", "routewatch.example", "hostersparlour.example", "opsden.example"),
	}
	blog.numbers = fill(t, blog.threads, "php", "wordpress/fill.php", env(t, "REALFORUMS_WORDPRESS_DIR"))
	board := engine{
		name: "nodebb", kind: "forum", hosts: []string{"nodebb.example"}, address: env(t, "REALFORUMS_NODEBB"), fold: strings.NewReplacer(), authored: true,
		threads: demoThreads(t, "serverstube.example", "cheapnodes.example", "webmeesters.example", "websaray.example"),
	}
	board.numbers = fill(t, board.threads, env(t, "REALFORUMS_NODE"), "nodebb/fill.js", env(t, "REALFORUMS_NODEBB_DIR"))
	unknown := engine{
		name: "spirit", reader: "generic", kind: "forum", hosts: []string{"spirit.example"}, address: env(t, "REALFORUMS_SPIRIT_AT"), fold: strings.NewReplacer(), authored: true,
		threads: demoThreads(t, "plasticharbor.example", "rankcellar.example", "chernyprichal.example"),
	}
	unknown.numbers = fill(t, unknown.threads, env(t, "REALFORUMS_PYTHON"), "spirit/fill.py", env(t, "REALFORUMS_SPIRIT_DIR"))
	for _, th := range unknown.threads {
		for _, p := range th.Posts {
			unknown.numbers[p.Key] = voice(p.Author, p.Date)
		}
	}
	return []engine{blog, board, unknown}
}

// crawl visits the engines, and the demo behind every other name, so that what sellers say at home is found too.
func crawl(t *testing.T, bin string, engines []engine) (data string) {
	t.Helper()
	demo, err := demoweb.New(demoweb.Options{World: seeds.Demo(), AsOf: asOf})
	if err != nil {
		t.Fatal(err)
	}
	address, err := demo.Start(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := demo.Close(); err != nil {
			t.Error(err)
		}
	})
	data = env(t, "REALFORUMS_DATA")
	var sources strings.Builder
	sources.WriteString("sources:\n")
	args := []string{"crawl", "--data", data, "--as-of", asOf.Format(time.DateOnly), "--resolve", "*=" + address.String()}
	for _, e := range engines {
		for _, host := range e.hosts {
			fmt.Fprintf(&sources, "  - {url: 'http://%s/', kind: %s, delay: 20ms, max_pages: 4000}\n", host, e.kind)
			args = append(args, "--resolve", host+"="+e.address)
		}
	}
	file := filepath.Join(t.TempDir(), "sources.yaml")
	if err := os.WriteFile(file, []byte(sources.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	started := time.Now()
	run(t, bin, append(args, "--sources", file)...)
	t.Logf("crawled in %s", time.Since(started).Round(time.Second))
	return data
}

func run(t *testing.T, bin string, args ...string) []byte {
	t.Helper()
	var out, log bytes.Buffer
	cmd := exec.CommandContext(t.Context(), bin, args...)
	cmd.Stdout, cmd.Stderr = &out, &log
	if err := cmd.Run(); err != nil {
		t.Fatalf("schemer %s: %v\n%s%s", strings.Join(args, " "), err, out.Bytes(), log.Bytes())
	}
	return out.Bytes()
}

// readPost is a line of "schemer posts --json".
type readPost struct {
	URL      string          `json:"url"`
	Site     string          `json:"site"`
	Engine   string          `json:"engine"`
	PostID   string          `json:"post_id"`
	Author   string          `json:"author"`
	PostedAt time.Time       `json:"posted_at"`
	Text     string          `json:"text"`
	Quotes   []schemer.Quote `json:"quotes"`
	Board    string          `json:"board"`
	Thread   string          `json:"thread"`
}

// voice tells the posts of an unknown engine apart, whose numbers count from one in every thread.
func voice(author string, at time.Time) string {
	return author + " " + at.UTC().Format("2006-01-02T15:04")
}

// postsOf returns the posts as read, by host and number.
func postsOf(t *testing.T, bin, data string) map[string]map[string]readPost {
	t.Helper()
	out := map[string]map[string]readPost{}
	lines := bufio.NewScanner(bytes.NewReader(run(t, bin, "posts", "--data", data, "--json")))
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var raw struct {
			readPost
			PostedAt string `json:"posted_at"`
		}
		if err := json.Unmarshal(lines.Bytes(), &raw); err != nil {
			t.Fatal(err)
		}
		p := raw.readPost
		p.PostedAt, _ = time.Parse(time.RFC3339, raw.PostedAt) // an unknown date is empty and stays zero
		if out[p.Site] == nil {
			out[p.Site] = map[string]readPost{}
		}
		id := p.PostID
		if p.Engine == "generic" {
			id = voice(p.Author, p.PostedAt)
		}
		if old, twice := out[p.Site][id]; twice {
			t.Errorf("%s: post %s was read twice, as %s and %s", p.Site, id, old.URL, p.URL)
		}
		out[p.Site][id] = p
	}
	return out
}

var (
	bullet = regexp.MustCompile(`(?m)^\s*[-*+•–]\s+`)
	link   = regexp.MustCompile(`\[([^\]]+)\]\([^)\s]+\)`)
	weight = regexp.MustCompile(`\*+([^*\n]+)\*+`)
	space  = regexp.MustCompile("[\\s*_#>`|~\\[\\]()]+")
)

// squash leaves of a text what must be the same: letters, digits and punctuation, without markup and white space.
func squash(s string, fold *strings.Replacer) string {
	s = link.ReplaceAllString(bullet.ReplaceAllString(s, ""), "$1")
	s = fold.Replace(weight.ReplaceAllString(s, "$1"))
	return cases.Fold().String(strings.TrimSpace(space.ReplaceAllString(norm.NFKC.String(s), " ")))
}

// compare wants at least 0.99 of the posts whole and no quoted word in the quoter's text.
func compare(t *testing.T, e engine, host string, read map[string]readPost) {
	var total, found, author, date, text, whole, quotes, kept, wrong, named, board int
	for _, th := range e.threads {
		for _, want := range th.Posts {
			total++
			got, ok := read[e.numbers[want.Key]]
			delete(read, e.numbers[want.Key])
			if !ok {
				t.Logf("not read: %s (%s): %.60q", want.Key, e.numbers[want.Key], want.Text)
				continue
			}
			found++
			sameAuthor, sameDate := got.Author == want.Author, got.PostedAt.Truncate(time.Minute).Equal(want.Date.Truncate(time.Minute))
			sameText := squash(got.Text, e.fold) == squash(want.Text, e.fold)
			author, date, text = author+one(sameAuthor), date+one(sameDate), text+one(sameText)
			whole += one(sameAuthor && sameDate && sameText && got.Engine == cmp.Or(e.reader, e.name))
			board += one(got.Board == th.Board && squash(got.Thread, e.fold) == squash(th.Title, e.fold))
			if !sameAuthor || !sameDate || !sameText || got.Engine != cmp.Or(e.reader, e.name) {
				t.Logf("%s\n read   %s %s %s %q\n filled %s %s %s %q", got.URL, got.Engine, got.Author, got.PostedAt, got.Text, e.name, want.Author, want.Date, want.Text)
			}
			if want.Quote == nil {
				wrong += one(len(got.Quotes) > 0)
				continue
			}
			quotes++
			words := squash(want.Quote.Text, e.fold)
			if strings.Contains(squash(got.Text, e.fold), words) && !strings.Contains(squash(want.Text, e.fold), words) {
				wrong++
				t.Errorf("%s: %q is attributed to %s, who only quotes it", got.URL, want.Quote.Text, got.Author)
			}
			if len(got.Quotes) == 1 && squash(got.Quotes[0].Text, e.fold) == words {
				kept++
				named += one(got.Quotes[0].Author == want.Quote.Author)
			}
		}
	}
	t.Logf("%d posts: read %d, author %d, date %d, own text %d, all of it %d (%.4f), board and thread %d; %d quotes: kept apart whole %d, author named %d, wrong %d; posts nobody wrote: %d",
		total, found, author, date, text, whole, float64(whole)/float64(total), board, quotes, kept, named, wrong, len(read))
	for _, p := range read {
		t.Errorf("a post that nobody wrote: %+v", p)
	}
	if float64(whole) < 0.99*float64(total) {
		t.Errorf("%d of %d posts came back whole, want at least 0.99", whole, total)
	}
	if wrong > 0 || kept < quotes || e.authored && named < quotes {
		t.Errorf("of %d quotes %d were kept apart and %d named their author; %d were wrong", quotes, kept, named, wrong)
	}
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// list wants candidates from the real engines, proved by words that were really written there.
func list(t *testing.T, bin, data string, engines []engine) {
	run(t, bin, "score", "--data", data, "--as-of", asOf.Format(time.DateOnly))
	var edition schemer.Edition
	if err := json.Unmarshal(run(t, bin, "list", "--data", data, "--json"), &edition); err != nil {
		t.Fatal(err)
	}
	written := map[string]string{}
	for _, e := range engines {
		var all strings.Builder
		for _, th := range e.threads {
			all.WriteString(th.Title + "\n")
			for _, p := range th.Posts {
				all.WriteString(p.Text + "\n" + p.Signature + "\n")
			}
		}
		for _, host := range e.hosts {
			written[host] = squash(all.String(), typography)
		}
	}
	listed, proofs := 0, 0
	for _, c := range edition.Candidates {
		listed += one(c.Listed)
		for _, ev := range c.Evidence {
			text, ours := written[ev.Site]
			if !ours {
				continue
			}
			proofs++
			if q := squash(strings.Trim(ev.Quote, "… "), typography); !strings.Contains(text, q) {
				t.Errorf("%s: %q was never written on %s", c.Name, ev.Quote, ev.Site)
			}
		}
	}
	t.Logf("%d candidates, %d proposed, %d quotes from the real engines", len(edition.Candidates), listed, proofs)
	if listed == 0 || proofs == 0 {
		t.Error("nobody is proposed, or nothing said on the real engines counts")
	}
}
