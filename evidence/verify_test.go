package evidence_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"schemer"
	"schemer/evidence"
)

// filled makes a closed archive with a bit of everything in it and returns its captures.
func filled(t testing.TB, dir string) []schemer.Capture {
	t.Helper()
	a := open(t, dir, func(o *evidence.Options) { o.MaxFile = 30 << 10 })
	var out []schemer.Capture
	for n := range 30 {
		out = append(out, save(t, a, page(n, strings.Repeat(fmt.Sprintf("<p>post %d %x</p>", n, rand.Uint64()), 20+n)))...)
	}
	again := page(3, string(load(t, a, out[3]).Body))
	again.RevisitOf = &out[3]
	out = append(out, save(t, a, again)...)
	hop := page(41, "over there")
	out = append(out, save(t, a, page(40, "moved"), hop)...)
	if _, err := a.Append(t.Context(), evidence.Entry{Kind: "decision", Who: "analyst", About: "r-000000000001"}); err != nil {
		t.Fatal(err)
	}
	closeArchive(t, a)
	return out
}

func copyDir(t testing.TB, from string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "copy")
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	return to
}

// verify opens an archive for reading and verifies it.
func verify(t testing.TB, dir string, o evidence.VerifyOptions) (evidence.Report, error) {
	t.Helper()
	a, err := evidence.Open(t.Context(), evidence.Options{URL: "file:" + dir, ReadOnly: true})
	if err != nil {
		return evidence.Report{}, err
	}
	defer closeArchive(t, a)
	return a.Verify(t.Context(), o)
}

func TestSoundArchiveVerifies(t *testing.T) {
	dir := t.TempDir()
	captures := filled(t, dir)
	r, err := verify(t, dir, evidence.VerifyOptions{})
	if err != nil {
		t.Fatalf("%v\n%v", err, r.Findings)
	}
	if r.Captures != int64(len(captures)) || r.Records < 3*r.Captures || r.Checkpoints != 1 || r.Unsigned != 0 || r.Files < 2 {
		t.Errorf("report %+v", r)
	}
	for _, want := range []string{"Proved:", "Not proved by any hash", "nothing outside this archive"} {
		if !strings.Contains(r.Statement(), want) {
			t.Errorf("statement does not say %q:\n%s", want, r.Statement())
		}
	}
}

func warcFiles(t testing.TB, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "warc", "*.warc.gz"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	return files
}

func flip(t testing.TB, path string, at int64, mask byte) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 1)
	if _, err := f.ReadAt(b, at); err != nil {
		t.Fatal(err)
	}
	b[0] ^= mask
	if _, err := f.WriteAt(b, at); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestEveryFlippedByteIsFound(t *testing.T) {
	dir := t.TempDir()
	captures := filled(t, dir)
	files := warcFiles(t, dir)
	rng := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		path := files[rng.IntN(len(files))]
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		at, mask := rng.Int64N(info.Size()), byte(1)<<rng.IntN(8)
		flip(t, path, at, mask)
		r, err := verify(t, dir, evidence.VerifyOptions{})
		if !errors.Is(err, schemer.ErrIntegrity) || len(r.Findings) == 0 {
			t.Fatalf("%s, byte %d: flip of %#x not found", filepath.Base(path), at, mask)
		}
		named := false
		for _, f := range r.Findings {
			inFile := strings.HasSuffix(f.File, filepath.Base(path))
			named = named || inFile && f.Record != "" && f.Offset <= at
			if inFile && f.URL == "" && at > 2000 {
				t.Errorf("finding without URL: %v", f)
			}
		}
		if !named {
			t.Errorf("byte %d of %s: no finding names the record: %v", at, filepath.Base(path), r.Findings)
		}
		flip(t, path, at, mask)
	}
	if r, err := verify(t, dir, evidence.VerifyOptions{}); err != nil || r.Captures != int64(len(captures)) {
		t.Fatalf("after flipping everything back: %v", err)
	}
}

