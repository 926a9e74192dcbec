package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"schemer"
	"schemer/evidence"
	"schemer/internal/demoweb"
	"schemer/seeds"
)

// TestKilledCrawlLosesNothing kills crawl and read with SIGKILL at random moments and wants, in the end, what an
// undisturbed crawl gives: every post, no page kept twice, evidence that verifies. SCHEMER_KILLS says how often.
func TestKilledCrawlLosesNothing(t *testing.T) {
	kills := 4
	if n, err := strconv.Atoi(os.Getenv("SCHEMER_KILLS")); err == nil {
		kills = n
	}
	server, err := demoweb.New(demoweb.Options{World: seeds.Demo(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	addr, err := server.Start(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	sources := demoSources(t)
	crawl := func(data string) []string {
		return []string{"crawl", "--sources", sources, "--data", data, "--resolve", "*=" + addr.String()}
	}

	calm, rough := filepath.Join(t.TempDir(), "calm"), filepath.Join(t.TempDir(), "rough")
	begun := time.Now()
	runSchemer(t, crawl(calm)...)
	whole := time.Since(begun)
	for i := range kills {
		args := crawl(rough)
		if i%4 == 3 {
			args = []string{"read", "--data", rough}
		}
		killSchemer(t, time.Duration(rand.Int64N(int64(whole/2))), args...)
	}
	runSchemer(t, crawl(rough)...)
	runSchemer(t, "verify", "--data", rough)

	want, got := postURLs(t, calm), postURLs(t, rough)
	if len(want) < 500 {
		t.Fatalf("an undisturbed crawl gives only %d posts", len(want))
	}
	for url := range want {
		if !got[url] {
			t.Errorf("lost: %s", url)
		}
	}
	for url, n := range pagesKept(t, rough) {
		if n > 1 {
			t.Errorf("kept %d times: %s", n, url)
		}
	}
}

// demoSources writes the demo's sources as a file, with little delay between requests.
func demoSources(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("sources:\n")
	for _, s := range seeds.DemoSources() {
		fmt.Fprintf(&b, "  - {url: %q, kind: %s, delay: 5ms}\n", s.URL, s.Kind)
	}
	path := filepath.Join(t.TempDir(), "sources.yaml")
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func runSchemer(t *testing.T, args ...string) []byte {
	t.Helper()
	cmd := program(t.Context(), args)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("schemer %s: %v\n%s", strings.Join(args, " "), err, stderr.Bytes())
	}
	return out
}

func killSchemer(t *testing.T, after time.Duration, args ...string) {
	t.Helper()
	cmd := program(t.Context(), args)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(after)
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
}

// program is this test binary run as schemer; see TestMain.
func program(ctx context.Context, args []string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, os.Args[0], args...)
	cmd.Env = append(os.Environ(), asProgram+"=1")
	return cmd
}

func postURLs(t *testing.T, data string) map[string]bool {
	t.Helper()
	urls := map[string]bool{}
	lines := bufio.NewScanner(bytes.NewReader(runSchemer(t, "posts", "--json", "--data", data)))
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var line postLine
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		urls[line.URL] = true
	}
	return urls
}

// pagesKept counts, by URL, the captures that hold a page of their own. robots.txt is asked for by every run.
func pagesKept(t *testing.T, data string) map[string]int {
	t.Helper()
	archive, err := evidence.Open(t.Context(), evidence.Options{URL: "file:" + filepath.Join(data, "evidence"), ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = archive.Close(t.Context()) }()
	kept := map[string]int{}
	for c, err := range archive.Captures(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if c.Status == 200 && c.RevisitOf == "" && c.Kind != string(schemer.TargetRobots) {
			kept[c.URL]++
		}
	}
	return kept
}
