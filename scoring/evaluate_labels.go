package scoring

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"schemer"
)

// Label is what people decided about one seller, or that a name belongs to no seller at all.
type Label struct {
	ID         string   `json:"id,omitempty"`
	Name       string   `json:"name"`
	Aliases    []string `json:"aliases,omitempty"`
	Domains    []string `json:"domains,omitempty"`
	Handles    []string `json:"handles,omitempty"` // "telegram:x"
	Label      string   `json:"label"`             // open, hint, clean, unclear, bystander
	Crimes     []string `json:"crimes,omitempty"`
	Registered string   `json:"registered,omitempty"`
	Gone       string   `json:"gone,omitempty"` // date since when it no longer trades
}

// Labels are decisions to hold a list against.
type Labels struct {
	AsOf  time.Time
	Items []Label
}

// truthFile is the format of a fictional internet's truth.json.
type truthFile struct {
	AsOf      string `json:"as_of"`
	Resellers []struct {
		Label
		Registered *string `json:"registered"`
		Gone       *string `json:"gone"`
	} `json:"resellers"`
	Bystanders []Label `json:"bystanders"`
}

// ReadLabels reads labels in one of three forms: a fictional internet's truth.json, a JSON list of labels, or a table
// with the heads name, domain, label (a semicolon parts several domains). Other forms are an error that says so.
func ReadLabels(r io.Reader) (Labels, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return Labels{}, fmt.Errorf("read labels: %w", err)
	}
	var out Labels
	switch trimmed := bytes.TrimLeft(data, " \t\r\n\ufeff"); {
	case len(trimmed) == 0:
		return Labels{}, fmt.Errorf("read labels: empty file: %w", schemer.ErrUsage)
	case trimmed[0] == '{':
		out, err = readTruthFile(trimmed)
	case trimmed[0] == '[':
		err = json.Unmarshal(trimmed, &out.Items)
	default:
		out.Items, err = readLabelTable(bytes.NewReader(trimmed))
	}
	if err != nil {
		return Labels{}, fmt.Errorf("read labels: %w", err)
	}
	for _, item := range out.Items {
		if !slices.Contains([]string{"open", "hint", "clean", "unclear", "bystander"}, item.Label) {
			return Labels{}, fmt.Errorf("read labels: %q is labelled %q; use open, hint, clean, unclear or bystander: %w", item.Name, item.Label, schemer.ErrUsage)
		}
	}
	return out, nil
}

func readTruthFile(data []byte) (Labels, error) {
	var file truthFile
	if err := json.Unmarshal(data, &file); err != nil {
		return Labels{}, err
	}
	var out Labels
	out.AsOf, _ = time.Parse(time.DateOnly, file.AsOf)
	for _, r := range file.Resellers {
		item := r.Label
		if r.Registered != nil {
			item.Registered = *r.Registered
		}
		if r.Gone != nil {
			item.Gone = *r.Gone
		}
		out.Items = append(out.Items, item)
	}
	for _, b := range file.Bystanders {
		b.Label = "bystander"
		out.Items = append(out.Items, b)
	}
	return out, nil
}

func readLabelTable(r io.Reader) ([]Label, error) {
	table := csv.NewReader(r)
	table.FieldsPerRecord = -1
	rows, err := table.ReadAll()
	if err != nil {
		return nil, err
	}
	head := map[string]int{}
	for i, name := range rows[0] {
		head[strings.ToLower(strings.TrimSpace(name))] = i
	}
	if _, ok := head["label"]; !ok {
		return nil, errors.Join(errors.New("the first line must name the columns name, domain and label"), schemer.ErrUsage)
	}
	field := func(row []string, name string) string {
		if i, ok := head[name]; ok && i < len(row) {
			return strings.TrimSpace(row[i])
		}
		return ""
	}
	var out []Label
	for _, row := range rows[1:] {
		item := Label{Name: field(row, "name"), Label: strings.ToLower(field(row, "label"))}
		for d := range strings.SplitSeq(field(row, "domain"), ";") {
			if d = strings.TrimSpace(d); d != "" {
				item.Domains = append(item.Domains, d)
			}
		}
		out = append(out, item)
	}
	return out, nil
}

// listable reports whether the label says that the seller belongs on a list at asOf.
func (l Label) listable(asOf time.Time) bool {
	if l.Label != "open" && l.Label != "hint" {
		return false
	}
	gone, err := time.Parse(time.DateOnly, l.Gone)
	return err != nil || gone.After(asOf)
}

// labelIndex finds the labels that a candidate meets: by host, else by contact, else by name.
type labelIndex struct{ hosts, handles, names map[string][]int }

func newLabelIndex(items []Label) *labelIndex {
	x := &labelIndex{map[string][]int{}, map[string][]int{}, map[string][]int{}}
	for i, item := range items {
		for _, d := range item.Domains {
			x.hosts[strings.ToLower(d)] = append(x.hosts[strings.ToLower(d)], i)
		}
		for _, h := range item.Handles {
			x.handles[bareHandle(h)] = append(x.handles[bareHandle(h)], i)
		}
		for _, name := range append([]string{item.Name}, item.Aliases...) {
			key := newBrand(name).full
			x.names[key] = append(x.names[key], i)
		}
	}
	return x
}

// bareHandle is a contact without its kind.
func bareHandle(h string) string {
	_, value, ok := strings.Cut(strings.ToLower(h), ":")
	if !ok {
		value = strings.ToLower(h)
	}
	return value
}

func (x *labelIndex) meets(c *schemer.Candidate) []int {
	var out []int
	for _, d := range c.Domains {
		out = append(out, x.hosts[strings.ToLower(d)]...)
	}
	if len(out) == 0 {
		for _, h := range c.Handles {
			out = append(out, x.handles[bareHandle(h)]...)
		}
	}
	if len(out) == 0 {
		for _, name := range append([]string{c.Name}, c.Aliases...) {
			out = append(out, x.names[newBrand(name).full]...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
