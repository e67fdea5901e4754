//go:build !unix

package main

import "io"

// goesNowhere: writing to what is closed fails.
func goesNowhere(io.Writer) bool { return false }
