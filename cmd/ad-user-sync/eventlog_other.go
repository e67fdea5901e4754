//go:build !windows

package main

import (
	"errors"
	"io"
)

func openEventLog() (io.Writer, error) {
	return nil, errors.New("this is not Windows")
}
