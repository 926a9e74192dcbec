package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"schemer"
	"schemer/index"
	"schemer/internal/pipeline"
	"schemer/letter"
	"schemer/web"
)

func (a *app) serveCommand() *cobra.Command {
	var listen string
	var noCrawl bool
	var f crawlFlags
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "the workbench: list, candidate, search; recrawls every source when it is due",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.write(cmd.Context(), func(p *pipeline.Pipeline) error {
				if f.sources != "" {
					sources, err := a.loadSources(f.sources)
					if err != nil {
						return err
					}
					if err := p.PutSources(cmd.Context(), sources); err != nil {
						return err
					}
				}
				return a.serve(cmd.Context(), p, listen, !noCrawl)
			})
		},
	}
	cmd.Flags().StringVar(&listen, "listen", "127.0.0.1:8080", "address to serve on; keep it on loopback behind an authenticating proxy")
	cmd.Flags().BoolVar(&noCrawl, "no-crawl", false, "show only, fetch nothing")
	cmd.Flags().StringVar(&f.sources, "sources", "", "YAML file with the sources to watch")
	cmd.Flags().StringArrayVar(&a.Resolve, "resolve", nil, "HOST=IP:PORT, like curl's (repeatable)")
	return cmd
}

func (a *app) serve(ctx context.Context, p *pipeline.Pipeline, listen string, crawl bool) error {
	log := a.log()
	handler, err := web.New(web.Options{House: house{p}, Log: log, Version: version()})
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", listen)
	if err != nil {
		return usage("--listen %s: %v", listen, err)
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: 60 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10}
	if err := a.serveMetrics(ctx); err != nil {
		return err
	}
	fmt.Printf("workbench on http://%s/\n", l.Addr())
	done := make(chan struct{})
	go func() {
		defer close(done)
		if crawl {
			a.recrawl(ctx, p, log)
		}
	}()
	go func() {
		<-ctx.Done()
		stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		_ = server.Shutdown(stop)
	}()
	err = server.Serve(l)
	<-done
	if errors.Is(err, http.ErrServerClosed) {
		return ctx.Err()
	}
	return err
}

// recrawlEvery is how often the schedule is looked at; what is due then is fetched, read and scored.
const recrawlEvery = time.Minute

// recrawl fetches whatever is due, for as long as ctx lasts. A run that fails is logged and tried again.
func (a *app) recrawl(ctx context.Context, p *pipeline.Pipeline, log *slog.Logger) {
	resolve, err := a.resolve()
	if err != nil {
		log.Error("recrawl", slog.Any("error", err))
		return
	}
	tick := time.NewTicker(recrawlEvery)
	defer tick.Stop()
	for {
		stats, err := p.Crawl(ctx, pipeline.CrawlOptions{Resolve: resolve, Workers: a.Workers, UserAgent: a.UserAgent, NoGuess: a.NoGuess, Metrics: a.metrics()})
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			log.Error("recrawl", slog.Any("error", err))
		case stats.Fetched > 0:
			if _, err := p.Score(ctx, pipeline.ScoreOptions{}); err != nil {
				log.Error("score", slog.Any("error", err))
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// house lets the workbench look into the pipeline.
type house struct{ p *pipeline.Pipeline }

func (h house) Draft(ctx context.Context) (schemer.Edition, error) { return h.p.Edition(ctx, "") }

func (h house) Search(ctx context.Context, q index.Query) (index.Page, error) {
	return h.p.Search(ctx, q)
}

func (h house) Viewed(ctx context.Context, who, object string) error {
	return h.p.Viewed(ctx, who, object)
}

func (h house) Letter(ctx context.Context) (letter.Letter, error) {
	return h.p.Letter(ctx, pipeline.LetterOptions{})
}

func (h house) Sources(ctx context.Context) ([]web.SourceState, error) {
	sources, err := h.p.KnownSources(ctx)
	if err != nil {
		return nil, err
	}
	health, err := h.p.Health(ctx)
	if err != nil {
		return nil, err
	}
	byID := make(map[schemer.SourceID]pipeline.Health, len(health))
	for _, s := range health {
		byID[s.Source] = s
	}
	states := make([]web.SourceState, 0, len(sources))
	for _, s := range sources {
		state := byID[s.ID]
		states = append(states, web.SourceState{
			Source: s, LastRun: state.LastRun, NextDue: state.NextDue, Fetched: state.Fetched, Posts: state.AllPosts,
			Errors: state.Errors, Degraded: state.Degraded, Note: pipeline.Drift(state),
		})
	}
	return states, nil
}
