package importer

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/ledger"
	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/memad"
	"ad-user-sync/schema"
	"ad-user-sync/schema/userfile"
)

// twoControllers is a scene whose domain has a second controller, which knows
// everything up to now.
func twoControllers(t *testing.T) (s *scene, dc1, dc2 *memad.Directory) {
	s = newScene(t)
	return s, s.mem, s.mem.Twin("dc2")
}

// through connects the import, and who decides, to a controller.
func (s *scene) through(controller *memad.Directory) { s.dir, s.desks = controller, controller }

// pass lets time pass for both.
func (s *scene) pass(hours int, controllers ...*memad.Directory) {
	s.later(time.Duration(hours) * time.Hour)
	for _, d := range controllers {
		d.SetTime(s.now)
	}
}

func (s *scene) known(cn string) ledger.Account {
	kept, err := ledger.Load(ledger.Path(s.cfg.ResolutionsFile))
	require.NoError(s.t, err)
	return kept.Containers[s.get(s.managed(), "objectGUID").GUID()].Accounts[s.get(s.account(cn), "objectGUID").GUID()]
}

const lags = " has not heard yet of what was written through dc1."

// lagging imports through the second controller, which knows it.
func (s *scene) lagging(in *Input) *Result {
	s.t.Helper()
	r, err := s.start(in).Run(s.t.Context())
	require.NoError(s.t, err)
	require.NotEmpty(s.t, r.Report.Notices)
	assert.Contains(s.t, r.Report.Notices[0], lags)
	assert.Regexp(s.t, `Should neither come, because dc1\.\w+\.example was lost, it waits until 20\d\d-\d\d-\d\dT`, r.Report.Notices[0])
	assert.Equal(s.t, r.Report.Notices[0], r.Report.Behind)
	assert.Nil(s.t, r.Report.Guard)
	assert.Empty(s.t, r.Plan.Questions)
	for _, a := range r.Plan.Actions {
		assert.Contains(s.t, []plan.Kind{plan.Disable, plan.Leave}, a.Kind)
	}
	return r
}

func testTakenOverAndNotHeardOf(t *testing.T) {
	s, dc1, dc2 := twoControllers(t)
	jane, max := s.person("Jane Doe", in("CN=t-Viewers")), s.person("Max Muster")
	s.staffed(max)
	s.stray(jane)
	dc2.HearFrom(dc1)
	both := s.file(jane, max)
	s.takeOver(s.desk(both), plan.Name, "Jane Doe", ticks(7))
	known := s.known("Jane Doe")
	s.through(dc2)
	assert.Empty(t, s.lagging(both).Report.Failed)
	assert.Equal(t, known, s.known("Jane Doe"), "nothing is learned from it")
	dc2.HearFrom(dc1)
	assert.Empty(t, s.run(both).Plan.Questions)
	s.pass(1, dc1, dc2)
	s.admin = dc2
	assert.Equal(t, []string{"Jane Doe"}, s.run(s.file(max)).Report.Disabled)
	assert.True(t, s.control("Jane Doe").Disabled())
}

func testReturnedAndNotHeardOf(t *testing.T) {
	s, dc1, dc2 := twoControllers(t)
	jane, max := s.person("Jane Doe"), s.person("Max Muster")
	s.staffed(jane, max)
	dc2.HearFrom(dc1)
	s.pass(1, dc1, dc2)
	assert.Equal(t, []string{"Jane Doe"}, s.run(s.file(max)).Report.Disabled)
	s.pass(1, dc1, dc2)
	both := s.file(jane, max)
	s.through(dc2)
	s.lagging(both)
	s.through(dc1)
	s.run(both)
	q := s.question(s.desk(both), plan.Enable, "Jane Doe")
	assert.Equal(t, plan.Returned, q.Reason)
	assert.True(t, q.MayKeep)
}

func testExtendedAndNotHeardOf(t *testing.T) {
	s, dc1, dc2 := twoControllers(t)
	jane := s.person("Jane Doe")
	s.staffed(jane)
	dc2.HearFrom(dc1)
	s.pass(25, dc1, dc2)
	file := s.file(jane)
	assert.Equal(t, 1, s.run(file).Report.Extended)
	s.through(dc2)
	s.lagging(file)
	s.pass(25, dc1, dc2)
	s.through(dc1)
	assert.Equal(t, 1, s.run(s.file(jane)).Report.Extended, "it is extended as ever")
	assert.Empty(t, s.run(s.file(jane)).Plan.Questions)
}

