package plan_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

func TestRowsUnreadAnchor(t *testing.T) {
	unread := func() (*world, *schema.User, *plan.Account) { // Jane was renamed on both sides
		w := newWorld()
		w.both("Max", "max")
		u, a := w.user("Jane Roe", "jroe"), w.anchoredBefore("Jane Doe", "jdoe")
		u.ObjectGUID = a.Anchor.ObjectGUID
		a.Anchor, a.AnchorUnread = plan.Anchor{}, true
		return w, u, a
	}
	t.Run("row 74 no second account for whose anchor it carried", func(t *testing.T) {
		w, u, a := unread()
		p := w.expect(t, "failed Jane Roe: unconfirmed anchor", "unchanged Max")
		assert.Contains(t, p.Failed[0].Detail, "may not read adminDescription of "+a.DN)
		w.user("Eve New", "enew")
		assert.Contains(t, readable(w.plan()), "create Eve New: new", "it is known whose it is")
		w.users = w.users[:2]
		a.InContainer, w.elsewhere, w.accounts = false, w.accounts[1:], w.accounts[:1]
		w.expect(t, "failed Jane Roe: unconfirmed anchor", "unchanged Max")
		a.AnchorUnread = false
		assert.Contains(t, readable(w.plan()), "create Jane Roe: new", "someone cleared it")
		u.Disabled = true
		w.expect(t, "skipped Jane Roe: disabled in source", "unchanged Max")
	})
	t.Run("row 74 no account for anyone new where it is not known whose it is", func(t *testing.T) {
		for name, change := range map[string]func(*world, *schema.User, *plan.Account){
			"then neither": func(w *world, _ *schema.User, a *plan.Account) { w.memory.AnchoredBefore[a.GUID] = "" },
			"missing":      func(_ *world, u *schema.User, _ *plan.Account) { u.ObjectGUID = anchor("jane made anew") },
			"protected": func(w *world, _ *schema.User, a *plan.Account) {
				w.memory.AnchoredBefore[a.GUID] = ""
				a.Protected = "adminCount is 1"
			},
			"disabled": func(w *world, _ *schema.User, a *plan.Account) {
				w.memory.AnchoredBefore[a.GUID] = ""
				a.Control = 514
			},
		} {
			w, u, a := unread()
			change(w, u, a)
			p := w.expect(t, "failed Jane Doe: unconfirmed anchor", "unchanged Max")
			assert.Len(t, p.Held, 1, name)
			a.AnchorUnread = false
			assert.Contains(t, readable(w.plan()), "create Jane Roe: new", name)
		}
		w, u, _ := unread()
		u.Disabled = true
		p := w.expect(t, "skipped Jane Roe: disabled in source", "failed Jane Doe: unconfirmed anchor", "unchanged Max")
		assert.Contains(t, p.Failed[0].Detail, "it is not disabled")
	})
	t.Run("row 37 who left is named where the account was moved out", func(t *testing.T) {
		outside := func() (*world, *plan.Account) {
			w, _, a := unread()
			a.InContainer, w.elsewhere, w.accounts = false, w.accounts[1:], w.accounts[:1]
			return w, a
		}
		w, _ := outside()
		w.users = w.users[:1]
		w.expect(t, "failed Jane Doe: moved out of the managed container", "unchanged Max")
		w, a := outside()
		w.users[1].Disabled = true
		w.expect(t, "failed Jane Roe: moved out of the managed container", "unchanged Max")
		a.Control = 514
		w.expect(t, "skipped Jane Roe: disabled in source", "unchanged Max")
		w, a = outside()
		w.users, w.memory.AnchoredBefore[a.GUID] = w.users[:1], ""
		p := w.expect(t, "failed Jane Doe: unconfirmed anchor", "unchanged Max")
		assert.Contains(t, p.Failed[0].Detail, "it is not disabled")
	})
	t.Run("row 74 of both names it cannot be had", func(t *testing.T) {
		w, u, a := unread()
		w.memory.AnchoredBefore[a.GUID] = ""
		u.CN, u.SAMAccountName = "Jane Doe", "jdoe"
		assert.Contains(t, w.plan().Questions[0].Barred, "whether it is anchored for someone else cannot be read")
	})
}
