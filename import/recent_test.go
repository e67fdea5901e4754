package importer

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/ledger"
	"ad-user-sync/import/plan"
	"ad-user-sync/internal/memad"
	"ad-user-sync/schema"
)

// leavers is a domain of ten people of whom three may be disabled in a day.
func leavers(t *testing.T) (*scene, []schema.User) {
	s := newScene(t)
	s.with(`"limits": {"disable": {"count": null, "percent": null, "max": 3}}`)
	var people []schema.User
	for i := range 10 {
		people = append(people, s.person(fmt.Sprintf("p%d Person", i), in("CN=t-Viewers")))
	}
	s.staffed(people...)
	return s, people
}

// Many small runs must not do what one large one may not.
func testLimitsAddUpOverADay(t *testing.T) {
	s, people := leavers(t)
	s.run(s.file(people[2:]...))
	again, err := s.start(s.file(people[4:]...)).Run(t.Context())
	require.NoError(t, err)
	require.NotNil(t, again.Report.Guard)
	assert.Equal(t, "disable", again.Report.Guard.Name)
	assert.Contains(t, again.Report.Guard.Reason, "after 2 within the last 24 hours")
	s.run(s.file(people[3:]...)) // one is the third of this day
	s.later(25 * time.Hour)
	s.run(s.file(people[6:]...))
}

// Whom a file lets end at once is out as surely as who is disabled.
func testLimitsWeighEndsThatComeForward(t *testing.T) {
	s, people := leavers(t)
	soon := s.now.Add(time.Minute)
	ending := func(n int) []schema.User {
		list := slices.Clone(people)
		for i := range n {
			list[i].AccountExpires = &soon
		}
		return list
	}
	before := s.written()
	r, err := s.start(s.file(ending(10)...)).Run(t.Context())
	require.NoError(t, err)
	require.NotNil(t, r.Report.Guard)
	assert.Equal(t, "disable, all accounts", r.Report.Guard.Name)
	assert.Contains(t, r.Report.Guard.Reason, "10 accounts would end earlier than before")
	assert.Equal(t, before, s.written())
	few := s.run(s.file(ending(2)...))
	assert.Contains(t, few.Report.Notices, "accounts that are to end earlier than before: p0 Person, p1 Person")
	r, err = s.start(s.file(ending(2)[:8]...)).Run(t.Context()) // two more are to be disabled
	require.NoError(t, err)
	require.NotNil(t, r.Report.Guard)
	assert.Contains(t, r.Report.Guard.Reason, "2 accounts would be disabled, after 2 within the last 24 hours")
	all := s.file(ending(10)...)
	r, err = s.start(all).Run(t.Context())
	require.NoError(t, err)
	confirmed := s.run(all, func(o *Options) { o.Confirm = r.Plan.Digest })
	assert.Equal(t, 8, confirmed.Report.Extended)
}

// A run that is killed is not forgotten by the limits, and does not hold up its
// own continuation.
func testLimitsRememberARunThatWasKilled(t *testing.T) {
	for n := 1; n <= 3; n++ {
		for _, carriedOut := range []bool{false, true} {
			s, people := leavers(t)
			file := s.file(people[3:]...)
			s.crashAt(n, carriedOut)
			require.True(t, s.crashed(file))
			s.mem.Fail(nil)
			fourth := s.file(slices.Delete(slices.Clone(people), 3, 4)...)
			other, err := s.start(fourth).Run(t.Context())
			require.NoError(t, err)
			require.NotNil(t, other.Report.Guard, "write %d: a fourth one", n)
			r := s.run(s.file(people[3:]...))
			assert.LessOrEqual(t, len(r.Report.Disabled), 3)
			other, err = s.start(s.file(people[4:]...)).Run(t.Context())
			require.NoError(t, err)
			require.NotNil(t, other.Report.Guard, "write %d: a fourth one", n)
			s.later(25 * time.Hour)
			s.run(s.file(people[4:]...))
		}
	}
}

// What no one knows the outcome of counts; what was refused does not.
func testLimitsCountWhatMayHaveBeenDone(t *testing.T) {
	for _, c := range []struct {
		fault  func(memOperation) error
		counts int
	}{
		{memad.LostAt(1, true), 2}, {memad.LostAt(1, false), 2}, {func(op memOperation) error { return errDenied }, 0},
	} {
		s, people := leavers(t)
		dir := s.dir
		s.dir = &mortal{Directory: dir, at: 1, whatHappens: func() { s.mem.Fail(c.fault) }}
		_, err := s.start(s.file(people[2:]...), func(o *Options) { o.Directory = s.dir }).Run(context.Background())
		require.NoError(t, err)
		s.mem.Fail(nil)
		kept, err := ledger.Load(ledger.Path(s.cfg.ResolutionsFile))
		require.NoError(t, err)
		counted := 0
		for _, recent := range kept.Containers[s.get(s.managed(), "objectGUID").GUID()].Recent {
			counted += len(recent.People[plan.Disable])
		}
		assert.Equal(t, c.counts, counted)
	}
}
