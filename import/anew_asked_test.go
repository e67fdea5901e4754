package importer

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// What was asked about someone, or rejected, holds when they are made anew.
func TestMadeAnewWhatWasAskedAndRejectedHolds(t *testing.T) {
	for _, rejected := range []bool{false, true} {
		s := newScene(t)
		jane := s.person("Jane Doe", in("CN=t-Viewers"))
		rest := []schema.User{s.person("Max Muster"), s.person("Anna A"), s.person("Bert B")}
		s.staffed(append(rest, s.person("Jane Doe"))...)
		s.nest("p-Viewers", s.domainAdmins())
		d := s.desk(s.file(append(rest, jane)...))
		q := s.question(d, plan.Join, "Jane Doe")
		if rejected {
			s.decide(d, plan.Answer{ID: q.ID, Reason: "no"})
		}
		s.run(s.file(append(rest, jane)...))
		s.unnest("p-Viewers", s.domainAdmins())
		jane.ObjectGUID = s.anchor("Jane Doe the second")
		file := s.file(append(rest, jane)...)
		for range 2 {
			s.run(file)
		}
		d = s.desk(file)
		res := s.decide(d, plan.Answer{ID: s.question(d, plan.Adopt, "Jane Doe").ID, Accept: true})
		require.Equal(t, plan.Done, res[0].Outcome, res[0].Problem)
		r := s.run(file)
		assert.Empty(t, s.members("p-Viewers"), "rejected: %v", rejected)
		if !rejected {
			assert.Contains(t, questions(r.Plan.Questions), "join Jane Doe (group_map)")
		}
	}
}

// What a page asked about someone is not asked about who got their account since.
func TestMadeAnewAnOlderPageDoesNotAnswer(t *testing.T) {
	s := newScene(t)
	jane := s.person("Jane Doe", in("CN=t-Viewers"))
	rest := []schema.User{s.person("Max Muster"), s.person("Anna A"), s.person("Bert B")}
	s.staffed(append(rest, s.person("Jane Doe"))...)
	s.nest("p-Viewers", s.domainAdmins())
	var file *Input
	older := s.desk(s.file(append(rest, jane)...), func(o *Options) { o.Reopen = func() (*Input, error) { return file, nil } })
	q := s.question(older, plan.Join, "Jane Doe")

	jane.ObjectGUID = s.anchor("Jane Doe the second")
	file = s.file(append(rest, jane)...)
	d := s.desk(file)
	res := s.decide(d, plan.Answer{ID: s.question(d, plan.Adopt, "Jane Doe").ID, Accept: true})
	require.Equal(t, plan.Done, res[0].Outcome, res[0].Problem)

	res, err := older.Decide(t.Context(), []plan.Answer{{ID: q.ID, Accept: true}}, func(plan.Result) {})
	require.NoError(t, err)
	assert.NotEqual(t, plan.Done, res[0].Outcome)
	assert.NotContains(t, s.members("p-Viewers"), "Jane Doe")
	assert.Contains(t, questions(s.run(file).Plan.Questions), "join Jane Doe (group_map)")
}
