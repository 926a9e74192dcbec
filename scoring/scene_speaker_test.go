package scoring_test

import "testing"

// TestSpeakerScenes reads in whose voice sentences stand: sellers and their staff, customers, accusers, journalists and
// lists, in ten languages.
func TestSpeakerScenes(t *testing.T) {
	playScenes(t, "speakers.txt", 50, map[string]int{"says": 76, "absent": 1, "unlisted": 2})
}
