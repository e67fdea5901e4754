package plan_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// The rows of the decision table that find someone's account.
func TestRowsMatch(t *testing.T) {
	t.Run("row 02 foreign", func(t *testing.T) {
		w := newWorld()
		w.user("Jane", "jane").Disabled = true
		a := w.known(w.account("Jane", "jane"), anchor("jane"))
		a.Anchor.Domain = "other.example"
		delete(w.memory.Accounts, a.GUID)
		w.expect(t, "skipped Jane: disabled in source", "reported Jane: anchored for another source")
		w.users[0].Disabled = false // not taken over as long as it works there, not even by a name question
		p := w.expect(t, "adopt? Jane: came from another source", "reported Jane: anchored for another source")
		assert.Contains(t, p.Questions[0].Barred, "it works for someone of other.example")
		w.keep(plan.Adopt, w.users[0], func(r *schema.Resolution) { r.Account, r.FormerAnchor = a.GUID.String(), a.Anchor.ObjectGUID })
		p = w.plan()
		assert.Contains(t, p.Questions[0].Barred, "another source domain")
	})
	t.Run("row 03 anchor not unique", func(t *testing.T) {
		w := newWorld()
		_, one := w.both("Jane", "jane")
		two := w.known(w.account("Jane 2", "jane2"), anchor("jane"))
		w.expect(t, "failed Jane: anchor not unique")
		delete(w.memory.Accounts, two.GUID) // the ledger confirms one
		w.expect(t, "reported Jane 2: unmanaged", "unchanged Jane")
		delete(w.memory.Accounts, one.GUID) // and none
		w.expect(t, "failed Jane: anchor not unique")
	})
	t.Run("row 04 unmanaged", func(t *testing.T) {
		w := newWorld()
		w.both("Jane", "jane")
		w.account("Printer", "printer")
		w.expect(t, "reported Printer: unmanaged", "unchanged Jane")
	})
	t.Run("row 04 of a leaver whom the ledger does not know", func(t *testing.T) {
		w := newWorld()
		w.both("Jane", "jane")
		_, olga := w.both("Olga", "olga")
		delete(w.memory.Accounts, olga.GUID) // the ledger was put back from a backup
		w.users = w.users[:1]
		p := w.expect(t, "failed Olga: unconfirmed anchor", "unchanged Jane")
		assert.Contains(t, p.Failed[0].Detail, "is enabled, and carries the anchor of a person who has left")
		olga.Control = olga.Control.Disable()
		w.expect(t, "reported Olga: unmanaged", "unchanged Jane")
	})
	t.Run("row 05 anchor", func(t *testing.T) {
		w := newWorld()
		u, _ := w.both("Jane", "jane")
		w.account("Jane Miller", "jmiller") // has the new names already
		u.CN, u.SAMAccountName = "Jane Smith", "jsmith"
		w.expect(t, "rename Jane Smith: name differs [cn Jane>Jane Smith, sAMAccountName jane>jsmith, userPrincipalName jane@plant.example>jsmith@plant.example]",
			"reported Jane Miller: unmanaged")
		u.Disabled = true
		w.expect(t, "disable Jane: disabled in source [userAccountControl 512>514]", "reported Jane Miller: unmanaged")
	})
	t.Run("row 06 unconfirmed anchor", func(t *testing.T) {
		for _, disabled := range []bool{false, true} {
			w := newWorld()
			u, a := w.both("Jane", "jane")
			u.Disabled = disabled
			delete(w.memory.Accounts, a.GUID)
			p := w.expect(t, "adopt? Jane: unconfirmed anchor")
			assert.True(t, p.Questions[0].Single)
			assert.Equal(t, a.GUID, p.Questions[0].Holder.GUID)
			told := slices.ContainsFunc(p.Questions[0].Context, func(f plan.Field) bool { return f.Code == plan.FieldInTheSource })
			assert.Equal(t, disabled, told, "that they are disabled in the source")
			w.memory.Accounts[a.GUID] = plan.Remembered{Anchor: anchor("somebody else"), How: plan.HowCreated}
			w.expect(t, "adopt? Jane: unconfirmed anchor")
		}
	})
	t.Run("row 07 matched by name", func(t *testing.T) {
		w := newWorld()
		w.user("Jane", "jane").Attributes.Set("department", value("IT"))
		w.account("jane", "JANE")
		w.expect(t, "adopt? Jane: matched by name")
		w.memory.Finished = false // nothing but the anchor in this run
		p := w.expect(t, "adopt jane: matched by name [anchor]")
		assert.Equal(t, []string{"ad-user-sync:" + anchor("jane") + "@corp.example"}, p.Actions[0].Changes[0].After)
		w.users[0].Disabled = true
		w.expect(t, "adopt jane: matched by name [anchor]")
	})
	t.Run("row 08 same person?", func(t *testing.T) {
		w := newWorld()
		w.memory.Finished = false
		w.user("Jane", "jane")
		a := w.account("Jane", "jdoe")
		w.expect(t, "adopt? Jane: same person?")
		a.CN, a.AccountName = "Jane Doe", "jane"
		w.expect(t, "adopt? Jane: same person?")
		a.CN, a.AccountName = "Jané", "jane" // not equal, though a directory takes them for one another
		w.expect(t, "adopt? Jane: same person?")
		w.users[0].Disabled = true
		w.expect(t, "skipped Jane: disabled in source", "reported Jané: unmanaged")
	})
	t.Run("row 09 matched by CN", func(t *testing.T) {
		w := newWorld()
		w.both("Jane", "jane")
		w.older()
		w.expect(t, "unchanged Jane")
		w.users[0].SAMAccountName = "jdoe"
		w.expect(t, "rename Jane: name differs [sAMAccountName jane>jdoe, userPrincipalName jane@plant.example>jdoe@plant.example]")
		w.users[0].Disabled = true
		w.expect(t, "disable Jane: disabled in source [userAccountControl 512>514]")
	})
	t.Run("row 09 by prefix, without a ledger", func(t *testing.T) {
		w := newWorld()
		w.cfg.PrefixCommonNames = "P3KI "
		w.user("Jane", "jane")
		w.account("P3KI Jane", "jane")
		w.account("P3KI Gone", "gone")
		w.account("Local", "local")
		w.older()
		w.memory.Accounts = nil
		w.expect(t, "disable P3KI Gone: missing in file [userAccountControl 512>514]", "reported Local: unmanaged", "unchanged P3KI Jane")
	})
	t.Run("row 10 namesake", func(t *testing.T) {
		w := newWorld()
		w.both("Jane", "jane")
		w.user("JANÉ", "jane2")
		w.expect(t, "create JANÉ (jane2): namesake", "enable? JANÉ (jane2): new", "unchanged Jane")
	})
	t.Run("row 16 moved out", func(t *testing.T) {
		w := newWorld()
		u := w.user("Jane", "jane")
		a := w.known(w.outside("Jane", "jane"), anchor("jane"))
		w.expect(t, "adopt? Jane: moved out of the managed container")
		u.Disabled, a.Control = true, 514
		w.expect(t, "skipped Jane: disabled in source")
		u.Disabled, a.Protected = false, "adminCount is 1"
		w.expect(t, "failed Jane: protected")
	})
	t.Run("row 18 carried out", func(t *testing.T) {
		w := newWorld() // row 16
		u := w.user("Jane", "jane")
		u.Attributes.Set("department", value("IT"))
		a := w.known(w.outside("Jane D", "janed"), anchor("jane"))
		a.Control, a.Expires = 514, 0
		w.agree(t, nil)
		p := w.expect(t, "adopt Jane: answered [cn Jane D>Jane, sAMAccountName janed>jane, userPrincipalName janed@plant.example>jane@plant.example]")
		assert.True(t, p.Actions[0].MoveIn)
		assert.NotNil(t, p.Actions[0].Answer)

		w = newWorld() // row 8
		w.user("Jane", "jane")
		w.account("Jane", "jdoe")
		w.agree(t, nil)
		w.expect(t, "adopt Jane: answered [sAMAccountName jdoe>jane, userPrincipalName jdoe@plant.example>jane@plant.example, anchor]")

		w = newWorld() // row 6, disabled in the file: the next run disables
		u, a = w.both("Jane", "jane")
		u.Disabled = true
		delete(w.memory.Accounts, a.GUID)
		w.agree(t, nil)
		w.expect(t, "adopt Jane: answered")
	})
	t.Run("row 19 rejected", func(t *testing.T) {
		w := newWorld() // row 6: two accounts with one anchor would come of anything else
		u, a := w.both("Jane", "jane")
		delete(w.memory.Accounts, a.GUID)
		w.keep(plan.Adopt, u, nil)
		w.expect(t, "refused adopt Jane", "skipped Jane: rejected")

		w = newWorld() // row 8: the person gets an account of their own
		w.keep(plan.Adopt, w.user("Jane", "jane"), nil)
		w.account("Jane", "jdoe")
		w.expect(t, "create Jane (jane): namesake", "enable? Jane (jane): new", "refused adopt Jane", "reported Jane: unmanaged")

		w = newWorld() // row 13, renaming: the rest goes on
		u, _ = w.both("Jane", "jane")
		w.outside("Other", "taken")
		u.SAMAccountName = "taken"
		u.Attributes.Set("department", value("IT"))
		w.keep(plan.Name, u, nil)
		w.expect(t, "update Jane: differs [department >IT]", "refused name Jane")

		w = newWorld() // row 15, new
		w.keep(plan.Name, w.user("Jane", "not valid"), nil)
		w.expect(t, "refused name Jane", "skipped Jane: rejected")
	})
}

