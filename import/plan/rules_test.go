package plan_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

func number(n int) *int { return &n }

// crowd is n people with up-to-date accounts.
func crowd(n int) *world {
	w := newWorld()
	for i := range n {
		w.both(fmt.Sprint("P", i), fmt.Sprint("p", i))
	}
	return w
}

func trips(p plan.Plan) (names []string) {
	for _, t := range p.Trips {
		names = append(names, t.Name)
	}
	return names
}

// The brakes.
func TestRulesBrakes(t *testing.T) {
	t.Run("rule 06 count and percent, or max alone", func(t *testing.T) {
		for _, c := range []struct {
			limit    schema.Limit
			disabled int
			trips    bool
		}{
			{schema.Limit{Count: number(2), Percent: number(10)}, 2, false},
			{schema.Limit{Count: number(2), Percent: number(10)}, 3, true},
			{schema.Limit{Count: number(2), Percent: number(15)}, 3, false}, // of 20
			{schema.Limit{Count: number(2), Percent: number(14)}, 3, true},
			{schema.Limit{Max: number(3)}, 3, false},
			{schema.Limit{Max: number(3)}, 4, true},
			{schema.Limit{}, 19, false},
		} {
			w := crowd(20)
			w.cfg.Limits["disable"] = c.limit
			for i := range c.disabled {
				w.users[i].Disabled = true
			}
			p := w.plan()
			assert.Equal(t, c.trips, len(p.Trips) > 0, "%+v", p.Trips)
			assert.Equal(t, c.trips, p.Stopped(""))
			if c.trips {
				assert.Len(t, p.Trips[0].Accounts, c.disabled)
				assert.Equal(t, c.disabled, plan.Braked(p.Trips))
			}
		}
	})
	t.Run("rule 06 accumulates over a day", func(t *testing.T) {
		w := crowd(20)
		w.cfg.Limits["disable"] = schema.Limit{Max: number(3)}
		w.memory.Recent[plan.Disable] = 3
		assert.Empty(t, w.plan().Trips, "nothing more to do")
		w.users[0].Disabled = true
		assert.Equal(t, []string{"disable"}, trips(w.plan()))
	})
	t.Run("rule 06 percent of what", func(t *testing.T) {
		w := crowd(10) // of enabled managed accounts for disable, of matched ones for update
		w.cfg.Limits["disable"] = schema.Limit{Count: number(0), Percent: number(20)}
		w.cfg.Limits["update"] = schema.Limit{Count: number(0), Percent: number(10)}
		for i, a := range w.accounts[4:] {
			a.Control = 514
			w.keep(plan.Enable, w.users[4+i], nil)
		}
		w.users[0].Attributes["department"] = value("IT")
		assert.Empty(t, w.plan().Trips, "one of ten")
		w.users[1].Disabled = true
		assert.Equal(t, []string{"disable"}, trips(w.plan()), "one of four enabled")
	})
	t.Run("rule 06 create and join are free in the first run", func(t *testing.T) {
		w := newWorld()
		w.cfg.Limits["create"], w.cfg.Limits["join"] = schema.Limit{Max: number(0)}, schema.Limit{Max: number(0)}
		w.user("Jane", "jane").MemberOf = []string{"t-View", "t-Edit"}
		p := w.plan()
		assert.Equal(t, []string{"create", "join"}, trips(p))
		assert.Len(t, p.Trips[1].Accounts, 1, "accounts are counted")
		w.memory.Finished = false
		assert.Empty(t, w.plan().Trips)
	})
	t.Run("rule 06 what is not counted", func(t *testing.T) {
		w := crowd(3)
		for _, kind := range []string{"extend", "adopt", "leave", "enable"} {
			w.cfg.Limits[kind] = schema.Limit{Max: number(0)}
		}
		w.users[0].Disabled = true // leaves with a disable
		w.accounts[0].MemberOf[sid("p-Admin")] = true
		w.accounts[1].Expires = lease - days(5) // extend
		w.remember(w.accounts[1], func(r *plan.Remembered) { r.Expires = lease - days(5) })
		assert.Empty(t, w.plan().Trips)
		w.accounts[2].MemberOf[sid("p-View")] = true
		assert.Equal(t, []string{"leave"}, trips(w.plan()))
		w.cfg.Approve.Leave = true // asked, not automatic
		assert.Empty(t, w.plan().Trips)
	})
	t.Run("rule 07 everybody at once", func(t *testing.T) {
		w := crowd(2)
		w.users[0].Disabled, w.users[1].Disabled = true, true
		assert.Equal(t, []string{"all accounts"}, trips(w.plan()))
		w.users[1].Disabled = false
		assert.Empty(t, w.plan().Trips)
		w = crowd(1)
		w.users[0].Disabled = true
		assert.Empty(t, w.plan().Trips, "one is not everybody")
	})
	t.Run("rule 07 a group loses all its members", func(t *testing.T) {
		w := crowd(3)
		for _, a := range w.accounts[:2] {
			a.MemberOf[sid("p-View")] = true
		}
		p := w.plan()
		assert.Equal(t, []string{"empty group"}, trips(p))
		assert.Contains(t, p.Trips[0].Reason, "p-View")
		w.users[0].MemberOf = []string{"t-View"}
		assert.Empty(t, w.plan().Trips)
	})
	t.Run("rule 07 container and prefix", func(t *testing.T) {
		w := crowd(2)
		w.cfg.PrefixCommonNames = "P3KI "
		assert.Equal(t, []string{"prefix"}, trips(w.plan()))
		w.container.Unfit = "it is CN=Users"
		p := w.plan()
		assert.True(t, p.Trips[0].Firm)
		assert.True(t, p.Stopped(p.Digest), "nothing releases it")
	})
	t.Run("rule 08 confirmed", func(t *testing.T) {
		w := crowd(2)
		w.users[0].Disabled, w.users[1].Disabled = true, true
		p := w.plan()
		assert.True(t, p.Stopped("another plan"))
		assert.False(t, p.Stopped(p.Digest))
	})
}

