//go:build unix

package main

import (
	"os"

	"golang.org/x/sys/unix"
)

// echoOff has the terminal give line by line, and show nothing of what is typed;
// what it returns brings the former state back.
func echoOff(in *os.File) (restore func(), err error) {
	fd := int(in.Fd())
	former, err := unix.IoctlGetTermios(fd, getTermios)
	if err != nil {
		return nil, err
	}
	silent := *former
	silent.Lflag &^= unix.ECHO
	silent.Lflag |= unix.ICANON | unix.ISIG
	silent.Iflag |= unix.ICRNL
	if err := unix.IoctlSetTermios(fd, setTermios, &silent); err != nil {
		return nil, err
	}
	return func() { _ = unix.IoctlSetTermios(fd, setTermios, former) }, nil
}