// What the rows of matching must not be talked into.
func TestMatchSafely(t *testing.T) {
	t.Run("a copied anchor gets nothing", func(t *testing.T) {
		w := newWorld()
		_, a := w.both("Jane", "jane")
		thief := w.account("Thief", "thief")
		thief.Anchor = a.Anchor
		p := w.expect(t, "reported Thief: unmanaged", "unchanged Jane")
		assert.Empty(t, p.Unmanaged[0].Person.Anchor, "nobody is called by a forged anchor")
		w.memory.Intended[anchor("jane")] = longAgo.Add(-time.Hour) // left over, or never fulfilled
		w.expect(t, "reported Thief: unmanaged", "unchanged Jane")
	})
	t.Run("a copied anchor and the account moved out", func(t *testing.T) {
		w := newWorld()
		w.user("Jane", "jane")
		real := w.known(w.outside("Jane", "jane"), anchor("jane"))
		w.account("Thief", "thief").Anchor = real.Anchor
		p := w.expect(t, "adopt? Jane: moved out of the managed container", "reported Thief: unmanaged")
		assert.Equal(t, real.GUID, p.Questions[0].Holder.GUID)
	})
	t.Run("made by a run that was killed", func(t *testing.T) {
		w := newWorld()
		_, a := w.both("Jane", "jane")
		delete(w.memory.Accounts, a.GUID)
		a.Created, a.Control, a.PasswordLastSet = now.Truncate(time.Second), 514, 0
		w.memory.Intended[anchor("jane")] = now.Add(300 * time.Millisecond)
		w.expect(t, "enable? Jane: new")
		a.Created = now.Add(-time.Minute) // forged: it was there before
		w.expect(t, "adopt? Jane: unconfirmed anchor")
	})
	t.Run("anchored by a run that was killed", func(t *testing.T) {
		w := newWorld()
		_, a := w.both("Jane", "jane")
		w.memory.Accounts[a.GUID] = plan.Remembered{How: plan.HowAdopted, Meant: anchor("jane"), Expires: lease}
		w.expect(t, "unchanged Jane")
		w.memory.Accounts[a.GUID] = plan.Remembered{Meant: anchor("jane")}
		w.expect(t, "unchanged Jane")
		a.Anchor = plan.Anchor{} // killed before
		w.expect(t, "adopt Jane: matched by name [anchor]")
	})
	t.Run("a cleared anchor is asked about", func(t *testing.T) {
		w := newWorld()
		_, a := w.both("Jane", "jane")
		a.Anchor = plan.Anchor{}
		w.expect(t, "adopt? Jane: matched by name")
	})
	t.Run("the account of somebody else is not matched by its names", func(t *testing.T) {
		w := newWorld()
		w.memory.Finished = false
		w.user("Jane", "jane")
		a := w.account("Jane", "jane")
		w.memory.Accounts[a.GUID] = plan.Remembered{Anchor: anchor("her predecessor"), How: plan.HowCreated}
		p := w.expect(t, "adopt? Jane: matched by name")
		assert.Equal(t, []string{"managed for another person of the source"}, p.Questions[0].Context[0].After)
		w.user("Joan", "joan").ObjectGUID = anchor("her predecessor") // has not left
		p = w.expect(t, "name? Jane: name taken", "failed Joan: anchor gone or changed")
		assert.Contains(t, p.Questions[0].Barred, "managed for another person")
	})
	t.Run("anchors arrive: both names tell who it was", func(t *testing.T) {
		w := newWorld()
		w.both("Jane", "jane")
		w.both("Max", "max")
		w.older()
		w.source = &schema.Source{Domain: sourceName, Scope: "s"}
		w.users[0].ObjectGUID, w.users[1].ObjectGUID = anchor("jane"), anchor("max")
		w.users[1].SAMAccountName = "max2" // might be a namesake
		w.expect(t, "adopt Jane: matched by name [anchor]", "adopt? Max: same person?")
	})
	t.Run("namesakes without anchors keep their accounts", func(t *testing.T) {
		w := newWorld()
		w.both("Jane", "zeta")
		w.user("Jane", "alpha")
		w.older()
		w.expect(t, "create Jane (alpha): namesake", "enable? Jane (alpha): new", "unchanged Jane")
		w.users[0].SAMAccountName = "beta" // now no one can tell
		w.expect(t, "failed Jane: anchor not unique", "failed Jane: anchor not unique")
	})
	t.Run("a namesake whom the ledger knows to be another", func(t *testing.T) {
		w := newWorld()
		w.cfg.AnchorAttribute = ""
		_, a := w.both("Jane", "jane")
		a.Anchor = plan.Anchor{}
		w.expect(t, "unchanged Jane")
		w.users[0].ObjectGUID = anchor("a namesake")
		w.users[0].SAMAccountName = "jane2"
		w.expect(t, "disable Jane: missing in file [userAccountControl 512>514]", "create Jane (jane2): namesake", "enable? Jane (jane2): new")
	})
	t.Run("two accounts of one person who is missing", func(t *testing.T) {
		w := newWorld()
		w.both("Max", "max")
		w.known(w.account("Jane", "jane"), anchor("jane"))
		w.known(w.account("Jane 2", "jane2"), anchor("jane"))
		w.expect(t, "failed Jane: anchor not unique", "failed Jane 2: anchor not unique", "unchanged Max")
	})
}
