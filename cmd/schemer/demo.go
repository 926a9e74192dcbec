package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"schemer"
	"schemer/internal/demoweb"
	"schemer/internal/pipeline"
	"schemer/seeds"
)

func (a *app) demoCommand() *cobra.Command {
	var f crawlFlags
	var serveOnly bool
	var listen, dir string
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "the main job on the built-in fictional internet",
		Long: `Serve the built-in fictional internet on loopback, crawl it as it stood a year ago and freeze that
year's list, then crawl it as it stands now and print the list with what changed. The crawler reaches it over
HTTP only. With --serve-only it is left running for others to crawl.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if dir != "" {
				a.world = os.DirFS(dir)
			}
			now, last, err := seeds.Dates(a.world)
			if err != nil {
				return usage("%v; --world DIR wants truth.json and sites/*.json", err)
			}
			if f.asOf.IsZero() {
				f.asOf.Time = now
			}
			if serveOnly {
				return a.serveDemo(cmd.Context(), f.asOf, listen)
			}
			return a.withDemo(cmd.Context(), f.asOf, func() error { return a.demo(cmd.Context(), f, last) })
		},
	}
	cmd.Flags().StringVar(&dir, "world", "", "another fictional internet, laid out like seeds/demo")
	cmd.Flags().BoolVar(&serveOnly, "serve-only", false, "serve the fictional internet until interrupted")
	cmd.Flags().StringVar(&listen, "listen", "127.0.0.1:8900", "with --serve-only: loopback address to serve on")
	cmd.Flags().Var(&f.asOf, "as-of", "the day it stands at (default: its newest)")
	cmd.Flags().IntVar(&a.Workers, "workers", 0, "hosts crawled at once (default 16)")
	return cmd
}

func (a *app) serveDemo(ctx context.Context, asOf moment, listen string) error {
	server, addr, err := a.startDemo(ctx, asOf, listen)
	if err != nil {
		return err
	}
	fmt.Printf("the fictional internet of %s on %s\ncrawl it with: schemer run --sources FILE --resolve '*=%s'\n", &asOf, addr, addr)
	<-ctx.Done()
	return errors.Join(ctx.Err(), server.Close())
}

func (a *app) startDemo(ctx context.Context, asOf moment, listen string) (*demoweb.Server, string, error) {
	server, err := demoweb.New(demoweb.Options{World: a.world, AsOf: asOf.Time, Log: a.log()})
	if err != nil {
		return nil, "", err
	}
	addr, err := server.Start(ctx, listen)
	if err != nil {
		return nil, "", fmt.Errorf("serve the fictional internet on %s: %w", listen, err)
	}
	return server, addr.String(), nil
}

// demo runs last year's job, freezes it, and runs this year's.
func (a *app) demo(ctx context.Context, f crawlFlags, last time.Time) error {
	f.all = true
	return a.mainJob(ctx, seeds.Places(a.world), f, func(ctx context.Context, p *pipeline.Pipeline) error {
		if err := a.lastYear(ctx, p, last); err != nil {
			return err
		}
		announce(f.asOf)
		return nil
	})
}

// lastYear fills an empty data directory with the list of a year ago, so that the list can say what changed.
func (a *app) lastYear(ctx context.Context, p *pipeline.Pipeline, last time.Time) error {
	year := last.Format("2006")
	if _, err := p.Edition(ctx, year); !errors.Is(err, schemer.ErrNotFound) {
		return err
	}
	f := crawlFlags{asOf: moment{last}, all: true}
	announce(f.asOf)
	return a.withDemo(ctx, f.asOf, func() error {
		if err := a.crawl(ctx, p, seeds.Places(a.world), f); err != nil {
			return err
		}
		if _, err := p.Score(ctx, pipeline.ScoreOptions{AsOf: last, Edition: year}); err != nil {
			return err
		}
		_, err := p.Freeze(ctx, year, true)
		return err
	})
}

// withDemo runs f while the fictional internet is served as it stood on asOf and every host resolves to it.
func (a *app) withDemo(ctx context.Context, asOf moment, f func() error) error {
	server, addr, err := a.startDemo(ctx, asOf, "127.0.0.1:0")
	if err != nil {
		return err
	}
	saved := a.Resolve
	a.Resolve = []string{"*=" + addr}
	defer func() { a.Resolve = saved }()
	return errors.Join(f(), server.Close())
}

func announce(asOf moment) {
	fmt.Fprintf(os.Stderr, "the fictional internet as it stood on %s:\n", &asOf)
}
