package plan_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

const formerName = "old.example"

// migrating is a world whose source domain changed; no one has agreed yet.
func migrating() *world {
	w := newWorld()
	w.migrating = plan.Migrating{From: formerName}
	w.file.Migrated = &schema.Migrated{From: formerName}
	return w
}

// formerly is an account of a user of the former domain, known to the ledger.
func (w *world) formerly(cn, name string) *plan.Account {
	a := w.known(w.account(cn, name), anchor("former "+name))
	a.Anchor.Domain = formerName
	w.remember(a, func(r *plan.Remembered) { r.Domain = formerName })
	return a
}

// moved is a user of the file of whom it says who they were.
func (w *world) moved(cn, name string, a *plan.Account) *schema.User {
	u := w.user(cn, name)
	w.file.Migrated.Users = append(w.file.Migrated.Users, schema.MigratedUser{ObjectGUID: u.ObjectGUID, Former: a.Anchor.ObjectGUID, By: schema.BySIDHistory})
	return u
}

func TestRowsMigrated(t *testing.T) {
	t.Run("row 72 asked together, and as it is", func(t *testing.T) {
		w := migrating()
		a := w.formerly("Jane", "jane")
		a.MemberOf[sid("p-View")] = true
		u := w.moved("Jane", "jane9", a)
		p := w.expect(t, "adopt? Jane: migrated from the former domain")
		q := p.Questions[0]
		assert.False(t, q.Single)
		assert.Equal(t, []string{anchor("former jane") + "@old.example"}, decision(q, plan.FieldFormerAnchor))
		assert.Equal(t, []string{"sIDHistory holds the SID that the user of old.example had, says the user file"}, decision(q, plan.FieldEvidence))
		w.agree(t, func(a *plan.Answer) { a.Keeps = &plan.Keeps{} })
		p = w.expect(t, "adopt Jane: answered [anchor]")
		assert.Nil(t, p.Actions[0].Keeps, "whatever someone ticked")
		assert.Equal(t, anchor("former jane"), p.Actions[0].Replaces)
		assert.Equal(t, []string{"ad-user-sync:" + u.ObjectGUID + "@" + sourceName}, p.Actions[0].Changes[0].After)
		w.answers = nil
		w.keep(plan.Adopt, u, func(r *schema.Resolution) { r.Account, r.FormerAnchor = a.GUID.String(), anchor("former jane") })
		w.expect(t, "create Jane (jane9): namesake", "disable? Jane: not among the migrated", "enable? Jane (jane9): new", "refused adopt Jane")
	})
	t.Run("row 72 alone where anything speaks against it", func(t *testing.T) {
		for name, change := range map[string]func(*world, *plan.Account){
			"guarded group": func(_ *world, a *plan.Account) { a.MemberOf[sid("p-Admin")] = true },
			"neither name":  func(_ *world, a *plan.Account) { a.CN, a.AccountName = "Max", "max" },
			"another's name": func(w *world, _ *plan.Account) {
				w.users[0].SAMAccountName = "other"
				w.user("Eve", "jane").ObjectGUID = anchor("eve")
			},
			"by names alone": func(w *world, _ *plan.Account) { w.file.Migrated.Users = nil },
			"disabled there": func(w *world, _ *plan.Account) { w.users[0].Disabled = true },
			"protected":      func(_ *world, a *plan.Account) { a.Protected = "adminCount is 1" },
			"outside":        func(w *world, a *plan.Account) { a.InContainer = false; w.accounts, w.elsewhere = nil, w.accounts },
			"a number differs": func(w *world, a *plan.Account) {
				w.cfg.Attributes["employeeID"], w.schema = schema.AttributeRule{}, append(w.schema, plan.Attribute{Name: "employeeID", Single: true})
				a.Values.Set("employeeid", schema.Value{List: []string{"1"}})
				w.users[0].Attributes.Set("employeeID", value("2"))
			},
		} {
			w := migrating()
			a := w.formerly("Jane", "jane")
			w.moved("Jane", "jane", a)
			change(w, a)
			found := 0
			for _, q := range w.plan().Questions {
				if q.Reason == plan.Migrated {
					found++
					assert.True(t, q.Single, name)
					assert.Equal(t, name == "protected", q.Barred != "", name)
				}
			}
			assert.Equal(t, 1, found, name)
		}
	})
	t.Run("row 72 not by what the ledger does not know", func(t *testing.T) {
		w := migrating()
		a := w.formerly("Jane", "jane")
		w.moved("Jane", "jane", a)
		delete(w.memory.Accounts, a.GUID)
		for _, q := range w.plan().Questions {
			assert.NotEqual(t, plan.Migrated, q.Reason)
		}
		w = migrating()
		a = w.formerly("Jane", "jane")
		w.moved("Jane", "jane", a)
		w.remember(a, func(r *plan.Remembered) { r.Anchor = anchor("somebody") })
		for _, q := range w.plan().Questions {
			assert.NotEqual(t, plan.Migrated, q.Reason)
		}
	})
	t.Run("row 72 an anchor of bytes names no domain", func(t *testing.T) {
		w := migrating()
		a := w.formerly("Jane", "jane")
		a.Anchor.Domain = ""
		w.moved("Jane", "jane", a)
		_, b := w.both("Max", "max")
		b.Anchor.Domain = ""
		w.expect(t, "adopt? Jane: migrated from the former domain", "unchanged Max")
	})
	t.Run("row 72 nothing else before someone agrees", func(t *testing.T) {
		w := migrating()
		w.migrating.Waits = true
		w.moved("Jane", "jane", w.formerly("Jane", "jane"))
		w.user("Nina", "nina")
		w.formerly("Carl", "carl").MemberOf[sid("p-View")] = true
		p := w.expect(t, "adopt? Jane: migrated from the former domain")
		assert.Contains(t, strings.Join(p.Notices, "\n"), "Enabled accounts of which the user file says nothing, and which are asked about then: 1")
		w.agree(t, nil)
		w.expect(t, "adopt Jane: answered [anchor]")
	})
	t.Run("row 73 of whom the file says nothing", func(t *testing.T) {
		w := migrating()
		w.both("Max", "max")
		a := w.formerly("Carl", "carl")
		a.MemberOf[sid("p-Admin")] = true
		p := w.expect(t, "disable? Carl: not among the migrated", "unchanged Max")
		assert.True(t, p.Questions[0].Single)
		w.agree(t, nil)
		w.expect(t, "disable Carl: missing in file [userAccountControl 512>514]", "unchanged Max")
		w.answers, a.Control = nil, 514
		w.expect(t, "failed Carl: not among the migrated", "unchanged Max") // someone else disabled it
		w.remember(a, func(r *plan.Remembered) { r.DisabledFor = plan.MissingInFile })
		p = w.expect(t, "leave Carl p-Admin: missing in file", "unchanged Max")
		assert.Contains(t, strings.Join(p.Notices, "\n"), "everyone of old.example is decided about: take expect.migrated_from out")
	})
	t.Run("row 73 no one new before that", func(t *testing.T) {
		w := migrating()
		a := w.formerly("Carl", "carl")
		w.user("Charles", "charles")
		p := w.expect(t, "disable? Carl: not among the migrated")
		assert.Len(t, p.Held, 1)
		assert.Contains(t, p.Held[0].Detail, "the account is not created as long as accounts of old.example")
		w.agree(t, nil)
		w.expect(t, "disable Carl: missing in file [userAccountControl 512>514]", "create Charles: new", "enable? Charles: new")
		w.answers = nil
		w.keep(plan.Disable, &schema.User{CN: "Carl", ObjectGUID: a.Anchor.ObjectGUID}, nil)
		w.expect(t, "create Charles: new", "enable? Charles: new", "refused disable Carl", "skipped Carl: rejected")
	})
	t.Run("row 73 rejected", func(t *testing.T) {
		w := migrating()
		a := w.formerly("Carl", "carl")
		w.keep(plan.Disable, &schema.User{CN: "Carl", ObjectGUID: a.Anchor.ObjectGUID}, nil)
		w.expect(t, "refused disable Carl", "skipped Carl: rejected")
	})
	t.Run("row 39 of someone who was migrated", func(t *testing.T) {
		w := migrating()
		a := w.formerly("Jane", "jane")
		w.moved("Jane", "jane", a)
		w.accounts = nil
		w.remember(a, func(r *plan.Remembered) { r.Seen = plan.Sight{DN: a.DN, CN: a.CN, AccountName: a.AccountName} })
		assert.NotContains(t, said(w.expect(t, "create? Jane: seen nowhere")), "is decided about", "or she would get another one unasked")
		w.keep(plan.Create, w.users[0], nil)
		assert.NotContains(t, said(w.plan()), "is decided about")
	})
}

func decision(q plan.Question, code plan.FieldCode) (values []string) {
	for _, f := range q.Decision {
		if f.Code == code {
			values = append(values, f.After...)
		}
	}
	return values
}
