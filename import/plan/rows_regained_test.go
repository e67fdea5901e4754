package plan_test

import (
	"testing"
	"time"

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
	t.Run("row 71 no one new gets an account that may be their second", func(t *testing.T) {
		lost := func() (*world, *schema.User, *plan.Account) { // Jane was made anew under other names
			w := newWorld()
			w.both("Max", "max")
			return w, w.user("Jane Smith", "jsmith"), w.anchoredBefore("Jane Doe", "jdoe")
		}
		w, _, _ := lost()
		p := w.expect(t, "disable? Jane Doe: unconfirmed anchor", "unchanged Max")
		if assert.Len(t, p.Held, 1) {
			assert.Equal(t, plan.Unconfirmed, p.Held[0].Reason)
			assert.Contains(t, p.Held[0].Detail, "are not decided about (1)")
		}
		w.agree(t, nil)
		p = w.expect(t, "disable Jane Doe: missing in file [userAccountControl 512>514]", "unchanged Max")
		assert.Len(t, p.Held, 1, "nor in the run that disables, and knows the account from then on")
		w.answers = nil
		w.keep(plan.Disable, &schema.User{CN: "Jane Doe"}, nil)
		assert.Contains(t, readable(w.plan()), "create Jane Smith: new", "it is another one's")

		w, u, a := lost()
		old := w.user("Jane Doe", "jdoe")
		old.ObjectGUID, old.Disabled = a.Anchor.ObjectGUID, true
		p = w.expect(t, "adopt? Jane Doe: unconfirmed anchor", "unchanged Max")
		assert.Len(t, p.Held, 1, "the former one is in the file, disabled")
		w.agree(t, nil)
		assert.Len(t, w.plan().Held, 1)
		w.answers = nil
		old.Disabled = false
		assert.Empty(t, w.plan().Held, "who is active is who carries the anchor")
		w.users, a.Control = w.users[:len(w.users)-1], 514
		assert.Empty(t, w.plan().Held, "nothing agrees, and it does not work")
		assert.Equal(t, plan.Create, w.plan().Actions[0].Kind)
		u.Disabled, a.Control = true, 512
		assert.Empty(t, w.plan().Held)
	})
	t.Run("row 37 moved out before it was decided about", func(t *testing.T) {
		w := newWorld()
		w.both("Max", "max")
		a := w.outside("Jane", "jane")
		a.Anchor = plan.Anchor{ObjectGUID: anchor("jane"), Domain: sourceName}
		w.memory.AnchoredBefore = map[adrules.GUID]string{a.GUID: a.Anchor.ObjectGUID}
		p := w.expect(t, "failed Jane: moved out of the managed container", "unchanged Max")
		assert.Contains(t, p.Failed[0].Detail, "and it is asked about; if it is no longer this program's, clear its adminDescription")
		w.user("Jane", "jane").Disabled = true
		w.expect(t, "failed Jane: moved out of the managed container", "unchanged Max")
		w.users[1].Disabled = false
		w.expect(t, "adopt? Jane: moved out of the managed container", "unchanged Max")
		w.users, a.Anchor = w.users[:1], plan.Anchor{}
		w.expect(t, "unchanged Max")
	})
	t.Run("row 41 of an account that only its anchor confirms", func(t *testing.T) {
		w, u, a := numbered()
		a.Control, a.Anchor.ObjectGUID = 512, anchor("the old jane")
		delete(w.memory.Accounts, a.GUID)
		w.memory.AnchoredBefore = map[adrules.GUID]string{a.GUID: a.Anchor.ObjectGUID}
		p := w.expect(t, "adopt? Doe, Jane: made anew in the source", "disable? Jane Doe: unconfirmed anchor", "unchanged Max")
		assert.Contains(t, p.Questions[0].Barred+p.Questions[1].Barred, "it is still enabled")
		a.Control = 514
		p = w.expect(t, "adopt? Doe, Jane: made anew in the source", "reported Jane Doe: unmanaged", "unchanged Max")
		assert.True(t, p.Questions[0].Single)
		assert.False(t, p.Questions[0].MayKeep)
		assert.Contains(t, decision(p.Questions[0], plan.FieldEvidence), "the ledger was lost: nothing but its anchor tells whose it was")
		w.agree(t, nil)
		p = w.plan()
		assert.Equal(t, plan.Adopt, p.Actions[0].Kind)
		assert.Equal(t, anchor("the old jane"), p.Actions[0].Replaces)
		w.answers = nil
		w.keep(plan.Adopt, u, func(r *schema.Resolution) { r.Account, r.FormerAnchor = a.GUID.String(), anchor("the old jane") })
		assert.Contains(t, readable(w.plan())[0], "create Doe, Jane: new")
	})
	t.Run("row 39 of an account that was anchored when the ledger was lost", func(t *testing.T) {
		w := newWorld()
		w.both("Max", "max")
		w.user("Jane", "jane")
		w.anchoredBefore("Jane", "jane")
		gone := w.accounts[1].GUID
		w.accounts = w.accounts[:1]
		p := w.expect(t, "create? Jane: seen nowhere", "unchanged Max")
		assert.Contains(t, p.Questions[0].LastSeen, "it carried this person's anchor when the ledger was lost")
		w.agree(t, nil)
		p = w.plan()
		assert.Equal(t, plan.Create, p.Actions[0].Kind)
		assert.Equal(t, gone, p.Actions[0].Former)
		w.users, w.answers = w.users[:1], nil
		w.expect(t, "unchanged Max")
		assert.NotContains(t, said(w.plan()), "seen nowhere", "no one knows how it was")

	})
	t.Run("row 40 such an account is not looked for for ever", func(t *testing.T) {
		w := newWorld()
		w.both("Max", "max")
		gone := w.anchoredBefore("Jane", "jane").GUID
		w.accounts = w.accounts[:1]
		w.memory.AnchoredGone = map[adrules.GUID]time.Time{gone: now.Add(-plan.ForgetAfter)}
		assert.Empty(t, w.plan().Forget)
		w.memory.AnchoredGone[gone] = now.Add(-plan.ForgetAfter - time.Second)
		assert.Equal(t, []adrules.GUID{gone}, w.plan().Forget, "no one who has left is looked for ever")
		w.user("Jane", "jane")
		assert.Empty(t, w.plan().Forget, "whose person is asked about is known")
		w.users, w.memory.AnchoredBefore[gone] = w.users[:1], ""
		assert.Equal(t, []adrules.GUID{gone}, w.plan().Forget, "whose anchor could not be read then")
		w.memory.AnchoredBefore[gone] = anchor("jane")
		u := w.user("Jane", "jane")
		u.ObjectGUID, w.migrating = anchor("jane there"), plan.Migrating{From: formerName}
		w.file.Migrated = &schema.Migrated{From: formerName, Users: []schema.MigratedUser{{ObjectGUID: u.ObjectGUID, Former: anchor("jane"), By: schema.BySIDHistory}}}
		assert.Empty(t, w.plan().Forget, "whose person is asked about, migrated")
	})
	t.Run("row 41 of such an account, before match", func(t *testing.T) {
		w, _, a := numbered()
		w.cfg.Match = &schema.Match{Keys: []string{"employeeID"}, Within: []string{containerDN}, Until: "2999-01-01"}
		a.Control = 514
		delete(w.memory.Accounts, a.GUID)
		w.memory.AnchoredBefore = map[adrules.GUID]string{a.GUID: a.Anchor.ObjectGUID}
		p := w.expect(t, "adopt? Doe, Jane: made anew in the source", "reported Jane Doe: unmanaged", "unchanged Max")
		assert.Empty(t, p.Questions[0].Barred, "match could only have it rejected")
	})
	t.Run("row 03 a copy of the anchor outside is no likelier than the account here", func(t *testing.T) {
		for _, how := range []string{plan.HowFound, plan.HowOutside} {
			w := newWorld()
			u := w.user("Jane", "jane")
			w.anchoredBefore("Jane", "jane")
			copied := w.known(w.outside("Eve", "eve"), u.ObjectGUID)
			w.remember(copied, func(r *plan.Remembered) { r.How = how })
			p := w.expect(t, "failed Jane: anchor not unique")
			assert.Contains(t, said(p)+p.Failed[0].Detail, copied.DN)
			w.accounts, w.elsewhere, copied.InContainer = append(w.accounts, copied), nil, true
			w.expect(t, "failed Jane: anchor not unique") // nor once someone has moved it in
		}
	})
}
