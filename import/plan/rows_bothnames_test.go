package plan_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// namesake is a first run, and an account of the container with both names of someone new.
func namesake() (*world, *schema.User, *plan.Account) {
	w, u, a := matching()
	w.cfg.Match.Keys, w.memory.Finished = []string{"employeeID", "employeeNumber", "mail"}, false
	a.InContainer, a.Unmatched, a.Parent, a.DN, a.CN, a.AccountName = true, "", containerDN, `CN=Doe\, Jane,`+containerDN, "Doe, Jane", "jane"
	w.elsewhere, w.accounts = nil, append(w.accounts, a)
	return w, u, a
}

func TestRowsBothNames(t *testing.T) {
	taken := []string{"adopt Doe, Jane: matched by name [anchor]", same}
	byName := []string{"adopt? Doe, Jane: matched by name", same}
	differs := []string{"full name and account name agree", "employeeID differs: 4711 in the file, 9999 here"}
	number := "employeeID is 4711 in the file and here, and no one else's"
	names := "given name and surname agree: Jane Doe"

	t.Run("row 7 unasked where match has nothing against it", func(t *testing.T) {
		for name, change := range map[string]func(*world, *schema.User, *plan.Account){
			"the same number": func(*world, *schema.User, *plan.Account) {},
			"no number":       func(_ *world, _ *schema.User, a *plan.Account) { a.Values = schema.Attributes{} },
			"a contact has the address": func(w *world, u *schema.User, _ *plan.Account) {
				u.Attributes.Set("mail", value(janesMail))
				contact := w.outside("J Doe", "")
				contact.Class, contact.Mail = "contact", janesMail
			},
			"what another has is another person's": func(w *world, _ *schema.User, a *plan.Account) {
				a.Values = schema.Attributes{}
				w.accounts[0].Values.Set("employeeid", schema.Value{List: []string{"4711"}})
			},
			"the ledger vouches for it": func(w *world, u *schema.User, a *plan.Account) {
				w.memory.Finished = true
				w.memory.Accounts[a.GUID] = plan.Remembered{Meant: u.ObjectGUID}
			},
			"no match": func(w *world, _ *schema.User, a *plan.Account) {
				w.cfg.Match = nil
				a.Values.Set("employeeid", schema.Value{List: []string{"9999"}})
			},
		} {
			t.Run(name, func(t *testing.T) {
				w, u, a := namesake()
				change(w, u, a)
				p := w.plan()
				assert.Contains(t, readable(p)[0], "adopt Doe, Jane: ")
				assert.Empty(t, p.Questions)
			})
		}
		w, _, _ := namesake()
		w.expect(t, taken...)
	})
	t.Run("row 7 asks where it has", func(t *testing.T) {
		for name, c := range map[string]struct {
			change   func(*world, *schema.User, *plan.Account)
			want     []string
			evidence []string
		}{
			"another number": {func(_ *world, _ *schema.User, a *plan.Account) {
				a.Values.Set("employeeid", schema.Value{List: []string{"9999"}})
			}, byName, differs},
			"another number of someone disabled": {func(_ *world, u *schema.User, a *plan.Account) {
				u.Disabled = true
				a.Values.Set("employeeid", schema.Value{List: []string{"9999"}})
			}, byName, differs},
			"another account has the number": {func(w *world, _ *schema.User, a *plan.Account) {
				w.outside("J Doe", "jdoe7").Values = a.Values
				a.Values = schema.AttributesOf(map[string]schema.Value{"employeeid": {List: []string{"9999"}}})
			}, []string{"adopt? Doe, Jane: same number and name", "reported Doe, Jane: unmanaged", same}, []string{number, names}},
			"another account has the address": {func(w *world, u *schema.User, _ *plan.Account) {
				u.Attributes.Set("mail", value(janesMail))
				w.outside("J Doe", "jdoe7").Mail = janesMail
			}, []string{"adopt? Doe, Jane: perhaps the same person", same}, []string{number, names, "mail jane@corp.example is that of CN=J Doe,OU=Staff,DC=plant,DC=example"}},
		} {
			t.Run(name, func(t *testing.T) {
				w, u, a := namesake()
				c.change(w, u, a)
				q := w.expect(t, c.want...).Questions[0]
				assert.Contains(t, q.Decision, plan.Field{Code: plan.FieldEvidence, After: c.evidence}, "consent is to this evidence")
				w.memory.Finished = true
				assert.Equal(t, q.ID, w.plan().Questions[0].ID, "the next run asks the same")
			})
		}
	})
	t.Run("row 7 agreed, and rejected", func(t *testing.T) {
		w, u, a := namesake()
		a.Values.Set("employeeid", schema.Value{List: []string{"9999"}})
		w.agree(t, nil)
		assert.Equal(t, a.GUID, w.plan().Actions[0].Person.GUID)
		w.answers = nil
		w.keep(plan.Adopt, u, func(r *schema.Resolution) { r.Account = a.GUID.String() })
		for _, act := range w.plan().Actions {
			assert.NotEqual(t, plan.Adopt, act.Kind, "it is another person's")
		}
	})
}
