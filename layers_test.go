package schemer_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// layer says how high a package stands; a package may import lower layers only, so siblings never meet.
var layer = map[string]int{
	"": 0, "seeds": 1, "crawler": 1, "evidence": 1, "extract": 1, "index": 1, "scoring": 1, "letter": 1,
	"internal/store": 1, "internal/demoweb": 1, "internal/pipeline": 2, "web": 2, "internal/realforums": 2, "cmd/schemer": 3,
}

// owners names the one package that may speak to an outside thing.
var owners = map[string]string{
	"github.com/gocolly/colly": "crawler", "github.com/PuerkitoBio/goquery": "extract",
	"github.com/blevesearch/bleve": "index", "github.com/opensearch-project": "index",
	"database/sql": "internal/store", "github.com/jackc/pgx": "internal/store", "github.com/minio/minio-go": "evidence",
}

// pure packages compute; they may not look at the clock, the network or chance.
var pure = []string{"", "extract", "scoring", "letter"}

func TestLayers(t *testing.T) {
	files := 0
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		files++
		pkg := strings.TrimPrefix(filepath.ToSlash(filepath.Dir(path)), ".")
		top := pkg
		for top != "" && !known(top) {
			top = strings.TrimPrefix(filepath.ToSlash(filepath.Dir(top)), ".")
		}
		if pkg != "" && top == "" {
			t.Errorf("%s: package %s has no layer; name it in layers_test.go", path, pkg)
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range f.Imports {
			imported, _ := strconv.Unquote(spec.Path.Value)
			checkImport(t, path, top, imported)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 20 {
		t.Fatalf("looked at %d files; the walk is broken", files)
	}
}

func known(pkg string) bool { _, ok := layer[pkg]; return ok }

func checkImport(t *testing.T, path, pkg, imported string) {
	t.Helper()
	if imported == "schemer" || strings.HasPrefix(imported, "schemer/") {
		inner := strings.TrimPrefix(strings.TrimPrefix(imported, "schemer"), "/")
		own := inner == pkg || strings.HasPrefix(inner, pkg+"/") && pkg != ""
		for inner != "" && !known(inner) {
			inner = strings.TrimPrefix(filepath.ToSlash(filepath.Dir(inner)), ".")
		}
		if !own && layer[inner] >= layer[pkg] {
			t.Errorf("%s: %s (layer %d) imports %s (layer %d)", path, pkg, layer[pkg], imported, layer[inner])
		}
		return
	}
	for prefix, owner := range owners {
		if strings.HasPrefix(imported, prefix) && pkg != owner {
			t.Errorf("%s: only %s may import %s", path, owner, imported)
		}
	}
	if pkg == "" && strings.Contains(strings.SplitN(imported, "/", 2)[0], ".") {
		t.Errorf("%s: the root imports the standard library only, not %s", path, imported)
	}
	for _, p := range pure {
		banned := imported == "math/rand" || imported == "math/rand/v2" || imported == "crypto/rand" || imported == "net"
		if pkg == p && banned {
			t.Errorf("%s: %s is pure and may not import %s", path, pkg, imported)
		}
	}
}

func TestPurePackagesReadNoClock(t *testing.T) {
	for _, pkg := range pure {
		dir := "."
		if pkg != "" {
			dir = pkg
		}
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no files in %s (%v)", dir, err)
		}
		for _, path := range files {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			for _, call := range []string{"time.Now(", "time.Since(", "time.Until(", "http.Get("} {
				if strings.Contains(read(t, path), call) {
					t.Errorf("%s: a pure package calls %s", path, call)
				}
			}
		}
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
