package warc_test

import (
	"bytes"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"schemer/evidence/warc"
)

var update = flag.Bool("update", false, "write the golden files anew")

// sample is one record of every type that this project writes.
func sample() []*warc.Record {
	date := warc.FormatDate(time.Date(2026, 11, 25, 10, 0, 0, 123456000, time.UTC))
	fields := func(kind, id string, more ...warc.Field) warc.Header {
		return append(warc.Header{
			{Name: warc.FieldType, Value: kind},
			{Name: warc.FieldID, Value: warc.Bracket("urn:uuid:00000000-0000-8000-8000-00000000000" + id)},
			{Name: warc.FieldDate, Value: date},
			{Name: warc.FieldTarget, Value: "https://forum.example/thread-1"},
		}, more...)
	}
	return []*warc.Record{
		{Header: fields(warc.TypeInfo, "0", warc.Field{Name: warc.FieldContentType, Value: "application/warc-fields"}), Block: []byte("software: schemer\r\n")},
		{Header: fields(warc.TypeRequest, "1", warc.Field{Name: warc.FieldConcurrentTo, Value: "<urn:uuid:00000000-0000-8000-8000-000000000002>"}), Block: []byte("GET /thread-1 HTTP/1.1\r\nHost: forum.example\r\n\r\n")},
		{Header: fields(warc.TypeResponse, "2", warc.Field{Name: warc.FieldTruncated, Value: "length"}, warc.Field{Name: warc.FieldIP, Value: "2001:db8::1"}), Block: []byte("HTTP/1.1 200 OK\r\n\r\n<p>\x00\xff binary</p>")},
		{Header: fields(warc.TypeRevisit, "3", warc.Field{Name: warc.FieldProfile, Value: warc.ProfileIdenticalPayload}), Block: []byte("HTTP/1.1 200 OK\r\n\r\n")},
		{Header: fields(warc.TypeMetadata, "4", warc.Field{Name: warc.FieldContentType, Value: "application/json"}), Block: nil},
	}
}

func zipped(t testing.TB, records []*warc.Record) []byte {
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

func TestGoldenBytes(t *testing.T) {
	var plain bytes.Buffer
	for _, r := range sample() {
		if err := warc.Write(&plain, r); err != nil {
			t.Fatal(err)
		}
	}
	for name, got := range map[string][]byte{"sample.warc": plain.Bytes(), "sample.warc.gz": zipped(t, sample())} {
		path := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(path, got, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s: other bytes than before (-update after a look at the difference):\n%s", name, cmp.Diff(string(want), string(got)))
		}
	}
}

func readAll(t testing.TB, data []byte) ([]*warc.Record, []warc.Location, []error) {
	t.Helper()
	rd := warc.NewReader(bytes.NewReader(data), warc.Limits{Block: 1 << 20, Header: 8 << 10})
	var records []*warc.Record
	var places []warc.Location
	var errs []error
	for {
		r, at, err := rd.Next()
		if errors.Is(err, io.EOF) {
			return records, places, errs
		}
		if err != nil {
			errs = append(errs, err)
			continue
		}
		records, places = append(records, r), append(places, at)
	}
}

func TestWrittenIsRead(t *testing.T) {
	for _, name := range []string{"sample.warc", "sample.warc.gz"} {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		got, places, errs := readAll(t, data)
		want := sample()
		if len(got) != len(want) || len(errs) > 0 {
			t.Fatalf("%s: %d records, %v", name, len(got), errs)
		}
		end := int64(0)
		for i, r := range got {
			if !bytes.Equal(r.Block, want[i].Block) || r.Type() != want[i].Type() || r.ID() != want[i].ID() || len(r.Problems) > 0 {
				t.Errorf("%s: record %d is %+v", name, i, r)
			}
			if places[i].Offset != end {
				t.Errorf("%s: record %d at %d, expected %d", name, i, places[i].Offset, end)
			}
			end += places[i].Length
			one, _, errs := readAll(t, data[places[i].Offset:end])
			if len(one) != 1 || len(errs) > 0 || one[0].ID() != r.ID() {
				t.Errorf("%s: record %d cannot be read by its place alone", name, i)
			}
		}
		if end != int64(len(data)) {
			t.Errorf("%s: %d of %d bytes accounted for", name, end, len(data))
		}
	}
}

func TestOneFlippedByteIsSeen(t *testing.T) {
	want := sample()
	data := zipped(t, want)
	harmless := 0
	for at := range data {
		bad := bytes.Clone(data)
		bad[at] ^= 0x04
		got, _, errs := readAll(t, bad)
		same := len(got) == len(want) && len(errs) == 0
		for i := range got {
			same = same && len(got) == len(want) && bytes.Equal(got[i].Block, want[i].Block) && got[i].ID() == want[i].ID()
		}
		if same {
			harmless++
		}
	}
	// Of a gzip member, RFC 1952, time (4 bytes), system and extra flags (2) and the bits that fill up the last byte of
	// the data mean nothing to a reader; the log of the archive hashes the member, so that they are seen there.
	if most := 8 * len(want); harmless > most {
		t.Errorf("%d of %d flips went unnoticed, at most %d can be harmless", harmless, len(data), most)
	}
}

func TestTolerance(t *testing.T) {
	const good = "WARC/1.0\nwarc-type: response\nWARC-Record-ID: <urn:x>\nX-Folded: one\n two\nContent-Length: 2\n\nok\r\n\r\n"
	cases := map[string]struct {
		data    string
		records int
		errors  bool
	}{
		"bare line feeds":           {good, 1, false},
		"stray line breaks":         {"\r\n\r\n" + good + "\n\n\n" + good, 2, false},
		"garbage before":            {"garbage\r\n" + good, 1, true},
		"garbage between":           {good + "garbage\nmore" + "\n" + good, 2, true},
		"no end":                    {strings.TrimSuffix(good, "\r\n\r\n"), 1, false},
		"length too long":           {strings.Replace(good, "Content-Length: 2", "Content-Length: 999", 1), 0, true},
		"length is no number":       {strings.Replace(good, "Content-Length: 2", "Content-Length: two", 1) + good, 1, true},
		"header over the limit":     {"WARC/1.1\nX: " + strings.Repeat("x", 9<<10) + "\n\n" + good, 1, true},
		"block over the limit":      {"WARC/1.1\nContent-Length: 2000000\n\n" + strings.Repeat("x", 2_000_000) + "\r\n\r\n" + good, 1, true},
		"nothing":                   {"", 0, false},
		"gzip magic and nothing":    {"\x1f\x8b", 0, true},
		"gzip magic and noise":      {"\x1f\x8b\x08" + strings.Repeat("noise", 100), 0, true},
		"header without length":     {"WARC/1.1\nWARC-Type: response\n\n" + good, 1, true},
		"header that does not end":  {"WARC/1.1\nWARC-Type: response\n", 0, true},
		"thousands of broken parts": {strings.Repeat("broken\nWARC/1.1\nContent-Length: x\n\n", 5000), 0, true},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got, _, errs := readAll(t, []byte(c.data))
			if len(got) != c.records || len(errs) > 0 != c.errors {
				t.Errorf("%d records, errors %v", len(got), errs)
			}
			for _, r := range got {
				if r.Type() != warc.TypeResponse || string(r.Block) != "ok" || r.Header.Get("x-folded") != "one two" {
					t.Errorf("record %+v", r)
				}
			}
		})
	}
}

