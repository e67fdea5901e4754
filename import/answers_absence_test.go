package importer

import (
	"maps"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
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

// absences are the ways in which a user file can be without someone it had active.
func absences(s *scene, jane schema.User, others ...schema.User) map[string]func() {
	off, bare := jane, jane
	off.Disabled, bare.Disabled, bare.MemberOf = true, true, nil
	run := func(users ...schema.User) func() { return func() { s.run(s.file(users...)) } }
	return map[string]func(){
		"missing":                           run(others...),
		"disabled":                          run(append(others, off)...),
		"disabled, without the group":       run(append(others, bare)...),
		"missing in a file without anchors": func() { s.letThrough(others...) },
		"missing, then disabled without the group": func() {
			s.run(s.file(others...))
			s.run(s.file(append(others, bare)...))
		},
	}
}

func TestRejectedJoinOutlastsThatItsPersonIsAway(t *testing.T) {
	for name := range absences(newScene(t), schema.User{}) {
		t.Run(name, func(t *testing.T) {
			s := newScene(t)
			jane, max, anna := s.person("Jane Doe", in("CN=t-Admins")), s.person("Max Muster"), s.person("Anna A")
			s.staffed(s.person("Jane Doe"), max, anna)
			d := s.desk(s.file(jane, max, anna))
			s.decide(d, plan.Answer{ID: s.question(d, plan.Join, "Jane Doe").ID, Reason: "no"})
			absences(s, jane, max, anna)[name]()
			s.cfg.RestrictedGroups = nil
			assert.Len(t, s.run(s.file(jane, max, anna)).Plan.Refusals, 1)
			assert.Empty(t, s.members("p-Admins"))
		})
	}
}

func TestAskedJoinOutlastsThatItsPersonIsAway(t *testing.T) {
	for name := range absences(newScene(t), schema.User{}) {
		t.Run(name, func(t *testing.T) {
			s := newScene(t)
			jane, max, anna := s.person("Jane Doe", in("CN=t-Viewers")), s.person("Max Muster"), s.person("Anna A")
			s.staffed(s.person("Jane Doe"), max, anna)
			s.nest("p-Viewers", s.domainAdmins())
			require.Len(t, s.run(s.file(jane, max, anna)).Plan.Questions, 1)
			absences(s, jane, max, anna)[name]()
			s.unnest("p-Viewers", s.domainAdmins())
			r := s.run(s.file(jane, max, anna))
			require.NotEmpty(t, r.Plan.Questions)
			assert.Empty(t, s.members("p-Viewers"))
		})
	}
}

// However long that is, and it is dropped when the person is back without the group.
func TestRejectedJoinLapsesOnlyBySomethingTheFileSays(t *testing.T) {
	s := newScene(t)
	jane, max := s.person("Jane Doe", in("CN=t-Admins")), s.person("Max Muster")
	s.staffed(s.person("Jane Doe"), max)
	d := s.desk(s.file(jane, max))
	s.decide(d, plan.Answer{ID: s.question(d, plan.Join, "Jane Doe").ID, Reason: "no"})
	s.run(s.file(max))
	s.later(2 * plan.ForgetAfter)
	r := s.run(s.file(max))
	assert.Len(t, s.keptAnswers(), 1)
	assert.NotContains(t, strings.Join(r.Report.Notices, "\n"), "no longer kept")
	r = s.run(s.file(s.person("Jane Doe"), max))
	assert.Empty(t, s.keptAnswers())
	assert.Contains(t, strings.Join(r.Report.Notices, "\n"), "join p-Admins of Jane Doe, rejected by op as PLANT\\op on 2026-11-22, since the user file does not grant the group")
}
