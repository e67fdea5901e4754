package importer

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/ledger"
	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/internal/memad"
	"ad-user-sync/schema"
)

func TestLookWritesNothing(t *testing.T) {
	s := newScene(t)
	d := s.desk(s.file(s.person("Jane Doe")))
	files, usn := s.files(), s.mem.HighestUSN()
	view := s.look(d)
	assert.Equal(t, []string{"enable Jane Doe (new)"}, questions(view.Questions))
	assert.Contains(t, view.Questions[0].Context, plan.Field{Code: plan.FieldAskedSince, After: []string{s.now.UTC().Format(time.DateOnly)}})
	assert.Equal(t, "corp.example", view.Source)
	assert.Equal(t, "plant.example", view.Domain)
	assert.NotEmpty(t, view.Plan)
	assert.Equal(t, files, s.files())
	assert.Equal(t, usn, s.mem.HighestUSN())
	assert.Equal(t, "enable", d.Report().RequiredInteractions[0].Type)
}

// A session that was left open goes on with the file that was imported in the
// meantime, and with no other.
func TestDeskTakesTheFileThatWasImportedMeanwhile(t *testing.T) {
	s := newScene(t)
	jane, max := s.person("Jane Doe"), s.person("Max Muster")
	var onDisk *Input
	d := s.desk(s.file(jane), func(o *Options) { o.Reopen = func() (*Input, error) { return onDisk, nil } })
	q := s.question(d, plan.Enable, "Jane Doe")
	s.later(time.Hour)
	onDisk = s.file(jane, max)
	assert.Len(t, s.look(d).Questions, 1, "not imported yet")
	s.run(onDisk)
	view := s.look(d)
	assert.Equal(t, []string{"enable Jane Doe (new)", "enable Max Muster (new)"}, questions(view.Questions))
	assert.Equal(t, onDisk.SHA256, view.File.SHA256)
	r := s.decide(d, plan.Answer{ID: q.ID, Accept: true, Password: testPassword})
	assert.Equal(t, plan.Done, r[0].Outcome, "what was asked before still stands")

	imported := s.file(jane, max)
	s.run(imported)
	s.later(time.Hour)
	onDisk = s.file(max)
	_, err := d.Look(t.Context())
	assert.ErrorContains(t, err, "older", "the file on disk is not the one that was imported")
	onDisk = imported
	s.look(d)
}

func TestSeveralAnswersForOnePerson(t *testing.T) {
	stages(t, func(t *testing.T, s *scene) {
		d := s.desk(s.file(s.person("Jane Doe", in("CN=t-Admins")), s.person("Max Muster", in("CN=t-Admins"))))
		enable, join := s.question(d, plan.Enable, "Jane Doe"), s.question(d, plan.Join, "Jane Doe")
		other := s.question(d, plan.Join, "Max Muster")
		r := s.decide(d, plan.Answer{ID: join.ID, Accept: true}, plan.Answer{ID: other.ID, Reason: "no"},
			plan.Answer{ID: enable.ID, Accept: true, Password: testPassword})
		assert.Equal(t, []plan.Outcome{plan.Done, plan.Kept, plan.Done}, []plan.Outcome{r[0].Outcome, r[1].Outcome, r[2].Outcome})
		assert.Equal(t, []string{"Jane Doe"}, s.members("p-Admins"))
		assert.False(t, s.control("Jane Doe").Disabled())
		assert.Equal(t, []string{"enable Max Muster (new)"}, questions(s.look(d).Questions))
		report := d.Report()
		assert.Equal(t, []string{"Jane Doe"}, report.Enabled)
		assert.Len(t, report.Joined, 1)
		assert.Len(t, report.RequiredInteractions, 1)
	})
}

func testAnswerToAQuestionThatHasGone(t *testing.T) {
	s := newScene(t)
	jane := s.person("Jane Doe", in("CN=t-Admins"))
	d := s.desk(s.file(jane))
	join, enable := s.question(d, plan.Join, "Jane Doe"), s.question(d, plan.Enable, "Jane Doe")
	s.join("p-Admins", s.account("Jane Doe"))
	s.set(s.account("Jane Doe"), "userAccountControl", "544")
	r := s.decide(d, plan.Answer{ID: join.ID, Accept: true}, plan.Answer{ID: enable.ID, Reason: "no"}, plan.Answer{ID: "never asked", Accept: true})
	for _, result := range r {
		assert.Equal(t, plan.Changed, result.Outcome)
		assert.NotEmpty(t, result.Problem)
	}
	assert.NotContains(t, s.files(), "resolutions.json")
}

