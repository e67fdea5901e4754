package importer

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/schema"
	"ad-user-sync/schema/userfile"
)

const day = 24 * time.Hour

// Days before any lease ends, a run says that the courier is silent.
func TestAnOverdueFileIsToldLongBeforeLeasesEnd(t *testing.T) {
	s := newScene(t)
	s.with(`"expect_every": "P2D"`)
	file := s.staffed(s.person("Jane Doe"))
	report := func(change ...func(*Options)) schema.Report {
		r, err := s.start(file, change...).Run(t.Context())
		require.NoError(t, err)
		return r.Report
	}
	written := file.File.Timestamp
	assert.Nil(t, report().Overdue)
	s.later(3*day - 2*time.Hour)
	assert.Nil(t, report().Overdue, "half as long again is left to the courier")
	s.later(2 * time.Hour)
	r := report()
	require.NotNil(t, r.Overdue)
	assert.Equal(t, written.Add(3*day), *r.Overdue)
	require.NotNil(t, r.Expiring)
	assert.Greater(t, r.Expiring.First.Sub(*r.Overdue), 25*day)
	assert.Contains(t, strings.Join(r.Notices, "\n"), "a newer user file is overdue since")
	assert.Contains(t, strings.Join(r.Notices, "\n"), "accounts expire from "+r.Expiring.First.UTC().Format("2006-01-02"))
	assert.NotNil(t, report(func(o *Options) { o.DryRun = true }).Overdue)

	old := s.fileOf(userfile.Head{Timestamp: written.Add(-time.Hour), Source: corp}, s.person("Jane Doe"))
	im := s.start(old)
	_, err := im.Run(t.Context())
	require.Error(t, err)
	assert.NotNil(t, im.Unwritten(err).Overdue, "an older one that is refused does not end it")

	fresh := s.file(s.person("Jane Doe"))
	assert.Nil(t, report(func(o *Options) { o.Input = fresh }).Overdue)
}

func TestNothingIsOverdueWhereNothingIsExpected(t *testing.T) {
	s := newScene(t)
	file := s.staffed(s.person("Jane Doe"))
	s.later(20 * day)
	r, err := s.start(file).Run(t.Context())
	require.NoError(t, err)
	assert.Nil(t, r.Report.Overdue)
	every := schema.Period{Days: 1}
	_, ok := OverdueSince(&schema.ImportConfig{ExpectEvery: &every}, time.Time{})
	assert.False(t, ok, "a file of the older tool says no time")
}
