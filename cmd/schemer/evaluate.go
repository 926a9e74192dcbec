package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strconv"

	"github.com/spf13/cobra"

	"schemer/internal/pipeline"
	"schemer/scoring"
)

func readLabels(path string) (scoring.Labels, error) {
	f, err := os.Open(path)
	if err != nil {
		return scoring.Labels{}, usage("labels: %v", err)
	}
	labels, err := scoring.ReadLabels(f)
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return labels, usage("%s: %v", path, err)
	}
	return labels, nil
}

// labelled runs f with the labels of a file on the data directory, opened for reading.
func (a *app) labelled(ctx context.Context, path string, f func(*pipeline.Pipeline, scoring.Labels) error) error {
	labels, err := readLabels(path)
	if err != nil {
		return err
	}
	return a.look(ctx, func(p *pipeline.Pipeline) error { return f(p, labels) })
}

func (a *app) evaluateCommand() *cobra.Command {
	var plot, year string
	var without bool
	cmd := &cobra.Command{
		Use:   "evaluate LABELS",
		Short: "hold the list against labelled decisions: precision, recall, calibration, by language, genre and source",
		Long: `LABELS is a fictional internet's truth.json, a JSON list of labels, or a table with the heads name, domain,
label. With --leave-one-out the list is made anew without each source in turn.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.labelled(cmd.Context(), args[0], func(p *pipeline.Pipeline, labels scoring.Labels) error {
				edition, err := p.Edition(cmd.Context(), year)
				if err != nil {
					return err
				}
				report := scoring.Evaluate(edition, labels)
				if plot != "" {
					if err := os.WriteFile(plot, report.SVG(), 0o600); err != nil {
						return usage("--plot: %v", err)
					}
				}
				if a.JSON {
					return json.NewEncoder(os.Stdout).Encode(report)
				}
				if err := report.Write(os.Stdout); err != nil || !without {
					return err
				}
				return a.leaveOneOut(cmd.Context(), p, labels)
			})
		},
	}
	cmd.Flags().StringVar(&plot, "plot", "", "write the calibration plot to this SVG file")
	cmd.Flags().StringVar(&year, "edition", "", "a frozen edition instead of the draft")
	cmd.Flags().BoolVar(&without, "leave-one-out", false, "also without each given source in turn")
	return cmd
}

func (a *app) leaveOneOut(ctx context.Context, p *pipeline.Pipeline, labels scoring.Labels) error {
	reports, err := p.LeaveOneOut(ctx, labels)
	if err != nil {
		return err
	}
	rows := make([][]string, 0, len(reports))
	for _, r := range reports {
		rows = append(rows, []string{firstOf(r.Without, "(none)"), fmt.Sprintf("%.3f", r.Report.Precision), fmt.Sprintf("%.3f", r.Report.Recall), fmt.Sprintf("%.3f", r.Report.GradeAccuracy), strconv.Itoa(r.Report.Listed)})
	}
	return table(os.Stdout, columns(os.Stdout), []string{"without", "precision", "recall", "grade", "listed"}, rows)
}

func (a *app) tuneCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "tune LABELS",
		Short: "propose signal weights refitted on labelled decisions; shows the difference, applies nothing",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.labelled(cmd.Context(), args[0], func(p *pipeline.Pipeline, labels scoring.Labels) error {
				changes, err := p.Tune(cmd.Context(), labels)
				if err != nil {
					return err
				}
				if a.JSON {
					return json.NewEncoder(os.Stdout).Encode(changes)
				}
				rows := make([][]string, 0, len(changes))
				for _, c := range changes {
					rows = append(rows, []string{c.Signal, fmt.Sprintf("%+.2f", c.Before), fmt.Sprintf("%+.2f", c.After), strconv.Itoa(c.Seen)})
				}
				return table(os.Stdout, columns(os.Stdout), []string{"signal", "weight", "proposed", "candidates"}, rows)
			})
		},
	}
}
