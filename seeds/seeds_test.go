package seeds_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"schemer"
	"schemer/seeds"

	"github.com/google/go-cmp/cmp"
)

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "s.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestExampleShowsEverySetting(t *testing.T) {
	got, err := seeds.Load(write(t, string(seeds.Example())))
	if err != nil {
		t.Fatal(err)
	}
	want := schemer.Source{
		ID: "shadowy-board", URL: "https://board.example/", Kind: schemer.KindForum,
		Basis: "art. 3 Politiewet; file 2026-0113", Every: 12 * time.Hour,
		Allow: []string{`^/$`, `^/(viewforum|viewtopic)\.php`}, Deny: []string{`[?&]view=print`},
		MaxPages: 2000, Delay: 3 * time.Second, Egress: "direct",
		UserAgent:    "schemer/1 (+https://police.example/schemer)",
		IgnoreRobots: "order of 2026-03-02: the board forbids all robots", Screenshots: true,
	}
	if diff := cmp.Diff(want, got[1]); diff != "" {
		t.Errorf("full entry (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(schemer.Source{ID: "forum.example", URL: "https://forum.example/", Kind: "forum"}, got[0]); diff != "" {
		t.Errorf("short entry (-want +got):\n%s", diff)
	}
	if got[2].Every != 7*24*time.Hour {
		t.Errorf("7d was read as %s", got[2].Every)
	}
}

func TestMistakesAreNamedWithLineAndRemedy(t *testing.T) {
	cases := []struct{ name, text, want string }{
		{"unknown key", "sources:\n  - url: http://a.example/\n    kind: forum\n    evry: 3h\n", `:4: unknown key "evry"; the keys are id, url`},
		{"unknown top key", "source:\n  - {url: http://a.example/, kind: forum}\n", `:1: unknown key "source"; the only`},
		{"bad url", "sources:\n  - {url: a.example, kind: forum}\n", `:2: the url "a.example" has no host; write it whole`},
		{"scheme", "sources:\n  - {url: 'ftp://a.example/', kind: forum}\n", `:2: the url "ftp://a.example/" does not start`},
		{"password", "sources:\n  - {url: 'http://me:pw@a.example/', kind: forum}\n", `carries a name or password`},
		{"bad kind", "sources:\n  - url: http://a.example/\n    kind: bord\n", `:3: "bord" is no kind; use one of forum,`},
		{"no kind", "sources:\n  - url: http://a.example/\n", `:2: the entry has no kind; add`},
		{"no url", "sources:\n  - kind: forum\n", `:2: the entry has no url; add`},
		{"bad duration", "sources:\n  - {url: http://a.example/, kind: forum, every: soon}\n", `:2: every: "soon" is no duration; write`},
		{"too short", "sources:\n  - {url: http://a.example/, kind: forum, every: 1s}\n", `:2: every: "1s" is shorter than 1m0s;`},
		{"bad pattern", "sources:\n  - {url: http://a.example/, kind: forum, allow: ['(']}\n", `:2: allow: "(" is no RE2 pattern`},
		{"bad number", "sources:\n  - {url: http://a.example/, kind: forum, max_pages: many}\n", `:2: max_pages: "many" is no whole number`},
		{"robots without reason", "sources:\n  - {url: http://a.example/, kind: forum, ignore_robots: true}\n", `:2: ignore_robots takes a reason, not true;`},
		{"leaking proxy", "sources:\n  - {url: http://a.example/, kind: forum, egress: 'socks5://p:1'}\n", `:2: the egress "socks5://p:1" is none; use`},
		{"same url", "sources:\n  - {id: a, url: http://a.example/, kind: forum}\n  - {id: b, url: http://A.example, kind: forum}\n", `:3: the url http://a.example/ is watched by the entry on line 2 already; remove one`},
		{"same id", "sources:\n  - {url: http://a.example/x, kind: forum}\n  - {url: http://a.example/y, kind: forum}\n", `:3: the id "a.example" is taken by the entry on line 2; give`},
		{"twice", "sources:\n  - {url: http://a.example/, kind: forum, kind: blog}\n", `:2: kind stands twice`},
		{"not YAML", "sources:\n  - url: [\n", `not YAML:`},
		{"empty file", "", `:1: the list is empty; write`},
		{"comment only", "# nothing\n", `:1: the list is empty; write`},
		{"empty list", "sources: []\n", `:1: the list is empty; add`},
		{"no list", "sources: 4\n", `:1: sources is not a list; start`},
		{"top list", "- {url: http://a.example/, kind: forum}\n", `:1: the file must start with`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			path := write(t, c.text)
			got, err := seeds.Load(path)
			if got != nil || !errors.Is(err, schemer.ErrUsage) {
				t.Fatalf("got %v, error %v; want none and a usage error", got, err)
			}
			if !strings.HasPrefix(err.Error(), path) || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("error %q, want one line with the file and %q", err, c.want)
			}
		})
	}
}

func TestAllMistakesAtOnce(t *testing.T) {
	_, err := seeds.Load(write(t, "sources:\n  - {url: x, kind: y}\n  - {url: http://a.example/, kind: forum, every: z, colour: red}\n"))
	if err == nil || len(strings.Split(err.Error(), "\n")) != 4 {
		t.Errorf("error %v, want four lines", err)
	}
}

func TestWhatIsNoFile(t *testing.T) {
	for path, want := range map[string]string{
		filepath.Join(t.TempDir(), "none.yaml"): "no such file; give",
		t.TempDir():                             "is a directory; name",
	} {
		if _, err := seeds.Load(path); !errors.Is(err, schemer.ErrUsage) || !strings.Contains(err.Error(), want) {
			t.Errorf("Load(%s): %v, want %q", path, err, want)
		}
	}
}

func TestDemoSourcesLeaveSellersToBeFound(t *testing.T) {
	sources := seeds.DemoSources()
	if len(sources) < 8 {
		t.Fatalf("%d sources; the demo has more places than that", len(sources))
	}
	for _, s := range sources {
		if s.Kind == schemer.KindReseller || s.Kind == schemer.KindHoster {
			t.Errorf("%s is a %s; it must be discovered", s.ID, s.Kind)
		}
		if s.URL != "http://"+string(s.ID)+"/" || s.Delay <= 0 || s.Delay > 100*time.Millisecond {
			t.Errorf("odd source %+v", s)
		}
	}
	if _, err := fs.Stat(seeds.Demo(), "truth.json"); err != nil {
		t.Error(err)
	}
}

func TestDatesAreAYearApart(t *testing.T) {
	now, last, err := seeds.Dates(seeds.Demo())
	if err != nil || !now.Equal(last.AddDate(1, 0, 0)) {
		t.Errorf("%s and %s (%v)", now, last, err)
	}
}
