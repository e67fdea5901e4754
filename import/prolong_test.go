package importer

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/ledger"
	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

func (s *scene) end(cn string) time.Time {
	s.t.Helper()
	v, _ := s.get(s.account(cn), "accountExpires").Int("accountExpires")
	t, _ := adrules.TimeFromFileTime(v)
	return t
}

func offeredTo(o plan.Offer) (names []string) {
	for _, p := range o.People {
		names = append(names, p.Person.CN)
	}
	return names
}

func everyone(o plan.Offer, days int) plan.Grant {
	g := plan.Grant{IDs: map[string]bool{}, Days: days, Reason: "the courier is ill"}
	for _, p := range o.People {
		g.IDs[p.ID] = true
	}
	return g
}

// prolong gives days to all who are offered some.
func (s *scene) prolong(d *Desk, days int) error {
	return d.Prolong(s.t.Context(), everyone(s.look(d).Offer, days), nil)
}

func TestRulesProlong(t *testing.T) {
	t.Run("rule 37 the day the courier is dead", func(t *testing.T) {
		s := newScene(t)
		s.with(`"max_age": "P3D"`)
		jane, max := s.person("Jane Doe"), s.person("Max Roe")
		max.Disabled = true
		own := s.now.Add(40 * day)
		max.AccountExpires = nil
		eve := s.person("Eve Poe")
		eve.AccountExpires = &own
		file := s.staffed(jane, max, eve)
		was, eves := s.end("Jane Doe"), s.end("Eve Poe")
		s.later(25 * day)

		im := s.start(file)
		_, err := im.Run(t.Context())
		require.ErrorContains(t, err, "older than max_age")
		require.ErrorContains(t, err, "import --interactive")
		require.True(t, Prolongs(err))
		before := s.usn()
		d := im.NewProlongingDesk(s.desks, "op as PLANT\\op")
		view := s.look(d)
		assert.Equal(t, []string{"Eve Poe", "Jane Doe"}, offeredTo(view.Offer))
		assert.Empty(t, view.Questions)
		assert.Equal(t, before, s.usn())
		assert.Equal(t, "jane", view.Current[view.Offer.People[1].Person.GUID].AccountName, "by which an approver's own account is known")

		_, err = d.Decide(t.Context(), []plan.Answer{{ID: "x", Accept: true}}, func(plan.Result) {})
		require.ErrorContains(t, err, "too old")
		require.Error(t, d.Release(t.Context(), view.Plan, 0, nil))
		require.Error(t, d.AskAgain(t.Context(), "x"))
		_, _, err = d.Find(t.Context(), "jane")
		require.ErrorContains(t, err, "too old", "nothing is offered that would be refused")
		assert.True(t, view.Old)

		shown := everyone(view.Offer, 14)
		steps := 0
		require.NoError(t, d.Prolong(t.Context(), shown, func(done, total int) { steps++; assert.Equal(t, 2, total) }))
		assert.Equal(t, 2, steps)
		assert.Equal(t, was.Add(14*day), s.end("Jane Doe"))
		assert.Equal(t, own.Truncate(time.Second), s.end("Eve Poe").Truncate(time.Second), "not past the source's own end, which is before %s", eves.Add(14*day))
		r := im.Unwritten(err)
		assert.Equal(t, []string{"Eve Poe", "Jane Doe"}, r.Sorted().Prolonged)
		require.Len(t, r.GivenTime, 1)
		given := r.GivenTime[0]
		assert.Equal(t, schema.GivenTime{At: given.At, By: "op as PLANT\\op", Reason: "the courier is ill", Days: 14, Accounts: 2}, given)
		require.Len(t, r.Accepted, 2)
		assert.Equal(t, "the courier is ill", r.Accepted[0].Why)

		err = d.Prolong(t.Context(), shown, nil)
		require.ErrorContains(t, err, "not as they were shown", "what was shown counts once")
		assert.Equal(t, was.Add(14*day), s.end("Jane Doe"))

		s.later(time.Hour)
		require.NoError(t, s.prolong(d, 14), "Jane alone, a second time")
		assert.Equal(t, was.Add(28*day), s.end("Jane Doe"))
		require.Empty(t, s.look(d).Offer.People)

		im = s.start(file)
		_, err = im.Run(t.Context())
		require.Error(t, err)
		assert.Len(t, im.Unwritten(err).GivenTime, 2, "the next run tells, too")

		fresh := s.file(jane, max, eve)
		result, err := s.start(fresh).Run(t.Context())
		require.NoError(t, err)
		assert.Empty(t, result.Report.GivenTime)
		assert.Equal(t, was.Add(28*day), s.end("Jane Doe"), "a newer file brings nothing forward")
		assert.Nil(t, result.Report.Guard)
	})
	t.Run("rule 37 a file that is overdue and not yet too old", func(t *testing.T) {
		s := newScene(t)
		s.with(`"expect_every": "P2D"`)
		file := s.staffed(s.person("Jane Doe"))
		assert.Empty(t, s.look(s.desk(file)).Offer.People)
		was := s.end("Jane Doe")
		s.later(4 * day)
		d := s.desk(file)
		require.NoError(t, s.prolong(d, 3))
		assert.Equal(t, was.Add(3*day), s.end("Jane Doe"))
		s.run(file)
		assert.Equal(t, was.Add(3*day), s.end("Jane Doe"), "an import of the same file leaves it")
	})
	t.Run("rule 37 all, or none", func(t *testing.T) {
		s := newScene(t)
		s.with(`"expect_every": "P2D"`)
		file := s.staffed(s.person("Jane Doe"), s.person("Max Roe"))
		was := s.end("Jane Doe")
		s.later(4 * day)
		d := s.desk(file)
		g := everyone(s.look(d).Offer, 14)
		s.set(s.account("Max Roe"), "userAccountControl", "514")
		require.ErrorContains(t, d.Prolong(t.Context(), g, nil), "of 2 accounts, 1 are not as they were shown any more")
		assert.Equal(t, was, s.end("Jane Doe"))
		require.NoError(t, s.prolong(d, 14), "looked at again")
		assert.Equal(t, was.Add(14*day), s.end("Jane Doe"))
	})
	t.Run("rule 37 not by a file that no run has imported", func(t *testing.T) {
		s := newScene(t)
		s.with(`"max_age": "P3D"`)
		s.staffed(s.person("Jane Doe"))
		other := s.file(s.person("Jane Doe"), s.person("Max Roe"))
		s.later(25 * day)
		_, err := s.start(other).Run(t.Context())
		require.ErrorContains(t, err, "max_age")
		assert.False(t, Prolongs(err))
		_, err = s.start(other).NewProlongingDesk(s.desks, "op").Look(t.Context())
		require.ErrorContains(t, err, "max_age")
	})
	t.Run("rule 37 a run that is killed after the write", func(t *testing.T) {
		s := newScene(t)
		s.with(`"expect_every": "P2D"`)
		file := s.staffed(s.person("Jane Doe"))
		was := s.end("Jane Doe")
		s.later(4 * day)
		d := s.desk(file)
		g := everyone(s.look(d).Offer, 14)
		path := ledger.Path(s.cfg.ResolutionsFile)
		s.dir, s.desks = s.admin, s.admin
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var meant *ledger.Ledger
		require.NoError(t, d.Prolong(ctx, g, func(int, int) {
			var err error
			meant, err = ledger.Load(path)
			require.NoError(t, err)
		}))
		require.NoError(t, meant.Save(path)) // as a killed run leaves it
		s.run(file)
		assert.Equal(t, was.Add(14*day), s.end("Jane Doe"), "what was given is known")
		for range 2 {
			given := s.run(file).Report.GivenTime
			require.Len(t, given, 1, "so is by whom, and why")
			assert.Equal(t, []any{"the courier is ill", 14, 1}, []any{given[0].Reason, given[0].Days, given[0].Accounts})
		}
		d = s.desk(file)
		require.NoError(t, s.prolong(d, 14))
		assert.Empty(t, s.look(d).Offer.People, "and counted")
	})
	t.Run("rule 37 one giving goes on through another controller", func(t *testing.T) {
		for _, carriedOut := range []bool{false, true} {
			for n := 1; n < 4; n++ {
				at := fmt.Sprintf("write %d, carried out: %v", n, carriedOut)
				s := newScene(t)
				s.with(`"expect_every": "P2D"`)
				file := s.staffed(s.person("Jane Doe"), s.person("Max Roe"), s.person("Eve Poe"))
				s.later(4 * day)
				pair := &succession{Directory: s.mem}
				s.dir, s.desks = pair, pair
				d := s.desk(file)
				g := everyone(s.look(d).Offer, 14)
				s.mem.Fail(dies(n, carriedOut))
				require.NoError(t, d.Prolong(t.Context(), g, nil), at)
				require.Equal(t, 1, pair.moves, at)
				s.later(time.Hour)
				given := s.run(file).Report.GivenTime
				require.Len(t, given, 1, at)
				assert.Equal(t, 3, given[0].Accounts, at)
			}
		}
	})
}

func TestSomeoneElsesEndIsNotPutOff(t *testing.T) {
	s := newScene(t)
	s.with(`"expect_every": "P2D"`)
	file := s.staffed(s.person("Jane Doe"), s.person("Max Roe"))
	s.set(s.account("Jane Doe"), "accountExpires", "134300000000000000")
	s.later(4 * day)
	view := s.look(s.desk(file))
	assert.Equal(t, []string{"Max Roe"}, offeredTo(view.Offer))
	require.Len(t, view.Offer.Left, 1)
	assert.True(t, strings.HasPrefix(view.Offer.Left[0].Person.CN, "Jane"))
}
