package plan_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// Someone who was deleted and made again in the source has the same names, and
// another objectGUID.
func TestRowsAnew(t *testing.T) {
	again := func() (*world, *schema.User, *plan.Account) {
		w := newWorld()
		w.both("Max", "max")
		a := w.known(w.account("Jane", "jane"), anchor("the old jane"))
		u := w.user("Jane", "jane")
		u.MemberOf = []string{"t-View", "t-Admin"}
		return w, u, a
	}
	t.Run("row 41 asked while the account goes as any leaver's", func(t *testing.T) {
		w, _, a := again()
		a.MemberOf[sid("p-View")], a.MemberOf[sid("p-Admin")] = true, true
		p := w.expect(t, "disable Jane: missing in file [userAccountControl 512>514]", "leave Jane p-Admin: missing in file",
			"adopt? Jane: made anew in the source", "unchanged Max")
		assert.True(t, p.Questions[0].Single)
		assert.Contains(t, p.Questions[0].Barred, "it is still in ")
		w.agree(t, nil)
		p = w.plan()
		assert.Equal(t, []string{"failed Jane: made anew in the source"}, readable(plan.Plan{Failed: p.Failed}), "not before it has left")
		a.Control = 514
		delete(a.MemberOf, sid("p-Admin"))
		w.answers, w.cfg.AcceptFromFile = nil, true
		w.keep(plan.Adopt, w.users[1], func(r *schema.Resolution) { r.Accept = true })
		w.expect(t, "adopt? Jane: made anew in the source", "unchanged Max") // a file cannot know
	})
	t.Run("row 41 agreed", func(t *testing.T) {
		w, u, a := again()
		a.Control = 514
		w.agree(t, func(a *plan.Answer) { a.Keeps = &plan.Keeps{Password: true, Expiry: true, Memberships: true} })
		p := w.expect(t, "adopt Jane: answered [anchor]", "join Jane p-View: group_map", "join? Jane p-Admin: group_map", "unchanged Max")
		assert.Equal(t, &plan.Keeps{}, p.Actions[0].Keeps, "whatever somebody ticked")
		assert.Equal(t, anchor("the old jane"), p.Actions[0].Replaces)
		a.Anchor.ObjectGUID = u.ObjectGUID // done
		w.answers = nil
		w.memory.Accounts[a.GUID] = plan.Remembered{Anchor: u.ObjectGUID, How: plan.HowCreated, Expires: lease, WasEnabled: true, DisabledFor: plan.TakenOver}
		p = w.expect(t, "join Jane p-View: group_map", "enable? Jane: taken over", "join? Jane p-Admin: group_map", "unchanged Max")
		for _, q := range p.Questions {
			assert.False(t, q.MayKeep)
		}
	})
	t.Run("row 41 the former person is in the file, disabled", func(t *testing.T) {
		w, u, a := again()
		old := w.user("Jane", "jold")
		old.ObjectGUID, old.Disabled = anchor("the old jane"), true
		a.Control = 514
		w.expect(t, "adopt? Jane: made anew in the source", "unchanged Max", "unchanged Jane")
		w.agree(t, nil)
		p := w.plan()
		assert.Equal(t, u.ObjectGUID, p.Actions[0].Person.Anchor)
		old.Disabled = false
		p = w.plan()
		for _, q := range p.Questions {
			assert.NotEqual(t, plan.MadeAnew, q.Reason, "who is active keeps the account")
		}
	})
	t.Run("row 41 rejected for this pair of people", func(t *testing.T) {
		w, u, a := again()
		a.Control = 514
		a.Mail = "jane@corp.example"
		a.Values.Set("mail", schema.Value{List: []string{"jane@corp.example"}})
		u.Attributes.Set("mail", value("jane@corp.example"))
		w.keep(plan.Adopt, u, func(r *schema.Resolution) {
			r.Account, r.FormerAnchor = a.GUID.String(), anchor("the old jane")
		})
		refused := func() bool {
			for _, r := range w.plan().Refusals {
				if r.Question.Reason == plan.MadeAnew {
					return true
				}
			}
			return false
		}
		assert.True(t, refused())
		u.SAMAccountName = "jane9"
		assert.True(t, refused(), "whatever they are called by now")
		u.Disabled = true
		assert.Equal(t, w.kept, w.plan().Kept, "it holds while nothing is asked")
		u.Disabled = false
		w.kept[0].Account, w.kept[0].FormerAnchor, w.kept[0].Name = "", "", "jane9"
		assert.True(t, refused(), "an entry of earlier versions")
		w.kept[0].Account = guid("another account").String()
		assert.False(t, refused(), "what was said of another account")
		w.kept[0].FormerAnchor = anchor("the old jane")
		w.known(a, anchor("somebody else of that name"))
		assert.False(t, refused(), "what was said of another person")
		assert.NotEmpty(t, w.plan().Questions)
	})
	t.Run("row 08 rejected for this account", func(t *testing.T) {
		w := newWorld()
		u := w.user("Jane", "jane")
		a := w.account("Jane", "other")
		w.keep(plan.Adopt, u, func(r *schema.Resolution) { r.Account, r.Name = a.GUID.String(), "as it was called then" })
		assert.Len(t, w.plan().Refusals, 1)
		w.kept[0].Account, w.kept[0].Name = guid("another account").String(), "jane"
		assert.Empty(t, w.plan().Refusals)
		w.kept[0].Account, w.kept[0].FormerAnchor = a.GUID.String(), anchor("the old jane")
		assert.Empty(t, w.plan().Refusals, "which said that she is not the one before")
	})
	t.Run("row 41 one name and a value that nobody else has", func(t *testing.T) {
		w, u, a := again()
		a.Control = 514
		u.SAMAccountName = "jane2"
		u.Attributes.Set("mail", value("jane@corp.example"))
		w.expect(t, "create Jane (jane2): namesake", "join Jane (jane2) p-View: group_map", "join? Jane (jane2) p-Admin: group_map", "enable? Jane (jane2): new", "unchanged Max")
		a.Mail = "Jane@corp.example"
		a.Values.Set("mail", schema.Value{List: []string{"Jane@corp.example"}})
		w.expect(t, "adopt? Jane: made anew in the source", "unchanged Max")
		w.users[0].Attributes.Set("mail", value("jane@corp.example")) // Max has it, too
		for _, q := range w.plan().Questions {
			assert.NotEqual(t, plan.MadeAnew, q.Reason)
		}
	})
	t.Run("row 41 never one that the ledger does not know", func(t *testing.T) {
		w, _, a := again()
		a.Control = 514
		delete(w.memory.Accounts, a.GUID)
		assert.Empty(t, anewOf(w.plan()))
	})
}

// anewOf are the questions of row 41.
func anewOf(p plan.Plan) (list []plan.Question) {
	for _, q := range p.Questions {
		if q.Reason == plan.MadeAnew {
			list = append(list, q)
		}
	}
	return list
}
