package main

import (
	"errors"
	"fmt"

	"ad-user-sync/export"
	"ad-user-sync/hmacfile"
	importer "ad-user-sync/import"
	"ad-user-sync/internal/ad"
	"ad-user-sync/schema"
)

// Exit codes; the contract with schedulers.
const (
	exitDone    = 0
	exitFault   = 1 // could not do the job
	exitUsage   = 2 // usage or configuration invalid
	exitRefused = 3 // the user file was refused
	exitGuard   = 4 // a guard stopped the run; nothing was written
	exitPartial = 5 // the run finished, and some actions failed
	exitPending = 6 // pending actions remain, with --fail-on-pending
)

// usageError is a fault of the command line.
type usageError struct{ error }

// failed prints an error with a hint and gives its exit code.
func (a *app) failed(err error) int {
	fmt.Fprintln(a.std.err, "ad-user-sync: "+schema.Visible(err.Error()))
	if hint := ad.Hint(err); hint != "" {
		fmt.Fprintln(a.std.err, "hint: "+schema.Visible(hint))
	}
	return exitCode(err)
}

func exitCode(err error) int {
	var usage usageError
	var config *schema.ConfigError
	var refused *importer.Refusal
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &usage), errors.As(err, &config), errors.Is(err, importer.ErrConfiguration),
		errors.Is(err, export.ErrConfig), errors.Is(err, hmacfile.ErrKeyEmpty), errors.Is(err, hmacfile.ErrKeyNotHex):
		return exitUsage
	case errors.As(err, &refused):
		return exitRefused
	}
	return exitFault
}