// What IDs are made of.
func TestRulesDigests(t *testing.T) {
	id := func(w *world) string { return w.plan().Questions[0].ID }
	t.Run("rule 09 enable", func(t *testing.T) {
		w := newWorld()
		u, a := w.both("Jane", "jane")
		a.Control = 514
		before := id(w)
		assert.Equal(t, before, id(w))
		a.LastLogon, a.Created = now, now.AddDate(0, -1, 0)
		assert.Equal(t, before, id(w), "context is not part of the decision")
		u.Attributes["displayName"] = value("Jane Doe")
		other := id(w)
		assert.NotEqual(t, before, other)
		w.remember(a, func(r *plan.Remembered) { r.DisabledFor = plan.MissingInFile })
		assert.NotEqual(t, other, id(w), "nor is one cause consent to another")
	})
	t.Run("rule 09 join", func(t *testing.T) {
		w := newWorld()
		u, _ := w.both("Jane", "jane")
		u.MemberOf = []string{"t-Admin"}
		before := id(w)
		w.groups[2].CN = "renamed"
		assert.Equal(t, before, id(w))
		w.groups[2].SID = sid("another group of that name")
		assert.NotEqual(t, before, id(w))
	})
	t.Run("rule 09 take over", func(t *testing.T) {
		w := newWorld()
		w.user("Jane", "jane")
		a := w.outside("Other", "jane")
		before := id(w)
		a.GUID = guid("another account of that name")
		assert.NotEqual(t, before, id(w))
	})
	t.Run("rule 09 container", func(t *testing.T) {
		w := newWorld()
		w.user("Jane", "jane")
		before := id(w)
		w.container.GUID = guid("another container")
		assert.NotEqual(t, before, id(w))
	})
	t.Run("rule 11 plan", func(t *testing.T) {
		w := crowd(3)
		w.users[0].Disabled = true
		before := w.plan().Digest
		w.accounts[1].Expires = lease - days(9) // an extension comes with the clock
		w.remember(w.accounts[1], func(r *plan.Remembered) { r.Expires = w.accounts[1].Expires })
		assert.Equal(t, before, w.plan().Digest)
		w.accounts[2].Control = 514 // nor does a question change what is done unasked
		assert.Equal(t, before, w.plan().Digest)
		w.users[1].Disabled = true
		assert.NotEqual(t, before, w.plan().Digest)
	})
}

