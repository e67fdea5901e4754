package importer

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/ad"
	"ad-user-sync/schema/text"
)

// What the user file wants and cannot be had is listed, new or since when, and is
// no failure: no one here has to act.
func TestLeftOutIsNoFailure(t *testing.T) {
	s := newScene(t)
	long := has("initials", "much too long")
	jane, max := s.person("Jane Doe", has("mail", "jane@plant.example"), long), s.person("Max Muster", has("mail", "max@corp.example"))
	s.with(`"attributes": {"mail": {}, "initials": {}}`)
	r := s.run(s.file(jane, max))
	require.Len(t, r.Report.LeftOut, 2)
	first := r.Report.LeftOut[0]
	assert.True(t, first.New)
	assert.Equal(t, s.now, first.Since)

	s.later(24 * time.Hour)
	anna := s.person("Anna A", has("mail", "max@corp.example"))
	r = s.run(s.file(jane, max, anna))
	require.Len(t, r.Report.LeftOut, 3)
	for _, o := range r.Report.LeftOut {
		assert.Equal(t, o.User == "Anna A", o.New, "%v", o)
		if !o.New {
			assert.Equal(t, first.Since, o.Since)
		}
	}
	var out strings.Builder
	require.NoError(t, text.Report(&out, r.Report))
	assert.Contains(t, out.String(), "Left out of the user file (3)\n  new: Anna A: mail: the address is that of")

	s.later(time.Hour)
	dry := s.run(s.file(jane, max, anna), func(o *Options) { o.DryRun = true })
	assert.Len(t, dry.Report.LeftOut, 3)
	s.run(s.file(s.person("Jane Doe"), max, anna))
	r = s.run(s.file(jane, max, anna))
	for _, o := range r.Report.LeftOut {
		assert.Equal(t, o.User == "Jane Doe", o.New, "it was as it should be meanwhile: %v", o)
	}
}

// So is a value that only the directory knows it cannot take.
func TestValueThatTheDirectoryDoesNotTake(t *testing.T) {
	s := newScene(t)
	jane := s.person("Jane Doe")
	s.staffed(jane)
	s.mem.Fail(func(op memOperation) error {
		for _, c := range op.Changes {
			if c.Attribute == "displayName" && !op.Done {
				return ad.ErrBadValue
			}
		}
		return nil
	})
	jane = s.person("Jane Doe", has("displayName", "Other"))
	r := s.run(s.file(jane))
	assert.Empty(t, r.Report.Updated)
	require.Len(t, r.Report.LeftOut, 1)
	assert.Contains(t, r.Report.LeftOut[0].Reason, "displayName: ")
	jane = s.person("Jane Doe", has("displayName", "Other"), has("title", "Head"))
	r = s.run(s.file(jane))
	assert.Equal(t, []string{"Jane Doe"}, r.Report.Updated)
	require.Len(t, r.Report.LeftOut, 1)
}
