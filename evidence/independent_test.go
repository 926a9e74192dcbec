//go:build independent

package evidence_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"schemer"
	"schemer/evidence"
)

// tool returns the path of an independent reader; with this build tag it must be given.
func tool(t *testing.T, variable string) string {
	t.Helper()
	path := os.Getenv(variable)
	if path == "" {
		t.Fatalf("set %s to the path of the program (pip install warcio wacz)", variable)
	}
	return path
}

func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
	return string(out)
}

func TestWarcioAcceptsEveryFile(t *testing.T) {
	dir := t.TempDir()
	captured := filled(t, dir)
	a := open(t, dir, nil)
	chunked := page(60, "")
	chunked.Response = []byte("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")
	chunked.Body = []byte("hello")
	same := page(3, string(load(t, a, captured[3]).Body))
	same.RevisitOf = &captured[3]
	notModified := page(4, "")
	notModified.Response, notModified.Body = []byte("HTTP/1.1 304 Not Modified\r\n\r\n"), nil
	notModified.Status, notModified.RevisitOf = 304, &captured[4]
	for _, x := range []schemer.Exchange{chunked, same, notModified} {
		save(t, a, x)
	}
	if _, err := a.Purge(t.Context(), evidence.PurgeOptions{Before: captured[2].FetchedAt, Who: "tester", Why: "test"}); err != nil {
		t.Fatal(err)
	}
	closeArchive(t, a)
	for _, path := range warcFiles(t, dir) {
		out := run(t, tool(t, "SCHEMER_WARCIO"), "check", "-v", path)
		if strings.Contains(out, "fail") {
			t.Errorf("%s:\n%s", path, out)
		}
		if !strings.Contains(out, "digest pass") {
			t.Errorf("%s: no digest was checked:\n%s", path, out)
		}
		lines := strings.Count(run(t, tool(t, "SCHEMER_WARCIO"), "index", path), "\n")
		if lines == 0 {
			t.Errorf("%s: no records in warcio's index", path)
		}
	}
}

func TestWaczAcceptsTheExport(t *testing.T) {
	dir := t.TempDir()
	filled(t, dir)
	a := open(t, dir, nil)
	defer closeArchive(t, a)
	var b bytes.Buffer
	if err := a.ExportWACZ(t.Context(), &b, captures(t, a)); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "export.wacz")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	out := run(t, tool(t, "SCHEMER_WACZ"), "validate", "-f", path)
	if !strings.Contains(out, "Validation succeeded") {
		t.Errorf("wacz validate:\n%s", out)
	}
}
