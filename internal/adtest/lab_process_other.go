//go:build !linux

package adtest

import (
	"errors"
	"time"
)

func launch(Domain) error { return errors.New("the lab runs on Linux only") }

func stop(Domain) error { return nil }

func answers(string) bool { return false }

func running(Domain) bool { return false }

// Halt is for Linux only.
func (Domain) Halt() error { return errors.New("the lab runs on Linux only") }

// Kill ends nothing.
func (Domain) Kill() error { return nil }

// CPU is not known.
func (Domain) CPU() time.Duration { return 0 }
