package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rs/zerolog"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/approval"
	"ad-user-sync/import/plan"
	"ad-user-sync/internal/memad"
	"ad-user-sync/schema"
	"ad-user-sync/schema/config"
)

func newStory(t *testing.T) (*story, *bytes.Buffer) {
	t.Helper()
	folder, err := NewFolder(filepath.Join(t.TempDir(), "new"))
	require.NoError(t, err)
	var out bytes.Buffer
	s, err := begin(Options{Folder: folder, Out: &out, Tool: "ad-user-sync 1.0.0", Operator: "somebody"})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.logFile.Close()) })
	return s, &out
}

func report(t *testing.T, s *story, name string) schema.Report {
	t.Helper()
	i := slices.IndexFunc(s.reports, func(k keptReport) bool { return k.name == name })
	require.GreaterOrEqual(t, i, 0, "no report %s", name)
	return s.reports[i].report
}

func TestTheStoryWithoutAPerson(t *testing.T) {
	s, out := newStory(t)
	require.NoError(t, s.tell(context.Background()))

	first := report(t, s, "1-first-import")
	assert.Len(t, first.Created, 19)
	assert.Equal(t, []string{"CORP Piotr Wiśniewski"}, first.Adopted)
	assert.Empty(t, first.Enabled)
	assert.Len(t, report(t, s, "2-first-decisions").Enabled, 18)

	dry, second := report(t, s, "3-dry-run"), report(t, s, "4-second-import")
	assert.True(t, dry.DryRun)
	assert.Equal(t, dry.Plan, second.Plan)
	assert.ElementsMatch(t, []string{"CORP Anna Nowak", "CORP Kim Ji-won", "CORP Kim Ji-woo"}, second.Renamed)
	assert.ElementsMatch(t, []string{"CORP Lucas Oliveira", "CORP Rafael Silva", "CORP Sinéad O'Brien"}, second.Disabled)

	stopped := report(t, s, "5-limit")
	require.NotNil(t, stopped.Guard)
	assert.Equal(t, "disable", stopped.Guard.Name)
	assert.Zero(t, stopped.Operations.Adds+stopped.Operations.Modifies+stopped.Operations.Renames)

	kinds := map[string]bool{}
	for _, q := range report(t, s, "6-today").RequiredInteractions {
		kinds[q.Type] = true
	}
	assert.Equal(t, map[string]bool{"enable": true, "join": true, "leave": true, "disable": true, "name": true, "adopt": true}, kinds)

	end := report(t, s, "9-nothing-left")
	assert.Empty(t, end.Changes)
	assert.Empty(t, end.RequiredInteractions)
	assert.Empty(t, end.Failed)
	assert.Contains(t, out.String(), "0 changes")
	assert.NotContains(t, out.String(), "\u202E", "what cannot be seen is made visible")
}

func TestFilesOfTheStory(t *testing.T) {
	s, out := newStory(t)
	require.NoError(t, s.tell(context.Background()))
	for _, name := range []string{"users-1.json", "users-2.json", "users-3.json", "users-4.json"} {
		input, err := s.open(name)
		require.NoError(t, err, name)
		assert.True(t, input.Signed, name)
	}
	_, err := s.open("users-2-damaged.json")
	require.Error(t, err)
	for _, kept := range s.reports {
		text, err := os.ReadFile(s.path(filepath.Join(reportsDir, kept.name+".json")))
		require.NoError(t, err)
		var r schema.Report
		require.NoError(t, json.Unmarshal(text, &r))
		assert.Equal(t, kept.report.Run, r.Run)
		assert.FileExists(t, s.path(filepath.Join(reportsDir, kept.name+".txt")))
	}
	cfg, warnings, err := config.LoadImport(s.path(importFile))
	require.NoError(t, err)
	assert.Empty(t, warnings)
	assert.Equal(t, schema.Approve{Disable: true, Leave: true}, cfg.Approve)
	noSecrets(t, s, out.String())
}

// noSecrets looks for every password that was made, and for the key.
func noSecrets(t *testing.T, s *story, narration string) {
	t.Helper()
	key, err := os.ReadFile(s.path(keyFile))
	require.NoError(t, err)
	secrets := []string{strings.TrimSpace(string(key))}
	for _, password := range s.world.secrets.made {
		secrets = append(secrets, password.Reveal())
	}
	require.Greater(t, len(secrets), 2*18, "the domains' own, and those of the enabled")
	texts := map[string]string{"narration": narration}
	require.NoError(t, filepath.WalkDir(s.options.Folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || entry.Name() == keyFile {
			return err
		}
		text, err := os.ReadFile(path)
		texts[path] = string(text)
		return err
	}))
	require.Greater(t, len(texts), 20)
	for name, text := range texts {
		for _, secret := range secrets {
			assert.False(t, strings.Contains(text, secret), "a secret is in %s", name)
		}
	}
}

// Someone who rejects one question and leaves all others.
func TestAPersonDecides(t *testing.T) {
	s, out := newStory(t)
	asked := 0
	s.options.Page = func(cfg schema.Session, desk approval.Desk, _ zerolog.Logger) error {
		view, err := desk.Look(context.Background())
		require.NoError(t, err)
		asked = len(view.Questions)
		_, err = desk.Decide(context.Background(), []plan.Answer{{ID: view.Questions[0].ID}}, func(plan.Result) {})
		return err
	}
	require.NoError(t, s.tell(context.Background()))
	assert.Greater(t, asked, len(sorts))
	end := report(t, s, "9-nothing-left")
	assert.Empty(t, end.Changes)
	assert.Len(t, end.RequiredInteractions, asked-1)
	assert.Contains(t, out.String(), "Left open: "+schema.Plural(asked-1, "question"))
}

func TestAnInterruptEndsThePageAndNotTheStory(t *testing.T) {
	s, out := newStory(t)
	ctx, interrupt := context.WithCancel(context.Background())
	s.options.Page = func(schema.Session, approval.Desk, zerolog.Logger) error {
		interrupt()
		return nil
	}
	require.NoError(t, s.tell(ctx))
	assert.Contains(t, out.String(), "Look at "+s.options.Folder)
}

func TestTheStoryEndsWhereItDoesNotKeepItsWord(t *testing.T) {
	for name, fault := range map[string]func(memad.Operation) error{
		"a refused write": func(op memad.Operation) error { return memad.DeniedOn(op.DN)(op) },
		"a lost domain":   memad.DownFrom(1),
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := newStory(t)
			s.world.plant.Fail(fault)
			require.ErrorContains(t, s.tell(context.Background()), "step 3")
		})
	}
	t.Run("the limit does not trip", func(t *testing.T) {
		s, _ := newStory(t)
		loose := bytes.Replace(importConfig, []byte(`"approve"`), []byte(`"limits": {"disable": {"count": null}, "leave": {"count": null}}, "approve"`), 1)
		require.NoError(t, os.WriteFile(s.path(importFile), loose, 0o600))
		require.ErrorContains(t, s.tell(context.Background()), "a limit stops users-3.json")
	})
}
