//go:build unix

package main

import (
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// goesNowhere tells of a standard output that was closed when the program began:
// the Go runtime opened the null device in its place, for reading and writing.
// Whoever redirects to the null device opens it for writing alone.
func goesNowhere(out io.Writer) bool {
	file, isFile := out.(*os.File)
	if !isFile {
		return false
	}
	here, err := file.Stat()
	if err != nil {
		return true
	}
	null, err := os.Stat(os.DevNull)
	if err != nil || !os.SameFile(here, null) {
		return false
	}
	mode, err := unix.FcntlInt(file.Fd(), unix.F_GETFL, 0)
	return err == nil && mode&unix.O_ACCMODE == unix.O_RDWR
}
