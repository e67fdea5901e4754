// Command ad-user-sync carries users from one Active Directory domain to
// another by means of a file.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"slices"
	"syscall"
	_ "time/tzdata" // Windows has no time zones by their names

	"github.com/alecthomas/kong"
	"github.com/rs/zerolog"
)

func main() {
	ctx, stop := untilSignalled()
	code := run(ctx, os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr})
	stop()
	os.Exit(code)
}

// untilSignalled ends the context at the first signal; a second one ends the
// program where it is.
func untilSignalled() (ctx context.Context, stop func()) {
	ctx, stop = signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}

// streams are what the program reads from and writes to.
type streams struct {
	in       *os.File
	out, err io.Writer
}

// run parses the arguments, runs the command and returns the exit code.
func run(ctx context.Context, args []string, std streams) int {
	app := &app{ctx: ctx, std: std, kept: zerolog.Nop(), closeLog: func() error { return nil }}
	var commands cli
	exited := -1
	parser, err := kong.New(&commands,
		kong.Name("ad-user-sync"),
		kong.Description("Carries users from one Active Directory domain to another by means of a file."),
		kong.Writers(std.out, std.err),
		kong.Exit(func(code int) { exited = code }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Vars{"version": tool()},
		kong.Bind(app))
	if err != nil {
		return app.failed(err)
	}
	switch {
	case len(args) == 0:
		args = []string{"--help"}
	case args[0] == "help":
		args = append(slices.Clone(args[1:]), "--help")
	}
	parsed, err := parser.Parse(args)
	switch {
	case exited >= 0:
		return exited
	case err != nil:
		return app.failed(usageError{err})
	}
	app.command, app.quiet, app.verbose = parsed.Command(), commands.Quiet, commands.Verbose
	failure := parsed.Run(app)
	if failure != nil {
		app.code = app.failed(failure)
	}
	if err := app.closeLog(); err != nil {
		if code := app.failed(err); app.code != exitUsage && app.code != exitRefused {
			app.code = code
		}
	}
	app.tellEnd(failure)
	return app.code
}
