package main

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"schemer"
	"schemer/internal/pipeline"
)

var yearPattern = regexp.MustCompile(`^(19|20)\d\d$`)

func checkYear(year string) error {
	if !yearPattern.MatchString(year) {
		return usage("--year %q: write four digits, for instance 2026", year)
	}
	return nil
}

func (a *app) editionCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "edition", Short: "freeze, compare and export a year's list", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() }}
	cmd.AddCommand(a.freezeCommand(), a.diffCommand(), a.letterCommand(), a.editionsCommand())
	return cmd
}

func (a *app) freezeCommand() *cobra.Command {
	var year string
	var unreviewed bool
	cmd := &cobra.Command{
		Use:   "freeze --year Y --unreviewed",
		Short: "freeze the draft as the list of a year; it never changes afterwards",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkYear(year); err != nil {
				return err
			}
			if !unreviewed {
				return usage("a reviewed edition needs two reviewers' decisions on every name, which this version does not record yet; freeze a draft with --unreviewed, it is marked as such")
			}
			return a.write(cmd.Context(), func(p *pipeline.Pipeline) error {
				e, err := p.Freeze(cmd.Context(), year, unreviewed)
				if err != nil {
					return err
				}
				fmt.Printf("edition %s frozen, unreviewed: %d names, corpus %.16s, rules %.16s\n", e.Edition, listed(e), e.Inputs.Corpus, e.Inputs.Rules)
				return nil
			})
		},
	}
	cmd.Flags().StringVar(&year, "year", "", "the year of the edition")
	cmd.Flags().BoolVar(&unreviewed, "unreviewed", false, "freeze a draft that nobody has reviewed, marked as such")
	return cmd
}

func (a *app) diffCommand() *cobra.Command {
	var from, to string
	cmd := &cobra.Command{
		Use:   "diff",
		Short: "what changed between two editions (default: the last frozen one and the draft)",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.look(cmd.Context(), func(p *pipeline.Pipeline) error {
				changes, err := p.Diff(cmd.Context(), from, to)
				if err != nil {
					return err
				}
				if a.JSON {
					return json.NewEncoder(os.Stdout).Encode(changes)
				}
				rows := make([][]string, 0, len(changes))
				for _, c := range changes {
					rows = append(rows, []string{string(c.Kind), firstOf(c.Name, c.PreviousName), string(c.PreviousGrade), string(c.Grade), c.Why})
				}
				return table(os.Stdout, columns(os.Stdout), []string{"change", "name", "was", "is", "why"}, rows)
			})
		},
	}
	cmd.Flags().StringVar(&from, "from", "", "earlier edition")
	cmd.Flags().StringVar(&to, "to", "", "later edition; empty for the draft")
	return cmd
}

func (a *app) letterCommand() *cobra.Command {
	var dir, recipient, reference string
	cmd := &cobra.Command{
		Use:   "letter",
		Short: "write the letter draft (ODT and HTML) and the lists (HTML, CSV, ODS, JSON, STIX 2.1)",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.look(cmd.Context(), func(p *pipeline.Pipeline) error {
				files, err := p.WriteLetter(cmd.Context(), pipeline.LetterOptions{Dir: dir, Recipient: recipient, Reference: reference})
				if err != nil {
					return err
				}
				for _, path := range []string{files.ODT, files.HTML, files.List, files.CSV, files.ODS, files.JSON, files.STIX} {
					fmt.Println(path)
				}
				return nil
			})
		},
	}
	cmd.Flags().StringVar(&dir, "out", "", "directory to write to (default: DATA/out)")
	cmd.Flags().StringVar(&recipient, "to", "", "recipient named in the letter")
	cmd.Flags().StringVar(&reference, "reference", "", "reference printed in the letter")
	return cmd
}

func (a *app) editionsCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "the frozen editions",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.look(cmd.Context(), func(p *pipeline.Pipeline) error {
				editions, err := p.Editions(cmd.Context())
				if err != nil {
					return err
				}
				rows := make([][]string, 0, len(editions))
				for _, e := range editions {
					rows = append(rows, []string{e.Edition, e.Inputs.AsOf.Format(time.DateOnly), strconv.Itoa(listed(e)), fmt.Sprintf("%.16s", e.Inputs.Corpus), fmt.Sprintf("%.16s", e.Inputs.Rules)})
				}
				return table(os.Stdout, columns(os.Stdout), []string{"edition", "as of", "names", "corpus", "rules"}, rows)
			})
		},
	}
}

// listed counts the names that an edition proposes.
func listed(e schemer.Edition) int {
	n := 0
	for _, c := range e.Candidates {
		if c.Listed {
			n++
		}
	}
	return n
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
