package plan_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
)

var (
	setAt    = adrules.FileTime(now.AddDate(0, -2, 0))
	lockedAt = adrules.FileTime(now.Add(-20 * time.Minute))
)

// seek lets a person look for an account.
func (w *world) seek(a *plan.Account, l plan.Logon) {
	w.sought = map[adrules.GUID]plan.Logon{a.GUID: l}
}

// offers are the kinds of what is offered for the one account that is looked for.
func (w *world) offers(t *testing.T) (kinds []plan.Kind, found plan.Found) {
	t.Helper()
	list := w.plan().Found
	require.Len(t, list, 1)
	for _, q := range list[0].Offers {
		assert.True(t, q.Single && q.Offered())
		kinds = append(kinds, q.Kind)
	}
	return kinds, list[0]
}

func TestRuleOffers(t *testing.T) {
	locked := plan.Logon{PasswordLastSet: setAt, LockedAt: lockedAt, Locked: true}
	t.Run("rule 39 offered to who looks for it", func(t *testing.T) {
		w := newWorld()
		_, a := w.both("Jane", "jane")
		assert.Empty(t, w.expect(t, "unchanged Jane").Found)
		w.seek(a, plan.Logon{PasswordLastSet: setAt, LockedAt: lockedAt})
		kinds, _ := w.offers(t)
		assert.Equal(t, []plan.Kind{plan.NewPassword}, kinds, "what is not locked any more is not unlocked")
		w.seek(a, locked)
		kinds, found := w.offers(t)
		assert.Equal(t, []plan.Kind{plan.NewPassword, plan.Unlock}, kinds)
		assert.Equal(t, "2026-12-23", found.Offers[0].Expires.After, "for the letter")
		assert.Contains(t, found.Offers[1].Decision, plan.Field{Code: plan.FieldLockedSince, After: []string{"2026-11-22 08:40 UTC"}})
		assert.Empty(t, w.expect(t, "unchanged Jane").Questions, "no one is asked")
		a.Control |= adrules.SmartcardRequired
		kinds, _ = w.offers(t)
		assert.Equal(t, []plan.Kind{plan.Unlock}, kinds)
	})
	t.Run("rule 39 carried out with a reason", func(t *testing.T) {
		w := newWorld()
		_, a := w.both("Jane", "jane")
		w.seek(a, locked)
		_, found := w.offers(t)
		for i, want := range []map[string][2]string{{"pwdLastSet": {"", "-1"}, "lockoutTime": {"", "0"}}, {"lockoutTime": {"", "0"}}} {
			w.answers = []plan.Answer{{ID: found.Offers[i].ID, Accept: true, Password: "secret"}}
			assert.Empty(t, w.plan().Agreed, "not without a reason")
			w.answers[0].Reason = "called from the gate"
			p := w.plan()
			require.Len(t, p.Actions, 1)
			assert.Equal(t, found.Offers[i].ID, p.Agreed[0].ID)
			assert.Equal(t, "called from the gate", p.Actions[0].Detail)
			for _, c := range p.Actions[0].Changes {
				assert.Equal(t, want[c.Attribute][1], c.After[0], c.Attribute)
			}
			assert.Len(t, p.Actions[0].Changes, len(want))
			assert.Len(t, p.Found[0].Offers, 1, "the other one")
		}
		w.cfg.UsersMustChangePassword = true
		w.answers[0].ID = found.Offers[0].ID
		assert.Equal(t, []string{"0"}, w.plan().Actions[0].Changes[0].After)
	})
	t.Run("rule 39 bound to what was shown", func(t *testing.T) {
		for what, change := range map[string]func(w *world, a *plan.Account){
			"another password": func(w *world, a *plan.Account) {
				w.seek(a, plan.Logon{PasswordLastSet: setAt + 1, LockedAt: lockedAt, Locked: true})
			},
			"locked again": func(w *world, a *plan.Account) {
				w.seek(a, plan.Logon{PasswordLastSet: setAt, LockedAt: lockedAt + 1, Locked: true})
			},
			"locked no longer":  func(w *world, a *plan.Account) { w.seek(a, plan.Logon{PasswordLastSet: setAt, LockedAt: lockedAt}) },
			"another group":     func(_ *world, a *plan.Account) { a.Groups = append(a.Groups, "CN=Else,DC=plant,DC=example") },
			"a mapped group":    func(w *world, a *plan.Account) { a.MemberOf[w.groups[2].SID] = true },
			"its group guarded": func(w *world, _ *plan.Account) { w.groups[0].Listed = true },
			"renamed":           func(_ *world, a *plan.Account) { a.AccountName = "janet" },
			"a password by another approver": func(w *world, a *plan.Account) {
				w.remember(a, func(r *plan.Remembered) { r.PasswordAt = now })
			},
		} {
			w := newWorld()
			u, a := w.both("Jane", "jane")
			u.MemberOf = []string{"CN=t-View"}
			a.MemberOf[w.groups[0].SID] = true
			w.seek(a, locked)
			_, found := w.offers(t)
			change(w, a)
			for _, q := range found.Offers {
				w.answers = append(w.answers, plan.Answer{ID: q.ID, Accept: true, Reason: "forgotten", Password: "secret"})
			}
			assert.Empty(t, w.plan().Agreed, what)
		}
	})
	t.Run("rule 39 the guarded group is part of the decision", func(t *testing.T) {
		w := newWorld()
		_, a := w.both("Jane", "jane")
		a.MemberOf[w.groups[2].SID] = true
		w.seek(a, locked)
		_, found := w.offers(t)
		for _, q := range found.Offers {
			assert.Contains(t, q.Decision, plan.Field{Code: plan.FieldGuardedMember, After: []string{"p-Admin", string(plan.GuardPrivileged)}})
			assert.Equal(t, 2, q.Danger())
		}
	})
	t.Run("rule 39 never", func(t *testing.T) {
		for what, change := range map[string]func(w *world, a *plan.Account){
			"the user file does not have this person":                       func(w *world, _ *plan.Account) { w.users = w.users[1:] },
			"the person is disabled in the source domain, or expired there": func(w *world, _ *plan.Account) { w.users[0].Disabled = true },
			"the account is disabled":                                       func(_ *world, a *plan.Account) { a.Control = 514 },
			"the account has expired":                                       func(_ *world, a *plan.Account) { a.Expires = adrules.FileTime(now.Add(-time.Hour)) },
			"it administers the domain, by adminCount": func(_ *world, a *plan.Account) {
				a.Protected, a.GivesWay = "it administers the domain, by adminCount", true
			},
			"it is the account that this program is bound as": func(_ *world, a *plan.Account) { a.Protected = "it is the account that this program is bound as" },
			"it administers the domain, as a member of Domain Admins": func(w *world, a *plan.Account) {
				a.Administers = "Domain Admins"
				w.remember(a, func(r *plan.Remembered) { r.How = plan.HowFound })
			},
			"this import does not manage the account": func(w *world, a *plan.Account) { delete(w.memory.Accounts, a.GUID) },
			"dc2 has not heard of it":                 func(w *world, _ *plan.Account) { w.memory.Behind = "dc2 has not heard of it" },
		} {
			w := newWorld()
			_, a := w.both("Jane", "jane")
			w.both("Max", "max")
			w.seek(a, locked)
			_, found := w.offers(t)
			for _, q := range found.Offers {
				w.answers = append(w.answers, plan.Answer{ID: q.ID, Accept: true, Reason: "forgotten", Password: "secret"})
			}
			change(w, a)
			kinds, found := w.offers(t)
			assert.Empty(t, kinds, what)
			assert.Equal(t, what, found.Barred)
			assert.Empty(t, w.plan().Agreed, what)
		}
	})
}
