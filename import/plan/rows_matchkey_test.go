package plan_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// matching is someone new, and an account elsewhere with the same number and names.
func matching() (*world, *schema.User, *plan.Account) {
	w := newWorld()
	w.cfg.Match = &schema.Match{Keys: []string{"employeeID", "employeeNumber", "mail", "userPrincipalName", "sAMAccountName"}, Within: []string{"OU=Staff,DC=plant,DC=example"}, Until: "2026-12-31"}
	w.both("Max", "max")
	u := w.user("Doe, Jane", "jane")
	u.Attributes.Set("employeeID", value("4711"))
	u.Attributes.Set("givenName", value("Jane"))
	u.Attributes.Set("sn", value("Doe"))
	a := w.outside("Jane Doe", "jdoe")
	a.Values = schema.AttributesOf(map[string]schema.Value{"employeeid": {List: []string{"4711"}}, "givenname": {List: []string{"Jané"}}, "sn": {List: []string{"DOE"}}})
	return w, u, a
}

const (
	createdJane = "create Doe, Jane: new"
	enableJane  = "enable? Doe, Jane: new"
	same        = "unchanged Max"
)

func TestRowsMatchKey(t *testing.T) {
	sure := []string{"adopt? Doe, Jane: same number and name", same}
	likely := []string{"adopt? Doe, Jane: perhaps the same person", same}
	barred := []string{"adopt? Doe, Jane: perhaps the same person, and out of reach", same}
	made := []string{createdJane, enableJane, same}

	t.Run("row 43 sure", func(t *testing.T) {
		w, _, a := matching()
		q := w.expect(t, sure...).Questions[0]
		assert.False(t, q.Single, "only these may be answered together")
		assert.Empty(t, q.Barred)
		assert.Equal(t, a.GUID, q.Holder.GUID)
		assert.Contains(t, q.Decision, plan.Field{Code: plan.FieldEvidence, After: []string{
			"employeeID is 4711 in the file and here, and no one else's", "given name and surname agree: Jane Doe"}}, "consent is to this evidence")
	})
	t.Run("row 43 names and values stay until the file says something else", func(t *testing.T) {
		w, u, a := matching()
		a.Mail = janesMail
		a.Values.Set("department", schema.Value{List: []string{"Ops"}})
		a.Values.Set("mail", schema.Value{List: []string{janesMail}})
		u.Attributes.Set("department", schema.Value{})
		u.Attributes.Set("mail", value("new@corp.example"))
		w.cfg.PrefixCommonNames = "EXT "
		w.agree(t, nil)
		p := w.plan()
		assert.Contains(t, p.Agreed[0].Context, plan.Field{Code: plan.FieldOverwritten, After: []string{"mail: jane@corp.example, then new@corp.example"}})
		adopted := p.Actions[slices.IndexFunc(p.Actions, func(a plan.Action) bool { return a.Kind == plan.Adopt })]
		kept := adopted.Keeps.Source
		assert.Equal(t, &plan.Source{CN: "Doe, Jane", AccountName: "jane", Empty: []string{"department"}}, kept)
		assert.Equal(t, []string{"adminDescription"}, attributesOf(adopted.Changes), "moved in and anchored, and no more")

		w.answers, w.elsewhere, w.accounts = nil, nil, append(w.accounts, a)
		a.InContainer, a.Parent, a.DN = true, containerDN, "CN=Jane Doe,"+containerDN
		w.known(a, u.ObjectGUID)
		w.remember(a, func(r *plan.Remembered) { r.How, r.Source, r.KeepsExpiry = plan.HowAdopted, kept, true })
		w.cfg.Match = nil // the window has closed long ago
		p = w.expect(t, "rename EXT Max: name differs [cn Max>EXT Max]", "update Jane Doe: differs [mail jane@corp.example>new@corp.example]")
		assert.Empty(t, p.Unkept)

		w.now = now.Add(time.Hour)
		u.SAMAccountName = "jane.roe"
		u.Attributes.Set("department", value("HR"))
		p = w.plan()
		assert.Contains(t, readable(p), "rename Jane Doe: name differs [sAMAccountName jdoe>jane.roe, userPrincipalName jdoe@plant.example>jane.roe@plant.example]", "the common name is the same in the source")
		assert.Equal(t, []plan.Unkept{{GUID: a.GUID, Left: &plan.Source{CN: "Doe, Jane"}}}, p.Unkept)
		u.CN = "Roe, Jane"
		p = w.plan()
		assert.Equal(t, []plan.Unkept{{GUID: a.GUID}}, p.Unkept)
		assert.Contains(t, strings.Join(readable(p), "\n"), "cn Jane Doe>EXT Roe, Jane")
	})
	t.Run("row 43 nothing of that is kept where a person says so", func(t *testing.T) {
		w, _, _ := matching()
		w.agree(t, func(a *plan.Answer) {
			a.Keeps = &plan.Keeps{Password: true, Expiry: true, Memberships: true, Source: &plan.Source{CN: "Doe, Jane"}}
		})
		p := w.plan()
		assert.Nil(t, p.Actions[0].Keeps.Source, "a page cannot say what the file had")
		assert.Equal(t, []string{"cn", "sAMAccountName", "userPrincipalName", "adminDescription"}, attributesOf(p.Actions[0].Changes))
	})
	t.Run("row 43 agreed, and all is kept that nobody took away", func(t *testing.T) {
		w, _, a := matching()
		a.MemberOf = map[adrules.SID]bool{w.groups[0].SID: true}
		a.Expires = 0
		w.agree(t, nil)
		p := w.plan()
		assert.Len(t, p.Actions, 1)
		assert.Equal(t, plan.Adopt, p.Actions[0].Kind)
		assert.True(t, p.Actions[0].MoveIn)
		assert.Equal(t, &plan.Keeps{Password: true, Expiry: true, Memberships: true, Names: true, Values: true, Source: &plan.Source{CN: "Doe, Jane", AccountName: "jane"}}, p.Actions[0].Keeps)
	})
	t.Run("row 43 rejected", func(t *testing.T) {
		w, u, a := matching()
		w.keep(plan.Adopt, u, func(r *schema.Resolution) { r.Account = a.GUID.String() })
		w.expect(t, createdJane, enableJane, "refused adopt Doe, Jane", same)
	})
	t.Run("row 43 an accepted entry of a file is nobody's consent", func(t *testing.T) {
		for name, change := range map[string]func(*plan.Account){"sure": func(*plan.Account) {}, "likely": func(a *plan.Account) { a.Values.Set("sn", schema.Value{}) }} {
			t.Run(name, func(t *testing.T) {
				w, u, a := matching()
				change(a)
				w.cfg.AcceptFromFile = true
				w.keep(plan.Adopt, u, func(r *schema.Resolution) { r.Accept, r.Account = true, a.GUID.String() })
				p := w.plan()
				assert.Empty(t, p.Actions)
				assert.Len(t, p.Questions, 1)
			})
		}
	})
	t.Run("row 43 alone, where it is not sure", func(t *testing.T) {
		for name, change := range map[string]func(*world, *schema.User, *plan.Account){
			"another surname": func(_ *world, _ *schema.User, a *plan.Account) {
				a.Values.Set("sn", schema.Value{List: []string{"Roe"}})
			},
			"no names":              func(_ *world, u *schema.User, a *plan.Account) { u.Attributes.Delete("sn"); a.Values.Delete("sn") },
			"in a guarded group":    func(w *world, _ *schema.User, a *plan.Account) { a.MemberOf[w.groups[2].SID] = true },
			"rights cannot be read": func(_ *world, _ *schema.User, a *plan.Account) { a.SelfUnknown = true },
			"another number differs": func(_ *world, u *schema.User, a *plan.Account) {
				u.Attributes.Set("employeeNumber", value("8"))
				a.Values.Set("employeenumber", schema.Value{List: []string{"9"}})
			},
			"another has the address": func(w *world, u *schema.User, _ *plan.Account) {
				u.Attributes.Set("mail", value(janesMail))
				w.outside("R", "r").Mail = janesMail
			},
			"mail alone": func(_ *world, u *schema.User, a *plan.Account) {
				u.Attributes.Delete("employeeID")
				a.Mail = janesMail
				u.Attributes.Set("mail", value(janesMail))
			},
			"mail by a proxy, and user principal name": func(_ *world, u *schema.User, a *plan.Account) {
				u.Attributes.Delete("employeeID")
				a.Proxies = []string{janesMail}
				u.Attributes.Set("mail", value(janesMail))
				a.UPN = janesMail
				u.Attributes.Set("userPrincipalName", value(janesMail))
			},
			"named as another person of the file": func(w *world, _ *schema.User, a *plan.Account) {
				w.users[0].SAMAccountName, w.accounts[0].AccountName, w.accounts[0].UPN = "JDOE", "m", "m@"+domainName
				w.accounts[0].Control, w.users[0].Disabled = 514, true
			},
			"account name alone": func(_ *world, u *schema.User, a *plan.Account) {
				u.Attributes.Delete("employeeID")
				a.AccountName = "JANE"
			},
		} {
			t.Run(name, func(t *testing.T) {
				w, u, a := matching()
				change(w, u, a)
				q := w.expect(t, likely...).Questions[0]
				assert.True(t, q.Single)
				assert.Empty(t, q.Barred)
				assert.Equal(t, a.GUID, q.Holder.GUID)
				if why := map[string]string{"in a guarded group": "it is in the guarded group p-Admin", "rights cannot be read": "it cannot be read who may write to it"}[name]; why != "" {
					assert.Contains(t, strings.Join(q.Decision[len(q.Decision)-1].After, "\n"), why)
				}
			})
		}
	})
	t.Run("row 43 two people for one account", func(t *testing.T) {
		w, _, a := matching()
		other := w.user("Jane D", "jd2")
		a.Mail = janesMail
		other.Attributes.Set("mail", value(janesMail))
		p := w.expect(t, "adopt? Doe, Jane: perhaps the same person", "adopt? Jane D: perhaps the same person", same)
		for _, q := range p.Questions {
			assert.True(t, q.Single)
		}
		w.answers = []plan.Answer{{ID: p.Questions[0].ID, Accept: true}}
		p = w.plan()
		assert.Equal(t, anchor("jane"), p.Actions[0].Person.Anchor)
		assert.Len(t, p.Actions, 1, "nothing is made for the other one before that is settled")
		assert.Contains(t, p.Questions[0].Barred, "it is the account of another person in the file")
	})
	t.Run("row 43 in the container", func(t *testing.T) {
		w, _, a := matching()
		a.InContainer, a.Unmatched, w.elsewhere, w.accounts = true, "", nil, append(w.accounts, a)
		w.expect(t, sure...)
	})
	t.Run("row 43 a first run takes both names unasked, as row 7 ever did", func(t *testing.T) {
		w, _, a := matching()
		w.memory.Finished = false
		a.InContainer, a.CN, a.AccountName, w.elsewhere, w.accounts = true, "Doe, Jane", "jane", nil, append(w.accounts, a)
		p := w.plan()
		assert.Equal(t, plan.MatchedByName, p.Actions[0].Reason)
		assert.Empty(t, p.Questions)
	})
	t.Run("row 43 no evidence", func(t *testing.T) {
		for name, change := range map[string]func(*world, *schema.User, *plan.Account){
			"no match":              func(w *world, _ *schema.User, _ *plan.Account) { w.cfg.Match = nil },
			"the window has closed": func(w *world, _ *schema.User, _ *plan.Account) { w.cfg.Match.Until = "2026-11-21" },
			"another key":           func(w *world, _ *schema.User, _ *plan.Account) { w.cfg.Match.Keys = []string{"employeeNumber"} },
			"zeros before it": func(_ *world, _ *schema.User, a *plan.Account) {
				a.Values.Set("employeeid", schema.Value{List: []string{"04711"}})
			},
			"twice in the file": func(w *world, _ *schema.User, _ *plan.Account) {
				w.users[0].Attributes.Set("employeeID", value("4711 "))
			},
			"written by its own user": func(_ *world, _ *schema.User, a *plan.Account) { a.SelfWritten = []string{"employeeID"} },
			"a contact":               func(_ *world, _ *schema.User, a *plan.Account) { a.Class = "contact" },
			"a constant of the rule": func(w *world, _ *schema.User, _ *plan.Account) {
				c := "4711"
				w.cfg.Attributes["employeeID"] = schema.AttributeRule{OnCreate: &c}
			},
			"from another attribute": func(w *world, _ *schema.User, _ *plan.Account) {
				w.cfg.Attributes["employeeID"] = schema.AttributeRule{From: "extensionAttribute1"}
			},
			"several values of the one": func(_ *world, u *schema.User, _ *plan.Account) { u.Attributes.Set("employeeID", value("4711", "4712")) },
		} {
			t.Run(name, func(t *testing.T) {
				w, u, a := matching()
				change(w, u, a)
				assert.Equal(t, made, slices.DeleteFunc(readable(w.plan()), func(line string) bool {
					return line[0] == 'l' || line[:2] == "up" || line == "update Max: differs [employeeID >4711]"
				}))
			})
		}
	})
	t.Run("row 45", func(t *testing.T) {
		unread := []plan.UnreadKey{{Key: "employeeID", Accounts: 5, Names: []string{"CN=A", "CN=B", "CN=C"}}}
		w, _, a := matching()
		w.unread = unread
		w.expect(t, sure...)
		a.Values = schema.Attributes{}
		p := w.plan()
		assert.Equal(t, []string{"failed Doe, Jane: may have an account already", same}, readable(p))
		assert.Equal(t, "employeeID of CN=A; CN=B; CN=C, and 2 more looks empty, and may have a value that the bound account may not read. Let it read that, or take employeeID out of match.keys, or what holds them out of match.within. No account is made before that can be told", p.Failed[0].Detail)
		for name, change := range map[string]func(w *world, u *schema.User){
			"the window has closed": func(w *world, _ *schema.User) { w.cfg.Match.Until = "2026-11-21" },
			"no number":             func(_ *world, u *schema.User) { u.Attributes.Set("employeeID", value()) },
			"a placeholder":         func(_ *world, u *schema.User) { u.Attributes.Set("employeeID", value("n/a")) },
			"another key":           func(w *world, _ *schema.User) { w.unread[0].Key = "employeeNumber" },
		} {
			t.Run(name, func(t *testing.T) {
				w, u, a := matching()
				w.unread, a.Values = slices.Clone(unread), schema.Attributes{}
				change(w, u)
				assert.Contains(t, readable(w.plan()), createdJane)
			})
		}
	})
	t.Run("row 43 placeholders", func(t *testing.T) {
		for _, text := range []string{"0", "00000", "n/a", "N.A.", "none", "unknown", "x", "XXX", "-", "--", "test", "test2", "99999", " ", "?", "TBD",
			"k.A.", "k. A.", "keine Angabe", "not available", "N.V.", "extern", "(none)", "<leer>", "-1", "000-000", "０００", "N／A", "\u200b", "\u200b0", "—", "…", "#N/A", "нет"} {
			w, u, a := matching()
			a.Values.Set("employeeid", schema.Value{List: []string{text}})
			u.Attributes.Set("employeeID", value(text))
			assert.Equal(t, made, readable(w.plan()), text)
		}
		for _, text := range []string{"noreply@corp.example", "no-reply@corp.example", "test@corp.example", "info@corp.example", "jane@x.invalid", "jane@example.com", "jane"} {
			w, u, a := matching()
			u.Attributes.Delete("employeeID")
			a.Mail = text
			u.Attributes.Set("mail", value(text))
			assert.NotContains(t, readable(w.plan()), likely[0], text)
		}
	})
	t.Run("row 43 what is short or odd is a number all the same", func(t *testing.T) {
		for _, text := range []string{"1", "-2", "1111", "X1", "0042", "na7", "MUELLER", "№ 5"} {
			w, u, a := matching()
			a.Values.Set("employeeid", schema.Value{List: []string{text}})
			u.Attributes.Set("employeeID", value(text))
			assert.Equal(t, sure, readable(w.plan()), text)
		}
		w, u, a := matching()
		u.Attributes.Delete("employeeID")
		a.Mail = "ka@corp.example"
		u.Attributes.Set("mail", value(a.Mail))
		assert.Contains(t, readable(w.plan()), likely[0], "somebody's initials")
	})
	t.Run("row 43 the ledger knows better", func(t *testing.T) {
		w, u, _ := matching()
		w.known(w.account("Doe, Jane", "jane"), u.ObjectGUID)
		w.expect(t, same, "unchanged Doe, Jane")
		w, u, _ = matching()
		lost := w.known(w.account("Doe, Jane", "jane"), u.ObjectGUID)
		lost.Anchor = plan.Anchor{}
		assert.NotContains(t, readable(w.plan()), sure[0], "row 38")
		w, _, a := matching()
		w.memory.Accounts[a.GUID] = plan.Remembered{Anchor: anchor("another"), How: plan.HowAdopted}
		assert.NotContains(t, readable(w.plan()), sure[0])
	})
	t.Run("row 43 who is disabled in the source is nobody's", func(t *testing.T) {
		w, u, _ := matching()
		u.Disabled = true
		w.expect(t, "skipped Doe, Jane: disabled in source", same)
	})

	t.Run("row 44 named, and nothing is made", func(t *testing.T) {
		for name, c := range map[string]struct {
			change func(*world, *schema.User, *plan.Account)
			why    string
		}{
			"several": {func(w *world, _ *schema.User, _ *plan.Account) {
				w.outside("Twin", "twin").Values.Set("employeeid", schema.Value{List: []string{"4711"}})
			}, "several have employeeID 4711: CN=Jane Doe,OU=Staff,DC=plant,DC=example; CN=Twin,"},
			"outside within": {func(_ *world, _ *schema.User, a *plan.Account) { a.Unmatched = "it is not within match.within" }, "it is not within match.within"},
			"anchored for someone else": {func(_ *world, _ *schema.User, a *plan.Account) {
				a.Anchor.ObjectGUID, a.Anchor.Domain = anchor("x"), sourceName
			}, "it is anchored for another person"},
			"another program's":        {func(_ *world, _ *schema.User, a *plan.Account) { a.Anchor.Other = "something" }, "holds another program's value"},
			"an anchor that is hidden": {func(_ *world, _ *schema.User, a *plan.Account) { a.AnchorUnread = true }, "cannot be read"},
			"protected": {func(_ *world, _ *schema.User, a *plan.Account) {
				a.Protected, a.GivesWay = "it administers the domain", true
			}, "it administers the domain"},
			"an administrator's number and address": {func(_ *world, u *schema.User, a *plan.Account) {
				a.Mail = janesMail
				u.Attributes.Set("mail", value(janesMail))
				a.Protected = "it is one of the domain's own accounts"
			}, "it is one of the domain's own accounts"},
		} {
			t.Run(name, func(t *testing.T) {
				w, u, a := matching()
				c.change(w, u, a)
				q := w.plan().Questions[0]
				if name == "several" {
					w.expect(t, "adopt? Doe, Jane: several accounts, perhaps one of them", same)
				} else {
					w.expect(t, barred...)
				}
				assert.Contains(t, q.Barred, c.why)
				assert.True(t, q.Single)
				w.answers = []plan.Answer{{ID: q.ID, Accept: true, Keeps: &plan.Keeps{}}}
				p := w.plan()
				assert.Empty(t, p.Actions, "even if somebody says so")
				assert.Len(t, p.Failed, 1)
				w.answers = nil
				w.keep(plan.Adopt, u, func(r *schema.Resolution) { r.Account = q.Holder.GUID.String() })
				assert.Contains(t, readable(w.plan()), createdJane, "rejected, it is made")
			})
		}
	})
	t.Run("row 44 whose account name cannot be had is asked for another one, as row 13", func(t *testing.T) {
		w, u, a := matching()
		u.Attributes.Delete("employeeID")
		a.AccountName, a.Unmatched = "jane", "outside"
		w.expect(t, "name? Doe, Jane: name taken", same)
	})
	t.Run("row 44 a user who writes an own number keeps no one from theirs", func(t *testing.T) {
		w, _, _ := matching()
		own := w.outside("Twin", "twin")
		own.Values.Set("employeeid", schema.Value{List: []string{"4711"}})
		own.SelfWritten = []string{"employeeID"}
		p := w.expect(t, sure...)
		assert.Contains(t, p.Notices, "match: employeeID is no evidence where users may write it of themselves; accounts: 1")
	})
}

