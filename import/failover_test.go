package importer

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/ledger"
	"ad-user-sync/import/plan"
	"ad-user-sync/import/words"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/memad"
)

// succession is a domain whose first controller dies. The second one knows all
// that the first did, or has to hear of it yet.
type succession struct {
	*memad.Directory
	heir   *memad.Directory // nil: what the first one knows
	second bool
	moves  int
}

func (s *succession) Failover(context.Context) error {
	s.moves++
	s.Directory.Fail(nil)
	s.second = true
	if s.heir != nil {
		s.Directory = s.heir
	}
	return nil
}

func (s *succession) Domain() ad.Domain {
	d := s.Directory.Domain()
	if s.second {
		d.Controller = "dc2.plant.example"
	}
	return d
}

// dies makes the controller unreachable from the n-th write on; the answer to it
// is lost, and carriedOut reports whether it was still done.
func dies(n int, carriedOut bool) func(memOperation) error {
	down := false
	return func(op memOperation) error {
		if op.Write == n && op.Done == carriedOut {
			down = true
			return ad.ErrOutcomeUnknown
		}
		if down {
			return ad.ErrUnreachable
		}
		return nil
	}
}

const moved = "domain controller dc1.plant.example was lost; everything was read and planned again through dc2.plant.example"

// Rule 22: wherever the first controller dies, what it did is not done twice,
// and the next run finds nothing but the names that were left to it.
func TestAnotherControllerGoesOnAnywhere(t *testing.T) {
	s, file := eventful(t)
	s.run(file)
	want, wantOpen := s.mem.Dump(s.ou), questions(s.look(s.desk(file)).Questions)
	for _, carriedOut := range []bool{false, true} {
		for n := 1; n < 20; n++ {
			at := fmt.Sprintf("write %d, carried out: %v", n, carriedOut)
			s, file := eventful(t)
			pair := &succession{Directory: s.mem}
			s.dir = pair
			s.mem.Fail(dies(n, carriedOut))
			first, err := s.start(file).Run(t.Context())
			require.NoError(t, err, at)
			if pair.moves == 0 {
				require.Greater(t, n, 10)
				break
			}
			assert.Equal(t, "dc2.plant.example", first.Report.Controller, at)
			require.NotEmpty(t, first.Report.Notices, at)
			assert.Contains(t, first.Report.Notices[0], moved, at)
			if strings.Contains(first.Report.Notices[0], "no new account") {
				assert.Contains(t, first.Report.Notices[0], "should dc1.plant.example not come back to tell it, new accounts, joins and all else wait until "+words.When(s.now.Add(ledger.SlowReplication)), at)
			}
			for _, f := range first.Report.Failed {
				assert.Regexp(t, "dc2.plant.example may not know yet|dc2.plant.example does not know it|account .*was not created", f.Reason, at)
			}
			assert.Empty(t, twice(first), at)
			s.dir = s.mem
			second, err := s.start(file).Run(t.Context())
			require.NoError(t, err, at)
			require.Empty(t, second.Report.Failed, at)
			require.Equal(t, want, s.mem.Dump(s.ou), at)
			require.Equal(t, wantOpen, questions(second.Plan.Questions), at)
			require.Empty(t, s.run(file).Plan.Actions, at)
		}
	}
}

// twice are the actions that a report has two times.
func twice(r *Result) []string {
	seen, double := map[string]bool{}, []string{}
	for c := range r.Report.Changes.All() {
		key := fmt.Sprint(c.User, c.Action, c.Attribute, c.Before, c.After)
		if seen[key] {
			double = append(double, key)
		}
		seen[key] = true
	}
	return double
}

// The second controller has heard of nothing that was written: it gets no new
// account and no new name, and what it gets was in the plan that was weighed.
func TestAControllerThatLagsGetsNoNames(t *testing.T) {
	for n := 1; n < 16; n++ {
		at := fmt.Sprintf("write %d", n)
		s, file := eventful(t)
		heir := s.mem.Twin("dc2")
		pair := &succession{Directory: s.mem, heir: heir}
		s.dir = pair
		s.mem.Fail(dies(n, true))
		before := heir.Operations()
		r, err := s.start(file).Run(t.Context())
		require.NoError(t, err, at)
		if pair.moves == 0 {
			break
		}
		after := heir.Operations()
		assert.Equal(t, before.Adds, after.Adds, at)
		assert.Equal(t, before.Renames, after.Renames, at)
		assert.Nil(t, r.Report.Guard, at)
		assert.Empty(t, twice(r), at)
		// The first one comes back with what it had done: nothing is a stranger.
		s.dir = s.mem
		again := s.run(file)
		for _, q := range again.Plan.Questions {
			assert.NotEqual(t, plan.Adopt, q.Kind, at)
		}
		require.Empty(t, s.run(file).Plan.Actions, at)
	}
}

