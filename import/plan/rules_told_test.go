package plan_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// takingsOver are all the ways in which Jane may get an account that is there.
var takingsOver = map[plan.Reason]func() (*world, *schema.User, *plan.Account){
	plan.MatchSure: matching,
	plan.Unconfirmed: func() (*world, *schema.User, *plan.Account) {
		w := newWorld()
		u, a := w.user("Jane", "jane"), w.account("Jane", "jane")
		a.Anchor = plan.Anchor{ObjectGUID: u.ObjectGUID, Domain: sourceName}
		return w, u, a
	},
	plan.SamePerson: func() (*world, *schema.User, *plan.Account) {
		w := newWorld()
		return w, w.user("Jane", "jane"), w.account("Jane", "jd")
	},
	plan.NameTaken: func() (*world, *schema.User, *plan.Account) {
		w := newWorld()
		return w, w.user("Jane", "jane"), w.outside("Other", "jane")
	},
	plan.MovedOut: func() (*world, *schema.User, *plan.Account) {
		w := newWorld()
		u := w.user("Jane", "jane")
		return w, u, w.known(w.outside("Jane", "jane"), u.ObjectGUID)
	},
	plan.MadeAnew: func() (*world, *schema.User, *plan.Account) {
		w := newWorld()
		a := w.known(w.account("Jane", "jane"), anchor("the old jane"))
		a.Control = 514
		return w, w.user("Jane", "jane"), a
	},
	plan.CameOver: func() (*world, *schema.User, *plan.Account) {
		w := newWorld()
		a := w.account("Jane", "jane")
		a.Control, a.Anchor = 514, plan.Anchor{ObjectGUID: anchor("jane there"), Domain: "other.example"}
		return w, w.user("Jane", "jane"), a
	},
	plan.SameMail: func() (*world, *schema.User, *plan.Account) {
		w := newWorld()
		u, a := w.user("Jane", "jane"), w.outside("Jane", "jd")
		u.Attributes.Set("mail", value(janesMail))
		a.Mail = janesMail
		a.Values.Set("mail", value(janesMail))
		return w, u, a
	},
	plan.Migrated: func() (*world, *schema.User, *plan.Account) {
		w := migrating()
		a := w.formerly("Jane", "jane")
		return w, w.moved("Jane", "jane9", a), a
	},
}

