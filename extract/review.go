package extract

import (
	"time"

	"golang.org/x/net/html"

	"schemer"
)

// readReviews reads the reviews of a page.
func readReviews(doc *html.Node, pageURL string, now time.Time) []schemer.Post { return nil }
