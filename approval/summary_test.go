package approval

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// The end of a session counts what overriding limits did, a taking over as
// that, what was decided again once, and what is still open.
func TestSummaryCountsEverything(t *testing.T) {
	desk := &paperDesk{view: sample()}
	desk.view.Trips = []plan.Trip{{Name: "disable", Accounts: []plan.Person{*asks(plan.Disable, "", "Anna A").Person, *asks(plan.Disable, "", "Berta B").Person}}}
	desk.view.Report.Disabled = []string{"by the run itself"}
	desk.view.Report.Lapsed = []schema.Outcome{{User: "Lara Lapse", Reason: "join p-Admins, rejected by op on 2026-11-01: the user file does not grant the group"}}
	s, err := newSession(Options{Desk: desk}, usual)
	require.NoError(t, err)
	s.worker.ctx = t.Context()
	require.NoError(t, s.worker.look())

	w := httptest.NewRecorder()
	taking(s.api().release)(w, httptest.NewRequest(http.MethodPost, "/release", strings.NewReader(`{"plan": "`+desk.view.Plan+`", "accounts": 2}`)))
	require.Equal(t, http.StatusNoContent, w.Code, w.Body)

	q := asks(plan.Name, "", "Nora Name")
	for _, r := range []plan.Result{{ID: "again", Outcome: plan.NotDone}, {ID: "again", Outcome: plan.Done}, {ID: "lost", Outcome: plan.NotDone}} {
		s.agenda.items = append(s.agenda.items, newItem(q, plan.Answer{ID: r.ID, Accept: true, TakeOver: true}, r, time.Time{}))
	}
	sum := s.agenda.summary("ended", desk.Report())
	assert.Equal(t, Summary{Ended: "ended", Done: 2, What: []string{"1 taken over", "2 disabled"}, Failed: 1, Lapsed: 1, Open: len(sample().Questions)}, sum)
	out, err := s.agenda.state(nil)
	require.NoError(t, err)
	assert.Equal(t, []outcome{{"Lara Lapse", "join p-Admins, rejected by op on 2026-11-01: the user file does not grant the group"}}, out.Lapsed)

	s.agenda.noteReleased("release", "", counts{}, counts{Failed: 3}, nil)
	s.agenda.noteReleased("release", "", counts{}, counts{}, http.ErrServerClosed)
	assert.Equal(t, 1+3+1, s.agenda.summary("ended", desk.Report()).Failed)
}

// Time that was given does not hide that the limits could not be overridden, and what
// failed of it is counted once.
func TestSummaryTellsGivenTimeFromOverriddenLimits(t *testing.T) {
	failed := errors.New("the plan has changed")
	g := newAgenda(Options{}, &vault{})
	sum := func() int { return g.summary("ended", schema.Report{}).Failed }
	g.noteReleased("release", "", counts{}, counts{}, failed)
	g.noteProlonged("", counts{}, counts{}, nil)
	assert.Equal(t, 1, sum())
	g.noteProlonged("", counts{}, counts{Failed: 2}, errors.New("2 accounts could not be given more time"))
	assert.Equal(t, 1+2, sum())
	g.noteProlonged("", counts{}, counts{}, failed)
	assert.Equal(t, 1+2+1, sum())
	g.noteReleased("release", "", counts{}, counts{}, nil)
	g.noteProlonged("", counts{}, counts{}, nil)
	assert.Equal(t, 2, sum())
}
