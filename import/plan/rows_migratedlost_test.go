package plan_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// moveOut puts an account of the container somewhere else.
func (w *world) moveOut(a *plan.Account) {
	for i, b := range w.accounts {
		if a == b {
			w.accounts = append(w.accounts[:i:i], w.accounts[i+1:]...)
			break
		}
	}
	a.InContainer, a.Parent, a.DN = false, "OU=Staff,DC=plant,DC=example", "CN="+a.CN+",OU=Staff,DC=plant,DC=example"
	w.elsewhere = append(w.elsewhere, a)
}

// everything is what people read of a plan, and which accounts it asks about.
func everything(p plan.Plan) string {
	text := strings.Join(readable(p), "\n") + "\n" + said(p)
	for _, q := range p.Questions {
		if q.Holder != nil {
			text += "\nasked about " + q.Holder.DN
		}
	}
	return text
}

// Of a former account whose anchor someone changed no one gets a second one unasked, and
// that nothing is left to decide is not said.
func TestRowsMigratedLost(t *testing.T) {
	for _, where := range []string{"here", "outside"} {
		t.Run("row 72 someone wrote the new domain into the former anchor, "+where, func(t *testing.T) {
			w := migrating()
			former := w.formerly("Jane", "jane")
			w.moved("Jane", "jane9", former)
			if former.Anchor.Domain = sourceName; where == "outside" {
				w.moveOut(former)
			}
			p := w.plan()
			assert.Contains(t, readable(p), "adopt? Jane: migrated from the former domain")
			assert.True(t, p.Questions[0].Single)
			assert.Contains(t, decision(p.Questions[0], plan.FieldEvidence), "its anchor has the objectGUID that a user of old.example had, and names corp.example: someone changed it")
			assert.Empty(t, p.Actions, "it is no leaver's, and no one gets another one")
			assert.NotContains(t, everything(p), "is decided about")
			w.agree(t, nil)
			assert.Contains(t, readable(w.plan()), "adopt Jane: answered [anchor]")
		})
		for name, anchor := range map[string]func(*plan.Account){
			"of a third domain":  func(a *plan.Account) { a.Anchor.Domain = "third.example" },
			"not to be read":     func(a *plan.Account) { a.Anchor, a.AnchorUnread = plan.Anchor{}, true },
			"another program's":  func(a *plan.Account) { a.Anchor = plan.Anchor{Other: "x"} },
			"of another user":    func(a *plan.Account) { a.Anchor.ObjectGUID = guid("another").String() },
			"gone, another name": func(a *plan.Account) { a.Anchor, a.CN, a.AccountName = plan.Anchor{}, "J", "j" },
		} {
			t.Run("row 38 the anchor of a former account is "+name+", "+where, func(t *testing.T) {
				w := migrating()
				former := w.formerly("Jane", "jane")
				w.moved("Jane", "jane9", former)
				if anchor(former); where == "outside" {
					w.moveOut(former)
					w.memory.AnchorAttribute = "adminDescription"
				}
				p := w.plan()
				if where == "outside" && former.Anchor.Domain != "third.example" && !former.AnchorUnread {
					assert.Contains(t, everything(p), "no longer this program's, and forgotten", "who moved it out has cleared or changed its anchor")
					return
				}
				for _, a := range p.Actions {
					assert.NotEqual(t, plan.Create, a.Kind, "%v", readable(p))
				}
				assert.NotContains(t, everything(p), "is decided about")
				assert.NotContains(t, said(p), "@"+sourceName+" into it again", "that would be the anchor of no one")
			})
		}
	}
	for name, domain := range map[string]string{"the new domain": sourceName, "a third domain": "third.example"} {
		t.Run("row 73 someone wrote "+name+" into the anchor of one of whom the file says nothing", func(t *testing.T) {
			w := migrating()
			w.both("Max", "max")
			w.formerly("Jane Doe", "jane").Anchor.Domain = domain
			w.user("Jane Smith", "jsmith") // who is she?
			p := w.expect(t, "disable? Jane Doe: not among the migrated", "unchanged Max")
			assert.True(t, p.Questions[0].Single)
			assert.Len(t, p.Held, 1)
			assert.NotContains(t, said(p), "is decided about")
		})
	}
	t.Run("row 72 only its anchor tells whose it was, since the ledger was lost", func(t *testing.T) {
		for _, mapped := range []bool{true, false} {
			w := migrating()
			w.both("Max", "max")
			former := w.anchoredBefore("Jane", "jane")
			former.Anchor.Domain = formerName
			u := w.user("Jane", "jane")
			w.memory.AnchoredBefore[former.GUID], former.Anchor.ObjectGUID = anchor("former jane"), anchor("former jane")
			if mapped {
				w.file.Migrated.Users = []schema.MigratedUser{{ObjectGUID: u.ObjectGUID, Former: anchor("former jane"), By: schema.BySIDHistory}}
			}
			p := w.expect(t, "adopt? Jane: migrated from the former domain", "unchanged Max")
			assert.True(t, p.Questions[0].Single)
			assert.Empty(t, p.Questions[0].Barred)
			assert.Contains(t, decision(p.Questions[0], plan.FieldEvidence), "the ledger was lost: nothing but its anchor tells whose it was")
			assert.NotContains(t, said(p), "is decided about")
			w.agree(t, nil)
			p = w.expect(t, "adopt Jane: answered [anchor]", "unchanged Max")
			assert.Equal(t, anchor("former jane"), p.Actions[0].Replaces)
			w.answers = nil
			former.Protected = "adminCount is 1"
			assert.NotEmpty(t, w.plan().Questions[0].Barred)
			w.memory.AnchoredBefore, former.Protected = nil, ""
			assert.NotContains(t, readable(w.plan()), "adopt? Jane: migrated from the former domain", "what anyone may write")
		}
	})
	t.Run("row 41 of such a one, of someone of whom the file says that they were another", func(t *testing.T) {
		w, u, a := numbered()
		a.Control, a.Anchor = 514, plan.Anchor{ObjectGUID: anchor("the old jane"), Domain: formerName}
		delete(w.memory.Accounts, a.GUID)
		w.memory.AnchoredBefore = map[adrules.GUID]string{a.GUID: a.Anchor.ObjectGUID}
		w.migrating = plan.Migrating{From: formerName}
		w.file.Migrated = &schema.Migrated{From: formerName, Users: []schema.MigratedUser{{ObjectGUID: u.ObjectGUID, Former: anchor("jane before"), By: schema.BySIDHistory}}}
		p := w.plan()
		assert.Contains(t, readable(p), "adopt? Doe, Jane: made anew in the source")
		assert.True(t, p.Questions[0].Single)
		w.agree(t, nil)
		p = w.plan()
		assert.Equal(t, plan.Adopt, p.Actions[0].Kind)
		assert.Equal(t, anchor("the old jane"), p.Actions[0].Replaces)
	})
	t.Run("row 71 of such a one of whom the file says nothing", func(t *testing.T) {
		w := migrating()
		w.both("Max", "max")
		former := w.anchoredBefore("Jane Doe", "jane")
		former.Anchor.Domain = formerName
		former.MemberOf[sid("p-View")] = true
		w.user("Jane Smith", "jsmith") // who is she?
		p := w.expect(t, "disable? Jane Doe: unconfirmed anchor", "unchanged Max")
		assert.Len(t, p.Held, 1)
		assert.NotContains(t, said(p), "is decided about")
		w.migrating.Waits = true
		assert.Contains(t, said(w.plan()), "which are asked about then: 1")
		w.migrating.Waits = false
		former.Control = 514
		p = w.plan()
		if assert.Len(t, p.Failed, 1, "row 73a") {
			assert.Contains(t, p.Failed[0].Detail, "is in p-View still")
		}
	})
	t.Run("row 29 a leaver of the new domain while the former one is known", func(t *testing.T) {
		w := migrating()
		a := w.known(w.account("Jane", "jane"), anchor("jane"))
		w.both("Max", "max")
		w.remember(a, func(r *plan.Remembered) { r.Domain = sourceName })
		w.expect(t, "disable Jane: missing in file [userAccountControl 512>514]", "unchanged Max")
	})
	t.Run("row 38 an account outside whose anchor names another domain", func(t *testing.T) {
		w := newWorld()
		_, a := w.both("Jane", "jane")
		w.moveOut(a)
		a.CN, a.AccountName, a.UPN, a.Anchor.Domain = "J", "j", "j@"+domainName, "third.example"
		p := w.expect(t, "failed Jane: anchor gone or changed")
		assert.Contains(t, said(p), a.DN+", which this program created, names the source domain third.example")
		assert.Contains(t, said(p), "Until then its person gets no other one")
		assert.Contains(t, said(p), "if it is no longer this program's, clear it")
	})
	t.Run("row 37 a question about one account hides no other of the same person", func(t *testing.T) {
		w := migrating()
		former := w.formerly("Jane", "jane")
		u := w.moved("Jane", "jane9", former)
		u.Disabled = true
		own := w.known(w.account("Jane D", "janed"), u.ObjectGUID)
		w.moveOut(own)
		assert.Contains(t, everything(w.plan()), "asked about "+former.DN)
		assert.Contains(t, said(w.plan()), own.DN+" and still enabled")
		w.moveOut(former)
		assert.Contains(t, said(w.plan()), former.DN)
		assert.Contains(t, said(w.plan()), own.DN)
		u.Disabled = false
		assert.Contains(t, said(w.plan()), former.DN, "asked about the other one")
		assert.Contains(t, everything(w.plan()), own.DN)
		w.keep(plan.Adopt, u, func(r *schema.Resolution) { r.Account = own.GUID.String() })
		assert.Contains(t, said(w.plan()), former.DN, "nor does that it was rejected")
	})
	t.Run("row 37 nor does one of a file of one domain", func(t *testing.T) {
		w := newWorld()
		u, own := w.both("Jane", "jane")
		w.moveOut(own)
		w.memory.Finished = true
		other := w.account("Jane", "jane")
		other.GUID = guid("another of that name")
		u.Disabled = true
		p := w.plan()
		assert.Equal(t, other.GUID, p.Questions[0].Holder.GUID, "%v", readable(p))
		assert.Contains(t, said(p), own.DN+" and still enabled")
	})
}
