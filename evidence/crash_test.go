package evidence_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"schemer"
	"schemer/evidence"
)

// cutAt makes dir look as if the process had been killed when the newest WARC file was size bytes long and logged of its
// lines had been written, the last of them in part.
func cutAt(t testing.TB, dir string, size int64, logBytes int64) {
	t.Helper()
	files := warcFiles(t, dir)
	if err := os.Truncate(files[len(files)-1], size); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(filepath.Join(dir, "log", "entries.jsonl"), logBytes); err != nil {
		t.Fatal(err)
	}
}

func TestTornTailIsCutAndNothingElse(t *testing.T) {
	dir := t.TempDir()
	a := open(t, dir, nil)
	var all []schemer.Capture
	var logEnd []int64 // of the log after each capture
	logPath := filepath.Join(dir, "log", "entries.jsonl")
	for n := range 40 {
		all = append(all, save(t, a, page(n, strings.Repeat(fmt.Sprint(n, " text "), 30)))...)
		info, err := os.Stat(logPath)
		if err != nil {
			t.Fatal(err)
		}
		logEnd = append(logEnd, info.Size())
	}
	killed := copyDir(t, dir) // as it lies there while the writer lives
	closeArchive(t, a)
	end := all[39].Offset + all[39].Length
	rng := rand.New(rand.NewPCG(7, 7))
	for range 60 {
		size := rng.Int64N(end)
		whole := 0 // captures whose response is there; their metadata record may be torn
		for whole < len(all) && all[whole].Offset+all[whole].Length <= size {
			whole++
		}
		whole = max(0, whole-1) // surely whole
		dir := copyDir(t, killed)
		logBytes := int64(0)
		if whole > 0 {
			logBytes = rng.Int64N(logEnd[whole-1] + 1)
		}
		cutAt(t, dir, size, logBytes)
		a := open(t, dir, nil)
		got := captures(t, a)
		if len(got) < whole || len(got) > whole+1 {
			t.Fatalf("cut at %d: %d captures, expected %d", size, len(got), whole)
		}
		if diff := cmp.Diff(all[:len(got)], got, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("cut at %d (-want +got):\n%s", size, diff)
		}
		for _, c := range got {
			load(t, a, c)
		}
		save(t, a, page(100, "after"))
		closeArchive(t, a)
		r, err := verify(t, dir, evidence.VerifyOptions{})
		if err != nil || r.Captures != int64(len(got)+1) {
			t.Fatalf("cut at %d, log at %d: %v", size, logBytes, err)
		}
		checkTorn(t, dir, size, got)
	}
}

