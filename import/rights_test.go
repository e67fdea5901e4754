package importer

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/access"
	"ad-user-sync/internal/adtest"
	"ad-user-sync/schema"
)

// An attribute that may not be written costs no other one, and is named.
func TestOneAttributeThatMayNotBeWritten(t *testing.T) {
	s := labScene(t)
	s.with(`"attributes": {"displayName": {}, "division": {}, "title": {}}`)
	jane, max := s.person("Jane Doe"), s.person("Max Muster")
	s.staffed(jane, max)
	jane.Attributes = schema.AttributesOf(map[string]schema.Value{"displayName": {List: []string{"Jane X"}}, "division": {List: []string{"North"}}, "title": {List: []string{"Head"}}})
	max.Attributes = schema.AttributesOf(map[string]schema.Value{"division": {List: []string{"South"}}})
	file := s.file(jane, max)
	dry, err := s.start(file, func(o *Options) { o.DryRun = true }).Run(t.Context())
	require.NoError(t, err)
	for _, f := range dry.Report.Failed {
		assert.Contains(t, f.Reason, `update: PLANT\svc-import may not write division of this account; give it the rights`)
	}
	assert.Len(t, dry.Report.Failed, 2, "a dry run names what the run fails to do")
	r, err := s.start(file).Run(t.Context())
	require.NoError(t, err)
	require.Len(t, r.Report.Failed, 2)
	for _, f := range r.Report.Failed {
		assert.Contains(t, f.Reason, "division: ")
		assert.Contains(t, f.Reason, "has no right")
	}
	assert.Equal(t, "Jane X", s.get(s.account("Jane Doe"), "displayName").Text("displayName"))
	assert.Equal(t, "Head", s.get(s.account("Jane Doe"), "title").Text("title"))
}

// An import without rights on a guarded group cannot take out who leaves: it
// does all the rest, and says so until it was done.
func TestLeaversStayInGuardedGroupsThatMayNotBeChanged(t *testing.T) {
	s := labScene(t)
	jane := s.person("Jane Doe", in("CN=t-Viewers"))
	s.staffed(jane, s.person("Max Muster"))
	s.join("p-Admins", s.account("Jane Doe"))

	gone := s.file(s.person("Max Muster"))
	dry, err := s.start(gone, func(o *Options) { o.DryRun = true }).Run(t.Context())
	require.NoError(t, err)
	require.Len(t, dry.Report.Failed, 1)
	assert.Equal(t, 1, dry.Report.Forbidden())
	assert.Contains(t, dry.Report.Failed[0].Reason, `leave: PLANT\svc-import may not write member of the group p-Admins`)
	r, err := s.start(gone).Run(t.Context())
	require.NoError(t, err)
	require.Len(t, r.Report.Failed, 1)
	hint := "; p-Admins is a guarded group, whose members the scheduled import may change only where it was given that with --leave-guarded or -LeaveGuarded (docs/rights.md). " +
		"Until then, let an approver take the account " + r.Report.Failed[0].AccountName + " (" + s.account("Jane Doe").String() + ") out of the group " + s.group("p-Admins").String() + " by hand"
	for _, reason := range []string{dry.Report.Failed[0].Reason, r.Report.Failed[0].Reason} {
		assert.Contains(t, reason, hint)
		assert.NotContains(t, reason, access.Hint)
	}
	assert.True(t, s.control("Jane Doe").Disabled())
	assert.Empty(t, s.members("p-Viewers"))
	assert.Equal(t, []string{"Jane Doe"}, s.members("p-Admins"))

	adtest.Lab(t).Target.Delegate(t, adtest.Rights{Container: s.managed().String(), Guarded: []string{s.group("p-Admins").String()}, Options: []string{"--leave-guarded"}})
	s.run(gone)
	assert.Empty(t, s.members("p-Admins"))
}
