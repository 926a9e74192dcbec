// Command schemer crawls public forums and reseller sites, keeps court-grade evidence, works out who says what in
// whose name, and proposes the list of resellers that hint at, or openly admit, serving criminals.
//
// Configuration and wiring live in this package and nowhere else.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"schemer"
)

func main() {
	os.Exit(run(os.Args[1:]))
}

func run(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	root := newRoot()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if ctx.Err() != nil && (err == nil || errors.Is(err, context.Canceled)) {
		fmt.Fprintln(os.Stderr, "schemer: interrupted; what was acknowledged is kept, run the same command to go on")
		return exitInterrupted
	}
	if err != nil {
		report(err)
	}
	return exitCode(err)
}

// Exit codes, as in "schemer --help".
const (
	exitDone        = 0
	exitError       = 1
	exitUsage       = 2
	exitPartial     = 3
	exitIntegrity   = 4
	exitLocked      = 5
	exitPolicy      = 6
	exitNoMatch     = 10
	exitInterrupted = 130
)

// exitCode maps the sentinels of package schemer to exit codes, in this one place.
func exitCode(err error) int {
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, schemer.ErrUsage):
		return exitUsage
	case errors.Is(err, schemer.ErrIntegrity):
		return exitIntegrity
	case errors.Is(err, schemer.ErrLocked):
		return exitLocked
	case errors.Is(err, schemer.ErrPolicy):
		return exitPolicy
	case errors.Is(err, schemer.ErrPartial):
		return exitPartial
	case errors.Is(err, schemer.ErrNotFound):
		return exitNoMatch
	}
	return exitError
}

// report prints one line per error on standard error; crawled bytes inside it cannot steer the terminal.
func report(err error) {
	for line := range strings.SplitSeq(strings.TrimRight(err.Error(), "\n"), "\n") {
		fmt.Fprintln(os.Stderr, "schemer: "+printable(line))
	}
}

// usage returns an error of the usage class.
func usage(format string, args ...any) error {
	return fmt.Errorf("%w: %s", schemer.ErrUsage, fmt.Sprintf(format, args...))
}