func TestAllFailuresAreListed(t *testing.T) {
	dir := t.TempDir()
	captures := filled(t, dir)
	bad := []schemer.Capture{captures[2], captures[9], captures[17]}
	for _, c := range bad {
		flip(t, filepath.Join(dir, c.File), c.Offset+c.Length/2, 0x10)
	}
	r, _ := verify(t, dir, evidence.VerifyOptions{})
	for _, c := range bad {
		found := false
		for _, f := range r.Findings {
			found = found || f.Record == string(c.ID) && f.URL == c.URL && f.Offset == c.Offset && f.File == c.File
		}
		if !found {
			t.Errorf("%s is not among the findings %v", c.ID, r.Findings)
		}
	}
}

// rewrite changes the lines of a file.
func rewrite(t testing.TB, path string, change func(lines []string) []string) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := change(strings.SplitAfter(strings.TrimSuffix(string(b), "\n"), "\n"))
	text := strings.TrimSuffix(strings.Join(lines, ""), "\n") + "\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// tampering changes the archive in a directory.
type tampering map[string]func(t *testing.T, dir string)

func TestTamperingIsFound(t *testing.T) {
	dir := t.TempDir()
	captures := filled(t, dir)
	for _, cases := range []tampering{logTampering(), recordTampering(captures), fileTampering(captures)} {
		for name, tamper := range cases {
			t.Run(name, func(t *testing.T) {
				dir := copyDir(t, dir)
				tamper(t, dir)
				r, err := verify(t, dir, evidence.VerifyOptions{})
				if !errors.Is(err, schemer.ErrIntegrity) {
					t.Fatalf("not found: %v, report %+v", err, r)
				}
			})
		}
	}
}

func logTampering() tampering {
	lines := func(change func([]string) []string) func(*testing.T, string) {
		return func(t *testing.T, dir string) { rewrite(t, filepath.Join(dir, "log", "entries.jsonl"), change) }
	}
	return tampering{
		"line removed in the middle": lines(func(l []string) []string { return append(l[:4:4], l[5:]...) }),
		"last line removed":          lines(func(l []string) []string { return l[:len(l)-1] }),
		"line changed":               lines(func(l []string) []string { l[3] = strings.Replace(l[3], "forum.example", "other.example", 1); return l }),
		"decision changed": lines(func(l []string) []string {
			l[len(l)-1] = strings.Replace(l[len(l)-1], "analyst", "someone", 1)
			return l
		}),
		"lines exchanged": lines(func(l []string) []string { l[3], l[4] = l[4], l[3]; return l }),
		"line added": lines(func(l []string) []string {
			return append(l, strings.Replace(l[3], `"seq":3`, fmt.Sprintf(`"seq":%d`, len(l)), 2))
		}),
		"line that is no JSON": lines(func(l []string) []string { l[2] = "{" + l[2]; return l }),
	}
}

func recordTampering(captures []schemer.Capture) tampering {
	bytesOf := func(change func([]byte) []byte) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			path := filepath.Join(dir, captures[5].File)
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, change(b), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	c := captures[5]
	return tampering{
		"file truncated":         bytesOf(func(b []byte) []byte { return b[:len(b)-100] }),
		"bytes added at the end": bytesOf(func(b []byte) []byte { return append(b, b[:300]...) }),
		"record removed":         bytesOf(func(b []byte) []byte { return append(b[:c.Offset:c.Offset], b[c.Offset+c.Length:]...) }),
		"records exchanged": bytesOf(func(b []byte) []byte {
			next := captures[6]
			first, second := b[c.Offset:c.Offset+c.Length], b[next.Offset:next.Offset+next.Length]
			return bytes.Join([][]byte{b[:c.Offset], second, b[c.Offset+c.Length : next.Offset], first, b[next.Offset+next.Length:]}, nil)
		}),
	}
}

