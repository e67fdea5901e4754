package plan_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// The file of the new domain says of someone that they were another one than whose disabled
// account agrees, or nothing: as of who was made anew, a person says whose it is.
func TestRowsMigratedAnew(t *testing.T) {
	numbered := func() (*world, *schema.User, *plan.Account) {
		w := migrating()
		w.both("Max", "max")
		a := w.formerly("Jane Doe", "jdoe")
		a.Control = 514
		w.remember(a, func(r *plan.Remembered) { r.DisabledFor = plan.MissingInFile })
		u := w.user("Jane Roe", "jroe")
		for name, text := range map[string]string{"employeeID": "4711", "givenName": "Jane", "sn": "Doe"} {
			u.Attributes.Set(name, value(text))
		}
		a.Values = schema.AttributesOf(map[string]schema.Value{"employeeid": {List: []string{"4711"}}, "givenname": {List: []string{"Jane"}}, "sn": {List: []string{"Doe"}}})
		return w, u, a
	}
	another := func(w *world, u *schema.User, _ *plan.Account) {
		w.file.Migrated.Users = []schema.MigratedUser{{ObjectGUID: u.ObjectGUID, Former: anchor("former ghost"), By: schema.BySIDHistory}}
	}
	for name, says := range map[string]func(*world, *schema.User, *plan.Account){
		"another one": another,
		"nothing":     func(*world, *schema.User, *plan.Account) {},
	} {
		t.Run("row 41 of a former user's disabled account, where the file says "+name, func(t *testing.T) {
			w, u, a := numbered()
			says(w, u, a)
			p := w.plan()
			if assert.Len(t, p.Questions, 1, "%v", readable(p)) {
				assert.Equal(t, plan.MadeAnew, p.Questions[0].Reason)
				assert.True(t, p.Questions[0].Single)
				assert.Equal(t, a.GUID, p.Questions[0].Holder.GUID)
			}
			assert.NotContains(t, said(p), "everyone of old.example is decided about")
			w.agree(t, nil)
			p = w.plan()
			if assert.NotEmpty(t, p.Actions) {
				assert.Equal(t, plan.Adopt, p.Actions[0].Kind)
				assert.Equal(t, anchor("former jdoe"), p.Actions[0].Replaces)
				assert.True(t, slices.ContainsFunc(p.Actions[0].Changes, func(c plan.Change) bool {
					return c.Attribute == "adminDescription" && c.After[0] == "ad-user-sync:"+u.ObjectGUID+"@"+sourceName
				}))
			}
			w.answers = nil
			w.keep(plan.Adopt, u, func(r *schema.Resolution) { r.Account, r.FormerAnchor = a.GUID.String(), anchor("former jdoe") })
			assert.Contains(t, readable(w.plan()), "create Jane Roe: new")
		})
	}
	t.Run("row 41 while row 73 asks about the account", func(t *testing.T) {
		w, u, a := numbered()
		another(w, u, a)
		a.Control = 512
		p := w.expect(t, "adopt? Jane Roe: made anew in the source", "disable? Jane Doe: not among the migrated", "unchanged Max")
		w.answers = append(w.answers, plan.Answer{ID: p.Questions[1].ID, Accept: true})
		if p.Questions[0].Kind == plan.Disable {
			w.answers[0].ID = p.Questions[0].ID
		}
		for _, action := range w.plan().Actions {
			assert.NotEqual(t, plan.Create, action.Kind, "nor in the run that disables")
		}
		w.answers, w.migrating.Waits = nil, true
		w.expect(t, "disable? Jane Doe: not among the migrated", "unchanged Max")
	})
	t.Run("row 72 goes first for whom the file says", func(t *testing.T) {
		w, u, a := numbered()
		another(w, u, a)
		w.moved("Eve", "eve", a)
		p := w.plan()
		for _, q := range p.Questions {
			assert.NotEqual(t, plan.MadeAnew, q.Reason, "%v", readable(p))
		}
	})
}
