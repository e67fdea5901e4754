package plan_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
	"ad-user-sync/import/words"
)

// Rows 24 to 27 of an account of ours that administers the domain.
func TestRowsAdministrator(t *testing.T) {
	for reason, change := range map[plan.Reason]func(w *world, a *plan.Account){
		plan.New: func(w *world, a *plan.Account) {
			a.Control, a.PasswordLastSet = 514, 0
			w.remember(a, func(r *plan.Remembered) { r.WasEnabled = false })
		},
		plan.Returned: func(w *world, a *plan.Account) {
			a.Control = 514
			w.remember(a, func(r *plan.Remembered) { r.DisabledFor = plan.MissingInFile })
		},
		plan.DisabledHere:     func(_ *world, a *plan.Account) { a.Control = 514 },
		plan.ExpiredElsewhere: func(_ *world, a *plan.Account) { a.Expires = lease - days(3) },
	} {
		w := newWorld()
		_, a := w.both("Jane", "jane")
		change(w, a)
		before := w.plan().Questions[0].ID
		a.Administers = "Domain Admins"
		q := w.expect(t, "enable? Jane: "+words.OfReason(reason)).Questions[0]
		assert.True(t, q.Single)
		assert.False(t, q.MayKeep)
		assert.Contains(t, q.Decision, plan.Field{Code: plan.FieldAdministers, After: []string{"Domain Admins"}})
		assert.NotEqual(t, before, q.ID, "consent to the one is none to the other")
		w.agree(t, func(a *plan.Answer) { a.Keep = true })
		w.expect(t, "enable? Jane: "+words.OfReason(reason))
		w.answers[0].Keep, w.answers[0].Password = false, "secret"
		assert.Len(t, w.plan().Agreed, 1)
		a.Administers = "Domain Admins, Enterprise Admins"
		w.expect(t, "enable? Jane: "+words.OfReason(reason))
	}
	w := newWorld()
	u, a := w.both("Jane", "jane")
	w.both("Max", "max")
	u.Disabled, a.Administers = true, "Domain Admins"
	w.expect(t, "disable Jane: disabled in source [userAccountControl 512>514]", "unchanged Max")
}
