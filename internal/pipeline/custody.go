package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"schemer"
	"schemer/evidence"
)

// Import takes in a WARC or WACZ file made by other tools and reads it. Imported captures count as of lower trust.
func (p *Pipeline) Import(ctx context.Context, path, who, basis string) (evidence.ImportReport, error) {
	if who == "" {
		who = p.who()
	}
	report, err := p.archive.Import(ctx, path, evidence.ImportOptions{Who: who, Basis: basis})
	if err != nil {
		return report, err
	}
	_, err = p.Read(ctx, false)
	return report, err
}

// who names the operator for the log.
func (p *Pipeline) who() string {
	if p.options.Operator != "" {
		return p.options.Operator
	}
	return "operator"
}

// ExportEvidence writes the captures behind a candidate's quotes to a WACZ file and enters that in the log.
func (p *Pipeline) ExportEvidence(ctx context.Context, year, name, path string) (int, error) {
	c, err := p.Candidate(ctx, year, name)
	if err != nil {
		return 0, err
	}
	captures, err := p.capturesOf(ctx, c)
	if err != nil {
		return 0, err
	}
	if len(captures) == 0 {
		return 0, fmt.Errorf("%w: no captures behind %s", schemer.ErrNotFound, c.Name)
	}
	if err := writeWhole(path, func(w io.Writer) error { return p.archive.ExportWACZ(ctx, w, captures) }); err != nil {
		return 0, err
	}
	return len(captures), p.record(ctx, "export", p.who(), "candidate "+string(c.ID), map[string]any{"captures": len(captures)})
}

func (p *Pipeline) capturesOf(ctx context.Context, c schemer.Candidate) ([]schemer.Capture, error) {
	wanted := quoted(schemer.Edition{Candidates: []schemer.Candidate{c}})
	var captures []schemer.Capture
	for capture, err := range p.archive.Captures(ctx) {
		if err != nil {
			return nil, err
		}
		if wanted[place(capture)] {
			captures = append(captures, capture)
		}
	}
	return captures, nil
}

// place is how a quote names its capture: file#offset.
func place(c schemer.Capture) string { return fmt.Sprintf("%s#%d", c.File, c.Offset) }

// quoted collects the places of all captures that an edition quotes.
func quoted(e schemer.Edition) map[string]bool {
	places := map[string]bool{}
	for _, c := range e.Candidates {
		for _, q := range slices.Concat(c.Evidence, c.Contra) {
			places[q.WARC] = true
		}
	}
	return places
}

// PurgeOptions say what is deleted.
type PurgeOptions struct {
	Before time.Time
	Kinds  []string
	Quoted bool   // also what the draft or a frozen edition quotes
	Why    string // the ground
}

// Purge deletes captures for real, then reads and indexes what is left anew, so that nothing of them remains anywhere.
func (p *Pipeline) Purge(ctx context.Context, o PurgeOptions) (evidence.PurgeReport, error) {
	held := map[string]bool{}
	if !o.Quoted {
		editions, err := p.store.Editions(ctx)
		if err != nil {
			return evidence.PurgeReport{}, err
		}
		if draft, err := p.store.Draft(ctx); err == nil {
			editions = append(editions, draft)
		}
		for _, e := range editions {
			for place := range quoted(e) {
				held[place] = true
			}
		}
	}
	report, err := p.archive.Purge(ctx, evidence.PurgeOptions{
		Before: o.Before, Kinds: o.Kinds, Who: p.who(), Why: o.Why,
		Keep: func(c schemer.Capture) bool { return held[place(c)] },
	})
	if err != nil || len(report.Deleted) == 0 {
		return report, err
	}
	_, err = p.Read(ctx, true)
	return report, err
}

// AuditEntry is one line of the tamper-evident log that is not a capture.
type AuditEntry = evidence.Entry

// Audit hands over the views, decisions, disclosures and deletions of a data directory, oldest first. It may run
// beside a writer.
func Audit(ctx context.Context, o Options, yield func(AuditEntry) error) error {
	if err := o.validate(); err != nil {
		return err
	}
	archive, err := openEvidence(ctx, o)
	if err != nil {
		return err
	}
	return errors.Join(eachDecision(ctx, archive, yield), archive.Close(ctx))
}

// eachDecision hands over the entries that people made.
func eachDecision(ctx context.Context, archive *evidence.Archive, yield func(AuditEntry) error) error {
	for entry, err := range archive.Entries(ctx, 0) {
		if err != nil {
			return err
		}
		if entry.Kind == evidence.EntryCapture || entry.Kind == evidence.EntryFile {
			continue
		}
		if err := yield(entry); err != nil {
			return err
		}
	}
	return nil
}
