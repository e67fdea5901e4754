package plan_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// cameOver is numbered for another source: Jane's account is that of an import from
// works.example, which has disabled it.
func cameOver() (*world, *schema.User, *plan.Account) {
	w, u, a := numbered()
	a.Anchor.Domain = "works.example"
	delete(w.memory.Accounts, a.GUID)
	return w, u, a
}

// ofWorks puts someone of works.example into the container whom this import never knew.
func ofWorks(w *world) {
	w.account("Wim", "wim").Anchor = plan.Anchor{ObjectGUID: anchor("wim of works"), Domain: "works.example"}
}

// over is Jane, disabled in the source, whose account is anchored for works.example.
func over() (*world, *plan.Account) {
	w, _, a := numbered()
	old := w.user("Jane Doe", "jdoe")
	old.ObjectGUID, old.Disabled, old.MemberOf = anchor("the old jane"), true, []string{"t-View", "t-Admin"}
	w.users = []*schema.User{w.users[0], old}
	w.remember(a, func(r *plan.Remembered) { r.DisabledFor = plan.DisabledInSource })
	a.Anchor = plan.Anchor{ObjectGUID: anchor("jane of works"), Domain: "works.example"}
	return w, a
}

func toldBy(p plan.Plan) string {
	text := strings.Join(p.Notices, "\n")
	for _, n := range p.Failed {
		text += "\n" + n.Detail
	}
	return text
}

func overOf(p plan.Plan) (list []plan.Question) {
	for _, q := range p.Questions {
		if q.Reason == plan.CameOver {
			list = append(list, q)
		}
	}
	return list
}