func attributesOf(changes []plan.Change) (names []string) {
	for _, c := range changes {
		names = append(names, c.Attribute)
	}
	return names
}

// What match cannot do is said in every run.
func TestMatchNotices(t *testing.T) {
	w, _, _ := matching()
	w.cfg.Match.Until = "2026-11-21"
	assert.Contains(t, w.plan().Notices, "match ended on 2026-11-21 and does nothing any more; take it out of the configuration")
	w, _, _ = matching()
	w.cfg.Match.Until = "2026-12-07"
	assert.NotContains(t, said(w.plan()), "match ends on")
	w.cfg.Match.Until = "2026-12-05"
	assert.Contains(t, w.plan().Notices, "match ends on 2026-12-05: who is not decided about by then gets a new account, whatever account they have already (1): Doe, Jane")
	w.agree(t, nil)
	assert.NotContains(t, said(w.plan()), "match ends on", "decided")
	w, _, a := matching()
	a.SelfUnknown = true
	assert.Contains(t, w.plan().Notices, "match: the bound account may not read who may write to these accounts, so that each is decided alone: "+a.DN)
	w, _, _ = matching()
	w.cfg.Match.Keys = []string{"employeeID", "mail", "userPrincipalName", "sAMAccountName"}
	w.users[1].Attributes.Set("mail", value(janesMail))
	assert.Equal(t, []plan.Key{{Attribute: "employeeID", Value: "4711"}}, plan.Begin(w.input()).Unknown().Keys)
	assert.Contains(t, plan.Begin(w.input()).Unknown().Mails, janesMail)
}
