package plan_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
)

// The rows of the decision table about accounts that the ledger knows and that
// are out of this program's hands.
func TestRowsStray(t *testing.T) {
	t.Run("row 37 moved out, and the person has left", func(t *testing.T) {
		w := newWorld()
		w.both("Max", "max")
		w.memory.AnchorAttribute = "adminDescription"
		u := w.user("Jane", "jane")
		a := w.known(w.outside("Jane", "jane"), anchor("jane"))
		a.MemberOf[sid("p-Admin")] = true
		u.Disabled = true
		p := w.expect(t, "failed Jane: moved out of the managed container", "unchanged Max")
		assert.Equal(t, "disabled in source, while the account is now CN=Jane,OU=Staff,DC=plant,DC=example and still enabled, and in p-Admin. "+
			"Disable it there, or move it back to "+containerDN+", and it will be disabled; if it is no longer this program's, clear its adminDescription", p.Failed[0].Detail)
		w.users = w.users[:1]
		p = w.expect(t, "failed Jane: moved out of the managed container", "unchanged Max")
		assert.Contains(t, p.Failed[0].Detail, "missing in file, while")
		a.Protected = "adminCount is 1"
		w.expect(t, "failed Jane: moved out of the managed container", "unchanged Max")
		a.Protected = ""
		for _, change := range []func(){
			func() { a.Control = 514 },
			func() { a.Control, a.Anchor = 512, plan.Anchor{} },                                // let go, and told below
			func() { delete(w.memory.Accounts, a.GUID); a.Anchor.ObjectGUID = anchor("jane") }, // no one we know
		} {
			change()
			w.expect(t, "unchanged Max")
		}
	})
	t.Run("row 37 let go, or not to be read", func(t *testing.T) {
		w := newWorld()
		w.both("Max", "max")
		w.memory.AnchorAttribute = "adminDescription"
		u := w.user("Jane", "jane")
		a := w.known(w.outside("Jane", "jane"), anchor("jane"))
		a.Anchor, u.Disabled = plan.Anchor{}, true
		p := w.expect(t, "skipped Jane: disabled in source", "unchanged Max")
		assert.Equal(t, []adrules.GUID{a.GUID}, p.Forget)
		assert.Contains(t, strings.Join(p.Notices, "\n"), "no longer this program's, and forgotten, since they were moved out of "+containerDN+" and their anchor was cleared or changed: "+a.DN)
		a.AnchorUnread = true
		p = w.expect(t, "failed Jane: moved out of the managed container", "unchanged Max")
		assert.Empty(t, p.Forget)
		assert.Contains(t, p.Failed[0].Detail, "clear its adminDescription, and let the bound account read that attribute")
		u.Disabled = false
		p = w.expect(t, "failed Jane: moved out of the managed container", "unchanged Max")
		assert.Contains(t, p.Failed[0].Detail, "may not read its adminDescription")
		u.Disabled, a.AnchorUnread, w.memory.AnchorAttribute = true, false, "adminDisplayName"
		assert.Empty(t, w.plan().Forget, "it is looked for elsewhere")
	})
	t.Run("row 37 in files without anchors", func(t *testing.T) {
		w := newWorld()
		w.both("Max", "max")
		w.older()
		a := w.outside("Jane", "jane")
		w.memory.Accounts[a.GUID] = plan.Remembered{How: plan.HowCreated}
		w.expect(t, "failed Jane: moved out of the managed container", "unchanged Max")
	})
	t.Run("row 14 known, and seen as something else than a user", func(t *testing.T) {
		w := newWorld()
		w.both("Max", "max")
		_, a := w.both("Jane", "jane")
		a.Class = "contact"
		p := w.expect(t, "name? Jane: name taken", "unchanged Max")
		assert.Empty(t, p.Forget, "nobody else is made, and it is not forgotten")
	})
	t.Run("row 38 anchor gone or changed", func(t *testing.T) {
		w := newWorld()
		w.both("Max", "max")
		a := w.known(w.account("Jane", "jane"), anchor("jane")) // has left
		for held, says := range map[plan.Anchor]string{
			{}: "is gone",
			{ObjectGUID: anchor("x"), Domain: "corp.example"}:     "was changed; it names " + anchor("x") + "@corp.example",
			{ObjectGUID: anchor("max"), Domain: "corp.example"}:   "was changed; it names " + anchor("max"),
			{ObjectGUID: anchor("jane"), Domain: "other.example"}: "names the source domain other.example, while the user file comes from corp.example",
			{Other: "printer"}: "was overwritten",
		} {
			a.Anchor, a.Control = held, 512
			p := w.expect(t, "failed Jane: anchor gone or changed", "unchanged Max")
			assert.Contains(t, p.Failed[0].Detail, "the anchor in adminDescription of this account, which this program created, "+says)
			assert.Contains(t, p.Failed[0].Detail, "Write ad-user-sync:"+anchor("jane")+"@corp.example into it again")
			a.Control = 514
			assert.Empty(t, w.plan().Failed, "nobody can use it")
		}
	})
	t.Run("row 38 of somebody whom the file disables, or who is called otherwise", func(t *testing.T) {
		w := newWorld()
		u, a := w.both("Jane", "jane")
		u.Disabled, a.Anchor = true, plan.Anchor{}
		u.CN = "Jane Smith" // else row 7 or 8 finds it
		w.expect(t, "failed Jane Smith: anchor gone or changed")
		u.Disabled, u.SAMAccountName = false, "jsmith"
		p := w.expect(t, "failed Jane Smith: anchor gone or changed")
		assert.Contains(t, p.Failed[0].Detail, ". Until then its person gets no other one")
		a.Control = 514
		p = w.expect(t, "failed Jane Smith: anchor gone or changed")
		assert.NotContains(t, p.Failed[0].Detail, "or disable the account")
		a.Control, u.SAMAccountName = 512, "jane"
		w.expect(t, "adopt? Jane Smith: same person?")
		w.keep(plan.Adopt, u, nil)
		w.expect(t, "name? Jane Smith: name taken", "refused adopt Jane Smith", "failed Jane: anchor gone or changed")
	})
	t.Run("row 38 anchored for somebody else, for whom it was rejected", func(t *testing.T) {
		w := newWorld()
		max := w.user("Max", "max")
		a := w.known(w.account("Jane", "jane"), anchor("jane")) // has left
		a.Anchor.ObjectGUID = max.ObjectGUID
		w.expect(t, "adopt? Max: unconfirmed anchor")
		w.keep(plan.Adopt, max, nil)
		w.expect(t, "refused adopt Max", "skipped Max: rejected", "failed Jane: anchor gone or changed")
	})
	t.Run("row 38 another anchor attribute", func(t *testing.T) {
		w := newWorld()
		w.user("Max", "max").Disabled = true
		w.known(w.account("Jane", "jane"), anchor("jane")).Anchor = plan.Anchor{}
		w.memory.AnchorAttribute = "adminDisplayName"
		p := w.expect(t, "skipped Max: disabled in source", "failed Jane: anchor gone or changed")
		assert.Contains(t, p.Failed[0].Detail, "anchor_attribute was adminDisplayName before")
	})
}
