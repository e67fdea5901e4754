package plan_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
)

// The user principal name of the file may be someone else's: then no other
// account name helps, and the question says what does.
func TestRowsUPN(t *testing.T) {
	const todo = "the file has the user principal name kim@plant.test, which is that of CN=Kim of Staff,OU=Staff,DC=plant,DC=example, so another account name does not help: have it corrected in the source and export again, or take upn.from_file out of the configuration"
	told := func(q plan.Question) (texts []string) {
		for _, f := range q.Context {
			if f.Code == plan.FieldWhatToDo {
				texts = append(texts, f.After...)
			}
		}
		return texts
	}
	named := func(name string) *world {
		w := newWorld()
		w.cfg.UPN.FromFile = true
		w.user("Jane", name).Attributes.Set("userPrincipalName", value("kim@plant.test"))
		w.outside("Kim of Staff", "kim").UPN = "kim@plant.test"
		return w
	}
	t.Run("row 13 the file gives the UPN of somebody else", func(t *testing.T) {
		w := named("jane")
		q := w.expect(t, "name? Jane: name taken").Questions[0]
		assert.Equal(t, []string{todo}, told(q))
		assert.Empty(t, q.Proposal, "none would do")
		w.agree(t, func(a *plan.Answer) { a.NewName = "jane2" })
		w.expect(t, "name? Jane: name taken", "failed Jane: name taken")
	})
	t.Run("row 13 and the account name is taken, too", func(t *testing.T) {
		assert.Equal(t, []string{todo}, told(named("kim").expect(t, "name? Jane: name taken").Questions[0]))
	})
	t.Run("row 13 another name does help", func(t *testing.T) {
		w := named("kim")
		w.cfg.UPN.FromFile = false
		q := w.expect(t, "name? Jane: name taken").Questions[0]
		assert.Empty(t, told(q))
		assert.Equal(t, "kim2", q.Proposal)

		w = named("kim") // an account that has a UPN of its own keeps it
		w.users = nil
		u, a := w.both("Jane", "jane")
		a.UPN, u.SAMAccountName = "own@plant.example", "kim"
		u.Attributes.Set("userPrincipalName", value("kim@plant.test"))
		assert.Empty(t, told(w.expect(t, "name? Jane: name taken").Questions[0]))
	})
}
