//go:build !windows

package main

import "errors"

var openEventLog = func() (eventLog, error) {
	return nil, errors.New("this is not Windows")
}
