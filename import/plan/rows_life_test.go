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

func days(n int) int64 { return int64(n) * 24 * 3600 * 1e7 }

// The rows of the decision table about coming, staying and leaving.
func TestRowsLife(t *testing.T) {
	t.Run("row 11 new", func(t *testing.T) {
		w := newWorld()
		u := w.user("Jane", "jane")
		u.Attributes.Set("department", value("IT"))
		u.MemberOf = []string{"CN=t-View", "t-admin", "CN=unmapped"}
		p := w.expect(t, "create Jane: new", "join Jane p-View: group_map", "join? Jane p-Admin: group_map", "enable? Jane: new")
		got := map[string]string{}
		for _, c := range p.Actions[0].Changes {
			got[c.Attribute] = c.After[0]
		}
		withinLease(t, endOf(p.Actions[0]), lease)
		delete(got, "accountExpires")
		assert.Equal(t, map[string]string{"cn": "Jane", "sAMAccountName": "jane", "userPrincipalName": "jane@plant.example",
			"userAccountControl": "514", "department": "IT",
			"adminDescription": "ad-user-sync:" + anchor("jane") + "@corp.example"}, got)
		assert.False(t, p.Questions[1].MayKeep)
	})
	t.Run("row 12 disabled in source", func(t *testing.T) {
		w := newWorld()
		w.user("Jane", "jane").Disabled = true
		w.expect(t, "skipped Jane: disabled in source")
		past := now.Add(-time.Minute)
		w.users[0].Disabled, w.users[0].AccountExpires = false, &past
		p := w.expect(t, "skipped Jane: disabled in source")
		assert.Equal(t, "expired there on 2026-11-22", p.Skipped[0].Detail)
		w.users[0].Disabled = true
		assert.Empty(t, w.expect(t, "skipped Jane: disabled in source").Skipped[0].Detail, "disabled, whenever it expired")
		w.users[0].Disabled = false
		w.cfg.SourceExpiry = "ignore"
		w.expect(t, "create Jane: new", "enable? Jane: new")
	})
	t.Run("row 23 lease", func(t *testing.T) {
		for _, c := range []struct {
			name           string
			expires, wrote int64
			extends        bool
		}{
			{"due", lease - days(5), lease - days(5), true},
			{"within the tolerance", lease - days(1), lease - days(1), false},
			{"lapsed within the tolerance", lease - days(32), lease - days(32), true},
			{"never written, due", lease - days(5), 0, true},
			{"never written, never expires", 0, 0, true},
			{"written as never", adrules.NeverExpires, 0, true},
			{"put off here", lease + days(90), lease - days(2), false},
			{"put off here for ever", 0, lease - days(2), false},
			{"longer than the source allows", lease + days(3), lease + days(3), true},
		} {
			w := newWorld()
			_, a := w.both("Jane", "jane")
			a.Expires = c.expires
			w.remember(a, func(r *plan.Remembered) { r.Expires = c.wrote })
			if c.extends {
				p := w.expect(t, "extend Jane: lease [expires]")
				withinLease(t, endOf(p.Actions[0]), lease)
			} else {
				w.expect(t, "unchanged Jane")
			}
			w.cfg.ExpirationTime = nil
			w.expect(t, "unchanged Jane")
		}
	})
	t.Run("row 23 an end that was taken away here is named", func(t *testing.T) {
		for _, c := range []struct {
			expires, wrote int64
			named          bool
		}{{0, lease - days(2), true}, {adrules.NeverExpires, lease - days(2), true}, {lease + days(90), lease - days(2), false}, {0, 0, false}} {
			w := newWorld()
			_, a := w.both("Jane", "jane")
			a.Expires = c.expires
			w.remember(a, func(r *plan.Remembered) { r.Expires = c.wrote })
			notices := strings.Join(w.plan().Notices, "\n")
			assert.Equal(t, c.named, strings.Contains(notices, "Jane") && strings.Contains(notices, "the account never expires"), "%v: %s", c, notices)
		}
	})
	t.Run("row 24 expired here by someone else", func(t *testing.T) {
		w := newWorld()
		_, a := w.both("Jane", "jane")
		a.Expires = lease - days(3)
		p := w.expect(t, "enable? Jane: expired here by someone else")
		assert.True(t, p.Questions[0].Single)
		assert.True(t, p.Questions[0].MayKeep)
		w.agree(t, func(a *plan.Answer) { a.Keep = true })
		w.expect(t, "enable Jane: expired here by someone else [userAccountControl 512>512, expires]")
		w.answers = nil
		a.Expires = adrules.FileTime(now.Add(-time.Hour)) // put off here, and over
		w.remember(a, func(r *plan.Remembered) { r.Expires = a.Expires - days(1) })
		w.expect(t, "enable? Jane: expired here by someone else")
	})
	t.Run("row 25 new, not enabled yet", func(t *testing.T) {
		w := newWorld()
		_, a := w.both("Jane", "jane")
		a.Control, a.PasswordLastSet = 514, 0
		w.remember(a, func(r *plan.Remembered) { r.WasEnabled = false })
		p := w.expect(t, "enable? Jane: new")
		assert.False(t, p.Questions[0].Single || p.Questions[0].MayKeep)
		w.agree(t, func(a *plan.Answer) { a.Password = "secret" })
		p = w.expect(t, "enable Jane: new [userAccountControl 514>512]")
		assert.Equal(t, schema.Secret("secret"), p.Actions[0].Answer.Password)
		w.answers[0].Keep = true // there is none to keep
		w.expect(t, "enable? Jane: new")
	})
	t.Run("row 26 flags that a new password does not get past are shown", func(t *testing.T) {
		w := newWorld()
		_, a := w.both("Jane", "jane")
		a.Control = 514 | adrules.SmartcardRequired | adrules.DontExpirePassword
		w.remember(a, func(r *plan.Remembered) { r.DisabledFor = plan.MissingInFile })
		shown := func() (texts []string) {
			for _, f := range w.plan().Questions[0].Context {
				if f.Code == plan.FieldFlag {
					texts = append(texts, f.After...)
				}
			}
			return texts
		}
		assert.Equal(t, []string{"a smart card is required for logon: no password is accepted"}, shown())
		w.cfg.UsersMustChangePassword = true
		assert.Contains(t, shown(), "the password never expires: its change will not be asked for at the next logon")
		told := func() []string {
			return slices.DeleteFunc(w.plan().Notices, func(n string) bool { return !strings.Contains(n, "enabled all the same") })
		}
		assert.Empty(t, told(), "nobody is enabled yet")
		w.agree(t, func(a *plan.Answer) { a.Password = "secret" })
		assert.Equal(t, text(512|0x40000|0x10000), w.plan().Actions[0].Changes[0].After[0], "never changed")
		assert.Equal(t, []string{
			"a smart card is required for logon: no password is accepted; enabled all the same: Jane",
			"the password never expires: its change will not be asked for at the next logon; enabled all the same: Jane",
		}, told())
		w.answers[0].Keep = true
		assert.Empty(t, told(), "no password is handed out")
	})
	t.Run("row 26 logon hours that allow no hour are shown", func(t *testing.T) {
		const text = "the logon hours set here allow no hour: no one can log on"
		w := newWorld()
		_, a := w.both("Jane", "jane")
		a.NoHours = true
		p := w.expect(t, "unchanged Jane")
		assert.Contains(t, p.Notices, text+", though the account is enabled: Jane")
		a.Control = 514
		w.remember(a, func(r *plan.Remembered) { r.DisabledFor = plan.MissingInFile })
		p = w.plan()
		assert.Contains(t, p.Questions[0].Context, plan.Field{Code: plan.FieldFlag, After: []string{text}})
		assert.NotContains(t, strings.Join(p.Notices, "\n"), text, "nobody is enabled yet")
		w.agree(t, func(a *plan.Answer) { a.Keep = true })
		assert.Contains(t, w.plan().Notices, text+"; enabled all the same: Jane", "whatever the password")
		w.users[0].Disabled, w.answers, a.Control = true, nil, 512
		assert.NotContains(t, strings.Join(w.plan().Notices, "\n"), text, "a leaver is disabled in any case")
	})
	t.Run("row 26 logon hours of a protected account", func(t *testing.T) {
		w := newWorld()
		_, a := w.both("Jane", "jane")
		a.NoHours, a.Protected, a.GivesWay = true, "adminCount is 1", true
		assert.Contains(t, strings.Join(w.plan().Notices, "\n"), "allow no hour")
	})
	t.Run("row 08 logon hours of an account that may be taken over", func(t *testing.T) {
		w := newWorld()
		w.user("Jane", "jane")
		w.account("Jane", "other").NoHours = true
		assert.Contains(t, w.plan().Questions[0].Context, plan.Field{Code: plan.FieldFlag, After: []string{"the logon hours set here allow no hour: no one can log on"}})
	})
	t.Run("row 26 returned", func(t *testing.T) {
		w := newWorld()
		_, a := w.both("Jane", "jane")
		a.Control, a.Expires = 514, lease-days(40)
		w.remember(a, func(r *plan.Remembered) { r.DisabledFor = plan.MissingInFile })
		p := w.expect(t, "enable? Jane: returned")
		assert.True(t, p.Questions[0].MayKeep)
		assert.False(t, p.Questions[0].Single)
		w.agree(t, func(a *plan.Answer) { a.Keep = true })
		w.expect(t, "enable Jane: returned [userAccountControl 514>512, expires]")
	})
	t.Run("row 27 disabled here by someone else", func(t *testing.T) {
		w := newWorld()
		_, a := w.both("Jane", "jane")
		a.Control = 514
		p := w.expect(t, "enable? Jane: disabled here by someone else")
		assert.True(t, p.Questions[0].Single)
	})
	t.Run("row 28 enable rejected", func(t *testing.T) {
		w := newWorld()
		u, a := w.both("Jane", "jane")
		a.Control = 514
		u.Attributes.Set("department", value("IT"))
		w.keep(plan.Enable, u, nil)
		p := w.expect(t, "update Jane: differs [department >IT]", "refused enable Jane")
		assert.Len(t, p.Kept, 1)
		u.Attributes.Delete("department")
		w.expect(t, "refused enable Jane", "unchanged Jane")
		a.Control = 512
		assert.Len(t, w.plan().Lapsed, 1, "its question has gone")
	})
	t.Run("row 29 disable", func(t *testing.T) {
		w := newWorld()
		u, a := w.both("Jane", "jane")
		w.both("Max", "max")
		u.Disabled = true
		a.Control = 66048
		w.expect(t, "disable Jane: disabled in source [userAccountControl 66048>66050]", "unchanged Max")
		id, past := w.plan().Actions[0].ID, now.Add(-time.Minute)
		u.Disabled, u.AccountExpires = false, &past
		u.MemberOf, a.MemberOf[sid("p-Admin")] = []string{"t-Admin"}, true
		p := w.expect(t, "disable Jane: disabled in source [userAccountControl 66048>66050]", "leave Jane p-Admin: disabled in source", "unchanged Max")
		for _, action := range p.Actions {
			assert.Equal(t, "expired there on 2026-11-22", action.Detail)
		}
		assert.Equal(t, id, p.Actions[0].ID, "it is one decision")
		u.MemberOf, a.MemberOf = nil, map[adrules.SID]bool{}
		w.cfg.Approve.Disable = true
		q := w.expect(t, "disable? Jane: disabled in source", "unchanged Max").Questions[0]
		assert.Equal(t, []plan.Field{{Code: plan.FieldInTheSource, After: []string{"expired there on 2026-11-22"}}}, q.Context)
		w.cfg.Approve.Disable = false
		w.users = w.users[1:]
		w.expect(t, "disable Jane: missing in file [userAccountControl 66048>66050]", "unchanged Max")
		w.cfg.Approve.Disable = true
		w.expect(t, "disable? Jane: missing in file", "unchanged Max")
		w.agree(t, nil)
		p = w.expect(t, "disable Jane: missing in file [userAccountControl 66048>66050]", "unchanged Max")
		assert.NotNil(t, p.Actions[0].Answer)
	})
	t.Run("row 30 missing leaves every mapped group", func(t *testing.T) {
		w := newWorld()
		w.both("Max", "max")
		a := w.known(w.account("Jane", "jane"), anchor("jane"))
		a.Control = 514
		a.MemberOf[sid("p-View")], a.MemberOf[sid("p-Admin")], a.MemberOf[sid("elsewhere")] = true, true, true
		w.expect(t, "leave Jane p-Admin: missing in file", "leave Jane p-View: missing in file", "unchanged Max")
		w.cfg.Approve.Leave = true
		w.expect(t, "leave Jane p-Admin: missing in file", "leave? Jane p-View: missing in file", "unchanged Max")
	})
	t.Run("row 31 disabled leaves guarded groups", func(t *testing.T) {
		w := newWorld()
		u, a := w.both("Jane", "jane")
		u.Disabled, a.Control = true, 514
		u.MemberOf = []string{"t-View", "t-Admin", "t-Edit"}
		a.MemberOf[sid("p-View")], a.MemberOf[sid("p-Admin")] = true, true
		w.cfg.Approve.Leave = true // at once nevertheless
		w.keep(plan.Leave, u, func(r *schema.Resolution) { r.GroupSID = string(sid("p-Admin")) })
		w.expect(t, "leave Jane p-Admin: disabled in source")
		u.MemberOf = nil
		w.expect(t, "leave Jane p-Admin: disabled in source", "leave? Jane p-View: group_map")
	})
	t.Run("row 32 disable rejected", func(t *testing.T) {
		w := newWorld()
		u, a := w.both("Jane", "jane")
		a.MemberOf[sid("p-View")] = true
		a.Expires = lease - days(20)
		u.Disabled = true
		until := now.Add(time.Hour)
		w.keep(plan.Disable, u, func(r *schema.Resolution) { r.Until = &until })
		p := w.expect(t, "refused disable Jane", "skipped Jane: rejected")
		assert.Contains(t, p.Skipped[0].Detail, "expires on 2026-12-03")
		w.users = nil
		w.both("Max", "max")
		w.expect(t, "refused disable Jane", "skipped Jane: rejected", "unchanged Max")
		until = now
		w.expect(t, "disable Jane: missing in file [userAccountControl 512>514]", "leave Jane p-View: missing in file", "unchanged Max")
		w.kept[0].Until = nil // an old entry holds
		w.expect(t, "refused disable Jane", "skipped Jane: rejected", "unchanged Max")
	})
	t.Run("row 33 returned before the rejection ended", func(t *testing.T) {
		w := newWorld()
		u, _ := w.both("Jane", "jane")
		w.keep(plan.Disable, u, nil)
		p := w.expect(t, "unchanged Jane")
		assert.Len(t, p.Lapsed, 1)
		assert.Empty(t, p.Kept)
	})
}