// Two sources have their people in one domain, each with a configuration of its own.
func TestRowsCameOver(t *testing.T) {
	t.Run("row 50 who left the other source is asked about, and never doubled", func(t *testing.T) {
		w, u, a := cameOver()
		p := w.expect(t, "adopt? Doe, Jane: came from another source", "reported Jane Doe: anchored for another source", "unchanged Max")
		q := p.Questions[0]
		assert.True(t, q.Single, "whatever agrees")
		assert.False(t, q.MayKeep)
		assert.Empty(t, q.Barred)
		assert.Equal(t, a.Anchor.ObjectGUID, q.Former)
		assert.Contains(t, strings.Join(evidenceOf(q), "; "), "the import of works.example gave the account to one of its people")
		w.agree(t, func(x *plan.Answer) { x.Keeps = &plan.Keeps{Password: true, Memberships: true} })
		p = w.plan()
		require.NotEmpty(t, p.Actions)
		assert.Equal(t, "adopt Doe, Jane: answered", strings.Join(strings.Fields(readable(p)[0])[:4], " "))
		assert.Equal(t, &plan.Keeps{}, p.Actions[0].Keeps, "with a new password only")
		assert.Empty(t, p.Actions[0].Replaces, "no answer of another import counts here")
		assert.False(t, p.Actions[0].MoveIn)
		w.answers, w.cfg.AcceptFromFile = nil, true
		w.keep(plan.Adopt, u, func(r *schema.Resolution) { r.Accept = true })
		assert.Len(t, overOf(w.plan()), 1, "a file cannot know")
	})
	t.Run("row 50 what cannot be had", func(t *testing.T) {
		for text, change := range map[string]func(*world, *plan.Account){
			"it works for someone of works.example": func(_ *world, a *plan.Account) { a.Control = 512 },
			"adminCount is 1":                       func(_ *world, a *plan.Account) { a.Protected = "adminCount is 1" },
			"still in p-Admin":                      func(_ *world, a *plan.Account) { a.MemberOf[sid("p-Admin")] = true },
		} {
			w, _, a := cameOver()
			change(w, a)
			q := overOf(w.plan())
			require.Len(t, q, 1, text)
			assert.Contains(t, q[0].Barred, text)
			w.answers = []plan.Answer{{ID: q[0].ID, Accept: true}}
			assert.Empty(t, w.plan().Actions, "neither taken over nor doubled: %s", text)
		}
	})
	t.Run("row 50 in the container of the other source", func(t *testing.T) {
		w, u, a := cameOver()
		outOfContainer(w, a)
		u.CN, u.SAMAccountName = "Jane Doe", "jdoe"
		w.expect(t, "adopt? Jane Doe: came from another source", "unchanged Max")
		w.agree(t, nil)
		assert.True(t, w.plan().Actions[0].MoveIn)
	})
	t.Run("row 50 rejected", func(t *testing.T) {
		w, u, a := cameOver()
		w.keep(plan.Adopt, u, func(r *schema.Resolution) { r.Account, r.FormerAnchor = a.GUID.String(), a.Anchor.ObjectGUID })
		text := readableOf(w.plan())
		assert.Contains(t, text, "create Doe, Jane: new")
		assert.NotContains(t, text, "adopt?")
		u.Disabled = true
		assert.Equal(t, w.kept, w.plan().Kept, "it holds while nothing is asked")
	})
	t.Run("row 50 where no more than a name agrees, or this ledger knows the account", func(t *testing.T) {
		w, _, a := cameOver()
		a.Values.Delete("employeeid")
		assert.Empty(t, overOf(w.plan()))
		w, _, a = cameOver()
		w.memory.Accounts[a.GUID] = plan.Remembered{Anchor: anchor("the old jane"), How: plan.HowCreated}
		assert.Empty(t, overOf(w.plan()))
	})
	t.Run("row 38a what another import took over of someone who left is let go, and told once", func(t *testing.T) {
		for _, enabled := range []bool{false, true} {
			w, _, a := numbered()
			w.users = w.users[:1] // she left
			ofWorks(w)
			a.Anchor = plan.Anchor{ObjectGUID: anchor("jane of works"), Domain: "works.example"}
			if enabled {
				a.Control = 512
			}
			p := w.plan()
			assert.Empty(t, p.Failed)
			assert.Empty(t, p.Actions)
			assert.Contains(t, p.Forget, a.GUID)
			assert.Contains(t, strings.Join(p.Notices, "\n"), "another import took the accounts over for its source: "+a.DN+" (works.example)")
		}
	})
	t.Run("row 38 what this program did not disable for someone who left is not let go", func(t *testing.T) {
		for _, change := range []func(*world, *plan.Account){
			func(w *world, a *plan.Account) {
				w.remember(a, func(known *plan.Remembered) { known.DisabledFor = "" })
			},
			func(w *world, _ *plan.Account) { w.user("Jane Doe", "jdoe").ObjectGUID = anchor("the old jane") },
			func(_ *world, a *plan.Account) { a.Anchor.Domain = sourceName },
			func(_ *world, a *plan.Account) { a.Anchor.ObjectGUID = anchor("the old jane") }, // the source domain was renamed
		} {
			w, _, a := numbered()
			w.users = w.users[:1]
			a.Anchor, a.Control = plan.Anchor{ObjectGUID: anchor("jane of works"), Domain: "works.example"}, 512
			change(w, a)
			p := w.plan()
			assert.NotEmpty(t, p.Failed)
			assert.NotContains(t, p.Forget, a.GUID)
		}
	})
	t.Run("row 38a what goes over is told with the groups that it is in", func(t *testing.T) {
		for _, shown := range []bool{false, true} {
			w, a := over()
			if shown {
				ofWorks(w)
			}
			a.MemberOf[sid("p-View")], a.Control = true, 512
			p := w.plan()
			assert.Contains(t, toldBy(p), "p-View", "no one else takes it away")
			assert.Equal(t, shown, len(p.Failed) == 0)
			assert.Empty(t, p.Actions, "the other import may have put it there")
		}
	})
	t.Run("row 38a what goes over leaves what this program put it into, and is forgotten then", func(t *testing.T) {
		w, a := over()
		ofWorks(w)
		a.MemberOf[sid("p-View")], a.MemberOf[sid("p-Admin")] = true, true
		w.remember(a, func(r *plan.Remembered) {
			r.Joined = r.Joined.With(sid("p-View"), plan.Joined{}).With(sid("p-Admin"), plan.Joined{By: "someone"})
		})
		p := w.plan()
		text := readableOf(p)
		assert.Contains(t, text, "leave Jane Doe p-View")
		assert.Contains(t, text, "leave Jane Doe p-Admin")
		assert.NotContains(t, p.Forget, a.GUID)
		assert.Equal(t, anchor("the old jane"), p.Actions[0].Person.Anchor, "or the ledger takes it for someone else's")
		w.cfg.Approve.Leave = true
		text = readableOf(w.plan())
		assert.Contains(t, text, "leave? Jane Doe p-View")
		assert.Contains(t, text, "leave Jane Doe p-Admin", "guarded ones at once")
		until := now.AddDate(0, 0, 1)
		w.keep(plan.Leave, w.users[1], func(r *schema.Resolution) { r.Group, r.GroupSID, r.Until = "p-View", string(sid("p-View")), &until })
		delete(a.MemberOf, sid("p-Admin"))
		p = w.plan()
		assert.Contains(t, p.Forget, a.GUID)
		assert.Contains(t, toldBy(p), "in p-View, which it stays in")
	})
	t.Run("row 38 an anchor of a source that has no accounts here is not believed", func(t *testing.T) {
		w, a := over()
		a.Anchor.Domain, a.Control = "nowhere.example", 512
		ofWorks(w)
		w.both("Eve", "eve")
		w.accounts[len(w.accounts)-1].Anchor.Domain = "nowhere.example" // forged, too
		for range 2 {
			p := w.plan()
			assert.NotContains(t, p.Forget, a.GUID)
			assert.Contains(t, toldBy(p), "nothing shows that an import of it has this one")
		}
		a.Control = 514
		p := w.plan()
		assert.NotContains(t, p.Forget, a.GUID, "it is named once it works")
		assert.NotContains(t, toldBy(p), "Jane")
	})
	t.Run("row 50 who comes back in the run that lets the account go", func(t *testing.T) {
		for _, change := range []func(*world, *plan.Account){func(*world, *plan.Account) {}, func(w *world, _ *plan.Account) { ofWorks(w) }, outOfContainer} {
			w, u, a := numbered()
			u.CN, u.SAMAccountName = "Jane Doe", "jdoe"
			a.Anchor = plan.Anchor{ObjectGUID: anchor("jane of works"), Domain: "works.example"}
			change(w, a)
			p := w.plan()
			assert.Len(t, overOf(p), 1, "never doubled")
			for _, act := range p.Actions {
				assert.NotEqual(t, plan.Create, act.Kind)
			}
		}
	})
	t.Run("row 02 the accounts of another source do not count, and their prefix is named", func(t *testing.T) {
		w, _, a := cameOver()
		w.users = w.users[:1]
		a.Control, w.cfg.PrefixCommonNames = 512, "Jane"
		none := 0
		w.cfg.Limits = map[string]schema.Limit{"disable": {Max: &none}}
		p := w.plan()
		assert.Empty(t, p.Trips)
		assert.Contains(t, strings.Join(p.Notices, "\n"), "accounts of another source carry prefix_common_names Jane, too: works.example")
		w.cfg.PrefixCommonNames = "EXT "
		assert.NotContains(t, strings.Join(w.plan().Notices, "\n"), "of another source carry")
	})
}
