package importer

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// Both map the same groups. Who leaves one source loses what its import gave, and no one
// loses what the other one's gave, whichever of the two put them there.
func TestTwoSourcesShareGroups(t *testing.T) { stages(t, sharedGroups) }

func sharedGroups(t *testing.T, s *scene) {
	s.with(`"approve": {"leave": true}`)
	b := s.second("Managed", "works.json")
	jane := s.person("Jane Doe", employed("Jane", "Doe", "4711"), in("CN=t-Viewers"))
	ann, rest := s.person("Anna A", in("CN=t-Viewers", "CN=t-Editors")), s.person("Cora C", in("CN=t-Viewers"))
	s.staffed(jane, ann, rest)
	wim, ria := b.person("Wim W", in("CN=t-Viewers")), b.person("Ria R", in("CN=t-Editors"))
	b.run(b.from(worksSource, wim, ria))
	s.user(s.account("Local Backup"), s.name("backup"), nil)
	s.join("p-Viewers", s.account("Local Backup"))
	viewers := func(more ...string) []string {
		return slices.Sorted(slices.Values(append(more, "Cora C", "Local Backup", "Wim W")))
	}
	assert.Equal(t, viewers("Anna A", "Jane Doe"), s.members("p-Viewers"))
	assert.Equal(t, []string{"Anna A", "Ria R"}, s.members("p-Editors"))

	// two leave: one is taken out, as a person agrees, and of the other it is asked still
	ours := s.file(rest)
	r := s.run(ours)
	assert.ElementsMatch(t, []string{"Jane Doe", "Anna A"}, r.Report.Disabled)
	d := s.desk(ours)
	for _, q := range s.look(d).Questions {
		if q.Kind == plan.Leave && q.Person.CN == "Anna A" {
			assert.Equal(t, plan.Done, s.decide(d, plan.Answer{ID: q.ID, Accept: true})[0].Outcome)
		}
	}
	assert.Equal(t, viewers("Jane Doe"), s.members("p-Viewers"))
	assert.Equal(t, []string{"Ria R"}, s.members("p-Editors"), "whom the other one put there stays")

	// the other source has her, and gives her one group that she is in, and another one
	over := s.again(jane, "Doe, Jane", "doej")
	over.ObjectGUID, over.MemberOf = s.anchor("Jane of works"), []string{"CN=t-Viewers", "CN=t-Editors"}
	theirs := b.from(worksSource, wim, ria, over)
	b.run(theirs)
	d = b.desk(theirs)
	res := b.decide(d, plan.Answer{ID: b.question(d, plan.Adopt, "Doe, Jane").ID, Accept: true})
	require.Equal(t, plan.Done, res[0].Outcome, res[0].Problem)
	b.run(theirs)
	assert.Equal(t, viewers("Doe, Jane"), s.members("p-Viewers"))
	assert.Equal(t, []string{"Doe, Jane", "Ria R"}, s.members("p-Editors"))

	// of what she has from both, the first one asks only about what it gave itself
	r = s.run(ours)
	assert.Equal(t, []string{"leave Doe, Jane p-Viewers"}, leaves(r.Plan.Questions))
	assert.Empty(t, r.Plan.Actions)
	assert.Empty(t, r.Plan.Forget, "as long as that is open")
	d = s.desk(ours)
	res = s.decide(d, plan.Answer{ID: s.question(d, plan.Leave, "Doe, Jane").ID, Accept: true})
	require.Equal(t, plan.Done, res[0].Outcome, res[0].Problem)
	assert.Equal(t, viewers(), s.members("p-Viewers"))
	assert.Equal(t, []string{"Doe, Jane", "Ria R"}, s.members("p-Editors"))

	// the other one puts her back, and the first one lets go of her for good
	r = b.run(theirs)
	require.Len(t, r.Report.Joined, 1)
	said := strings.Join(append(d.Report().Notices, s.run(ours).Report.Notices...), "\n")
	assert.Contains(t, said, "another import took the accounts over")
	for _, users := range [][]schema.User{{rest}, {rest, s.person("Nina N", in("CN=t-Editors"))}} {
		r = s.run(s.file(users...))
		assert.Empty(t, leaves(r.Plan.Questions))
		assert.Empty(t, r.Report.Left)
	}
	assert.Equal(t, viewers("Doe, Jane"), s.members("p-Viewers"))
	assert.Equal(t, []string{"Doe, Jane", "Nina N", "Ria R"}, s.members("p-Editors"))

	// and who leaves both is in none
	b.run(b.from(worksSource, wim, ria))
	d = b.desk(b.from(worksSource, wim, ria))
	for _, q := range s.look(d).Questions {
		if q.Kind == plan.Leave {
			b.decide(d, plan.Answer{ID: q.ID, Accept: true})
		}
	}
	assert.Equal(t, viewers(), s.members("p-Viewers"))
	assert.Equal(t, []string{"Nina N", "Ria R"}, s.members("p-Editors"))
	assert.True(t, s.control("Doe, Jane").Disabled())
}

func leaves(questions []plan.Question) (list []string) {
	for _, q := range questions {
		if q.Kind == plan.Leave {
			list = append(list, "leave "+q.Person.CN+" "+q.Group.CN)
		}
	}
	return list
}
