package scoring_test

import "testing"

// TestSellerScenes reads which names, accounts and hosts are one seller, which are not, and who succeeded whom.
func TestSellerScenes(t *testing.T) {
	playScenes(t, "sellers.txt", 35, map[string]int{"one": 18, "two": 8, "succ": 7, "listed": 4, "unlisted": 4})
}
