package scoring

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// example is one labelled passage: words that somebody may say, and whether they say or hint that crime is served. The
// examples stand in examples/*.tsv, five columns a line: language (rut is Russian in Latin letters), speaker (self,
// buyer, third), label (open, hint, none), crimes (comma list, or -) and text. Only language, text and whether the label
// is none are learnt from; the others tell a reviewer what was meant.
type example struct {
	lang, text string
	guilty     bool
}

// loadExamples reads examples/*.tsv; rules without them have no model. An error names file and line.
func loadExamples(fsys fs.FS) ([]example, error) {
	names, err := fs.Glob(fsys, "examples/*.tsv")
	if err != nil {
		return nil, fmt.Errorf("list examples: %w", err)
	}
	var out []example
	for _, name := range names {
		raw, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		n := 0
		for line := range strings.Lines(string(raw)) {
			n++
			if line = strings.TrimRight(line, "\n"); line == "" || line[0] == '#' {
				continue
			}
			e, err := parseExample(line)
			if err != nil {
				return nil, fmt.Errorf("%s:%d: %w", name, n, err)
			}
			out = append(out, e)
		}
	}
	return out, nil
}

// parseExample reads one line.
func parseExample(line string) (example, error) {
	c := strings.Split(line, "\t")
	if len(c) != 5 {
		return example{}, fmt.Errorf("%d columns; write language, speaker, label, crimes and text between tabs", len(c))
	}
	e := example{lang: c[0], text: c[4], guilty: c[2] != "none"}
	if e.lang == "rut" {
		e.lang = "ru"
	}
	switch {
	case langNamed(e.lang) == 0:
		return e, fmt.Errorf("language %q; use one of %s or rut", c[0], strings.Join(languageNames[:], " "))
	case !slices.Contains([]string{"self", "buyer", "third"}, c[1]):
		return e, fmt.Errorf("speaker %q; use self, buyer or third", c[1])
	case !slices.Contains([]string{"open", "hint", "none"}, c[2]):
		return e, fmt.Errorf("label %q; use open, hint or none", c[2])
	case strings.TrimSpace(e.text) == "":
		return e, fmt.Errorf("no text")
	}
	if c[3] == "-" {
		return e, nil
	}
	for crime := range strings.SplitSeq(c[3], ",") {
		if !slices.Contains(crimeNames, crime) {
			return e, fmt.Errorf("crime %q; use one of %s, or -", crime, strings.Join(crimeNames, " "))
		}
	}
	return e, nil
}
