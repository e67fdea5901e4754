package main

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	importer "ad-user-sync/import"
	"ad-user-sync/schema"
)

func TestExitCodes(t *testing.T) {
	t.Run("rule 26 of errors the gravest counts", func(t *testing.T) {
		usage, refused, fault := usageError{errors.New("x")}, &importer.Refusal{Reason: "x"}, errors.New("x")
		for want, err := range map[int]error{
			exitDone:    nil,
			exitUsage:   errors.Join(fault, refused, usage),
			exitRefused: fmt.Errorf("read: %w", errors.Join(fault, refused)),
			exitFault:   fault,
		} {
			assert.Equal(t, want, exitCode(err))
		}
		assert.Equal(t, exitUsage, exitCode(fmt.Errorf("read: %w", importer.ErrConfiguration)))
	})
	t.Run("rule 26 of a finished run whose file is overdue", func(t *testing.T) {
		since := time.Now()
		late := schema.Report{Overdue: &since, RequiredInteractions: []schema.Interaction{{Type: "enable"}}}
		assert.Equal(t, exitOverdue, reportCode(late, true))
		late.Failed = []schema.Outcome{{User: "Jane"}}
		assert.Equal(t, exitPartial, reportCode(late, true))
	})
	t.Run("rule 26 of a run that a limit stopped, then failures, then questions", func(t *testing.T) {
		stopped, failed, open := &schema.Guard{Name: "disable"}, []schema.Outcome{{User: "Jane"}}, []schema.Interaction{{Type: "enable"}}
		assert.Equal(t, exitLimit, reportCode(schema.Report{Guard: stopped, Failed: failed, RequiredInteractions: open}, true))
		assert.Equal(t, exitPartial, reportCode(schema.Report{Failed: failed, RequiredInteractions: open}, true))
		assert.Equal(t, exitPending, reportCode(schema.Report{RequiredInteractions: open}, true))
		assert.Equal(t, exitDone, reportCode(schema.Report{RequiredInteractions: open}, false), "open questions are no failure")
	})
}

// Whoever watches a scheduler reads the tables of the documents.
func TestEveryExitCodeAndEventIsInTheDocuments(t *testing.T) {
	source, err := os.ReadFile("exit.go")
	require.NoError(t, err)
	texts := documentTexts(t)
	rows := map[string]bool{}
	for _, row := range regexp.MustCompile(`(?m)^\| (\d) \| `).FindAllStringSubmatch(texts["../../README.md"], -1) {
		rows[row[1]] = true
	}
	codes := regexp.MustCompile(`(?m)^\texit[A-Z]\w+ += (\d)`).FindAllStringSubmatch(string(source), -1)
	assert.Len(t, rows, len(codes), "README.md: exit codes")
	for _, code := range codes {
		assert.True(t, rows[code[1]], "README.md does not explain exit code %s", code[1])
	}

	levels := map[string]string{}
	for _, row := range regexp.MustCompile(`(?m)^\| (\d+) \| ([a-z, ]+) \| [a-z]`).FindAllStringSubmatch(texts["../../docs/windows.md"], -1) {
		levels[row[1]] = row[2]
	}
	want := map[string]string{strconv.Itoa(eventOnTheWay): "warning, error"}
	for _, code := range []int{exitDone, exitFault, exitUsage, exitRefused, exitLimit, exitPartial, exitPending, exitOverdue, exitObserve} { // of a run
		log := &told{}
		require.NoError(t, (&events{log: log}).end(code))
		level, _, _ := strings.Cut(log.events[0], " ")
		want[strconv.Itoa(eventEnded+code)] = level
	}
	assert.Equal(t, want, levels, "docs/windows.md: events")
}
