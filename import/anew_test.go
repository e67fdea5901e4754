package importer

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
)

// Someone is deleted and made again in the source: the account goes as any
// leaver's, and becomes theirs again only if a person says so.
func TestMadeAnewInTheSource(t *testing.T) { stages(t, madeAnew) }

func madeAnew(t *testing.T, s *scene) {
	max := s.person("Max Muster")
	old := s.person("Jane Doe", in("CN=t-Viewers", "CN=t-Admins"))
	file := s.staffed(old, max)
	d := s.desk(file)
	q := s.question(d, plan.Join, "Jane Doe")
	assert.Equal(t, plan.Kept, s.decide(d, plan.Answer{ID: q.ID, Reason: "not she"})[0].Outcome)
	account := s.get(s.account("Jane Doe"), "objectGUID").GUID()

	jane := old
	jane.ObjectGUID = s.anchor("Jane Doe again")
	file = s.file(jane, max)
	r := s.run(file)
	assert.Equal(t, []string{"Jane Doe"}, r.Report.Disabled)
	assert.Equal(t, []string{"Jane Doe"}, s.members("p-Viewers"), "until it is answered")
	assert.Empty(t, r.Report.Created)
	assert.Equal(t, []string{"adopt Jane Doe (made anew in the source)"}, questions(r.Plan.Questions))

	d = s.desk(file)
	q = s.question(d, plan.Adopt, "Jane Doe")
	require.Empty(t, q.Barred)
	res := s.decide(d, plan.Answer{ID: q.ID, Accept: true, Keeps: &plan.Keeps{Password: true, Expiry: true, Memberships: true}})
	require.Equal(t, plan.Done, res[0].Outcome, res[0].Problem)
	e := s.get(s.account("Jane Doe"), "objectGUID", "adminDescription")
	assert.Equal(t, account, e.GUID())
	assert.Equal(t, "ad-user-sync:"+jane.ObjectGUID+"@corp.example", e.Text("adminDescription"))
	assert.True(t, s.control("Jane Doe").Disabled(), "its old password opens nothing")
	s.run(file)
	assert.Equal(t, []string{"Jane Doe"}, s.members("p-Viewers"))
	r = s.run(file)
	assert.Equal(t, []string{"enable Jane Doe (taken over)"}, questions(r.Plan.Questions), "the join that was rejected stays so")
	assert.False(t, r.Plan.Questions[0].MayKeep)
	require.Len(t, r.Plan.Refusals, 1)
	assert.Empty(t, r.Plan.Actions)
}

// Where it is a namesake, both go their own way.
func TestMadeAnewIsRejected(t *testing.T) {
	s := newScene(t)
	max := s.person("Max Muster")
	s.staffed(s.person("Jane Doe"), max)
	jane := s.person("Jane Doe")
	jane.ObjectGUID = s.anchor("another Jane")
	file := s.file(jane, max)
	s.run(file)
	d := s.desk(file)
	q := s.question(d, plan.Adopt, "Jane Doe")
	assert.Equal(t, plan.Kept, s.decide(d, plan.Answer{ID: q.ID, Reason: "another one"})[0].Outcome)
	r := s.run(file)
	assert.Len(t, questions(r.Plan.Questions), 1)
	assert.Equal(t, plan.Name, r.Plan.Questions[0].Kind)

	kept, err := LoadResolutions(s.cfg.ResolutionsFile)
	require.NoError(t, err)
	require.Len(t, kept, 1)
	assert.Equal(t, s.person("Jane Doe").ObjectGUID, kept[0].FormerAnchor)
	assert.Equal(t, s.get(s.account("Jane Doe"), "objectGUID").GUID().String(), kept[0].Account)
	gone := jane
	gone.Disabled = true
	s.run(s.file(gone, max))
	r = s.run(s.file(jane, max))
	assert.Equal(t, plan.Name, r.Plan.Questions[0].Kind, "a rejection outlasts that she was disabled")
	assert.Len(t, r.Plan.Questions, 1)
}
