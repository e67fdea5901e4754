package importer

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/memad"
)

func testNameQuestionAnsweredWithANewName(t *testing.T) {
	stages(t, func(t *testing.T, s *scene) {
		s.user(s.ou.Child("CN", "Another Jane"), "jane", nil)
		file := s.file(s.person("Jane Doe"), s.person("Max Muster"))
		d := s.desk(file)
		q := s.question(d, plan.Name, "Jane Doe")
		for name, wrong := range map[string]bool{s.name("jane"): true, s.name("max"): true, "a/b": true, s.name("jane2"): false} {
			problem, err := d.CheckName(t.Context(), q.ID, name)
			require.NoError(t, err)
			assert.Equal(t, wrong, problem != "", "%s: %s", name, problem)
		}
		r := s.decide(d, plan.Answer{ID: q.ID, Accept: true, NewName: s.name("jane2")})
		require.Equal(t, plan.Done, r[0].Outcome, r[0].Problem)
		assert.Equal(t, s.name("jane2"), s.get(s.account("Jane Doe"), "sAMAccountName").Text("sAMAccountName"))
		assert.Equal(t, s.name("jane2")+"@plant.example", s.get(s.account("Jane Doe"), "userPrincipalName").Text("userPrincipalName"))
		assert.Equal(t, []string{"Jane Doe"}, d.Report().Created[len(d.Report().Created)-1:])

		again := s.run(file)
		assert.Empty(t, again.Plan.Actions)
		assert.NotContains(t, questions(again.Plan.Questions), "name Jane Doe (name taken)", "kept (rule 29)")
	})
}

func TestNameAnswerWhoseCreationFailsStaysOpen(t *testing.T) {
	s := newScene(t)
	s.user(s.ou.Child("CN", "Another Jane"), "jane", nil)
	d := s.desk(s.file(s.person("Jane Doe")))
	q := s.question(d, plan.Name, "Jane Doe")
	s.mem.Fail(memad.AtWrite(1, &ad.Error{Doing: "create", Object: "CN=Jane Doe", Kind: ad.ErrDenied, Hint: "ask for the right"}))
	r := s.decide(d, plan.Answer{ID: q.ID, Accept: true, NewName: "jane2"})
	assert.Equal(t, plan.NotDone, r[0].Outcome)
	assert.Contains(t, r[0].Problem, ad.ErrDenied.Error())
	assert.Equal(t, "ask for the right", r[0].Hint)
	s.mem.Fail(nil)
	assert.Equal(t, q.ID, s.question(d, plan.Name, "Jane Doe").ID)
	list, err := LoadResolutions(s.cfg.ResolutionsFile)
	require.NoError(t, err)
	assert.Empty(t, list)

	r = s.decide(d, plan.Answer{ID: q.ID, Accept: true, NewName: "jane"})
	assert.Equal(t, plan.NotDone, r[0].Outcome)
	assert.Contains(t, r[0].Problem, "the name jane cannot be used")
	list, err = LoadResolutions(s.cfg.ResolutionsFile)
	require.NoError(t, err)
	assert.Empty(t, list)
}

func testChosenNameSurvivesACrash(t *testing.T) {
	s := newScene(t)
	s.user(s.ou.Child("CN", "Another Jane"), "jane", nil)
	file := s.file(s.person("Jane Doe"))
	d := s.desk(file)
	q := s.question(d, plan.Name, "Jane Doe")
	s.crashAt(1, true)
	func() {
		defer func() { require.Equal(t, killed{}, recover()) }()
		_, _ = d.Decide(t.Context(), []plan.Answer{{ID: q.ID, Accept: true, NewName: "jane2"}}, func(plan.Result) {})
	}()
	s.mem.Fail(nil)
	r := s.run(file)
	assert.Empty(t, r.Plan.Actions)
	assert.Equal(t, []string{"enable Jane Doe (new)"}, questions(r.Plan.Questions))
}

