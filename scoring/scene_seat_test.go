package scoring_test

import "testing"

// TestSeatScenes reads where sellers say that they are registered, in all places where it is said, and where they only
// seem to say it.
func TestSeatScenes(t *testing.T) {
	playScenes(t, "seats.txt", 70, map[string]int{"seat": 1})
}
