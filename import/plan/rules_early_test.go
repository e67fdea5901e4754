package plan_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// The users of the older tool decide about people before the import that makes
// their accounts.
func TestAcceptedEntriesOlderThanTheAccount(t *testing.T) {
	secret := schema.Secret("pass")
	fresh := func() (*world, *plan.Account) {
		w := newWorld()
		w.cfg.AcceptFromFile = true
		u, a := w.both("Jane", "jane")
		w.groups[0].Listed = true
		u.MemberOf = []string{"t-View"}
		a.Control, a.PasswordLastSet, a.Created = 514, 0, now.Add(-time.Hour)
		w.remember(a, func(r *plan.Remembered) { r.WasEnabled = false })
		before := func(r *schema.Resolution) { r.Anchor, r.Accept, r.Timestamp = "", true, now.AddDate(0, 0, -29) }
		w.keep(plan.Enable, u, func(r *schema.Resolution) { before(r); r.Password = &secret })
		w.keep(plan.Join, u, func(r *schema.Resolution) { before(r); r.Group = "p-View" })
		return w, a
	}
	t.Run("rule 28 older than the account", func(t *testing.T) {
		w, a := fresh()
		p := w.expect(t, "join Jane p-View: group_map", "enable Jane: new [userAccountControl 514>512]")
		assert.Equal(t, 1, p.Actions[1].Answer.Entry)
		assert.Equal(t, schema.Secret("pass"), p.Actions[1].Answer.Password)
		assert.Equal(t, "an entry of the resolutions file", p.Actions[0].Answer.By)
		assert.Equal(t, anchor("jane"), p.Kept[0].Anchor, "from now on it is this person's")
		w.memory.Made = map[string]int{plan.CNDigest("JANE"): 1}
		assert.Len(t, w.plan().Actions, 2)
		a.Created = now
		assert.Len(t, w.plan().Actions, 2)
	})
	for what, change := range map[string]func(w *world, a *plan.Account){
		"older than the last disable":                  func(w *world, a *plan.Account) { w.remember(a, func(r *plan.Remembered) { r.DisabledAt = now }) },
		"more than 30 days older than the account":     func(w *world, _ *plan.Account) { w.kept[0].Timestamp, w.kept[1].Timestamp = longAgo, longAgo },
		"which this program did not make":              func(w *world, a *plan.Account) { w.remember(a, func(r *plan.Remembered) { r.How = plan.HowAdopted }) },
		"which has been enabled before":                func(w *world, a *plan.Account) { w.remember(a, func(r *plan.Remembered) { r.WasEnabled = true }) },
		"several have its common name":                 func(w *world, _ *plan.Account) { w.user("jane", "jane2") },
		"made another of its common name before":       func(w *world, _ *plan.Account) { w.memory.Made = map[string]int{plan.CNDigest("Jane"): 2} },
		"may not read when the account was made":       func(_ *world, a *plan.Account) { a.Created = time.Time{} },
		"accepted in the file, and rejected by a page": nil,
	} {
		t.Run("rule 28 not carried out: "+what, func(t *testing.T) {
			w, a := fresh()
			if change == nil {
				w.keep(plan.Enable, w.users[0], nil)
				w.keep(plan.Join, w.users[0], func(r *schema.Resolution) { r.Group = "p-View" })
				assert.Len(t, w.plan().Refusals, 2)
				return
			}
			change(w, a)
			p := w.plan()
			for _, action := range p.Actions {
				assert.NotEqual(t, "Jane", action.Person.CN, "%v", readable(p))
			}
			assert.Contains(t, strings.Join(p.Notices, "\n"), what)
			assert.Contains(t, strings.Join(p.Notices, "\n"), "accepted entries of the resolutions file that are not carried out (join p-View)")
			assert.Len(t, p.Kept, 2, "they stay")
		})
	}
	t.Run("rule 27 a rejection counts also where nobody knows when the account was made", func(t *testing.T) {
		w, a := fresh()
		a.Created = time.Time{}
		for i := range w.kept {
			w.kept[i].Accept, w.kept[i].Password = false, nil
		}
		assert.Len(t, w.plan().Refusals, 2)
	})
	t.Run("rule 28 another letter is another name", func(t *testing.T) {
		w, _ := fresh()
		w.user("Jané", "jane2")
		assert.NotContains(t, strings.Join(w.plan().Notices, "\n"), "several have its common name")

		w = newWorld()
		w.cfg.AcceptFromFile = true
		w.user("Jose", "jjj")
		u := w.user("José", "jota")
		w.outside("Holder", "jota")
		w.older()
		w.keep(plan.Name, u, func(r *schema.Resolution) { r.Accept = true })
		assert.Contains(t, strings.Join(w.plan().Notices, "\n"), ": José")
	})
	t.Run("rule 28 once, and never a privileged group", func(t *testing.T) {
		w, _ := fresh()
		w.kept[0].Done, w.groups[0].Why = true, "nested in Domain Admins"
		p := w.expect(t, "enable? Jane: new", "join? Jane p-View: group_map")
		assert.Contains(t, strings.Join(p.Notices, "\n"), "(join p-View), since a person has to decide it alone: Jane")
	})
}
