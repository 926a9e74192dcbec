package index

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"

	"schemer"
)

// cursor is where a page ended. It holds for the query that it came from only.
type cursor struct {
	Query string   `json:"q"` // digest
	After [][]byte `json:"a"` // sort values; an engine's may be any bytes
}

// fingerprint names a query without its page.
func (q Query) fingerprint() (string, error) {
	q.After, q.Facets = "", nil
	raw, err := json.Marshal(q) // maps are written in order of their keys
	if err != nil {
		return "", fmt.Errorf("search: %w", err)
	}
	return string(schemer.DigestOf(raw)[:16]), nil
}

func (q Query) next(after []string) (string, error) {
	id, err := q.fingerprint()
	if err != nil {
		return "", err
	}
	c := cursor{Query: id}
	for _, v := range after {
		c.After = append(c.After, []byte(v))
	}
	raw, err := json.Marshal(c)
	if err != nil {
		return "", fmt.Errorf("search: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(raw), nil
}

// after reads the cursor of a query; nil for the first page.
func (q Query) after() ([]string, error) {
	if q.After == "" {
		return nil, nil
	}
	id, err := q.fingerprint()
	if err != nil {
		return nil, err
	}
	var c cursor
	raw, err := base64.RawURLEncoding.DecodeString(q.After)
	if err == nil {
		err = json.Unmarshal(raw, &c)
	}
	if err != nil || c.Query != id || len(c.After) != 2 {
		return nil, fmt.Errorf("%w: this page belongs to another search; start again from the first", schemer.ErrUsage)
	}
	return []string{string(c.After[0]), string(c.After[1])}, nil
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K {
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
