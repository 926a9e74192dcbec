package evidence_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/gzip"

	"schemer"
	"schemer/evidence"
)

var start = time.Date(2026, 11, 25, 10, 0, 0, 123456789, time.UTC)

// clock ticks a millisecond with every look.
func clock() func() time.Time {
	t := start
	ticks := make(chan time.Time, 1)
	ticks <- t
	return func() time.Time {
		now := <-ticks
		ticks <- now.Add(time.Millisecond)
		return now
	}
}

func open(t testing.TB, dir string, more func(*evidence.Options)) *evidence.Archive {
	t.Helper()
	o := evidence.Options{URL: "file:" + dir, Tool: "schemer test", Now: clock()}
	if more != nil {
		more(&o)
	}
	a, err := evidence.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func closeArchive(t testing.TB, a *evidence.Archive) {
	t.Helper()
	if err := a.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
}

// page makes the exchange of a page as it would come over the wire.
func page(n int, body string) schemer.Exchange {
	url := fmt.Sprintf("https://forum.example/thread-%d", n)
	head := "HTTP/1.1 200 OK\r\nContent-type: text/html; charset=utf-8\r\nDate: Wed, 25 Nov 2026 10:00:00 GMT\r\n"
	return schemer.Exchange{
		URL: url, Method: "GET", Status: 200,
		Request:  fmt.Appendf(nil, "GET /thread-%d HTTP/1.1\r\nHost: forum.example\r\n\r\n", n),
		Response: fmt.Appendf(nil, "%sContent-Length: %d\r\n\r\n%s", head, len(body), body),
		Body:     []byte(body),
		Target:   schemer.Target{URL: url, Source: "forum", Kind: schemer.TargetThread, Reason: "seed"},
		Started:  start.Add(time.Duration(n) * time.Second), FirstByte: start.Add(time.Duration(n)*time.Second + 10*time.Millisecond),
		Ended: start.Add(time.Duration(n)*time.Second + 20*time.Millisecond), Elapsed: 20 * time.Millisecond,
		Network: schemer.Network{Server: "192.0.2.7:443", Resolved: []string{"192.0.2.7"}, Egress: "direct", Protocol: "HTTP/1.1"},
		Policy:  schemer.Policy{UserAgent: "schemer (test)", Robots: "allowed", Operator: "tester"},
	}
}

func save(t testing.TB, a *evidence.Archive, x ...schemer.Exchange) []schemer.Capture {
	t.Helper()
	c, err := a.Save(t.Context(), x)
	if err != nil {
		t.Fatal(err)
	}
	if len(c) != len(x) {
		t.Fatalf("saved %d exchanges, got %d captures", len(x), len(c))
	}
	return c
}

func captures(t testing.TB, a *evidence.Archive) []schemer.Capture {
	t.Helper()
	var out []schemer.Capture
	for c, err := range a.Captures(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, c)
	}
	return out
}

func load(t testing.TB, a *evidence.Archive, c schemer.Capture) schemer.Exchange {
	t.Helper()
	x, err := a.Load(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func TestSavedIsLoadedByteForByte(t *testing.T) {
	dir := t.TempDir()
	a := open(t, dir, nil)
	var want []schemer.Capture
	var exchanges []schemer.Exchange
	for n := range 20 {
		x := page(n, strings.Repeat(fmt.Sprintf("<p>post %d</p>", n), 1+n*50))
		exchanges = append(exchanges, x)
		want = append(want, save(t, a, x)...)
	}
	check := func(a *evidence.Archive) {
		t.Helper()
		got := captures(t, a)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("captures (-want +got):\n%s", diff)
		}
		for i, c := range got {
			x, want := load(t, a, c), exchanges[i]
			if !bytes.Equal(x.Request, want.Request) || !bytes.Equal(x.Response, want.Response) || !bytes.Equal(x.Body, want.Body) {
				t.Fatalf("capture %d is not what was saved", i)
			}
			if x.Header.Get("Content-Type") != "text/html; charset=utf-8" || x.Elapsed != want.Elapsed || !x.Started.Equal(want.Started) {
				t.Errorf("capture %d: header %v, elapsed %v, started %v", i, x.Header, x.Elapsed, x.Started)
			}
			if diff := cmp.Diff(want.Policy, x.Policy) + cmp.Diff(want.Network, x.Network); diff != "" {
				t.Errorf("custody (-want +got):\n%s", diff)
			}
		}
	}
	check(a)
	closeArchive(t, a)
	a = open(t, dir, nil)
	defer closeArchive(t, a)
	check(a)
	for i, c := range want {
		if c.Payload != schemer.DigestOf(exchanges[i].Body) || c.Block != schemer.DigestOf(exchanges[i].Response) {
			t.Errorf("capture %d: digests are not those of body and response", i)
		}
		if i > 0 && c.Seq <= want[i-1].Seq {
			t.Errorf("capture %d has Seq %d after %d", i, c.Seq, want[i-1].Seq)
		}
	}
}

func TestRedirectChainIsKeptTogether(t *testing.T) {
	a := open(t, t.TempDir(), nil)
	defer closeArchive(t, a)
	first, second := page(1, "moved"), page(2, "<p>here</p>")
	second.Hop = 1
	got := save(t, a, first, second)
	for i, c := range got {
		custody, err := a.Custody(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]schemer.CaptureID{got[0].ID, got[1].ID}, custody.Chain); diff != "" || custody.Hop != i {
			t.Errorf("hop %d: chain (-want +got):\n%s", custody.Hop, diff)
		}
	}
}

