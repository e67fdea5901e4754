package importer

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// A key that the bound account may not read of an account looks like none. Whose the
// account is cannot be told then, and no one who may be its person gets a second one.
func TestMatchMakesNoAccountWhereAKeyCanNotBeRead(t *testing.T) {
	stages(t, func(t *testing.T, s *scene) {
		m := s.matching(`"employeeID", "mail"`)
		hidden, seen, none := m.who(1), m.who(2), m.who(3, has("employeeID", ""))
		dn := m.here(s.staff(), 1, nil)
		m.here(s.staff(), 2, nil)
		before := s.get(dn, "nTSecurityDescriptor").Values("nTSecurityDescriptor")[0]
		const deniesObject, readProperty = 6, 0x10
		s.putEntry(dn, deniesObject, 0, readProperty, adrules.SIDAuthenticated, "employeeID")
		if s.mem != nil { // which has no rights to read
			s.dir = &blind{s.mem, func(at ad.DN, attribute string) bool { return at.Equal(dn) && attribute == "employeeid" }}
			s.desks = s.dir
		}

		file := s.file(m.users...)
		for range 2 {
			r, err := s.start(file).Run(t.Context())
			require.NoError(t, err)
			require.Len(t, r.Report.Failed, 1)
			assert.Equal(t, hidden, r.Report.Failed[0].User)
			assert.Contains(t, r.Report.Failed[0].Reason, "employeeID of "+dn.String()+" looks empty, and may have a value that the bound account may not read")
		}
		assert.Len(t, s.find(s.managed(), ad.ScopeOneLevel, ad.Equal("objectClass", "user"), "cn"), 1, none+" has no number, and is made")
		assert.Contains(t, m.questions(t, s.desk(file)), seen)
		listed, err := Matches(t.Context(), s.start(file).Options)
		require.NoError(t, err)
		assert.Equal(t, []string{"sure " + seen, "none " + hidden}, rowsOf(listed.Rows))
		var steps []string
		Check(t.Context(), CheckOptions{Config: s.cfg, Directory: s.dir, Input: file, Clock: func() time.Time { return s.now }}, func(c schema.CheckStep) {
			if c.Step == "match" {
				steps = append(steps, string(c.State)+" "+c.Text)
			}
		})
		assert.Contains(t, strings.Join(steps, "\n"), "failed employeeID of "+dn.String())

		change := ad.Change{Kind: ad.Replace, Attribute: "nTSecurityDescriptor", Values: [][]byte{before}}
		require.NoError(t, s.admin.Modify(t.Context(), dn, []ad.Change{change}))
		if s.mem != nil {
			s.dir, s.desks = s.mem, s.mem
		}
		assert.Empty(t, s.run(file).Report.Failed)
		assert.Contains(t, m.questions(t, s.desk(file)), hidden)
	})
}

// Of accounts that match does not offer a key may not be read in most domains, such as those of
// administrators. That keeps no one from an account.
func TestMatchGoesOnWhereAKeyCanNotBeReadElsewhere(t *testing.T) {
	stages(t, func(t *testing.T, s *scene) {
		m := s.matching(`"employeeID"`)
		first, second := m.who(1), m.who(2)
		dn := m.here(s.ou.Child("OU", "Outside"), 1, nil)
		m.here(s.ou.Child("OU", "Outside"), 2, nil)
		const deniesObject, readProperty = 6, 0x10
		s.putEntry(dn, deniesObject, 0, readProperty, adrules.SIDAuthenticated, "employeeID")
		if s.mem != nil { // which has no rights to read
			s.dir = &blind{s.mem, func(at ad.DN, attribute string) bool { return at.Equal(dn) && attribute == "employeeid" }}
			s.desks = s.dir
		}
		file := s.file(m.users...)
		r, err := s.start(file).Run(t.Context())
		require.NoError(t, err)
		assert.Empty(t, r.Report.Failed)
		assert.Equal(t, []string{first}, r.Report.Created)
		q := m.questions(t, s.desk(file))
		assert.Contains(t, q[second].Barred, "is not within match.within", "which is named where it can be read")
	})
}

// vanishing is a directory in which a search for the users of a unit finds no unit.
type vanishing struct {
	Directory
	unit ad.DN
}

func (v *vanishing) Search(ctx context.Context, search ad.Search, each func(ad.Entry) error) (ad.Summary, error) {
	if search.Base.Equal(v.unit) && search.Filter == ad.Equal("objectClass", "user") {
		return ad.Summary{}, ad.ErrNotFound
	}
	return v.Directory.Search(ctx, search, each)
}

// A unit that was there is not taken for one without accounts.
func TestMatchMakesNoAccountWhereAUnitVanishes(t *testing.T) {
	s := newScene(t)
	m := s.matching(`"employeeID"`)
	m.who(1)
	s.dir = &vanishing{s.dir, s.staff()}
	_, err := s.start(s.file(m.users...)).Run(t.Context())
	require.ErrorContains(t, err, "of which keys of match cannot be read")
	assert.Empty(t, s.find(s.managed(), ad.ScopeOneLevel, ad.Equal("objectClass", "user"), "cn"))
}
