package scoring_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"schemer"
	"schemer/scoring"
)

// worldSite is a host of the demo world as its files hold it.
type worldSite struct {
	Host   string
	Kind   string
	Lang   string
	Pages  []struct{ Path, Title, Lang, Markdown string }
	Boards []struct {
		Name    string
		Threads []struct {
			ID    int
			Title string
			Posts []struct {
				ID        int
				Author    string
				Text      string
				Signature string
			}
		}
	}
}

// worldSeller is a seller of the demo world with what is true of it.
type worldSeller struct {
	ID, Name, Label string
	Domains         []string
	Handles         []string
	Evidence        []struct{ URL, Quote, Speaker, Grade string }
}

// pageOf reads markdown as the reader would read the page: text, and blocks with the headings over them.
func pageOf(host, path, markdown string) *schemer.Post {
	p := &schemer.Post{ID: schemer.NewPostID(host, path), Kind: schemer.PostPage, URL: "http://" + host + path, Site: host}
	var b strings.Builder
	var heads []string
	lead := ""
	add := func(kind, text string, headings []string) {
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		start := b.Len()
		b.WriteString(text)
		p.Blocks = append(p.Blocks, schemer.Block{Kind: kind, Start: start, End: b.Len(), Headings: slices.Clone(headings)})
	}
	for para := range strings.SplitSeq(markdown, "\n\n") {
		for line := range strings.SplitSeq(strings.TrimSpace(para), "\n") {
			line = strings.TrimSpace(strings.NewReplacer("**", "", "__", "").Replace(line))
			switch {
			case line == "" || strings.HasPrefix(line, "|--") || strings.HasPrefix(line, "---"):
			case strings.HasPrefix(line, "#"):
				level := len(line) - len(strings.TrimLeft(line, "#"))
				heads = append(heads[:min(len(heads), level-1)], strings.TrimSpace(line[level:]))
				add("heading", heads[len(heads)-1], heads[:len(heads)-1])
				lead = ""
			case strings.HasPrefix(line, "- ") || strings.HasPrefix(line, "* "):
				over := heads
				if lead != "" {
					over = append(slices.Clone(heads), lead)
				}
				add("item", line[2:], over)
			case strings.HasPrefix(line, "|"):
				add("row", strings.Trim(strings.ReplaceAll(line, "|", " · "), " ·"), heads)
			default:
				add("paragraph", line, heads)
				lead = ""
				if strings.HasSuffix(line, ":") || strings.HasSuffix(line, "：") {
					lead = line
				}
			}
		}
	}
	p.Text = b.String()
	return p
}

func loadWorld(t *testing.T) (map[string]worldSite, []worldSeller) {
	t.Helper()
	raw, err := os.ReadFile("../seeds/demo/truth.json")
	if err != nil {
		t.Fatal(err)
	}
	var truth struct{ Resellers []worldSeller }
	if err := json.Unmarshal(raw, &truth); err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob("../seeds/demo/sites/*.json")
	if err != nil {
		t.Fatal(err)
	}
	sites := map[string]worldSite{}
	for _, n := range names {
		raw, err := os.ReadFile(n)
		if err != nil {
			t.Fatal(err)
		}
		var s worldSite
		if err := json.Unmarshal(raw, &s); err != nil {
			t.Fatalf("%s: %v", n, err)
		}
		sites[s.Host] = s
	}
	return sites, truth.Resellers
}

// unseen are the sellers whose words nobody looked at while the rules were written; their figures tell how the rules do
// on strangers.
func unseen(s worldSeller) bool { return s.ID >= "r022" && s.ID <= "r023" }

func positive(h schemer.Hit, rules *scoring.Rules) bool {
	f := rules.Signal(h.Signal).Family
	return byRule(h) && h.Polarity > 0 && (f == "P" || f == "C" || f == "H") && rules.Signal(h.Signal).Grade != schemer.GradeWatch
}

func defaultRules(t testing.TB) *scoring.Rules {
	t.Helper()
	rules, err := scoring.Default()
	if err != nil {
		t.Fatal(err)
	}
	return rules
}

// tally counts right answers by what they are about.
type tally map[string]*[2]int

func (f tally) count(key string, ok bool) {
	if f[key] == nil {
		f[key] = &[2]int{}
	}
	f[key][1]++
	if ok {
		f[key][0]++
	}
}

func (f tally) share(key string) float64 {
	if f[key] == nil {
		return 0
	}
	return float64(f[key][0]) / float64(f[key][1])
}

// TestWorldDetection shows how much of what the demo world's truth quotes is found by language alone, without knowing who
// speaks, and what is wrongly found on clean firms' own pages.
func TestWorldDetection(t *testing.T) {
	rules := defaultRules(t)
	sites, sellers := loadWorld(t)
	show := os.Getenv("SCHEMER_SHOW") != ""
	figures := tally{}
	wrong := 0
	for _, s := range sellers {
		switch s.Label {
		case "clean":
			wrong += cleanPages(t, rules, sites, s)
		case "open", "hint":
			set := "seen"
			if unseen(s) {
				set = "unseen"
			}
			for _, e := range s.Evidence {
				ok, lang := quoted(rules, postsAt(sites, e.URL), e.Quote)
				who := "self"
				if e.Speaker != "self" {
					who = "others"
				}
				figures.count(set+" "+e.Grade+" "+who, ok)
				figures.count("lang "+lang, ok)
				if !ok && show && set == "seen" {
					t.Logf("MISS %s %s %s %s %q", s.ID, e.Grade, e.Speaker, e.URL, e.Quote)
				}
			}
		}
	}
	for _, k := range slices.Sorted(maps.Keys(figures)) {
		t.Logf("%-20s %d/%d", k, figures[k][0], figures[k][1])
	}
	t.Logf("%d false hits on clean firms' pages", wrong)
	if figures.share("seen open self") < 0.9 || figures.share("seen hint self") < 0.7 || wrong > 3 {
		t.Errorf("open %.2f (floor 0.90), hint %.2f (floor 0.70), false %d (at most 3)", figures.share("seen open self"), figures.share("seen hint self"), wrong)
	}
}

