package importer

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/schema"
)

// A status needs no reports to know of looks.
func TestStatusOfLooks(t *testing.T) {
	s := newScene(t)
	s.observing(5, 3, `, "expect_every": "P1D"`)
	r, err := s.onlyLook(s.file(s.person("Jane Doe")))
	require.NoError(t, err)
	status, err := Status(s.cfg, schema.Period{Days: 1}, s.now)
	require.NoError(t, err)
	assert.Zero(t, status.ExitCode, status.Why)
	require.NotNil(t, status.Observed)
	assert.Equal(t, r.Plan.Digest, status.Observed.Plan)
	assert.Equal(t, r.Report.Run, status.Run.ID)
	assert.Equal(t, "corp.example", status.File.Domain)
	status, err = Status(s.cfg, schema.Period{Days: 9}, s.now.AddDate(0, 0, 2))
	require.NoError(t, err)
	assert.Equal(t, 7, status.ExitCode, "the file that was looked at is overdue")
	s.later(time.Hour)
	s.observing(1, 3, "")
	status, err = Status(s.cfg, schema.Period{Days: 9}, s.now)
	require.NoError(t, err)
	assert.Equal(t, 9, status.ExitCode, "no run looks any more")
	s.with("")
	status, err = Status(s.cfg, schema.Period{Days: 9}, s.now)
	require.NoError(t, err)
	assert.Contains(t, status.Note, "has only looked so far")
}
