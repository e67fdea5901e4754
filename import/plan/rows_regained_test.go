package plan_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// anchoredBefore is an account that carried this anchor when the ledger was lost.
func (w *world) anchoredBefore(cn, name string) *plan.Account {
	a := w.account(cn, name)
	a.Anchor = plan.Anchor{ObjectGUID: anchor(name), Domain: sourceName}
	if w.memory.AnchoredBefore == nil {
		w.memory.AnchoredBefore = map[adrules.GUID]string{}
	}
	w.memory.AnchoredBefore[a.GUID] = a.Anchor.ObjectGUID
	return a
}

func TestRowsRegained(t *testing.T) {
	t.Run("row 70 asked together", func(t *testing.T) {
		w := newWorld()
		u, a := w.user("Jane", "jane"), w.anchoredBefore("Jane", "jane")
		a.MemberOf[sid("p-View")] = true
		p := w.expect(t, "adopt? Jane: unconfirmed anchor")
		assert.False(t, p.Questions[0].Single)
		assert.True(t, p.Questions[0].AsIs())
		u.CN = "Jane Roe"
		w.agree(t, func(a *plan.Answer) { a.Keeps = &plan.Keeps{} })
		p = w.expect(t, "adopt Jane: answered") // renamed by the next import
		assert.Nil(t, p.Actions[0].Keeps, "whatever someone ticked")
		w.answers = nil
		w.keep(plan.Adopt, u, func(r *schema.Resolution) { r.Account = a.GUID.String() })
		w.expect(t, "refused adopt Jane Roe", "skipped Jane Roe: rejected")
	})
	t.Run("row 70 alone", func(t *testing.T) {
		for name, change := range map[string]func(*world, *plan.Account){
			"guarded group":        func(_ *world, a *plan.Account) { a.MemberOf[sid("p-Admin")] = true },
			"another anchor since": func(w *world, a *plan.Account) { w.memory.AnchoredBefore[a.GUID] = anchor("max") },
			"not then":             func(w *world, _ *plan.Account) { w.memory.AnchoredBefore = nil },
			"neither name":         func(_ *world, a *plan.Account) { a.CN, a.AccountName = "Max", "max" },
		} {
			w := newWorld()
			w.user("Jane", "jane")
			change(w, w.anchoredBefore("Jane", "jane"))
			p := w.plan()
			if assert.Len(t, p.Questions, 1, name) {
				assert.True(t, p.Questions[0].Single, name)
			}
		}
		w := newWorld()
		w.user("Jane", "jane")
		w.anchoredBefore("Jane", "jane").Protected = "adminCount is 1"
		w.expect(t, "failed Jane: protected")
		w = newWorld()
		w.user("Jane", "jane")
		w.anchoredBefore("Jane", "jane")
		w.anchoredBefore("Jane 2", "jane2").Anchor.ObjectGUID = anchor("jane")
		w.expect(t, "failed Jane: anchor not unique")
	})
	t.Run("row 71 whose person the file does not have", func(t *testing.T) {
		w := newWorld()
		w.both("Max", "max")
		a := w.anchoredBefore("Jane", "jane")
		a.MemberOf[sid("p-View")] = true
		p := w.expect(t, "disable? Jane: unconfirmed anchor", "unchanged Max")
		assert.False(t, p.Questions[0].Single)
		w.agree(t, nil)
		w.expect(t, "disable Jane: missing in file [userAccountControl 512>514]", "unchanged Max")
		w.answers = nil
		a.MemberOf[sid("p-Admin")] = true
		assert.True(t, w.plan().Questions[0].Single)
		w.keep(plan.Disable, &schema.User{CN: "Jane"}, nil)
		w.expect(t, "refused disable Jane", "skipped Jane: rejected", "unchanged Max")
	})
	t.Run("row 71 not what it is not sure of, or need not ask", func(t *testing.T) {
		for name, change := range map[string]func(*world, *plan.Account){
			"failed Jane: unconfirmed anchor":             func(w *world, _ *plan.Account) { w.memory.AnchoredBefore = nil },
			"reported Jane: unmanaged":                    func(_ *world, a *plan.Account) { a.Control = 514 },
			"reported Jane: anchored for another source":  func(_ *world, a *plan.Account) { a.Anchor.Domain = "other.example" },
			"failed Jane: unconfirmed anchor, protected":  func(_ *world, a *plan.Account) { a.Protected, a.GivesWay = "adminCount is 1", true },
			"failed Jane: unconfirmed anchor, since then": func(_ *world, a *plan.Account) { a.Anchor.ObjectGUID = anchor("eve") },
		} {
			w := newWorld()
			w.both("Max", "max")
			change(w, w.anchoredBefore("Jane", "jane"))
			lines := readable(w.plan())
			assert.Contains(t, name, lines[0])
			assert.Empty(t, w.plan().Questions, name)
		}
	})
}
