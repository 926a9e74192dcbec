package seeds

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"schemer"

	"go.yaml.in/yaml/v3"
)

// maxFile bounds a list of sources in bytes: some 20,000 entries.
const maxFile = 4 << 20

// mistakes is an error that names everything wrong with a file, one "file:line: what; remedy" a line. It wraps
// [schemer.ErrUsage].
type mistakes []string

// Error returns all mistakes, one a line.
func (m mistakes) Error() string { return strings.Join(m, "\n") }

// Unwrap makes the error a [schemer.ErrUsage].
func (m mistakes) Unwrap() error { return schemer.ErrUsage }

// Load reads a list of sources from a YAML file of the shape that [Example] shows. Every mistake in it is reported at
// once, each on one line that names file, line and remedy; the error then wraps [schemer.ErrUsage].
func Load(path string) ([]schemer.Source, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil, mistakes{path + ": no such file; give the path of a list of sources, or see `schemer sources example`"}
	case err != nil:
		return nil, mistakes{fmt.Sprintf("%s: cannot be looked at (%v); check the path and its permissions", path, err)}
	case info.IsDir():
		return nil, mistakes{path + ": is a directory; name the YAML file in it"}
	case info.Size() > maxFile:
		return nil, mistakes{fmt.Sprintf("%s: is %d bytes, more than %d; split the list", path, info.Size(), maxFile)}
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, mistakes{fmt.Sprintf("%s: cannot be read (%v); check its permissions", path, errors.Unwrap(err))}
	}
	return Parse(path, raw)
}

// Parse is [Load] on bytes already read; name stands for the file in messages.
func Parse(name string, raw []byte) ([]schemer.Source, error) {
	r := reader{file: name, ids: map[string]int{}, urls: map[string]int{}}
	var doc yaml.Node
	dec := yaml.NewDecoder(bytes.NewReader(raw))
	if err := dec.Decode(&doc); err != nil && !errors.Is(err, io.EOF) {
		return nil, mistakes{r.syntax(err)}
	}
	var more yaml.Node
	if err := dec.Decode(&more); err == nil {
		r.bad(more.Line, "a second document starts here; keep one list in one document")
	}
	list := r.list(&doc)
	var out []schemer.Source
	for _, entry := range list {
		if s, ok := r.source(entry); ok {
			out = append(out, s)
		}
	}
	if len(r.wrong) > 0 {
		return nil, r.wrong
	}
	return out, nil
}

// reader walks the YAML tree and gathers what is wrong with it.
type reader struct {
	file  string
	wrong mistakes
	ids   map[string]int // line of first use
	urls  map[string]int
}

func (r *reader) bad(line int, format string, args ...any) {
	r.wrong = append(r.wrong, fmt.Sprintf("%s:%d: %s", r.file, line, fmt.Sprintf(format, args...)))
}

// syntax turns the parser's "yaml: line 3: what" into "file:3: what; remedy".
func (r *reader) syntax(err error) string {
	what := strings.TrimPrefix(err.Error(), "yaml: ")
	line := 1
	if _, scanErr := fmt.Sscanf(what, "line %d:", &line); scanErr == nil {
		_, what, _ = strings.Cut(what, ": ")
	}
	return fmt.Sprintf("%s:%d: not YAML: %s; compare with `schemer sources example`", r.file, line, strings.ReplaceAll(what, "\n", " "))
}

// list finds the entries under the one top-level key.
func (r *reader) list(doc *yaml.Node) []*yaml.Node {
	if doc.Kind != yaml.DocumentNode || len(doc.Content) == 0 || doc.Content[0].Tag == "!!null" {
		r.bad(1, "the list is empty; write `sources:` and under it at least one `- {url: …, kind: …}`")
		return nil
	}
	top := doc.Content[0]
	if top.Kind != yaml.MappingNode {
		r.bad(top.Line, "the file must start with `sources:`; put the list under that key")
		return nil
	}
	var entries *yaml.Node
	for i := 0; i+1 < len(top.Content); i += 2 {
		key := top.Content[i]
		switch {
		case key.Value != "sources":
			r.bad(key.Line, "unknown key %q; the only top-level key is sources", key.Value)
		case entries != nil:
			r.bad(key.Line, "sources stands twice; join the two lists")
		default:
			entries = top.Content[i+1]
		}
	}
	switch {
	case entries == nil && len(r.wrong) > 0:
		return nil
	case entries == nil:
		r.bad(top.Line, "there is no key sources; put the list under `sources:`")
		return nil
	case entries.Tag == "!!null" || entries.Kind == yaml.SequenceNode && len(entries.Content) == 0:
		r.bad(entries.Line, "the list is empty; add at least one `- {url: …, kind: …}`")
		return nil
	case entries.Kind != yaml.SequenceNode:
		r.bad(entries.Line, "sources is not a list; start every entry with a dash")
		return nil
	}
	return entries.Content
}
