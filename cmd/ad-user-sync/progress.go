package main

import (
	"fmt"
	"os"
	"time"

	"golang.org/x/term"
)

// progress shows a running count on a terminal, and nothing elsewhere.
func (a *app) progress(what string) func(int) {
	file, isFile := a.std.err.(*os.File)
	if !isFile || !term.IsTerminal(int(file.Fd())) {
		return func(int) {}
	}
	last := time.Now()
	return func(n int) {
		if time.Since(last) > 200*time.Millisecond {
			last = time.Now()
			fmt.Fprintf(file, "\r%d %s\x1b[K\r", n, what)
		}
	}
}
