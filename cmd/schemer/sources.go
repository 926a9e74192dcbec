package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"schemer/internal/pipeline"
	"schemer/seeds"
)

func (a *app) sourcesCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "sources", Short: "list, check and judge the health of sources", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() }}
	cmd.AddCommand(a.sourcesListCommand(), a.sourcesHealthCommand(),
		&cobra.Command{
			Use:   "test FILE",
			Short: "check a sources file and print what it says",
			Args:  cobra.ExactArgs(1),
			RunE: func(_ *cobra.Command, args []string) error {
				list, err := seeds.Load(args[0])
				if err != nil {
					return err
				}
				rows := make([][]string, 0, len(list))
				for _, s := range list {
					rows = append(rows, []string{string(s.ID), string(s.Kind), s.URL})
				}
				return table(os.Stdout, columns(os.Stdout), []string{"id", "kind", "url"}, rows)
			},
		},
		&cobra.Command{
			Use:   "example",
			Short: "print a commented sources file that shows every setting",
			Args:  cobra.NoArgs,
			RunE: func(*cobra.Command, []string) error {
				_, err := os.Stdout.Write(seeds.Example())
				return err
			},
		})
	return cmd
}

func (a *app) sourcesListCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "the sources known, given and discovered",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.look(cmd.Context(), func(p *pipeline.Pipeline) error {
				list, err := p.KnownSources(cmd.Context())
				if err != nil {
					return err
				}
				if a.JSON {
					return json.NewEncoder(os.Stdout).Encode(list)
				}
				rows := make([][]string, 0, len(list))
				for _, s := range list {
					how := "given"
					if s.Discovered {
						how = "found on " + s.FoundOn
					}
					rows = append(rows, []string{string(s.ID), string(s.Kind), s.URL, how})
				}
				return table(os.Stdout, columns(os.Stdout), []string{"id", "kind", "url", "how"}, rows)
			})
		},
	}
}

func (a *app) sourcesHealthCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "health",
		Short: "last run, yield, errors by class, traps and parser drift of every source",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.look(cmd.Context(), func(p *pipeline.Pipeline) error {
				health, err := p.Health(cmd.Context())
				if err != nil {
					return err
				}
				if a.JSON {
					return json.NewEncoder(os.Stdout).Encode(health)
				}
				rows := make([][]string, 0, len(health))
				for _, h := range health {
					var faults []string
					for _, class := range sortedKeys(h.Errors) {
						faults = append(faults, fmt.Sprintf("%s %d", class, h.Errors[class]))
					}
					if h.Traps > 0 {
						faults = append(faults, fmt.Sprintf("traps %d", h.Traps))
					}
					if h.Degraded > 0 {
						faults = append(faults, fmt.Sprintf("degraded %d", h.Degraded))
					}
					if note := pipeline.Drift(h); note != "" {
						faults = append(faults, note)
					}
					rows = append(rows, []string{
						string(h.Source), when(h.LastRun), when(h.NextDue), strconv.Itoa(h.Fetched), strconv.Itoa(h.Posts),
						strconv.Itoa(h.QueuedURLs), strings.Join(faults, ", "),
					})
				}
				return table(os.Stdout, columns(os.Stdout), []string{"source", "last run", "next due", "fetched", "posts", "queued", "faults"}, rows)
			})
		},
	}
}

func when(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.UTC().Format("2006-01-02 15:04")
}
