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

// silent makes no newer file come for weeks: Jane's account ends in three days.
func silent() (*world, *schema.User, *plan.Account) {
	w := newWorld()
	w.sameFile = true
	w.now = time.Date(2026, 12, 20, 9, 0, 0, 0, time.UTC)
	jane, account := w.both("Jane", "jane")
	return w, jane, account
}

func (w *world) offer(change func(*plan.Input)) plan.Plan {
	in := w.input()
	in.Silent = true
	if change != nil {
		change(&in)
	}
	return plan.Make(in)
}

// give gives days to all who are offered some.
func (w *world) give(days int) plan.Plan {
	g := &plan.Grant{IDs: map[string]bool{}, Days: days, Reason: "the courier is ill", By: "op"}
	for _, o := range w.offer(nil).Offer.People {
		g.IDs[o.ID] = true
	}
	return w.offer(func(in *plan.Input) { in.Grant = g })
}

func left(p plan.Plan) (lines []string) {
	for _, n := range p.Offer.Left {
		lines = append(lines, n.Person.CN+": "+string(n.Reason))
	}
	return lines
}

// carriedOut lets the world be as a plan leaves it.
func (w *world) carriedOut(p plan.Plan) {
	for _, act := range p.Actions {
		for _, a := range w.accounts {
			if ends, writes := act.Ends(); writes && a.GUID == act.Person.GUID {
				a.Expires = ends
				w.remember(a, func(r *plan.Remembered) {
					r.Expires = ends
					if act.Given != nil {
						r.Given = *act.Given
					}
				})
			}
		}
	}
}

const aDay = 24 * time.Hour

func ends(a *plan.Account) time.Time {
	t, _ := a.Ends()
	return t
}

func TestRowsProlong(t *testing.T) {
	t.Run("row 23a days are added to the end that is written", func(t *testing.T) {
		w, _, account := silent()
		assert.Empty(t, w.plan().Offer.People, "a file that is not overdue")
		p := w.offer(nil)
		require.Len(t, p.Offer.People, 1)
		assert.Empty(t, p.Actions, "it is a person's to give")
		was := ends(account)
		assert.Equal(t, was.Add(14*aDay), p.Offer.People[0].Most)
		p = w.give(5)
		require.Len(t, p.Actions, 1)
		act := p.Actions[0]
		assert.Equal(t, plan.Prolong, act.Kind)
		assert.Equal(t, "the courier is ill", act.Detail)
		assert.Equal(t, "op", act.Answer.By)
		assert.Equal(t, adrules.FileTime(was.Add(5*aDay)), endOf(act))
		assert.Empty(t, p.Trips)
		w.carriedOut(p)
		assert.Empty(t, w.plan().Actions, "the same file does not take it back")
		w.now = ends(account).Add(time.Hour)
		assert.Empty(t, w.plan().Actions, "nor once it is over")
	})
	t.Run("row 23a who has come to the end of the lease works again", func(t *testing.T) {
		w, _, account := silent()
		w.now = ends(account).Add(3*aDay + time.Hour)
		p := w.offer(nil)
		require.Len(t, p.Offer.People, 1)
		assert.Equal(t, 4, p.Offer.People[0].Least)
		assert.Empty(t, w.give(3).Actions)
		assert.Len(t, w.give(4).Actions, 1)
		w.now = ends(account).Add(14 * aDay)
		assert.Equal(t, []string{"Jane: given-time"}, left(w.offer(nil)), "for too long")
	})
	t.Run("row 23a only for who is there and works", func(t *testing.T) {
		w, jane, account := silent()
		offered := func() int { return len(w.offer(nil).Offer.People) }
		account.Control = account.Control.Disable()
		assert.Zero(t, offered())
		assert.Empty(t, left(w.offer(nil)))
		account.Control = account.Control.Enable()
		account.Expires = 0
		assert.Zero(t, offered(), "without an end")
		account.Expires = lease
		jane.Disabled = true
		assert.Equal(t, []string{"Jane: disabled-in-source"}, left(w.offer(nil)))
		w.keep(plan.Disable, jane, nil)
		assert.Equal(t, []string{"Jane: disabled-in-source"}, left(w.offer(nil)), "disabling was rejected")
		w.users = nil
		assert.Equal(t, []string{"Jane: missing-in-file"}, left(w.offer(nil)))
		w.cfg.Approve.Disable = true
		w.kept = nil
		assert.Equal(t, []string{"Jane: missing-in-file"}, left(w.offer(nil)), "asked")
	})
	t.Run("row 23a not where another one's end is written", func(t *testing.T) {
		w, _, account := silent()
		account.Expires -= int64(2 * aDay / 100)
		assert.Equal(t, []string{"Jane: expired-elsewhere"}, left(w.offer(nil)))
		account.Expires += int64(20 * aDay / 100)
		assert.Equal(t, []string{"Jane: expired-elsewhere"}, left(w.offer(nil)), "a later one is theirs, too")
		account.Expires = lease
		w.remember(account, func(r *plan.Remembered) { r.KeepsExpiry = true })
		assert.Equal(t, []string{"Jane: kept-expiry"}, left(w.offer(nil)))
	})
	t.Run("row 23a protected accounts only if they are ours", func(t *testing.T) {
		w, _, account := silent()
		account.Protected, account.GivesWay = "adminCount=1", true
		assert.Len(t, w.give(5).Actions, 1, "row 1b: its lease goes on")
		w.remember(account, func(r *plan.Remembered) { r.How = plan.HowFound })
		p := w.give(5)
		assert.Empty(t, p.Offer.People)
		assert.Empty(t, p.Actions)
	})
}

