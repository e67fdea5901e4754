package main

import (
	"os"

	"golang.org/x/term"
)

// isTerminal reports whether a person sits at a stream.
func isTerminal(stream any) bool {
	file, isFile := stream.(*os.File)
	return isFile && file != nil && term.IsTerminal(int(file.Fd()))
}

// terminal reports whether a person can be asked.
func (a *app) terminal() bool { return isTerminal(a.std.in) }

// wantsText reports whether a result is for a person to read: --format, or where
// that leaves it open, standard output.
func (a *app) wantsText(format string) bool {
	return format == "text" || format == "auto" && isTerminal(a.std.out)
}