func TestBrokenMemberCostsOneRecord(t *testing.T) {
	data := zipped(t, sample())
	_, places, _ := readAll(t, data)
	at := places[2].Offset + places[2].Length - 6 // its checksum
	data[at] ^= 1
	got, _, errs := readAll(t, data)
	if len(got) != 4 || len(errs) != 1 || !errors.Is(errs[0], warc.ErrMalformed) {
		t.Errorf("%d records, %v", len(got), errs)
	}
}

func TestForgedFieldsAreRefused(t *testing.T) {
	for _, f := range []warc.Field{{Name: "WARC-Target-URI", Value: "https://x.example/\r\nWARC-Type: warcinfo"}, {Name: "A:B", Value: "c"}, {Name: "", Value: "c"}} {
		err := warc.Write(io.Discard, &warc.Record{Header: warc.Header{f}})
		if !errors.Is(err, warc.ErrMalformed) {
			t.Errorf("%+v: %v", f, err)
		}
	}
}

func TestDigestsInEveryForm(t *testing.T) {
	data := []byte("abc") // digests from FIPS 180-2 and RFC 1321
	for _, d := range []string{
		"sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
		"SHA-256:BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD",
		"sha1:a9993e364706816aba3e25717850c26c9cd0d89d",
		"sha1:VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5",
		"sha256:XJ4BNP4PAHH6UQKBIDPF3LRCEOYAGYNDSYLXVHFUCD7WD4QACWWQ====",
		"sha256:ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=",
		"md5:900150983cd24fb0d6963f7d28e17f72",
	} {
		if same, err := warc.CheckDigest(d, data); err != nil || !same {
			t.Errorf("%s: %v, %v", d, same, err)
		}
		if same, err := warc.CheckDigest(d, []byte("abd")); err != nil || same {
			t.Errorf("%s of other data: %v, %v", d, same, err)
		}
	}
	for _, d := range []string{"", "sha256", "sha256:zz", "sha3:00", "sha1:" + strings.Repeat("=", 40)} {
		if _, err := warc.CheckDigest(d, data); !errors.Is(err, warc.ErrMalformed) {
			t.Errorf("%q: %v", d, err)
		}
	}
}

func FuzzReader(f *testing.F) {
	for _, name := range []string{"sample.warc", "sample.warc.gz"} {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
		f.Add(data[:len(data)/2])
	}
	f.Add([]byte("WARC/1.1\r\nContent-Length: 18446744073709551615\r\n\r\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		records, places, errs := readAll(t, data)
		for i, r := range records {
			if len(r.Block) > 1<<20 || places[i].Offset < 0 || places[i].Offset+places[i].Length > int64(len(data)) {
				t.Fatalf("record %d of %d bytes at %+v", i, len(r.Block), places[i])
			}
			if d := r.Header.Get(warc.FieldBlockDigest); d != "" {
				_, _ = warc.CheckDigest(d, r.Block)
			}
			_ = r.Date()
		}
		if len(errs) > 1001 {
			t.Fatalf("%d errors", len(errs))
		}
	})
}
