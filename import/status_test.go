package importer

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/schema"
)

// What waits is told with the run that asked first, also after other runs and
// after a taken answer.
func TestStatusTellsWhatRunsLeft(t *testing.T) {
	s := newScene(t)
	look := func() schema.Status {
		status, err := Status(s.cfg, schema.Period{Days: 2}, s.now)
		require.NoError(t, err)
		return status
	}
	none := look()
	assert.Nil(t, none.Run)
	assert.Nil(t, none.File)
	assert.Equal(t, 8, none.ExitCode)

	jane, max := s.person("Jane Doe"), s.person("Max Muster")
	s.staffed(jane, max)
	first := s.now
	dora := s.person("Dora New")
	s.run(s.file(jane, max, dora))
	asked := s.now
	require.Len(t, look().Waiting, 1)
	s.later(day)
	last := s.run(s.file(jane, dora))
	now := look()
	require.Len(t, now.Waiting, 1)
	assert.Equal(t, schema.StatusWaiting{Type: "enable", User: "Dora New", Since: asked.Truncate(time.Second)}, now.Waiting[0])
	assert.Equal(t, 1, now.Enabled)
	require.Len(t, now.Next, 1)
	assert.Equal(t, "Jane Doe", now.Next[0].User)
	assert.Equal(t, last.Report.Expiring.First.UTC(), now.Next[0].At)
	require.Len(t, now.Disabled, 1)
	assert.Equal(t, "Max Muster", now.Disabled[0].User)
	assert.Equal(t, "missing-in-file", now.Disabled[0].Code)
	assert.WithinDuration(t, s.now, now.Disabled[0].At, time.Second)
	assert.True(t, now.Run.Finished)
	assert.Zero(t, now.ExitCode, now.Why)
	assert.True(t, first.Before(now.Run.Started))
	s.later(2*day + time.Minute)
	assert.Equal(t, 8, look().ExitCode, "a task that never starts")
}
