package store_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"schemer"
	"schemer/internal/store"
)

// victimEnv makes this test binary a process that works on a database, or holds a lock, until it is killed.
const victimEnv = "SCHEMER_STORE_VICTIM"

func TestMain(m *testing.M) {
	switch what, arg, _ := strings.Cut(os.Getenv(victimEnv), "="); what {
	case "":
		os.Exit(m.Run())
	case "lock":
		if _, err := store.Lock(arg); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println("held")
		_, _ = io.Copy(io.Discard, os.Stdin)
	case "done":
		if err := victim(arg); err != nil {
			fmt.Println("failed:", err)
			os.Exit(1)
		}
	}
}

// victimHosts is how many hosts the victim works on at once.
const victimHosts = 8

// victim finishes one target after the other, as fast as it can, and says so after each acknowledgement.
func victim(url string) error {
	ctx := context.Background()
	s, err := store.Open(ctx, url, store.Options{Now: time.Now})
	if err != nil {
		return err
	}
	if err := s.ReleaseAll(ctx, "", time.Now()); err != nil {
		return err
	}
	seq, err := s.LastSeq(ctx)
	if err != nil {
		return err
	}
	var mu sync.Mutex
	var wg sync.WaitGroup
	errs := make(chan error, victimHosts)
	for h := range victimHosts {
		host := fmt.Sprintf("h%d.example", h)
		if _, err := s.Add(ctx, []schemer.Target{target(host, fmt.Sprintf("/start-%d", seq), 1)}); err != nil {
			return err
		}
		wg.Go(func() {
			for {
				l, _, err := s.Lease(ctx, host, time.Now(), time.Hour, 1)
				if err != nil {
					errs <- err
					return
				}
				mu.Lock()
				seq++
				n := seq
				mu.Unlock()
				if err := s.Done(ctx, l, victimOutcome(l.Targets[0], n)); err != nil {
					errs <- err
					return
				}
				mu.Lock()
				fmt.Println(n, l.Targets[0].URL)
				mu.Unlock()
				if err := s.Release(ctx, l, time.Time{}); err != nil {
					errs <- err
					return
				}
			}
		})
	}
	return <-errs
}

// victimOutcome is an outcome of which every part can be checked by its number.
func victimOutcome(f schemer.Target, n int64) schemer.Outcome {
	at := time.Unix(n, 0).UTC()
	c := capture(n, f.URL, at)
	f.LastFetch, f.LastID = at, c.ID
	p := post(fmt.Sprint(n), fmt.Sprintf("text %d", n))
	next := target(f.Host, fmt.Sprintf("/after-%d", n), 1)
	return schemer.Outcome{
		Target: f, Captures: []schemer.Capture{c}, Found: []schemer.Target{next}, Sites: []schemer.Source{{ID: schemer.SourceID(fmt.Sprintf("s%d", n))}},
		Document: &schemer.Document{Capture: c.ID, URL: f.URL, Kind: schemer.PageThread, CapturedAt: at, Posts: []schemer.Post{p}},
	}
}

// TestKill kills a working process with SIGKILL again and again: what it acknowledged is there, and whatever is there is
// there as a whole.
func TestKill(t *testing.T) {
	url := "sqlite:" + filepath.Join(t.TempDir(), "schemer.db")
	acked := map[int64]string{}
	for round := range 10 {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), victimEnv+"=done="+url)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for i := 0; lines.Scan(); i++ {
			if i == 20+round*7 { // the kill falls wherever the process then is
				if err := cmd.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
			var n int64
			var page string
			if _, err := fmt.Sscan(lines.Text(), &n, &page); err != nil {
				t.Fatalf("the victim says %q", lines.Text())
			}
			acked[n] = page
		}
		if err := cmd.Wait(); err == nil {
			t.Fatal("the victim was to be killed")
		}
	}
	if len(acked) < 200 {
		t.Fatalf("only %d outcomes acknowledged", len(acked))
	}
	checkVictim(t, open(t, url), acked)
}

