package importer

import (
	"fmt"
	"slices"

	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/import/words"
	"ad-user-sync/schema"
)

// desk is a person who decides, after an import.
func (s *scene) desk(in *Input, change ...func(*Options)) *Desk {
	im := s.start(in, change...)
	_, err := im.Run(s.t.Context())
	require.NoError(s.t, err)
	return im.NewDesk(s.desks, "op as PLANT\\op")
}

func (s *scene) look(d *Desk) plan.View {
	s.t.Helper()
	view, err := d.Look(s.t.Context())
	require.NoError(s.t, err)
	return view
}

// question finds the one of this kind about someone.
func (s *scene) question(d *Desk, kind plan.Kind, cn string) plan.Question {
	s.t.Helper()
	for _, q := range s.look(d).Questions {
		if q.Kind == kind && q.Person.CN == cn {
			return q
		}
	}
	require.Failf(s.t, "not asked", "%s of %s; asked is %v", kind, cn, questions(s.look(d).Questions))
	return plan.Question{}
}

func questions(list []plan.Question) []string {
	texts := []string{}
	for _, q := range list {
		texts = append(texts, fmt.Sprintf("%s %s (%s)", q.Kind, q.Person.CN, words.OfReason(q.Reason)))
	}
	slices.Sort(texts)
	return texts
}

// decide answers, and gives the results.
func (s *scene) decide(d *Desk, answers ...plan.Answer) []plan.Result {
	s.t.Helper()
	told := 0
	results, err := d.Decide(s.t.Context(), answers, func(plan.Result) { told++ })
	require.NoError(s.t, err)
	require.Len(s.t, results, len(answers))
	require.Equal(s.t, len(answers), told)
	return results
}

const testPassword = schema.Secret("Correct-Horse-7!")

// enable accepts the enabling of someone.
func (s *scene) enable(d *Desk, cn string) {
	s.t.Helper()
	q := s.question(d, plan.Enable, cn)
	r := s.decide(d, plan.Answer{ID: q.ID, Accept: true, Password: testPassword})
	require.Equal(s.t, plan.Done, r[0].Outcome, r[0].Problem)
}

// staffed is a scene in which these people were imported and enabled.
func (s *scene) staffed(users ...schema.User) *Input {
	s.t.Helper()
	file := s.file(users...)
	d := s.desk(file)
	var answers []plan.Answer
	for _, q := range s.look(d).Questions {
		if q.Kind == plan.Enable {
			answers = append(answers, plan.Answer{ID: q.ID, Accept: true, Password: testPassword})
		}
	}
	for _, r := range s.decide(d, answers...) {
		require.Equal(s.t, plan.Done, r.Outcome, r.Problem)
	}
	return file
}