func TestChunkedGzipBodyIsDecoded(t *testing.T) {
	a := open(t, t.TempDir(), nil)
	defer closeArchive(t, a)
	body := strings.Repeat("<p>lorem ipsum</p>", 500)
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	_, _ = z.Write([]byte(body))
	_ = z.Close()
	x := page(1, "")
	x.Body = []byte(body)
	var wire bytes.Buffer
	wire.WriteString("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\ntransfer-encoding: Chunked\r\n\r\n")
	for part := range slices.Chunk(zipped.Bytes(), 20) {
		fmt.Fprintf(&wire, "%x;ext=1\r\n%s\r\n", len(part), part)
	}
	wire.WriteString("0\r\n\r\n")
	x.Response = wire.Bytes()
	c := save(t, a, x)[0]
	if c.Payload != schemer.DigestOf(zipped.Bytes()) {
		t.Error("payload digest is not over the transfer-decoded, still compressed body")
	}
	got := load(t, a, c)
	if string(got.Body) != body || got.Truncated != "" || !bytes.Equal(got.Response, wire.Bytes()) {
		t.Errorf("body of %d bytes, truncated %q", len(got.Body), got.Truncated)
	}
}

func TestRevisitsLoadTheBodyTheyReferTo(t *testing.T) {
	a := open(t, t.TempDir(), nil)
	defer closeArchive(t, a)
	body := strings.Repeat("<p>the same</p>", 300)
	original := save(t, a, page(1, body))[0]

	same := page(1, body)
	same.RevisitOf = &original
	again := save(t, a, same)[0]
	notModified := page(1, "")
	notModified.Response = []byte("HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\n\r\n")
	notModified.Body, notModified.Status, notModified.RevisitOf = nil, 304, &again // a revisit of a revisit
	third := save(t, a, notModified)[0]

	for _, c := range []schemer.Capture{again, third} {
		if c.RevisitOf != original.ID || c.Length > 700 {
			t.Errorf("revisit of %s in %d bytes, expected of %s in few", c.RevisitOf, c.Length, original.ID)
		}
		x := load(t, a, c)
		if string(x.Body) != body || x.Header.Get("Content-Type") != "text/html; charset=utf-8" {
			t.Errorf("status %d: body of %d bytes, header %v", c.Status, len(x.Body), x.Header)
		}
	}
	if third.Status != 304 || load(t, a, third).Header.Get("ETag") == "" {
		t.Error("304 lost its own status or header")
	}

	other := page(1, body+"edited")
	other.RevisitOf = &original
	if c := save(t, a, other)[0]; c.RevisitOf != "" || string(load(t, a, c).Body) != body+"edited" {
		t.Error("a changed page was kept as a revisit")
	}
}

func TestSecondWriterIsRefused(t *testing.T) {
	dir := t.TempDir()
	a := open(t, dir, nil)
	defer closeArchive(t, a)
	_, err := evidence.Open(t.Context(), evidence.Options{URL: "file:" + dir})
	if !errors.Is(err, schemer.ErrLocked) {
		t.Fatalf("second writer: %v", err)
	}
	c := save(t, a, page(1, "x"))[0]
	r := open(t, dir, func(o *evidence.Options) { o.ReadOnly = true })
	defer closeArchive(t, r)
	if got := load(t, r, c); string(got.Body) != "x" {
		t.Errorf("beside the writer: body %q", got.Body)
	}
	if _, err := r.Save(t.Context(), []schemer.Exchange{page(2, "y")}); !errors.Is(err, schemer.ErrUsage) {
		t.Errorf("save into a read-only archive: %v", err)
	}
}

