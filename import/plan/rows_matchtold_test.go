package plan_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// What a person is told is written to an account that is taken over, and what becomes of it.
func TestRowsMatchTold(t *testing.T) {
	t.Run("row 43 what is filled in is said", func(t *testing.T) {
		w, u, _ := matching()
		u.Attributes.Set("department", value("IT"))
		assert.Contains(t, w.plan().Questions[0].Context, plan.Field{Code: plan.FieldFilledIn, After: []string{"department: IT"}})
	})
	t.Run("row 43 of the file that was told of", func(t *testing.T) {
		w, _, _ := matching()
		w.agree(t, nil)
		assert.Equal(t, "f", w.plan().Actions[0].Keeps.Told)
	})
	t.Run("rule 06 what a person was told of stops no run, as long as it is this file", func(t *testing.T) {
		for told, tripped := range map[string][]string{"f": nil, "another file": {"update", "join"}, "": {"update", "join"}} {
			w := newWorld()
			w.cfg.Limits["update"], w.cfg.Limits["join"] = schema.Limit{Max: number(1)}, schema.Limit{Max: number(1)}
			for _, name := range []string{"Ada", "Bea"} {
				u, a := w.both(name, name)
				u.MemberOf = []string{"t-View"}
				u.Attributes.Set("department", value("IT"))
				known := w.memory.Accounts[a.GUID]
				known.Told = told
				w.memory.Accounts[a.GUID] = known
			}
			assert.Equal(t, tripped, trips(w.plan()), told)
		}
	})
	t.Run("rule 06 who leaves counts all the same", func(t *testing.T) {
		w := newWorld()
		w.cfg.Limits["disable"] = schema.Limit{Max: number(1)}
		for _, name := range []string{"Ada", "Bea", "Cleo"} {
			u, a := w.both(name, name)
			u.Disabled = name != "Cleo"
			known := w.memory.Accounts[a.GUID]
			known.Told = "f"
			w.memory.Accounts[a.GUID] = known
		}
		assert.Equal(t, []string{"disable"}, trips(w.plan()))
	})
}
