package plan_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// Order, lease, kept answers.
func TestRulesRun(t *testing.T) {
	t.Run("rule 19 order", func(t *testing.T) {
		w := newWorld()
		gone, _ := w.both("A gone", "gone")
		gone.Disabled = true
		w.accounts[0].MemberOf[sid("p-Admin")] = true
		u, a := w.both("B", "b")
		u.CN, u.MemberOf = "B2", []string{"t-View"}
		u.Attributes.Set("department", value("IT"))
		u.Attributes.Set("manager", value(anchor("new")))
		a.Control = 514
		w.agree(t, func(a *plan.Answer) { a.Keep, a.Password = false, "x" })
		w.user("New", "new")
		var kinds []plan.Kind
		for _, act := range w.plan().Actions {
			kinds = append(kinds, act.Kind)
		}
		assert.Equal(t, []plan.Kind{plan.Disable, plan.Leave, plan.Rename, plan.Create, plan.Update, plan.Update, plan.Join, plan.Enable}, kinds)
	})
	t.Run("rule 21 an end that was written here before is nobody else's", func(t *testing.T) {
		w := newWorld()
		_, a := w.both("Max", "max")
		former := lease - 3*24*36e9 + 7e7
		a.Expires = former
		w.expect(t, "enable? Max: expired here by someone else")
		w.remember(a, func(r *plan.Remembered) { r.FormerExpires = []int64{former} })
		w.expect(t, "extend Max: lease [expires]")
		a.Expires -= 7e7 // at a full minute anybody may have set it
		w.remember(a, func(r *plan.Remembered) { r.FormerExpires = []int64{a.Expires} })
		w.expect(t, "enable? Max: expired here by someone else")
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
			if got := endOf(w.plan().Actions[0]); c.ends.IsZero() {
				withinLease(t, got, adrules.FileTime(c.want))
			} else {
				assert.Equal(t, adrules.FileTime(c.want), got, "to the minute")
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
	t.Run("rule 27 a CN that two bear tells nobody", func(t *testing.T) {
		w := newWorld()
		u, a := w.both("Jane", "jane")
		a.Control = 514
		w.account("jane", "other").Parent = "OU=Sub," + containerDN
		w.keep(plan.Enable, u, func(r *schema.Resolution) { r.Anchor = "" })
		assert.Empty(t, w.plan().Refusals)
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
		p := w.expect(t, "adopt? Jane: unconfirmed anchor")
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
	t.Run("rule 28 never a taking over", func(t *testing.T) {
		w := newWorld()
		w.cfg.AcceptFromFile = true
		u := w.user("Jane", "jane")
		w.outside("Jane", "jane")
		w.keep(plan.Name, u, func(r *schema.Resolution) { r.Accept, r.TakeOver = true, true })
		p := w.expect(t, "name? Jane: name taken")
		assert.Contains(t, strings.Join(p.Notices, "\n"), "not carried out (name), since a person has to decide it alone")
	})
	t.Run("rule 29 an accepted new name is kept", func(t *testing.T) {
		w := newWorld()
		u, a := w.both("Jane", "taken")
		a.AccountName, a.UPN = "jane2", "jane2@plant.example"
		w.outside("Holder", "taken")
		w.keep(plan.Name, u, func(r *schema.Resolution) { r.Accept, r.NewName, r.Timestamp = true, "jane2", longAgo })
		p := w.expect(t, "unchanged Jane")
		assert.Len(t, p.Kept, 1, "years later, and without accept_from_file")
		u.SAMAccountName = "other"
		assert.Len(t, w.plan().Lapsed, 1, "the file says another name")
	})
	t.Run("rule 30 unknown entries stay", func(t *testing.T) {
		w := crowd(1)
		w.kept = []schema.Resolution{{Unknown: []byte(`{"type":"dance"}`)}}
		assert.Len(t, w.plan().Kept, 1)
	})
}

func TestParseAnchor(t *testing.T) {
	id := anchor("jane")
	raw := guid("anchor of jane")
	for text, want := range map[string]plan.Anchor{
		"":                                     {},
		"ad-user-sync:" + id:                   {ObjectGUID: id},
		"ad-user-sync:" + id + "@corp.Example": {ObjectGUID: id, Domain: "corp.example"},
		"ad-user-sync:" + strings.ToUpper(id):  {ObjectGUID: id},
		string(raw[:]):                         {ObjectGUID: id},
		"ad-user-sync:":                        {Other: "ad-user-sync:"},
		"ad-user-sync:123":                     {Other: "ad-user-sync:123"},
		id:                                     {Other: id},
		"something":                            {Other: "something"},
		strings.Repeat("\x00", 16):             {Other: strings.Repeat("\x00", 16)},
	} {
		assert.Equal(t, want, plan.ParseAnchor([]byte(text)), "%q", text)
	}
	assert.Equal(t, plan.Anchor{ObjectGUID: id, Domain: sourceName}, plan.ParseAnchor([]byte(plan.AnchorText(id, &schema.Source{Domain: "CORP.example"}))))
}
