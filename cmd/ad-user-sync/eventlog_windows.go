package main

import (
	"io"

	"github.com/rs/zerolog"
	"golang.org/x/sys/windows/svc/eventlog"
)

// eventID is the only one: what matters is in the text.
const eventID = 1

// openEventLog writes to the Application log. Registering the source needs an
// administrator once; where that fails, Windows shows the text all the same.
func openEventLog() (io.Writer, error) {
	_ = eventlog.InstallAsEventCreate("ad-user-sync", eventlog.Info|eventlog.Warning|eventlog.Error)
	log, err := eventlog.Open("ad-user-sync")
	if err != nil {
		return nil, err
	}
	return events{log}, nil
}

type events struct{ log *eventlog.Log }

// Write is for lines without a level.
func (e events) Write(line []byte) (int, error) {
	return len(line), e.log.Info(eventID, string(line))
}

// WriteLevel maps zerolog's levels to the three of the event log.
func (e events) WriteLevel(level zerolog.Level, line []byte) (int, error) {
	switch {
	case level >= zerolog.ErrorLevel:
		return len(line), e.log.Error(eventID, string(line))
	case level == zerolog.WarnLevel:
		return len(line), e.log.Warning(eventID, string(line))
	}
	return e.Write(line)
}
