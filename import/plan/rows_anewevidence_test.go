package plan_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// numbered is a world in which Jane Doe left, and the file has someone with her number
// who is called otherwise in all ways but given name and surname.
func numbered() (*world, *schema.User, *plan.Account) {
	w := newWorld()
	for _, name := range []string{"employeeID", "givenName", "sn"} {
		w.cfg.Attributes[name] = schema.AttributeRule{}
		w.schema = append(w.schema, plan.Attribute{Name: name, Single: true, RangeUpper: 64})
	}
	w.both("Max", "max")
	a := w.known(w.account("Jane Doe", "jdoe"), anchor("the old jane"))
	a.Control = 514
	w.remember(a, func(known *plan.Remembered) { known.DisabledFor = plan.MissingInFile })
	a.Values = schema.AttributesOf(map[string]schema.Value{"employeeid": {List: []string{"4711"}}, "givenname": {List: []string{"Jane"}}, "sn": {List: []string{"Doe"}}})
	u := w.user("Doe, Jane", "doej")
	say(u, "employeeID", "4711", "givenName", "Jane", "sn", "Doe")
	return w, u, a
}

func say(u *schema.User, pairs ...string) {
	for i := 0; i < len(pairs); i += 2 {
		u.Attributes.Set(pairs[i], value(pairs[i+1]))
	}
}

