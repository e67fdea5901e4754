package importer

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/files"
	"ad-user-sync/schema"
)

// resolutions writes the resolutions file as someone else left it.
func (s *scene) resolutions(entries ...string) {
	s.t.Helper()
	text := `{"resolutions": [` + strings.Join(entries, ",\n") + `]}`
	require.NoError(s.t, os.WriteFile(s.cfg.ResolutionsFile, []byte(text), 0o600))
}

func (s *scene) keptAnswers() []schema.Resolution {
	s.t.Helper()
	list, err := LoadResolutions(s.cfg.ResolutionsFile)
	require.NoError(s.t, err)
	return list
}

const (
	acceptedEnable = `{"type": "enable", "user": "Jane Doe", "accept": true, "password": "From-The-File-99!", "timestamp": "2026-11-22T09:00:00Z"}`
	acceptedJoin   = `{"type": "join", "user": "Jane Doe", "group": "p-Admins", "accept": true, "timestamp": "2026-11-22T09:00:00Z"}`
	otherJoin      = `{"type": "join", "user": "Jane Doe", "group": "p-Editors", "accept": true, "timestamp": "2026-11-22T09:00:00Z"}`
)

// Rule 28.
func testAcceptedEntriesAreCarriedOutOnce(t *testing.T) {
	s := newScene(t)
	file := s.file(s.person("Jane Doe", in("CN=t-Admins", "CN=t-Editors")))
	s.run(file)
	s.resolutions(acceptedEnable, acceptedJoin, otherJoin)
	s.run(file)
	assert.True(t, s.control("Jane Doe").Disabled(), "off by default")

	s.with(`"accept_from_file": true, "restricted_groups": ["p-Admins", "p-Editors"]`)
	s.leave("p-Editors", s.account("Jane Doe"))
	editors := ad.ByGUID(s.get(s.group("p-Editors"), "objectGUID").GUID()).String()
	s.mem.Fail(func(op memOperation) error { // one of the two joins is refused
		if op.Write > 0 && len(op.Changes) > 0 && op.Changes[0].Attribute == "member" && op.DN.String() == editors {
			return errDenied
		}
		return nil
	})
	_, err := s.start(file).Run(t.Context())
	require.NoError(t, err)
	s.mem.Fail(nil)
	assert.False(t, s.control("Jane Doe").Disabled())
	assert.Equal(t, []string{"Jane Doe"}, s.members("p-Admins"))
	done := map[string]bool{}
	for _, r := range s.keptAnswers() {
		done[r.Type+r.Group] = r.Done
		assert.Equal(t, s.anchor("Jane Doe"), r.Anchor)
	}
	assert.False(t, done["joinp-Editors"], "what was refused is not done")
	assert.NotContains(t, s.files()["resolutions.json"], "From-The-File")

	s.run(file)
	assert.Equal(t, []string{"Jane Doe"}, s.members("p-Editors"))
	s.leave("p-Admins", s.account("Jane Doe"))
	r := s.run(file)
	assert.Equal(t, []string{"join Jane Doe (group_map)"}, questions(r.Plan.Questions), "once")
}

func testAcceptedEntryFromTheFuture(t *testing.T) {
	s := newScene(t)
	s.resolutions(strings.ReplaceAll(acceptedEnable, "2026", "2027"))
	_, err := s.start(s.file(s.person("Jane Doe"))).Run(t.Context())
	require.ErrorIs(t, err, ErrConfiguration)
	require.ErrorContains(t, err, "in the future")
	assert.Zero(t, s.written())
}

// Rule 30.
func testUnknownEntriesAreKept(t *testing.T) {
	s := newScene(t)
	const unknown = `{"type": "teleport", "user": "Jane Doe", "where": [1, 2]}`
	const stranger = `{"type": "enable", "user": "Not Here", "accept": false, "timestamp": "2020-01-01T00:00:00"}`
	file := s.file(s.person("Jane Doe"))
	s.run(file)
	s.resolutions(unknown, stranger, `{"type": "enable", "user": "Jane Doe", "accept": false, "timestamp": "2026-11-22T09:00:00Z", "note": "extra"}`)
	s.run(file)
	s.run(file)
	text := s.files()["resolutions.json"]
	assert.Contains(t, text, `"teleport"`)
	assert.Contains(t, text, `"Not Here"`)
	assert.Contains(t, text, `"extra"`)
	before := s.stat("resolutions.json")
	s.run(file)
	assert.Equal(t, before, s.stat("resolutions.json"), "not rewritten when unchanged")

	n, err := Forget(t.Context(), s.cfg.ResolutionsFile, func(r schema.Resolution) bool { return r.User != "Not Here" })
	require.NoError(t, err)
	assert.Equal(t, 1, n)
	assert.Contains(t, s.files()["resolutions.json"], `"teleport"`)
	n, err = Forget(t.Context(), s.cfg.ResolutionsFile, func(schema.Resolution) bool { return false })
	require.NoError(t, err)
	assert.Zero(t, n)
}

