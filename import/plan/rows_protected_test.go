package plan_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// protect makes an account what someone may make of it later.
func protect(a *plan.Account) { a.Protected, a.GivesWay = "adminCount is 1", true }

// The rows of the decision table about protected accounts.
func TestRowsProtected(t *testing.T) {
	t.Run("row 01 what is only found, by its prefix or at first sight", func(t *testing.T) {
		w := newWorld()
		_, a := w.both("Jane", "jane")
		protect(a)
		w.remember(a, func(r *plan.Remembered) { r.How = plan.HowFound })
		w.expect(t, "skipped Jane: protected")
		w.users[0].Disabled = true
		p := w.expect(t, "skipped Jane: protected")
		assert.Equal(t, "adminCount is 1; disabled in source, and still enabled: disable it by hand", p.Skipped[0].Detail)
		w.users = w.users[:0]
		w.user("Max", "max").Disabled = true
		p = w.expect(t, "skipped Max: disabled in source", "skipped Jane: protected")
		assert.Equal(t, "adminCount is 1; missing in file, and still enabled: disable it by hand", p.Skipped[1].Detail)

		w = newWorld()
		w.cfg.PrefixCommonNames = "ext-"
		w.older()
		w.user("Max", "max").ObjectGUID = ""
		protect(w.account("ext-backup", "backup"))
		w.expect(t, "create ext-Max: new", "enable? ext-Max: new", "skipped ext-backup: protected")
	})
	t.Run("row 01 never: what is ours fails by name where something is due", func(t *testing.T) {
		w := newWorld()
		u, a := w.both("Jane", "jane")
		a.Protected = "it is a critical system object"
		w.expect(t, "skipped Jane: protected")
		a.MemberOf[sid("p-View")] = true
		p := w.expect(t, "failed Jane: protected")
		assert.Equal(t, "it is a critical system object; take it out of p-View by hand", p.Failed[0].Detail)
		u.MemberOf = []string{"t-View"}
		w.expect(t, "skipped Jane: protected")
		a.Expires = adrules.FileTime(now.AddDate(0, 0, 10))
		w.remember(a, func(r *plan.Remembered) { r.Expires = a.Expires })
		w.expect(t, "failed Jane: protected")
		u.Disabled = true
		w.expect(t, "failed Jane: protected")
		w.users = w.users[:0]
		w.user("Max", "max").Disabled = true
		w.expect(t, "skipped Max: disabled in source", "failed Jane: protected")
		a.Control, a.MemberOf = 514, nil
		w.expect(t, "skipped Max: disabled in source", "skipped Jane: protected")
	})
	t.Run("row 01 never: what is no longer a user, and whose person left", func(t *testing.T) {
		past := now.AddDate(0, 0, -2)
		for left, leave := range map[string]func(*world, *schema.User){
			"disabled in source":          func(_ *world, u *schema.User) { u.Disabled = true },
			"disabled in source, expired": func(_ *world, u *schema.User) { u.AccountExpires = &past },
			"missing in file":             func(w *world, _ *schema.User) { w.users = w.users[1:] },
		} {
			for _, class := range []string{"computer", "contact", "msDS-GroupManagedServiceAccount"} {
				for _, stamped := range []bool{true, false} {
					for _, inside := range []bool{true, false} {
						w := newWorld()
						u, a := w.both("Jane", "jane")
						w.both("Max", "max")
						leave(w, u)
						a.Class, a.MemberOf[sid("p-View")] = class, true
						if class != "contact" {
							a.Protected = "it is a computer's or a managed service account"
						}
						if !stamped {
							a.Anchor = plan.Anchor{}
						}
						if !inside {
							w.accounts, w.elsewhere, a.InContainer = w.accounts[1:], w.accounts[:1], false
						}
						if !stamped && !inside { // let go
							w.memory.AnchorAttribute = w.cfg.AnchorAttribute
							assert.Empty(t, w.plan().Failed)
							continue
						}
						p := w.expect(t, "failed Jane: protected", "unchanged Max")
						assert.Equal(t, a.DN+" is a "+class+" now, not a user; "+strings.TrimSuffix(left, ", expired")+
							", and still enabled: disable it by hand; take it out of p-View by hand", p.Failed[0].Detail)
						a.Control = 0 // no one logs on with it
						assert.Contains(t, w.expect(t, "failed Jane: protected", "unchanged Max").Failed[0].Detail, "not a user; take it out of p-View")
						a.MemberOf = nil
						assert.Empty(t, w.plan().Failed)
					}
				}
			}
		}
	})
	t.Run("row 01 an anchor on a protected account makes nobody", func(t *testing.T) {
		for _, outside := range []bool{false, true} {
			w := newWorld()
			u := w.user("Jane", "jane")
			a := w.known(w.account("Administrator", "adm"), anchor("jane"))
			protect(a)
			if outside {
				w.accounts, w.elsewhere, a.InContainer = nil, w.accounts, false
			} else {
				delete(w.memory.Accounts, a.GUID)
			}
			p := w.expect(t, "failed Jane: protected")
			assert.Contains(t, p.Failed[0].Detail, "clear its adminDescription")
			u.Disabled = true
			w.expect(t, map[bool]string{false: "skipped Jane: protected", true: "failed Jane: moved out of the managed container"}[outside])
		}
	})
	t.Run("row 01a less is done of what is ours", func(t *testing.T) {
		for _, how := range []string{plan.HowCreated, plan.HowAdopted} {
			w := newWorld()
			u, a := w.both("Jane", "jane")
			w.both("Max", "max")
			w.remember(a, func(r *plan.Remembered) { r.How = how })
			protect(a)
			u.Disabled, u.MemberOf = true, []string{"t-View", "t-Admin"}
			a.MemberOf[sid("p-View")], a.MemberOf[sid("p-Edit")], a.MemberOf[sid("p-Admin")] = true, true, true
			p := w.expect(t, "disable Jane: disabled in source [userAccountControl 512>514]", "leave Jane p-Admin: disabled in source",
				"leave Jane p-Edit: group_map", "unchanged Max")
			assert.Equal(t, "adminCount is 1", p.Actions[0].Protected)
			w.users = w.users[1:]
			w.expect(t, "disable Jane: missing in file [userAccountControl 512>514]", "leave Jane p-Admin: missing in file",
				"leave Jane p-Edit: missing in file", "leave Jane p-View: missing in file", "unchanged Max")
		}
	})
	t.Run("row 01a a run that was killed made it", func(t *testing.T) {
		w := newWorld()
		w.both("Max", "max")
		a := w.known(w.account("Jane", "jane"), anchor("jane"))
		delete(w.memory.Accounts, a.GUID)
		w.memory.Intended[anchor("jane")] = now.Add(-time.Hour)
		a.Created = now
		protect(a)
		w.expect(t, "disable Jane: missing in file [userAccountControl 512>514]", "unchanged Max")
	})
	t.Run("row 01b more is held back and named", func(t *testing.T) {
		w := newWorld()
		w.both("Boss", "boss")
		u, a := w.both("Jane", "jane")
		protect(a)
		p := w.expect(t, "unchanged Jane", "unchanged Boss")
		assert.Empty(t, p.Held)
		assert.Equal(t, "Jane: adminCount is 1; it is still disabled, and leaves groups, when that is due. It ends on 2026-12-23", p.Notices[0])
		u.CN, u.SAMAccountName, u.MemberOf = "Jane Smith", "jsmith", []string{"t-View", "t-Admin"}
		u.Attributes.Set("department", value("IT"))
		u.Attributes.Set("manager", value(anchor("boss")))
		a.MemberOf[sid("p-Edit")] = true
		p = w.expect(t, "leave Jane p-Edit: group_map", "unchanged Boss")
		assert.Equal(t, "adminCount is 1; held back: the account name jsmith, the common name Jane Smith, department, manager, joining p-Admin, joining p-View"+
			". Do it by hand, or take the protection away. It ends on 2026-12-23", p.Held[0].Detail)
		w.keep(plan.Join, u, func(r *schema.Resolution) { r.GroupSID = string(sid("p-Admin")) })
		p = w.expect(t, "leave Jane p-Edit: group_map", "refused join Jane p-Admin", "unchanged Boss")
		assert.NotContains(t, p.Held[0].Detail, "p-Admin")
		assert.Len(t, p.Kept, 1)
	})
	t.Run("row 38 who bears both names of an account that lost its anchor is told", func(t *testing.T) {
		w := newWorld()
		w.both("Boss", "boss")
		u, a := w.both("Jane", "jane")
		protect(a)
		a.Anchor = plan.Anchor{}
		p := w.expect(t, "failed Jane: anchor gone or changed", "unchanged Boss")
		assert.Contains(t, p.Failed[0].Detail, "is gone; it is left alone")
		u.Disabled = true
		w.expect(t, "disable Jane: disabled in source [userAccountControl 512>514]", "unchanged Boss")
	})
	t.Run("row 01b the lease goes on, and comes forward", func(t *testing.T) {
		w := newWorld()
		u, a := w.both("Jane", "jane")
		protect(a)
		for left, spare := range map[int]bool{20: true, 10: false} {
			a.Expires = adrules.FileTime(now.AddDate(0, 0, left))
			w.remember(a, func(r *plan.Remembered) { r.Expires = a.Expires })
			p := w.expect(t, "extend Jane: lease [expires]")
			assert.Equal(t, spare, p.Actions[0].Spare, "it may be refused for as long as half of it is left")
		}
		a.Expires = lease
		w.remember(a, func(r *plan.Remembered) { r.Expires = lease })
		soon := now.AddDate(0, 0, 3)
		u.AccountExpires = &soon
		p := w.expect(t, "extend Jane: lease [expires]")
		assert.True(t, p.Actions[0].Sooner)
		assert.False(t, p.Actions[0].Spare)
	})
	t.Run("row 01b enabling is asked alone", func(t *testing.T) {
		w := newWorld()
		_, a := w.both("Jane", "jane")
		w.both("Max", "max")
		a.Control = 514
		w.remember(a, func(r *plan.Remembered) { r.DisabledFor = plan.MissingInFile })
		protect(a)
		q := w.expect(t, "enable? Jane: returned", "unchanged Max").Questions[0]
		assert.True(t, q.Single)
		assert.False(t, q.MayKeep)
		assert.Contains(t, q.Decision, plan.Field{Code: plan.FieldProtectedBy, After: []string{"adminCount is 1"}})
	})
	t.Run("row 01b without anchors, it is not anchored either", func(t *testing.T) {
		w := newWorld()
		_, a := w.both("Jane", "jane")
		w.remember(a, func(r *plan.Remembered) { r.Anchor = "" })
		a.Anchor = plan.Anchor{}
		protect(a)
		w.expect(t, "unchanged Jane")
		w.users[0].Disabled = true
		w.both("Max", "max")
		w.expect(t, "disable Jane: disabled in source [userAccountControl 512>514]", "unchanged Max")
	})
	t.Run("row 38 protected, and anchored for another person of the file", func(t *testing.T) {
		w := newWorld()
		_, a := w.both("Jane", "jane")
		max := w.user("Max", "max")
		max.Disabled = true
		w.users = w.users[1:]
		protect(a)
		w.remember(a, func(r *plan.Remembered) { r.WasEnabled = true })
		a.Anchor.ObjectGUID = max.ObjectGUID
		w.expect(t, "skipped Max: disabled in source", "failed Jane: anchor gone or changed")
	})
	t.Run("row 38 protected, and anchored for somebody who is active", func(t *testing.T) {
		w := newWorld()
		jane, a := w.both("Jane", "jane")
		max := w.user("Max", "max")
		protect(a)
		a.Anchor.ObjectGUID = max.ObjectGUID
		w.expect(t, "failed Max: protected", "failed Jane: anchor gone or changed")
		jane.Disabled = true
		w.expect(t, "failed Max: protected", "failed Jane: anchor gone or changed")
		w.users = w.users[1:]
		w.expect(t, "failed Max: protected", "failed Jane: anchor gone or changed")
		a.Control = 514
		w.expect(t, "failed Max: protected")
	})
	t.Run("row 38 protected, and its anchor is gone", func(t *testing.T) {
		w := newWorld()
		w.both("Max", "max")
		a := w.known(w.account("Jane", "jane"), anchor("jane"))
		a.Anchor = plan.Anchor{}
		protect(a)
		w.expect(t, "failed Jane: anchor gone or changed", "unchanged Max")
	})
	t.Run("rule 06 percent counts protected accounts of ours", func(t *testing.T) {
		w := newWorld()
		for _, name := range []string{"a", "b", "c", "d"} {
			w.both("P "+name, name)
			protect(w.accounts[len(w.accounts)-1])
		}
		w.users[0].Disabled = true
		w.cfg.Limits["disable"] = schema.Limit{Count: number(0), Percent: number(30)}
		assert.Empty(t, w.plan().Trips, "25 percent of 4")
		w.users[1].Disabled = true
		assert.Equal(t, "disable", w.plan().Trips[0].Name)
	})
}

// A taking over that was cut short before someone made an administrator of the
// account is not finished in silence.
func TestTakingOverOfWhatBecameProtected(t *testing.T) {
	w := newWorld()
	_, a := w.both("Jane", "jane")
	w.remember(a, func(r *plan.Remembered) { r.MeantKeeps = &plan.Keeps{} })
	protect(a)
	p := w.expect(t, "failed Jane: protected")
	assert.Contains(t, p.Failed[0].Detail, "was cut short")
}
