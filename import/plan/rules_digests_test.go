package plan_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// What IDs are made of.
func TestRulesDigests(t *testing.T) {
	id := func(w *world) string { return w.plan().Questions[0].ID }
	t.Run("rule 09 enable", func(t *testing.T) {
		w := newWorld()
		u, a := w.both("Jane", "jane")
		a.Control = 514
		before := id(w)
		assert.Equal(t, before, id(w))
		a.LastLogon, a.Created = now, now.AddDate(0, -1, 0)
		assert.Equal(t, before, id(w), "context is not part of the decision")
		u.Attributes.Set("displayName", value("Jane Doe"))
		other := id(w)
		assert.NotEqual(t, before, other)
		w.remember(a, func(r *plan.Remembered) { r.DisabledFor = plan.MissingInFile })
		assert.NotEqual(t, other, id(w), "nor is one cause consent to another")
	})
	t.Run("rule 09 join", func(t *testing.T) {
		w := newWorld()
		u, _ := w.both("Jane", "jane")
		u.MemberOf = []string{"t-Admin"}
		before := id(w)
		w.groups[2].CN = "renamed"
		assert.Equal(t, before, id(w))
		w.groups[2].SID = sid("another group of that name")
		assert.NotEqual(t, before, id(w))
	})
	t.Run("rule 09 take over", func(t *testing.T) {
		w := newWorld()
		w.user("Jane", "jane")
		a := w.outside("Other", "jane")
		before := id(w)
		a.GUID = guid("another account of that name")
		assert.NotEqual(t, before, id(w))
	})
	t.Run("rule 09 what others may change while a page is open", func(t *testing.T) {
		changed := func(text string, w *world, change func()) {
			t.Helper()
			before := id(w)
			change()
			assert.NotEqual(t, before, id(w), text)
		}
		w := newWorld()
		u, a := w.both("Jane", "jane")
		a.Control = 514
		changed("end", w, func() { a.Expires = lease - days(9) })
		changed("password that may be kept", w, func() { a.PasswordLastSet++ })
		w.memory.Accounts[a.GUID] = plan.Remembered{Anchor: u.ObjectGUID, How: plan.HowCreated, Expires: lease, DisabledFor: plan.TakenOver}
		before := id(w)
		a.PasswordLastSet++
		assert.Equal(t, before, id(w), "it gets a new one")

		w = newWorld()
		u, _ = w.both("Jane", "jane")
		u.MemberOf = []string{"t-Admin"}
		changed("name", w, func() { u.CN = "John" })
		changed("another listed group around it", w, func() { w.groups[2].Under = "nested in p-Board" })

		for _, name := range []string{"jane", "jd"} { // asked about as the holder of the name, or for one name alike
			w = newWorld()
			u = w.user("Jane", "jane")
			u.MemberOf = []string{"t-Admin", "t-View"}
			if a = w.outside("Other", name); name != "jane" {
				a = w.account("Jane", name)
				a.Anchor = plan.Anchor{}
			}
			changed("name of the person", w, func() { u.CN, a.CN = "Jane B", "Jane B" })
			changed("UPN", w, func() { a.UPN = "other@plant.example" })
			changed("a group that is not mapped", w, func() { a.Groups = []string{"CN=Finance"} })
			changed("a guarded group that the file gives", w, func() { a.MemberOf = map[adrules.SID]bool{sid("p-Admin"): true} })
			assert.Contains(t, fmt.Sprint(w.plan().Questions[0].Context), "the account is in the guarded group p-Admin, and stays in it")
			a.MemberOf[sid("p-View")] = true
			changed("what its group leads into", w, func() { w.groups[0].Under = "nested in p-Board" })
		}
	})
	t.Run("rule 09 container", func(t *testing.T) {
		w := newWorld()
		w.user("Jane", "jane")
		before := id(w)
		w.container.GUID = guid("another container")
		assert.NotEqual(t, before, id(w))
	})
	t.Run("rule 10 what is typed is not part of it", func(t *testing.T) {
		w := newWorld()
		w.user("Jane", "not valid")
		before := id(w)
		w.answers = []plan.Answer{{ID: before, Accept: true, NewName: "not valid either"}}
		assert.Equal(t, before, id(w), "the question stays, and the name is judged")
		w.answers[0].NewName = "jane"
		assert.Equal(t, before, w.plan().Agreed[0].ID)
	})
	t.Run("rule 11 plan", func(t *testing.T) {
		w := crowd(3)
		w.users[0].Disabled = true
		before := w.plan().Digest
		w.accounts[1].Expires = lease - days(9) // an extension comes with the clock
		w.remember(w.accounts[1], func(r *plan.Remembered) { r.Expires = w.accounts[1].Expires })
		assert.Equal(t, before, w.plan().Digest)
		w.accounts[2].Control = 514 // nor does a question change what is done unasked
		assert.Equal(t, before, w.plan().Digest)
		w.users[1].Disabled = true
		assert.NotEqual(t, before, w.plan().Digest)
		w.users[1].Disabled = false
		in := w.input()
		in.FileHash = "another file"
		assert.NotEqual(t, before, plan.Make(in).Digest)
		w.accounts[1].MemberOf[sid("p-View")] = true // everybody unasked counts
		assert.NotEqual(t, before, w.plan().Digest)
	})
	t.Run("rule 11 what no action shows, and entries", func(t *testing.T) {
		digest := func(change func(*world, *plan.Input)) string {
			w := newWorld()
			u, _ := w.both("Jane", "jane")
			u.MemberOf = []string{"t-Admin"}
			w.cfg.AcceptFromFile, w.groups[2].Why, w.groups[2].Listed = true, "", true
			in := w.input()
			change(w, &in)
			return plan.Make(in).Digest
		}
		entry := func(_ *world, in *plan.Input) {
			in.Kept = []schema.Resolution{{Type: "join", User: "Jane", Anchor: in.File.Users[0].ObjectGUID, Group: "p-Admin", Accept: true, Timestamp: now}}
		}
		found := map[string]string{}
		for name, change := range map[string]func(*world, *plan.Input){
			"as it is":           func(*world, *plan.Input) {},
			"an entry":           entry,
			"its group":          func(w *world, in *plan.Input) { entry(w, in); in.Observed.Groups[2].Under = "nested in p-Board" },
			"another container":  func(_ *world, in *plan.Input) { in.Observed.Container.GUID = guid("another container") },
			"no end":             func(w *world, _ *plan.Input) { w.cfg.ExpirationTime = nil },
			"end of the source":  func(w *world, _ *plan.Input) { w.cfg.SourceExpiry = "ignore" },
			"time zone":          func(w *world, _ *plan.Input) { w.cfg.TimeZone = "Asia/Tokyo" },
			"password stays":     func(w *world, _ *plan.Input) { w.cfg.UsersCanNotChangePassword = true },
			"password is theirs": func(w *world, _ *plan.Input) { w.cfg.UsersMustChangePassword = true },
		} {
			d := digest(change)
			assert.Empty(t, found[d], name)
			found[d] = name
		}
	})
}
