package approval

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// All that a session does in time goes by the clock it was given.
func TestSessionGoesByItsClock(t *testing.T) {
	now := time.Date(2031, 5, 1, 12, 0, 0, 0, time.UTC)
	s, err := newSession(Options{Clock: func() time.Time { return now }}, usual)
	require.NoError(t, err)
	s.agenda.view, s.worker.job = &plan.View{}, &progress{}

	q := plan.Question{ID: "1", Kind: plan.Disable, Person: &plan.Person{CN: "Jane"}}
	a, err := s.agenda.checker().answer(q, decision{ID: "1", Until: "2031-05-03"})
	require.NoError(t, err)
	assert.Equal(t, time.Date(2031, 5, 3, 23, 59, 59, 0, time.UTC), *a.Until)
	s.agenda.known["1"] = q
	s.agenda.record(a, plan.Result{ID: "1", Outcome: plan.Kept})
	assert.Equal(t, now, s.agenda.items[0].At)

	s.vault.issue(plan.Question{ID: "2", Person: &plan.Person{}}, plan.Answer{Password: schema.Secret("x")}, s.agenda.view, false)
	assert.Equal(t, now, s.vault.all()[0].set)

	code := s.access.issue()
	now = now.Add(usual.code + time.Second)
	_, err = s.access.exchange(code, func() {})
	require.ErrorIs(t, err, errCodeExpired)
	_, err = s.access.exchange(s.access.issue(), func() {})
	require.NoError(t, err)
	now = now.Add(usual.idle)
	assert.True(t, s.access.lockAfter(usual.idle))

	s.hub.part(s.hub.join("tab"))
	now = now.Add(usual.grace)
	assert.Equal(t, usual.grace, s.hub.away())
}
