package plan_test

import (
	"fmt"
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

// The limits.
func TestRulesLimits(t *testing.T) {
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
				assert.Equal(t, c.disabled, plan.Stopping(p.Trips))
			}
		}
	})
	t.Run("rule 06 accumulates over a day", func(t *testing.T) {
		w := crowd(20)
		w.cfg.Limits["disable"] = schema.Limit{Max: number(3)}
		w.memory.Recent.Acted[plan.Disable] = map[string]bool{anchor("x"): true, anchor("y"): true, anchor("z"): true}
		assert.Empty(t, w.plan().Trips, "nothing more to do")
		w.users[0].Disabled = true
		p := w.plan()
		assert.Equal(t, []string{"disable"}, trips(p))
		assert.Contains(t, p.Trips[0].Reason, "after 3 within the last 24 hours")
		w.memory.Recent.Acted[plan.Disable] = map[string]bool{anchor("x"): true, anchor("y"): true, anchor("p0"): true}
		assert.Empty(t, w.plan().Trips, "who is meant again, after a run that was killed, is counted once")
	})
	t.Run("rule 06 what the directory shows to be undone", func(t *testing.T) {
		w := crowd(20)
		w.cfg.Limits["disable"], w.cfg.Limits["leave"] = schema.Limit{Max: number(1)}, schema.Limit{Max: number(1)}
		w.memory.Recent.Acted[plan.Disable] = map[string]bool{anchor("p1"): true}
		w.users[0].Disabled = true
		assert.Equal(t, []string{"disable"}, trips(w.plan()), "p1 is enabled, but nobody knows whether it was ever disabled")
		w.memory.Recent.Disabled[anchor("p1")] = true
		assert.Empty(t, trips(w.plan()))
		w.memory.Behind = "something"
		assert.Equal(t, []string{"disable"}, trips(w.plan()), "this controller may show what was before")
		w.memory.Behind = ""
		w.accounts[1].Control = 514
		assert.Equal(t, []string{"disable"}, trips(w.plan()), "that the file has it does not count")

		w.users[0].Disabled = false
		w.accounts[0].MemberOf[sid("p-View")] = true
		w.memory.Recent.Acted[plan.Leave] = map[string]bool{anchor("p2"): true}
		w.memory.Recent.Left[anchor("p2")] = []adrules.SID{sid("p-View"), sid("p-Edit")}
		w.accounts[2].MemberOf[sid("p-View")] = true
		w.users[2].MemberOf = []string{"t-View"}
		assert.Equal(t, []string{"leave"}, trips(w.plan()), "it is not a member of both again")
		w.accounts[2].MemberOf[sid("p-Edit")] = true
		w.users[2].MemberOf = []string{"t-View", "t-Edit"}
		assert.Empty(t, trips(w.plan()))
	})
	t.Run("rule 06 percent is of whom there would be without what is counted", func(t *testing.T) {
		w := crowd(10)
		w.cfg.Limits["disable"] = schema.Limit{Count: number(0), Percent: number(20)}
		w.memory.Recent.Acted[plan.Disable] = map[string]bool{anchor("p1"): true}
		w.accounts[1].Control = 514
		w.users[1].Disabled, w.users[0].Disabled = true, true
		assert.Empty(t, trips(w.plan()), "2 of 10")
		w.users[2].Disabled = true
		assert.Equal(t, []string{"disable"}, trips(w.plan()), "3 of 10")
	})
	t.Run("rule 06 percent of what", func(t *testing.T) {
		w := crowd(10) // of enabled managed accounts for disable, of matched ones for update
		w.cfg.Limits["disable"] = schema.Limit{Count: number(0), Percent: number(20)}
		w.cfg.Limits["update"] = schema.Limit{Count: number(0), Percent: number(10)}
		for i, a := range w.accounts[4:] {
			a.Control = 514
			w.keep(plan.Enable, w.users[4+i], nil)
		}
		w.users[0].Attributes.Set("department", value("IT"))
		assert.Empty(t, w.plan().Trips, "one of ten")
		w.users[1].Disabled = true
		assert.Equal(t, []string{"disable"}, trips(w.plan()), "one of four enabled")
	})
	t.Run("rule 06 the manager of somebody new is not an update", func(t *testing.T) {
		w := newWorld()
		w.cfg.Attributes["manager"] = schema.AttributeRule{}
		w.cfg.Limits["update"] = schema.Limit{Max: number(0)}
		boss := w.user("Boss", "boss")
		for i := range 20 {
			w.user(fmt.Sprint("P", i), fmt.Sprint("p", i)).Attributes.Set("manager", value(boss.ObjectGUID))
		}
		w.memory.Finished = false
		p := w.plan()
		assert.Empty(t, p.Trips)
		assert.Len(t, p.Actions, 21+20, "all created, then all managers")
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
		w.accounts[0].Control = 514 // by a run that was killed before the leave
		assert.Empty(t, w.plan().Trips)
		w.accounts[0].Control = 512
		w.cfg.Approve.Disable = true // the disable waits, the leave does not
		assert.Equal(t, []string{"leave"}, trips(w.plan()))
		w.cfg.Approve.Disable = false
		w.accounts[2].MemberOf[sid("p-View")] = true
		assert.Equal(t, []string{"leave"}, trips(w.plan()))
		w.cfg.Approve.Leave = true // asked, not automatic
		assert.Empty(t, w.plan().Trips)
	})
	t.Run("rule 06 who is to end earlier counts as disabled", func(t *testing.T) {
		soon := now.Add(15 * time.Second)
		w := crowd(20)
		w.cfg.Limits["disable"] = schema.Limit{Max: number(3)}
		for _, u := range w.users[:4] {
			u.AccountExpires = &soon
		}
		p := w.plan()
		assert.Equal(t, []string{"disable"}, trips(p))
		assert.Len(t, p.Trips[0].Accounts, 4)
		assert.Contains(t, p.Trips[0].Reason, "4 accounts would end earlier than before")
		assert.Contains(t, p.Notices, "accounts that are to end earlier than before: P0, P1, P2, P3")
		w.users[3].AccountExpires = nil
		assert.Empty(t, w.plan().Trips)
		w.users[4].Disabled, w.users[5].Disabled = true, true
		p = w.plan()
		assert.Contains(t, p.Trips[0].Reason, "2 accounts would be disabled, 3 would end earlier than before")
		confirmed := p.Digest
		w.users[3].AccountExpires = &soon
		assert.NotEqual(t, confirmed, w.plan().Digest, "to whom it happens is part of what is confirmed")
		w.users[4].Disabled, w.users[5].Disabled, w.users[3].AccountExpires = false, false, nil
		w.memory.Recent.Acted[plan.Disable] = map[string]bool{anchor("x"): true}
		assert.Equal(t, []string{"disable"}, trips(w.plan()), "within a day of others")
		assert.Len(t, plan.Unasked(plan.Each(w.plan().Actions), plan.Disable), 3, "whom the next day remembers")
	})
	t.Run("rule 06 who does not end earlier than they would anyway", func(t *testing.T) {
		soon := now.Add(15 * time.Second)
		for _, c := range []struct {
			name           string
			expires, wrote int64
			source         *time.Time
			finished       bool
			trips          bool
		}{
			{"first lease of what was adopted", 0, 0, nil, true, false},
			{"first lease, and it ended later", lease + days(90), 0, nil, true, false},
			{"first lease, and the source ends at once", 0, 0, &soon, true, true},
			{"a shorter expiration_time", lease + days(300), lease + days(300), nil, true, true},
			{"written as never", adrules.NeverExpires, adrules.NeverExpires, nil, true, true},
			{"within expiration_refresh", adrules.FileTime(soon) + days(1), adrules.FileTime(soon) + days(1), &soon, true, false},
			{"over already", adrules.FileTime(now) - 1, adrules.FileTime(now) - 1, nil, true, false},
			{"before a first run has finished", lease, lease, &soon, false, false},
		} {
			w := crowd(3)
			w.memory.Finished = c.finished
			w.cfg.Limits["disable"] = schema.Limit{Max: number(2)}
			for i, a := range w.accounts {
				a.Expires, w.users[i].AccountExpires = c.expires, c.source
				w.remember(a, func(r *plan.Remembered) { r.Expires = c.wrote })
			}
			assert.Equal(t, c.trips, len(w.plan().Trips) > 0, c.name)
		}
	})
	t.Run("rule 06 an end that is over already counts even in a first lease", func(t *testing.T) {
		w := crowd(3)
		w.file.Timestamp, w.memory.Finished = now.AddDate(0, -2, 0), false
		for _, a := range w.accounts {
			a.Expires = 0
			w.remember(a, func(r *plan.Remembered) { r.Expires = 0 })
		}
		assert.Equal(t, []string{"all accounts"}, trips(w.plan()))
	})
	t.Run("rule 07 everybody ends at once", func(t *testing.T) {
		w := crowd(3)
		soon := now.Add(15 * time.Second)
		w.users[0].Disabled, w.users[1].AccountExpires, w.users[2].AccountExpires = true, &soon, &soon
		p := w.plan()
		assert.Equal(t, []string{"all accounts"}, trips(p))
		assert.Contains(t, p.Trips[0].Reason, "every one of the 3 enabled managed accounts would be disabled, or end earlier than before")
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
	t.Run("rule 07 everybody at once, and one who cannot be anchored", func(t *testing.T) {
		w := crowd(2)
		w.users[0].Disabled, w.users[1].Disabled, w.memory.Finished = true, true, false
		w.user("Jane", "jane")
		w.account("Jane", "jane").Anchor = plan.Anchor{Other: "somebody else's value"}
		assert.Equal(t, []string{"all accounts"}, trips(w.plan()))
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
