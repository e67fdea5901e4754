package importer

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
)

// acceptedAhead is an accepted entry of the resolutions file, by its timestamp.
func (s *scene) acceptedAhead(ahead time.Duration) {
	s.resolutions(`{"type": "join", "user": "Jane Doe", "group": "p-Admins", "accept": true, "timestamp": "` + s.now.Add(ahead).Format("2006-01-02T15:04:05") + `"}`)
}

// An entry of a clock that is ahead does not outlive what a person says later.
func TestRejectionReplacesEntriesThatClaimToBeNewer(t *testing.T) {
	for _, fromFile := range []string{"true", "false"} {
		s := newScene(t)
		s.with(`"restricted_groups": ["p-Admins"], "accept_from_file": ` + fromFile)
		jane := s.person("Jane Doe", in("CN=t-Admins"))
		s.staffed(s.person("Jane Doe"))
		s.acceptedAhead(10 * time.Hour)
		s.later(10 * time.Minute)
		d := s.desk(s.file(jane))
		s.decide(d, plan.Answer{ID: s.question(d, plan.Join, "Jane Doe").ID, Reason: "certainly not"})
		for range 2 {
			r := s.run(s.file(jane))
			assert.Empty(t, r.Plan.Questions)
			assert.Len(t, r.Plan.Refusals, 1)
			s.later(11 * time.Hour)
		}
		assert.Len(t, s.keptAnswers(), 1)
		s.cfg.RestrictedGroups = nil
		s.run(s.file(jane))
		assert.Empty(t, s.members("p-Admins"))
	}
}

func TestAskingAgainBringsNoOlderConsentBack(t *testing.T) {
	s := newScene(t)
	jane := s.person("Jane Doe", in("CN=t-Admins"))
	s.staffed(s.person("Jane Doe"))
	s.later(time.Hour)
	s.acceptedAhead(0)
	list := s.keptAnswers()
	s.later(time.Hour)
	d := s.desk(s.file(jane))
	s.decide(d, plan.Answer{ID: s.question(d, plan.Join, "Jane Doe").ID, Reason: "no"})
	require.NoError(t, SaveResolutions(s.cfg.ResolutionsFile, append(s.keptAnswers(), list...)))
	s.with(`"restricted_groups": ["p-Admins"], "accept_from_file": true`)
	r := s.run(s.file(jane))
	require.Len(t, r.Plan.Refusals, 1)
	d = s.desk(s.file(jane))
	require.NoError(t, d.AskAgain(t.Context(), r.Plan.Refusals[0].Question.ID))
	r = s.run(s.file(jane))
	assert.Equal(t, []string{"join Jane Doe (group_map)"}, questions(r.Plan.Questions))
	assert.Empty(t, s.members("p-Admins"))
	assert.Empty(t, s.keptAnswers())
}
