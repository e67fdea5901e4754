package importer

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/ledger"
	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/internal/memad"
	"ad-user-sync/schema"
)

func TestLedgerRoundTrip(t *testing.T) {
	path := filepath.Join(t.TempDir(), "resolutions.state.json")
	empty, err := ledger.Load(path)
	require.NoError(t, err)
	assert.Empty(t, empty.Containers)

	at := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	container, account := adrules.GUID{1}, adrules.GUID{2}
	want := ledger.New()
	want.Containers[container] = ledger.Record{
		File: ledger.AcceptedFile{SHA256: "5c", Newest: at, Domain: "corp.example", Scope: "f", Searches: []string{"x"}, Signed: true, Complete: true, Anchored: true},
		Run:  ledger.RunMark{ID: "r", Controller: "dc1", Started: at, Finished: true}, Finished: true,
		Accounts: map[adrules.GUID]ledger.Account{account: {Anchor: "a", MeantAnchor: "b", How: plan.HowCreated, Expires: 1, MeantExpires: 2,
			DisabledFor: plan.MissingInFile, MeantDisable: plan.DisabledInSource, DisabledAt: at, WasEnabled: true}},
		Intended: map[string]time.Time{"a": at}, Groups: map[string]string{"cn=g": "S-1"},
		Recent: []ledger.Recent{{At: at, People: map[plan.Kind][]string{plan.Disable: {"x", "y"}}}},
	}
	require.NoError(t, want.Save(path))
	got, err := ledger.Load(path)
	require.NoError(t, err)
	assert.Equal(t, want, got)
	info, err := os.Stat(path)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
}

// Where an account was seen last is how a person finds one that is seen nowhere.
func TestLedgerKeepsTheLastSight(t *testing.T) {
	s := newScene(t)
	file := s.staffed(s.person("Jane Doe"))
	last := func() (known ledger.Account) {
		kept, err := ledger.Load(ledger.Path(s.cfg.ResolutionsFile))
		require.NoError(t, err)
		for _, known = range kept.Containers[s.get(s.managed(), "objectGUID").GUID()].Accounts {
		}
		return known
	}
	want := plan.Sight{DN: s.account("Jane Doe").String(), CN: "Jane Doe", AccountName: "jane", At: s.now}
	assert.Equal(t, want, last().Seen)
	assert.True(t, last().Enabled, "by the desk, and not read since")
	file.File.Users[0].CN, file.File.Users[0].SAMAccountName = "Jane Smith", "jsmith"
	s.run(s.file(file.File.Users...))
	want.DN, want.CN, want.AccountName = s.account("Jane Smith").String(), "Jane Smith", "jsmith"
	assert.Equal(t, want, last().Seen, "renamed, and not read since")
	s.run(s.file(s.person("Max Muster", disabled)), func(o *Options) { o.Confirm = "" })
	assert.Equal(t, want, last().Seen)
	assert.False(t, last().Enabled)
	for name, content := range s.files() {
		assert.NotContains(t, content, "Correct-Horse", name)
	}
}

func testUnreadableLedgerIsLost(t *testing.T) {
	for name, content := range map[string]string{
		"garbage": "{", "empty": "", "no version": `{"containers": {}}`, "another shape": `{"version": 1, "containers": []}`,
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t)
			s.run(s.file(s.person("Jane Doe")))
			path := ledger.Path(s.cfg.ResolutionsFile)
			require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
			in := s.file(s.person("Jane Doe"))
			_, err := s.start(in).Run(t.Context())
			require.ErrorContains(t, err, "is lost, while these accounts carry an anchor: Jane Doe")

			r := s.run(in, func(o *Options) { o.Accept = in.SHA256 })
			assert.Empty(t, r.Report.Created)
			assert.Empty(t, r.Report.Changes)
			kept, err := os.ReadFile(path + ".unreadable")
			require.NoError(t, err)
			assert.Equal(t, content, string(kept), "it may know other containers")
			s.run(s.file(s.person("Jane Doe")))
		})
	}
}

