package importer

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/ledger"
	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

func testAnotherPlanIsNotStarted(t *testing.T) {
	for name, c := range map[string]struct {
		users  func(s *scene) []schema.User
		before func(s *scene)
		later  bool
		says   string
	}{
		"one more":            {users: func(s *scene) []schema.User { return []schema.User{s.person("Jane Doe"), s.person("Nora New")} }, says: "the user file is another one; it would do more: create Nora New"},
		"one less":            {users: func(s *scene) []schema.User { return []schema.User{s.person("Max Muster")} }, says: "it would do more: create Max Muster; not any more: create Jane Doe"},
		"the same, otherwise": {users: func(s *scene) []schema.User { return []schema.User{s.person("Jane Doe", has("title", "Boss"))} }, says: "; otherwise: create Jane Doe"},
		"a newer file alone":  {later: true, says: "the user file is another one; it would do the same"},
		"what the directory has": {before: func(s *scene) { s.user(s.account("Jane Doe"), "jane", nil) },
			says: "it would do more: adopt Jane Doe; not any more: create Jane Doe"},
		"what is not remembered": {before: func(s *scene) { require.NoError(s.t, os.Remove(ledger.LooksPath(s.cfg.ResolutionsFile))) },
			users: func(s *scene) []schema.User { return []schema.User{s.person("Max Muster")} }, says: "what the named one would have done is not remembered"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t)
			s.observing(5, 13, "")
			file := s.file(s.person("Jane Doe"))
			r, err := s.onlyLook(file)
			require.NoError(t, err)
			if c.before != nil {
				c.before(s)
			}
			if c.users != nil || c.later {
				s.later(time.Minute)
				users := []schema.User{s.person("Jane Doe")}
				if c.users != nil {
					users = c.users(s)
				}
				file = s.file(users...)
			}
			refused, err := s.onlyLook(file, starting(r.Plan.Digest))
			require.NoError(t, err)
			require.NotNil(t, refused.Report.Guard)
			assert.Equal(t, GuardObserve, refused.Report.Guard.Name)
			assert.Contains(t, refused.Report.Guard.Reason, c.says)
			assert.Contains(t, refused.Report.Guard.WayOn, "import --start "+refused.Plan.Digest)
			assert.NotNil(t, refused.Report.Observed)
			s.run(file, starting(refused.Plan.Digest))
		})
	}
}

// before are people whose accounts carry an anchor that no ledger knows.
func (s *scene) before(names ...string) (people []schema.User) {
	for _, cn := range names {
		u := s.person(cn)
		s.user(s.account(cn), cn[:4], map[string]string{"adminDescription": "ad-user-sync:" + u.ObjectGUID + "@corp.example"})
		people = append(people, u)
	}
	return people
}

func TestALimitStopsAStart(t *testing.T) {
	s := newScene(t)
	old := s.before("Anna Old", "Bert Old")
	s.observing(5, 13, `, "limits": {"create": {"max": 0}}`)
	file := s.file(append(old, s.person("Jane Doe"))...)
	s.accept = file.SHA256 // what follows a lost ledger is no first import
	for range 2 {
		r, err := s.onlyLook(file)
		require.NoError(t, err)
		require.NotNil(t, r.Report.Guard)
		assert.Contains(t, r.Report.Guard.Name, "create")
		assert.Contains(t, r.Report.Guard.WayOn, "--confirm-plan "+r.Plan.Digest+", together with --start of the same digest")
		assert.Equal(t, []string{"Jane Doe"}, r.Report.Created, "what it would do")

		r, err = s.onlyLook(file, starting(r.Plan.Digest))
		require.NoError(t, err)
		assert.Contains(t, r.Report.Guard.Name, "create")
	}
	digest := s.dry(file).Plan.Digest
	s.run(file, starting(digest), func(o *Options) { o.Confirm = digest })
	assert.True(t, s.control("Jane Doe").Disabled())
}

