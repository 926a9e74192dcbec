package extract

import "schemer"

// findMentions finds the identifiers in a text.
func findMentions(text, field string) []schemer.Mention { return nil }
