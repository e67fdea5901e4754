package plan_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// The ledger was put back from a backup: accounts that were made since are anchored, and it
// does not know them.
func TestRowsOlderLedger(t *testing.T) {
	older := func() (*world, *plan.Account) { // no one of the file has the account's anchor
		w := newWorld()
		w.both("Max", "max")
		a := w.account("Jane Doe", "jdoe")
		a.Anchor = plan.Anchor{ObjectGUID: anchor("the old jane"), Domain: sourceName}
		return w, a
	}
	number := func(w *world, a *plan.Account) *schema.User { // she was made anew
		u := w.user("Jane Roe", "jroe")
		for name, text := range map[string]string{"employeeID": "4711", "givenName": "Jane", "sn": "Doe"} {
			u.Attributes.Set(name, value(text))
		}
		a.Values = schema.AttributesOf(map[string]schema.Value{"employeeid": {List: []string{"4711"}}, "givenname": {List: []string{"Jane"}}, "sn": {List: []string{"Doe"}}})
		return u
	}
	t.Run("row 06 whose person is active is asked about", func(t *testing.T) {
		w, a := older()
		w.user("Jane Roe", "jroe").ObjectGUID = a.Anchor.ObjectGUID
		w.user("Eve New", "enew")
		p := w.expect(t, "create Eve New: new", "adopt? Jane Roe: unconfirmed anchor", "enable? Eve New: new", "unchanged Max")
		assert.True(t, p.Questions[0].Single)
		assert.Empty(t, p.Held)
	})
	t.Run("row 04 who left and works is failed, and no one new gets an account", func(t *testing.T) {
		w, a := older()
		w.user("Jane Roe", "jroe") // nothing agrees
		p := w.expect(t, "failed Jane Doe: unconfirmed anchor", "unchanged Max")
		assert.Len(t, p.Held, 1)
		for name, change := range map[string]func(*world, *plan.Account){
			"disabled":             func(_ *world, a *plan.Account) { a.Control = 514 },
			"its anchor cleared":   func(_ *world, a *plan.Account) { a.Anchor = plan.Anchor{} },
			"another source's":     func(_ *world, a *plan.Account) { a.Anchor.Domain = "other.example" },
			"of no domain":         func(_ *world, a *plan.Account) { a.Anchor.Domain = "" },
			"the domain's own":     func(_ *world, a *plan.Account) { a.Protected = "krbtgt" },
			"of another container": func(w *world, a *plan.Account) { w.memory.Moved = map[string]bool{a.Anchor.ObjectGUID: true} },
			"a copy": func(w *world, a *plan.Account) {
				w.known(w.account("Jane", "jane"), a.Anchor.ObjectGUID).Control = 514
			},
		} {
			w, a := older()
			w.user("Jane Roe", "jroe")
			change(w, a)
			assert.Contains(t, readable(w.plan()), "create Jane Roe: new", name)
		}
		a.Protected, a.GivesWay = "adminCount is 1", true
		assert.Len(t, w.plan().Held, 1)
	})
	t.Run("row 04 who left is in the file, disabled", func(t *testing.T) {
		w, a := older()
		number(w, a)
		old := w.user("Jane Doe", "jdoe")
		old.ObjectGUID, old.Disabled = a.Anchor.ObjectGUID, true
		for _, control := range []adrules.UserAccountControl{514, 512} {
			a.Control = control
			p := w.expect(t, "adopt? Jane Doe: unconfirmed anchor", "unchanged Max")
			assert.Len(t, p.Held, 1, control)
		}
		w.agree(t, nil)
		assert.Len(t, w.plan().Held, 1, "the run that follows asks whether they are the same person")
		w.answers = nil
		a.Protected, a.GivesWay = "adminCount is 1", true
		assert.Empty(t, w.plan().Held, "no one is asked about what became an administrator")
	})
	t.Run("row 04 who left and is disabled is no one's, whatever agrees", func(t *testing.T) {
		w, a := older()
		number(w, a)
		assert.Len(t, w.expect(t, "failed Jane Doe: unconfirmed anchor", "unchanged Max").Held, 1)
		a.Control = 514
		w.expect(t, "create Jane Roe: new", "enable? Jane Roe: new", "reported Jane Doe: unmanaged", "unchanged Max")
	})
	t.Run("row 03 one that was found outside since is no likelier", func(t *testing.T) {
		w, a := older()
		w.user("Jane Roe", "jroe").ObjectGUID = a.Anchor.ObjectGUID
		w.remember(w.known(w.outside("Eve", "eve"), a.Anchor.ObjectGUID), func(r *plan.Remembered) { r.How = plan.HowOutside })
		w.expect(t, "failed Jane Roe: anchor not unique", "unchanged Max")
	})
}
