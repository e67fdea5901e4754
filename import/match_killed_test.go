package importer

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
)

// A taking over that is cut short at any write ends as it was agreed to: what was to
// be kept is kept, and there is one account.
func TestAMatchThatWasCutShortKeepsWhatWasAgreed(t *testing.T) {
	for n := 1; n <= 3; n++ {
		for _, done := range []bool{false, true} {
			t.Run(fmt.Sprintf("write %d, carried out %v", n, done), func(t *testing.T) {
				s := newScene(t)
				m := s.matching(`"employeeID"`)
				cn := m.who(1)
				dn := m.here(s.staff(), 1, nil)
				guid := s.get(dn, "objectGUID").GUID().String()
				file := s.file(m.users...)
				d := s.desk(file)
				q := s.question(d, plan.Adopt, cn)
				was := s.state()[guid]
				s.crashAt(n, done)
				wasKilled(func() { _, _ = d.Decide(t.Context(), []plan.Answer{{ID: q.ID, Accept: true}}, func(plan.Result) {}) })
				s.mem.Fail(nil)
				for range 3 {
					d = s.desk(file)
					for _, q := range s.look(d).Questions {
						require.Equal(t, plan.Adopt, q.Kind, "no other one was made")
						s.decide(d, plan.Answer{ID: q.ID, Accept: true, Keeps: &plan.Keeps{Password: true, Expiry: true, Memberships: true, Names: true, Values: true}})
					}
				}
				after := s.state()
				assert.Len(t, after, 1)
				assert.NotEmpty(t, after[guid]["adminDescription"])
				for _, name := range []string{"cn", "sAMAccountName", "userPrincipalName", "department", "userAccountControl", "pwdLastSet", "accountExpires"} {
					assert.Equal(t, was[name], after[guid][name], name)
				}
			})
		}
	}
}