func fileTampering(captures []schemer.Capture) tampering {
	return tampering{
		"file removed": func(t *testing.T, dir string) { remove(t, filepath.Join(dir, captures[5].File)) },
		"file added": func(t *testing.T, dir string) {
			b, err := os.ReadFile(filepath.Join(dir, captures[5].File))
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, "warc", "schemer-000000-x.warc.gz"), b, 0o600); err != nil {
				t.Fatal(err)
			}
		},
		"checkpoint changed": func(t *testing.T, dir string) {
			paths, _ := filepath.Glob(filepath.Join(dir, "log", "checkpoints", "*.note"))
			rewrite(t, paths[0], func(l []string) []string { l[3] = "time 2020-01-01T00:00:00Z\n"; return l })
		},
		"stored hash changed": func(t *testing.T, dir string) { flip(t, filepath.Join(dir, "log", "hashes"), 100, 1) },
		"another public key": func(t *testing.T, dir string) {
			other := t.TempDir()
			filled(t, other)
			b, err := os.ReadFile(filepath.Join(other, "log", "key.pub"))
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, "log", "key.pub"), b, 0o600); err != nil {
				t.Fatal(err)
			}
		},
	}
}

func remove(t testing.TB, path string) {
	t.Helper()
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
}

func TestCheckpointsAreARow(t *testing.T) {
	dir := t.TempDir()
	var kept [][]byte
	for range 3 {
		a := open(t, dir, nil)
		save(t, a, page(len(kept), "x"))
		note, err := a.Checkpoint(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		kept = append(kept, note)
		closeArchive(t, a)
	}
	r, err := verify(t, dir, evidence.VerifyOptions{Checkpoint: kept[1], PublicKey: r0(t, dir)})
	if err != nil || r.Checkpoints != 3 || !r.Anchored || !r.KeyPinned {
		t.Fatalf("%v %+v", err, r)
	}
	paths, _ := filepath.Glob(filepath.Join(dir, "log", "checkpoints", "*.note"))
	remove(t, paths[1])
	if _, err := verify(t, dir, evidence.VerifyOptions{}); !errors.Is(err, schemer.ErrIntegrity) {
		t.Errorf("a checkpoint taken out of the row was not found: %v", err)
	}
}

func r0(t testing.TB, dir string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, "log", "key.pub"))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestArchiveMadeAnewIsFoundByItsCheckpoint: who holds the key can write another history, but not one that an old
// checkpoint belongs to.
func TestArchiveMadeAnewIsFoundByItsCheckpoint(t *testing.T) {
	dir := t.TempDir()
	a := open(t, dir, nil)
	save(t, a, page(1, "said"))
	kept, err := a.Checkpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	closeArchive(t, a)
	forged := t.TempDir()
	if err := os.Mkdir(filepath.Join(forged, "log"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"key", "key.pub"} {
		b, err := os.ReadFile(filepath.Join(dir, "log", name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(forged, "log", name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	a = open(t, forged, nil)
	save(t, a, page(1, "never said"))
	save(t, a, page(2, "either"))
	closeArchive(t, a)
	if _, err := verify(t, forged, evidence.VerifyOptions{}); err != nil {
		t.Fatalf("alone it should look sound: %v", err)
	}
	if _, err := verify(t, forged, evidence.VerifyOptions{Checkpoint: kept}); !errors.Is(err, schemer.ErrIntegrity) {
		t.Errorf("the kept checkpoint did not give it away: %v", err)
	}
}

func TestSigningKeyIsPrivate(t *testing.T) {
	dir := t.TempDir()
	closeArchive(t, open(t, dir, nil))
	info, err := os.Stat(filepath.Join(dir, "log", "key"))
	if err != nil || info.Mode().Perm() != fs.FileMode(0o600) {
		t.Errorf("log/key: %v, %v", info.Mode(), err)
	}
}