func testRejectionIsOnDiskBeforeTheResult(t *testing.T) {
	s := newScene(t)
	s.with(`"approve": {"disable": true, "leave": true}`)
	file := s.staffed(s.person("Jane Doe"), s.person("Max Muster"))
	_ = file
	gone := s.file(s.person("Max Muster"))
	d := s.desk(gone)
	q := s.question(d, plan.Disable, "Jane Doe")
	until := s.now.AddDate(1, 0, 0)
	told := false
	_, err := d.Decide(t.Context(), []plan.Answer{{ID: q.ID, Reason: "she comes back", Until: &until}}, func(r plan.Result) {
		told = true
		assert.Equal(t, plan.Kept, r.Outcome)
		list, err := LoadResolutions(s.cfg.ResolutionsFile)
		require.NoError(t, err)
		require.Len(t, list, 1)
		assert.Equal(t, s.anchor("Jane Doe"), list[0].Anchor)
		assert.Equal(t, "she comes back", list[0].Reason)
		assert.Equal(t, s.now.Add(plan.MostRejection*24*time.Hour), list[0].Until.UTC(), "90 days at most")
	})
	require.NoError(t, err)
	assert.True(t, told)
	r := s.run(gone)
	assert.Empty(t, r.Plan.Questions)
	require.Len(t, r.Plan.Refusals, 1)

	before := s.stat("resolutions.json")
	s.run(gone)
	assert.Equal(t, before, s.stat("resolutions.json"), "not rewritten")

	require.NoError(t, d.AskAgain(t.Context(), r.Plan.Refusals[0].Question.ID))
	assert.Error(t, d.AskAgain(t.Context(), r.Plan.Refusals[0].Question.ID))
	assert.Len(t, s.look(d).Questions, 1)
}

func testRejectedDisableHoldsTwoWeeks(t *testing.T) {
	s := newScene(t)
	s.with(`"approve": {"disable": true}, "max_age": null`)
	s.staffed(s.person("Jane Doe"), s.person("Max Muster"))
	gone := s.file(s.person("Max Muster"))
	d := s.desk(gone)
	s.decide(d, plan.Answer{ID: s.question(d, plan.Disable, "Jane Doe").ID})
	s.later(14*24*time.Hour - time.Second)
	assert.Empty(t, s.run(gone).Plan.Questions)
	s.later(time.Second)
	assert.Equal(t, []string{"disable Jane Doe (missing in file)"}, questions(s.run(gone).Plan.Questions))
}

// Killed between the write of the account and that of the memory of it, a
// chosen name asks no one again.
func testLimitAndItsRelease(t *testing.T) {
	s := newScene(t)
	people := []schema.User{s.person("Anna A"), s.person("Bert B"), s.person("Carl C", in("CN=t-Admins"))}
	s.staffed(people...)
	only := s.file(s.person("Dora D"))
	d := s.desk(only)
	view := s.look(d)
	require.Len(t, view.Trips, 1)
	require.NotNil(t, d.Report().Guard)
	assert.Contains(t, d.Report().Guard.WayOn, "--confirm-plan "+view.Plan)
	usn := s.mem.HighestUSN()
	_, err := d.Decide(t.Context(), []plan.Answer{{ID: view.Questions[0].ID, Accept: true, Password: testPassword}}, func(plan.Result) {})
	require.ErrorContains(t, err, "overridden first")
	require.ErrorContains(t, d.Release(t.Context(), "other", 3, nil), "changed meanwhile")
	require.ErrorContains(t, d.Release(t.Context(), view.Plan, 4, nil), "not the number of accounts")
	assert.Equal(t, usn, s.mem.HighestUSN())
	kinds := map[plan.Kind]int{}
	for _, a := range view.Planned {
		kinds[a.Kind]++
	}
	assert.Equal(t, map[plan.Kind]int{plan.Disable: 3, plan.Create: 1}, kinds, "all that would be done is shown")
	var steps [][2]int
	require.NoError(t, d.Release(t.Context(), view.Plan, 3, func(done, total int) { steps = append(steps, [2]int{done, total}) }))
	require.Len(t, steps, len(view.Planned))
	assert.Equal(t, [2]int{len(view.Planned), len(view.Planned)}, steps[len(steps)-1])
	assert.Empty(t, s.look(d).Planned)
	assert.True(t, s.control("Anna A").Disabled())
	assert.Nil(t, d.Report().Guard)
	assert.Len(t, d.Report().Disabled, 3)
	require.ErrorContains(t, d.Release(t.Context(), view.Plan, 3, nil), "no limit stops")
	s.enable(d, "Dora D")
}

func testUnfitContainerCanNotBeReleased(t *testing.T) {
	s := newScene(t)
	s.cfg.ManagedUserPath = "CN=Users,DC=plant,DC=example"
	d := s.desk(s.file(s.person("Jane Doe")))
	view := s.look(d)
	require.ErrorContains(t, d.Release(t.Context(), view.Plan, 0, nil), "cannot be overridden")
	assert.Zero(t, s.written())
}

// approver is the same domain, bound as someone else.
type approver struct {
	*memad.Directory
	sid        adrules.SID
	controller string
}

