package importer

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/import/report"
	"ad-user-sync/schema"
)

// Who rejected what, why, and until when, is in the report of the session.
func TestRejectionsAreInTheReportOfTheSession(t *testing.T) {
	s := newScene(t)
	s.with(`"restricted_groups": ["p-Admins"], "approve": {"disable": true}`)
	jane, max := s.person("Jane Doe", in("CN=t-Admins")), s.person("Max Muster")
	s.staffed(jane, max)
	d := s.desk(s.file(jane))
	assert.Empty(t, d.Report().Rejected)
	join, disable := s.question(d, plan.Join, "Jane Doe"), s.question(d, plan.Disable, "Max Muster")
	until := s.now.AddDate(0, 0, 10).UTC().Truncate(time.Second)
	s.decide(d, plan.Answer{ID: join.ID, Reason: "no administrator"}, plan.Answer{ID: disable.ID, Until: &until})

	r := d.Report()
	assert.ElementsMatch(t, []schema.Rejected{
		{Type: "join", User: "Jane Doe", Group: "p-Admins", By: "op as PLANT\\op", Reason: "no administrator", Subject: report.Subject(*join.Person)},
		{Type: "disable", User: "Max Muster", By: "op as PLANT\\op", Until: &until, Subject: report.Subject(*disable.Person)},
	}, r.Rejected)
	for _, rejected := range r.Rejected {
		assert.NotEmpty(t, rejected.DN)
		assert.NotEmpty(t, rejected.ObjectGUID)
		assert.NotEmpty(t, rejected.Anchor)
	}

	s.look(d)
	require.NoError(t, d.AskAgain(t.Context(), join.ID))
	assert.Equal(t, []schema.Rejected{{Type: "disable", User: "Max Muster", By: "op as PLANT\\op", Until: &until, Subject: report.Subject(*disable.Person)}}, d.Report().Rejected)
	assert.Empty(t, s.run(s.file(jane)).Report.Rejected, "of that session")
}
