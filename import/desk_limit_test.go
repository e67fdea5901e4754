package importer

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
)

// An answer may lead to a plan that exceeds a limit: who ends the session then has
// left something undone, as the next import says, too.
func TestLimitThatAnAnswerExceedsIsReported(t *testing.T) {
	s := newScene(t)
	s.with(`"approve": {"disable": true}, "limits": {"disable": {"max": 0}}`)
	jane, max := s.person("Jane Doe"), s.person("Max Muster")
	s.staffed(jane, max)
	file := s.file(max)
	d := s.desk(file)
	s.question(d, plan.Disable, "Jane Doe")
	assert.Nil(t, d.Report().Guard)
	s.with(`"limits": {"disable": {"max": 0}}`) // no longer asked, so that it counts
	d.im.Config = s.cfg
	view := s.look(d)
	if assert.NotEmpty(t, view.Trips) && assert.NotNil(t, d.Report().Guard) {
		assert.Equal(t, "disable", d.Report().Guard.Name)
	}
}
