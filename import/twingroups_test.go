package importer

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// twins are two mapped groups of one common name.
func (s *scene) twins() {
	for _, ou := range []string{"A", "B"} {
		dn := s.ou.Child("OU", "Groups").Child("OU", ou)
		s.add(dn, "organizationalUnit", nil)
		s.add(dn.Child("CN", "p-Twin"), "group", map[string]string{"sAMAccountName": "p-Twin-" + ou})
	}
	s.cfg.GroupMap = map[string]schema.OneOrMore{"t-A": {"CN=p-Twin,OU=A"}, "t-B": {"CN=p-Twin,OU=B"}}
	s.cfg.RestrictedGroups = []string{"CN=p-Twin,OU=A", "CN=p-Twin,OU=B"}
}

func TestGroupsOfOneCommonNameAreAnsweredByTheirSIDs(t *testing.T) {
	t.Run("asked again", func(t *testing.T) {
		s := newScene(t)
		s.twins()
		s.staffed(s.person("Jane Doe"))
		file := s.file(s.person("Jane Doe", in("CN=t-A", "CN=t-B")))
		d := s.desk(file)
		for _, q := range s.look(d).Questions {
			s.decide(d, plan.Answer{ID: q.ID, Reason: "no"})
		}
		refusals := s.run(file).Plan.Refusals
		require.Len(t, refusals, 2)
		require.NoError(t, d.AskAgain(t.Context(), refusals[0].Question.ID))
		r := s.run(file)
		require.Len(t, r.Plan.Refusals, 1)
		assert.Equal(t, refusals[1].Question.ID, r.Plan.Refusals[0].Question.ID)
	})
	t.Run("entry without SID", func(t *testing.T) {
		s := newScene(t)
		s.twins()
		s.cfg.AcceptFromFile = true
		s.staffed(s.person("Jane Doe"))
		s.acceptedAhead(0)
		list := s.keptAnswers()
		list[0].Group = "p-Twin"
		require.NoError(t, SaveResolutions(s.cfg.ResolutionsFile, list))
		r := s.run(s.file(s.person("Jane Doe", in("CN=t-A", "CN=t-B"))))
		assert.Len(t, r.Plan.Questions, 2)
		assert.Empty(t, r.Report.Joined)
		assert.Contains(t, strings.Join(r.Report.Notices, "\n"), "several mapped groups have this common name")
	})
}