// Nor does a later run make an account again through a controller that has not
// heard of it, until no one can believe any more that it will.
func TestAccountsAreNotMadeAgainThroughAControllerThatLags(t *testing.T) {
	s := newScene(t)
	lagging := s.mem.Clone()
	file := s.file(s.person("Anna A"), s.person("Bert B"))
	s.run(file)
	other := func() Directory { return &succession{Directory: lagging, second: true} }
	for range 2 {
		r, err := s.start(file, func(o *Options) { o.Directory = other() }).Run(t.Context())
		require.NoError(t, err)
		require.Len(t, r.Report.Failed, 2)
		assert.Contains(t, r.Report.Failed[0].Reason, "not replicated yet: the account was made through dc1.plant.example")
		assert.Empty(t, r.Plan.Actions)
		assert.Empty(t, r.Plan.Questions)
	}
	assert.Empty(t, s.run(file).Plan.Actions, "the one that made them knows them")
	s.later(25 * time.Hour)
	lagging.SetTime(s.now)
	r, err := s.start(file, func(o *Options) { o.Directory = other() }).Run(t.Context())
	require.NoError(t, err)
	assert.Empty(t, r.Report.Created)
	assert.Equal(t, []string{"create Anna A (seen nowhere)", "create Bert B (seen nowhere)"}, questions(r.Plan.Questions))
}

// What is read through two controllers does not go together.
func TestReadingBeginsAgainOnTheNextController(t *testing.T) {
	for n := 1; n < 12; n++ {
		s, file := eventful(t)
		pair := &succession{Directory: s.mem}
		s.dir = pair
		searches := 0
		s.mem.Fail(func(op memOperation) error {
			if op.Kind == memad.OpSearch {
				searches++
			}
			if searches >= n {
				return ad.ErrUnreachable
			}
			return nil
		})
		r := s.run(file)
		require.Equal(t, 1, pair.moves, n)
		assert.Equal(t, "dc2.plant.example", r.Report.Controller)
		assert.Equal(t, []string{moved}, slices.DeleteFunc(r.Report.Notices, func(text string) bool { return text != moved }))
		assert.NotEmpty(t, r.Report.Created, "nothing was written before, so that the next one gets names, too")
	}
}

// A person decides while the controller dies; the session goes on.
func TestTheSessionSurvivesALostController(t *testing.T) {
	for _, carriedOut := range []bool{false, true} {
		s := newScene(t)
		pair := &succession{Directory: s.mem}
		s.dir, s.desks = pair, pair
		d := s.desk(s.file(s.person("Anna A"), s.person("Bert B")))
		var answers []plan.Answer
		for _, q := range s.look(d).Questions {
			answers = append(answers, plan.Answer{ID: q.ID, Accept: true, Password: testPassword})
		}
		require.Len(t, answers, 2)
		s.mem.Fail(dies(1, carriedOut))
		for _, r := range s.decide(d, answers...) {
			assert.Equal(t, plan.Done, r.Outcome, r.Problem)
		}
		assert.Equal(t, 1, pair.moves)
		assert.False(t, s.control("Anna A").Disabled())
		assert.False(t, s.control("Bert B").Disabled())
		assert.Equal(t, []string{"Anna A", "Bert B"}, d.Report().Enabled)
		assert.Contains(t, s.look(d).Notices[0], moved)
		s.mem.Fail(func(memOperation) error { return ad.ErrUnreachable })
		require.Empty(t, s.look(d).Questions)
		assert.Equal(t, 2, pair.moves)
	}
}

// Where no one takes over, all is as before, and it ends.
func TestControllersThatDieOneAfterTheOther(t *testing.T) {
	s, file := eventful(t)
	pair := &mortals{Directory: s.mem}
	s.dir = pair
	s.mem.Fail(func(memOperation) error { return ad.ErrUnreachable })
	began := time.Now()
	_, err := s.start(file).Run(t.Context())
	require.ErrorIs(t, err, ad.ErrUnreachable)
	assert.Equal(t, maxMoves, pair.moves)
	assert.Less(t, time.Since(began), time.Minute)
}

// mortals are controllers none of which answers.
type mortals struct {
	*memad.Directory
	moves int
}

func (m *mortals) Failover(context.Context) error {
	m.moves++
	return nil
}

// After a reconnect as someone else the run ends as one that failed, and says
// what it had done.
func TestAnotherIdentityEndsTheRun(t *testing.T) {
	s, file := eventful(t)
	pair := &succession{Directory: s.mem}
	s.dir = pair
	strange, most := false, 0
	s.mem.Fail(func(op memOperation) error {
		most = max(most, op.Write)
		if strange = strange || op.Write == 3 && !op.Done; strange {
			return ad.ErrIdentity
		}
		return nil
	})
	r, err := s.start(file).Run(t.Context())
	require.ErrorIs(t, err, ad.ErrIdentity)
	assert.NotEmpty(t, r.Report.Failed)
	assert.Equal(t, 3, most, "nothing more is tried")
	assert.Zero(t, pair.moves)
}
