package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"schemer/internal/pipeline"
)

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

func (a *app) importCommand() *cobra.Command {
	var who, basis string
	cmd := &cobra.Command{
		Use:   "import FILE...",
		Short: "take in captures made by other tools (WARC or WACZ), at lower trust",
		Args:  cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.write(cmd.Context(), func(p *pipeline.Pipeline) error {
				for _, path := range args {
					r, err := p.Import(cmd.Context(), path, who, basis)
					if err != nil {
						return err
					}
					if r.Already {
						fmt.Printf("%s: was imported before\n", path)
						continue
					}
					fmt.Printf("%s: %d captures taken in, %d records refused\n", path, r.Captures, r.Refused)
					for _, problem := range r.Problems {
						fmt.Fprintln(os.Stderr, printable(problem.String()))
					}
				}
				return nil
			})
		},
	}
	cmd.Flags().StringVar(&who, "who", "", "who imports, for the chain of custody (default: the operator)")
	cmd.Flags().StringVar(&basis, "basis", "", "legal basis")
	return cmd
}

func (a *app) exportCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "export", Short: "export evidence", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() }}
	var name, out, year string
	evidenceCmd := &cobra.Command{
		Use:   "evidence --candidate NAME --out FILE.wacz",
		Short: "a candidate's captures as WACZ 1.1.1, which replay tools open",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if name == "" || out == "" {
				return usage("name the candidate with --candidate and the file with --out")
			}
			return a.write(cmd.Context(), func(p *pipeline.Pipeline) error {
				n, err := p.ExportEvidence(cmd.Context(), year, name, out)
				if err != nil {
					return err
				}
				fmt.Printf("%s: %d captures\n", out, n)
				return nil
			})
		},
	}
	evidenceCmd.Flags().StringVar(&name, "candidate", "", "name, alias, domain, handle or id")
	evidenceCmd.Flags().StringVar(&out, "out", "", "file to write")
	evidenceCmd.Flags().StringVar(&year, "edition", "", "a frozen edition instead of the draft")
	cmd.AddCommand(evidenceCmd)
	return cmd
}

func (a *app) screenshotCommand() *cobra.Command {
	var all bool
	cmd := &cobra.Command{
		Use:   "screenshot",
		Short: "keep pictures of the pages that the draft quotes, beside their captures (needs Chromium)",
		Long: `Take pictures of the pages behind the strongest quotes of listed candidates, of the sources that say
"screenshots: true". The browser goes out the source's egress and reaches nothing the crawler would not.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			resolve, err := a.resolve()
			if err != nil {
				return err
			}
			return a.write(cmd.Context(), func(p *pipeline.Pipeline) error {
				n, err := p.Screenshots(cmd.Context(), resolve, all)
				fmt.Printf("%d pictures kept\n", n)
				return err
			})
		},
	}
	cmd.Flags().BoolVar(&all, "all", false, "of every source")
	cmd.Flags().StringArrayVar(&a.Resolve, "resolve", nil, "HOST=IP:PORT, like curl's (repeatable)")
	return cmd
}

func (a *app) purgeCommand() *cobra.Command {
	var o pipeline.PurgeOptions
	var before string
	cmd := &cobra.Command{
		Use:   "purge --before DATE --why GROUND",
		Short: "delete captures for real, by class and age; a tombstone stays",
		Long: `Delete captures and what was read from them. What an edition or the draft quotes is held back unless
--quoted is given. The bytes are gone from the WARC files; a tombstone with their digests stays, so that
"schemer verify" still proves the rest.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			t, err := time.Parse(time.DateOnly, before)
			if err != nil {
				return usage("--before %q: write a date as 2025-11-01", before)
			}
			if o.Why == "" {
				return usage("--why: say on what ground; it is entered in the log")
			}
			o.Before = t
			return a.write(cmd.Context(), func(p *pipeline.Pipeline) error {
				r, err := p.Purge(cmd.Context(), o)
				if err != nil {
					return err
				}
				fmt.Printf("%d captures deleted (%d bytes of %d files), %d held because later captures refer to them\n", len(r.Deleted), r.Bytes, r.Files, len(r.Held))
				return nil
			})
		},
	}
	cmd.Flags().StringVar(&before, "before", "", "delete what was captured before this day")
	cmd.Flags().StringSliceVar(&o.Kinds, "kind", nil, "only these classes: board, thread, page, article, legal, home, robots, sitemap, screenshot, import")
	cmd.Flags().BoolVar(&o.Quoted, "quoted", false, "also what a list quotes")
	cmd.Flags().StringVar(&o.Why, "why", "", "the ground of the deletion")
	return cmd
}

func (a *app) auditCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "audit",
		Short: "the log of views, decisions, disclosures and deletions",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return pipeline.Audit(cmd.Context(), a.options(), func(e pipeline.AuditEntry) error {
				if a.JSON {
					return json.NewEncoder(os.Stdout).Encode(e)
				}
				_, err := fmt.Printf("%6d  %s  %-10s %-16s %s\n", e.Seq, e.At.UTC().Format(time.RFC3339), printable(e.Kind), printable(e.Who), printable(e.About))
				return err
			})
		},
	}
}