func testTrustedAnchorsAreThoseOfThisSourceOnly(t *testing.T) {
	s := newScene(t)
	s.user(s.account("Foreign"), "foreign", map[string]string{"adminDescription": "ad-user-sync:" + s.anchor("Foreign") + "@other.example"})
	s.user(s.account("Jane Doe"), "jane", map[string]string{"adminDescription": "ad-user-sync:" + s.anchor("Jane Doe") + "@corp.example"})
	in := s.file(s.person("Jane Doe"))
	r := s.run(in, func(o *Options) { o.Accept = in.SHA256 })
	assert.Empty(t, r.Report.Disabled)
	require.Len(t, r.Report.Unmanaged, 1)
	assert.Equal(t, string(plan.Foreign), r.Report.Unmanaged[0].Code)
}

func testLedgerIsWrittenBeforeTheDirectory(t *testing.T) {
	s := newScene(t)
	s.mem.Fail(func(op memOperation) error {
		if op.Write > 0 {
			assert.Contains(t, s.files()["resolutions.state.json"], s.anchor("Jane Doe"))
		}
		return nil
	})
	s.run(s.file(s.person("Jane Doe")))
}

func testLedgerThatCanNotBeWrittenStopsTheRun(t *testing.T) {
	s := newScene(t)
	in := s.file(s.person("Jane Doe"))
	require.NoError(t, os.Mkdir(ledger.Path(s.cfg.ResolutionsFile), 0o700))
	require.NoError(t, os.MkdirAll(ledger.Path(s.cfg.ResolutionsFile)+".unreadable/x", 0o700))
	_, err := s.start(in).Run(t.Context())
	require.ErrorContains(t, err, "ledger")
	assert.Zero(t, s.written())
}

func testIntentsDoNotOutliveTheirRun(t *testing.T) {
	s := newScene(t)
	s.mem.Fail(func(op memOperation) error {
		if op.Kind == "add" && !op.Done {
			return errDenied
		}
		return nil
	})
	im := s.start(s.file(s.person("Jane Doe")))
	r, err := im.Run(t.Context())
	require.NoError(t, err)
	require.NotEmpty(t, r.Report.Failed)
	assert.NotContains(t, s.files()["resolutions.state.json"], `"intended"`, "a refused creation vouches for nobody's account")

	s.mem.Fail(nil)
	s.user(s.account("Somebody"), "somebody", map[string]string{"adminDescription": "ad-user-sync:" + s.anchor("Jane Doe") + "@corp.example"})
	d := s.desk(s.file(s.person("Jane Doe")))
	assert.Equal(t, []string{"adopt Jane Doe (unconfirmed anchor)"}, questions(s.look(d).Questions))
}

func TestAccountDeletedByHandIsMadeAnewIfAPersonSaysSo(t *testing.T) {
	s := newScene(t)
	file := s.staffed(s.person("Jane Doe"))
	former := s.get(s.account("Jane Doe"), "objectGUID").GUID()
	kept, err := ledger.Load(ledger.Path(s.cfg.ResolutionsFile))
	require.NoError(t, err)
	container := s.get(s.managed(), "objectGUID").GUID()
	require.Len(t, kept.Containers[container].Accounts, 1)
	s.remove(s.account("Jane Doe"))
	s.unlisted("gone")

	d := s.desk(file)
	q := s.question(d, plan.Create, "Jane Doe")
	assert.Equal(t, plan.SeenNowhere, q.Reason)
	assert.Equal(t, plan.Field{Code: plan.FieldLastSeen, After: []string{s.account("Jane Doe").String() + " (account name jane, objectGUID " + former.String() + "), enabled on 2026-11-22"}}, q.Context[0])
	assert.Len(t, s.look(d).Questions, 1, "nothing else")
	s.mem.Fail(memad.AtWrite(1, errDenied))
	assert.Equal(t, plan.NotDone, s.decide(d, plan.Answer{ID: q.ID, Accept: true})[0].Outcome)
	s.mem.Fail(nil)
	assert.Equal(t, q.ID, s.question(d, plan.Create, "Jane Doe").ID, "what could not be made replaces nothing")

	s.crashAt(1, true)
	require.True(t, wasKilled(func() { s.decide(d, plan.Answer{ID: q.ID, Accept: true}) }))
	s.mem.Fail(nil)
	s.run(file)
	kept, err = ledger.Load(ledger.Path(s.cfg.ResolutionsFile))
	require.NoError(t, err)
	assert.Len(t, kept.Containers[container].Accounts, 1)
	assert.Contains(t, kept.Containers[container].Deleted, former, "from a backup it could come back")
	assert.Equal(t, []string{"enable Jane Doe (new)"}, questions(s.look(s.desk(file)).Questions))
}

