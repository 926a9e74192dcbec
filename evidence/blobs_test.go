package evidence_test

import (
	"errors"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"schemer"
	"schemer/evidence"
)

// conformance is what every store of objects must do.
func conformance(t *testing.T, b evidence.Blobs) {
	t.Run("content", func(t *testing.T) { keepsContent(t, b) })
	t.Run("names", func(t *testing.T) { keepsNames(t, b) })
	t.Run("refusals", func(t *testing.T) { refuses(t, b) })
}

func put(t *testing.T, b evidence.Blobs, name, text string) {
	t.Helper()
	if err := b.Put(t.Context(), name, strings.NewReader(text), int64(len(text))); err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, b evidence.Blobs, name string, offset, length int64) string {
	t.Helper()
	r, err := b.Get(t.Context(), name, offset, length)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	got, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(got)
}

func keepsContent(t *testing.T, b evidence.Blobs) {
	put(t, b, "c/a", "0123456789")
	if got := get(t, b, "c/a", 0, 10) + "|" + get(t, b, "c/a", 3, 4) + "|" + get(t, b, "c/a", 8, 2); got != "0123456789|3456|89" {
		t.Errorf("ranges: %s", got)
	}
	put(t, b, "c/a", "replaced")
	if size, err := b.Size(t.Context(), "c/a"); err != nil || size != 8 || get(t, b, "c/a", 0, 8) != "replaced" {
		t.Errorf("replaced object: %d bytes, %v", size, err)
	}
	put(t, b, "c/empty", "")
	if size, err := b.Size(t.Context(), "c/empty"); err != nil || size != 0 {
		t.Errorf("empty object: %d bytes, %v", size, err)
	}
	big := strings.Repeat("big object ", 2_000_000) // over 16 MiB: in parts on S3
	put(t, b, "c/big", big)
	if got := get(t, b, "c/big", int64(len(big))-11, 11); got != "big object " {
		t.Errorf("end of the big object: %q", got)
	}
}

func keepsNames(t *testing.T, b evidence.Blobs) {
	for _, name := range []string{"n/b.warc.gz", "n/a.warc.gz", "n/sub/c", "other"} {
		put(t, b, name, name)
	}
	var names []string
	for name, err := range b.List(t.Context(), "n/") {
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	if !slices.Equal(names, []string{"n/a.warc.gz", "n/b.warc.gz", "n/sub/c"}) {
		t.Errorf("list: %v", names)
	}
	for range b.List(t.Context(), "") {
		break // ending early must be harmless
	}
	for range 2 {
		if err := b.Delete(t.Context(), "n/b.warc.gz"); err != nil {
			t.Errorf("delete, the second time what is gone: %v", err)
		}
	}
	_, sizeErr := b.Size(t.Context(), "n/b.warc.gz")
	_, getErr := b.Get(t.Context(), "n/none", 0, 1)
	if !errors.Is(sizeErr, schemer.ErrNotFound) || !errors.Is(getErr, schemer.ErrNotFound) {
		t.Errorf("absent object: %v, %v", sizeErr, getErr)
	}
}

func refuses(t *testing.T, b evidence.Blobs) {
	if err := b.Put(t.Context(), "short", strings.NewReader("abc"), 5); err == nil {
		t.Error("a short object was taken")
	}
	if _, err := b.Size(t.Context(), "short"); !errors.Is(err, schemer.ErrNotFound) {
		t.Errorf("half an object is there: %v", err)
	}
	for _, name := range []string{"", "../out", "/abs", "a/../../out", `a\b`} {
		if err := b.Put(t.Context(), name, strings.NewReader(""), 0); !errors.Is(err, schemer.ErrUsage) {
			t.Errorf("name %q: %v", name, err)
		}
	}
}

// archiveOn is what an archive must do whose closed files are in a store of objects.
func archiveOn(t *testing.T, b evidence.Blobs) {
	dir := t.TempDir()
	options := func(o *evidence.Options) { o.Blobs, o.MaxFile = b, 20<<10 }
	a := open(t, dir, options)
	var all []schemer.Capture
	for n := range 60 {
		all = append(all, save(t, a, page(n, strings.Repeat(string(rune('a'+n%26)), 100+n)))...)
	}
	closeArchive(t, a)
	local := warcFiles(t, dir)
	if len(local) != 1 {
		t.Errorf("%d files are still local, expected the live one", len(local))
	}
	a = open(t, dir, options)
	for n, c := range all {
		if x := load(t, a, c); len(x.Body) != 100+n {
			t.Fatalf("capture %d: %d bytes", n, len(x.Body))
		}
	}
	if r, err := a.Verify(t.Context(), evidence.VerifyOptions{}); err != nil || r.Captures != 60 {
		t.Errorf("%v %+v", err, r)
	}
	if r, err := a.Purge(t.Context(), evidence.PurgeOptions{Before: all[5].FetchedAt, Who: "tester", Why: "test"}); err != nil || len(r.Deleted) != 5 {
		t.Fatalf("%v %+v", err, r)
	}
	save(t, a, page(100, "more"))
	closeArchive(t, a)
	a = open(t, dir, options)
	defer closeArchive(t, a)
	if r, err := a.Verify(t.Context(), evidence.VerifyOptions{}); err != nil || r.Deleted != 5 || r.Captures != 56 {
		t.Errorf("after purge: %v %+v", err, r.Findings)
	}
	if _, err := b.Size(t.Context(), "log/key"); !errors.Is(err, schemer.ErrNotFound) {
		t.Errorf("the secret key was handed over: %v", err)
	}
	for name, err := range b.List(t.Context(), "warc/") {
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(name, ".warc.gz") {
			continue
		}
		if err := b.Put(t.Context(), name, strings.NewReader("x"), 1); err != nil {
			t.Fatal(err)
		}
		if _, err := a.Verify(t.Context(), evidence.VerifyOptions{}); !errors.Is(err, schemer.ErrIntegrity) {
			t.Errorf("a replaced object was not found: %v", err)
		}
		break
	}
}

func TestBlobsInADirectory(t *testing.T) {
	for name, test := range map[string]func(*testing.T, evidence.Blobs){"conformance": conformance, "archive": archiveOn} {
		t.Run(name, func(t *testing.T) {
			b, err := evidence.OpenBlobs(t.Context(), "file:"+filepath.Join(t.TempDir(), "blobs"))
			if err != nil {
				t.Fatal(err)
			}
			test(t, b)
		})
	}
}

func TestBlobURLs(t *testing.T) {
	for _, url := range []string{"", "file:", "s3:", "s3:objects.example/bucket", "s3:https://key:secret@objects.example/bucket", "s3:https://objects.example"} {
		if _, err := evidence.OpenBlobs(t.Context(), url); !errors.Is(err, schemer.ErrUsage) {
			t.Errorf("OpenBlobs(%q): %v", url, err)
		}
	}
}
