package main

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

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
