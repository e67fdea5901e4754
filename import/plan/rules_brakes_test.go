package plan_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
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
		w.memory.Recent[plan.Disable] = map[string]bool{anchor("x"): true, anchor("y"): true, anchor("z"): true}
		assert.Empty(t, w.plan().Trips, "nothing more to do")
		w.users[0].Disabled = true
		p := w.plan()
		assert.Equal(t, []string{"disable"}, trips(p))
		assert.Contains(t, p.Trips[0].Reason, "after 3 within the last 24 hours")
		w.memory.Recent[plan.Disable] = map[string]bool{anchor("x"): true, anchor("y"): true, anchor("p0"): true}
		assert.Empty(t, w.plan().Trips, "who is meant again, after a run that was killed, is counted once")
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
	t.Run("rule 06 the manager of somebody new is no update", func(t *testing.T) {
		w := newWorld()
		w.cfg.Attributes["manager"] = schema.AttributeRule{}
		w.cfg.Limits["update"] = schema.Limit{Max: number(0)}
		boss := w.user("Boss", "boss")
		for i := range 20 {
			w.user(fmt.Sprint("P", i), fmt.Sprint("p", i)).Attributes["manager"] = value(boss.ObjectGUID)
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
