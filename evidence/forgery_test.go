package evidence_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"schemer"
	"schemer/evidence"
	"schemer/evidence/warc"
)

// records reads all records of a WARC file.
func records(t testing.TB, path string) []*warc.Record {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	var out []*warc.Record
	for rd := warc.NewReader(f, warc.Limits{}); ; {
		r, _, err := rd.Next()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, r)
	}
}

// forge writes records into the directory of a new archive and lets the archive log them, as it does after a crash. The
// log, the hashes of the members and the digests of the blocks then all fit: only what the records say can give it away.
func forge(t testing.TB, forged []*warc.Record) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "warc"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, r := range forged {
		h := r.Header[:0:0]
		for _, f := range r.Header {
			switch f.Name {
			case warc.FieldContentLength:
				continue
			case warc.FieldBlockDigest:
				f.Value = "sha256:" + string(schemer.DigestOf(r.Block))
			}
			h = append(h, f)
		}
		r.Header = h
	}
	path := filepath.Join(dir, "warc", "schemer-000001-20261125T100000Z.warc.gz")
	if err := os.WriteFile(path, zippedWARC(t, forged...), 0o600); err != nil {
		t.Fatal(err)
	}
	closeArchive(t, open(t, dir, nil))
	return dir
}

func TestCustodyThatDoesNotFitIsFound(t *testing.T) {
	dir := t.TempDir()
	a := open(t, dir, nil)
	original := save(t, a, page(1, "the body"))[0]
	again := page(1, "the body")
	again.RevisitOf = &original
	save(t, a, again)
	closeArchive(t, a)
	path := warcFiles(t, dir)[0]
	if _, err := verify(t, forge(t, records(t, path)), evidence.VerifyOptions{}); err != nil {
		t.Fatalf("without a forgery: %v", err)
	}
	zeros := strings.Repeat("0", 64)
	custody := func(change func(c *evidence.Custody)) func(r []*warc.Record) {
		return func(r []*warc.Record) {
			var c evidence.Custody
			if err := json.Unmarshal(r[3].Block, &c); err != nil {
				t.Fatal(err)
			}
			change(&c)
			r[3].Block, _ = json.Marshal(c)
		}
	}
	cases := map[string]func(r []*warc.Record){
		"response changed": func(r []*warc.Record) { r[2].Block = bytes.Replace(r[2].Block, []byte("body"), []byte("BODY"), 1) },
		"request changed":  func(r []*warc.Record) { r[1].Block = bytes.Replace(r[1].Block, []byte("GET"), []byte("PUT"), 1) },
		"wire digest":      custody(func(c *evidence.Custody) { c.Response.Wire = schemer.Digest(zeros) }),
		"payload digest":   custody(func(c *evidence.Custody) { c.Response.Payload = schemer.Digest(zeros) }),
		"decoded digest":   custody(func(c *evidence.Custody) { c.Response.Decoded = schemer.Digest(zeros) }),
		"request digest":   custody(func(c *evidence.Custody) { c.Response.RequestWire = schemer.Digest(zeros) }),
		"request id":       custody(func(c *evidence.Custody) { c.Request = "urn:uuid:other" }),
		"hash of a member": custody(func(c *evidence.Custody) { c.Members[0].SHA256 = schemer.Digest(zeros) }),
		"URL":              custody(func(c *evidence.Custody) { c.URL = "https://other.example/" }),
		"start":            custody(func(c *evidence.Custody) { c.Time.Started = c.Time.Started.AddDate(-1, 0, 0) }),
		"revisit of another": func(r []*warc.Record) {
			r[6].Block = bytes.Replace(r[6].Block, []byte(original.ID), []byte("urn:uuid:other"), 1)
		},
		"revisit with no place": func(r []*warc.Record) {
			r[6].Block = bytes.Replace(r[6].Block, []byte(`"offset":`), []byte(`"offset":9`), 4)
		},
		"revisit, other payload": func(r []*warc.Record) {
			r[6].Block = bytes.Replace(r[6].Block, []byte(original.Payload), []byte(zeros), 1)
		},
	}
	for name, change := range cases {
		t.Run(name, func(t *testing.T) {
			forged := records(t, path)
			change(forged)
			if r, err := verify(t, forge(t, forged), evidence.VerifyOptions{}); !errors.Is(err, schemer.ErrIntegrity) {
				t.Errorf("not found: %v %+v", err, r)
			}
		})
	}
}

// TestBytesBehindAClosedFileStayForeign: only the newest file can have records that are not logged yet.
func TestBytesBehindAClosedFileStayForeign(t *testing.T) {
	dir := t.TempDir()
	before := len(filled(t, dir))
	path := warcFiles(t, dir)[0]
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, append(b, b...), 0o600); err != nil {
		t.Fatal(err)
	}
	a := open(t, dir, nil)
	if got := len(captures(t, a)); got != before {
		t.Errorf("%d captures became %d", before, got)
	}
	closeArchive(t, a)
	if _, err := verify(t, dir, evidence.VerifyOptions{}); !errors.Is(err, schemer.ErrIntegrity) {
		t.Errorf("foreign bytes were not found: %v", err)
	}
	after, err := os.ReadFile(path)
	if err != nil || len(after) != 2*len(b) {
		t.Errorf("the file was touched: %d bytes, %v", len(after), err)
	}
}