func TestTakeOver(t *testing.T) {
	stages(t, func(t *testing.T, s *scene) {
		holder := s.ou.Child("CN", "Jane the elder")
		s.user(holder, "jane", map[string]string{"department": "kept?"})
		s.join("p-Editors", holder)
		guid := s.get(holder, "objectGUID").GUID()
		d := s.desk(s.file(s.person("Jane Doe")))
		q := s.question(d, plan.Name, "Jane Doe")
		require.Empty(t, q.Barred)
		r := s.decide(d, plan.Answer{ID: q.ID, Accept: true, TakeOver: true})
		require.Equal(t, plan.Done, r[0].Outcome, r[0].Problem)
		e := s.get(s.account("Jane Doe"), "objectGUID", "adminDescription")
		require.NotNil(t, e)
		assert.Equal(t, guid, e.GUID())
		assert.Contains(t, e.Text("adminDescription"), s.anchor("Jane Doe"))
		assert.False(t, s.control("Jane Doe").Disabled(), "enabled state is kept")
		assert.Equal(t, []string{"Jane Doe"}, d.Report().Moved)
	})
}

func TestMoveInDenied(t *testing.T) {
	s := newScene(t)
	holder := s.ou.Child("CN", "Jane the elder")
	s.user(holder, "jane", nil)
	file := s.file(s.person("Jane Doe"))
	d := s.desk(file)
	q := s.question(d, plan.Name, "Jane Doe")
	s.mem.Fail(memad.DeniedOn(holder))
	r := s.decide(d, plan.Answer{ID: q.ID, Accept: true, TakeOver: true})
	assert.Equal(t, plan.NotDone, r[0].Outcome)
	assert.Contains(t, r[0].Problem, "Move it in by hand")
	s.mem.Fail(nil)
	assert.Equal(t, q.ID, s.question(d, plan.Name, "Jane Doe").ID, "asked still")
	require.NoError(t, s.admin.Rename(t.Context(), holder, s.account("Jane the elder")))
	assert.Equal(t, []string{"adopt Jane Doe (same person?)"}, questions(s.look(d).Questions))
}

func testHolderChangedMeanwhile(t *testing.T) {
	s := newScene(t)
	s.user(s.ou.Child("CN", "First"), "jane", nil)
	d := s.desk(s.file(s.person("Jane Doe")))
	q := s.question(d, plan.Name, "Jane Doe")
	s.set(s.ou.Child("CN", "First"), "sAMAccountName", "first")
	s.set(s.ou.Child("CN", "First"), "userPrincipalName", "")
	s.user(s.ou.Child("CN", "Second"), "jane", nil)
	r := s.decide(d, plan.Answer{ID: q.ID, Accept: true, TakeOver: true})
	assert.Equal(t, plan.Changed, r[0].Outcome)
	assert.NotNil(t, s.get(s.ou.Child("CN", "Second"), "cn"))
}

func TestUnconfirmedAnchorIsAdoptedAfterConsent(t *testing.T) {
	s := newScene(t)
	s.run(s.file(s.person("Max Muster")))
	s.user(s.account("Copied"), "copied", map[string]string{"adminDescription": "ad-user-sync:" + s.anchor("Jane Doe") + "@corp.example"})
	file := s.file(s.person("Max Muster"), s.person("Jane Doe"))
	d := s.desk(file)
	q := s.question(d, plan.Adopt, "Jane Doe")
	r := s.decide(d, plan.Answer{ID: q.ID, Accept: true})
	require.Equal(t, plan.Done, r[0].Outcome, r[0].Problem)
	assert.Equal(t, "jane", s.get(s.account("Jane Doe"), "sAMAccountName").Text("sAMAccountName"))
	again := s.run(file)
	assert.Equal(t, 1, again.Report.Extended, "no expiry was ever written")
	assert.Len(t, again.Plan.Actions, 1)
	assert.Equal(t, []string{"enable Max Muster (new)"}, questions(again.Plan.Questions))
}
