package importer

import (
	"maps"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
)

// What came meanwhile no one has ticked.
func TestTakeOverOfAnAccountThatChangedMeanwhile(t *testing.T) {
	for what, change := range map[string]func(s *scene, dn ad.DN){
		"a group": func(s *scene, dn ad.DN) { s.join("p-Admins", dn) },
		"state":   func(s *scene, dn ad.DN) { s.set(dn, "userAccountControl", "514") },
		"end":     func(s *scene, dn ad.DN) { s.set(dn, "accountExpires", "0") },
	} {
		t.Run(what, func(t *testing.T) {
			s := newScene(t)
			p := s.person("Jane Doe", in("CN=t-Viewers"))
			holder := s.stray(p)
			d := s.desk(s.file(p))
			q, all := s.question(d, plan.Name, "Jane Doe"), ticks(7)
			change(s, holder)
			r := s.decide(d, plan.Answer{ID: q.ID, Accept: true, TakeOver: true, Keeps: &all})
			assert.Equal(t, plan.Changed, r[0].Outcome)
			assert.NotNil(t, s.get(holder, "cn"), "left where it was")
			assert.Empty(t, s.keptAnswers())
			assert.NotEqual(t, q.ID, s.question(d, plan.Name, "Jane Doe").ID)
		})
	}
}

// An end that was kept stays so when the account gets its anchor later.
func TestKeptEndAfterTheFirstFileWithAnchors(t *testing.T) {
	s := newScene(t)
	p, later := s.person("Jane Doe", in("CN=t-Viewers")), s.person("Jane Doe", in("CN=t-Viewers"))
	s.stray(p)
	s.takeOver(s.desk(s.unanchored(p)), plan.Name, "Jane Doe", ticks(7))
	end := s.expires("Jane Doe")
	for i := range 6 {
		s.later(24 * time.Hour)
		file := s.unanchored(p)
		if i >= 3 {
			file = s.file(later)
		}
		s.run(file)
		assert.Equal(t, end, s.expires("Jane Doe"))
		assert.Equal(t, []string{"Jane Doe"}, s.members("p-Editors"))
	}
	assert.NotEmpty(t, s.get(s.account("Jane Doe"), "adminDescription").Text("adminDescription"))
}

// A membership that was kept is not kept for someone who has left, though
// leaves are to be approved.
func TestKeptMembershipsDoNotOutlastThePerson(t *testing.T) {
	s := newScene(t)
	s.with(`"approve": {"leave": true}`)
	p, other := s.person("Jane Doe"), s.person("Max Muster")
	s.stray(p)
	s.leave("p-Viewers", s.ou.Child("CN", "Jane Doe the elder"))
	s.takeOver(s.desk(s.file(p, other)), plan.Name, "Jane Doe", ticks(7))
	there := s.run(s.file(p, other)).Plan
	assert.Equal(t, []string{"enable Max Muster (new)"}, questions(there.Questions))
	require.Len(t, there.Refusals, 1)
	left := s.run(s.file(other)).Plan
	assert.Contains(t, questions(left.Questions), "leave Jane Doe (missing in file)")
	assert.Empty(t, left.Refusals)
}

// Where nothing expires no one is asked about an end, so it is not kept either.
func TestEndThatNobodyTicked(t *testing.T) {
	s := newScene(t)
	s.with(`"expiration_time": null`)
	p := s.person("Jane Doe")
	s.set(s.stray(p), "accountExpires", "0")
	s.takeOver(s.desk(s.file(p)), plan.Name, "Jane Doe", ticks(7))
	assert.Equal(t, "0", s.expires("Jane Doe"))
	s.with("")
	s.run(s.file(p))
	assert.NotEqual(t, "0", s.expires("Jane Doe"))
}

// Nor is it lost where its group is taken out of group_map for a while.
func TestKeptMembershipsOfAGroupThatIsNotMappedForAWhile(t *testing.T) {
	s := newScene(t)
	p := s.person("Jane Doe", in("CN=t-Viewers"))
	s.stray(p)
	s.takeOver(s.desk(s.file(p)), plan.Name, "Jane Doe", ticks(7))
	s.run(s.file(p))
	whole := s.cfg.GroupMap
	s.with("")
	s.cfg.GroupMap = maps.Clone(whole)
	delete(s.cfg.GroupMap, "t-Editors")
	s.run(s.file(p))
	s.cfg.GroupMap = whole
	s.run(s.file(p))
	assert.Equal(t, []string{"Jane Doe"}, s.members("p-Editors"))
}
