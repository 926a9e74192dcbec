package extract

import "schemer"

// readIdentity reads the company identity that a text claims.
func readIdentity(text string, blocks []schemer.Block) *schemer.Identity { return nil }
