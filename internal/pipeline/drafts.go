package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"schemer"
	"schemer/letter"
)

// LetterOptions say for whom a letter is written and where to.
type LetterOptions struct {
	Dir       string // empty: DATA/out
	Year      string // a frozen edition; empty: the draft
	Recipient string
	Reference string
}

// Drafts are the files that were written.
type Drafts struct{ ODT, HTML, List, CSV, ODS, JSON, STIX string }

// Letter composes the letter of an edition.
func (p *Pipeline) Letter(ctx context.Context, o LetterOptions) (letter.Letter, error) {
	edition, err := p.Edition(ctx, o.Year)
	if err != nil {
		return letter.Letter{}, err
	}
	previous, err := p.previous(ctx, edition.Edition)
	if err != nil {
		return letter.Letter{}, err
	}
	return letter.Letter{
		Edition: edition, Previous: previous, Recipient: o.Recipient, Reference: o.Reference,
		Date: edition.GeneratedAt.Truncate(24 * time.Hour), Draft: !edition.Frozen || edition.Unreviewed,
	}, nil
}

// WriteDrafts writes the letter and the lists of the draft to DATA/out.
func (p *Pipeline) WriteDrafts(ctx context.Context) (Drafts, error) {
	return p.WriteLetter(ctx, LetterOptions{})
}

// WriteLetter writes an edition's letter and lists. Each file is whole or absent.
func (p *Pipeline) WriteLetter(ctx context.Context, o LetterOptions) (Drafts, error) {
	l, err := p.Letter(ctx, o)
	if err != nil {
		return Drafts{}, err
	}
	dir := o.Dir
	if dir == "" {
		dir = filepath.Join(p.options.Data, "out")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return Drafts{}, fmt.Errorf("%w: directory for the letter: %w", schemer.ErrUsage, err)
	}
	name := func(stem, ext string) string { return filepath.Join(dir, stem+"-"+l.Edition.Edition+ext) }
	d := Drafts{ODT: name("brief", ".odt"), HTML: name("brief", ".html"), List: name("lijst", ".html"), CSV: name("lijst", ".csv"), ODS: name("lijst", ".ods"), JSON: name("lijst", ".json"), STIX: name("lijst", ".stix.json")}
	return d, errors.Join(
		writeWhole(d.ODT, func(w io.Writer) error { return letter.ODT(w, l) }),
		writeWhole(d.HTML, func(w io.Writer) error { return letter.HTML(w, l) }),
		writeWhole(d.List, func(w io.Writer) error { return letter.List(w, l.Edition) }),
		writeWhole(d.CSV, func(w io.Writer) error { return letter.CSV(w, l.Edition) }),
		writeWhole(d.ODS, func(w io.Writer) error { return letter.ODS(w, l.Edition) }),
		writeWhole(d.STIX, func(w io.Writer) error { return letter.STIX(w, l.Edition) }),
		writeWhole(d.JSON, func(w io.Writer) error { return letter.JSON(w, l.Edition) }),
	)
}

// writeWhole writes a file beside its place and moves it there when it is complete and on disk.
func writeWhole(path string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	err = errors.Join(write(f), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}
