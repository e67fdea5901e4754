package importer

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/ledger"
	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/schema"
)

// olderLedger takes out of the ledger what earlier versions did not write.
func (s *scene) olderLedger(keys ...string) {
	s.t.Helper()
	path := ledger.Path(s.cfg.ResolutionsFile)
	data, err := os.ReadFile(path)
	require.NoError(s.t, err)
	var kept struct {
		Version    int                       `json:"version"`
		Containers map[string]map[string]any `json:"containers"`
	}
	require.NoError(s.t, json.Unmarshal(data, &kept))
	for _, record := range kept.Containers {
		for _, key := range keys {
			delete(record, key)
			for _, account := range record["accounts"].(map[string]any) {
				delete(account.(map[string]any), key)
			}
		}
	}
	data, err = json.Marshal(kept)
	require.NoError(s.t, err)
	require.NoError(s.t, os.WriteFile(path, data, 0o600))
}

// No one stays unsaid in a group that became guarded after this program put them
// into it unasked.
func TestGroupThatBecameGuardedNamesWhoIsInIt(t *testing.T) {
	s := newScene(t)
	s.staffed(s.person("Jane Doe", in("CN=t-Viewers")), s.person("Max Muster", in("CN=t-Viewers")), s.person("Zoe Zucker"))
	s.join("p-Viewers", s.account("Zoe Zucker")) // by hand, and the file gives it later
	file := s.file(s.person("Jane Doe", in("CN=t-Viewers")), s.person("Max Muster", in("CN=t-Viewers")), s.person("Zoe Zucker", in("CN=t-Viewers")))
	assert.Empty(t, s.run(file).Plan.Questions)
	s.nest("p-Viewers", s.domainAdmins())
	r := s.run(file)
	assert.Equal(t, []schema.Interaction{
		{Type: "join", User: "Jane Doe", Group: "p-Viewers", From: []string{"CN=t-Viewers"}, Reason: "in a group that became guarded: nested in Administrators, a built-in group"},
		{Type: "join", User: "Max Muster", Group: "p-Viewers", From: []string{"CN=t-Viewers"}, Reason: "in a group that became guarded: nested in Administrators, a built-in group"}},
		said(r.Report.RequiredInteractions))
	assert.Empty(t, r.Report.Failed)
	assert.Equal(t, []string{"Jane Doe", "Max Muster", "Zoe Zucker"}, s.members("p-Viewers"), "nothing until somebody has decided")

	d := s.desk(file)
	jane, max := s.question(d, plan.Join, "Jane Doe"), s.question(d, plan.Join, "Max Muster")
	assert.True(t, jane.Single)
	writes := s.written()
	require.Equal(t, plan.Done, s.decide(d, plan.Answer{ID: jane.ID, Accept: true})[0].Outcome)
	assert.Equal(t, writes, s.written(), "it is recorded, and nothing is written")
	assert.Empty(t, d.Report().Joined)
	assert.Equal(t, []schema.Accepted{{Type: "join", User: "Jane Doe", Group: "p-Viewers", By: "op as PLANT\\op"}}, said(d.Report().Accepted))
	require.Equal(t, plan.Kept, s.decide(d, plan.Answer{ID: max.ID, Reason: "no"})[0].Outcome)
	r = s.run(file)
	assert.Empty(t, r.Plan.Questions)
	assert.Equal(t, []schema.Membership{{User: "Max Muster", Group: "p-Viewers"}}, r.Report.Left)
	assert.Equal(t, []string{"Jane Doe", "Zoe Zucker"}, s.members("p-Viewers"))
	s.unnest("p-Viewers", s.domainAdmins())
	r = s.run(file)
	assert.Empty(t, r.Report.Joined)
	assert.Len(t, s.keptAnswers(), 1)
}

func TestJoinOfSomebodyNewWhoseAnswerWasLostIsRecorded(t *testing.T) {
	s := newScene(t)
	s.run(s.file(s.person("Max Muster")))
	file := s.file(s.person("Max Muster"), s.person("Jane Doe", in("CN=t-Viewers")))
	lost := false
	s.mem.Fail(func(op memOperation) error {
		switch {
		case lost:
			return ad.ErrUnreachable
		case op.Done && len(op.Changes) > 0 && op.Changes[0].Attribute == "member":
			lost = true
			return ad.ErrOutcomeUnknown
		}
		return nil
	})
	_, err := s.start(file).Run(t.Context())
	require.Error(t, err)
	s.mem.Fail(nil)
	require.Equal(t, []string{"Jane Doe"}, s.members("p-Viewers"))
	s.run(file)
	s.nest("p-Viewers", s.domainAdmins())
	asked := s.run(file).Report.RequiredInteractions
	assert.True(t, slices.ContainsFunc(asked, func(i schema.Interaction) bool { return i.Type == "join" && i.User == "Jane Doe" }), asked)
}

// The first run that records who agreed to joins asks about no one who was there.
func TestLedgerThatDoesNotRecordWhoAgreed(t *testing.T) {
	s := newScene(t)
	file := s.staffed(s.person("Jane Doe", in("CN=t-Viewers")), s.person("Max Muster"))
	s.olderLedger("consents", "joined", "asked")
	s.nest("p-Viewers", s.domainAdmins())
	const said = "what is there already counts as agreed; memberships of guarded groups: 1"
	r := s.run(file, func(o *Options) { o.DryRun = true })
	assert.Contains(t, strings.Join(r.Report.Notices, "\n"), said)
	r = s.run(file)
	assert.Contains(t, strings.Join(r.Report.Notices, "\n"), said)
	assert.Empty(t, r.Plan.Questions)
	r = s.run(file)
	assert.NotContains(t, strings.Join(r.Report.Notices, "\n"), said, "once")
	assert.Empty(t, r.Plan.Questions)
}

// What a run meant to do before it was killed was unasked, or agreed to, all the same.
func TestJoinsOfAKilledRunAreRecorded(t *testing.T) {
	s := newScene(t)
	s.staffed(s.person("Jane Doe"), s.person("Max Muster"))
	file := s.file(s.person("Jane Doe", in("CN=t-Viewers")), s.person("Max Muster"))
	path := ledger.Path(s.cfg.ResolutionsFile)
	var meant []byte
	s.mem.Fail(func(op memOperation) error { // the ledger as it is when the directory is written
		if op.Write > 0 && meant == nil {
			meant, _ = os.ReadFile(path)
		}
		return nil
	})
	require.Len(t, s.run(file).Report.Joined, 1)
	s.mem.Fail(nil)
	require.NoError(t, os.WriteFile(path, meant, 0o600))
	s.later(time.Minute)
	s.nest("p-Viewers", s.domainAdmins())
	assert.Equal(t, []string{"join Jane Doe (in a group that became guarded)"}, questions(s.run(file).Plan.Questions))
}
