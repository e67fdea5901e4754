package plan_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
)

// What is lost and gained by a move is shown, and bars nothing.
func TestRowsPlaces(t *testing.T) {
	in := func(names ...string) (list []plan.InPlace) {
		for _, name := range names {
			list = append(list, plan.InPlace{Key: "key of " + name, Name: name})
		}
		return list
	}
	t.Run("row 43 what a move changes is shown", func(t *testing.T) {
		w, _, a := matching()
		before := w.plan().Questions[0]
		w.places = map[string]plan.Place{
			a.Parent:    {Policies: in("Office", "Default", "Office"), Delegated: append(in("helpdesk"), plan.InPlace{Key: "another entry", Name: "helpdesk"}), Blocked: []string{a.Parent}},
			containerDN: {Policies: in("Default", "Plant"), Delegated: in("svc-import"), Blocked: []string{containerDN}, Unread: []string{"b", "a", "b"}},
		}
		q := w.plan().Questions[0]
		assert.Equal(t, []string{"lost: Office", "gained: Plant", "inheritance is blocked at " + containerDN}, q.Shown(plan.FieldPolicies))
		assert.Equal(t, []string{"lost: helpdesk", "gained: svc-import"}, q.Shown(plan.FieldDelegations))
		assert.Equal(t, []string{"a", "b"}, q.Shown(plan.FieldPlaceUnread))
		assert.NotEqual(t, before.ID, q.ID, "it is agreed to as it was shown")
		w.places[a.Parent] = w.places[containerDN]
		q = w.plan().Questions[0]
		assert.Empty(t, q.Shown(plan.FieldPolicies), "nothing changes")
		assert.Empty(t, q.Shown(plan.FieldDelegations))
		a.InContainer = true
		assert.Empty(t, w.plan().Questions[0].Shown(plan.FieldPlaceUnread), "no one is moved")
	})
}
