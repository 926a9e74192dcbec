package main

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"schemer/internal/pipeline"
	"schemer/seeds"
)

// app carries the configuration from the flags to the verbs.
type app struct {
	config
	configFile string
	meter      *meter
	world      fs.FS // the fictional internet that demo serves
}

const about = `schemer finds resellers of server space that hint at, or openly admit, serving criminals, and
proves every name with quotes from captured pages. The list is a proposal: people decide.

Data goes to standard output, everything else to standard error.

Exit codes: 0 done, 1 error, 2 usage, 3 partial, 4 integrity failure, 5 locked, 6 refused by
policy, 10 no match, 130 interrupted.`

func newRoot() *cobra.Command {
	a := &app{world: seeds.Demo()}
	root := &cobra.Command{
		Use:           "schemer",
		Short:         "list resellers that present themselves as serving criminals, with proof",
		Long:          about,
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          cobra.NoArgs,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			return a.setUp(cmd)
		},
	}
	f := root.PersistentFlags()
	f.StringVar(&a.configFile, "config", "", "YAML file with settings; flags win over it")
	f.StringVar(&a.Data, "data", "", "directory that holds everything (default ./data)")
	f.BoolVar(&a.JSON, "json", false, "print JSON")
	f.BoolVarP(&a.Verbose, "verbose", "v", false, "log what happens")
	f.BoolVar(&a.NoProgress, "no-progress", false, "no progress bar on a terminal either")
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usage("%v; see --help", err) })
	root.AddCommand(
		a.runCommand(), a.demoCommand(), a.crawlCommand(), a.readCommand(), a.scoreCommand(),
		a.listCommand(), a.explainCommand(), a.searchCommand(), a.postsCommand(), a.indexCommand(),
		a.editionCommand(), a.verifyCommand(), a.sourcesCommand(), a.serveCommand(),
		a.importCommand(), a.exportCommand(), a.purgeCommand(), a.screenshotCommand(), a.evaluateCommand(), a.tuneCommand(),
		a.auditCommand(), versionCommand(), a.manCommand(root),
	)
	for _, c := range root.Commands() {
		usageArgs(c)
	}
	return root
}

// usageArgs makes wrong arguments errors of the usage class, for a command and those below it.
func usageArgs(c *cobra.Command) {
	if check := c.Args; check != nil {
		c.Args = func(cmd *cobra.Command, args []string) error {
			if err := check(cmd, args); err != nil {
				return usage("%s: %v; see \"%s --help\"", cmd.CommandPath(), err, cmd.CommandPath())
			}
			return nil
		}
	}
	for _, sub := range c.Commands() {
		usageArgs(sub)
	}
}

// setUp reads the configuration file under the flags that were given.
func (a *app) setUp(cmd *cobra.Command) error {
	flags := a.config
	if err := loadConfig(a.configFile, &a.config); err != nil {
		return err
	}
	a.JSON, a.Verbose, a.NoProgress = flags.JSON, flags.Verbose, flags.NoProgress
	changed := cmd.Flags().Changed
	if changed("data") {
		a.Data = flags.Data
	}
	if changed("resolve") {
		a.Resolve = flags.Resolve
	}
	if changed("workers") {
		a.Workers = flags.Workers
	}
	if changed("operator") {
		a.Operator = flags.Operator
	}
	return a.finish()
}

func (a *app) log() *slog.Logger {
	level := slog.LevelWarn
	if a.Verbose {
		level = slog.LevelInfo
	}
	o := &slog.HandlerOptions{Level: level}
	if a.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(os.Stderr, o))
	}
	return slog.New(slog.NewTextHandler(os.Stderr, o))
}

func (a *app) options() pipeline.Options {
	o := pipeline.Options{
		Data: a.Data, Store: a.Store, Index: a.Index, Evidence: a.Evidence,
		Tool: "schemer/" + version(), Operator: a.Operator, TSA: a.TSA,
		Now: time.Now, Log: a.log(),
	}
	if a.Rules != "" {
		o.Rules = os.DirFS(a.Rules)
	}
	return o
}

// version is the module version, or the commit it was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	v := strings.Trim(info.Main.Version, "()")
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && v == "devel" {
			v = "devel-" + s.Value[:min(12, len(s.Value))]
		}
	}
	return v
}

// write runs f on the data directory, opened for writing.
func (a *app) write(ctx context.Context, f func(*pipeline.Pipeline) error) error {
	p, err := pipeline.Open(ctx, a.options())
	if err != nil {
		return err
	}
	return errors.Join(f(p), p.Close(context.WithoutCancel(ctx)))
}

// look runs f on the data directory, opened for reading beside whoever writes.
func (a *app) look(ctx context.Context, f func(*pipeline.Pipeline) error) error {
	p, err := pipeline.View(ctx, a.options())
	if err != nil {
		return err
	}
	return errors.Join(f(p), p.Close(context.WithoutCancel(ctx)))
}