func testAKilledStart(t *testing.T) {
	for n := 1; ; n++ {
		s := newScene(t)
		s.observing(5, 13, "")
		file := s.file(s.person("Jane Doe", in("CN=t-Viewers")), s.person("Max Muster"))
		r, err := s.onlyLook(file)
		require.NoError(t, err)
		s.crashAt(n, false)
		dead := wasKilled(func() { _, _ = s.start(file, starting(r.Plan.Digest)).Run(t.Context()) })
		s.mem.Fail(nil)
		again := s.run(file)
		assert.Nil(t, again.Report.Observed, "the ledger was written before the directory")
		assert.Empty(t, s.run(file).Plan.Actions)
		assert.True(t, s.control("Max Muster").Disabled())
		if !dead {
			break
		}
	}
}

func TestAStartThatCannotBeRemembered(t *testing.T) {
	s := newScene(t)
	s.observing(5, 13, "")
	file := s.file(s.person("Jane Doe"))
	r, err := s.onlyLook(file)
	require.NoError(t, err)
	ledgerPath := ledger.Path(s.cfg.ResolutionsFile)
	s.mem.Fail(func(op memOperation) error { // once it was read that there is none
		if op.Kind == "search" {
			_ = os.MkdirAll(filepath.Join(ledgerPath, "x"), 0o700)
		}
		return nil
	})
	_, err = s.start(file, starting(r.Plan.Digest)).Run(t.Context())
	require.Error(t, err)
	assert.Zero(t, s.written())
	s.mem.Fail(nil)
	require.NoError(t, os.RemoveAll(ledgerPath))
	r, err = s.onlyLook(file)
	require.NoError(t, err)
	assert.NotNil(t, r.Report.Observed)
}

// A look that is killed has not been one, and the next one is.
func TestAKilledLook(t *testing.T) {
	for n := 1; ; n++ {
		s := newScene(t)
		s.observing(5, 13, "")
		file := s.file(s.person("Jane Doe"))
		count := 0
		s.mem.Fail(func(memOperation) error {
			if count++; count == n {
				panic(killed{})
			}
			return nil
		})
		dead := wasKilled(func() { _, _ = s.start(file).Run(t.Context()) })
		s.mem.Fail(nil)
		require.Zero(t, s.written())
		if !dead {
			break
		}
		assert.NotContains(t, s.files(), s.looks())
		r, err := s.onlyLook(file)
		require.NoError(t, err)
		assert.Equal(t, 1, r.Report.Observed.Files)
	}
}

// A start that was killed leaves no memory of looks for good.
func TestAKilledStartIsTidiedUp(t *testing.T) {
	s := newScene(t)
	s.observing(5, 13, "")
	file := s.file(s.person("Jane Doe"))
	r, err := s.onlyLook(file)
	require.NoError(t, err)
	s.crashAt(1, false)
	require.True(t, wasKilled(func() { _, _ = s.start(file, starting(r.Plan.Digest)).Run(t.Context()) }))
	s.mem.Fail(nil)
	s.run(file)
	s.run(file)
	assert.NotContains(t, s.files()[s.looks()], "does", "only that it was started")

	s.with("")
	s.run(file)
	assert.NotContains(t, s.files(), s.looks())
	require.NoError(t, os.Remove(ledger.Path(s.cfg.ResolutionsFile)))
	_, err = s.start(file).Run(t.Context())
	assert.NotContains(t, fmt.Sprint(err), "has only looked so far")
}

// A start on the page, over a limit, ends the looking as any does.
func TestAStartOnThePageForgetsTheLooks(t *testing.T) {
	s := newScene(t)
	old := s.before("Anna Old", "Bert Old")
	s.observing(5, 13, `, "limits": {"create": {"max": 0}}`)
	file := s.file(append(old, s.person("Jane Doe"))...)
	s.accept = file.SHA256
	r, err := s.onlyLook(file)
	require.NoError(t, err)
	im := s.start(file, starting(r.Plan.Digest))
	_, err = im.Run(t.Context())
	require.NoError(t, err)
	d := im.NewDesk(s.desks, "op as PLANT\\op")
	require.NotEmpty(t, s.look(d).Trips)
	require.NoError(t, d.Release(t.Context(), r.Plan.Digest, 1, nil))
	assert.True(t, s.control("Jane Doe").Disabled())
	assert.NotContains(t, s.files()[s.looks()], "does")
}

