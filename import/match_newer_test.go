package importer

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// The page shows what the file of then fills in, and grants; a scheduled import accepts a
// newer one. Consent to the former is none to the latter, neither on the page nor by a table.
func TestANewerFileIsNotWhatWasAgreedTo(t *testing.T) {
	stages(t, func(t *testing.T, s *scene) {
		m := s.matching(`"employeeID"`)
		for n := range 3 {
			m.who(n + 1)
			m.here(s.staff(), n+1, nil)
		}
		first := s.file(m.users...)
		d := s.desk(first)
		var answers []plan.Answer
		for cn, q := range m.questions(t, d) {
			require.False(t, q.Single, cn)
			answers = append(answers, plan.Answer{ID: q.ID, Accept: true})
		}
		require.Len(t, answers, 3)

		s.stamp = s.stamp.Add(time.Minute)
		for i := range m.users {
			m.users[i].Attributes.Set("department", schema.Value{List: []string{"Board of Directors"}})
			m.users[i].MemberOf = []string{"t-Editors"}
		}
		second := s.file(m.users...)
		d.im.Reopen = func() (*Input, error) { return second, nil }
		s.run(second)
		before := s.state()
		for _, r := range s.decide(d, answers...) {
			assert.Equal(t, plan.Changed, r.Outcome)
			assert.Equal(t, "this changed since it was shown: Department, Group; look at what is asked now", r.Problem)
		}
		assert.Equal(t, before, s.state())
		answers = nil
		for _, q := range m.questions(t, d) {
			assert.Equal(t, []string{"department: Ops, then Board of Directors"}, q.Shown(plan.FieldOverwritten))
			answers = append(answers, plan.Answer{ID: q.ID, Accept: true})
		}
		s.run(second)
		for _, r := range s.decide(d, answers...) {
			assert.Equal(t, plan.Done, r.Outcome, "the same file asks the same: %s", r.Problem)
		}
	})
}

// A "no" is about what was shown: where that changed meanwhile it is not kept, the person is
// told what changed, and asked anew.
func TestARejectionOfWhatChangedIsToldAndAskedAgain(t *testing.T) {
	s := newScene(t)
	m := s.matching(`"employeeID"`)
	cn := m.who(1)
	dn := m.here(s.staff(), 1, nil)
	file := s.file(m.users...)
	s.run(file)
	d := s.desk(file)
	shown := m.questions(t, d)[cn]
	s.set(dn, "department", "Plant")
	res := s.decide(d, plan.Answer{ID: shown.ID, Reason: "another person"})
	assert.Equal(t, plan.Changed, res[0].Outcome)
	assert.Contains(t, res[0].Problem, "this changed since it was shown: ")
	assert.Contains(t, strings.Join(d.Report().Notices, "\n"), "rejecting adopt of "+cn+" was not carried out: this changed since it was shown: ")
	assert.Empty(t, d.Report().Rejected)
	fresh := m.questions(t, d)[cn]
	assert.NotEqual(t, shown.ID, fresh.ID)
	assert.Empty(t, s.run(file).Report.Created, "nothing is made for who is asked about anew")
	assert.Equal(t, plan.Kept, s.decide(d, plan.Answer{ID: fresh.ID, Reason: "another person"})[0].Outcome)
}
