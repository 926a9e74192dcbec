package evidence_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"schemer"
	"schemer/evidence"
	"schemer/evidence/warc"
)

// foreign makes a record as another tool might write it.
func foreign(kind, id, url, block string, more ...warc.Field) *warc.Record {
	return &warc.Record{Block: []byte(block), Header: append(warc.Header{
		{Name: "WARC-Type", Value: kind},
		{Name: "WARC-Record-ID", Value: "<" + id + ">"},
		{Name: "WARC-Target-URI", Value: url},
		{Name: "WARC-Date", Value: "2024-05-01T12:00:00Z"},
		{Name: "Content-Type", Value: "application/http; msgtype=" + kind},
	}, more...)}
}

func plainWARC(t testing.TB, records ...*warc.Record) []byte {
	t.Helper()
	var b bytes.Buffer
	for _, r := range records {
		if err := warc.Write(&b, r); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

func zippedWARC(t testing.TB, records ...*warc.Record) []byte {
	t.Helper()
	var b bytes.Buffer
	e := warc.NewEncoder()
	for _, r := range records {
		if _, err := e.Append(&b, r); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

func write(t testing.TB, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const (
	okPage = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>from elsewhere</p>"
	okHead = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
)

func TestImportTakesInForeignCaptures(t *testing.T) {
	records := []*warc.Record{
		{Block: []byte("software: other/1.0\r\n"), Header: warc.Header{{Name: "WARC-Type", Value: "warcinfo"}, {Name: "WARC-Record-ID", Value: "<urn:uuid:0>"}}},
		foreign("response", "urn:uuid:1", "https://shop.example/", okPage, warc.Field{Name: "WARC-IP-Address", Value: "192.0.2.9"}),
		foreign("request", "urn:uuid:2", "https://shop.example/", "GET / HTTP/1.1\r\n\r\n", warc.Field{Name: "WARC-Concurrent-To", Value: "<urn:uuid:1>"}),
		foreign("revisit", "urn:uuid:3", "https://shop.example/", okHead, warc.Field{Name: "WARC-Refers-To", Value: "<urn:uuid:1>"}),
		foreign("conversion", "urn:uuid:4", "https://shop.example/", "text"),
	}
	for name, data := range map[string][]byte{"plain.warc": plainWARC(t, records...), "zipped.warc.gz": zippedWARC(t, records...)} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			a := open(t, dir, nil)
			path := write(t, name, data)
			r, err := a.Import(t.Context(), path, evidence.ImportOptions{Who: "officer", Source: "shop"})
			if err != nil || r.Captures != 2 || r.Refused != 0 || r.Skipped["conversion"] != 1 {
				t.Fatalf("%v %+v", err, r)
			}
			got := captures(t, a)
			for i, c := range got {
				x := load(t, a, c)
				if string(x.Body) != "<p>from elsewhere</p>" || !c.Imported || c.Kind != "import" || c.Source != "shop" ||
					!c.FetchedAt.Equal(time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC)) {
					t.Errorf("capture %d: %+v, body %q", i, c, x.Body)
				}
			}
			if x := load(t, a, got[0]); string(x.Request) != "GET / HTTP/1.1\r\n\r\n" || got[1].RevisitOf != got[0].ID {
				t.Errorf("request %q, revisit of %s", x.Request, got[1].RevisitOf)
			}
			custody, err := a.Custody(t.Context(), got[0])
			if err != nil || custody.ImportedAs == nil || custody.ImportedAs.Record != "urn:uuid:1" || custody.ImportedAs.Tool != "other/1.0" {
				t.Errorf("origin %+v, %v", custody.ImportedAs, err)
			}
			if r, err := a.Import(t.Context(), path, evidence.ImportOptions{Who: "officer"}); err != nil || !r.Already || len(captures(t, a)) != 2 {
				t.Errorf("second import: %v %+v", err, r)
			}
			if r, err := a.Verify(t.Context(), evidence.VerifyOptions{}); err != nil || r.Imported != 2 {
				t.Errorf("%v %v", err, r.Findings)
			}
			closeArchive(t, a)
		})
	}
}

func TestImportRefusesWhatLies(t *testing.T) {
	good := foreign("response", "urn:uuid:good", "https://shop.example/", okPage)
	lying := func(name, value string) *warc.Record {
		return foreign("response", "urn:uuid:bad", "https://shop.example/x", okPage, warc.Field{Name: name, Value: value})
	}
	long := plainWARC(t, good)
	short := bytes.Replace(plainWARC(t, foreign("response", "urn:uuid:short", "https://shop.example/", okPage)),
		fmt.Appendf(nil, "Content-Length: %d", len(okPage)), []byte("Content-Length: 50"), 1)
	beyond := bytes.Replace(plainWARC(t, good), fmt.Appendf(nil, "Content-Length: %d", len(okPage)), []byte("Content-Length: 99999999"), 1)
	cases := map[string][]byte{
		"block digest lies":   append(plainWARC(t, lying("WARC-Block-Digest", "sha256:"+strings.Repeat("0", 64))), long...),
		"payload digest lies": append(plainWARC(t, lying("WARC-Payload-Digest", "sha1:"+strings.Repeat("A", 32))), long...),
		"unknown algorithm":   append(plainWARC(t, lying("WARC-Block-Digest", "crc99:00")), long...),
		"revisit of itself": append(plainWARC(t, foreign("revisit", "urn:uuid:loop", "https://shop.example/", okHead,
			warc.Field{Name: "WARC-Refers-To", Value: "<urn:uuid:loop>"})), long...),
		"revisit of a later one": append(plainWARC(t, foreign("revisit", "urn:uuid:a", "https://shop.example/", okHead,
			warc.Field{Name: "WARC-Refers-To", Value: "<urn:uuid:good>"})), long...),
		"length too short":   append(short, long...),
		"length beyond file": append(long[:len(long):len(long)], beyond...),
		"no web address":     append(plainWARC(t, foreign("response", "urn:uuid:f", "file:///etc/passwd", okPage)), long...),
		"no HTTP message":    append(plainWARC(t, foreign("response", "urn:uuid:f", "https://shop.example/", "hello")), long...),
		"endless header":     append([]byte("WARC/1.0\r\nX: "+strings.Repeat("x", 1<<20)+"\r\n\r\n"), long...),
		"huge length":        append([]byte("WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 9223372036854775807\r\n\r\n"), plainWARC(t, good)...),
		"negative length":    append([]byte("WARC/1.0\r\nWARC-Type: response\r\nContent-Length: -5\r\n\r\n"), long...),
		"noise":              append([]byte(strings.Repeat("noise\r\n", 100)), long...),
	}
	for name, data := range cases {
		t.Run(name, func(t *testing.T) {
			a := open(t, t.TempDir(), nil)
			defer closeArchive(t, a)
			r, err := a.Import(t.Context(), write(t, "x.warc", data), evidence.ImportOptions{Who: "officer"})
			if err != nil || r.Refused == 0 {
				t.Fatalf("%v %+v", err, r)
			}
			want := 1
			if name == "huge length" {
				want = 0 // its block swallows the rest
			}
			if r.Captures != want {
				t.Errorf("%d captures, expected %d: %+v", r.Captures, want, r)
			}
			if _, err := a.Verify(t.Context(), evidence.VerifyOptions{}); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestGzipBombsDoNotUnpack(t *testing.T) {
	a := open(t, t.TempDir(), nil)
	defer closeArchive(t, a)
	bomb := foreign("response", "urn:uuid:bomb", "https://shop.example/", okHead+strings.Repeat("\x00", 80<<20))
	good := foreign("response", "urn:uuid:good", "https://shop.example/", okPage)
	r, err := a.Import(t.Context(), write(t, "x.warc.gz", zippedWARC(t, bomb, good)), evidence.ImportOptions{Who: "officer"})
	if err != nil || r.Captures != 1 || r.Refused == 0 {
		t.Fatalf("%v %+v", err, r)
	}
}

func archiveZip(t testing.TB, files map[string][]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, data := range files {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(data); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestHostileWACZ(t *testing.T) {
	good := plainWARC(t, foreign("response", "urn:uuid:good", "https://shop.example/", okPage))
	many := map[string][]byte{"archive/data.warc": good}
	for n := range 10_001 {
		many[fmt.Sprintf("archive/%d.txt", n)] = nil
	}
	cases := []struct {
		name     string
		data     []byte
		captures int
		usage    bool
	}{
		{"path out of the package", archiveZip(t, map[string][]byte{"archive/../../evil.warc": good, "archive/data.warc": good}), 1, false},
		{"wrong hash", archiveZip(t, map[string][]byte{
			"archive/data.warc": good, "datapackage.json": []byte(`{"resources":[{"path":"archive/data.warc","hash":"sha256:00"}]}`),
		}), 0, false},
		{"no WARC inside", archiveZip(t, map[string][]byte{"pages/pages.jsonl": nil}), 0, true},
		{"too many entries", archiveZip(t, many), 0, true},
		{"no zip at all", []byte("PK\x03\x04nonsense"), 0, true},
		{"bomb", archiveZip(t, map[string][]byte{"archive/data.warc": append(good[:len(good):len(good)], make([]byte, 200<<20)...)}), 1, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			a := open(t, t.TempDir(), nil)
			defer closeArchive(t, a)
			r, err := a.Import(t.Context(), write(t, "x.wacz", c.data), evidence.ImportOptions{Who: "officer"})
			if c.usage != errors.Is(err, schemer.ErrUsage) || !c.usage && err != nil {
				t.Fatalf("%v", err)
			}
			if r.Captures != c.captures || !c.usage && r.Refused == 0 {
				t.Errorf("%+v", r)
			}
		})
	}
}

func TestExportedWACZIsImportedAgain(t *testing.T) {
	dir := t.TempDir()
	filled(t, dir)
	a := open(t, dir, nil)
	defer closeArchive(t, a)
	var revisit schemer.Capture
	for _, c := range captures(t, a) {
		if c.RevisitOf != "" {
			revisit = c
		}
	}
	all := captures(t, a)
	chosen := []schemer.Capture{all[1], all[7], revisit}
	var b bytes.Buffer
	if err := a.ExportWACZ(t.Context(), &b, chosen); err != nil {
		t.Fatal(err)
	}
	checkPackage(t, b.Bytes())
	other := open(t, t.TempDir(), nil)
	defer closeArchive(t, other)
	r, err := other.Import(t.Context(), write(t, "x.wacz", b.Bytes()), evidence.ImportOptions{Who: "colleague"})
	if err != nil || r.Captures != 4 || r.Refused != 0 { // the revisit brings its body along
		t.Fatalf("%v %+v", err, r)
	}
	for _, c := range captures(t, other) {
		custody, err := other.Custody(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, o := range all {
			if string(o.ID) == custody.ImportedAs.Record {
				found = bytes.Equal(load(t, a, o).Body, load(t, other, c).Body) && bytes.Equal(load(t, a, o).Request, load(t, other, c).Request)
			}
		}
		if !found {
			t.Errorf("capture %s came back otherwise", c.ID)
		}
	}
}

// checkPackage checks the form of a WACZ.
func checkPackage(t *testing.T, data []byte) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, f := range z.File {
		names[f.Name] = true
		if strings.HasPrefix(f.Name, "archive/") && f.Method != zip.Store {
			t.Errorf("%s is compressed", f.Name)
		}
	}
	for _, want := range []string{
		"archive/data.warc.gz", "indexes/index.cdx.gz", "indexes/index.idx", "pages/pages.jsonl", "datapackage.json", "datapackage-digest.json",
		"custody/entries.jsonl", "custody/proofs.jsonl", "custody/checkpoint.note", "custody/key.pub",
	} {
		if !names[want] {
			t.Errorf("no %s", want)
		}
	}
	f, err := z.Open("datapackage.json")
	if err != nil {
		t.Fatal(err)
	}
	pkg, err := io.ReadAll(f)
	if err != nil || !bytes.Contains(pkg, []byte(`"wacz_version": "1.1.1"`)) {
		t.Errorf("datapackage.json: %s %v", pkg, err)
	}
}

// FuzzImport: no file makes the import fall over, and what it takes in verifies.
func FuzzImport(f *testing.F) {
	good := foreign("response", "urn:uuid:good", "https://shop.example/", okPage)
	again := foreign("revisit", "urn:uuid:again", "https://shop.example/", okHead, warc.Field{Name: "WARC-Refers-To", Value: "<urn:uuid:good>"})
	f.Add(plainWARC(f, good, again))
	f.Add(zippedWARC(f, good, again))
	f.Add(archiveZip(f, map[string][]byte{"archive/data.warc": plainWARC(f, good), "datapackage.json": []byte(`{"resources":[]}`)}))
	f.Fuzz(func(t *testing.T, data []byte) {
		dir := t.TempDir()
		a := open(t, dir, nil)
		r, err := a.Import(t.Context(), write(t, "x", data), evidence.ImportOptions{Who: "officer"})
		if err != nil && !errors.Is(err, schemer.ErrUsage) {
			t.Errorf("%v", err)
		}
		for _, c := range captures(t, a) {
			load(t, a, c)
		}
		closeArchive(t, a)
		if v, err := verify(t, dir, evidence.VerifyOptions{}); err != nil || v.Captures != int64(r.Captures) {
			t.Errorf("%v, %d captures of %d\n%v", err, v.Captures, r.Captures, v.Findings)
		}
	})
}
