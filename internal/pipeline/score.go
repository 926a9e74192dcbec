package pipeline

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"schemer"
	"schemer/internal/store"
	"schemer/letter"
	"schemer/scoring"
)

// ScoreOptions say for when a list is made.
type ScoreOptions struct {
	AsOf    time.Time // zero: that of the last crawl, else the time of the newest capture
	Edition string    // the year; empty: that of AsOf
}

// asOfKey is where the moment that the last crawl was made for is kept; empty for the real clock.
const asOfKey = "as_of"

func (p *Pipeline) rememberAsOf(ctx context.Context, asOf time.Time) error {
	value := ""
	if !asOf.IsZero() {
		value = asOf.UTC().Format(time.RFC3339)
	}
	return p.store.SetMeta(ctx, asOfKey, value)
}

// asOf settles the moment of scoring from what is kept, never from the clock, so that scoring again gives the same.
func (p *Pipeline) asOf(ctx context.Context, given time.Time) (time.Time, error) {
	if !given.IsZero() {
		return given, nil
	}
	value, err := p.store.Meta(ctx, asOfKey)
	if err != nil && !errors.Is(err, schemer.ErrNotFound) {
		return time.Time{}, err
	}
	if value != "" {
		return time.Parse(time.RFC3339, value)
	}
	last, err := p.store.LastSeq(ctx)
	if err != nil {
		return time.Time{}, err
	}
	newest := time.Time{}
	for capture, err := range p.store.Captures(ctx, store.CaptureFilter{After: max(-1, last-1000)}) {
		if err != nil {
			return time.Time{}, err
		}
		if capture.FetchedAt.After(newest) {
			newest = capture.FetchedAt
		}
	}
	if newest.IsZero() {
		return time.Time{}, fmt.Errorf("%w: nothing was captured yet; crawl first", schemer.ErrUsage)
	}
	return newest.UTC().Truncate(time.Second), nil
}

// Score makes the draft list of an edition from the posts as read and keeps it.
func (p *Pipeline) Score(ctx context.Context, o ScoreOptions) (schemer.Edition, error) {
	asOf, err := p.asOf(ctx, o.AsOf)
	if err != nil {
		return schemer.Edition{}, err
	}
	if o.Edition == "" {
		o.Edition = asOf.Format("2006")
	}
	if err := p.store.Settle(ctx); err != nil {
		return schemer.Edition{}, err
	}
	previous, err := p.previous(ctx, o.Edition)
	if err != nil {
		return schemer.Edition{}, err
	}
	posts := newCorpus(ctx, p.store, p.rules)
	edition, err := scoring.Score(scoring.Input{
		Corpus: posts, Hits: posts.Hits, Rules: p.rules, AsOf: asOf, Edition: o.Edition, Previous: previous, Reader: ReaderVersion,
	})
	searched, saveErr := posts.close()
	if err := errors.Join(err, saveErr); err != nil {
		return schemer.Edition{}, fmt.Errorf("score edition %s: %w", o.Edition, err)
	}
	p.options.Log.Info("scored", slog.Int("posts", edition.Inputs.Posts), slog.Int("searched", searched))
	edition.GeneratedAt = p.options.Now().UTC().Truncate(time.Second)
	before, err := p.labels(ctx)
	if err != nil {
		return schemer.Edition{}, err
	}
	if err := p.store.PutDraft(ctx, edition); err != nil {
		return schemer.Edition{}, err
	}
	return edition, p.relabel(ctx, before, edition)
}

// previous is the newest frozen edition before a year, nil when there is none.
func (p *Pipeline) previous(ctx context.Context, year string) (*schemer.Edition, error) {
	editions, err := p.store.Editions(ctx)
	if err != nil {
		return nil, err
	}
	var before *schemer.Edition
	for _, e := range editions {
		if e.Edition < year && (before == nil || e.Edition > before.Edition) {
			before = &e
		}
	}
	return before, nil
}

// Edition returns a frozen edition, or with an empty year the draft.
func (p *Pipeline) Edition(ctx context.Context, year string) (schemer.Edition, error) {
	if year != "" {
		return p.store.Edition(ctx, year)
	}
	edition, err := p.store.Draft(ctx)
	if errors.Is(err, schemer.ErrNotFound) {
		return edition, fmt.Errorf("%w: nothing was scored yet; run \"schemer score\"", schemer.ErrNotFound)
	}
	return edition, err
}

