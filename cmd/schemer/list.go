package main

import (
	"fmt"
	"io"
	"os"
	"strconv"

	"github.com/spf13/cobra"

	"schemer"
	"schemer/internal/pipeline"
	"schemer/letter"
)

func (a *app) listCommand() *cobra.Command {
	var csv, all bool
	var year string
	cmd := &cobra.Command{
		Use:   "list",
		Short: "print the ranked candidate list (table, --json, --csv)",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.look(cmd.Context(), func(p *pipeline.Pipeline) error {
				edition, err := p.Edition(cmd.Context(), year)
				if err != nil {
					return err
				}
				if csv {
					return letter.CSV(os.Stdout, edition)
				}
				return a.printList(os.Stdout, edition, !all)
			})
		},
	}
	cmd.Flags().BoolVar(&csv, "csv", false, "one identifier a row, safe for spreadsheets")
	cmd.Flags().BoolVar(&all, "all", false, "in the table, also those not proposed for the letter")
	cmd.Flags().StringVar(&year, "edition", "", "a frozen edition instead of the draft")
	return cmd
}

// printList prints an edition as JSON or as a table; listedOnly bounds the table, never the JSON.
func (a *app) printList(w io.Writer, edition schemer.Edition, listedOnly bool) error {
	if a.JSON {
		return letter.JSON(w, edition)
	}
	var rows [][]string
	for _, c := range edition.Candidates {
		if listedOnly && !c.Listed {
			continue
		}
		quote := ""
		if len(c.Evidence) > 0 {
			quote = c.Evidence[0].Quote
		}
		change := c.Change
		if change == "" {
			change = "-"
		}
		rows = append(rows, []string{
			strconv.Itoa(c.Rank), clip(c.Name, 24), string(c.Grade), strconv.FormatFloat(c.Score, 'f', 2, 64),
			strconv.Itoa(c.Sources), c.Nexus, change, quote,
		})
	}
	if err := table(w, columns(os.Stdout), []string{"rank", "name", "grade", "score", "sources", "nl", "change", "strongest quote"}, rows); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "\n%d candidates proposed out of %d sellers seen, as of %s. A proposal: people decide.\n",
		listed(edition), len(edition.Candidates), edition.Inputs.AsOf.Format("2006-01-02"))
	return err
}