// Others write the memory: what a person is told to type is a digest.
func TestThePlanOfALookIsADigest(t *testing.T) {
	s := newScene(t)
	s.observing(1, 13, "")
	file := s.file(s.person("Jane Doe"))
	r, err := s.onlyLook(file)
	require.NoError(t, err)
	replace(s, ledger.LooksPath(s.cfg.ResolutionsFile), r.Plan.Digest, "x; sh /tmp/y #")
	_, err = s.start(file).Run(t.Context())
	assert.NotContains(t, fmt.Sprint(err), "sh /tmp/y", "it counts as damaged, and looking begins anew")
}

// A container that is called otherwise by now is still one that was only looked at.
func TestAnImportIntoARenamedContainerHasNotBegun(t *testing.T) {
	s := newScene(t)
	s.observing(5, 13, "")
	file := s.file(s.person("Jane Doe"))
	_, err := s.onlyLook(file)
	require.NoError(t, err)
	require.NoError(t, s.admin.Rename(t.Context(), s.managed(), s.ou.Child("OU", "Staff of plant")))
	s.with("")
	s.cfg.ManagedUserPath = s.ou.Child("OU", "Staff of plant").String()
	_, err = s.onlyLook(file)
	require.ErrorIs(t, err, ErrConfiguration)
}

// check import, and status, say of an import what its run says.
func TestObserveBesideAnotherContainerIsRefusedBeforeAFileIsRead(t *testing.T) {
	s := newScene(t)
	s.run(s.file(s.person("Jane Doe")))
	s.add(s.ou.Child("OU", "Second"), "organizationalUnit", nil)
	s.observing(5, 13, "")
	s.cfg.ManagedUserPath = s.ou.Child("OU", "Second").String()
	_, err := s.start(s.file(s.person("Jane Doe"))).Run(t.Context())
	require.ErrorIs(t, err, ErrConfiguration, "the run")
	im := s.start(nil) // as cmd/ad-user-sync/check_observe.go and import/status.go have it
	require.ErrorIs(t, im.Prepare(), ErrConfiguration, "check import says that the import only looks: %+v", im.Observed())
}

// Who lost the ledger of an import that was started is told so, and not to start it; and
// that nothing in the directory shows that there was one does not make it begin.
func TestALostLedgerIsNoImportThatOnlyLooked(t *testing.T) {
	for name, c := range map[string]struct {
		more     string
		anchored bool
		renamed  bool
	}{
		"anchored accounts": {anchored: true},
		"no anchors":        {more: `, "anchor_attribute": null`},
		"renamed since":     {more: `, "anchor_attribute": null`, renamed: true},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t)
			s.observing(5, 13, c.more)
			file := s.file(s.person("Jane Doe"))
			r, err := s.onlyLook(file)
			require.NoError(t, err)
			s.run(file, starting(r.Plan.Digest))
			s.run(file)
			s.later(24 * time.Hour)
			file = s.file(s.person("Max Muster"))
			require.NoError(t, os.Remove(ledger.Path(s.cfg.ResolutionsFile)))
			s.built = writes(s.admin.Operations())
			if c.renamed {
				require.NoError(t, s.admin.Rename(t.Context(), s.managed(), s.ou.Child("OU", "Staff of plant")))
				s.cfg.ManagedUserPath = s.ou.Child("OU", "Staff of plant").String()
				s.built = writes(s.admin.Operations())
			}
			for _, change := range []func(*Options){func(*Options) {}, starting(r.Plan.Digest)} {
				_, err = s.onlyLook(file, change)
				require.ErrorIs(t, err, ErrConfiguration)
				assert.ErrorContains(t, err, "a person started this import on 2026-11-22")
			}
			s.cfg.Observe = nil
			_, err = s.onlyLook(file)
			require.ErrorContains(t, err, "is lost")
			if !c.anchored {
				assert.ErrorContains(t, err, "a person started this import on 2026-11-22")
			}
			s.accept = file.SHA256 // a person lets it through
			s.run(file)
			assert.NotContains(t, s.files(), s.looks())
		})
	}
}

