package evidence_test

import (
	"bytes"
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
	ctx := t.Context()
	put := func(name, text string) {
		t.Helper()
		if err := b.Put(ctx, name, strings.NewReader(text), int64(len(text))); err != nil {
			t.Fatal(err)
		}
	}
	get := func(name string, offset, length int64) string {
		t.Helper()
		r, err := b.Get(ctx, name, offset, length)
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
	put("warc/a.warc.gz", "0123456789")
	put("warc/b.warc.gz", "b")
	put("log/entries.jsonl", "")
	if got := get("warc/a.warc.gz", 0, 10) + "|" + get("warc/a.warc.gz", 3, 4) + "|" + get("warc/a.warc.gz", 8, 2); got != "0123456789|3456|89" {
		t.Errorf("ranges: %s", got)
	}
	put("warc/a.warc.gz", "replaced")
	if size, err := b.Size(ctx, "warc/a.warc.gz"); err != nil || size != 8 || get("warc/a.warc.gz", 0, 8) != "replaced" {
		t.Errorf("replaced object: %d bytes, %v", size, err)
	}
	if size, err := b.Size(ctx, "log/entries.jsonl"); err != nil || size != 0 {
		t.Errorf("empty object: %d bytes, %v", size, err)
	}
	big := bytes.Repeat([]byte("big object "), 600_000) // over 5 MiB: in parts on S3
	if err := b.Put(ctx, "warc/big", bytes.NewReader(big), int64(len(big))); err != nil {
		t.Fatal(err)
	}
	if got := get("warc/big", int64(len(big))-11, 11); got != "big object " {
		t.Errorf("end of the big object: %q", got)
	}
	list := func(prefix string) []string {
		t.Helper()
		var names []string
		for name, err := range b.List(ctx, prefix) {
			if err != nil {
				t.Fatal(err)
			}
			names = append(names, name)
		}
		return names
	}
	if got := list("warc/"); !slices.Equal(got, []string{"warc/a.warc.gz", "warc/b.warc.gz", "warc/big"}) {
		t.Errorf("list: %v", got)
	}
	for range b.List(ctx, "") {
		break // ending early must be harmless
	}
	if err := b.Delete(ctx, "warc/b.warc.gz"); err != nil {
		t.Error(err)
	}
	if err := b.Delete(ctx, "warc/b.warc.gz"); err != nil {
		t.Errorf("deleting what is gone: %v", err)
	}
	_, sizeErr := b.Size(ctx, "warc/b.warc.gz")
	_, getErr := b.Get(ctx, "warc/none", 0, 1)
	if !errors.Is(sizeErr, schemer.ErrNotFound) || !errors.Is(getErr, schemer.ErrNotFound) {
		t.Errorf("absent object: %v, %v", sizeErr, getErr)
	}
	if err := b.Put(ctx, "short", strings.NewReader("abc"), 5); err == nil {
		t.Error("a short object was taken")
	}
	if _, err := b.Size(ctx, "short"); !errors.Is(err, schemer.ErrNotFound) {
		t.Errorf("half an object is there: %v", err)
	}
	for _, name := range []string{"", "../out", "/abs", "a/../../out", `a\b`} {
		if err := b.Put(ctx, name, strings.NewReader(""), 0); !errors.Is(err, schemer.ErrUsage) {
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
