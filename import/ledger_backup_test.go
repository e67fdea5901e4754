package importer

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/ledger"
	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// The ledger is put back from a backup of before accounts were made. Whose person left since
// is named, here and outside, and who may have been made anew gets no second account.
func TestAnOlderLedgerDoublesNoOneAndForgetsNoOne(t *testing.T) { stages(t, olderLedger) }

func olderLedger(t *testing.T, s *scene) {
	s.source = &schema.Source{Domain: "older" + s.suffix + ".example", Scope: "5c09e"} // other accounts of the domain are not of it
	max := s.person("Max Muster")
	s.staffed(max)
	path := ledger.Path(s.cfg.ResolutionsFile)
	backup, err := os.ReadFile(path)
	require.NoError(t, err)
	jane, carl, ida, left := s.person("Jane Doe"), s.person("Carl Gone"), s.person("Ida Out"), s.person("Lea Out")
	s.staffed(max, jane, carl, ida, left)
	for _, name := range []string{"Ida Out", "Lea Out"} {
		require.NoError(t, s.admin.Rename(t.Context(), s.account(name), s.ou.Child("CN", name)))
	}
	require.NoError(t, os.WriteFile(path, backup, 0o600))

	anew := s.person("Carla New") // Carl, made anew
	file := s.file(max, jane, ida, anew)
	var failed []string
	for range 2 {
		r, err := s.start(file).Run(t.Context())
		require.NoError(t, err)
		assert.Empty(t, r.Report.Created)
		assert.Equal(t, []string{"adopt Ida Out (moved out of the managed container)", "adopt Jane Doe (unconfirmed anchor)"}, questions(r.Plan.Questions))
		failed = nil
		for _, f := range r.Report.Failed {
			failed = append(failed, f.User+" "+f.Code)
		}
		assert.ElementsMatch(t, []string{"Carl Gone " + string(plan.Unconfirmed), "Lea Out " + string(plan.MovedOut)}, failed)
	}
	d := s.desk(file)
	assert.Equal(t, plan.Done, s.decide(d, plan.Answer{ID: s.question(d, plan.Adopt, "Jane Doe").ID, Accept: true, Keeps: &plan.Keeps{Password: true}})[0].Outcome)
	s.set(s.account("Carl Gone"), "userAccountControl", "514")
	r, err := s.start(file).Run(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []string{"Carla New"}, r.Report.Created, "the one of before works no more")
	require.Len(t, r.Report.Failed, 1, "also once nothing else shows that the ledger is older")
	assert.Equal(t, "Lea Out", r.Report.Failed[0].User)
}
