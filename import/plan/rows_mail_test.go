package plan_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

const janesMail = "jane@corp.example"

// sameMail is someone new, and a user elsewhere with the same mail address and the
// same common name.
func sameMail() (*world, *schema.User, *plan.Account) {
	w := newWorld()
	w.both("Max", "max")
	u := w.user("Jane", "jane")
	u.Attributes.Set("mail", value(janesMail))
	u.Attributes.Set("displayName", value("Doe, Jane"))
	a := w.outside("Jane", "jdoe")
	a.Mail, a.DisplayName = "Jane@Corp.Example", "Jane (local)"
	return w, u, a
}

func TestRowsSameMail(t *testing.T) {
	asked := []string{"adopt? Jane: same mail", "unchanged Max"}
	t.Run("row 42 asked, and nothing is made until it is answered", func(t *testing.T) {
		w, _, a := sameMail()
		p := w.expect(t, asked...)
		q := p.Questions[0]
		assert.True(t, q.Single)
		assert.Empty(t, q.Barred)
		assert.Equal(t, a.GUID, q.Holder.GUID)
		assert.Contains(t, q.Decision, plan.Field{Code: plan.FieldMail, After: []string{janesMail}}, "consent is to this address")
		w.cfg.AcceptFromFile = true
		w.keep(plan.Adopt, w.users[1], func(r *schema.Resolution) { r.Accept = true })
		w.expect(t, asked...) // a file cannot know
	})
	t.Run("row 42 however it has the address, and the name", func(t *testing.T) {
		for name, change := range map[string]func(*world, *plan.Account){
			"the display name":            func(_ *world, a *plan.Account) { a.CN, a.DisplayName = "jd", "doe, jane" },
			"names without the prefix":    func(w *world, _ *plan.Account) { w.cfg.PrefixCommonNames = "EXT " },
			"the address is a proxy":      func(_ *world, a *plan.Account) { a.Mail, a.Proxies = "", []string{janesMail} },
			"an account of the container": func(w *world, a *plan.Account) { a.InContainer, a.CN = true, "jd"; a.DisplayName = "Doe, Jane" },
		} {
			t.Run(name, func(t *testing.T) {
				w, _, a := sameMail()
				change(w, a)
				if a.InContainer {
					w.elsewhere, w.accounts = nil, append(w.accounts, a)
				}
				p := w.plan()
				assert.Len(t, p.Questions, 1)
				assert.Equal(t, plan.SameMail, p.Questions[0].Reason)
				assert.Empty(t, readable(plan.Plan{Actions: p.Actions[:0], LeftOut: p.LeftOut, Failed: p.Failed}))
			})
		}
	})
	t.Run("row 42 agreed", func(t *testing.T) {
		w, _, _ := sameMail()
		w.agree(t, nil)
		p := w.plan()
		assert.Equal(t, plan.Adopt, p.Actions[0].Kind)
		assert.True(t, p.Actions[0].MoveIn)
		assert.Empty(t, p.LeftOut)
		assert.Empty(t, p.Questions)
	})
	t.Run("row 42 rejected", func(t *testing.T) {
		w, u, _ := sameMail()
		w.keep(plan.Adopt, u, nil)
		p := w.expect(t, "create Jane: new", "enable? Jane: new", "refused adopt Jane", "left out Jane: value not accepted", "unchanged Max")
		for _, c := range p.Actions[0].Changes {
			assert.NotEqual(t, "mail", c.Attribute)
		}
		assert.Equal(t, w.kept, p.Kept)
	})
	t.Run("row 42 any other equal address is left out", func(t *testing.T) {
		for name, change := range map[string]func(*world, *plan.Account){
			"no name in common": func(_ *world, a *plan.Account) { a.CN = "Janet" },
			"no user":           func(_ *world, a *plan.Account) { a.Class = "contact" },
			"protected":         func(_ *world, a *plan.Account) { a.Protected = "adminCount is 1" },
			"anchored": func(_ *world, a *plan.Account) {
				a.Anchor.ObjectGUID, a.Anchor.Domain = anchor("another"), sourceName
			},
			"another program's value":     func(_ *world, a *plan.Account) { a.Anchor.Other = "something" },
			"an anchor that is not shown": func(_ *world, a *plan.Account) { a.AnchorUnread = true },
			"another's of the ledger": func(w *world, a *plan.Account) {
				w.memory.Accounts[a.GUID] = plan.Remembered{Anchor: anchor("another"), How: plan.HowAdopted}
				a.Control = a.Control.Disable()
			},
			"another's of the file by the account name": func(_ *world, a *plan.Account) { a.AccountName = "max" },
			"twice in the domain":                       func(w *world, _ *plan.Account) { w.outside("Info", "info").Proxies = []string{janesMail} },
			"twice in the file":                         func(w *world, _ *plan.Account) { w.users[0].Attributes.Set("mail", value("JANE@corp.example")) },
		} {
			t.Run(name, func(t *testing.T) {
				w, _, a := sameMail()
				change(w, a)
				p := w.plan()
				for _, q := range p.Questions {
					assert.NotEqual(t, plan.SameMail, q.Reason)
				}
				assert.NotEmpty(t, p.LeftOut)
				assert.Empty(t, p.Failed)
			})
		}
	})
	t.Run("row 42 an address of this domain asks nothing", func(t *testing.T) {
		w, u, a := sameMail()
		a.Mail = "jane@plant.example"
		u.Attributes.Set("mail", value("jane@plant.example"))
		w.expect(t, "create Jane: new", "enable? Jane: new", "left out Jane: value not accepted", "unchanged Max")
	})
	t.Run("row 42 somebody who has an account is not asked about", func(t *testing.T) {
		w, u, _ := sameMail()
		w.known(w.account("Jane", "jane"), u.ObjectGUID)
		p := w.plan()
		assert.Empty(t, p.Questions)
		assert.NotEmpty(t, p.LeftOut)
	})
	t.Run("row 42 who has the account name is asked about as row 13", func(t *testing.T) {
		w, _, a := sameMail()
		a.AccountName = "jane"
		w.expect(t, "name? Jane: name taken", "unchanged Max")
	})
}

// Rule 14: an address that stays with its account is no one else's.
func TestMailThatWasKept(t *testing.T) {
	w := newWorld()
	u, a := w.both("Jane", "jane")
	a.Mail = janesMail
	a.Values.Set("mail", schema.Value{List: []string{janesMail}})
	u.Attributes.Set("mail", schema.Value{})
	max, _ := w.both("Max", "max")
	max.Attributes.Set("mail", value(janesMail))
	w.expect(t, "update Max: differs [mail >jane@corp.example]", "update Jane: differs [mail jane@corp.example>]")

	w.remember(a, func(r *plan.Remembered) {
		r.How, r.Source = plan.HowAdopted, &plan.Source{Empty: []string{"mail"}}
	})
	p := w.expect(t, "left out Max: value not accepted", "unchanged Max", "unchanged Jane")
	assert.Equal(t, "mail: the address is that of "+a.DN, p.LeftOut[0].Detail)

	u.Disabled = true
	p = w.plan()
	assert.Equal(t, janesMail, p.Actions[0].Person.Mail, "what is shown is what it holds")
}
