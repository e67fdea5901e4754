package plan_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// What helps to know a person by is shown, and never part of what is decided.
func TestQuestionsShowWhoItIs(t *testing.T) {
	t.Run("a join: source group, department, title, present groups", func(t *testing.T) {
		w := newWorld()
		u, a := w.both("Jane", "jane")
		u.MemberOf = []string{"CN=t-Admin", "CN=t-Other"}
		u.Attributes.Set("department", value("Assembly"))
		u.Attributes.Set("title", value("Fitter"))
		a.Values.Set("department", schema.Value{List: []string{"Assembly"}})
		w.cfg.Attributes["title"] = w.cfg.Attributes["department"]
		a.OtherNames = []string{"Staff"}
		p := w.plan()
		require.Len(t, p.Questions, 1)
		q := p.Questions[0]
		assert.Equal(t, []string{"CN=t-Admin"}, q.Shown(plan.FieldSourceGroup))
		assert.Equal(t, []string{"Assembly"}, q.Shown(plan.FieldDepartment))
		assert.Equal(t, []string{"Staff"}, q.Shown(plan.FieldPresentGroup))
		a.OtherNames = []string{"Others"}
		assert.Equal(t, q.ID, w.plan().Questions[0].ID, "what is shown besides is no part of the decision")
	})
	t.Run("who is back, and who leaves: since when, last logon", func(t *testing.T) {
		w := newWorld()
		_, a := w.both("Jane", "jane")
		a.LastLogon, a.Control = now.AddDate(0, 0, -40), a.Control.Disable()
		w.remember(a, func(r *plan.Remembered) { r.DisabledFor, r.DisabledAt = plan.MissingInFile, now.AddDate(0, 0, -30) })
		p := w.plan()
		require.Len(t, p.Questions, 1)
		assert.Equal(t, []string{now.AddDate(0, 0, -30).UTC().Format(time.DateOnly), string(plan.MissingInFile)}, p.Questions[0].Shown(plan.FieldDisabledSince))
		assert.Equal(t, []string{now.AddDate(0, 0, -40).UTC().Format(time.DateOnly)}, p.Questions[0].Shown(plan.FieldLastLogon))

		w = newWorld()
		_, a = w.both("Lea", "lea")
		a.LastLogon = now.AddDate(0, 0, -1)
		a.Values.Set("department", schema.Value{List: []string{"Sales"}})
		a.MemberOf[sid("p-View")] = true
		w.users, w.cfg.Approve.Disable = nil, true
		p = w.plan()
		require.NotEmpty(t, p.Questions)
		assert.Equal(t, plan.Disable, p.Questions[0].Kind)
		assert.Equal(t, []string{now.AddDate(0, 0, -1).UTC().Format(time.DateOnly)}, p.Questions[0].Shown(plan.FieldLastLogon))
		assert.Equal(t, []string{"Sales"}, p.Questions[0].Shown(plan.FieldDepartment))
		assert.Equal(t, []string{"p-View"}, p.Questions[0].Shown(plan.FieldPresentGroup))
	})
}
