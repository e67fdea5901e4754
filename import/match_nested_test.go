package importer

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
)

// nested is a group in another one, that an account is in.
func (s *scene) nested(name string, in, member ad.DN) {
	s.t.Helper()
	s.add(s.group(name), "group", map[string]string{"sAMAccountName": s.name(name)})
	s.join(name, member)
	change := ad.Change{Kind: ad.AddValues, Attribute: "member", Values: ad.Values(s.group(name).String())}
	require.NoError(s.t, s.admin.Modify(s.t.Context(), in, []ad.Change{change}))
}

// An administrator by nesting keeps match from the unit, on a real controller, too, which
// says nothing of it in adminCount.
func TestMatchKeepsOutOfWhereNestedAdministratorsAre(t *testing.T) {
	stages(t, func(t *testing.T, s *scene) {
		m := s.matching(`"employeeID"`)
		cn := m.who(1)
		m.here(s.staff(), 1, nil)
		office := s.staff().Child("OU", "Office")
		s.add(office, "organizationalUnit", nil)
		s.user(office.Child("CN", "Boss"), "boss", nil)
		s.add(s.group("p-Operators"), "group", map[string]string{"sAMAccountName": s.name("p-Operators")})
		s.nested("p-Shift", s.group("p-Operators"), office.Child("CN", "Boss"))
		s.administers(s.group("p-Operators"))

		file := s.file(m.users...)
		r := s.run(file)
		assert.Empty(t, r.Report.Created)
		assert.Equal(t, []string{"adopt " + cn + " (perhaps the same person, and out of reach)"}, questions(r.Plan.Questions))
		assert.Contains(t, strings.Join(r.Report.Notices, "\n"), s.staff().String()+" holds accounts of administrators or services (CN=Boss,")
	})
}

// Who is in a guarded group by another one is decided alone, as who is in it directly. Its
// unit stays open: people of guarded groups are among the others.
func TestMatchAsksAloneAboutWhoIsInAGuardedGroupByAnother(t *testing.T) {
	stages(t, func(t *testing.T, s *scene) {
		m := s.matching(`"employeeID"`)
		sure, direct, nested, listed := m.who(1), m.who(2), m.who(3), m.who(4)
		m.here(s.staff(), 1, nil)
		s.join("p-Admins", m.here(s.staff(), 2, nil))
		s.nested("p-Shift", s.group("p-Admins"), m.here(s.staff(), 3, nil))
		s.add(s.group("p-Listed"), "group", map[string]string{"sAMAccountName": s.name("p-Listed")})
		s.join("p-Listed", m.here(s.staff(), 4, nil))
		s.cfg.RestrictedGroups = append(s.cfg.RestrictedGroups, "p-Listed") // and is not mapped

		asked := m.questions(t, s.desk(s.file(m.users...)))
		for cn, says := range map[string]string{sure: "", direct: "it is in the guarded group p-Admins", nested: "by its groups it is in p-Admins, which is guarded", listed: "by its groups it is in p-Listed, which is guarded"} {
			q := asked[cn]
			assert.Equal(t, says != "", q.Single, cn)
			assert.Empty(t, q.Barred, cn)
			if says == "" {
				assert.Equal(t, plan.MatchSure, q.Reason)
				continue
			}
			assert.Equal(t, plan.MatchLikely, q.Reason, cn)
			var evidence []string
			for _, f := range q.Decision {
				if f.Code == plan.FieldEvidence {
					evidence = f.After
				}
			}
			assert.Contains(t, evidence, says)
		}
	})
}
