package importer

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
)

// asksAlone shows that match asks about someone alone, and says why.
func asksAlone(t *testing.T, q plan.Question, says string) {
	t.Helper()
	assert.Equal(t, plan.MatchLikely, q.Reason)
	assert.True(t, q.Single)
	assert.Contains(t, fmt.Sprint(q.Decision), says)
}

// A guarded group that is not where it was guards who is in it, inside the container and outside.
func TestMatchAsksAloneAboutWhoIsInAGuardedGroupThatWasRenamed(t *testing.T) {
	s := newScene(t)
	m := s.matching(`"employeeID"`)
	jane := s.person("Jane Doe")
	s.run(s.file(jane))
	inside, outside := m.who(1), m.who(2)
	s.join("p-Admins", m.here(s.managed(), 1, nil))
	s.join("p-Admins", m.here(s.staff(), 2, nil))
	require.NoError(t, s.admin.Rename(t.Context(), s.group("p-Admins"), s.group("p-Renamed")))
	asked := m.questions(t, s.desk(s.file(append(m.users, jane)...)))
	asksAlone(t, asked[inside], "it is in the guarded group p-Admins")
	asksAlone(t, asked[outside], "by its groups it is in p-Renamed, which is guarded")
}

// primary makes a group the primary one of an account, which is a member of it no longer.
func (s *scene) primary(group string, dn ad.DN) {
	s.t.Helper()
	s.join(group, dn)
	s.set(dn, "primaryGroupID", fmt.Sprint(s.get(s.group(group), "objectSid").SID().RID()))
	require.Empty(s.t, s.members(group))
}

// A primary group has its members by their primaryGroupID, and no memberOf names it.
func TestMatchAsksAloneAboutWhoHasAGuardedPrimaryGroup(t *testing.T) {
	for what, primary := range map[string]func(*scene) string{
		"listed": func(*scene) string { return "p-Listed" },
		"nested": func(s *scene) string {
			s.add(s.group("p-Shift"), "group", map[string]string{"sAMAccountName": s.name("p-Shift")})
			s.nest("p-Shift", s.group("p-Listed"))
			return "p-Shift"
		},
	} {
		t.Run(what, func(t *testing.T) {
			s := newScene(t)
			m := s.matching(`"employeeID"`)
			s.add(s.group("p-Listed"), "group", map[string]string{"sAMAccountName": s.name("p-Listed")})
			s.cfg.RestrictedGroups = append(s.cfg.RestrictedGroups, "p-Listed") // and is not mapped
			group := primary(s)
			inside, outside, other := m.who(1), m.who(2), m.who(3)
			s.primary(group, m.here(s.managed(), 1, nil))
			s.primary(group, m.here(s.staff(), 2, nil))
			m.here(s.staff(), 3, nil)
			asked := m.questions(t, s.desk(s.file(m.users...)))
			asksAlone(t, asked[inside], "by its groups it is in p-Listed, which is guarded")
			asksAlone(t, asked[outside], "by its groups it is in p-Listed, which is guarded")
			assert.Equal(t, plan.MatchSure, asked[other].Reason)
		})
	}
}

// Whose primary group is nested in an administrative one administers the domain.
func TestMatchTakesNoAdministratorByThePrimaryGroup(t *testing.T) {
	s := newScene(t)
	m := s.matching(`"employeeID"`)
	cn := m.who(1)
	for _, name := range []string{"p-Operators", "p-Shift"} {
		s.add(s.group(name), "group", map[string]string{"sAMAccountName": s.name(name)})
	}
	s.nest("p-Shift", s.group("p-Operators"))
	s.administers(s.group("p-Operators"))
	s.primary("p-Shift", m.here(s.managed(), 1, nil))
	q := m.questions(t, s.desk(s.file(m.users...)))[cn]
	assert.Contains(t, q.Barred, "it administers the domain, as a member of ")
}

// A primary group that cannot be read may be any.
func TestMatchAsksAloneAboutWhosePrimaryGroupCanNotBeRead(t *testing.T) {
	s := newScene(t)
	m := s.matching(`"employeeID"`)
	cn := m.who(1)
	hidden := s.group("p-Hidden")
	s.add(hidden, "group", map[string]string{"sAMAccountName": s.name("p-Hidden")})
	s.primary("p-Hidden", m.here(s.managed(), 1, nil))
	s.hidden(func(_ ad.Search, dn ad.DN) bool { return dn.Equal(hidden) })
	asksAlone(t, m.questions(t, s.desk(s.file(m.users...)))[cn], fmt.Sprintf("by its groups it is in %s, which is guarded", s.get(hidden, "objectSid").SID()))
}

// restricted_groups guards where no group is mapped, too.
func TestRestrictedGroupsGuardWithoutAGroupMap(t *testing.T) {
	s := newScene(t)
	m := s.matching(`"employeeID"`)
	cn := m.who(1)
	s.join("p-Admins", m.here(s.staff(), 1, nil))
	s.cfg.GroupMap = nil
	asksAlone(t, m.questions(t, s.desk(s.file(m.users...)))[cn], "by its groups it is in p-Admins, which is guarded")

	s.cfg.RestrictedGroups = []string{"p-Admnis"}
	_, err := s.start(s.file(m.users...)).Run(t.Context())
	require.ErrorContains(t, err, "restricted_groups")
}