func (a *approver) Domain() ad.Domain {
	d := a.Directory.Domain()
	d.SID = a.sid
	if a.controller != "" {
		d.Controller = a.controller
	}
	return d
}

func TestBothIdentitiesAreProtected(t *testing.T) {
	s := newScene(t)
	for _, name := range []string{"svc", "op"} {
		s.user(s.ou.Child("CN", name), name, nil)
	}
	sid := func(name string) adrules.SID { return s.get(s.ou.Child("CN", name), "objectSid").SID() }
	file := s.file(s.person("svc"), s.person("op"))
	im := s.start(file, func(o *Options) { o.Directory = &approver{Directory: s.mem, sid: sid("svc")} })
	_, err := im.Run(t.Context())
	require.NoError(t, err)
	d := im.NewDesk(&approver{Directory: s.mem, sid: sid("op")}, "op")
	for _, name := range []string{"svc", "op"} {
		assert.Contains(t, s.question(d, plan.Name, name).Barred, "bound as", name)
	}
	assert.Equal(t, 2*s.mem.Operations().Searches, d.Report().Operations.Searches, "of both connections")

	require.NoError(t, s.admin.Rename(t.Context(), s.ou.Child("CN", "svc"), s.account("svc")))
	require.Len(t, s.look(d).Trips, 1)
	assert.Contains(t, s.look(d).Trips[0].Reason, "bound as")
}

// Rule 22, for a person who is connected to another controller.
func testNoNewAccountThroughASecondController(t *testing.T) {
	s := newScene(t)
	s.user(s.ou.Child("CN", "Another Jane"), "jane", nil)
	im := s.start(s.file(s.person("Jane Doe"), s.person("Max Muster")))
	_, err := im.Run(t.Context())
	require.NoError(t, err)
	d := im.NewDesk(&approver{Directory: s.mem, controller: "dc2.plant.example"}, "op")
	name, enable := s.question(d, plan.Name, "Jane Doe"), s.question(d, plan.Enable, "Max Muster")
	r := append(s.decide(d, plan.Answer{ID: name.ID, Accept: true, NewName: "jane2"}), s.decide(d, plan.Answer{ID: enable.ID, Accept: true, Password: testPassword})...)
	assert.Equal(t, plan.NotDone, r[0].Outcome)
	assert.Contains(t, r[0].Problem, "dc2.plant.example may not know yet what was written through dc1.plant.example")
	assert.Equal(t, plan.Done, r[1].Outcome, r[1].Problem)
}

func TestAnswersDoNotFinishARunThatWasCutShort(t *testing.T) {
	s := newScene(t)
	file := s.file(s.person("Anna A"), s.person("Bert B"), s.person("Carl C"))
	s.mem.Fail(memad.DownFrom(3))
	im := s.start(file)
	_, err := im.Run(t.Context())
	require.ErrorContains(t, err, "the run was cut short")
	s.mem.Fail(nil)
	d := im.NewDesk(s.dir, "op")
	var made string
	for _, q := range s.look(d).Questions {
		if q.Kind == plan.Enable && !q.Person.GUID.IsZero() {
			made = q.Person.CN
		}
	}
	s.enable(d, made)
	kept, err := ledger.Load(ledger.Path(s.cfg.ResolutionsFile))
	require.NoError(t, err)
	record := kept.Containers[s.get(s.managed(), "objectGUID").GUID()]
	assert.False(t, record.Run.Finished)
	assert.False(t, record.Finished, "what is free in a first run stays free")
	r := s.run(file)
	assert.Len(t, r.Report.Created, 1)
}

func testDeskAfterANewerImport(t *testing.T) {
	s := newScene(t)
	d := s.desk(s.file(s.person("Jane Doe")))
	q := s.question(d, plan.Enable, "Jane Doe")
	s.run(s.file(s.person("Jane Doe", disabled)))
	_, err := d.Decide(t.Context(), []plan.Answer{{ID: q.ID, Accept: true, Password: testPassword}}, func(plan.Result) {})
	var refusal *Refusal
	require.ErrorAs(t, err, &refusal)
	assert.True(t, s.control("Jane Doe").Disabled())
}

func TestResultsComeEvenWhereTheLedgerCanNotBeWritten(t *testing.T) {
	s := newScene(t)
	file := s.file(s.person("Jane Doe"))
	path := ledger.Path(s.cfg.ResolutionsFile)
	s.mem.Fail(func(op memOperation) error {
		if op.Done { // the disk fails after the directory was written
			require.NoError(t, os.Remove(path))
			require.NoError(t, os.MkdirAll(path+"/x", 0o700))
		}
		return nil
	})
	r, err := s.start(file).Run(t.Context())
	require.ErrorContains(t, err, "ledger")
	require.NotNil(t, r)
	assert.Equal(t, []string{"Jane Doe"}, r.Report.Created)
}