func TestFilesRotate(t *testing.T) {
	dir := t.TempDir()
	a := open(t, dir, func(o *evidence.Options) { o.MaxFile = 20 << 10 })
	var want []schemer.Capture
	for n := range 50 {
		want = append(want, save(t, a, page(n, fmt.Sprint(n)))...)
	}
	closeArchive(t, a)
	files, err := filepath.Glob(filepath.Join(dir, "warc", "*.warc.gz"))
	if err != nil || len(files) < 3 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	a = open(t, dir, nil)
	defer closeArchive(t, a)
	if diff := cmp.Diff(want, captures(t, a)); diff != "" {
		t.Errorf("captures (-want +got):\n%s", diff)
	}
}

func TestURLsThatNameNoArchiveAreRefused(t *testing.T) {
	for _, url := range []string{"", "file:", "ftp://archive.example/x", "s3:https://objects.example/bucket"} {
		if _, err := evidence.Open(t.Context(), evidence.Options{URL: url}); !errors.Is(err, schemer.ErrUsage) {
			t.Errorf("Open(%q): %v", url, err)
		}
	}
}

func TestWhatIsNoWholeHTTPIsKeptAsItCame(t *testing.T) {
	dir := t.TempDir()
	a := open(t, dir, nil)
	for _, raw := range []string{"HTTP/1.1 200 OK\r\nContent-Ty", "SSH-2.0-OpenSSH_9.6\r\n", "HTTP/1.1 banana\r\n\r\nx"} {
		x := page(1, "")
		x.Response, x.Body, x.Truncated = []byte(raw), nil, "disconnect"
		c := save(t, a, x)[0]
		if got := load(t, a, c); string(got.Response) != raw || len(got.Body) > 0 || got.Truncated == "" || c.Truncated == "" {
			t.Errorf("%q came back as %q, body %q, truncated %q", raw, got.Response, got.Body, got.Truncated)
		}
	}
	for _, raw := range [][]byte{nil, make([]byte, 64<<20+1)} {
		x := page(1, "")
		x.Response = raw
		if _, err := a.Save(t.Context(), []schemer.Exchange{x}); !errors.Is(err, schemer.ErrUsage) {
			t.Errorf("%d bytes: %v", len(raw), err)
		}
	}
	closeArchive(t, a)
	if r, err := verify(t, dir, evidence.VerifyOptions{}); err != nil || r.Captures != 3 {
		t.Errorf("%v %+v", err, r)
	}
}

func TestScreenshotsAreKeptAsResources(t *testing.T) {
	dir := t.TempDir()
	a := open(t, dir, nil)
	of := save(t, a, page(1, "x"))[0]
	png := []byte("\x89PNG\r\n\x1a\n picture")
	shot := page(1, "")
	shot.URL, shot.Body, shot.Request = "urn:screenshot:"+of.URL, png, nil
	shot.Response = append([]byte("HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n"), png...)
	shot.Target.Kind, shot.Target.FoundOn = "screenshot", of.ID
	c := save(t, a, shot)[0]
	if c.Kind != "screenshot" || c.FoundOn != of.ID || c.Payload != schemer.DigestOf(png) || c.Block != c.Payload {
		t.Errorf("%+v", c)
	}
	x := load(t, a, c)
	if !bytes.Equal(x.Body, png) || x.Header.Get("Content-Type") != "image/png" || x.URL != shot.URL {
		t.Errorf("body %q, header %v", x.Body, x.Header)
	}
	kept := records(t, warcFiles(t, dir)[0])
	if r := kept[len(kept)-2]; r.Type() != "resource" || !bytes.Equal(r.Block, png) {
		t.Errorf("kept as %s of %d bytes", r.Type(), len(r.Block))
	}
	closeArchive(t, a)
	if r, err := verify(t, dir, evidence.VerifyOptions{}); err != nil || r.Captures != 2 {
		t.Errorf("%v %v", err, r.Findings)
	}
}

