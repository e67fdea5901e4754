package importer

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
)

// No one has to wonder why something is asked again.
func TestAnswersThatLapseAreNamed(t *testing.T) {
	s := newScene(t)
	jane, max := s.person("Jane Doe", in("CN=t-Admins")), s.person("Max Muster")
	s.staffed(s.person("Jane Doe"), max)
	d := s.desk(s.file(jane, max))
	s.decide(d, plan.Answer{ID: s.question(d, plan.Join, "Jane Doe").ID, Reason: "no"})
	const said = "no longer kept, and asked again should it come up: join p-Admins of Jane Doe, rejected by"
	notices := func(r *Result) string { return strings.Join(r.Report.Notices, "\n") }
	assert.NotContains(t, notices(s.run(s.file(jane, max))), "no longer kept")
	file := s.file(s.person("Jane Doe"), max)
	assert.Contains(t, notices(s.run(file, func(o *Options) { o.DryRun = true })), said)
	require.Len(t, s.keptAnswers(), 1)
	r := s.run(file)
	text := notices(r)
	require.Len(t, r.Report.Lapsed, 1)
	assert.Equal(t, "Jane Doe", r.Report.Lapsed[0].User)
	assert.Contains(t, r.Report.Lapsed[0].Reason, "join p-Admins, rejected by op as PLANT\\op on 2026-11-22, since the user file does not grant the group")
	assert.Contains(t, text, said)
	assert.Contains(t, text, "the user file does not grant the group")
	assert.Empty(t, s.keptAnswers())
	r = s.run(file)
	assert.NotContains(t, notices(r), "no longer kept", "said once")
	assert.Empty(t, r.Report.Lapsed)
}
