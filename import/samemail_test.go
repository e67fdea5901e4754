package importer

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
)

// An account that was made by hand may be that of someone new whose mail address
// it has: another one is made only after a person has said so.
func TestSameMailIsAskedBeforeAnAccountIsMade(t *testing.T) {
	s := newScene(t)
	byHand := s.ou.Child("CN", "Jane Doe")
	s.user(byHand, "jd", map[string]string{"mail": "jane.doe@corp.example"})
	s.user(s.ou.Child("CN", "Service"), "service", map[string]string{"mail": "service@corp.example"})
	max := s.person("Max Muster", has("mail", "service@corp.example"))
	file := s.file(s.person("Jane Doe", has("mail", "Jane.Doe@corp.example")), max)
	r := s.run(file)
	assert.Equal(t, []string{"Max Muster"}, r.Report.Created)
	assert.Equal(t, []string{"adopt Jane Doe (same mail)", "enable Max Muster (new)"}, questions(r.Plan.Questions))
	require.Len(t, r.Report.LeftOut, 1, "an equal address and nothing else")
	assert.Equal(t, "Max Muster", r.Report.LeftOut[0].User)

	t.Run("agreed", func(t *testing.T) {
		d := s.desk(file)
		guid := s.get(byHand, "objectGUID").GUID()
		res := s.decide(d, plan.Answer{ID: s.question(d, plan.Adopt, "Jane Doe").ID, Accept: true})
		require.Equal(t, plan.Done, res[0].Outcome, res[0].Problem)
		assert.Equal(t, guid, s.get(s.account("Jane Doe"), "objectGUID").GUID())
		s.run(file)
		r := s.run(file)
		assert.Empty(t, r.Plan.Actions)
		assert.Len(t, r.Report.LeftOut, 1)
	})
}

func TestSameMailIsRejected(t *testing.T) {
	s := newScene(t)
	s.user(s.ou.Child("CN", "Jane Doe"), "jd", map[string]string{"mail": "jane.doe@corp.example"})
	file := s.file(s.person("Jane Doe", has("mail", "jane.doe@corp.example")))
	d := s.desk(file)
	res := s.decide(d, plan.Answer{ID: s.question(d, plan.Adopt, "Jane Doe").ID, Reason: "a namesake"})
	require.Equal(t, plan.Kept, res[0].Outcome)
	r := s.run(file)
	assert.Equal(t, []string{"Jane Doe"}, r.Report.Created)
	assert.Empty(t, s.get(s.account("Jane Doe"), "mail").Text("mail"))
	require.Len(t, r.Report.LeftOut, 1)
	assert.Contains(t, r.Report.LeftOut[0].Reason, "the address is that of CN=Jane Doe,")
	r = s.run(file)
	assert.Equal(t, []string{"enable Jane Doe (new)"}, questions(r.Plan.Questions))
}