// checkTorn checks that what was cut off a file of that size was moved aside, and no more than that.
func checkTorn(t *testing.T, dir string, size int64, got []schemer.Capture) {
	t.Helper()
	var kept int64
	torn, err := filepath.Glob(filepath.Join(dir, "torn", "schemer-*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range torn {
		info, err := os.Stat(p)
		if err != nil {
			t.Fatal(err)
		}
		kept += info.Size()
	}
	if len(got) == 0 {
		if kept == 0 && size > 400 {
			t.Errorf("cut at %d: the torn end is gone", size)
		}
		return
	}
	if last := got[len(got)-1]; kept > size-(last.Offset+last.Length) {
		t.Errorf("cut at %d: %d torn bytes kept, more than there were", size, kept)
	}
}

func TestShortFileUnderTheLogIsDamageAndNotMended(t *testing.T) {
	dir := t.TempDir()
	all := filled(t, dir)
	files := warcFiles(t, dir)
	last := files[len(files)-1]
	info, err := os.Stat(last)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(last, info.Size()-50); err != nil {
		t.Fatal(err)
	}
	a := open(t, dir, nil) // the crawl goes on, in a new file
	c := save(t, a, page(200, "later"))[0]
	closeArchive(t, a)
	if c.File == all[len(all)-1].File {
		t.Error("the damaged file was written to")
	}
	if _, err := verify(t, dir, evidence.VerifyOptions{}); !errors.Is(err, schemer.ErrIntegrity) {
		t.Errorf("loss of logged evidence was forgotten: %v", err)
	}
}

func TestCutLogUnderACheckpointIsRefused(t *testing.T) {
	dir := t.TempDir()
	filled(t, dir)
	rewrite(t, filepath.Join(dir, "log", "entries.jsonl"), func(l []string) []string { return l[:10] })
	if err := os.Truncate(filepath.Join(dir, "log", "hashes"), 0); err != nil {
		t.Fatal(err)
	}
	_, err := evidence.Open(t.Context(), evidence.Options{URL: "file:" + dir})
	if !errors.Is(err, schemer.ErrIntegrity) {
		t.Errorf("open: %v", err)
	}
}

func TestConcurrentSaves(t *testing.T) {
	dir := t.TempDir()
	a := open(t, dir, func(o *evidence.Options) { o.MaxFile = 40 << 10 })
	var mu sync.Mutex
	saved := map[schemer.CaptureID]string{}
	var group sync.WaitGroup
	for w := range 8 {
		group.Go(func() {
			for n := range 25 {
				body := fmt.Sprintf("worker %d page %d", w, n)
				c, err := a.Save(context.Background(), []schemer.Exchange{page(1000*w+n, body)})
				if err != nil {
					t.Error(err)
					return
				}
				if _, err := a.Append(context.Background(), evidence.Entry{Kind: "view", Who: "analyst"}); err != nil {
					t.Error(err)
				}
				x, err := a.Load(context.Background(), c[0])
				if err != nil || string(x.Body) != body {
					t.Errorf("read back at once: %q, %v", x.Body, err)
				}
				mu.Lock()
				saved[c[0].ID] = body
				mu.Unlock()
			}
		})
	}
	group.Wait()
	got := captures(t, a)
	if len(got) != 200 || len(saved) != 200 {
		t.Fatalf("%d captures, %d ids", len(got), len(saved))
	}
	for _, c := range got {
		if x := load(t, a, c); string(x.Body) != saved[c.ID] {
			t.Fatalf("%s holds %q, expected %q", c.ID, x.Body, saved[c.ID])
		}
	}
	if r, err := a.Verify(t.Context(), evidence.VerifyOptions{}); err != nil || r.Entries < 400 {
		t.Errorf("%v, %d entries", err, r.Entries)
	}
	closeArchive(t, a)
}

const childVariable = "SCHEMER_TEST_SAVE_UNTIL_KILLED"

// TestMain lets the test binary also be the process that is killed.
func TestMain(m *testing.M) {
	if dir := os.Getenv(childVariable); dir != "" {
		saveUntilKilled(dir)
	}
	os.Exit(m.Run())
}

// saveUntilKilled saves from four goroutines and prints the id of every capture once Save has returned.
func saveUntilKilled(dir string) {
	a, err := evidence.Open(context.Background(), evidence.Options{URL: "file:" + dir, MaxFile: 200 << 10})
	if err != nil {
		fmt.Println("error", err)
		os.Exit(1)
	}
	var mu sync.Mutex
	var group sync.WaitGroup
	for w := range 4 {
		group.Go(func() {
			for n := 0; ; n++ {
				c, err := a.Save(context.Background(), []schemer.Exchange{page(w*1e6+n, strings.Repeat(fmt.Sprint(w, n, " "), 200))})
				if err != nil {
					fmt.Println("error", err)
					os.Exit(1)
				}
				mu.Lock()
				fmt.Println(c[0].ID, c[0].Seq)
				mu.Unlock()
			}
		})
	}
	group.Wait()
}

func TestKilledWriterLosesNothingItAcknowledged(t *testing.T) {
	dir := t.TempDir()
	acknowledged := map[schemer.CaptureID]int64{}
	for round := range 10 {
		child := exec.CommandContext(t.Context(), os.Args[0])
		child.Env = append(os.Environ(), childVariable+"="+dir)
		out, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for n := 0; lines.Scan(); n++ {
			var id schemer.CaptureID
			var seq int64
			if _, err := fmt.Sscan(lines.Text(), &id, &seq); err != nil {
				t.Fatalf("child said %q", lines.Text())
			}
			acknowledged[id] = seq
			if n == 20+round*7 {
				if err := child.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
		}
		_ = child.Wait()
		a := open(t, dir, nil)
		got := map[schemer.CaptureID]int64{}
		for _, c := range captures(t, a) {
			got[c.ID] = c.Seq
		}
		for id, seq := range acknowledged {
			if got[id] != seq || seq == 0 {
				t.Fatalf("round %d: capture %s was acknowledged as %d, is now %d", round, id, seq, got[id])
			}
		}
		if _, err := a.Verify(t.Context(), evidence.VerifyOptions{}); err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		closeArchive(t, a)
	}
	if len(acknowledged) < 200 {
		t.Fatalf("only %d captures", len(acknowledged))
	}
}

func TestClosedArchiveTakesNoMore(t *testing.T) {
	a := open(t, t.TempDir(), nil)
	save(t, a, page(1, "before"))
	closeArchive(t, a)
	if _, err := a.Save(t.Context(), []schemer.Exchange{page(2, "after")}); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("save into a closed archive: %v", err)
	}
}

func TestSnapshotOnlySavesTime(t *testing.T) {
	dir := t.TempDir()
	all := filled(t, dir)
	path := filepath.Join(dir, "log", "snapshot.note")
	snapshot, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	other := t.TempDir()
	filled(t, other)
	foreign, err := os.ReadFile(filepath.Join(other, "log", "snapshot.note"))
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{
		"kept": snapshot, "none": nil, "of another archive": foreign, "changed": bytes.Replace(snapshot, []byte(`"size":`), []byte(`"size":1`), 1),
	} {
		t.Run(name, func(t *testing.T) {
			dir := copyDir(t, dir)
			if err := os.WriteFile(filepath.Join(dir, "log", "snapshot.note"), content, 0o600); err != nil {
				t.Fatal(err)
			}
			a := open(t, dir, nil)
			if diff := cmp.Diff(all, captures(t, a)); diff != "" {
				t.Errorf("captures (-want +got):\n%s", diff)
			}
			if c := save(t, a, page(300, "more"))[0]; c.Seq <= all[len(all)-1].Seq {
				t.Errorf("new capture has Seq %d", c.Seq)
			}
			closeArchive(t, a)
			if r, err := verify(t, dir, evidence.VerifyOptions{}); err != nil || r.Captures != int64(len(all)+1) {
				t.Errorf("%v %v", err, r.Findings)
			}
		})
	}
}
