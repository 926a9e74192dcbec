package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"schemer"
	"schemer/crawler"
	"schemer/internal/pipeline"
	"schemer/seeds"
)

// crawlFlags are the flags of the verbs that crawl.
type crawlFlags struct {
	sources string
	asOf    moment
	all     bool
	year    string
}

func (a *app) addCrawlFlags(cmd *cobra.Command, f *crawlFlags) {
	cmd.Flags().StringVar(&f.sources, "sources", "", "YAML file with the sources to watch (\"schemer sources example\" prints one)")
	cmd.Flags().StringArrayVar(&a.Resolve, "resolve", nil, "HOST=IP:PORT, like curl's; *=IP:PORT for every host (repeatable)")
	cmd.Flags().Var(&f.asOf, "as-of", "fix the clock of scheduling and scoring: 2026-11-01")
	cmd.Flags().BoolVar(&f.all, "all", false, "visit everything, due or not")
	cmd.Flags().IntVar(&a.Workers, "workers", 0, "hosts crawled at once (default 16)")
	cmd.Flags().StringVar(&a.Operator, "operator", "", "who runs this, for the chain of custody")
}

func (a *app) runCommand() *cobra.Command {
	var f crawlFlags
	cmd := &cobra.Command{
		Use:   "run --sources FILE",
		Short: "crawl, read, score and print the draft list (the main job)",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			sources, err := a.loadSources(f.sources)
			if err != nil {
				return err
			}
			return a.mainJob(cmd.Context(), sources, f, nil)
		},
	}
	a.addCrawlFlags(cmd, &f)
	cmd.Flags().StringVar(&f.year, "year", "", "edition to draft (default: the year of --as-of or today)")
	return cmd
}

func (a *app) crawlCommand() *cobra.Command {
	var f crawlFlags
	cmd := &cobra.Command{
		Use:   "crawl [--sources FILE]",
		Short: "fetch what is due, keep and read it",
		Long:  "Fetch what is due, keep it as evidence, read and index it. Without --sources the sources already known are visited.",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var sources []schemer.Source
			var err error
			if f.sources != "" {
				if sources, err = a.loadSources(f.sources); err != nil {
					return err
				}
			}
			return a.write(cmd.Context(), func(p *pipeline.Pipeline) error {
				return a.crawl(cmd.Context(), p, sources, f)
			})
		},
	}
	a.addCrawlFlags(cmd, &f)
	return cmd
}

func (a *app) loadSources(path string) ([]schemer.Source, error) {
	if path == "" {
		return nil, usage("--sources FILE is missing; \"schemer sources example > sources.yaml\" writes a commented one")
	}
	return seeds.Load(path)
}

// mainJob crawls, scores, writes the documents and prints the list; before, when given, is done first.
func (a *app) mainJob(ctx context.Context, sources []schemer.Source, f crawlFlags, before func(context.Context, *pipeline.Pipeline) error) error {
	return a.write(ctx, func(p *pipeline.Pipeline) error {
		if before != nil {
			if err := before(ctx, p); err != nil {
				return err
			}
		}
		return a.mainSteps(ctx, p, sources, f)
	})
}

func (a *app) mainSteps(ctx context.Context, p *pipeline.Pipeline, sources []schemer.Source, f crawlFlags) error {
	crawlErr := a.crawl(ctx, p, sources, f)
	if crawlErr != nil && exitCode(crawlErr) != exitPartial {
		return crawlErr
	}
	edition, err := p.Score(ctx, pipeline.ScoreOptions{AsOf: f.asOf.Time, Edition: f.year})
	if err != nil {
		return err
	}
	files, err := p.WriteDrafts(ctx)
	if err != nil {
		return err
	}
	if err := a.printList(os.Stdout, edition, true); err != nil {
		return err
	}
	if !a.JSON {
		fmt.Printf("\nHTML list:    %s\nletter draft: %s\n              %s\ndata:         %s\n", files.List, files.ODT, files.HTML, a.Data)
	}
	return crawlErr
}

// crawl runs one crawl with a progress bar; some pages failing for good is no failure of the crawl.
func (a *app) crawl(ctx context.Context, p *pipeline.Pipeline, sources []schemer.Source, f crawlFlags) error {
	resolve, err := a.resolve()
	if err != nil {
		return err
	}
	if err := a.serveMetrics(ctx); err != nil {
		return err
	}
	bar := a.newProgress("crawl")
	defer bar.close()
	started := time.Now()
	stats, err := p.Crawl(ctx, pipeline.CrawlOptions{
		Sources: sources, Resolve: resolve, Workers: a.Workers, UserAgent: a.UserAgent, All: f.all, NoGuess: a.NoGuess, Memory: crawlMemory(), AsOf: f.asOf.Time,
		Config: a.digest(sources), Metrics: a.metrics(), Progress: bar.crawl,
	})
	bar.close()
	fmt.Fprintf(os.Stderr, "crawled %d pages of %d hosts in %s: %d not modified, %d errors, %d new posts\n",
		stats.Fetched, stats.Hosts, time.Since(started).Round(100*time.Millisecond), stats.NotModified, faults(stats), stats.Posts)
	return err
}

// faults counts the errors of a crawl over all classes.
func faults(s crawler.Stats) int {
	n := 0
	for _, count := range s.Errors {
		n += count
	}
	return n
}

// crawlMemory is the soft limit of the heap while fetching: 48 MiB, or none when GOMEMLIMIT says otherwise. A crawl with
// a million queued URLs then stays below 100 MiB as a whole.
func crawlMemory() int64 {
	if os.Getenv("GOMEMLIMIT") != "" {
		return 0
	}
	return 48 << 20
}
