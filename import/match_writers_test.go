package importer

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/adrules"
	"ad-user-sync/internal/adtest"
)

// A value that every user of the domain may write is as good as one of the user's own.
func TestMatchGoesByNothingThatEveryoneMayWrite(t *testing.T) {
	for _, who := range []adrules.SID{adrules.SIDSelf, adrules.SIDEveryone, adrules.SIDAuthenticated, adrules.SIDUsers, adrules.SIDPreWindows2000} {
		t.Run(string(who), func(t *testing.T) {
			s := newScene(t)
			m := s.matching(`"employeeID"`)
			own := m.who(1)
			s.letWrite(m.here(s.staff(), 1, nil), who, "employeeID")
			listed, err := Matches(t.Context(), s.start(s.file(m.users...)).Options)
			require.NoError(t, err)
			assert.Equal(t, []string{"none " + own}, rowsOf(listed.Rows))
		})
	}
}

// Who owns their account may write what they like into it, whatever its access list says.
func TestMatchGoesByNothingThatTheOwnerMayWrite(t *testing.T) {
	s := labScene(t)
	m := s.matching(`"employeeID"`)
	owned, other := m.who(1), m.who(2)
	dn := m.here(s.staff(), 1, nil)
	m.here(s.staff(), 2, nil)
	rows := func() []string {
		listed, err := Matches(t.Context(), s.start(s.file(m.users...)).Options)
		require.NoError(t, err)
		return rowsOf(listed.Rows)
	}
	assert.ElementsMatch(t, []string{"sure " + owned, "sure " + other}, rows())
	adtest.Lab(t).Target.Admin(t).GiveTo(dn.String(), s.get(dn, "sAMAccountName").Text("sAMAccountName"))
	assert.ElementsMatch(t, []string{"none " + owned, "sure " + other}, rows())
}
