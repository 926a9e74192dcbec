package scoring_test

import "testing"

// TestSeatScenes reads where sellers say that they are registered, in all places where it is said, and where they only
// seem to say it; the second set tells it without the words of a register.
func TestSeatScenes(t *testing.T) {
	playScenes(t, "seats.txt", 70, map[string]int{"seat": 72})
	playScenes(t, "seats_oblique.txt", 45, map[string]int{"seat": 45})
}
