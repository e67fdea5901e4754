package importer

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
)

// Who agreed to a group did not agree to what it leads into since.
func TestConsentIsAskedAgainWhereTheGroupBecameMorePrivileged(t *testing.T) {
	t.Run("members whom an older ledger does not explain", func(t *testing.T) {
		s := newScene(t)
		file := s.staffed(s.person("Jane Doe", in("CN=t-Viewers")), s.person("Max Muster"))
		s.olderLedger("consents", "joined")
		assert.Empty(t, s.run(file).Plan.Questions)
		s.nest("p-Viewers", s.domainAdmins())
		for range 2 {
			assert.Len(t, s.run(file).Plan.Questions, 1)
		}
		d := s.desk(file)
		require.Equal(t, plan.Done, s.decide(d, plan.Answer{ID: s.question(d, plan.Join, "Jane Doe").ID, Accept: true})[0].Outcome)
		assert.Empty(t, s.run(file).Plan.Questions)
	})
	t.Run("but not where it was privileged before", func(t *testing.T) {
		s := newScene(t)
		file := s.staffed(s.person("Jane Doe", in("CN=t-Viewers")), s.person("Max Muster"))
		s.olderLedger("consents", "joined")
		s.nest("p-Viewers", s.domainAdmins())
		for range 2 {
			assert.Empty(t, s.run(file).Plan.Questions)
		}
	})
	t.Run("group that leads further", func(t *testing.T) {
		s := newScene(t)
		mid := s.group("p-Mid")
		s.add(mid, "group", map[string]string{"sAMAccountName": "p-Mid", "adminCount": "1"})
		s.nest("p-Viewers", mid)
		s.staffed(s.person("Jane Doe"), s.person("Max Muster"))
		file := s.file(s.person("Jane Doe", in("CN=t-Viewers")), s.person("Max Muster"))
		d := s.desk(file)
		require.Equal(t, plan.Done, s.decide(d, plan.Answer{ID: s.question(d, plan.Join, "Jane Doe").ID, Accept: true})[0].Outcome)
		assert.Empty(t, s.run(file).Plan.Questions)
		s.nest("p-Viewers", s.domainAdmins())
		r := s.run(file)
		require.Len(t, r.Plan.Questions, 1)
		assert.Equal(t, plan.Join, r.Plan.Questions[0].Kind)
		assert.True(t, r.Plan.Questions[0].Single)
	})
}
