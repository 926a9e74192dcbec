package letter

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"schemer"
)

// JSON writes an edition in the shape that other programs rely on (docs/ARCHITECTURE.md): one object, lists never
// null, indented, ending in a line break.
func JSON(w io.Writer, e schemer.Edition) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(whole(e)); err != nil {
		return fmt.Errorf("letter: write edition %s as JSON: %w", e.Edition, err)
	}
	return nil
}

// Fingerprint is the SHA-256 of the edition as [JSON] writes it; anybody can compute it from that file.
func Fingerprint(e schemer.Edition) (schemer.Digest, error) {
	var buf bytes.Buffer
	if err := JSON(&buf, e); err != nil {
		return "", err
	}
	return schemer.DigestOf(buf.Bytes()), nil
}

// whole gives every list of an edition a value, so that none is written as null. The caller's edition is untouched.
func whole(e schemer.Edition) schemer.Edition {
	e.Candidates = append([]schemer.Candidate{}, e.Candidates...)
	for i := range e.Candidates {
		c := &e.Candidates[i]
		c.Aliases, c.Domains, c.Handles = full(c.Aliases), full(c.Domains), full(c.Handles)
		c.ASNs, c.Crimes, c.Related = full(c.ASNs), full(c.Crimes), full(c.Related)
		c.Factors, c.Flags = full(c.Factors), full(c.Flags)
		c.Contra, c.Evidence = full(c.Contra), full(c.Evidence)
	}
	return e
}

func full[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return slices.Clip(list)
}
