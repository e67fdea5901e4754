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

// lost is someone whose account was seen a day ago, and is seen nowhere now.
func (w *world) lost(cn, name string, enabled bool) adrules.GUID {
	a := newAccount(cn, name)
	w.memory.Accounts[a.GUID] = plan.Remembered{Anchor: anchor(name), How: plan.HowCreated, WasEnabled: enabled, Enabled: enabled,
		Seen: plan.Sight{DN: a.DN, CN: cn, AccountName: name, At: now.AddDate(0, 0, -1)}}
	return a.GUID
}

// The rows of the decision table about accounts that are seen nowhere.
func TestRowsGone(t *testing.T) {
	t.Run("row 39 of somebody who is active", func(t *testing.T) {
		w := newWorld()
		w.both("Max", "max")
		u := w.user("Jane", "jane")
		u.MemberOf = []string{"t-View"}
		former := w.lost("Jane", "jane", true)
		p := w.expect(t, "create? Jane: seen nowhere", "unchanged Max")
		q := p.Questions[0]
		assert.Equal(t, []string{"CN=Jane,OU=Partners,DC=plant,DC=example (account name jane, objectGUID " + former.String() + "), enabled on 2026-11-21"}, q.Context[0].After)
		w.cfg.AcceptFromFile = true // a file does not know what someone looked for and did not find
		w.keep(plan.Create, u, func(r *schema.Resolution) { r.Accept = true })
		assert.Len(t, w.plan().Questions, 1)
		w.kept = nil
		w.agree(t, nil)
		p = w.expect(t, "create Jane: seen nowhere", "join Jane p-View: group_map", "enable? Jane: new", "unchanged Max")
		assert.Equal(t, former, p.Actions[0].Former)
		assert.NotNil(t, p.Actions[0].Answer)
		assert.Empty(t, p.Forget, "only once it is made")
		w.answers = nil
		w.keep(plan.Create, u, nil)
		w.expect(t, "refused create Jane", "skipped Jane: rejected", "unchanged Max")
		assert.Len(t, w.plan().Kept, 1)
	})
	t.Run("row 39 called otherwise meanwhile", func(t *testing.T) {
		w := newWorld()
		u := w.user("Jane Smith", "jane")
		u.SAMAccountName = "jsmith"
		w.lost("Jane", "jane", true)
		w.expect(t, "create? Jane Smith: seen nowhere")
	})
	t.Run("row 39 keeps the common name for whoever had it", func(t *testing.T) {
		w := newWorld()
		w.user("Jane", "jane")
		w.lost("Jane", "jane", true)
		u := w.user("Jane", "jane2")
		w.expect(t, "create Jane (jane2): namesake", "enable? Jane (jane2): new", "create? Jane: seen nowhere")
		w.known(w.account("Jane (jane2)", "jane2"), u.ObjectGUID)
		w.expect(t, "create? Jane: seen nowhere", "unchanged Jane (jane2)")
	})
	t.Run("row 39 once another one was made", func(t *testing.T) {
		w := newWorld()
		w.both("Jane", "jane")
		former := adrules.GUID{7}
		w.memory.Accounts[former] = plan.Remembered{Anchor: anchor("jane"), How: plan.HowCreated, WasEnabled: true}
		p := w.expect(t, "unchanged Jane")
		assert.Equal(t, []adrules.GUID{former}, p.Forget)
	})
	t.Run("row 39 the former one comes back", func(t *testing.T) {
		w := newWorld()
		w.both("Jane", "jane")
		former := w.account("Jane (old)", "jane.old")
		former.Anchor = plan.Anchor{ObjectGUID: anchor("jane"), Domain: sourceName}
		w.memory.Deleted = map[adrules.GUID]bool{former.GUID: true}
		w.expect(t, "failed Jane (old): back again", "unchanged Jane")
		w.users = w.users[:0]
		w.user("Max", "max").Disabled = true
		w.expect(t, "disable Jane: missing in file [userAccountControl 512>514]", "skipped Max: disabled in source", "failed Jane (old): back again")
		former.Control = 514
		former.MemberOf = map[adrules.SID]bool{sid("p-View"): true}
		w.expect(t, "disable Jane: missing in file [userAccountControl 512>514]", "skipped Max: disabled in source", "failed Jane (old): back again")
		former.MemberOf = nil
		w.expect(t, "disable Jane: missing in file [userAccountControl 512>514]", "skipped Max: disabled in source", "reported Jane (old): unmanaged")
	})
	t.Run("row 39 the former one comes back, and is protected", func(t *testing.T) {
		w := newWorld()
		w.both("Max", "max")
		w.user("Jane", "jane").Disabled = true
		a := w.account("Jane", "jane")
		a.Anchor = plan.Anchor{ObjectGUID: anchor("jane"), Domain: sourceName}
		protect(a)
		w.expect(t, "skipped Jane: protected", "unchanged Max")
		w.memory.Deleted = map[adrules.GUID]bool{a.GUID: true}
		w.expect(t, "failed Jane: protected", "unchanged Max")
		a.Control = 514
		w.expect(t, "skipped Jane: protected", "unchanged Max")
		a.MemberOf = map[adrules.SID]bool{sid("p-View"): true}
		p := w.expect(t, "failed Jane: protected", "unchanged Max")
		assert.Contains(t, p.Failed[0].Detail, "take it out of p-View by hand")
	})
	t.Run("row 39 in files without anchors", func(t *testing.T) {
		w := newWorld()
		u := w.user("Jane", "jane")
		w.older()
		guid := w.lost("Jane", "jane", true)
		known := w.memory.Accounts[guid]
		known.Anchor = ""
		w.memory.Accounts[guid] = known
		w.expect(t, "create? Jane: seen nowhere")
		w.keep(plan.Create, u, nil)
		w.expect(t, "refused create Jane", "skipped Jane: rejected")
	})
	t.Run("row 40 enabled when it was seen last", func(t *testing.T) {
		w := newWorld()
		w.both("Max", "max")
		u := w.user("Jane", "jane")
		u.Disabled = true
		guid := w.lost("Jane", "jane", true)
		for range 2 {
			p := w.expect(t, "failed Jane: seen nowhere", "unchanged Max")
			assert.Contains(t, p.Failed[0].Detail, "disabled in source, while the account CN=Jane,OU=Partners,DC=plant,DC=example (account name jane, objectGUID "+guid.String()+"), enabled on 2026-11-21, is seen nowhere")
			assert.Contains(t, p.Failed[0].Detail, "resolutions forget --deleted "+guid.String())
			known := w.memory.Accounts[guid]
			known.Gone = now.AddDate(-3, 0, 0)
			w.memory.Accounts[guid] = known
		}
		w.users = w.users[:1]
		p := w.expect(t, "failed Jane: seen nowhere", "unchanged Max")
		assert.Contains(t, p.Failed[0].Detail, "missing in file, while")
		assert.Empty(t, p.Forget)
	})
	t.Run("row 40 as an earlier version of the ledger knows it", func(t *testing.T) {
		w := newWorld()
		w.both("Max", "max")
		w.memory.Accounts[adrules.GUID{7}] = plan.Remembered{Anchor: anchor("jane"), How: plan.HowCreated, WasEnabled: true}
		w.memory.Accounts[adrules.GUID{8}] = plan.Remembered{Anchor: anchor("carl"), How: plan.HowCreated, WasEnabled: true, DisabledFor: plan.MissingInFile}
		w.memory.Accounts[adrules.GUID{9}] = plan.Remembered{Meant: anchor("dora")} // never ours
		p := w.expect(t, "failed objectGUID "+adrules.GUID{7}.String()+": seen nowhere", "unchanged Max")
		assert.Contains(t, strings.Join(p.Notices, "\n"), "seen nowhere now: objectGUID "+adrules.GUID{8}.String()+". Most likely")
	})
	t.Run("row 40 disabled when it was seen last", func(t *testing.T) {
		w := newWorld()
		w.both("Max", "max")
		guid := w.lost("Jane", "jane", false)
		gone := func(since time.Time) plan.Plan {
			known := w.memory.Accounts[guid]
			known.Gone = since
			w.memory.Accounts[guid] = known
			return w.expect(t, "unchanged Max")
		}
		p := gone(time.Time{})
		assert.Contains(t, strings.Join(p.Notices, "\n"), "seen nowhere now: CN=Jane,OU=Partners")
		for _, days := range []int{1, 180} { // it may be restored
			p = gone(now.AddDate(0, 0, -days))
			assert.NotContains(t, strings.Join(p.Notices, "\n"), "seen nowhere", "once is enough")
			assert.Empty(t, p.Forget)
		}
		assert.Equal(t, []adrules.GUID{guid}, gone(now.AddDate(0, 0, -181)).Forget)
	})
	t.Run("row 40 what a group names is there", func(t *testing.T) {
		w := newWorld()
		w.both("Max", "max")
		u := w.user("Jane Smith", "jane") // renamed
		w.lost("Jane", "jane", true)
		w.unseen = []plan.Unseen{{DN: "CN=Jane,OU=Partners,DC=plant,DC=example", Parent: containerDN, CN: "Jane", Groups: []string{"p-View"}}}
		w.expect(t, "failed Jane Smith: out of sight", "unchanged Max")
		u.Disabled = true
		w.expect(t, "failed Jane Smith: out of sight", "unchanged Max")
		w.users = w.users[:1]
		w.expect(t, "failed Jane: out of sight", "unchanged Max")
		other := w.user("Other", "other")
		other.CN, other.SAMAccountName = "Jane", "jane" // someone else of the same names
		p := w.expect(t, "name? Jane: name taken", "failed Jane: out of sight", "unchanged Max")
		assert.Equal(t, "it cannot be read", p.Questions[0].Barred)
	})
	t.Run("row 40 what a group names is not forgotten, disabled as it is", func(t *testing.T) {
		w := newWorld()
		w.both("Max", "max")
		guid := w.lost("Jane", "jane", false)
		known := w.memory.Accounts[guid]
		known.Gone = now.AddDate(-3, 0, 0)
		w.memory.Accounts[guid] = known
		w.unseen = []plan.Unseen{{DN: "CN=Jane,OU=Partners,DC=plant,DC=example", Parent: containerDN, CN: "Jane", Groups: []string{"p-View"}}}
		assert.Empty(t, w.expect(t, "failed Jane: out of sight", "unchanged Max").Forget)
		w.unseen = nil
		assert.Equal(t, []adrules.GUID{guid}, w.expect(t, "unchanged Max").Forget)
	})
	t.Run("row 40 nobody knows whose it is", func(t *testing.T) {
		w := newWorld()
		w.both("Max", "max")
		w.user("Jane", "jane")
		w.unseen = []plan.Unseen{{DN: "CN=Jane,OU=Sub," + containerDN, Parent: "OU=Sub," + containerDN, CN: "Jane", Groups: []string{"p-View"}}}
		w.expect(t, "failed Jane: out of sight", "unchanged Max")
	})
}
