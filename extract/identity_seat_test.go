package extract

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"schemer"
)

// seatLines reads a file of lines of testdata/seats without its comments; "\n" is a line feed.
func seatLines(t testing.TB, file string) []string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "seats", file))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for line := range strings.Lines(string(b)) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			out = append(out, strings.ReplaceAll(line, `\n`, "\n"))
		}
	}
	return out
}

// TestReadIdentityClaims reads seats in the ways in which sellers of many lands tell theirs.
func TestReadIdentityClaims(t *testing.T) {
	for _, file := range []string{"claims.txt", "claims-second.txt"} {
		right, wrong, lines := 0, 0, seatLines(t, file)
		for _, line := range lines {
			country, words, _ := strings.Cut(line, " ")
			id := readIdentity(words, nil)
			if id == nil {
				id = &schemer.Identity{}
			}
			if id.Country == country {
				right++
				continue
			}
			if id.Country != "" {
				wrong++
			}
			t.Errorf("%q: country %q by %q, want %q", words, id.Country, id.Claim, country)
		}
		t.Logf("%s: %d of %d claims read, %d misread", file, right, len(lines), wrong)
	}
}

// TestReadIdentitySilence reads no seat where words name a land for another reason.
func TestReadIdentitySilence(t *testing.T) {
	for _, file := range []string{"silent.txt", "silent-second.txt"} {
		for _, words := range seatLines(t, file) {
			if id := readIdentity(words, nil); id != nil && id.Country != "" {
				t.Errorf("%q: country %q by %q, want none", words, id.Country, id.Claim)
			}
		}
	}
}
