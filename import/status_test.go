package importer

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/ledger"
	"ad-user-sync/import/plan"
	"ad-user-sync/import/status"
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

// An account whose lease is over is enabled, and no one can log on with it. One that
// ended since the last run may be its person's end, which the next run looks at.
func TestStatusTellsWhoHasEnded(t *testing.T) {
	s := newScene(t)
	jane := s.person("Jane Doe")
	s.staffed(jane)
	file := s.file(jane)
	s.run(file)
	look := func() schema.Status {
		status, err := Status(s.cfg, schema.Period{Days: 60}, s.now)
		require.NoError(t, err)
		return status
	}
	assert.Empty(t, look().Ended)
	end := look().Next[0].At
	s.later(end.Sub(s.now) + time.Minute)
	ended := look()
	assert.Empty(t, ended.Next)
	require.Len(t, ended.Ended, 1)
	assert.Equal(t, "Jane Doe", ended.Ended[0].User)
	assert.Equal(t, end, ended.Ended[0].At)
	assert.Zero(t, ended.ExitCode, ended.Why)
	ended.Run.Started = end.Add(time.Second)
	code, why := status.Judge(ended, schema.Period{Days: 60}, true)
	assert.Equal(t, 7, code)
	assert.Contains(t, why, "1 enabled account had ended before the last run")
}

// Whose end in the source is over and who is not disabled yet, or stays by a rejection,
// is no alarm while files come.
func TestStatusOfALeaverWhoIsNotDisabled(t *testing.T) {
	s := newScene(t)
	s.with(`"approve": {"disable": true}, "expiration_time": "P14D"`)
	jane, max := s.person("Jane Doe"), s.person("Max Muster")
	s.staffed(jane, max)
	s.later(5 * day)
	end := s.now.Add(2 * day)
	jane.AccountExpires = &end
	s.run(s.file(jane, max))
	s.later(3 * day)
	d := s.desk(s.file(jane, max))
	well := func() {
		t.Helper()
		now, err := Status(s.cfg, schema.Period{Days: 2}, s.now.Add(time.Minute))
		require.NoError(t, err)
		require.Len(t, now.Ended, 1)
		assert.Zero(t, now.ExitCode, now.Why)
	}
	well()
	q := s.look(d).Questions[0]
	require.Equal(t, plan.Disable, q.Kind)
	require.Equal(t, plan.Kept, s.decide(d, plan.Answer{ID: q.ID, Reason: "hands over"})[0].Outcome)
	s.later(day)
	s.run(s.file(jane, max))
	well()

	now, err := Status(s.cfg, schema.Period{Days: 2}, s.now)
	require.NoError(t, err)
	code, why := status.Judge(now, schema.Period{Days: 2}, true)
	assert.Zero(t, code, "whose disabling was rejected is none without files either: %s", why)
	now.Ended[0].Code = ""
	now.Waiting = []schema.StatusWaiting{{Type: "disable", User: "Jane Doe"}}
	code, why = status.Judge(now, schema.Period{Days: 2}, true)
	assert.Zero(t, code, "whose disabling waits is none without files either: %s", why)
}

// A run of the future, by a clock that was wrong, would be young for as long.
func TestARunOfTheFutureIsNotYoung(t *testing.T) {
	now := schema.Status{At: time.Date(2026, 11, 28, 8, 0, 0, 0, time.UTC)}
	done := 0
	now.Run = &schema.StatusRun{Started: now.At.Add(30 * time.Minute), Finished: true, ExitCode: &done}
	code, why := status.Judge(now, schema.Period{Days: 1}, false)
	assert.Zero(t, code, "clocks differ a little: %s", why)
	now.Run.Started = now.At.AddDate(3, 0, 0)
	code, why = status.Judge(now, schema.Period{Days: 1}, false)
	assert.Equal(t, 8, code)
	assert.Contains(t, why, "which is in the future")
}

// A monitor hears of it where it is not known how the last run ended.
func TestStatusOfAReportThatCannotBeRead(t *testing.T) {
	s := newScene(t)
	s.cfg.ReportDir = t.TempDir()
	jane := s.person("Jane Doe")
	s.staffed(jane)
	s.run(s.file(jane))
	require.NoError(t, os.WriteFile(filepath.Join(s.cfg.ReportDir, "report-29991231T000000Z-ZZZZZZZZ.json"), []byte(`{"created": [`), 0o600))
	status, err := Status(s.cfg, schema.Period{Days: 2}, s.now)
	require.NoError(t, err)
	assert.Equal(t, 1, status.ExitCode)
	assert.Contains(t, status.Why, "the last report cannot be read")
}

// Of a container that was deleted and made anew the present one counts.
func TestStatusOfAContainerMadeAnew(t *testing.T) {
	s := newScene(t)
	jane := s.person("Jane Doe")
	s.staffed(jane)
	s.run(s.file(jane))
	path := ledger.Path(s.cfg.ResolutionsFile)
	known, err := ledger.Load(path)
	require.NoError(t, err)
	for guid, present := range known.Containers {
		for i := range 20 {
			former := present
			former.Run.Started, former.File.Newest, guid[0] = present.Run.Started.AddDate(0, 0, -i-1), time.Time{}, guid[0]+1
			known.Containers[guid] = former
		}
		break
	}
	for range 10 { // maps have no order
		of := status.Of(s.cfg, known, status.Kept{}, nil, func(time.Time) *time.Time { return nil }, s.now)
		require.False(t, of.File.Written.IsZero())
	}
}
