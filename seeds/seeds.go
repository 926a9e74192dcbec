// Package seeds holds the sources that are watched: it reads a person's list of them, checks every entry, and carries
// the built-in fictional internet that the demo crawls.
package seeds

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"schemer"
)

//go:embed demo
var demo embed.FS

//go:embed example.yaml
var example []byte

// demoDelay is the gap between two requests to a host of the demo; it serves itself on loopback and can bear it.
const demoDelay = 50 * time.Millisecond

// Example returns a commented list of sources that shows every setting; [Load] accepts it.
func Example() []byte { return slices.Clone(example) }

// Demo returns the built-in fictional internet: truth.json and sites/<host>.json.
func Demo() fs.FS {
	sub, err := fs.Sub(demo, "demo")
	if err != nil { // cannot happen: "demo" is a valid path and is embedded above
		return demo
	}
	return sub
}

// DemoSources returns what an analyst would watch in the demo: every place where people talk about hosting. The
// sellers' own sites and the hosting companies are left out; the crawler has to discover them.
func DemoSources() []schemer.Source { return Places(Demo()) }

// Places returns the watched places of a fictional internet laid out like [Demo], in order of host name. Sites that
// cannot be read are left out.
func Places(world fs.FS) []schemer.Source {
	files, err := fs.Glob(world, "sites/*.json")
	if err != nil {
		return nil
	}
	var out []schemer.Source
	for _, file := range files {
		raw, err := fs.ReadFile(world, file)
		if err != nil {
			continue
		}
		var site struct {
			Host string             `json:"host"`
			Kind schemer.SourceKind `json:"kind"`
		}
		if json.Unmarshal(raw, &site) != nil || site.Kind == schemer.KindReseller || site.Kind == schemer.KindHoster {
			continue
		}
		out = append(out, schemer.Source{
			ID:    schemer.SourceID(site.Host),
			URL:   "http://" + site.Host + "/",
			Kind:  site.Kind,
			Basis: "fictional internet of the demo",
			Every: 24 * time.Hour,
			Delay: demoDelay,
		})
	}
	slices.SortFunc(out, func(a, b schemer.Source) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return out
}

// Dates returns the two days on which the labels of a fictional internet hold: the newest, and that of the year before.
func Dates(world fs.FS) (now, last time.Time, err error) {
	raw, err := fs.ReadFile(world, "truth.json")
	if err != nil {
		return now, last, fmt.Errorf("seeds: the dates of a fictional internet: %w", err)
	}
	var truth struct {
		AsOf     string `json:"as_of"`
		Previous string `json:"previous_as_of"`
	}
	if err := json.Unmarshal(raw, &truth); err != nil {
		return now, last, fmt.Errorf("seeds: the dates of a fictional internet: %w", err)
	}
	now, errNow := time.Parse(time.DateOnly, truth.AsOf)
	last, errLast := time.Parse(time.DateOnly, truth.Previous)
	if err := errors.Join(errNow, errLast); err != nil {
		return now, last, fmt.Errorf("seeds: the dates of a fictional internet: %w", err)
	}
	return now, last, nil
}
