package scoring_test

import "testing"

// TestLikenessScenes reads whom likeness may propose: one that says three such sentences itself and nowhere that it acts
// on abuse.
func TestLikenessScenes(t *testing.T) {
	playScenes(t, "likeness.txt", 4, map[string]int{"listed": 1, "grade": 3, "unlisted": 3})
}