// What the file may bring.
func TestRulesAttributes(t *testing.T) {
	t.Run("rule 13 never", func(t *testing.T) {
		w := newWorld()
		u, _ := w.both("Jane", "jane")
		for _, name := range []string{"adminDescription", "scriptPath", "servicePrincipalName", "msDS-AllowedToDelegateTo", "sIDHistory", "info"} {
			u.Attributes[name] = value("x")
			w.cfg.Attributes[name] = schema.AttributeRule{}
		}
		w.schema = append(w.schema, plan.Attribute{Name: "info", Barred: "it is confidential"})
		p := w.expect(t, "unchanged Jane")
		text := strings.Join(p.Notices, "\n")
		assert.Contains(t, text, "never imported: adminDescription, msDS-AllowedToDelegateTo, sIDHistory, scriptPath, servicePrincipalName")
		assert.Contains(t, text, "info is not imported: it is confidential")
	})
	t.Run("rule 14 mail", func(t *testing.T) {
		for mail, accepted := range map[string]bool{
			"jane@corp.example": true, "jane@plant.example": false, "jane@PLANT.EXAMPLE.": false, "jane@plant.test": false,
			"boss@corp.example": false, "BOSS@corp.example": false, "alias@corp.example": false,
			"x@plant.example,jane@corp.example": false, "jane@corp.example, x": false, "jane@plant.example@corp.example": false,
			"jane\u200b@corp.example": false, "ｐlant@ｐlant.example": false,
		} {
			w := newWorld()
			u, _ := w.both("Jane", "jane")
			boss := w.outside("Boss", "boss")
			boss.Mail, boss.Proxies = "Boss@corp.example", []string{"alias@corp.example"}
			u.Attributes["mail"], u.Attributes["department"] = value(mail), value("IT")
			if accepted {
				w.expect(t, "update Jane: differs [department >IT, mail >"+mail+"]")
			} else {
				w.expect(t, "update Jane: differs [department >IT]", "failed Jane: value not accepted")
			}
		}
		w := newWorld()
		u, _ := w.both("Jane", "jane")
		u.Attributes["mail"] = value("jane@plant.example")
		w.cfg.MailDomains = []string{"Plant.Example"}
		w.expect(t, "update Jane: differs [mail >jane@plant.example]")
	})
	t.Run("rule 15 rules", func(t *testing.T) {
		w := newWorld()
		u, a := w.both("Jane", "jane")
		constant := "made by the import"
		w.cfg.Attributes = map[string]schema.AttributeRule{
			"company": {From: "department", Prefix: "EXT "}, "description": {OnCreate: &constant}, "title": {Keep: true}, "l": {}, "st": {}, "otherTelephone": {},
		}
		w.schema = append(w.schema, plan.Attribute{Name: "otherTelephone"})
		u.Attributes["DEPARTMENT"], u.Attributes["title"], u.Attributes["st"] = value("IT"), value("new"), schema.Value{}
		u.Attributes["otherTelephone"] = value("2", "1", "2")
		a.Values["title"], a.Values["l"], a.Values["st"], a.Values["othertelephone"] = []string{"old"}, []string{"stays"}, []string{"goes"}, []string{"1", "2"}
		w.expect(t, "update Jane: differs [company >EXT IT, st goes>]")
		w.accounts, w.memory.Accounts = nil, nil
		p := w.plan()
		got := map[string][]string{}
		for _, c := range p.Actions[0].Changes {
			got[c.Attribute] = c.After
		}
		assert.Equal(t, []string{constant}, got["description"])
		assert.Equal(t, []string{"new"}, got["title"])
		assert.Equal(t, []string{"2", "1"}, got["otherTelephone"])
	})
	t.Run("rule 15 values the schema does not take", func(t *testing.T) {
		for _, v := range []schema.Value{value("a", "b"), value(strings.Repeat("x", 65)), {List: []string{"x"}, Binary: true}} {
			w := newWorld()
			u, _ := w.both("Jane", "jane")
			u.Attributes["department"] = v
			w.expect(t, "failed Jane: value not accepted")
		}
	})
	t.Run("rule 16 UPN", func(t *testing.T) {
		w := newWorld()
		w.cfg.UPN.FromFile = true
		u := w.user("Jane", "jane")
		for from, want := range map[string]string{"j.doe@plant.test": "j.doe@plant.test", "j.doe@evil.example": "jane@plant.example",
			"a@b@plant.test": "jane@plant.example", "@plant.test": "jane@plant.example", "j doe@plant.test": "jane@plant.example"} {
			u.Attributes["userPrincipalName"] = value(from)
			assert.Equal(t, want, w.plan().Actions[0].Person.UPN, from)
		}
	})
	t.Run("rule 18 unstampable", func(t *testing.T) {
		w := newWorld()
		w.memory.Finished = false
		w.user("Jane", "jane")
		w.account("Jane", "jane").Stamp = plan.Stamp{Other: "somebody else's value"}
		p := w.expect(t, "failed Jane: anchor attribute holds something else")
		assert.Contains(t, p.Failed[0].Detail, "choose another anchor_attribute")
		assert.Empty(t, p.Managed)
	})
	t.Run("rule 18 binary stamp", func(t *testing.T) {
		w := newWorld()
		w.cfg.AnchorAttribute = "mS-DS-ConsistencyGuid"
		w.schema = append(w.schema, plan.Attribute{Name: "mS-DS-ConsistencyGuid", Binary: true, Single: true})
		u := w.user("Jane", "jane")
		p := w.plan()
		last := p.Actions[0].Changes[len(p.Actions[0].Changes)-1]
		assert.True(t, last.Binary)
		assert.Equal(t, plan.Stamp{Anchor: u.ObjectGUID}, plan.ParseStamp([]byte(last.After[0])))
	})
	t.Run("manager", func(t *testing.T) {
		w := newWorld()
		u, a := w.both("Jane", "jane")
		_, boss := w.both("Doe, J", "boss")
		boss.DN = `CN=Doe\, J,` + containerDN
		u.Attributes["manager"] = value(anchor("boss"))
		w.expect(t, "update Jane: differs [manager >"+anchor("boss")+"]", "unchanged Doe, J")
		a.Values["manager"] = []string{`cn=Doe\2C J,` + containerDN}
		w.expect(t, "unchanged Jane", "unchanged Doe, J")
		u.Attributes["manager"] = value(anchor("nobody"))
		p := w.expect(t, `update Jane: differs [manager cn=Doe\2C J,`+containerDN+`>]`, "unchanged Doe, J")
		assert.NotEmpty(t, p.Notices)
	})
}