func TestRulesProlong(t *testing.T) {
	t.Run("rule 37 twice until a newer file comes", func(t *testing.T) {
		w, _, account := silent()
		w.carriedOut(w.give(14))
		w.carriedOut(w.give(14))
		assert.Equal(t, []string{"Jane: given-time"}, left(w.offer(nil)))
		assert.Empty(t, w.give(14).Actions)
		twice := ends(account)
		assert.Equal(t, adrules.FileTime(twice.Add(-28*aDay)), lease)
		p := w.offer(func(in *plan.Input) { in.FileHash, in.SameFile = "newer", false })
		require.Len(t, p.Offer.People, 1)
		assert.Zero(t, p.Offer.People[0].Times)
	})
	t.Run("rule 37 never past the source's own end", func(t *testing.T) {
		w, jane, account := silent()
		own := ends(account).Add(5*aDay + time.Hour)
		jane.AccountExpires = &own
		assert.Equal(t, own, w.offer(nil).Offer.People[0].Most)
		assert.Equal(t, adrules.FileTime(own), endOf(w.give(14).Actions[0]))
		w.carriedOut(w.give(14))
		assert.Equal(t, []string{"Jane: ends-in-source"}, left(w.offer(nil)))
		sooner := own.Add(-2 * aDay) // of a newer file
		jane.AccountExpires, w.sameFile = &sooner, false
		p := w.plan()
		require.Len(t, p.Actions, 1)
		assert.Equal(t, adrules.FileTime(sooner), endOf(p.Actions[0]), "a given end is not kept beyond it")
		assert.True(t, p.Actions[0].Sooner)
	})
	t.Run("rule 37 a newer file ends what was given by a longer lease, and brings nothing forward", func(t *testing.T) {
		w, _, account := silent()
		w.carriedOut(w.give(14))
		given := ends(account)
		w.sameFile = false
		w.file.Timestamp = fileTime.Add(5 * aDay)
		assert.Empty(t, w.plan().Actions, "its lease is shorter")
		w.file.Timestamp = w.now.Add(-time.Hour)
		p := w.plan()
		require.Len(t, p.Actions, 1)
		assert.Equal(t, plan.Extend, p.Actions[0].Kind)
		assert.Greater(t, endOf(p.Actions[0]), adrules.FileTime(given))
	})
	t.Run("rule 37 nor through a controller that has not heard of it", func(t *testing.T) {
		w, _, account := silent()
		account.Expires += 12e7 // no one sets an end to the second
		before := account.Expires
		w.remember(account, func(known *plan.Remembered) { known.Expires = before })
		w.carriedOut(w.give(14))
		w.remember(account, func(known *plan.Remembered) { known.FormerExpires = append(known.FormerExpires, before) })
		account.Expires, w.sameFile = before, false
		w.file.Timestamp, w.now = fileTime.Add(-25*aDay), fileTime.Add(2*aDay)
		assert.Empty(t, w.plan().Actions)
	})
	t.Run("rule 37 who has come to a given end works again by a newer file, whatever is left of its lease", func(t *testing.T) {
		w, _, account := silent()
		w.carriedOut(w.give(1))
		given := ends(account)
		for late := range 40 * 24 {
			w.now = given.Add(time.Hour)
			w.file.Timestamp = fileTime.Add(time.Duration(late) * time.Hour)
			until := w.cfg.ExpirationTime.After(w.file.Timestamp)
			if !until.After(w.now) {
				continue
			}
			p := w.offer(func(in *plan.Input) { in.FileHash, in.SameFile, in.Silent = "newer", false, false })
			require.Len(t, p.Actions, 1, until)
			end, _ := adrules.TimeFromFileTime(endOf(p.Actions[0]))
			require.True(t, end.After(w.now) && !end.After(until), "%s for %s", end, until)
		}
	})
	t.Run("rule 37 what was shown is what is given", func(t *testing.T) {
		for name, change := range map[string]func(w *world, u *schema.User, a *plan.Account){
			"another end": func(w *world, _ *schema.User, a *plan.Account) {
				a.Expires -= int64(time.Hour / 100)
				w.remember(a, func(r *plan.Remembered) { r.Expires = a.Expires })
			},
			"an end in the source": func(w *world, u *schema.User, a *plan.Account) {
				own := ends(a).Add(aDay)
				u.AccountExpires = &own
			},
			"given meanwhile": func(w *world, _ *schema.User, a *plan.Account) {
				w.remember(a, func(r *plan.Remembered) { r.Given = plan.Given{File: "f", Times: 1} })
			},
			"another person": func(w *world, u *schema.User, a *plan.Account) {
				u.ObjectGUID = anchor("other")
				w.known(a, anchor("other"))
			},
		} {
			w, jane, account := silent()
			g := &plan.Grant{IDs: map[string]bool{w.offer(nil).Offer.People[0].ID: true}, Days: 5, Reason: "r", By: "op"}
			given := func() int {
				n := 0
				for _, a := range w.offer(func(in *plan.Input) { in.Grant = g }).Actions {
					if a.Kind == plan.Prolong {
						n++
					}
				}
				return n
			}
			assert.Equal(t, 1, given())
			change(w, jane, account)
			assert.Zero(t, given(), name)
			g.Days = plan.MostDays + 1
			assert.Zero(t, given())
		}
	})
	t.Run("rule 34 not through a controller that lags behind", func(t *testing.T) {
		w, _, _ := silent()
		w.memory.Behind = "it has not heard"
		assert.Empty(t, w.offer(nil).Offer.People)
	})
	t.Run("rule 37 every day of every length, no end is past the source's or comes earlier", func(t *testing.T) {
		for hours := range 40 * 24 / 7 {
			for _, days := range []int{1, 2, 13, 14} {
				w, jane, account := silent()
				own := ends(account).Add(time.Duration(hours*7-200) * time.Hour)
				jane.AccountExpires = &own
				if !own.After(w.now) {
					continue
				}
				was := account.Expires
				for _, act := range w.give(days).Actions {
					if act.Kind == plan.Prolong {
						at := fmt.Sprint(hours, " ", days)
						end, _ := adrules.TimeFromFileTime(endOf(act))
						assert.Greater(t, endOf(act), was, at)
						assert.False(t, end.After(own), at)
						assert.False(t, end.After(ends(account).Add(14*aDay)), at)
					}
				}
			}
		}
	})
}
