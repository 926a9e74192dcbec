package extract

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"schemer"
)

var update = flag.Bool("update", false, "rewrite the golden files of testdata")

// fixture is a line of testdata/pages.tsv: a saved page and where it was.
type fixture struct {
	file, url string
	source    schemer.SourceKind
}

func fixtures(t testing.TB) []fixture {
	t.Helper()
	b, err := os.ReadFile("testdata/pages.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var all []fixture
	for line := range strings.Lines(string(b)) {
		f := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if len(f) == 3 {
			all = append(all, fixture{f[0], f[1], schemer.SourceKind(f[2])})
		}
	}
	if len(all) < 20 {
		t.Fatalf("pages.tsv lists %d pages", len(all))
	}
	return all
}

// fetchedAt is when every saved page counts as fetched.
var fetchedAt = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)

func (f fixture) input(t testing.TB) Input {
	t.Helper()
	body, err := os.ReadFile(filepath.Join("testdata", f.file))
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]string{".html": "text/html; charset=utf-8", ".json": "application/json", ".txt": "text/plain; charset=utf-8"}
	return Input{
		Capture: schemer.Capture{
			ID: "urn:uuid:00000000-0000-4000-8000-000000000000", URL: f.url, Source: "fixture", Status: 200, FetchedAt: fetchedAt,
			ContentType: kinds[filepath.Ext(f.file)], Payload: schemer.DigestOf(body), File: "fixture.warc.gz", Offset: 1,
		},
		Source: f.source, Body: body,
	}
}

// TestGolden holds every saved page against what a person read on it.
func TestGolden(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range fixtures(t) {
		seen[f.file] = true
		t.Run(f.file, func(t *testing.T) {
			doc := Read(f.input(t))
			var got bytes.Buffer
			enc := json.NewEncoder(&got)
			enc.SetEscapeHTML(false)
			enc.SetIndent("", " ")
			if err := enc.Encode(doc); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join("testdata", "golden", f.file+".golden")
			if *update {
				if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got.String()); diff != "" {
				t.Errorf("%s reads differently (-want +got); look, then go test -update:\n%s", f.file, diff)
			}
		})
	}
	pages, err := filepath.Glob("testdata/*.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range pages {
		if !seen[filepath.Base(page)] {
			t.Errorf("%s is in no line of pages.tsv", page)
		}
	}
}
