package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rs/zerolog"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// told is an event log that keeps what it is told.
type told struct {
	events []string
	closed int
}

func (l *told) Info(id uint32, text string) error    { return l.tell("information", id, text) }
func (l *told) Warning(id uint32, text string) error { return l.tell("warning", id, text) }
func (l *told) Error(id uint32, text string) error   { return l.tell("error", id, text) }
func (l *told) Close() error                         { l.closed++; return nil }
func (l *told) tell(level string, id uint32, text string) error {
	l.events = append(l.events, fmt.Sprintf("%s %d: %s", level, id, text))
	return nil
}

func withEventLog(t *testing.T) *told {
	t.Helper()
	log, before := &told{}, openEventLog
	openEventLog = func() (eventLog, error) { return log, nil }
	t.Cleanup(func() { openEventLog = before })
	return log
}

func TestEventsOnTheWay(t *testing.T) {
	log := &told{}
	e := &events{log: log, command: "import"}
	logger := zerolog.New(zerolog.MultiLevelWriter(e)).With().Timestamp().Logger()
	logger.Info().Str("user", "one of thousands").Msg("created")
	logger.Warn().Str("user", "50%1 \u202e").Int("n", 3).Msg("left out")
	logger.Error().Err(errors.New("no such object")).Msg("could not be disabled")
	logger.Warn().Int("exit", exitLimit).Str("run", "R1").Msg("stopped by a limit; nothing was written")
	assert.Equal(t, []string{
		"warning 1: left out\r\nuser: 50% 1 [U+202E]\r\nn: 3",
		"error 1: could not be disabled\r\nerror: no such object",
	}, log.events)
	require.NoError(t, e.end(exitLimit))
	assert.Equal(t, "error 104: ad-user-sync import ended with exit code 4.\r\nstopped by a limit; nothing was written\r\nexit: 4\r\nrun: R1", log.events[2])
	assert.Equal(t, 1, log.closed)
}

func TestEventsAreNotWithoutEnd(t *testing.T) {
	log := &told{}
	e := &events{log: log, command: "import"}
	logger := zerolog.New(zerolog.MultiLevelWriter(e))
	logger.Warn().Msg(strings.Repeat("ü", 40_000))
	assert.Less(t, len(log.events[0]), 31_000)
	for range 1000 {
		logger.Warn().Msg("left out")
	}
	require.NoError(t, e.end(exitDone))
	assert.Len(t, log.events, mostEvents+1)
	assert.Contains(t, log.events[mostEvents-1], "the log file has all of them")
	assert.Equal(t, "information 100: ad-user-sync import ended with exit code 0.", log.events[mostEvents])
}

func TestTheLevelOfTheLastEvent(t *testing.T) {
	for code, level := range map[int]string{exitDone: "information", exitFault: "error", exitUsage: "error", exitRefused: "warning", exitLimit: "error", exitPartial: "error", exitPending: "warning", exitOverdue: "warning", exitObserve: "warning"} {
		log := &told{}
		require.NoError(t, (&events{log: log}).end(code))
		assert.True(t, strings.HasPrefix(log.events[0], fmt.Sprintf("%s %d: ", level, 100+code)), log.events[0])
	}
}

// Each run ends with one event, also one whose configuration cannot be read.
func TestEveryScheduledRunEndsWithAnEvent(t *testing.T) {
	_, address := newListener(t)
	folder := t.TempDir()
	t.Chdir(folder)
	const configuration = `{"input_file": "users.json", "managed_user_path": "OU=Managed,DC=plant,DC=example", "expiration_time": null, "max_age": null, "log_windows": %v,
		"directory": {"servers": ["ldap://%s"], "security": "insecure-plaintext", "username": "PLANT\\svc-import", "password_file": "password"}}`
	writeAll(t, folder, map[string]string{
		"password": boundPassword, "users.json": oneUser, "quiet.json": fmt.Sprintf(configuration, false, address),
		"told.json": fmt.Sprintf(configuration, true, address), "broken.json": `{"input_fil": "users.json"}`,
	})
	input, err := os.Open(filepath.Join(folder, "users.json")) // no terminal
	require.NoError(t, err)
	t.Cleanup(func() { _ = input.Close() })
	for _, c := range []struct{ command, want string }{
		{"import --config told.json", "information 100: ad-user-sync import ended with exit code 0.\r\nthe import is over\r\n"},
		{"import --config told.json --input none.json", "warning 103: ad-user-sync import ended with exit code 3.\r\nthe run failed\r\n"},
		{"import --config told.json --fail-on-pending", "warning 106: ad-user-sync import ended with exit code 6.\r\nthe import is over\r\n"},
		{"import --config broken.json", "error 102: ad-user-sync import ended with exit code 2.\r\n"},
		{"export --config none.json", "error 102: ad-user-sync export ended with exit code 2.\r\nthere is no configuration none.json"},
		{"import --config quiet.json", ""},
		{"check import --config broken.json", ""},
	} {
		t.Run(c.command, func(t *testing.T) {
			log := withEventLog(t)
			var out bytes.Buffer
			run(t.Context(), strings.Fields(c.command), streams{in: input, out: &out, err: &out})
			if c.want == "" {
				assert.Empty(t, log.events)
				return
			}
			require.NotEmpty(t, log.events, out.String())
			last := log.events[len(log.events)-1]
			assert.True(t, strings.HasPrefix(last, c.want), "%q\n%s", last, out.String())
			assert.Equal(t, 1, log.closed)
			assert.NotContains(t, strings.Join(log.events, ""), boundPassword)
		})
	}
}
