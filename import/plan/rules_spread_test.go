package plan_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// withinLease holds an end against rule 21: it is the lease's, or at most four days
// and a tenth of a month earlier, in the working hours of a working day.
func withinLease(t *testing.T, got, until int64) {
	t.Helper()
	end, ends := adrules.TimeFromFileTime(got)
	latest, _ := adrules.TimeFromFileTime(until)
	require.True(t, ends)
	inWorkingHours(t, end, latest, 75*time.Hour, time.UTC)
}

func inWorkingHours(t *testing.T, end, latest time.Time, most time.Duration, zone *time.Location) {
	t.Helper()
	early := latest.Sub(end)
	require.True(t, early >= 0 && early <= most, "%s is %s before %s", end, early, latest)
	if early == 0 {
		return
	}
	local := end.In(zone)
	require.True(t, local.Hour() >= 9 && local.Hour() < 15, local)
	require.True(t, local.Weekday() != time.Saturday && local.Weekday() != time.Sunday, local)
	require.NotZero(t, local.Second(), "people set ends at full minutes")
}

// endOf is the end that an action writes, 0 where it writes none.
func endOf(a plan.Action) int64 {
	ends, _ := a.Ends()
	return ends
}

func TestRulesSpread(t *testing.T) {
	t.Run("rule 21 not all accounts end at once", func(t *testing.T) {
		w := newWorld()
		w.cfg.TimeZone = "Europe/Berlin"
		w.file.Timestamp = time.Date(2026, 11, 24, 5, 15, 0, 0, time.UTC) // so that the lease ends on a Friday
		w.now = w.file.Timestamp.Add(time.Hour)
		for i := range 500 {
			w.user(fmt.Sprintf("P %03d", i), fmt.Sprintf("p%03d", i))
		}
		until := w.cfg.ExpirationTime.After(w.file.Timestamp)
		ends, days := map[int64]bool{}, map[int]int{}
		for _, a := range w.plan().Actions {
			if a.Kind == plan.Create {
				end, _ := adrules.TimeFromFileTime(endOf(a))
				inWorkingHours(t, end, until, 75*time.Hour, w.cfg.TimeZone.Location())
				ends[endOf(a)], days[end.Day()] = true, days[end.Day()]+1
			}
		}
		assert.Greater(t, len(ends), 450)
		assert.Len(t, days, 2)
		for _, n := range days {
			assert.Greater(t, n, 150)
		}
	})
	t.Run("rule 21 whenever the lease ends, and however long it is", func(t *testing.T) {
		for _, lease := range []schema.Period{{Days: 1}, {Days: 3}, {Days: 10}, {Months: 1, Days: 1}, {Months: 12}} {
			for hours := range 14 * 24 {
				w := newWorld()
				w.cfg.ExpirationTime, w.cfg.ExpirationRefresh = &lease, schema.Period{Duration: time.Hour}
				w.user("Jane", "jane")
				w.file.Timestamp = fileTime.Add(time.Duration(hours) * time.Hour)
				w.now = w.file.Timestamp
				until := lease.After(w.file.Timestamp)
				end, _ := adrules.TimeFromFileTime(endOf(w.plan().Actions[0]))
				inWorkingHours(t, end, until, min(96*time.Hour, until.Sub(w.file.Timestamp)/10), time.UTC)
			}
		}
	})
	t.Run("rule 21 a second import of a file writes nothing, and no file brings an end forward", func(t *testing.T) {
		w := newWorld()
		_, a := w.both("Jane", "jane")
		a.Expires = 0
		w.remember(a, func(r *plan.Remembered) { r.Expires = 0 })
		for range 60 {
			until := w.cfg.ExpirationTime.After(w.file.Timestamp)
			for _, act := range w.plan().Actions {
				require.False(t, act.Sooner)
				require.True(t, a.Expires == 0 || endOf(act) > a.Expires)
				a.Expires = endOf(act)
				w.remember(a, func(r *plan.Remembered) { r.Expires = a.Expires })
			}
			end, _ := adrules.TimeFromFileTime(a.Expires)
			require.LessOrEqual(t, until.Sub(end), 99*time.Hour, "expiration_refresh is added to it")
			w.expect(t, "unchanged Jane")
			w.file.Timestamp, w.now = w.file.Timestamp.Add(24*time.Hour), w.now.Add(24*time.Hour)
		}
	})
	t.Run("rule 21 an end that is written is never brought forward for it", func(t *testing.T) {
		for wrote, forward := range map[int64]bool{lease: false, lease - 1: false, lease + days(1): false, lease + days(2): true} {
			w := newWorld()
			_, a := w.both("Jane", "jane")
			a.Expires = wrote
			w.remember(a, func(r *plan.Remembered) { r.Expires = wrote })
			if !forward {
				w.expect(t, "unchanged Jane")
				continue
			}
			p := w.expect(t, "extend Jane: lease [expires]")
			withinLease(t, endOf(p.Actions[0]), lease)
			assert.True(t, p.Actions[0].Sooner, "rule 06 counts it, as ever")
		}
	})
	t.Run("rule 06 a first lease takes nothing away", func(t *testing.T) {
		w := newWorld()
		_, a := w.both("Jane", "jane")
		a.Expires = lease + days(2)
		w.remember(a, func(r *plan.Remembered) { r.Expires = 0 })
		p := w.expect(t, "extend Jane: lease [expires]")
		withinLease(t, endOf(p.Actions[0]), lease)
		assert.False(t, p.Actions[0].Sooner)
	})
	t.Run("rule 21 what has ended so is not put off by the same file", func(t *testing.T) {
		w := newWorld()
		u := w.user("Jane", "jane")
		spread := endOf(w.plan().Actions[0])
		require.Less(t, spread, lease)
		end, _ := adrules.TimeFromFileTime(spread)
		w.now = end.Add(time.Minute)
		assert.Equal(t, lease, endOf(w.plan().Actions[0]), "who is new then has what is left of the lease")
		w.users = nil
		_, a := w.both(u.CN, "jane")
		a.Expires = spread
		w.remember(a, func(r *plan.Remembered) { r.Expires = spread })
		w.expect(t, "unchanged Jane")
		w.file.Timestamp = w.file.Timestamp.Add(24 * time.Hour)
		w.expect(t, "extend Jane: lease [expires]")
	})
	t.Run("rule 21 who is enabled once the end has come gets what is left of the lease", func(t *testing.T) {
		w := newWorld()
		u := w.user("Jane", "jane")
		spread := endOf(w.plan().Actions[0])
		w.users = nil
		_, a := w.both(u.CN, "jane")
		a.Control, a.PasswordLastSet, a.Expires = 514, 0, spread
		w.remember(a, func(r *plan.Remembered) { r.WasEnabled, r.Expires = false, spread })
		end, _ := adrules.TimeFromFileTime(spread)
		w.now = end.Add(time.Minute)
		w.expect(t, "enable? Jane: new")
		w.agree(t, func(a *plan.Answer) { a.Password = "secret" })
		p := w.plan()
		assert.Equal(t, lease, endOf(p.Actions[0]), "a password that is handed out must be of use")
	})
	t.Run("row 24 an end that someone else set does not pass for one that was moved", func(t *testing.T) {
		w := newWorld()
		_, a := w.both("Jane", "jane")
		a.Expires = lease - days(1)/24
		w.remember(a, func(r *plan.Remembered) { r.Expires = lease })
		w.expect(t, "enable? Jane: expired here by someone else")
		w.agree(t, func(a *plan.Answer) { a.Keep = true })
		p := w.plan()
		require.Len(t, p.Actions, 1)
		assert.Equal(t, lease, endOf(p.Actions[0]), "else the same would be asked again; and whoever agrees brings no end forward")
	})
}