// What cannot be read, or not be understood, is not lost: nothing is written, and
// --accept-file lets nothing through.
func testLedgerThatIsNotLostStaysUntouched(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(path string) error
		says  string
	}{
		"a newer version": {func(path string) error {
			return os.WriteFile(path, []byte(`{"version": 5, "containers": []}`), 0o600)
		}, "a newer program wrote it (version 5, this one knows 4)"},
		"cannot be read": {func(path string) error { return errors.Join(os.Remove(path), os.Mkdir(path, 0o700)) }, "It is not lost"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t)
			jane := s.person("Jane Doe")
			s.run(s.file(jane))
			require.NoError(t, c.spoil(ledger.Path(s.cfg.ResolutionsFile)))
			before, usn := s.contents(), s.mem.HighestUSN()
			in := s.file(jane)
			for _, accept := range []string{"", in.SHA256} {
				_, err := s.start(in, func(o *Options) { o.Accept = accept }).Run(t.Context())
				require.ErrorContains(t, err, c.says)
				var refused *Refusal
				assert.False(t, errors.As(err, &refused), "exit code 1, not 3")
			}
			assert.Equal(t, before, s.contents())
			assert.Equal(t, usn, s.mem.HighestUSN())
			var failed []string
			Check(t.Context(), CheckOptions{Config: s.cfg, Directory: s.dir, Input: in, Clock: s.start(in).Clock}, func(step schema.CheckStep) {
				if step.State == schema.CheckFailed {
					failed = append(failed, step.Text)
				}
			})
			require.Len(t, failed, 1)
			assert.Contains(t, failed[0], c.says)
		})
	}
}

// contents are the names in the import's folder, and what the files hold.
func (s *scene) contents() map[string]string {
	found := map[string]string{}
	folder := filepath.Dir(s.cfg.ResolutionsFile)
	entries, err := os.ReadDir(folder)
	require.NoError(s.t, err)
	for _, e := range entries {
		data, _ := os.ReadFile(filepath.Join(folder, e.Name()))
		found[e.Name()] = string(data)
	}
	return found
}

// A ledger of the first version is read, and written as what this one is.
func testFirstLedgerIsRead(t *testing.T) {
	s := newScene(t)
	jane := s.person("Jane Doe")
	s.run(s.file(jane))
	path := ledger.Path(s.cfg.ResolutionsFile)
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Contains(t, string(data), `"version": 4`)
	old := regexp.MustCompile(`(?s) "controllers": \[.*?\],\n`).ReplaceAllString(strings.Replace(string(data), `"version": 4`, `"version": 1`, 1), "")
	require.NotContains(t, old, "controllers")
	require.NoError(t, os.WriteFile(path, []byte(old), 0o600))
	assert.Empty(t, s.run(s.file(jane)).Plan.Actions)
	data, err = os.ReadFile(path)
	require.NoError(t, err)
	assert.Contains(t, string(data), `"version": 4`)
}