// Editions returns the frozen editions.
func (p *Pipeline) Editions(ctx context.Context) ([]schemer.Edition, error) {
	return p.store.Editions(ctx)
}

// Freeze keeps the draft as the edition of a year, for good, and enters that in the log.
func (p *Pipeline) Freeze(ctx context.Context, year string, unreviewed bool) (schemer.Edition, error) {
	edition, err := p.Edition(ctx, "")
	if err != nil {
		return edition, err
	}
	edition.Edition, edition.Frozen, edition.Unreviewed = year, true, unreviewed
	if err := p.store.Freeze(ctx, edition); err != nil {
		return edition, err
	}
	return edition, p.record(ctx, "freeze", p.options.Operator, "edition "+year, edition.Inputs)
}

// Diff tells what changed between two editions; an empty to is the draft, an empty from the frozen one before it.
func (p *Pipeline) Diff(ctx context.Context, from, to string) ([]letter.Change, error) {
	current, err := p.Edition(ctx, to)
	if err != nil {
		return nil, err
	}
	var earlier *schemer.Edition
	if from == "" {
		earlier, err = p.previous(ctx, current.Edition)
	} else {
		var e schemer.Edition
		e, err = p.store.Edition(ctx, from)
		earlier = &e
	}
	if err != nil {
		return nil, err
	}
	if earlier == nil {
		return nil, fmt.Errorf("%w: no edition before %s is frozen; \"schemer edition freeze\" makes one", schemer.ErrNotFound, current.Edition)
	}
	return letter.Diff(earlier, &current), nil
}

// Candidate finds one candidate of an edition by id, name, alias, domain or handle.
func (p *Pipeline) Candidate(ctx context.Context, year, name string) (schemer.Candidate, error) {
	edition, err := p.Edition(ctx, year)
	if err != nil {
		return schemer.Candidate{}, err
	}
	want := strings.ToLower(strings.TrimSpace(name))
	for _, c := range edition.Candidates {
		keys := append([]string{string(c.ID), c.Name}, c.Aliases...)
		keys = append(append(keys, c.Domains...), c.Handles...)
		for _, k := range keys {
			k = strings.ToLower(k)
			_, bare, _ := strings.Cut(k, ":")
			if k == want || bare != "" && strings.TrimPrefix(want, "@") == bare {
				return c, nil
			}
		}
	}
	return schemer.Candidate{}, fmt.Errorf("%w: no seller %q in edition %s; \"schemer list --all\" shows all", schemer.ErrNotFound, name, edition.Edition)
}

// Posts streams the current wording of every post, in a fixed order; of one site only when one is given.
func (p *Pipeline) Posts(ctx context.Context, site string, yield func(*schemer.Post) error) error {
	return p.store.Posts(ctx, store.PostFilter{Site: site}, yield)
}

// LeaveOneOut makes and evaluates the draft without each source that a person gave, in turn.
func (p *Pipeline) LeaveOneOut(ctx context.Context, labels scoring.Labels) ([]scoring.SourceReport, error) {
	draft, err := p.Edition(ctx, "")
	if err != nil {
		return nil, err
	}
	sources, err := p.store.Sources(ctx)
	if err != nil {
		return nil, err
	}
	var sites []string
	for _, s := range sources {
		if !s.Discovered {
			sites = append(sites, hostOf(s.URL))
		}
	}
	return scoring.WithoutEach(scoring.Input{
		Corpus: plainCorpus{ctx, p.store}, Rules: p.rules, AsOf: draft.Inputs.AsOf, Edition: draft.Edition, Reader: ReaderVersion,
	}, labels, sites)
}

// hostOf is the bare host of a source, as posts name their site.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
}

// Tune proposes weights refitted on labels; it changes nothing.
func (p *Pipeline) Tune(ctx context.Context, labels scoring.Labels) ([]scoring.WeightChange, error) {
	draft, err := p.Edition(ctx, "")
	if err != nil {
		return nil, err
	}
	return scoring.Tune(draft, labels, p.rules)
}