// cleanPages counts the positive hits on the own pages of a clean firm.
func cleanPages(t *testing.T, rules *scoring.Rules, sites map[string]worldSite, s worldSeller) int {
	n := 0
	for _, d := range s.Domains {
		for _, pg := range sites[d].Pages {
			post := pageOf(d, pg.Path, pg.Markdown)
			for _, h := range rules.Detect(post) {
				if !positive(h, rules) || h.Scope != "" {
					continue
				}
				n++
				if !unseenClean(s) {
					t.Logf("FALSE %s %s: %s [%s] %q", s.ID, post.URL, h.Signal, h.Subject, h.Quote)
				}
			}
		}
	}
	return n
}

// quoted reports whether a positive hit overlaps a quote in one of the posts, and the language of the place.
func quoted(rules *scoring.Rules, posts []*schemer.Post, quote string) (ok bool, lang string) {
	for _, p := range posts {
		lang = p.Lang
		at := strings.Index(p.Text, quote)
		for _, h := range rules.Detect(p) {
			if h.Field == "text" && positive(h, rules) && at >= 0 && h.Start < at+len(quote) && at < h.End {
				ok = true
			}
		}
	}
	return ok, lang
}

// postsAt returns the post or page versions at a URL of the world.
func postsAt(sites map[string]worldSite, url string) []*schemer.Post {
	rest := strings.TrimPrefix(url, "http://")
	host, path, _ := strings.Cut(rest, "/")
	path, anchor, _ := strings.Cut("/"+path, "#")
	site := sites[host]
	var out []*schemer.Post
	for _, pg := range site.Pages {
		if pg.Path == path {
			p := pageOf(host, path, pg.Markdown)
			p.Lang = pg.Lang
			if p.Lang == "" {
				p.Lang = site.Lang
			}
			out = append(out, p)
		}
	}
	for _, b := range site.Boards {
		for _, th := range b.Threads {
			for _, po := range th.Posts {
				if fmt.Sprintf("/t/%d", th.ID) == path && fmt.Sprintf("p%d", po.ID) == anchor {
					out = append(out, &schemer.Post{
						Kind: schemer.PostForum, Text: po.Text, Signature: po.Signature, Thread: th.Title, Board: b.Name, Author: po.Author, Lang: site.Lang,
					})
				}
			}
		}
	}
	return out
}

// TestHardSentences holds detection to sentences that the rules were not written from.
func TestHardSentences(t *testing.T) {
	rules := defaultRules(t)
	raw, err := os.ReadFile("testdata/hard.tsv")
	if err != nil {
		t.Fatal(err)
	}
	show := os.Getenv("SCHEMER_SHOW")
	type key struct{ set, want string }
	hit, all := map[key]int{}, map[key]int{}
	for n, line := range strings.Split(strings.TrimSpace(string(raw)), "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Split(line, "\t")
		if len(f) != 5 {
			t.Fatalf("hard.tsv:%d: %d fields, want set, want, grade, lang, sentence", n+1, len(f))
		}
		lang := strings.TrimSuffix(f[3], "-lat")
		found := ""
		for _, h := range rules.Detect(&schemer.Post{Text: f[4], Lang: lang, Board: "Hosting offers"}) {
			if positive(h, rules) && h.Scope != "reported" {
				found = string(h.Signal)
			}
		}
		k := key{f[0], f[1]}
		all[k]++
		ok := (found != "") == (f[1] == "yes")
		if ok {
			hit[k]++
		}
		if !ok && show == f[0] {
			t.Logf("%s %s %s: %s %s", f[1], f[2], f[3], found, f[4])
		}
	}
	for _, floor := range []struct {
		key
		least float64
	}{{key{"blind", "yes"}, 0.90}, {key{"blind", "no"}, 0.93}, {key{"open", "yes"}, 0.80}, {key{"open", "no"}, 0.94}, {key{"third", "yes"}, 0.60}, {key{"third", "no"}, 0.90}, {key{"fourth", "yes"}, 0.60}, {key{"fourth", "no"}, 0.88}, {key{"last", "yes"}, 0.30}, {key{"last", "no"}, 0.80}, {key{"terms", "no"}, 0.95}} {
		n := all[floor.key]
		if n == 0 {
			continue
		}
		share := float64(hit[floor.key]) / float64(n)
		t.Logf("%-6s %-4s %d/%d = %.3f", floor.set, floor.want, hit[floor.key], n, share)
		if share < floor.least {
			t.Errorf("%s sentences that must %s match: %.3f right, floor %.2f", floor.set, floor.want, share, floor.least)
		}
	}
}

// unseenClean are the clean sellers kept apart in the same way.
func unseenClean(s worldSeller) bool {
	return slices.Contains([]string{"r052"}, s.ID)
}
