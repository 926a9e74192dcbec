package store

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"schemer"
)

// never is the due time of what is not due, ever; the schema's partial indexes name it too.
const never = math.MaxInt64

// nanos is how a time is stored: nanoseconds since 1970 UTC, 0 for the zero time.
func nanos(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixNano()
}

func timeOf(n int64) time.Time {
	if n == 0 || n == never {
		return time.Time{}
	}
	return time.Unix(0, n).UTC()
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// text makes a string fit a TEXT column of either database: PostgreSQL takes neither NUL nor broken UTF-8.
func text[S ~string](s S) string {
	if strings.IndexByte(string(s), 0) < 0 && utf8.ValidString(string(s)) {
		return string(s)
	}
	return strings.ToValidUTF8(strings.ReplaceAll(string(s), "\x00", "\uFFFD"), "\uFFFD")
}

// maxKey bounds an indexed text: PostgreSQL's B-tree takes 2704 bytes a row.
const maxKey = 2048

// key makes a URL of any length fit an index; a long one keeps its beginning and the digest of the whole.
func key(url string) string {
	if url = text(url); len(url) <= maxKey {
		return url
	}
	return text(url[:maxKey-80]) + "…" + string(schemer.DigestOf([]byte(url)))
}

func asJSON(v any) ([]byte, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("store: encode %T: %w", v, err)
	}
	return b, nil
}

func fromJSON(b []byte, v any) error {
	if len(b) == 0 {
		return nil
	}
	if err := json.Unmarshal(b, v); err != nil {
		return fmt.Errorf("store: decode %T: %w", v, err)
	}
	return nil
}
