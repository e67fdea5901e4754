package importer

import (
	"maps"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
)

// unmapped takes a source group out of group_map for a while.
func (s *scene) unmapped(source string, meanwhile func()) {
	s.t.Helper()
	groups := s.cfg.GroupMap
	require.Contains(s.t, groups, source)
	s.cfg.GroupMap = maps.Clone(groups)
	delete(s.cfg.GroupMap, source)
	meanwhile()
	s.cfg.GroupMap = groups
}

func TestRejectedJoinOutlastsThatItsGroupIsNotMapped(t *testing.T) {
	s := newScene(t)
	jane, max := s.person("Jane Doe", in("CN=t-Admins")), s.person("Max Muster")
	s.staffed(s.person("Jane Doe"), max)
	d := s.desk(s.file(jane, max))
	s.decide(d, plan.Answer{ID: s.question(d, plan.Join, "Jane Doe").ID, Reason: "no"})
	s.unmapped("t-Admins", func() { s.run(s.file(jane, max)) })
	s.cfg.RestrictedGroups = nil
	assert.Len(t, s.run(s.file(jane, max)).Plan.Refusals, 1)
	assert.Empty(t, s.members("p-Admins"))
}

func TestAskedJoinOutlastsThatItsGroupIsNotMapped(t *testing.T) {
	s := newScene(t)
	jane, max := s.person("Jane Doe", in("CN=t-Viewers")), s.person("Max Muster")
	s.staffed(s.person("Jane Doe"), max)
	s.nest("p-Viewers", s.domainAdmins())
	require.Len(t, s.run(s.file(jane, max)).Plan.Questions, 1)
	s.unmapped("t-Viewers", func() { s.run(s.file(jane, max)) })
	s.unnest("p-Viewers", s.domainAdmins())
	assert.Len(t, s.run(s.file(jane, max)).Plan.Questions, 1)
	assert.Empty(t, s.members("p-Viewers"))
}

func TestNewNameOutlastsAFileWithoutItsPerson(t *testing.T) {
	s := newScene(t)
	other := s.ou.Child("CN", "Other")
	s.user(other, "jane", nil)
	max, anna, bert := s.person("Max Muster"), s.person("Anna A"), s.person("Bert B")
	s.staffed(max, anna, bert)
	d := s.desk(s.file(max, anna, bert, s.person("Jane Doe")))
	s.decide(d, plan.Answer{ID: s.question(d, plan.Name, "Jane Doe").ID, Accept: true, NewName: "jane2"})
	s.enable(d, "Jane Doe")
	for range 2 {
		s.run(s.file(max, anna, bert))
		assert.Len(t, s.keptAnswers(), 1)
	}
	s.mem.Delete(other)
	assert.Empty(t, s.run(s.file(max, anna, bert, s.person("Jane Doe"))).Report.Renamed)
	assert.Equal(t, "jane2", s.get(s.account("Jane Doe"), "sAMAccountName").Text("sAMAccountName"))
	s.run(s.file(max, anna, bert))
	s.later(plan.ForgetAfter + 1e9)
	s.run(s.file(max, anna, bert))
	assert.Empty(t, s.keptAnswers(), "not for ever")
}
