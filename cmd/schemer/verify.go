package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"schemer/evidence"
	"schemer/internal/pipeline"
)

func (a *app) verifyCommand() *cobra.Command {
	var key, checkpoint string
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "re-read and check all evidence, the log and the signatures",
		Long: `Read every kept byte again and check it against the hashes in the log, the log against its Merkle tree, the
tree against signed checkpoints and time-stamps. Exit code 4 when anything is not as it was kept. May run
beside a crawl.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			o := evidence.VerifyOptions{PublicKey: key}
			if checkpoint != "" {
				b, err := os.ReadFile(checkpoint)
				if err != nil {
					return usage("--checkpoint: %v", err)
				}
				o.Checkpoint = b
			}
			report, err := pipeline.Verify(cmd.Context(), a.options(), o)
			if report.Entries == 0 && err != nil && len(report.Findings) == 0 {
				return err
			}
			if a.JSON {
				enc := json.NewEncoder(os.Stdout)
				enc.SetIndent("", "  ")
				return firstError(enc.Encode(report), err)
			}
			for _, f := range report.Findings {
				fmt.Println(printable(f.String()))
			}
			fmt.Println(report.Statement())
			return err
		},
	}
	cmd.Flags().StringVar(&key, "key", "", "public key (log/key.pub) that was kept elsewhere")
	cmd.Flags().StringVar(&checkpoint, "checkpoint", "", "signed checkpoint that was kept elsewhere")
	return cmd
}

// firstError returns a when it is one, else b.
func firstError(a, b error) error {
	if a != nil {
		return a
	}
	return b
}
