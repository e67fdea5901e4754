package plan_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// What agrees is the source's to write: whoever writes it gains a question.
func TestRowsAnewHostile(t *testing.T) {
	t.Run("row 41 two people who fit one account", func(t *testing.T) {
		w, first, a := numbered()
		say(first, "employeeID", "")
		first.CN, first.SAMAccountName = "Jane Doe", "jdoe" // by both names
		second := w.user("Doe, Jane", "doej2")
		say(second, "employeeID", "4711", "givenName", "Jane", "sn", "Doe")
		asked := anewOf(w.plan())
		require.Len(t, asked, 2)
		for _, q := range asked {
			assert.True(t, q.Single)
			assert.Contains(t, strings.Join(evidenceOf(q), "; "), "of the file may be the same person, too")
			w.answers = append(w.answers, plan.Answer{ID: q.ID, Accept: true})
		}
		p := w.plan()
		assert.Len(t, p.Failed, 2, "neither gets it")
		assert.Contains(t, p.Failed[0].Detail, "reject one of the two first")
		assert.Empty(t, p.Actions)
		w.answers = nil
		w.keep(plan.Adopt, first, func(r *schema.Resolution) { r.Account, r.FormerAnchor = a.GUID.String(), anchor("the old jane") })
		q := anewOf(w.plan())[0]
		assert.Equal(t, second.ObjectGUID, q.Person.Anchor)
		assert.False(t, q.Single, "no one else may be")
		w.answers = []plan.Answer{{ID: q.ID, Accept: true}}
		p = w.plan()
		assert.Equal(t, second.ObjectGUID, p.Actions[0].Person.Anchor)
	})
	t.Run("row 41 one person who fits two accounts", func(t *testing.T) {
		w, u, a := numbered()
		b := w.known(w.account("Doe, Jane", "doej"), anchor("another jane"))
		b.Control = 514
		q := anewOf(w.plan())
		require.Len(t, q, 1)
		assert.Equal(t, a.GUID, q[0].Holder.GUID, "the number first")
		assert.True(t, q[0].Single)
		assert.Contains(t, strings.Join(evidenceOf(q[0]), "; "), "another account of someone who left may be this person's, too: "+b.DN)
		w.keep(plan.Adopt, u, func(r *schema.Resolution) { r.Account, r.FormerAnchor = a.GUID.String(), anchor("the old jane") })
		q = anewOf(w.plan())
		require.Len(t, q, 1)
		assert.Equal(t, b.GUID, q[0].Holder.GUID)
		w.keep(plan.Adopt, u, func(r *schema.Resolution) { r.Account, r.FormerAnchor = b.GUID.String(), anchor("another jane") })
		p := w.plan()
		assert.Empty(t, anewOf(p))
		assert.Len(t, p.Refusals, 2)
		assert.Equal(t, plan.Name, p.Questions[0].Kind, "and then the name is taken")
	})
	t.Run("row 41 an account that cannot be had is asked about, and stays", func(t *testing.T) {
		for text, change := range map[string]func(w *world, a *plan.Account){
			"adminCount is 1":               func(_ *world, a *plan.Account) { a.Protected, a.GivesWay = "adminCount is 1", true },
			"member of Domain Admins":       func(_ *world, a *plan.Account) { a.Administers = "Domain Admins" },
			"still in p-Admin":              func(_ *world, a *plan.Account) { a.MemberOf[sid("p-Admin")] = true },
			"still enabled":                 func(_ *world, a *plan.Account) { a.Control = 512 },
			"outside the managed container": outOfContainer,
			"still in p-Gone, which it has to leave": func(w *world, a *plan.Account) {
				g := w.group("p-Gone")
				w.cfg.GroupMap["t-Gone"] = schema.OneOrMore{"p-Gone"}
				a.MemberOf[g.SID], g.Missing = true, "it cannot be read"
			},
		} {
			w, _, a := numbered()
			change(w, a)
			q := anewOf(w.plan())
			require.Len(t, q, 1, text)
			assert.Contains(t, q[0].Barred, text)
			w.answers = []plan.Answer{{ID: q[0].ID, Accept: true, Keeps: &plan.Keeps{Password: true}}}
			p := w.plan()
			for _, act := range p.Actions {
				assert.Equal(t, plan.MissingInFile, act.Reason, "%s: only what any leaver loses: %v", text, act)
			}
			assert.Contains(t, readableOf(p), "failed Doe, Jane: made anew in the source", text)
		}
	})
	t.Run("row 41 one that is seen nowhere holds its names, and is no one's", func(t *testing.T) {
		w, u, a := numbered()
		u.CN, u.SAMAccountName = "Jane Doe", "jdoe"
		w.accounts = w.accounts[:1]
		w.remember(a, func(known *plan.Remembered) {
			known.Enabled, known.Seen = true, plan.Sight{DN: a.DN, CN: a.CN, AccountName: a.AccountName, At: longAgo}
		})
		p := w.plan()
		assert.Empty(t, anewOf(p))
		assert.Contains(t, readableOf(p), "failed Jane Doe: seen nowhere")
		for _, act := range p.Actions {
			assert.NotEqual(t, plan.Adopt, act.Kind)
			assert.NotEqual(t, plan.Enable, act.Kind)
		}
	})
	t.Run("row 41 one that was taken over before", func(t *testing.T) {
		w, _, a := numbered()
		w.remember(a, func(known *plan.Remembered) { known.How = plan.HowAdopted })
		assert.Len(t, anewOf(w.plan()), 1)
		w.memory.Accounts[a.GUID] = plan.Remembered{Anchor: "", How: plan.HowAdopted} // of a file without anchors
		assert.Empty(t, anewOf(w.plan()))
	})
	t.Run("row 41 the one who left is there again before anyone answered", func(t *testing.T) {
		w, _, _ := numbered()
		old := w.user("Jane Doe", "jdoe")
		old.ObjectGUID = anchor("the old jane")
		say(old, "employeeID", "4711", "givenName", "Jane", "sn", "Doe")
		p := w.plan()
		assert.Empty(t, anewOf(p))
		text := readableOf(p)
		assert.Contains(t, text, "enable? Jane Doe: ")
		assert.Contains(t, text, "create Doe, Jane: new")
		assert.Contains(t, text, "enable? Doe, Jane: new")
	})
	t.Run("row 41 the one who left is there again after the account went to the new one", func(t *testing.T) {
		w, u, a := numbered()
		a.Control, a.Anchor.ObjectGUID = 512, u.ObjectGUID
		a.CN, a.AccountName, a.UPN, a.DN = u.CN, u.SAMAccountName, u.SAMAccountName+"@"+domainName, "CN=Doe\\, Jane,"+containerDN
		w.remember(a, func(known *plan.Remembered) {
			known.Anchor, known.DisabledFor, known.WasEnabled = u.ObjectGUID, "", true
		})
		old := w.user("Jane Doe", "jdoe")
		old.ObjectGUID = anchor("the old jane")
		say(old, "employeeID", "4711", "givenName", "Jane", "sn", "Doe")
		w.expect(t, "create Jane Doe: new", "enable? Jane Doe: new", "unchanged Max", "unchanged Doe, Jane")
		w.users = []*schema.User{w.users[0], old} // and the new one was deleted again
		w.keep(plan.Adopt, u, func(r *schema.Resolution) { r.Account, r.FormerAnchor = a.GUID.String(), anchor("the old jane") })
		q := anewOf(w.plan())
		require.Len(t, q, 1, "what was said of the other pair says nothing of this one, the other way round")
		assert.Equal(t, old.ObjectGUID, q[0].Person.Anchor)
		assert.Equal(t, u.ObjectGUID, q[0].Former)
	})
	t.Run("row 41 a run that was killed after the answer", func(t *testing.T) {
		for _, written := range []bool{false, true} {
			w, u, a := numbered()
			w.remember(a, func(known *plan.Remembered) { known.Meant, known.MeantKeeps = u.ObjectGUID, &plan.Keeps{} })
			if !written {
				q := anewOf(w.plan())
				require.Len(t, q, 1, "nothing was written: it is asked again")
				continue
			}
			a.Anchor.ObjectGUID = u.ObjectGUID
			p := w.plan()
			assert.Empty(t, anewOf(p))
			for _, act := range p.Actions {
				assert.NotEqual(t, plan.Enable, act.Kind)
				assert.NotEqual(t, plan.Create, act.Kind)
			}
			assert.Equal(t, "adopt Jane Doe: answered\nunchanged Max", readableOf(p), "finished as it was ticked; the next run renames it")
			assert.Equal(t, &plan.Keeps{}, p.Actions[0].Keeps)
		}
	})
	t.Run("row 41 rejected, gone, and hired again", func(t *testing.T) {
		w, u, a := numbered()
		w.keep(plan.Adopt, u, func(r *schema.Resolution) { r.Account, r.FormerAnchor = a.GUID.String(), anchor("the old jane") })
		second := w.known(w.account("Doe, Jane", "doej"), u.ObjectGUID) // what she got instead
		second.Values = schema.AttributesOf(map[string]schema.Value{"employeeid": {List: []string{"4711"}}, "givenname": {List: []string{"Jane"}}, "sn": {List: []string{"Doe"}}})
		w.expect(t, "unchanged Max", "unchanged Doe, Jane")
		third := w.user("Doe, Jane", "doej")
		third.ObjectGUID = anchor("the third jane")
		say(third, "employeeID", "4711", "givenName", "Jane", "sn", "Doe")
		second.Control = 514
		w.users = []*schema.User{w.users[0], third}
		q := anewOf(w.plan())
		require.Len(t, q, 1)
		assert.Equal(t, second.GUID, q[0].Holder.GUID, "what agrees in most is asked first")
		assert.Contains(t, strings.Join(evidenceOf(q[0]), "; "), a.DN)
		assert.True(t, q[0].Single)
	})
}

func outOfContainer(w *world, a *plan.Account) {
	a.InContainer, a.Parent, a.DN = false, "OU=Staff,DC=plant,DC=example", "CN=Jane Doe,OU=Staff,DC=plant,DC=example"
	w.accounts, w.elsewhere = w.accounts[:1], append(w.elsewhere, a)
}
