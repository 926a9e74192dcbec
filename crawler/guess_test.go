package crawler

import (
	"slices"
	"testing"
)

func TestHostLabels(t *testing.T) {
	for name, want := range map[string][]string{
		"Northern Rack Hosting":   {"northernrack", "northern-rack-hosting", "northernrackhosting", "northern-rack"},
		"northern_rack":           {"northernrack", "northern-rack"},
		"rackbarn_sales":          {"rackbarn", "rackbarn-sales", "rackbarnsales"},
		"Rack":                    nil, // too short to be anybody's in particular
		"Северная стойка":         {"severnayastoyka", "severnaya-stoyka"},
		"one two three four five": nil, // a sentence, not a name
	} {
		if got := hostLabels(name); !slices.Equal(got, want) {
			t.Errorf("hostLabels(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestTitleHead(t *testing.T) {
	for title, want := range map[string]string{
		"[OFFER] Northern Rack - six left":               "Northern Rack",
		"Northern Rack (Malta): opinions?":               "Northern Rack",
		"Northern Rack // boxes // AMS":                  "Northern Rack",
		"Postfix queue stuck at deferred":                "",
		"A long story about my server: how it fell over": "",
	} {
		if got := titleHead(title); got != want {
			t.Errorf("titleHead(%q) = %q, want %q", title, got, want)
		}
	}
}
