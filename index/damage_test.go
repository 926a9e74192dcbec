package index_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"schemer"
	"schemer/index"
)

// holderEnv makes this test binary a process that holds an index open, or fills it, until it is killed.
const holderEnv = "SCHEMER_INDEX_HOLDER"

func TestMain(m *testing.M) {
	what, url, ok := strings.Cut(os.Getenv(holderEnv), "=")
	if !ok {
		os.Exit(m.Run())
	}
	ix, err := index.Open(context.Background(), url, index.Options{})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("open")
	for i := 0; what == "fill"; i++ {
		if err := ix.Put(context.Background(), []index.Doc{numbered(i)}); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println(i)
	}
	_, _ = io.Copy(io.Discard, os.Stdin)
}

func numbered(i int) index.Doc {
	return index.Doc{Post: &schemer.Post{ID: schemer.PostID(fmt.Sprintf("n%d", i)), Text: fmt.Sprintf("number n%d of many", i)}}
}

// start runs this binary as a holder and returns it with its output.
func start(t *testing.T, what, url string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), holderEnv+"="+what+"="+url)
	if _, err := cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	if !lines.Scan() || lines.Text() != "open" {
		t.Fatalf("the other process says %q", lines.Text())
	}
	return cmd, lines
}

func kill(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed
}

// TestHeld: an index that another process has open is told apart from a damaged one, and is free when that ends.
func TestHeld(t *testing.T) {
	url := "bleve:" + t.TempDir()
	cmd, _ := start(t, "hold", url)
	for _, o := range []index.Options{{}, {Rebuild: true}} {
		if _, err := index.Open(t.Context(), url, o); !errors.Is(err, schemer.ErrLocked) || errors.Is(err, schemer.ErrIntegrity) {
			t.Errorf("an index held elsewhere: %v, want ErrLocked", err)
		}
	}
	kill(t, cmd)
	open(t, url, index.Options{})
}

// TestKilled: what Put acknowledged is found after SIGKILL.
func TestKilled(t *testing.T) {
	url := "bleve:" + t.TempDir()
	for round := range 4 {
		cmd, lines := start(t, "fill", url)
		last := -1
		for lines.Scan() {
			if _, err := fmt.Sscan(lines.Text(), &last); err != nil {
				t.Fatalf("the other process says %q", lines.Text())
			}
			if last == 10+5*round {
				kill(t, cmd)
				break
			}
		}
		ix, err := index.Open(t.Context(), url, index.Options{Timeout: time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		for i := range last + 1 {
			if got := ids(search(t, ix, index.Query{Text: fmt.Sprintf("n%d", i)})); got != fmt.Sprintf("n%d", i) {
				t.Errorf("round %d: document %d was lost: %q", round, i, got)
			}
		}
		if err := ix.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestDamaged: a damaged index is an error of integrity that names the remedy, and the remedy works.
func TestDamaged(t *testing.T) {
	damages := map[string]func(t *testing.T, dir string){
		"pointer gone": func(t *testing.T, dir string) { remove(t, filepath.Join(dir, "CURRENT")) },
		"pointer torn": func(t *testing.T, dir string) { write(t, filepath.Join(dir, "CURRENT"), `{"gener`) },
		"other schema": func(t *testing.T, dir string) {
			write(t, filepath.Join(dir, "CURRENT"), `{"generation":1,"schema":0}`)
		},
		"generation gone": func(t *testing.T, dir string) { remove(t, one(t, dir, "generation-*")) },
		"bolt cut": func(t *testing.T, dir string) {
			if err := os.Truncate(one(t, dir, "generation-*/store/root.bolt"), 5000); err != nil {
				t.Fatal(err)
			}
		},
		"bolt rubbish": func(t *testing.T, dir string) {
			write(t, one(t, dir, "generation-*/store/root.bolt"), strings.Repeat("rubbish ", 8192))
		},
		"segment cut": func(t *testing.T, dir string) {
			if err := os.Truncate(one(t, dir, "generation-*/store/*.zap"), 10); err != nil {
				t.Fatal(err)
			}
		},
		"segment gone": func(t *testing.T, dir string) { remove(t, one(t, dir, "generation-*/store/*.zap")) },
		"meta gone":    func(t *testing.T, dir string) { remove(t, one(t, dir, "generation-*/index_meta.json")) },
	}
	for name, damage := range damages {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			url := "bleve:" + dir
			ix, err := index.Open(t.Context(), url, index.Options{})
			if err != nil {
				t.Fatal(err)
			}
			fill(t, ix)
			if err := ix.Close(); err != nil {
				t.Fatal(err)
			}
			damage(t, dir)
			if _, err = index.Open(t.Context(), url, index.Options{}); !errors.Is(err, schemer.ErrIntegrity) || !strings.Contains(err.Error(), "schemer index rebuild") ||
				!strings.Contains(err.Error(), dir) || strings.Contains(err.Error(), "\n") {
				t.Fatalf("a damaged index: %v", err)
			}
			ix = open(t, url, index.Options{Rebuild: true, Timeout: time.Minute})
			g, err := ix.NewGeneration(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if err := g.Put(t.Context(), corpus); err != nil {
				t.Fatal(err)
			}
			if err := g.Activate(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := ids(search(t, ix, index.Query{Text: "abuse"})); got != "ad" {
				t.Errorf("the rebuilt index finds %q", got)
			}
			if left, err := filepath.Glob(filepath.Join(dir, "generation-*")); err != nil || len(left) != 1 {
				t.Errorf("left behind: %v (%v)", left, err)
			}
		})
	}
}

func one(t *testing.T, dir, pattern string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, pattern))
	if err != nil || len(found) == 0 {
		t.Fatalf("no %s in %s (%v)", pattern, dir, err)
	}
	return found[0]
}

func remove(t *testing.T, path string) {
	t.Helper()
	if err := os.RemoveAll(path); err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestReopened: an index answers the same after it was closed, and an unfinished generation is cleared away.
func TestReopened(t *testing.T) {
	url := "bleve:" + t.TempDir()
	ix, err := index.Open(t.Context(), url, index.Options{})
	if err != nil {
		t.Fatal(err)
	}
	fill(t, ix)
	if err := ix.Close(); err != nil {
		t.Fatal(err)
	}
	if err := ix.Put(t.Context(), corpus); err == nil {
		t.Error("a closed index takes documents")
	}
	if got := ids(search(t, open(t, url, index.Options{Timeout: time.Minute}), index.Query{})); got != "abcde" {
		t.Errorf("reopened, it finds %q", got)
	}
	for _, bad := range []string{"", "bleve:", "solr:x", "opensearch:", "opensearch:host", "bleve:/dev/null/x"} {
		if _, err := index.Open(t.Context(), bad, index.Options{}); !errors.Is(err, schemer.ErrUsage) {
			t.Errorf("open %q: %v, want ErrUsage", bad, err)
		}
	}
}

// TestDeadline: a search that gets no time is refused in time, whatever the engine does meanwhile.
func TestDeadline(t *testing.T) {
	ix := open(t, "bleve:"+t.TempDir(), index.Options{Timeout: time.Nanosecond})
	fill(t, ix)
	if _, err := ix.Search(t.Context(), index.Query{Text: "abuse"}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a search without time: %v", err)
	}
}
