package plan_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// said is what a plan tells of what it does not do.
func said(p plan.Plan) string {
	text := strings.Join(p.Notices, "\n")
	for _, n := range p.Failed {
		text += "\n" + n.Detail
	}
	return text
}

// What a file of the new domain cannot bring about, and what waits for a person.
func TestRowsMigratedHostile(t *testing.T) {
	t.Run("row 72 a former objectGUID that the file has itself", func(t *testing.T) {
		w := migrating()
		a := w.formerly("Jane", "jane")
		eve := w.user("Eve Evil", "eve")
		eve.ObjectGUID, eve.MemberOf = a.Anchor.ObjectGUID, []string{"t-View"}
		p := w.plan()
		assert.Empty(t, p.Actions, "nothing unasked")
		assert.Len(t, p.Questions, 1)
	})
	t.Run("row 40 a map does not let an account out of sight be forgotten", func(t *testing.T) {
		w := migrating()
		w.both("Max", "max")
		carl := w.formerly("Carl", "carl")
		w.accounts = w.accounts[:1]
		w.remember(carl, func(r *plan.Remembered) {
			r.Enabled, r.Seen = true, plan.Sight{DN: carl.DN, CN: carl.CN, AccountName: carl.AccountName, At: longAgo}
		})
		w.file.Migrated.Users = []schema.MigratedUser{{ObjectGUID: anchor("max"), Former: carl.Anchor.ObjectGUID, By: schema.ByEmployeeID}}
		p := w.plan()
		assert.Empty(t, p.Forget, "it worked when it was seen last")
		assert.Contains(t, said(p), "seen nowhere")
	})
	t.Run("row 72 waits, and someone can agree", func(t *testing.T) {
		for name, change := range map[string]func(*world){
			"no one fits": func(w *world) { w.formerly("Carl", "carl"); w.user("Nina", "nina") },
			"all were rejected": func(w *world) {
				a := w.formerly("Jane", "jane")
				w.keep(plan.Adopt, w.moved("Jane", "jane", a), func(r *schema.Resolution) { r.Account, r.FormerAnchor = a.GUID.String(), a.Anchor.ObjectGUID })
			},
			"the ledger is put back from before": func(w *world) {
				a := w.formerly("Jane", "jane")
				a.Anchor = plan.Anchor{ObjectGUID: w.moved("Jane", "jane", a).ObjectGUID, Domain: sourceName}
			},
		} {
			w := migrating()
			w.migrating.Waits = true
			change(w)
			assert.NotEmpty(t, w.plan().Questions, "%s: the import stands still for ever", name)
		}
	})
	t.Run("row 72 waits, and nothing lapses", func(t *testing.T) {
		w := migrating()
		w.migrating.Waits = true
		w.moved("Jane", "jane", w.formerly("Jane", "jane"))
		carl := w.formerly("Carl", "carl")
		carl.MemberOf[sid("p-View")] = true
		w.keep(plan.Leave, &schema.User{CN: "Carl", ObjectGUID: carl.Anchor.ObjectGUID}, func(r *schema.Resolution) { r.Group, r.GroupSID = "p-View", string(sid("p-View")) })
		assert.Empty(t, w.plan().Lapsed)
	})
	t.Run("row 72 given name and surname differ", func(t *testing.T) {
		w, u, a := numbered()
		w.migrating, w.file.Migrated = plan.Migrating{From: formerName}, &schema.Migrated{From: formerName}
		a.Anchor.Domain, a.Control = formerName, 512
		w.file.Migrated.Users = []schema.MigratedUser{{ObjectGUID: u.ObjectGUID, Former: a.Anchor.ObjectGUID, By: schema.BySIDHistory}}
		u.CN, u.SAMAccountName = "Eve Evil", "jdoe"
		say(u, "givenName", "Eve", "sn", "Evil")
		u.Attributes.Delete("employeeID")
		require.Len(t, w.plan().Questions, 1)
		assert.True(t, w.plan().Questions[0].Single)
	})
	t.Run("row 73a who left and was disabled here by hand leaves guarded groups", func(t *testing.T) {
		for name, of := range map[string]func() (*world, *plan.Account){
			"row 73": func() (*world, *plan.Account) {
				w := migrating()
				w.both("Max", "max")
				return w, w.formerly("Carl", "carl")
			},
			"row 71": func() (*world, *plan.Account) {
				w := newWorld()
				w.both("Max", "max")
				return w, w.anchoredBefore("Carl", "carl")
			},
		} {
			w, a := of()
			a.Control, a.MemberOf = 514, map[adrules.SID]bool{sid("p-Admin"): true}
			p := w.plan()
			assert.Contains(t, readableOf(p)+said(p), "p-Admin", name)
			for i := range w.groups {
				w.groups[i].Missing = "it was renamed"
			}
			assert.Contains(t, said(w.plan()), "is in p-Admin still", "%s: also of a group that was renamed", name)
			assert.NotContains(t, said(w.plan()), "is decided about", name)
		}
	})
	t.Run("row 72 a number that only the account has", func(t *testing.T) {
		for _, none := range []string{"", "0", "n/a"} {
			w, u, a := numbered()
			w.migrating, w.file.Migrated = plan.Migrating{From: formerName}, &schema.Migrated{From: formerName}
			a.Anchor.Domain, a.Control = formerName, 512
			w.file.Migrated.Users = []schema.MigratedUser{{ObjectGUID: u.ObjectGUID, Former: a.Anchor.ObjectGUID, By: schema.BySIDHistory}}
			u.SAMAccountName = "jdoe"
			u.Attributes.Set("employeeID", value(none))
			q := w.plan().Questions[0]
			assert.True(t, q.Single, none)
			assert.Contains(t, strings.Join(decision(q, plan.FieldEvidence), "\n"), "here, and the file has none", none)
		}
	})
	t.Run("row 72 one name, and a number that is none", func(t *testing.T) {
		w, u, a := numbered()
		w.migrating, w.file.Migrated = plan.Migrating{From: formerName}, &schema.Migrated{From: formerName}
		a.Anchor.Domain, a.Control = formerName, 512
		u.CN, u.SAMAccountName = "Somebody Else", "jdoe"
		for number, asked := range map[string]bool{"4711": true, "0": false} {
			u.Attributes.Set("employeeID", value(number))
			a.Values.Set("employeeid", schema.Value{List: []string{number}})
			assert.Equal(t, asked, slices.ContainsFunc(w.plan().Questions, func(q plan.Question) bool { return q.Reason == plan.Migrated }), number)
		}
	})
	t.Run("row 72 the anchor of the same objectGUID is written anew", func(t *testing.T) {
		w := migrating()
		a := w.formerly("Jane", "jane")
		u := w.user("Jane", "jane")
		u.ObjectGUID = a.Anchor.ObjectGUID
		w.agree(t, nil)
		p := w.expect(t, "adopt Jane: answered [anchor]")
		assert.Equal(t, []string{"ad-user-sync:" + u.ObjectGUID + "@" + sourceName}, p.Actions[0].Changes[0].After)
	})
	t.Run("row 73 no one gets an account who was someone without one", func(t *testing.T) {
		w := migrating()
		w.formerly("Carl", "carl")
		u := w.user("Charles", "charles")
		w.file.Migrated.Users = []schema.MigratedUser{{ObjectGUID: u.ObjectGUID, Former: anchor("somebody"), By: schema.BySIDHistory}}
		assert.Len(t, w.expect(t, "disable? Carl: not among the migrated").Held, 1)
	})
}
