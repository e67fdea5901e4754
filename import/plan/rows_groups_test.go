package plan_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// The rows of the decision table about groups.
func TestRowsGroups(t *testing.T) {
	t.Run("row 34 join", func(t *testing.T) {
		w := newWorld()
		u, a := w.both("Jane", "jane")
		u.MemberOf = []string{"CN=T-VIEW", "CN=t-Admin"}
		p := w.expect(t, "join Jane p-View: group_map", "join? Jane p-Admin: group_map")
		assert.True(t, p.Questions[0].Single, "a privileged group is never decided with others")
		w.groups[2].Why, w.groups[2].Listed = "", true
		p = w.expect(t, "join Jane p-View: group_map", "join? Jane p-Admin: group_map")
		assert.False(t, p.Questions[0].Single)
		a.MemberOf[sid("p-View")], a.MemberOf[sid("p-Admin")] = true, true
		w.expect(t, "unchanged Jane")
		w.cfg.GroupMap["*"] = schema.OneOrMore{"CN=p-Edit"}
		w.expect(t, "join Jane p-Edit: group_map")
	})
	t.Run("row 35 leave", func(t *testing.T) {
		w := newWorld()
		_, a := w.both("Jane", "jane")
		a.MemberOf[sid("p-View")], a.MemberOf[sid("p-Admin")] = true, true
		w.expect(t, "leave Jane p-Admin: group_map", "leave Jane p-View: group_map")
		w.cfg.Approve.Leave = true
		w.expect(t, "leave? Jane p-Admin: group_map", "leave? Jane p-View: group_map")
	})
	t.Run("row 36 rejected", func(t *testing.T) {
		w := newWorld()
		u, a := w.both("Jane", "jane")
		u.MemberOf = []string{"t-Admin"}
		a.MemberOf[sid("p-View")] = true
		w.keep(plan.Join, u, func(r *schema.Resolution) { r.Group = "P-Admin" })
		w.keep(plan.Leave, u, func(r *schema.Resolution) { r.GroupSID = string(sid("p-View")) })
		p := w.expect(t, "refused join Jane p-Admin", "refused leave Jane p-View", "unchanged Jane")
		assert.Len(t, p.Kept, 2)
		u.MemberOf = []string{"t-View"} // the relations changed
		p = w.expect(t, "unchanged Jane")
		assert.Len(t, p.Lapsed, 2)
		w.users = nil // and a rejected leave does not keep a leaver in
		w.expect(t, "disable Jane: missing in file [userAccountControl 512>514]", "leave Jane p-View: missing in file")
	})
	t.Run("row 36 rejected of a group that was made anew", func(t *testing.T) {
		w := newWorld()
		u, _ := w.both("Jane", "jane")
		u.MemberOf = []string{"t-View"}
		w.keep(plan.Join, u, func(r *schema.Resolution) { r.Group, r.GroupSID = "p-View", "S-1-5-21-1-2-3-4711" })
		w.expect(t, "refused join Jane p-View", "unchanged Jane")
		w.keep(plan.Join, u, func(r *schema.Resolution) { r.Group, r.GroupSID = "p-View", string(sid("p-Admin")) })
		w.kept = w.kept[1:]
		w.expect(t, "join Jane p-View: group_map") // of another group that is mapped, too
	})
	t.Run("row 36 rejected, whatever the group is", func(t *testing.T) {
		w := newWorld()
		u, a := w.both("Jane", "jane")
		u.MemberOf = []string{"t-Admin"}
		w.keep(plan.Join, u, func(r *schema.Resolution) { r.GroupSID = string(sid("p-Admin")) })
		w.keep(plan.Leave, u, func(r *schema.Resolution) { r.GroupSID = string(sid("p-View")) })
		for _, change := range []func(){
			func() {},
			func() { w.groups[2].Why = "" }, // guarded no more
			func() { a.MemberOf[sid("p-Admin")] = true },  // put in by hand, and taken out
			func() { a.MemberOf[sid("p-Admin")] = false }, //
			func() { a.MemberOf[sid("p-View")] = true },   // out of the other by hand, and back
			func() { u.Disabled = true },
			func() { u.MemberOf = nil }, // as leavers often lose their groups
			func() { u.Disabled, u.MemberOf = false, []string{"t-Admin"} },
		} {
			change()
			p := w.plan()
			for _, action := range p.Actions {
				assert.Nil(t, action.Group, "%v", readable(p))
			}
			assert.Len(t, p.Kept, 2)
			w.kept, w.memory.Asked = p.Kept, p.Asked
		}
		w.accounts = nil // deleted by hand
		assert.Equal(t, plan.Join, plan.Kind(w.plan().Kept[0].Type))
		w.accounts = []*plan.Account{a}
		w.kept = w.kept[1:] // ask again
		w.expect(t, "join? Jane p-Admin: group_map", "refused leave Jane p-View")
		u.MemberOf, w.memory.Asked = nil, w.plan().Asked
		w.memory.Asked = w.plan().Asked
		u.MemberOf = []string{"t-Admin"}
		w.expect(t, "join Jane p-Admin: group_map", "refused leave Jane p-View")
	})
	t.Run("row 36 rejected, and the person is missing for a while", func(t *testing.T) {
		w := newWorld()
		u, _ := w.both("Jane", "jane")
		u.MemberOf = []string{"t-Admin"}
		w.keep(plan.Join, u, func(r *schema.Resolution) { r.GroupSID = string(sid("p-Admin")) })
		there := w.users
		w.users = nil
		p := w.plan()
		assert.Empty(t, p.Lapsed)
		w.kept, w.users = p.Kept, there
		w.groups[2].Why = "" // guarded no more
		w.expect(t, "refused join Jane p-Admin", "unchanged Jane")
	})
	t.Run("row 34 asked before", func(t *testing.T) {
		for _, c := range []struct {
			name     string
			guard    func(g *plan.Group)
			unguard  func(g *plan.Group)
			unasked  bool
			accounts bool
		}{
			{"privileged, then not", func(g *plan.Group) { g.Why = "nested in Domain Admins" }, func(g *plan.Group) { g.Why = "" }, false, true},
			{"privileged, then not, of somebody new", func(g *plan.Group) { g.Why = "nested in Domain Admins" }, func(g *plan.Group) { g.Why = "" }, false, false},
			{"listed, then taken out", func(g *plan.Group) { g.Listed = true }, func(g *plan.Group) { g.Listed = false }, true, true},
			{"both, then neither", func(g *plan.Group) { g.Listed, g.Why = true, "nested in Domain Admins" }, func(g *plan.Group) { g.Listed, g.Why = false, "" }, false, true},
		} {
			w := newWorld()
			u := w.user("Jane", "jane")
			u.MemberOf = []string{"t-View"}
			if c.accounts {
				w.known(w.account("Jane", "jane"), anchor("jane"))
			}
			asked := func() string { return strings.Join(readable(w.plan()), "\n") }
			again := func() { w.memory.Asked = w.plan().Asked }
			c.guard(w.groups[0])
			require.Contains(t, asked(), "join? Jane p-View", c.name)
			again()
			c.unguard(w.groups[0])
			if c.unasked {
				assert.Contains(t, asked(), "join Jane p-View", c.name)
				continue
			}
			for range 2 {
				assert.Contains(t, asked(), "join? Jane p-View", c.name)
				again()
			}
			u.Disabled = true
			again()
			u.Disabled, w.groups[0].Missing = false, "gone"
			again()
			w.groups[0].Missing = ""
			assert.Contains(t, asked(), "join? Jane p-View", c.name)
			u.MemberOf = nil
			again()
			u.MemberOf = []string{"t-View"}
			assert.Contains(t, asked(), "join Jane p-View", c.name+": the file gave it up in between")
		}
	})
	t.Run("rule 09 consent to a join is to what guards the group", func(t *testing.T) {
		w := newWorld()
		u, _ := w.both("Jane", "jane")
		u.MemberOf = []string{"t-View"}
		g := w.groups[0]
		seen := map[string]bool{}
		for _, change := range []func(){
			func() { g.Listed = true },
			func() { g.Why, g.Reaches = "nested in Domain Admins", []adrules.SID{"S-1-5-21-1-2-3-512"} },
			func() { g.Listed = false },
			func() { g.Reaches = append(g.Reaches, "S-1-5-21-1-2-3-519") },
		} {
			change()
			q := w.expect(t, "join? Jane p-View: group_map").Questions[0]
			assert.False(t, seen[q.ID])
			seen[q.ID] = true
			g.Within = append(g.Within, "p-Everybody")
			assert.Equal(t, q.ID, w.plan().Questions[0].ID, "the approver may see more than the import")
		}
	})
	t.Run("row 36a in a group that became guarded", func(t *testing.T) {
		w := newWorld()
		u, a := w.both("Jane", "jane")
		g := w.groups[0]
		u.MemberOf, a.MemberOf[g.SID] = []string{"t-View"}, true
		joined := func(j plan.Joined) {
			w.remember(a, func(r *plan.Remembered) { r.Joined = plan.Joins{}.With(g.SID, j) })
		}
		joined(plan.Joined{At: longAgo})
		w.expect(t, "unchanged Jane")
		g.Listed = true
		for _, j := range []plan.Joined{{By: "anna"}, {Before: true}} {
			joined(j)
			w.expect(t, "unchanged Jane")
		}
		w.remember(a, func(r *plan.Remembered) { r.Joined = nil })
		w.expect(t, "unchanged Jane") // by hand, or of an older ledger
		joined(plan.Joined{At: longAgo})
		q := w.expect(t, "join? Jane p-View: in a group that became guarded").Questions[0]
		assert.False(t, q.Single)
		assert.Empty(t, w.plan().Failed)
		a.MemberOf[g.SID] = false // out by hand
		assert.NotEqual(t, q.ID, w.plan().Questions[0].ID, "consent to stay is none to be put in again")
		a.MemberOf[g.SID] = true

		g.Why = "nested in Domain Admins"
		assert.True(t, w.expect(t, "join? Jane p-View: in a group that became guarded").Questions[0].Single)
		w.agree(t, func(a *plan.Answer) { a.By = "anna" })
		p := w.expect(t, "join Jane p-View: in a group that became guarded")
		assert.True(t, p.Actions[0].Stays)
		assert.Equal(t, plan.Joined{At: now, By: "anna", Guard: "listed, privileged"}, plan.JoinedBy(&p.Actions[0], now))

		w.answers = nil
		w.keep(plan.Join, u, func(r *schema.Resolution) { r.GroupSID, r.By = string(g.SID), "anna" })
		p = w.expect(t, "leave Jane p-View: rejected", "refused join Jane p-View")
		assert.Equal(t, "anna", p.Actions[0].Answer.By)
		assert.Len(t, p.Kept, 1)
		a.MemberOf[g.SID] = false
		w.expect(t, "refused join Jane p-View", "unchanged Jane")
		joined(plan.Joined{By: "anna", Guard: "listed, privileged"})
		a.MemberOf[g.SID] = true
		w.expect(t, "unchanged Jane") // agreed to, or by hand: not ours to take out
	})
	t.Run("row 36a by a run that was killed", func(t *testing.T) {
		w := newWorld()
		u, a := w.both("Jane", "jane")
		u.MemberOf = []string{"t-View"}
		a.MemberOf[w.groups[0].SID], w.groups[0].Listed = true, true
		delete(w.memory.Accounts, a.GUID)
		a.Created = now
		w.memory.Intended[anchor("jane")] = now
		q := w.expect(t, "join? Jane p-View: in a group that became guarded").Questions[0]
		for _, f := range q.Decision {
			assert.NotEqual(t, plan.FieldMemberSince, f.Code, "nobody knows since when")
		}
	})
	t.Run("row 36a in a group that became privileged after it was agreed", func(t *testing.T) {
		w := newWorld()
		u, a := w.both("Jane", "jane")
		g := w.groups[0]
		u.MemberOf, a.MemberOf[g.SID] = []string{"t-View"}, true
		for guard, asked := range map[plan.Guard]bool{"listed": true, "listed, nested": true, "": true, "privileged": false, "listed, privileged": false} {
			w.remember(a, func(r *plan.Remembered) {
				r.Joined = plan.Joins{}.With(g.SID, plan.Joined{At: longAgo, By: "anna", Guard: guard})
			})
			g.Listed, g.Why = true, ""
			w.expect(t, "unchanged Jane")
			g.Listed, g.Under = false, "nested in what is listed"
			w.expect(t, "unchanged Jane")
			g.Why = "nested in Domain Admins"
			if !asked {
				w.expect(t, "unchanged Jane")
				continue
			}
			q := w.expect(t, "join? Jane p-View: in a group that became privileged").Questions[0]
			assert.True(t, q.Single)
			assert.Contains(t, q.Context, plan.Field{Code: plan.FieldAgreedBefore, After: []string{"anna"}})
			w.cfg.AcceptFromFile = true
			w.keep(plan.Join, u, func(r *schema.Resolution) { r.GroupSID, r.Accept = string(g.SID), true })
			w.expect(t, "join? Jane p-View: in a group that became privileged") // not from a file
			w.kept = nil
			w.agree(t, func(a *plan.Answer) { a.By = "bert" })
			p := w.expect(t, "join Jane p-View: in a group that became privileged")
			assert.True(t, p.Actions[0].Stays)
			assert.Equal(t, "bert", plan.JoinedBy(&p.Actions[0], now).By)
			w.answers = nil
			w.keep(plan.Join, u, func(r *schema.Resolution) { r.GroupSID, r.By = string(g.SID), "carl" })
			w.expect(t, "leave Jane p-View: rejected", "refused join Jane p-View")
			w.kept = nil
		}
		w.remember(a, func(r *plan.Remembered) {
			r.Joined = plan.Joins{}.With(g.SID, plan.Joined{Before: true, Guard: plan.GuardPrivileged})
		})
		w.expect(t, "unchanged Jane") // from before consent was recorded
	})
}
