package plan_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// What other synchronizing programs got wrong in production.
func TestBurns(t *testing.T) {
	t.Run("burn 08 a renamed person gets no second account", func(t *testing.T) {
		w := newWorld()
		u, _ := w.both("Jane Doe", "jdoe")
		u.CN, u.SAMAccountName = "Jane Smith", "jsmith"
		for _, a := range w.plan().Actions {
			assert.Equal(t, plan.Rename, a.Kind)
		}
	})
	t.Run("burn 26 a new person of an old name inherits no account", func(t *testing.T) {
		w := newWorld()
		w.both("Max", "max")
		old := w.known(w.account("Jane", "jane"), anchor("the old jane"))
		old.MemberOf[sid("p-Admin")] = true
		u := w.user("Jane", "jane")
		w.expect(t, "disable Jane: missing in file [userAccountControl 512>514]", "leave Jane p-Admin: missing in file",
			"adopt? Jane: made anew in the source", "unchanged Max")
		w.keep(plan.Adopt, u, nil)
		p := w.expect(t, "disable Jane: missing in file [userAccountControl 512>514]", "leave Jane p-Admin: missing in file",
			"name? Jane: name taken", "refused adopt Jane", "unchanged Max")
		w.kept = nil
		assert.Contains(t, p.Questions[0].Barred, "it is anchored for another person. Reject, or give another name; if it is the same person, clear adminDescription of "+old.DN)
		old.Anchor, old.Control, old.MemberOf = plan.Anchor{}, 514, nil // as that says
		p = w.expect(t, "adopt? Jane: matched by name", "unchanged Max")
		assert.Empty(t, p.Questions[0].Barred)
		w.agree(t, nil)
		w.expect(t, "adopt Jane: answered [anchor]", "unchanged Max")
	})
	t.Run("burn 18 members whom others added stay", func(t *testing.T) {
		w := newWorld()
		w.both("Jane", "jane")
		w.account("Local", "local").MemberOf[sid("p-View")] = true
		w.outside("Staff", "staff").MemberOf[sid("p-View")] = true
		w.expect(t, "reported Local: unmanaged", "unchanged Jane")
	})
	t.Run("burn 11 protected accounts are not taken over", func(t *testing.T) {
		w := newWorld()
		w.memory.Finished = false
		w.user("Admin", "adm")
		w.account("Admin", "adm").Protected = "adminCount is 1"
		w.expect(t, "skipped Admin: protected")
		w.accounts[0].CN = "Other"
		p := w.expect(t, "name? Admin: name taken", "reported Other: unmanaged")
		assert.Equal(t, "adminCount is 1", p.Questions[0].Barred)
	})
	t.Run("burn 30 a file without a key clears nothing", func(t *testing.T) {
		w := newWorld()
		_, a := w.both("Jane", "jane")
		a.Mail = "x@corp.example"
		a.Values.Set("mail", schema.Value{List: []string{"x@corp.example"}})
		a.Values.Set("manager", schema.Value{List: []string{"CN=Somebody"}})
		w.expect(t, "unchanged Jane")
	})
	t.Run("burn 23 account names over 20 characters are asked about, with one that fits", func(t *testing.T) {
		w := newWorld()
		w.user("Jane", "a-very-long-account-name")
		q := w.plan().Questions[0]
		assert.Len(t, q.Proposal, adrules.MaxAccountName)
		assert.Equal(t, plan.NameInvalid, q.Reason)
	})
	t.Run("two questions do not propose one name", func(t *testing.T) {
		w := newWorld()
		for i := range 4 {
			w.user(fmt.Sprint("P", i), fmt.Sprint("jane", []string{"!", "?", " ", "/"}[i]))
		}
		seen := map[string]bool{}
		for _, q := range w.plan().Questions {
			assert.False(t, seen[q.Proposal], q.Proposal)
			seen[q.Proposal] = true
		}
		assert.Len(t, seen, 4)
	})
	t.Run("burn 27 when accounts end should no file come", func(t *testing.T) {
		w := crowd(5)
		w.accounts[4].Expires = adrules.FileTime(longAgo) // by someone else
		w.accounts[0].Expires = lease - days(5)
		w.remember(w.accounts[0], func(r *plan.Remembered) { r.Expires = lease - days(5) }) // is extended
		w.accounts[1].Expires = 0
		w.accounts[2].Control, w.accounts[2].Expires = 514, lease-days(20)
		w.keep(plan.Enable, w.users[2], func(*schema.Resolution) {})
		p := w.plan()
		withinLease(t, adrules.FileTime(p.Ends.First), lease)
		assert.Equal(t, 2, p.Ends.Accounts)
	})
}
