//go:build realforums

package realforums_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"schemer/seeds"
)

// asOf is the day on which the demo is looked at.
var asOf = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)

// thread and post are what the fill scripts read.
type thread struct {
	Board string `json:"board"`
	Title string `json:"title"`
	Posts []post `json:"posts"`
}

type post struct {
	Key       string    `json:"key"`
	Author    string    `json:"author"`
	Date      time.Time `json:"date"`
	Text      string    `json:"text"`
	Signature string    `json:"signature,omitempty"`
	Quote     *quote    `json:"quote,omitempty"`
}

type quote struct {
	Key    string `json:"key"`
	Author string `json:"author"`
	Text   string `json:"text"`
}

// demoThreads returns the threads of hosts of the demo as they stand on asOf, a post that quotes with the words quoted.
func demoThreads(t *testing.T, hosts ...string) []thread {
	t.Helper()
	var out []thread
	for _, host := range hosts {
		raw, err := fs.ReadFile(seeds.Demo(), "sites/"+host+".json")
		if err != nil {
			t.Fatal(err)
		}
		var site struct {
			Boards []struct {
				Name    string `json:"name"`
				Threads []struct {
					Title string     `json:"title"`
					Posts []demoPost `json:"posts"`
				} `json:"threads"`
			} `json:"boards"`
		}
		if err := json.Unmarshal(raw, &site); err != nil {
			t.Fatal(err)
		}
		for _, b := range site.Boards {
			for _, th := range b.Threads {
				if posts := visible(host, th.Posts); len(posts) > 0 {
					out = append(out, thread{Board: b.Name, Title: th.Title, Posts: posts})
				}
			}
		}
	}
	return out
}

// demoPost is a post as the demo's files hold it.
type demoPost struct {
	ID        json.Number `json:"id"`
	Author    string      `json:"author"`
	Date      time.Time   `json:"date"`
	Until     string      `json:"until"`
	Text      string      `json:"text"`
	QuoteOf   json.Number `json:"quote_of"`
	Signature string      `json:"signature"`
}

func visible(host string, all []demoPost) []post {
	var out []post
	byID := map[json.Number]post{}
	for _, p := range all {
		if p.Date.After(asOf) || p.Until != "" && p.Until <= asOf.Format(time.DateOnly) {
			continue
		}
		made := post{Key: host + "/" + p.ID.String(), Author: p.Author, Date: p.Date, Text: p.Text, Signature: p.Signature}
		if q, ok := byID[p.QuoteOf]; ok {
			made.Quote = &quote{Key: q.Key, Author: q.Author, Text: q.Text}
		}
		byID[p.ID] = made
		out = append(out, made)
	}
	return out
}

// fill runs a fill script on the threads and returns the engine's number of every post by its key.
func fill(t *testing.T, threads []thread, command ...string) map[string]string {
	t.Helper()
	dir := t.TempDir()
	in, out := filepath.Join(dir, "threads.json"), filepath.Join(dir, "numbers.json")
	raw, err := json.Marshal(map[string]any{"threads": threads})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(in, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	if msg, err := exec.CommandContext(t.Context(), command[0], append(command[1:], in, out)...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", command, err, msg)
	}
	if raw, err = os.ReadFile(out); err != nil {
		t.Fatal(err)
	}
	var numbers map[string]string
	if err := json.Unmarshal(raw, &numbers); err != nil {
		t.Fatal(err)
	}
	return numbers
}
