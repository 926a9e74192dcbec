package main

import (
	"encoding/json"
	"os"

	"github.com/spf13/cobra"

	"schemer/internal/pipeline"
	"schemer/scoring"
)

func (a *app) explainCommand() *cobra.Command {
	var year string
	cmd := &cobra.Command{
		Use:   "explain NAME",
		Short: "one candidate's dossier: every factor with its quote, and what spoke against",
		Long:  "Print the dossier of the candidate with this name, alias, domain, handle or id.",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.look(cmd.Context(), func(p *pipeline.Pipeline) error {
				c, err := p.Candidate(cmd.Context(), year, args[0])
				if err != nil {
					return err
				}
				if a.JSON {
					enc := json.NewEncoder(os.Stdout)
					enc.SetEscapeHTML(false)
					enc.SetIndent("", "  ")
					return enc.Encode(c)
				}
				return scoring.Explain(os.Stdout, c)
			})
		},
	}
	cmd.Flags().StringVar(&year, "edition", "", "a frozen edition instead of the draft")
	return cmd
}