// What a person saw of what an account would be given is what they agreed to.
func TestRulesOfWhatIsTold(t *testing.T) {
	about := func(t *testing.T, w *world, why plan.Reason) plan.Question {
		t.Helper()
		all := w.plan().Questions
		i := slices.IndexFunc(all, func(q plan.Question) bool { return q.Holder != nil && q.Reason == why })
		require.GreaterOrEqual(t, i, 0, "%v", readable(w.plan()))
		return all[i]
	}
	for why, made := range takingsOver {
		for name, change := range map[string]func(*world, *schema.User, *plan.Account){
			"filled in": func(_ *world, u *schema.User, _ *plan.Account) { u.Attributes.Set("department", value("Board")) },
			"kept or cleared": func(_ *world, u *schema.User, a *plan.Account) {
				a.Values.Set("department", value("Ops"))
				u.Attributes.Set("department", schema.Value{})
			},
			"overwritten": func(_ *world, u *schema.User, a *plan.Account) {
				a.Values.Set("department", value("Ops"))
				u.Attributes.Set("department", value("Board"))
			},
			"granted":      func(_ *world, u *schema.User, _ *plan.Account) { u.MemberOf = []string{"t-Edit"} },
			"by group_map": func(w *world, _ *schema.User, _ *plan.Account) { w.cfg.GroupMap["*"] = schema.OneOrMore{"p-View"} },
			"by a constant": func(w *world, _ *schema.User, _ *plan.Account) {
				w.cfg.Attributes["department"] = schema.AttributeRule{Value: new("X")}
			},
			"its references": func(w *world, u *schema.User, _ *plan.Account) {
				u.Attributes.Set("manager", value(w.user("Boss", "boss").ObjectGUID))
			},
			"the logon name of the file": func(w *world, u *schema.User, _ *plan.Account) {
				w.cfg.UPN.FromFile = true
				u.Attributes.Set("userPrincipalName", value("j.d@"+domainName))
			},
		} {
			t.Run("rule 09 "+string(why)+", "+name, func(t *testing.T) {
				w, u, a := made()
				before := about(t, w, why)
				change(w, u, a)
				assert.NotEqual(t, before.ID, about(t, w, why).ID)
			})
		}
		t.Run("rule 09 "+string(why)+", what is the same is the same question", func(t *testing.T) {
			w, u, a := made()
			w.cfg.Attributes["otherTelephone"] = schema.AttributeRule{}
			w.schema = append(w.schema, plan.Attribute{Name: "otherTelephone"})
			u.MemberOf = []string{"t-View", "t-Edit"}
			u.Attributes.Set("otherTelephone", schema.Value{List: []string{"1", "2"}})
			a.Values.Set("othertelephone", schema.Value{List: []string{"3", "4"}})
			before := about(t, w, why)
			assert.Contains(t, before.Shown(plan.FieldOverwritten), "otherTelephone: 3, 4, then 1, 2", "it is shown, too")
			a.LastLogon, a.PasswordLastSet, w.now = now, 7, now.AddDate(0, 0, 1)
			w.file.Timestamp = w.file.Timestamp.AddDate(0, 0, 1)
			u.MemberOf = []string{"t-Edit", "t-View"}
			u.Attributes.Set("otherTelephone", schema.Value{List: []string{"2", "1"}})
			a.Values.Set("othertelephone", schema.Value{List: []string{"4", "3"}})
			assert.Equal(t, before.ID, about(t, w, why).ID)
		})
	}
	for _, why := range []plan.Reason{plan.Unconfirmed, plan.Migrated} {
		t.Run("rule 09 "+string(why)+", who is disabled by now would be disabled here", func(t *testing.T) {
			w, u, _ := takingsOver[why]()
			before := about(t, w, why)
			u.Disabled = true
			assert.NotEqual(t, before.ID, about(t, w, why).ID)
		})
	}
	t.Run("rule 09 what a move changes", func(t *testing.T) {
		w, _, a := matching()
		before := about(t, w, plan.MatchSure)
		w.places = map[string]plan.Place{a.Parent: {Policies: []plan.InPlace{{Key: "office", Name: "Office"}}}, containerDN: {}}
		assert.NotEqual(t, before.ID, about(t, w, plan.MatchSure).ID)
	})
	t.Run("rule 27 a no outlasts what the file grants or fills in later", func(t *testing.T) {
		for why, made := range takingsOver {
			w, u, a := made()
			q := about(t, w, why)
			w.keep(q.Kind, u, func(r *schema.Resolution) {
				if r.FormerAnchor = q.Former; q.Kind == plan.Adopt {
					r.Account = a.GUID.String()
				}
			})
			u.Attributes.Set("department", value("Board"))
			u.MemberOf = []string{"t-Edit"}
			p := w.plan()
			assert.True(t, slices.ContainsFunc(p.Refusals, func(r plan.Refusal) bool { return r.Question.Reason == why }), "%s: %v", why, readable(p))
			assert.Empty(t, p.Lapsed)
		}
	})
}

// A manager and those who report to them are taken over in whatever order.
func TestRulesOfWhatIsToldTogether(t *testing.T) {
	w, u, a := matching()
	boss := w.user("Boss", "boss")
	boss.Attributes.Set("employeeID", value("1"))
	of := w.outside("Old Boss", "oldboss")
	of.Values = schema.AttributesOf(map[string]schema.Value{"employeeid": {List: []string{"1"}}})
	u.Attributes.Set("manager", value(boss.ObjectGUID))
	a.Values.Set("manager", value(of.DN))
	ids := func(questions []plan.Question) map[string]string {
		found := map[string]string{}
		for _, q := range questions {
			found[q.Person.CN] = q.ID
		}
		return found
	}
	before := ids(w.plan().Questions)
	require.Len(t, before, 2)
	t.Run("rule 09 at once", func(t *testing.T) {
		w.answers = []plan.Answer{{ID: before["Boss"], Accept: true}, {ID: before["Doe, Jane"], Accept: true}}
		assert.Equal(t, before, ids(w.plan().Agreed))
	})
	t.Run("rule 09 one after the other", func(t *testing.T) {
		w.answers = nil
		w.elsewhere = w.elsewhere[:1]
		of.InContainer, of.Parent, of.DN = true, containerDN, "CN=Old Boss,"+containerDN
		w.known(of, boss.ObjectGUID)
		w.accounts = append(w.accounts, of)
		a.Values.Set("manager", value(of.DN))
		assert.Equal(t, before["Doe, Jane"], ids(w.plan().Questions)["Doe, Jane"])
	})
}
