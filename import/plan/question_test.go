package plan_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
)

// What came of an answer is told by the actions that name its question.
func TestActionsNameTheirQuestion(t *testing.T) {
	questions := func(t *testing.T, w *world, want map[plan.Kind]bool) {
		t.Helper()
		id := w.answers[0].ID
		p := w.plan()
		require.Len(t, p.Actions, len(want), "%v", readable(p))
		for _, a := range p.Actions {
			asked, expected := want[a.Kind]
			require.True(t, expected, a.Kind)
			assert.Equal(t, asked, a.Question == id, a.Kind)
			assert.Equal(t, asked, a.Question != "", a.Kind)
		}
	}
	t.Run("another name makes the account", func(t *testing.T) {
		w := newWorld()
		w.user("Jane", "jane").MemberOf = []string{"t-View"}
		w.outside("Other", "jane")
		w.agree(t, func(a *plan.Answer) { a.NewName = "jane2" })
		questions(t, w, map[plan.Kind]bool{plan.Create: true, plan.Join: false})
	})
	t.Run("another name renames the account", func(t *testing.T) {
		w := newWorld()
		u, _ := w.both("Jane", "old")
		u.SAMAccountName = "jane"
		u.Attributes.Set("department", value("IT"))
		w.outside("Other", "jane")
		w.agree(t, func(a *plan.Answer) { a.NewName = "jane2" })
		questions(t, w, map[plan.Kind]bool{plan.Rename: true, plan.Update: false})
	})
	t.Run("an account is taken over", func(t *testing.T) {
		w := newWorld()
		w.user("Jane", "jane")
		w.account("Somebody", "jane")
		w.agree(t, func(a *plan.Answer) { a.TakeOver = true })
		questions(t, w, map[plan.Kind]bool{plan.Adopt: true})
	})
	t.Run("a rename that nobody was asked about names none", func(t *testing.T) {
		w := newWorld()
		u, _ := w.both("Jane", "old")
		u.SAMAccountName = "jane"
		p := w.plan()
		require.Len(t, p.Actions, 1)
		assert.Empty(t, p.Actions[0].Question)
	})
}