func checkVictim(t *testing.T, s *store.Store, acked map[int64]string) {
	t.Helper()
	ctx := t.Context()
	posts := map[string]bool{}
	if err := s.Posts(ctx, store.PostFilter{}, func(p *schemer.Post) error { posts[p.Number] = true; return nil }); err != nil {
		t.Fatal(err)
	}
	sources := map[schemer.SourceID]bool{}
	list, err := s.Sources(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, src := range list {
		sources[src.ID] = true
	}
	there := 0
	for c, err := range s.Captures(ctx, store.CaptureFilter{}) {
		if err != nil {
			t.Fatal(err)
		}
		there++
		f, err := s.Known(ctx, c.URL)
		if err != nil || f.LastID != c.ID {
			t.Errorf("capture %d without its target's state: %v", c.Seq, err)
		}
		if _, err := s.Known(ctx, fmt.Sprintf("http://%s/after-%d", f.Host, c.Seq)); err != nil {
			t.Errorf("capture %d without the link found: %v", c.Seq, err)
		}
		if !posts[fmt.Sprint(c.Seq)] || !sources[schemer.SourceID(fmt.Sprintf("s%d", c.Seq))] {
			t.Errorf("capture %d without its post or source", c.Seq)
		}
		delete(acked, c.Seq)
	}
	if len(acked) > 0 {
		t.Errorf("%d acknowledged outcomes were lost", len(acked))
	}
	if len(posts) != there || len(sources) != there {
		t.Errorf("%d captures, %d posts, %d sources", there, len(posts), len(sources))
	}
}

func TestLock(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), victimEnv+"=lock="+path)
	if _, err := cmd.StdinPipe(); err != nil { // stays open until the process ends
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "held\n" {
		t.Fatalf("%q, %v", line, err)
	}
	if _, err = store.Lock(path); !errors.Is(err, schemer.ErrLocked) || !strings.Contains(err.Error(), fmt.Sprintf("process %d ", cmd.Process.Pid)) {
		t.Errorf("a held lock: %v, want the holder %d named", err, cmd.Process.Pid)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // killed
	release, err := store.Lock(path)
	if err != nil {
		t.Fatalf("the lock outlived its holder: %v", err)
	}
	if _, err := store.Lock(path); !errors.Is(err, schemer.ErrLocked) {
		t.Errorf("locked twice by one process: %v", err)
	}
	if err := release(); err != nil {
		t.Fatal(err)
	}
}

// TestDamaged: whatever cannot be used is refused with one line that names the file and a remedy, and is left as it was.
func TestDamaged(t *testing.T) {
	good := filepath.Join(t.TempDir(), "good.db")
	s, err := store.Open(t.Context(), "sqlite:"+good, store.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	torn := append(bytes.Clone(whole[:100]), bytes.Repeat([]byte{0xA5}, len(whole)-100)...)
	for _, c := range []struct {
		name  string
		bytes []byte
		want  error
		hint  string
	}{
		{"text", []byte("this is no database but somebody's notes"), schemer.ErrIntegrity, "backup"},
		{"short", []byte("SQ"), schemer.ErrIntegrity, "backup"},
		{"torn", torn, schemer.ErrIntegrity, "backup"},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "schemer.db")
			if err := os.WriteFile(path, c.bytes, 0o600); err != nil {
				t.Fatal(err)
			}
			for _, readOnly := range []bool{true, false} {
				_, err := store.Open(t.Context(), "sqlite:"+path, store.Options{Now: time.Now, ReadOnly: readOnly})
				if !errors.Is(err, c.want) || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), c.hint) || strings.Contains(err.Error(), "\n") {
					t.Errorf("%v", err)
				}
			}
			if now, err := os.ReadFile(path); err != nil || !bytes.Equal(now, c.bytes) {
				t.Errorf("the file was changed (%v)", err)
			}
		})
	}
}

func TestRefusedURLs(t *testing.T) {
	dir := t.TempDir()
	for url, want := range map[string]error{
		"mysql://x":                     schemer.ErrUsage,
		"sqlite:":                       schemer.ErrUsage,
		"":                              schemer.ErrUsage,
		"sqlite:" + dir:                 schemer.ErrUsage,
		"sqlite:" + dir + "/none/x.db":  schemer.ErrUsage,
		"sqlite:/dev/null/schemer.db":   schemer.ErrUsage,
		"postgresql+ssh://host/schemer": schemer.ErrUsage,
	} {
		if _, err := store.Open(t.Context(), url, store.Options{Now: time.Now}); !errors.Is(err, want) {
			t.Errorf("open %q: %v, want %v", url, err, want)
		}
	}
	if _, err := store.Open(t.Context(), "sqlite:"+dir+"/x.db", store.Options{Now: time.Now, ReadOnly: true}); !errors.Is(err, schemer.ErrNotFound) {
		t.Errorf("reading what is not there: %v", err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("refused URLs left %v behind (%v)", left, err)
	}
}
