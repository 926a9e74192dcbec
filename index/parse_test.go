package index

import (
	"errors"
	"strings"
	"testing"

	"schemer"
)

// FuzzParse: whatever is typed is understood or refused in one line, and what is echoed means the same when typed in.
func FuzzParse(f *testing.F) {
	for _, q := range []string{
		"", "abuse ignored", `"abuse ignored" -spam OR (a b)`, "https://t.me/x", "a:b:c", "site:*example posted:2025-01..2026", "NOT NOT a", "--OR -(b OR -c)",
		`title:"x y" author:A*`, "foo~1 bar~ baz~9", "((((", "))a((b", `-"`, "domain:http://www.www.x.example/y", "handle:telegram:@@x", "site:", `site:""`,
		"*", "a*", "AND OR NOT", "-OR", "(a OR b) OR c", "\x00\xff", "is:\u1E9E", "asn:asas64500",
	} {
		f.Add(q)
	}
	f.Fuzz(func(t *testing.T, q string) {
		n, err := parse(q)
		if err != nil {
			if !errors.Is(err, schemer.ErrUsage) || strings.ContainsAny(err.Error(), "\n") && !strings.Contains(q, "\n") {
				t.Fatalf("parse %q: %v", q, err)
			}
			return
		}
		echo := n.String()
		again, err := parse(echo)
		if len(echo) > maxQuery {
			return // the echo spells out what the query abbreviates
		}
		if err != nil {
			t.Fatalf("%q is read as %q, which is refused: %v", q, echo, err)
		}
		if again.String() != echo {
			t.Fatalf("%q is read as %q, and that as %q", q, echo, again)
		}
		bleveNode(n)
		if _, err := openSearchBody(Query{Text: q, Size: 1}, n); err != nil {
			t.Fatalf("%q for OpenSearch: %v", q, err)
		}
	})
}

func TestReadAs(t *testing.T) {
	for q, want := range map[string]string{
		"  abuse   ignored ":             "abuse ignored",
		"a AND b OR c -d":                "(a b) OR (c -d)",
		"NOT (a b)":                      "-(a b)",
		"https://t.me/x":                 "https://t.me/x",
		"Domain:HTTPS://WWW.X.example/y": "domain:x.example",
		`author:"Two  Words"`:            `author:"two words"`,
		"foo~":                           "foo~1",
		`"open end`:                      `"open end"`,
		"posted:2026-01..":               "posted:2026-01..",
		"—":                              "",
	} {
		n, err := parse(q)
		if err != nil || n.String() != want {
			t.Errorf("%q is read as %q (%v), want %q", q, n, err, want)
		}
	}
}
