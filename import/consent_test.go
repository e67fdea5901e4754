package importer

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/schema"
)

// nest makes a mapped group a member of Domain Admins, or of another group.
func (s *scene) nest(group string, in ad.DN) {
	s.t.Helper()
	require.NoError(s.t, s.admin.Modify(s.t.Context(), in, []ad.Change{{Kind: ad.AddValues, Attribute: "member", Values: ad.Values(s.group(group).String())}}))
}

func (s *scene) unnest(group string, in ad.DN) {
	s.t.Helper()
	require.NoError(s.t, s.admin.Modify(s.t.Context(), in, []ad.Change{{Kind: ad.DeleteValues, Attribute: "member", Values: ad.Values(s.group(group).String())}}))
}

func (s *scene) domainAdmins() ad.DN {
	dn, err := ad.ParseDN("CN=Domain Admins,CN=Users," + s.dir.Domain().Base.String())
	require.NoError(s.t, err)
	return dn
}

// What was asked, or rejected, does not come about by itself because its group is
// guarded by nothing for a while.
func TestJoinsThatWereAskedWaitForAnAnswer(t *testing.T) {
	s := newScene(t)
	file := s.file(s.person("Jane Doe", in("CN=t-Viewers")), s.person("Max Muster", in("CN=t-Viewers")))
	s.nest("p-Viewers", s.domainAdmins())
	d := s.desk(file)
	s.decide(d, plan.Answer{ID: s.question(d, plan.Join, "Jane Doe").ID, Reason: "no"})
	s.unnest("p-Viewers", s.domainAdmins())
	for range 2 {
		r := s.run(file)
		assert.Equal(t, []string{"enable Jane Doe (new)", "enable Max Muster (new)", "join Max Muster (group_map)"}, questions(r.Plan.Questions))
		assert.Contains(t, r.Report.RequiredInteractions, schema.Interaction{Type: "join", User: "Max Muster", Group: "p-Viewers",
			Reason: "group_map: guarded when it was asked: privileged"})
		assert.Empty(t, s.members("p-Viewers"))
		assert.Len(t, s.keptAnswers(), 1)
	}
	s.decide(d, plan.Answer{ID: s.question(d, plan.Join, "Max Muster").ID, Accept: true})
	assert.Equal(t, []string{"Max Muster"}, s.members("p-Viewers"))
	require.NoError(t, d.AskAgain(t.Context(), s.look(d).Refusals[0].Question.ID))
	s.run(file)
	assert.NotNil(t, s.question(d, plan.Join, "Jane Doe"), "asked again, and not done")
}

// A ledger of an earlier version does not say what was asked; a rejection holds.
func TestLedgerThatDoesNotSayWhatWasAsked(t *testing.T) {
	s := newScene(t)
	file := s.file(s.person("Jane Doe", in("CN=t-Viewers")))
	s.nest("p-Viewers", s.domainAdmins())
	d := s.desk(file)
	s.decide(d, plan.Answer{ID: s.question(d, plan.Join, "Jane Doe").ID, Reason: "no"})
	path := LedgerPath(s.cfg.ResolutionsFile)
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	var ledger map[string]any
	require.NoError(t, json.Unmarshal(data, &ledger))
	for _, record := range ledger["containers"].(map[string]any) {
		require.Contains(t, record, "asked")
		delete(record.(map[string]any), "asked")
	}
	data, err = json.Marshal(ledger)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, data, 0o600))
	s.unnest("p-Viewers", s.domainAdmins())
	assert.Empty(t, s.run(file).Report.Joined)
	assert.Len(t, s.keptAnswers(), 1)
}
