package plan_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
)

// Who is guarded by nesting, or by a group that is not mapped, is asked about alone, and
// the question says why: what was agreed to before is not agreed to then.
func TestRowsGuardedByOthers(t *testing.T) {
	for row, make := range map[string]func() (*world, *plan.Account){
		"row 06": func() (*world, *plan.Account) {
			w := newWorld()
			_, a := w.both("Jane", "jane")
			delete(w.memory.Accounts, a.GUID)
			return w, a
		},
		"row 08": func() (*world, *plan.Account) {
			w := newWorld()
			w.user("Jane", "jane")
			return w, w.account("Jane", "jdoe")
		},
		"row 13": func() (*world, *plan.Account) {
			w := newWorld()
			w.user("Jane", "jane")
			return w, w.outside("Other", "jane")
		},
		"row 16": func() (*world, *plan.Account) {
			w := newWorld()
			w.user("Jane", "jane")
			a := w.outside("Jane", "jane")
			a.Anchor = plan.Anchor{ObjectGUID: anchor("jane"), Domain: sourceName}
			return w, a
		},
		"row 42": func() (*world, *plan.Account) {
			w, _, a := sameMail()
			return w, a
		},
		"row 43": func() (*world, *plan.Account) {
			w, _, a := matching()
			return w, a
		},
		"row 70": func() (*world, *plan.Account) {
			w := newWorld()
			w.user("Jane", "jane")
			return w, w.anchoredBefore("Jane", "jane")
		},
		"row 71": func() (*world, *plan.Account) {
			w := newWorld()
			w.both("Max", "max")
			return w, w.anchoredBefore("Jane", "jane")
		},
		"row 72": func() (*world, *plan.Account) {
			w := migrating()
			a := w.formerly("Jane", "jane")
			w.moved("Jane", "jane9", a)
			return w, a
		},
		"row 73": func() (*world, *plan.Account) {
			w := migrating()
			return w, w.formerly("Jane", "jane")
		},
	} {
		t.Run(row, func(t *testing.T) {
			w, a := make()
			before := w.plan()
			require.Len(t, before.Questions, 1)
			assert.Empty(t, before.Questions[0].Shown(plan.FieldGuardedMember))
			a.Guarded = []string{"p-Secret"}
			after := w.plan()
			require.Len(t, after.Questions, 1)
			q := after.Questions[0]
			assert.True(t, q.Single)
			assert.Equal(t, []string{"p-Secret"}, q.Shown(plan.FieldGuardedMember))
			assert.NotEqual(t, before.Questions[0].ID, q.ID)
			a.Guarded = []string{"p-Other"}
			assert.NotEqual(t, q.ID, w.plan().Questions[0].ID)
		})
	}
}

func TestOfferOfWhoIsGuardedByOthers(t *testing.T) {
	w := newWorld()
	_, a := w.both("Jane", "jane")
	w.seek(a, plan.Logon{PasswordLastSet: setAt, LockedAt: lockedAt, Locked: true})
	_, before := w.offers(t)
	a.Guarded = []string{"p-Secret"}
	_, found := w.offers(t)
	for i, q := range found.Offers {
		assert.Contains(t, q.Decision, plan.Field{Code: plan.FieldGuardedMember, After: []string{"p-Secret"}})
		assert.NotEqual(t, before.Offers[i].ID, q.ID)
		assert.Equal(t, 2, q.Danger())
	}
}
