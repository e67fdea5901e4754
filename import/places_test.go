package importer

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/matchtable"
	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
)

// Whoever decides about an account that is moved in is told which group policies and
// delegations it loses by that, and gains.
func TestWhoIsMovedInLosesAndGains(t *testing.T) {
	stages(t, func(t *testing.T, s *scene) {
		m := s.matching(`"employeeID"`)
		floor := s.staff().Child("OU", "Floor")
		s.add(floor, "organizationalUnit", nil)
		moved, inside := m.who(1), m.who(2)
		m.here(floor, 1, nil)
		m.here(s.managed(), 2, nil)
		everywhere, office, screens, old, plant := s.policy("Everywhere"), s.policy("Office"), s.policy("Screens"), s.policy("Old"), s.policy("Plant")
		s.link(s.ou, everywhere+";0", old+";1")
		s.link(s.staff(), office+";0")
		s.link(floor, screens+";2")
		s.link(s.managed(), plant+";0")
		s.user(s.ou.Child("CN", "Helper"), "helper", nil)
		s.grantWrite(floor, 2, s.get(s.ou.Child("CN", "Helper"), "objectSid").SID(), "telephoneNumber") // and below

		fields := func() map[plan.FieldCode][]string {
			d := s.desk(s.file(m.users...))
			found := map[plan.FieldCode][]string{}
			for cn, q := range m.questions(t, d) {
				for _, f := range q.Context {
					if f.Code != plan.FieldPolicies && f.Code != plan.FieldDelegations && f.Code != plan.FieldPlaceUnread {
						continue
					}
					assert.NotEqual(t, inside, cn, "who stays where they are loses nothing")
					found[f.Code] = f.After
				}
			}
			return found
		}
		told := fields()
		assert.Equal(t, []string{"lost: Office" + s.suffix, "lost: Screens" + s.suffix, "gained: Plant" + s.suffix}, told[plan.FieldPolicies])
		assert.Contains(t, told[plan.FieldDelegations], "lost: "+s.name("helper"))
		assert.Empty(t, told[plan.FieldPlaceUnread])
		listed, err := Matches(t.Context(), s.start(s.file(m.users...)).Options)
		require.NoError(t, err)
		row := listed.Rows[slices.IndexFunc(listed.Rows, func(r matchtable.Row) bool { return r.User == moved })]
		assert.Contains(t, row.Moving, "group policy lost: Office"+s.suffix)
		assert.Contains(t, row.Moving, "delegation lost: "+s.name("helper"))

		s.set(s.managed(), "gPOptions", "1")
		told = fields()
		assert.Equal(t, []string{"lost: Everywhere" + s.suffix, "lost: Office" + s.suffix, "lost: Screens" + s.suffix, "gained: Plant" + s.suffix,
			"inheritance is blocked at " + s.managed().String()}, slices.DeleteFunc(told[plan.FieldPolicies], func(text string) bool { return text == "lost: Default Domain Policy" }))
		s.link(s.ou, everywhere+";2", old+";1")
		assert.NotContains(t, fields()[plan.FieldPolicies], "lost: Everywhere"+s.suffix, "an enforced one comes through")
	})
}

// What cannot be read of the places is said.
func TestWhatAMoveChangesAndCannotBeRead(t *testing.T) {
	for what, blinded := range map[string]func(s *scene) func(ad.DN, string) bool{
		"which group policies are linked at": func(s *scene) func(ad.DN, string) bool {
			return func(dn ad.DN, name string) bool {
				return dn.Equal(s.staff()) && (name == "gplink" || name == "ntsecuritydescriptor")
			}
		},
		"the access list of": func(s *scene) func(ad.DN, string) bool {
			return func(dn ad.DN, name string) bool { return dn.Equal(s.staff()) && name == "ntsecuritydescriptor" }
		},
	} {
		t.Run(what, func(t *testing.T) {
			s := newScene(t)
			m := s.matching(`"employeeID"`)
			cn := m.who(1)
			m.here(s.staff(), 1, nil)
			s.dir = &blind{s.mem, blinded(s)}
			s.desks = s.dir
			q := s.question(s.desk(s.file(m.users...)), plan.Adopt, cn)
			assert.Contains(t, strings.Join(q.Shown(plan.FieldPlaceUnread), "\n"), what+" "+s.staff().String())
		})
	}
}

// policy makes the object of a group policy, and returns its path.
func (s *scene) policy(name string) string {
	dn := s.ou.Child("CN", name+s.suffix)
	s.add(dn, "container", map[string]string{"displayName": name + s.suffix})
	return "LDAP://" + dn.String()
}

func (s *scene) link(ou ad.DN, links ...string) {
	text := ""
	for _, l := range links {
		text += "[" + l + "]"
	}
	s.set(ou, "gPLink", text)
}