// Order, lease, kept answers.
func TestRulesRun(t *testing.T) {
	t.Run("rule 19 order", func(t *testing.T) {
		w := newWorld()
		gone, _ := w.both("A gone", "gone")
		gone.Disabled = true
		w.accounts[0].MemberOf[sid("p-Admin")] = true
		u, a := w.both("B", "b")
		u.CN, u.MemberOf = "B2", []string{"t-View"}
		u.Attributes["department"], u.Attributes["manager"] = value("IT"), value(anchor("new"))
		a.Control = 514
		w.agree(t, func(a *plan.Answer) { a.Keep, a.Password = false, "x" })
		w.user("New", "new")
		var kinds []plan.Kind
		for _, act := range w.plan().Actions {
			kinds = append(kinds, act.Kind)
		}
		assert.Equal(t, []plan.Kind{plan.Disable, plan.Leave, plan.Rename, plan.Create, plan.Update, plan.Update, plan.Enable, plan.Join}, kinds)
	})
	t.Run("rule 21 lease", func(t *testing.T) {
		at := func(y int, m time.Month, d, h int) time.Time { return time.Date(y, m, d, h, 0, 0, 0, time.UTC) }
		for _, c := range []struct {
			file, now, ends, want time.Time
		}{
			{at(2026, 1, 31, 8), at(2026, 1, 31, 9), time.Time{}, at(2026, 3, 1, 8)},           // clamped, then a day
			{at(2026, 11, 22, 12), at(2026, 11, 22, 9), time.Time{}, at(2026, 12, 23, 9)},      // a file ahead of the clock
			{time.Time{}, at(2026, 11, 22, 9), time.Time{}, at(2026, 12, 23, 9)},               // undated
			{at(2026, 11, 22, 8), at(2026, 11, 22, 9), at(2026, 12, 1, 0), at(2026, 12, 1, 0)}, // capped
		} {
			w := newWorld()
			u := w.user("Jane", "jane")
			w.file.Timestamp, w.now = c.file, c.now
			if !c.ends.IsZero() {
				u.AccountExpires = &c.ends
			}
			for _, change := range w.plan().Actions[0].Changes {
				if change.Attribute == "accountExpires" {
					assert.Equal(t, text(adrules.FileTime(c.want)), change.After[0])
				}
			}
		}
	})
	t.Run("rule 21 the same file never extends twice", func(t *testing.T) {
		w := newWorld()
		w.both("Jane", "jane")
		w.file.Timestamp, w.now, w.sameFile = time.Time{}, now.AddDate(0, 0, 20), true
		w.expect(t, "unchanged Jane")
		w.sameFile = false
		w.expect(t, "extend Jane: lease [expires]")
	})
	t.Run("rule 27 an answer stays with its person", func(t *testing.T) {
		for _, c := range []struct {
			what   string
			change func(*schema.Resolution)
			holds  bool
		}{
			{"by anchor", func(*schema.Resolution) {}, true},
			{"of another anchor, same CN", func(r *schema.Resolution) { r.Anchor = anchor("a namesake") }, false},
			{"by CN, after the account was made", func(r *schema.Resolution) { r.Anchor = "" }, true},
			{"by CN, before the account was made", func(r *schema.Resolution) { r.Anchor, r.Timestamp = "", longAgo.AddDate(0, 0, -1) }, false},
			{"by CN, undated", func(r *schema.Resolution) { r.Anchor, r.Timestamp = "", time.Time{} }, false},
			{"another CN", func(r *schema.Resolution) { r.Anchor, r.User = "", "Max" }, false},
		} {
			w := newWorld()
			u, a := w.both("Jane", "jane")
			a.Control = 514
			w.keep(plan.Enable, u, c.change)
			p := w.plan()
			assert.Equal(t, c.holds, len(p.Refusals) == 1, c.what)
			if c.holds {
				assert.Equal(t, anchor("jane"), p.Kept[0].Anchor, "it receives the anchor")
			}
		}
	})
	t.Run("rule 27 nobody who is new inherits anything", func(t *testing.T) {
		w := newWorld()
		w.cfg.AcceptFromFile = true
		secret := schema.Secret("old")
		u := w.user("Jane", "jane")
		w.keep(plan.Enable, u, func(r *schema.Resolution) { r.Anchor, r.Accept, r.Password = "", true, &secret })
		w.expect(t, "create Jane: new", "enable? Jane: new")
	})
	t.Run("rule 27 a rename does not lose a rejection", func(t *testing.T) {
		w := newWorld()
		u, a := w.both("Jane", "jane")
		a.Control = 514
		w.keep(plan.Enable, u, func(r *schema.Resolution) { r.Anchor = "" })
		u.CN = "Jane Smith"
		w.expect(t, "rename Jane Smith: name differs [cn Jane>Jane Smith]", "refused enable Jane Smith")
	})
	t.Run("rule 27 the latest wins", func(t *testing.T) {
		w := newWorld()
		u, a := w.both("Jane", "jane")
		a.Control = 514
		w.keep(plan.Enable, u, nil)
		w.keep(plan.Enable, u, func(r *schema.Resolution) { r.Accept, r.Timestamp = true, now })
		assert.Len(t, w.plan().Questions, 1)
		w.kept[1].Timestamp = longAgo
		assert.Empty(t, w.plan().Questions)
	})
	t.Run("rule 27 stays while somebody could not be looked at", func(t *testing.T) {
		w := newWorld()
		u, a := w.both("Jane", "jane")
		w.keep(plan.Enable, u, nil)
		delete(w.memory.Accounts, a.GUID)
		p := w.expect(t, "adopt? Jane: unconfirmed stamp")
		assert.Len(t, p.Kept, 1)
	})
	t.Run("rule 28 accepted in the file", func(t *testing.T) {
		secret := schema.Secret("pass")
		fresh := func() (*world, *plan.Account) {
			w := newWorld()
			w.cfg.AcceptFromFile = true
			u, a := w.both("Jane", "jane")
			a.Control = 514
			w.remember(a, func(r *plan.Remembered) {
				r.DisabledFor, r.DisabledAt = plan.MissingInFile, now.AddDate(0, 0, -2)
			})
			w.keep(plan.Enable, u, func(r *schema.Resolution) { r.Accept, r.Password = true, &secret })
			return w, a
		}
		w, _ := fresh()
		p := w.expect(t, "enable Jane: returned [userAccountControl 514>512]")
		assert.Equal(t, 1, p.Actions[0].Answer.Entry)
		for what, change := range map[string]func(*world, *plan.Account){
			"off by default":              func(w *world, _ *plan.Account) { w.cfg.AcceptFromFile = false },
			"done":                        func(w *world, _ *plan.Account) { w.kept[0].Done = true },
			"without password":            func(w *world, _ *plan.Account) { w.kept[0].Password = nil },
			"older than the last disable": func(w *world, _ *plan.Account) { w.kept[0].Timestamp = now.AddDate(0, 0, -3) },
			"from the future":             func(w *world, _ *plan.Account) { w.kept[0].Timestamp = now.AddDate(0, 0, 1) },
			"disabled here by somebody":   func(w *world, a *plan.Account) { w.remember(a, func(r *plan.Remembered) { r.DisabledFor = "" }) },
		} {
			w, a := fresh()
			change(w, a)
			p := w.plan()
			assert.Empty(t, p.Actions, what)
			assert.Len(t, p.Questions, 1, what)
		}
	})
	t.Run("rule 28 never a privileged group", func(t *testing.T) {
		w := newWorld()
		w.cfg.AcceptFromFile = true
		u, _ := w.both("Jane", "jane")
		u.MemberOf = []string{"t-Admin"}
		w.keep(plan.Join, u, func(r *schema.Resolution) { r.Accept, r.Group = true, "p-Admin" })
		w.expect(t, "join? Jane p-Admin: group_map")
		w.groups[2].Why, w.groups[2].Listed = "", true
		w.expect(t, "join Jane p-Admin: group_map")
	})
	t.Run("rule 28 take over", func(t *testing.T) {
		w := newWorld()
		w.cfg.AcceptFromFile = true
		u := w.user("Jane", "jane")
		a := w.outside("Jane", "jane")
		w.keep(plan.Name, u, func(r *schema.Resolution) { r.Accept, r.TakeOver = true, true })
		w.expect(t, "adopt Jane: answered [stamp]")
		a.Protected = "adminCount is 1"
		w.expect(t, "name? Jane: name taken")
	})
	t.Run("rule 30 unknown entries stay", func(t *testing.T) {
		w := crowd(1)
		w.kept = []schema.Resolution{{Unknown: []byte(`{"type":"dance"}`)}}
		assert.Len(t, w.plan().Kept, 1)
	})
}

func TestParseStamp(t *testing.T) {
	id := anchor("jane")
	raw := guid("anchor of jane")
	for text, want := range map[string]plan.Stamp{
		"":                                     {},
		"ad-user-sync:" + id:                   {Anchor: id},
		"ad-user-sync:" + id + "@corp.Example": {Anchor: id, Domain: "corp.example"},
		"ad-user-sync:" + strings.ToUpper(id):  {Anchor: id},
		string(raw[:]):                         {Anchor: id},
		"ad-user-sync:":                        {Other: "ad-user-sync:"},
		"ad-user-sync:123":                     {Other: "ad-user-sync:123"},
		id:                                     {Other: id},
		"something":                            {Other: "something"},
		strings.Repeat("\x00", 16):             {Other: strings.Repeat("\x00", 16)},
	} {
		assert.Equal(t, want, plan.ParseStamp([]byte(text)), "%q", text)
	}
	assert.Equal(t, plan.Stamp{Anchor: id, Domain: sourceName}, plan.ParseStamp([]byte(plan.StampText(id, &schema.Source{Domain: "CORP.example"}))))
}
