package importer

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// Two configurations share a resolutions file: neither drops what was answered about
// people of the other, whom it sees in another way.
func TestAnswersAreNotDroppedByAnotherConfigurationOfTheFile(t *testing.T) {
	s := newScene(t)
	jane := s.person("Jane Doe", in("CN=t-Admins"))
	rest := []schema.User{s.person("Max Muster"), s.person("Anna A"), s.person("Bert B")}
	s.staffed(append(rest, s.person("Jane Doe"))...)
	d := s.desk(s.file(append(rest, jane)...))
	s.decide(d, plan.Answer{ID: s.question(d, plan.Join, "Jane Doe").ID, Reason: "no"})
	first := s.cfg.ManagedUserPath
	second := s.ou.Child("OU", "Second")
	s.add(second, "organizationalUnit", nil)
	s.cfg.ManagedUserPath = second.String()
	off := s.person("Jane Doe") // there, too, and the file of that selection does not give the group
	off.Disabled = true
	file := s.file(off, s.person("Zoe Z"))
	r, err := s.start(file).Run(t.Context())
	require.NoError(t, err)
	require.NotNil(t, r.Report.Guard)
	for range 2 {
		r = s.run(file, func(o *Options) { o.Confirm = r.Report.Plan })
		require.Nil(t, r.Report.Guard)
		assert.Len(t, s.keptAnswers(), 1)
	}
	s.cfg.ManagedUserPath, s.cfg.RestrictedGroups = first, nil
	r = s.run(s.file(append(rest, jane)...))
	assert.Len(t, r.Plan.Refusals, 1)
	assert.Empty(t, s.members("p-Admins"))
	s.run(s.file(append(rest, s.person("Jane Doe"))...))
	assert.Empty(t, s.keptAnswers(), "its own container lets it go")
}
