package importer

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/ledger"
	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/schema"
)

// To override a limit answers no question: the former domain goes on.
func TestMigratedOverrideDoesNotAgreeToANewDomain(t *testing.T) {
	s := newScene(t)
	jane, a, b, c := s.person("Jane Doe"), s.person("Anna A"), s.person("Bert B"), s.person("Carl C")
	s.staffed(jane, a, b, c)
	s.run(s.file(jane, a, b, c))
	s.with(bothDomains)
	s.unlisted("Anna A", "Bert B", "Carl C")
	jane2 := s.inNewDomain(jane)
	d := s.desk(s.movedFile([]schema.User{jane2}, jane2, jane))
	view := s.look(d)
	require.NotEmpty(t, view.Trips)
	require.NoError(t, d.Release(t.Context(), view.Plan, plan.Stopping(view.Trips), nil))
	_, err := s.start(s.file(jane, a, b, c)).Run(t.Context())
	assert.NoError(t, err, "no one has agreed to the new domain")
}

// What the directory refuses has not been taken over.
func TestMigratedRefusedTakingOverDoesNotChangeTheDomain(t *testing.T) {
	s := newScene(t)
	jane := s.person("Jane Doe")
	s.staffed(jane)
	s.run(s.file(jane))
	s.with(bothDomains)
	jane2 := s.inNewDomain(jane)
	moved := func() *Input { return s.movedFile([]schema.User{jane2, s.person("Nina New")}, jane2, jane) }
	d := s.desk(moved())
	q := s.question(d, plan.Adopt, "Jane Doe")
	s.mem.Fail(func(op memOperation) error {
		if op.Kind == "modify" && !op.Done {
			return ad.ErrDenied
		}
		return nil
	})
	assert.Equal(t, plan.NotDone, s.decide(d, plan.Answer{ID: q.ID, Accept: true})[0].Outcome)
	s.mem.Fail(nil)
	_, err := s.start(s.file(jane)).Run(t.Context())
	assert.NoError(t, err, "nothing was taken over: the former domain still holds")
	r, err := s.start(moved()).Run(t.Context())
	require.NoError(t, err)
	assert.Empty(t, r.Report.Created)
}

// Killed between a disable of row 71 and the ledger: who left leaves the groups, too.
func TestLostLedgerKilledWhileALeaverIsDisabled(t *testing.T) {
	s := newScene(t)
	jane, carl := s.person("Jane Doe"), s.person("Carl Gone", in("CN=t-Viewers"))
	s.staffed(jane, carl)
	require.NoError(t, os.Remove(ledger.Path(s.cfg.ResolutionsFile)))
	file := s.file(jane)
	d := s.desk(file, func(o *Options) { o.Accept = file.SHA256 })
	q := s.question(d, plan.Disable, "Carl Gone")
	s.crashAt(1, true)
	require.True(t, wasKilled(func() { s.decide(d, plan.Answer{ID: q.ID, Accept: true}) }))
	s.mem.Fail(nil)
	s.run(file)
	s.run(file)
	assert.True(t, s.control("Carl Gone").Disabled())
	assert.Empty(t, s.members("p-Viewers"))
}

// Who works on in a container that was left behind is named after the source domain changed, too.
func TestWhoWasLeftBehindIsNamedAfterAMigration(t *testing.T) {
	s, partners, max := leftBehind(t)
	nina := s.person("Nina New")
	d := s.desk(s.file(max, nina))
	s.enable(d, "Nina New")
	r, err := s.start(s.file(max, nina)).Run(t.Context())
	require.NoError(t, err)
	require.Len(t, r.Report.Failed, 1)
	s.with(bothDomains)
	max2, nina2 := s.inNewDomain(max), s.inNewDomain(nina)
	moved := func() *Input { return s.movedFile([]schema.User{max2, nina2}, max2, max, nina2, nina) }
	d = s.desk(moved())
	res := s.decide(d, plan.Answer{ID: s.question(d, plan.Adopt, "Nina New").ID, Accept: true})
	require.Equal(t, plan.Done, res[0].Outcome, res[0].Problem)
	r, err = s.start(moved()).Run(t.Context())
	require.NoError(t, err)
	told := strings.Join(r.Report.Notices, "\n")
	for _, f := range r.Report.Failed {
		told += f.Reason
	}
	assert.Contains(t, told, "CN=Jane Doe,"+partners.String()+" is enabled")
}

// Killed between the write and the ledger: the new domain holds, and the former one is over.
func TestMigratedKilledAfterTheFirstTakingOver(t *testing.T) {
	s := newScene(t)
	jane, max := s.person("Jane Doe"), s.person("Max Muster")
	s.staffed(jane, max)
	s.with(bothDomains)
	jane2, max2 := s.inNewDomain(jane), s.inNewDomain(max)
	moved := func() *Input { return s.movedFile([]schema.User{jane2, max2}, jane2, jane, max2, max) }
	d := s.desk(moved())
	q := s.question(d, plan.Adopt, "Jane Doe")
	s.crashAt(1, true)
	require.True(t, wasKilled(func() { s.decide(d, plan.Answer{ID: q.ID, Accept: true}) }))
	s.mem.Fail(nil)
	require.Equal(t, "ad-user-sync:"+jane2.ObjectGUID+"@new.example", s.get(s.account("Jane Doe"), "adminDescription").Text("adminDescription"))
	_, err := s.start(s.file(jane, max)).Run(t.Context())
	require.ErrorContains(t, err, `expected is "new.example"`)
	r := s.run(moved())
	assert.Empty(t, r.Report.Disabled)
	assert.Equal(t, []string{"adopt Max Muster (migrated from the former domain)"}, questions(r.Plan.Questions))
}