// As long as a start was refused, no one has started anything.
func TestARefusedStartOnlyLooks(t *testing.T) {
	s := newScene(t)
	s.observing(5, 13, `, "limits": {"create": {"max": 0}}`)
	old := s.before("Anna Old")
	s.built = writes(s.admin.Operations())
	file := s.file(append(old, s.person("Jane Doe"))...)
	im := s.start(file, starting("00"))
	_, err := im.Run(t.Context())
	require.ErrorContains(t, err, "is lost")
	assert.NotNil(t, im.Unwritten(err).Observed, "the file was refused")
	s.accept = file.SHA256
	digest := s.dry(file).Plan.Digest
	im = s.start(file, starting(digest))
	r, err := im.Run(t.Context())
	require.NoError(t, err)
	require.NotNil(t, r.Report.Guard)
	assert.NotNil(t, r.Report.Observed, "a limit")
	assert.False(t, im.Begun())
	im = s.start(file, starting(digest), func(o *Options) { o.Confirm = digest })
	r, err = im.Run(t.Context())
	require.NoError(t, err)
	assert.Nil(t, r.Report.Observed)
	assert.True(t, im.Begun())
}

// A page that a limit opened begins nothing but the plan that was to be started.
func TestAPageBeginsNothingElse(t *testing.T) {
	s := newScene(t)
	old := s.before("Anna Old")
	s.observing(5, 13, `, "limits": {"create": {"max": 0}}`)
	s.built = writes(s.admin.Operations())
	file := s.file(append(old, s.person("Jane Doe", in("CN=t-Admins")))...)
	s.accept = file.SHA256
	r, err := s.onlyLook(file)
	require.NoError(t, err)
	im := s.start(file, starting(r.Plan.Digest))
	_, err = im.Run(t.Context())
	require.NoError(t, err)
	d := im.NewDesk(s.desks, "op as PLANT\\op")
	require.NotEmpty(t, s.look(d).Trips)
	q := s.question(d, plan.Join, "Jane Doe")
	looser := func() { im.Config.Limits["create"] = schema.Limit{} }
	other := func() { im.Config.GroupMap["t-Admins"] = append(im.Config.GroupMap["t-Admins"], "p-Viewers") }
	for i, change := range []func(){func() {}, looser, other} {
		name := fmt.Sprint("change ", i)
		change()
		view := s.look(d)
		for _, answer := range []plan.Answer{{ID: q.ID, Accept: true}, {ID: q.ID, Reason: "no"}} {
			_, err = d.Decide(t.Context(), []plan.Answer{answer}, func(plan.Result) {})
			require.ErrorContains(t, err, "no one has started this import", name)
		}
		if i > 0 {
			require.Error(t, d.Release(t.Context(), view.Plan, 1, nil), name)
		}
		assert.NoFileExists(t, ledger.Path(s.cfg.ResolutionsFile), name)
		assert.NoFileExists(t, s.cfg.ResolutionsFile, name)
		assert.Zero(t, s.written())
	}
	im.Config.Limits["create"] = schema.Limit{Max: new(int)}
	err = d.Release(t.Context(), s.look(d).Plan, 1, nil)
	require.ErrorContains(t, err, "--start names another plan")
	assert.NoFileExists(t, ledger.Path(s.cfg.ResolutionsFile))
}