func testEnabledAndNotHeardOf(t *testing.T) {
	s, dc1, dc2 := twoControllers(t)
	jane, max := s.person("Jane Doe"), s.person("Max Muster")
	file := s.file(jane, max)
	s.run(file)
	dc2.HearFrom(dc1)
	s.enable(s.desk(file), "Jane Doe")
	s.through(dc2)
	s.lagging(file)
	view := s.look(s.desk(file))
	assert.Empty(t, view.Questions, "whoever accepted would set another password")
	assert.Contains(t, view.Notices[0], lags)
	s.pass(1, dc1, dc2)
	r := s.lagging(s.file(max))
	assert.Empty(t, r.Report.Disabled)
	require.Len(t, r.Report.Failed, 1, "a leaver who works on is named")
	assert.Equal(t, "Jane Doe", r.Report.Failed[0].User)
	assert.Contains(t, r.Report.Failed[0].Reason, "not replicated yet: has left, and was enabled through another controller")
	dc2.HearFrom(dc1)
	s.admin = dc2
	assert.Equal(t, []string{"Jane Doe"}, s.run(s.file(max)).Report.Disabled)
	assert.True(t, s.control("Jane Doe").Disabled())
}

func testLaggingControllerTakesAway(t *testing.T) {
	s, dc1, dc2 := twoControllers(t)
	jane, max, otto, anna := s.person("Jane Doe", in("CN=t-Viewers")), s.person("Max Muster", in("CN=t-Viewers")), s.person("Otto O", in("CN=t-Viewers")), s.person("Anna A")
	s.staffed(jane, max, otto)
	dc2.HearFrom(dc1)
	s.pass(1, dc1, dc2)
	s.run(s.file(jane, max, otto, anna))
	s.through(dc2)
	s.admin = dc2
	max.MemberOf = nil
	bert := s.person("Bert B")
	before := dc2.Operations()
	r := s.lagging(s.file(max, otto, anna, bert))
	assert.Equal(t, []string{"Jane Doe"}, r.Report.Disabled)
	assert.ElementsMatch(t, []schema.Membership{{User: "Jane Doe", Group: "p-Viewers"}, {User: "Max Muster", Group: "p-Viewers"}}, r.Report.Left)
	assert.Equal(t, before.Adds, dc2.Operations().Adds, "nobody is made twice")
	assert.Len(t, r.Report.HeldBack, 2)
	assert.Empty(t, r.Report.Failed)
	assert.True(t, s.control("Jane Doe").Disabled())
}

// A run that was killed leaves no one who knows how far it had come.
func testKilledRunAndNotHeardOf(t *testing.T) {
	s, dc1, dc2 := twoControllers(t)
	jane := s.person("Jane Doe")
	s.staffed(jane)
	dc2.HearFrom(dc1)
	file := s.file(jane, s.person("Bert B"))
	s.crashAt(1, true)
	require.True(t, s.crashed(file))
	s.mem.Fail(nil)
	s.through(dc2)
	assert.Empty(t, s.lagging(file).Report.Created)
	dc2.HearFrom(dc1)
	s.lagging(file)
	t.Run("a day later", func(t *testing.T) {
		s.pass(25, dc1, dc2)
		assert.Empty(t, s.run(file).Report.Created)
	})
}

// Where a controller does not say what it has heard, a day has to pass.
func testControllersThatDoNotTell(t *testing.T) {
	s, dc1, dc2 := twoControllers(t)
	file := s.file(s.person("Jane Doe"))
	s.run(file)
	dc2.HearFrom(dc1)
	s.dir = &blind{dc2, func(_ ad.DN, attribute string) bool { return attribute == "repluptodatevector" }}
	r := s.run(file)
	assert.Contains(t, r.Report.Behind, "it cannot be told whether dc2.plant.example has heard of what was written through dc1.plant.example")
	s.pass(25, dc1, dc2)
	assert.Empty(t, s.run(s.file(s.person("Jane Doe"))).Report.Behind)
}

// A file from another controller of the source is good enough, and worth a word.
func TestAnotherControllerOfTheSourceIsNamed(t *testing.T) {
	s := newScene(t)
	from := func(controller string) *Input {
		s.stamp = s.stamp.Add(time.Minute)
		return s.fileOf(userfile.Head{Timestamp: s.stamp, Source: &schema.Source{Domain: "corp.example", Scope: "s", Tool: "t", Controller: controller}}, s.person("Jane Doe"))
	}
	const says = "the file was read from the source's domain controller dc2.corp.example, the last one from dc1.corp.example"
	for _, c := range []struct {
		controller string
		named      bool
	}{{"dc1.corp.example", false}, {"dc1.corp.example", false}, {"dc2.corp.example", true}, {"dc2.corp.example", false}, {"", false}, {"dc1.corp.example", false}} {
		file := from(c.controller)
		notices := strings.Join(s.run(file).Report.Notices, "\n")
		assert.Equal(t, c.named, strings.Contains(notices, says), notices)
		assert.NotContains(t, strings.Join(s.run(file).Report.Notices, "\n"), says, "said once")
	}
}