// When someone is asked about, and what may be answered together.
func TestRowsAnewEvidence(t *testing.T) {
	t.Run("row 41 disabled here by someone else", func(t *testing.T) {
		w, u, a := numbered()
		w.remember(a, func(r *plan.Remembered) { r.DisabledFor, r.WasEnabled = "", true })
		q := anewOf(w.plan())
		require.Len(t, q, 1)
		assert.True(t, q[0].Single, "or row 27 is got round")
		assert.Contains(t, strings.Join(evidenceOf(q[0]), "; "), "someone else disabled it here")
		w.known(a, u.ObjectGUID)
		w.remember(a, func(r *plan.Remembered) { r.DisabledFor, r.WasEnabled = plan.TakenOverDisabled, true })
		asked := w.plan().Questions
		require.Len(t, asked, 1)
		assert.Equal(t, plan.Enable, asked[0].Kind)
		assert.True(t, asked[0].Single)
		assert.False(t, asked[0].MayKeep)
	})
	t.Run("row 41 the number alone is asked about, with both names together", func(t *testing.T) {
		w, u, a := numbered()
		p := w.expect(t, "adopt? Doe, Jane: made anew in the source", "unchanged Max")
		q := p.Questions[0]
		assert.Empty(t, q.Barred)
		assert.False(t, q.Single, "%v", q.Decision)
		say(u, "sn", "Miller")
		q = anewOf(w.plan())[0]
		assert.True(t, q.Single, "she may have married, or be another one")
		assert.Contains(t, strings.Join(evidenceOf(q), "; "), "the names differ: Jane Miller in the file, Jane Doe here")
		say(u, "sn", "Doe")
		a.SelfWritten = []string{"employeeID"}
		assert.True(t, anewOf(w.plan())[0].Single)
	})
	t.Run("row 41 a number that says nothing", func(t *testing.T) {
		for _, change := range []func(*world, *schema.User, *plan.Account){
			func(_ *world, u *schema.User, a *plan.Account) {
				say(u, "employeeID", "0000")
				a.Values.Set("employeeid", schema.Value{List: []string{"0000"}})
			},
			func(w *world, _ *schema.User, _ *plan.Account) { say(w.users[0], "employeeID", "4711") },
			func(_ *world, _ *schema.User, a *plan.Account) { a.Values.Delete("employeeid") },
			func(_ *world, u *schema.User, _ *plan.Account) { say(u, "employeeID", "") },
			func(w *world, _ *schema.User, _ *plan.Account) {
				w.user("Jane Doe", "jdoe").ObjectGUID = anchor("the old jane")
			},
		} {
			w, u, a := numbered()
			change(w, u, a)
			assert.Empty(t, anewOf(w.plan()))
		}
	})
	t.Run("row 41 without a number", func(t *testing.T) {
		without := func() (*world, *schema.User, *plan.Account) {
			w, u, a := numbered()
			a.Values.Delete("employeeid")
			u.SAMAccountName = "jdoe"
			a.Mail = "jane@corp.example"
			a.Values.Set("mail", schema.Value{List: []string{"jane@corp.example"}})
			say(u, "mail", "Jane@corp.example")
			say(w.users[0], "mail", "jane@corp.example") // a mailbox of several
			return w, u, a
		}
		w, _, _ := without()
		q := anewOf(w.plan())[0]
		assert.True(t, q.Single, "given name, surname, account name and mail are asked about alone")
		assert.False(t, q.MayKeep)
		for _, change := range []func(*schema.User){
			func(u *schema.User) { say(u, "givenName", "Janet") },
			func(u *schema.User) { say(u, "sn", "Miller") },
			func(u *schema.User) { u.SAMAccountName = "other" },
			func(u *schema.User) { say(u, "mail", "other@corp.example") },
		} {
			w, u, _ := without()
			change(u)
			assert.Empty(t, anewOf(w.plan()))
		}
	})
	t.Run("row 41 the password may stay with a number only, and if someone ticks it", func(t *testing.T) {
		for _, ticked := range []bool{false, true} {
			w, u, a := numbered()
			w.agree(t, func(x *plan.Answer) {
				x.Keeps = &plan.Keeps{Password: ticked, Expiry: true, Memberships: true, Names: true}
			})
			p := w.plan()
			require.Equal(t, plan.Adopt, p.Actions[0].Kind)
			assert.Equal(t, &plan.Keeps{Password: ticked}, p.Actions[0].Keeps)
			w.answers = nil
			a.Anchor.ObjectGUID = u.ObjectGUID // done
			a.CN, a.AccountName, a.UPN, a.Expires = "Doe, Jane", "doej", "doej@"+domainName, lease
			w.remember(a, func(known *plan.Remembered) {
				known.Anchor = u.ObjectGUID
				if !ticked {
					known.DisabledFor = plan.TakenOver
				}
			})
			p = w.plan()
			require.Len(t, p.Questions, 1)
			assert.Equal(t, plan.Enable, p.Questions[0].Kind, "nothing works before a person enables it")
			assert.Equal(t, ticked, p.Questions[0].MayKeep)
		}
		w, u, a := numbered()
		say(u, "employeeID", "")
		u.CN, u.SAMAccountName = "Jane Doe", "jdoe"
		w.agree(t, func(x *plan.Answer) { x.Keeps = &plan.Keeps{Password: true} })
		assert.Equal(t, &plan.Keeps{}, w.plan().Actions[0].Keeps)
		assert.False(t, a.Enabled())
	})
	t.Run("row 41 guarded groups are asked anew in any case, the others stay", func(t *testing.T) {
		w, u, a := numbered()
		u.MemberOf = []string{"t-View", "t-Admin"}
		a.MemberOf[sid("p-View")], a.MemberOf[sid("p-Edit")], a.MemberOf[sid("p-Admin")] = true, true, true
		w.remember(a, func(known *plan.Remembered) { known.DisabledFor = plan.MissingInFile })
		p := w.expect(t, "leave Jane Doe p-Admin: missing in file", "adopt? Doe, Jane: made anew in the source", "unchanged Max")
		assert.Contains(t, p.Questions[0].Barred, "p-Admin")
		delete(a.MemberOf, sid("p-Admin"))
		w.expect(t, "adopt? Doe, Jane: made anew in the source", "unchanged Max")
		w.agree(t, nil)
		text := strings.Join(strings.Fields(readableOf(w.plan())), " ")
		assert.Contains(t, text, "leave Doe, Jane p-Edit: group_map", "which the file does not grant")
		assert.NotContains(t, text, "p-View")
		assert.Contains(t, text, "join? Doe, Jane p-Admin: group_map")
	})
	t.Run("row 41 rejected, or no one is there any more: as any leaver", func(t *testing.T) {
		w, u, a := numbered()
		a.MemberOf[sid("p-View")] = true
		w.expect(t, "adopt? Doe, Jane: made anew in the source", "unchanged Max")
		w.keep(plan.Adopt, u, func(r *schema.Resolution) { r.Account, r.FormerAnchor = a.GUID.String(), anchor("the old jane") })
		assert.Contains(t, readableOf(w.plan()), "leave Jane Doe p-View: missing in file")
		w.kept, w.users = nil, w.users[:1]
		w.expect(t, "leave Jane Doe p-View: missing in file", "unchanged Max")
	})
	t.Run("row 41 a disable that is asked, or rejected, is so as of any leaver", func(t *testing.T) {
		w, _, a := numbered()
		a.Control = 512
		a.MemberOf[sid("p-View")] = true
		w.cfg.Approve.Disable, w.cfg.Approve.Leave = true, true
		w.expect(t, "adopt? Doe, Jane: made anew in the source", "disable? Jane Doe: missing in file", "unchanged Max")
		assert.Contains(t, anewOf(w.plan())[0].Barred, "still enabled")
	})
}

func evidenceOf(q plan.Question) (list []string) {
	for _, f := range q.Decision {
		if f.Code == plan.FieldEvidence {
			list = append(list, f.After...)
		}
	}
	return list
}

func readableOf(p plan.Plan) string { return strings.Join(readable(p), "\n") }
