package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/rs/zerolog"

	"ad-user-sync/export"
	"ad-user-sync/hmacfile"
	importer "ad-user-sync/import"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/setup"
	"ad-user-sync/schema"
	"ad-user-sync/schema/config"
)

// Exit codes; the contract with schedulers.
const (
	exitDone    = 0
	exitFault   = 1 // could not do the job, or was cut short
	exitUsage   = 2 // usage or configuration invalid
	exitRefused = 3 // the user file was refused
	exitLimit   = 4 // a limit stopped the run; nothing was written
	exitPartial = 5 // the run finished, and some actions failed
	exitPending = 6 // pending actions remain, with --fail-on-pending
	exitOverdue = 7 // the run finished, and a newer user file is overdue
	exitTooOld  = 8 // of status --check: no run is young enough, as import/status judges
	exitObserve = 9 // the import only looked so far, and a person has to start it
)

// usageError is a fault of the command line.
type usageError struct{ error }

// failed tells a person and the log of an error, and returns its exit code.
func (a *app) failed(err error) int {
	code, hint := exitCode(err), ad.Hint(err)
	for line := range strings.Lines("ad-user-sync: " + err.Error()) {
		fmt.Fprintln(a.std.err, schema.Visible(strings.TrimRight(line, "\n")))
	}
	if hint != "" {
		fmt.Fprintln(a.std.err, "hint: "+schema.Visible(hint))
	}
	level := zerolog.ErrorLevel
	if code == exitRefused || code == exitObserve {
		level = zerolog.WarnLevel
	}
	a.kept.WithLevel(level).Err(err).Str("hint", hint).Int("exit", code).Msg("the run failed")
	return code
}

func exitCode(err error) int {
	var usage usageError
	var answer setup.UsageError
	var config *config.Error
	var refused *importer.Refusal
	var waits *importer.NotStarted
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &usage), errors.As(err, &answer), errors.As(err, &config), errors.Is(err, importer.ErrConfiguration),
		errors.Is(err, export.ErrConfig), errors.Is(err, hmacfile.ErrKeyEmpty), errors.Is(err, hmacfile.ErrKeyNotHex):
		return exitUsage
	case errors.As(err, &refused):
		return exitRefused
	case errors.As(err, &waits):
		return exitObserve
	}
	return exitFault
}
