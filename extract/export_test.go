package extract

import (
	"slices"

	"schemer"
)

// ReadWithout reads with one engine's reader switched off.
func ReadWithout(in Input, name string) schemer.Document {
	return read(in, slices.DeleteFunc(slices.Clone(skins), func(s *skin) bool { return s.name == name }))
}

// CompareReading is the benchmark of reading against parsing.
var CompareReading = compareReading