func testForgetWaitsForTheLock(t *testing.T) {
	s := newScene(t)
	s.resolutions(acceptedEnable)
	unlock, err := files.Lock(t.Context(), s.cfg.ResolutionsFile+".lock", 0)
	require.NoError(t, err)
	done := make(chan int)
	go func() {
		n, _ := Forget(t.Context(), s.cfg.ResolutionsFile, func(schema.Resolution) bool { return true })
		done <- n
	}()
	assert.Len(t, s.keptAnswers(), 1)
	unlock()
	assert.Equal(t, 1, <-done)
}

func TestUnreadableResolutionsAreAConfigurationFault(t *testing.T) {
	s := newScene(t)
	s.resolutions(`{"type": "enable", "accept": 1}`)
	_, err := s.start(s.file(s.person("Jane Doe"))).Run(t.Context())
	require.ErrorIs(t, err, ErrConfiguration)
	assert.Zero(t, s.written())
}

// An empty file is a fault of the files like any other, and has a way on.
func TestEmptyResolutionsFile(t *testing.T) {
	s := newScene(t)
	for _, content := range []string{"", " \n"} {
		require.NoError(t, os.WriteFile(s.cfg.ResolutionsFile, []byte(content), 0o600))
		_, err := s.start(s.file(s.person("Jane Doe"))).Run(t.Context())
		require.ErrorIs(t, err, ErrConfiguration, "exit code 2")
		if content == "" {
			assert.ErrorContains(t, err, "it is empty. Put it back from a backup, or delete it")
		}
		assert.Zero(t, s.written())
	}
}

// Kept answers are not lost without a word.
func TestResolutionsFileThatIsGoneIsNamed(t *testing.T) {
	s := newScene(t)
	file := s.file(s.person("Jane Doe"), s.person("Max Muster"))
	d := s.desk(file)
	notices := func(change ...func(*Options)) string {
		return strings.Join(s.run(file, change...).Report.Notices, "\n")
	}
	assert.NotContains(t, notices(), "is gone", "there never was one")
	for _, cn := range []string{"Jane Doe", "Max Muster"} {
		s.decide(d, plan.Answer{ID: s.question(d, plan.Enable, cn).ID})
	}
	assert.NotContains(t, notices(), "is gone")
	before, err := os.ReadFile(s.cfg.ResolutionsFile)
	require.NoError(t, err)

	require.NoError(t, os.Remove(s.cfg.ResolutionsFile))
	const gone = "resolutions.json is gone, and with it 2 kept answers: what was rejected is asked, or done, again. Put it back from a backup"
	assert.Contains(t, notices(func(o *Options) { o.DryRun = true }), gone)
	assert.Contains(t, notices(), gone)
	assert.Contains(t, notices(), gone, "until there is one")
	var warned []string
	Check(t.Context(), CheckOptions{Config: s.cfg, Directory: s.dir, Input: file, Clock: func() time.Time { return s.now }}, func(step schema.CheckStep) {
		if step.Step == "resolutions" && step.State == schema.CheckWarning {
			warned = append(warned, step.Text)
		}
	})
	assert.Contains(t, strings.Join(warned, "\n"), gone)
	require.NoError(t, os.WriteFile(s.cfg.ResolutionsFile, before, 0o600))
	assert.NotContains(t, notices(), "is gone")

	s.resolutions()
	assert.NotContains(t, notices(), "is gone", "it was meant")
	require.NoError(t, os.Remove(s.cfg.ResolutionsFile))
	assert.NotContains(t, notices(), "is gone", "and nothing was in it")
}

// The users of the older tool decide about people before the first import.
func TestEntriesOfTheOlderToolFromBeforeTheFirstImport(t *testing.T) {
	s := newScene(t)
	s.with(`"accept_from_file": true, "restricted_groups": ["p-Admins"]`)
	s.later(24 * time.Hour)
	s.resolutions(acceptedEnable, acceptedJoin)
	file := s.file(s.person("Jane Doe", in("CN=t-Admins")))
	s.run(file)
	assert.True(t, s.control("Jane Doe").Disabled(), "the account is not there before")
	r := s.run(file)
	assert.False(t, s.control("Jane Doe").Disabled())
	assert.Equal(t, []string{"Jane Doe"}, s.members("p-Admins"))
	assert.Empty(t, r.Plan.Questions)
	for _, e := range s.keptAnswers() {
		assert.True(t, e.Done)
	}
	assert.NotContains(t, s.files()["resolutions.json"], "From-The-File")
	s.set(s.account("Jane Doe"), "userAccountControl", "514")
	s.leave("p-Admins", s.account("Jane Doe"))
	assert.Len(t, s.run(file).Plan.Questions, 2, "once")
}
