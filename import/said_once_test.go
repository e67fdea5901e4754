package importer

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// What is said once is said by the session that learned it: no run after it says it again.
func TestASessionSaysWhatIsSaidOnce(t *testing.T) {
	s := newScene(t)
	b := s.second("Managed", "works.json")
	jane, max := s.person("Jane Doe", employed("Jane", "Doe", "4711")), s.person("Max Muster")
	s.staffed(jane, max)
	late := s.person("Nora New")
	file := s.file(max, late)
	s.run(file)
	d := s.desk(file)

	over := s.again(jane, "Jane Doe", "janed")
	theirs := b.from(worksSource, append([]schema.User{over}, b.person("Wim W"))...)
	b.run(theirs)
	bd := b.desk(theirs)
	res := b.decide(bd, plan.Answer{ID: b.question(bd, plan.Adopt, "Jane Doe").ID, Accept: true, Keeps: &plan.Keeps{}})
	require.Equal(t, plan.Done, res[0].Outcome, res[0].Problem)

	s.enable(d, "Nora New")
	said := func(r schema.Report) int {
		return strings.Count(strings.Join(r.Notices, "\n"), "another import took the accounts over")
	}
	assert.Equal(t, 1, said(d.Report()), "%q", d.Report().Notices)
	assert.Zero(t, said(s.run(s.file(max, late)).Report))
}
