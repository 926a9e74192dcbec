package extract

import (
	"golang.org/x/net/html"

	"schemer"
)

// readJSONLD reads the posts that a page describes in JSON-LD.
func readJSONLD(doc *html.Node) []schemer.Post { return nil }