func TestCapturesFromAPosition(t *testing.T) {
	a := open(t, t.TempDir(), nil)
	defer closeArchive(t, a)
	var all []schemer.Capture
	for n := range 5 {
		all = append(all, save(t, a, page(n, "x"))...)
	}
	var got []schemer.Capture
	for c, err := range a.CapturesFrom(t.Context(), all[2].Seq+1) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, c)
	}
	if diff := cmp.Diff(all[3:], got); diff != "" {
		t.Errorf("captures (-want +got):\n%s", diff)
	}
}

// FuzzKeep: whatever a server sends and whatever its URL looks like, it is kept, read back and verified.
func FuzzKeep(f *testing.F) {
	f.Add("https://forum.example/", []byte("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\nx"), []byte("GET / HTTP/1.1\r\n\r\n"))
	f.Add(" <\xff> ", []byte("HTTP/1.1 200 OK\nContent-Type: \xf2\xe5\xea\n\n"), []byte{})
	f.Add("x", []byte("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe"), []byte("\x00"))
	f.Add("x", []byte("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 304 \r\nContent-Encoding: zstd\r\n\r\n"), []byte("\x00"))
	f.Fuzz(func(t *testing.T, url string, response, request []byte) {
		dir := t.TempDir()
		a := open(t, dir, nil)
		x := page(1, "")
		x.URL, x.Response, x.Request, x.Body = url, response, request, nil
		c, err := a.Save(t.Context(), []schemer.Exchange{x})
		if err == nil {
			got := load(t, a, c[0])
			if !bytes.Equal(got.Response, response) || !bytes.Equal(got.Request, request) || got.URL != c[0].URL {
				t.Errorf("came back as %q, %q, %q", got.URL, got.Response, got.Request)
			}
			want := captures(t, a)
			if diff := cmp.Diff(c, want); diff != "" {
				t.Errorf("Save and Captures differ:\n%s", diff)
			}
		} else if len(response) > 0 && !strings.ContainsAny(url, "\r\n") {
			t.Errorf("refused: %v", err)
		}
		closeArchive(t, a)
		if r, err := verify(t, dir, evidence.VerifyOptions{}); err != nil {
			t.Errorf("%v\n%v", err, r.Findings)
		}
	})
}

func TestCapturesAreFoundByIDAlone(t *testing.T) {
	dir := t.TempDir()
	a := open(t, dir, nil)
	var all []schemer.Capture
	for n := range 5 {
		all = append(all, save(t, a, page(n, fmt.Sprint("body ", n)))...)
	}
	byID := func(a *evidence.Archive, c schemer.Capture) {
		t.Helper()
		if x := load(t, a, schemer.Capture{ID: c.ID}); x.URL != c.URL {
			t.Errorf("%s loads %s, expected %s", c.ID, x.URL, c.URL)
		}
	}
	byID(a, all[3])
	all = append(all, save(t, a, page(5, "body 5"))...) // after the first question
	byID(a, all[5])
	again := page(2, "body 2")
	again.RevisitOf = &schemer.Capture{ID: all[2].ID, Payload: all[2].Payload}
	if c := save(t, a, again)[0]; c.RevisitOf != all[2].ID || string(load(t, a, c).Body) != "body 2" {
		t.Errorf("revisit of %q", c.RevisitOf)
	}
	unknown := page(3, "")
	unknown.Response, unknown.RevisitOf = []byte("HTTP/1.1 304 Not Modified\r\n\r\n"), &schemer.Capture{ID: "urn:uuid:00000000-0000-8000-8000-000000000000"}
	if c := save(t, a, unknown)[0]; c.RevisitOf != "" {
		t.Errorf("revisit of what is not there: %q", c.RevisitOf)
	}
	closeArchive(t, a)
	a = open(t, dir, nil)
	defer closeArchive(t, a)
	got, err := a.Lookup(t.Context(), []schemer.CaptureID{all[4].ID, "urn:uuid:none", all[1].ID, all[4].ID})
	if diff := cmp.Diff([]schemer.Capture{all[1], all[4]}, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	for _, id := range []schemer.CaptureID{"", "x", "urn:uuid:00000000-0000-8000-8000-000000000000"} {
		if _, err := a.Load(t.Context(), schemer.Capture{ID: id}); !errors.Is(err, schemer.ErrNotFound) {
			t.Errorf("%q: %v", id, err)
		}
	}
}
