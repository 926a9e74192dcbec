package extract

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestReadIdentityOfTheFictionalInternet reads the pages of every seller as they stand on the newest day and compares
// the seats with the truth. A seller whose pages name no seat is not counted; a wrong one fails.
func TestReadIdentityOfTheFictionalInternet(t *testing.T) {
	const root, day = "../seeds/demo", "2026-11-01"
	var truth struct {
		Resellers []struct {
			Domains    []string
			Registered string
		}
	}
	load(t, filepath.Join(root, "truth.json"), &truth)
	right, known := 0, 0
	for _, r := range truth.Resellers {
		found := make(map[string]string)
		for _, d := range r.Domains {
			var site struct {
				Pages []struct{ Path, From, Until, Markdown string }
			}
			load(t, filepath.Join(root, "sites", d+".json"), &site)
			for _, p := range site.Pages {
				if p.From > day || p.Until != "" && p.Until <= day {
					continue
				}
				if id := readIdentity(strings.ReplaceAll(p.Markdown, "*", ""), nil); id != nil && id.Country != "" {
					found[id.Country] = d + p.Path + ": " + id.Claim
				}
			}
		}
		if r.Registered != "" {
			known++
		}
		for iso, claim := range found {
			if iso != r.Registered {
				t.Errorf("%v: seat %s from %q, truth %q", r.Domains, iso, claim, r.Registered)
			}
		}
		if found[r.Registered] != "" {
			right++
		}
	}
	t.Logf("%d of %d seats are named on the newest pages and were read", right, known)
	if right < 37 {
		t.Errorf("%d seats read, want 37", right)
	}
}

func load(t *testing.T, file string, into any) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, into); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}
