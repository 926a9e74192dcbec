package pipeline

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"schemer"
	"schemer/evidence"
)

// Verify re-reads and checks the archive of a data directory; it may run beside a writer. The error wraps
// schemer.ErrIntegrity when anything is not as it was kept; the report then lists every failure.
func Verify(ctx context.Context, o Options, v evidence.VerifyOptions) (evidence.Report, error) {
	if err := o.validate(); err != nil {
		return evidence.Report{}, err
	}
	archive, err := openEvidence(ctx, o)
	if err != nil {
		return evidence.Report{}, err
	}
	report, err := archive.Verify(ctx, v)
	if closeErr := archive.Close(ctx); err == nil {
		err = closeErr
	}
	return report, err
}

// openEvidence opens the archive of an existing data directory for reading.
func openEvidence(ctx context.Context, o Options) (*evidence.Archive, error) {
	dir := filepath.Join(o.Data, "evidence")
	if _, err := os.ReadDir(dir); err != nil {
		return nil, fmt.Errorf("%w: no evidence in %s (%w); fill it with \"schemer run --sources FILE --data %s\"", schemer.ErrUsage, dir, err, o.Data)
	}
	return evidence.Open(ctx, evidence.Options{URL: o.Evidence, Dir: dir, Tool: o.Tool, Now: o.Now, Log: o.Log, ReadOnly: true})
}

// record enters a decision, view, disclosure or deletion in the tamper-evident log.
func (p *Pipeline) record(ctx context.Context, kind, who, about string, data any) error {
	raw, err := json.Marshal(data)
	if err != nil {
		return fmt.Errorf("log %s of %s: %w", kind, about, err)
	}
	_, err = p.archive.Append(ctx, evidence.Entry{Kind: kind, Who: who, About: about, Data: raw})
	return err
}
