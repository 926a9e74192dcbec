package letter

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"schemer"
)

// csvHead are the columns of [CSV].
var csvHead = []string{"edition", "rank", "candidate", "name", "kind", "value", "grade", "crimes", "registered", "nl_nexus", "change"}

// CSV writes the listed candidates for small hosters (RFC 4180, UTF-8, CRLF): one identifier a row, of kind name,
// alias, domain, asn, prefix or the kind of the handle. A value that a spreadsheet would take for a formula gets an
// apostrophe in front; every other value stands as it is, so that it can be compared with a customer file.
func CSV(w io.Writer, e schemer.Edition) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	for _, row := range table(e) {
		if err := out.Write(row); err != nil {
			return fmt.Errorf("letter: write edition %s as CSV: %w", e.Edition, err)
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("letter: write edition %s as CSV: %w", e.Edition, err)
	}
	return nil
}

// table is the head and the rows of a list, with every cell disarmed.
func table(e schemer.Edition) [][]string {
	rows := [][]string{slices.Clone(csvHead)}
	for _, c := range Listed(e) {
		for _, id := range spread(c) {
			row := []string{
				e.Edition, strconv.Itoa(c.Rank), string(c.ID), c.Name, id.kind, id.value, string(c.Grade),
				strings.Join(c.Crimes, " "), c.Registered, c.Nexus, c.Change,
			}
			for i, cell := range row {
				row[i] = disarm(cell)
			}
			rows = append(rows, row)
		}
	}
	return rows
}

type identifier struct{ kind, value string }

// spread lists a candidate's identifiers, names first.
func spread(c schemer.Candidate) []identifier {
	out := []identifier{{"name", c.Name}}
	for _, a := range c.Aliases {
		out = append(out, identifier{"alias", a})
	}
	for _, d := range c.Domains {
		out = append(out, identifier{"domain", d})
	}
	for _, h := range c.Handles {
		kind, value, found := strings.Cut(h, ":")
		if !found {
			kind, value = "handle", h
		}
		out = append(out, identifier{kind, value})
	}
	for _, n := range c.ASNs {
		out = append(out, identifier{"asn", asn(n)})
	}
	for _, p := range c.Prefixes {
		out = append(out, identifier{"prefix", p})
	}
	return out
}

// triggers are the first characters that make spreadsheets calculate, plain and full-width (OWASP, CSV Injection).
const triggers = "=+-@\t\r\n\x00＝＋－＠﹢﹣﹦﹫"

// disarm makes a cell harmless. The test is done before and after the cell is cleaned, for cleaning may bring a
// trigger to the front.
func disarm(cell string) string {
	text := clean(cell)
	armed := func(s string) bool { return s != "" && strings.ContainsRune(triggers, []rune(s)[0]) }
	if armed(cell) || armed(text) {
		return "'" + text
	}
	return text
}
