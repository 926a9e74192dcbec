package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"schemer/internal/pipeline"
)

func (a *app) readCommand() *cobra.Command {
	var all bool
	cmd := &cobra.Command{
		Use:   "read [--all]",
		Short: "read posts from kept evidence, without the network",
		Long:  "Read what was captured but not read yet; with --all throw away everything read and read all evidence again.",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.write(cmd.Context(), func(p *pipeline.Pipeline) error {
				n, err := p.Read(cmd.Context(), all)
				if err != nil {
					return err
				}
				fmt.Printf("%d captures read, %d posts kept\n", n.Captures, n.Posts)
				return nil
			})
		},
	}
	cmd.Flags().BoolVar(&all, "all", false, "read everything again")
	return cmd
}

func (a *app) scoreCommand() *cobra.Command {
	var asOf moment
	var year string
	cmd := &cobra.Command{
		Use:   "score",
		Short: "posts -> candidates",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.write(cmd.Context(), func(p *pipeline.Pipeline) error {
				edition, err := p.Score(cmd.Context(), pipeline.ScoreOptions{AsOf: asOf.Time, Edition: year})
				if err != nil {
					return err
				}
				if _, err := p.WriteDrafts(cmd.Context()); err != nil {
					return err
				}
				fmt.Printf("%d posts scored as of %s: %d sellers, %d proposed\n", edition.Inputs.Posts, edition.Inputs.AsOf.Format("2006-01-02"), len(edition.Candidates), listed(edition))
				return nil
			})
		},
	}
	cmd.Flags().Var(&asOf, "as-of", "fix the clock of scoring (default: that of the last crawl, else the newest capture)")
	cmd.Flags().StringVar(&year, "year", "", "edition to draft (default: the year of --as-of)")
	return cmd
}

func (a *app) indexCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "index", Short: "rebuild the search index", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() }}
	cmd.AddCommand(&cobra.Command{
		Use:   "rebuild",
		Short: "build the index anew beside the old one, then swap",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.write(cmd.Context(), func(p *pipeline.Pipeline) error {
				n, err := p.RebuildIndex(cmd.Context())
				if err != nil {
					return err
				}
				fmt.Printf("%d posts indexed\n", n)
				return nil
			})
		},
	})
	return cmd
}
