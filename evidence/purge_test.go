package evidence_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"

	"schemer"
	"schemer/evidence"
)

// plain returns everything that the WARC files of an archive hold, uncompressed.
func plain(t testing.TB, dir string) []byte {
	t.Helper()
	var out bytes.Buffer
	for _, path := range warcFiles(t, dir) {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if len(b) == 0 {
			continue
		}
		z, err := gzip.NewReader(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := out.ReadFrom(z); err != nil {
			t.Fatal(err)
		}
	}
	return out.Bytes()
}

// checkDeleted checks that those captures are gone, byte for byte, and that the others and the archive are sound.
func checkDeleted(t *testing.T, a *evidence.Archive, dir string, all []schemer.Capture, deleted func(n int) bool) {
	t.Helper()
	for n, c := range all {
		x, err := a.Load(t.Context(), c)
		switch {
		case deleted(n) && !errors.Is(err, schemer.ErrNotFound):
			t.Errorf("capture %d should be gone: %v", n, err)
		case !deleted(n) && (err != nil || !strings.HasPrefix(string(x.Body), "secret-"+string(rune('A'+n)))):
			t.Errorf("capture %d should be there: %v", n, err)
		}
	}
	if r, err := a.Verify(t.Context(), evidence.VerifyOptions{}); err != nil {
		t.Errorf("%v\n%v", err, r.Findings)
	}
	held := plain(t, dir)
	for n := range all {
		if bytes.Contains(held, []byte("secret-"+string(rune('A'+n)))) == deleted(n) {
			t.Errorf("bytes of capture %d: still there %v", n, deleted(n))
		}
	}
}

func TestPurgeDeletesForRealAndVerifies(t *testing.T) {
	dir := t.TempDir()
	a := open(t, dir, func(o *evidence.Options) { o.MaxFile = 8 << 10 })
	var all []schemer.Capture
	for n := range 30 {
		x := page(n, strings.Repeat("secret-"+string(rune('A'+n))+" ", 30))
		if n%2 == 1 {
			x.Target.Kind = schemer.TargetLegal
		}
		all = append(all, save(t, a, x)...)
	}
	again := page(4, string(load(t, a, all[4]).Body))
	again.RevisitOf, again.Started = &all[4], start.Add(time.Hour)
	revisit := save(t, a, again)[0]

	cutoff := start.Add(20 * time.Second)
	first := func(n int) bool { return n < 20 && n%2 == 0 && n != 4 }
	r, err := a.Purge(t.Context(), evidence.PurgeOptions{Before: cutoff, Kinds: []string{"thread"}, Who: "officer", Why: "retention"})
	if err != nil || len(r.Deleted) != 9 || len(r.Held) != 1 || r.Held[0].ID != all[4].ID {
		t.Fatalf("%v %+v", err, r)
	}
	checkDeleted(t, a, dir, all, first)
	if x := load(t, a, revisit); !strings.HasPrefix(string(x.Body), "secret-E") {
		t.Error("revisit lost its body")
	}
	second := func(n int) bool { return first(n) || n == 3 || n == 7 || n == 29 }
	r, err = a.Purge(t.Context(), evidence.PurgeOptions{
		Keep: func(c schemer.Capture) bool { return c.ID != all[3].ID && c.ID != all[7].ID && c.ID != all[29].ID }, Who: "officer", Why: "request",
	})
	if err != nil || len(r.Deleted) != 3 {
		t.Fatalf("%v %+v", err, r)
	}
	checkDeleted(t, a, dir, all, second)
	save(t, a, page(99, "goes on"))
	closeArchive(t, a)
	a = open(t, dir, nil)
	checkDeleted(t, a, dir, all, second)
	if got := captures(t, a); len(got) != 30+2-12 {
		t.Errorf("%d captures left", len(got))
	}
	closeArchive(t, a)
	report, err := verify(t, dir, evidence.VerifyOptions{})
	if err != nil || report.Deleted != 12 || !strings.Contains(report.Statement(), "12 captures were deleted on purpose") {
		t.Errorf("%v %+v", err, report)
	}
}

func TestPurgeCutShortIsFinished(t *testing.T) {
	dir := t.TempDir()
	a := open(t, dir, nil)
	for n := range 5 {
		save(t, a, page(n, "body-"+string(rune('A'+n))))
	}
	closeArchive(t, a)
	path := warcFiles(t, dir)[0]
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	a = open(t, dir, nil)
	if _, err := a.Purge(t.Context(), evidence.PurgeOptions{Before: start.Add(2 * time.Second), Who: "officer", Why: "retention"}); err != nil {
		t.Fatal(err)
	}
	closeArchive(t, a)
	if err := os.WriteFile(path, before, 0o600); err != nil { // as if killed between log and cut
		t.Fatal(err)
	}
	a = open(t, dir, nil)
	closeArchive(t, a)
	if r, err := verify(t, dir, evidence.VerifyOptions{}); err != nil || r.Deleted != 2 {
		t.Errorf("%v %+v", err, r)
	}
	if bytes.Contains(plain(t, dir), []byte("body-A")) {
		t.Error("deleted bytes are back")
	}
}

func TestDeletionWithoutTombstoneIsFound(t *testing.T) {
	dir := t.TempDir()
	all := filled(t, dir)
	c := all[5]
	path := filepath.Join(dir, c.File)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, append(b[:c.Offset:c.Offset], b[c.Offset+c.Length:]...), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := verify(t, dir, evidence.VerifyOptions{}); !errors.Is(err, schemer.ErrIntegrity) {
		t.Errorf("verify: %v", err)
	}
}

func TestPurgeWantsReasonAndBounds(t *testing.T) {
	a := open(t, t.TempDir(), nil)
	defer closeArchive(t, a)
	for _, o := range []evidence.PurgeOptions{{}, {Before: start}, {Before: start, Who: "x"}, {Who: "x", Why: "y"}} {
		if _, err := a.Purge(t.Context(), o); !errors.Is(err, schemer.ErrUsage) {
			t.Errorf("%+v: %v", o, err)
		}
	}
}
