package main

import (
	"fmt"
	"time"
)

// progress shows a running count on a terminal, and nothing elsewhere.
func (a *app) progress(what string) func(int) {
	if !isTerminal(a.std.err) {
		return func(int) {}
	}
	last := time.Now()
	return func(n int) {
		if time.Since(last) > 200*time.Millisecond {
			last = time.Now()
			fmt.Fprintf(a.std.err, "\r%d %s\x1b[K\r", n, what)
		}
	}
}
