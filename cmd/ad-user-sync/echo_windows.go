package main

import (
	"os"

	"golang.org/x/sys/windows"
)

// echoOff has the console give line by line, and show nothing of what is typed;
// what it returns brings the former state back.
func echoOff(in *os.File) (restore func(), err error) {
	console := windows.Handle(in.Fd())
	var former uint32
	if err := windows.GetConsoleMode(console, &former); err != nil {
		return nil, err
	}
	silent := former&^windows.ENABLE_ECHO_INPUT | windows.ENABLE_LINE_INPUT | windows.ENABLE_PROCESSED_INPUT
	if err := windows.SetConsoleMode(console, silent); err != nil {
		return nil, err
	}
	return func() { _ = windows.SetConsoleMode(console, former) }, nil
}
