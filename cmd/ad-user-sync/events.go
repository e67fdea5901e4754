package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/rs/zerolog"

	"ad-user-sync/schema"
)

// IDs of events: one for warnings and errors on the way, and one for each way a
// run may end, which is what others look for.
const (
	eventOnTheWay = 1
	eventEnded    = 100 // and the exit code
)

const (
	mostEvents = 100    // on the way, in one run
	mostText   = 30_000 // ReportEvent takes 31,839 characters
)

// eventLog is the event log of Windows.
type eventLog interface {
	Info(id uint32, text string) error
	Warning(id uint32, text string) error
	Error(id uint32, text string) error
	Close() error
}

// events writes to the event log what a person should see without asking for it:
// warnings and errors, and last how the run ended.
type events struct {
	log     eventLog
	command string
	last    string // the line that says how the run ended
	written int
}

// Write drops lines without a level.
func (e *events) Write(line []byte) (int, error) { return len(line), nil }

// WriteLevel keeps the line that ends the run, for that is told once.
func (e *events) WriteLevel(level zerolog.Level, line []byte) (int, error) {
	text, ends := eventText(line)
	text = fitting(text)
	if ends {
		e.last = text
		return len(line), nil
	}
	if level < zerolog.WarnLevel {
		return len(line), nil
	}
	e.written++
	switch {
	case e.written > mostEvents:
		return len(line), nil
	case e.written == mostEvents:
		text = "There are more warnings than are told here; the log file has all of them."
	}
	if level >= zerolog.ErrorLevel {
		return len(line), e.log.Error(eventOnTheWay, text)
	}
	return len(line), e.log.Warning(eventOnTheWay, text)
}

// end tells how the run ended.
func (e *events) end(code int) error {
	text := fitting(fmt.Sprintf("ad-user-sync %s ended with exit code %d.\r\n%s", e.command, code, e.last))
	tell := e.log.Error
	switch code {
	case exitDone:
		tell = e.log.Info
	case exitRefused, exitPending, exitOverdue, exitObserve:
		tell = e.log.Warning
	}
	return errors.Join(tell(uint32(eventEnded+code), text), e.log.Close())
}

// insertion is what the viewer would replace by another text.
var insertion = regexp.MustCompile(`%(\d)`)

// fitting is a text as the event log takes it.
func fitting(text string) string {
	text = strings.TrimSpace(insertion.ReplaceAllString(text, "% $1"))
	if len(text) > mostText {
		text = strings.ToValidUTF8(text[:mostText], "") + " ..."
	}
	return text
}

// eventText makes lines of a line of JSON, the message first. ends: it has the
// exit code of the run.
func eventText(line []byte) (text string, ends bool) {
	decoder := json.NewDecoder(bytes.NewReader(line))
	decoder.UseNumber()
	var message string
	var rest []string
	for key, err := decoder.Token(); err == nil; key, err = decoder.Token() {
		name, isKey := key.(string)
		if !isKey { // { and }
			continue
		}
		var value any
		if decoder.Decode(&value) != nil {
			break
		}
		switch shown := schema.Visible(fmt.Sprint(value)); name {
		case zerolog.TimestampFieldName, zerolog.LevelFieldName:
		case zerolog.MessageFieldName:
			message = shown
		default:
			ends = ends || name == "exit"
			rest = append(rest, name+": "+shown)
		}
	}
	return strings.Join(append([]string{message}, rest...), "\r\n"), ends
}

func (a *app) openEvents() (io.Writer, error) {
	log, err := openEventLog()
	if err != nil {
		return nil, err
	}
	a.events = &events{log: log, command: a.command}
	return a.events, nil
}

// tellEnd writes the last event of a run, and what it failed with. That is told also
// where a scheduled run could not read its configuration: no one else would see it.
func (a *app) tellEnd(failure error) {
	scheduled := (a.command == "export" || a.command == "import") && !a.terminal()
	if a.events == nil && a.code == exitUsage && scheduled {
		_, _ = a.openEvents() // elsewhere than on Windows there is none
	}
	if a.events == nil {
		return
	}
	if a.events.last == "" && failure != nil {
		for line := range strings.Lines(failure.Error()) {
			a.events.last += schema.Visible(strings.TrimRight(line, "\n")) + "\r\n"
		}
	}
	if err := a.events.end(a.code); err != nil {
		a.warn("the Windows event log cannot be written: " + err.Error())
	}
}
