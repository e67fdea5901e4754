package importer

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/ad"
)

// entered is someone who is enabled by an entry of the resolutions file.
func entered(t *testing.T) (*scene, *Input) {
	s := newScene(t)
	file := s.file(s.person("Jane Doe", in("CN=t-Admins")), s.person("Max Muster"))
	s.run(file)
	s.with(`"accept_from_file": true, "restricted_groups": ["p-Admins"]`)
	s.resolutions(acceptedEnable, acceptedJoin)
	return s, file
}

func (s *scene) enabledBefore(t *testing.T, again *Result, at string) {
	for _, r := range s.keptAnswers() {
		assert.True(t, r.Done || r.Password == nil || *r.Password == "From-The-File-99!", at)
	}
	assert.NotContains(t, again.Report.Enabled, "Jane Doe", at)
}

// Wherever a run is killed: an entry that may have been carried out is marked, its
// password is nowhere, and it is not carried out again.
func testEntriesAreMarkedBeforeTheWrite(t *testing.T) {
	for _, carriedOut := range []bool{false, true} {
		for n := 1; ; n++ {
			at := fmt.Sprintf("write %d, carried out %v", n, carriedOut)
			s, file := entered(t)
			s.crashAt(n, carriedOut)
			if !s.crashed(file) {
				require.Greater(t, n, 2)
				break
			}
			s.mem.Fail(nil)
			assert.NotContains(t, s.files()["resolutions.json"], "From-The-File", at)
			works := !s.control("Jane Doe").Disabled()
			again := s.run(file)
			assert.Equal(t, works, !s.control("Jane Doe").Disabled(), at)
			s.enabledBefore(t, again, at)
			if !works {
				assert.Contains(t, questions(again.Plan.Questions), "enable Jane Doe (new)", at)
			}
		}
	}
}

// What was surely not done can be tried again: the entry is as it was.
func testRefusedEntryStays(t *testing.T) {
	s, file := entered(t)
	s.mem.Fail(func(op memOperation) error {
		if op.Write > 0 {
			return errDenied
		}
		return nil
	})
	r, err := s.start(file).Run(t.Context())
	require.NoError(t, err)
	require.NotEmpty(t, r.Report.Failed)
	assert.Contains(t, s.files()["resolutions.json"], "From-The-File")
	s.mem.Fail(nil)
	assert.Equal(t, []string{"Jane Doe"}, s.run(file).Report.Enabled)
	assert.NotContains(t, s.files()["resolutions.json"], "From-The-File")
}

// Nothing is carried out that could not be marked before.
func testUnmarkedEntryIsNotCarriedOut(t *testing.T) {
	s, file := entered(t)
	s.dir = &shutting{Directory: s.dir, path: s.cfg.ResolutionsFile}
	r, _ := s.start(file).Run(t.Context()) // what else is kept cannot be written, either
	assert.True(t, s.control("Jane Doe").Disabled())
	require.NotNil(t, r)
	assert.Empty(t, r.Report.Enabled)
	require.NotEmpty(t, r.Report.Failed)
	assert.Contains(t, r.Report.Failed[0].Reason, "the accepted entry could not be marked as done first")
}

// An answer was lost, and the next controller knows that it was carried out.
func testEntryAndALostController(t *testing.T) {
	for n := 1; n <= 2; n++ {
		for _, carriedOut := range []bool{false, true} {
			at := fmt.Sprintf("write %d, carried out %v", n, carriedOut)
			s, file := entered(t)
			pair := &succession{Directory: s.mem}
			s.dir = pair
			s.mem.Fail(dies(n, carriedOut))
			_, err := s.start(file).Run(t.Context())
			require.NoError(t, err, at)
			require.Equal(t, 1, pair.moves, at)
			enabled := !s.control("Jane Doe").Disabled()
			for _, r := range s.keptAnswers() {
				if r.Type == "enable" && enabled {
					assert.True(t, r.Done, at)
				}
			}
			if enabled {
				assert.NotContains(t, s.files()["resolutions.json"], "From-The-File", at)
			}
		}
	}
}

// What killed runs left behind is removed; it may hold passwords.
func testLeftoversAreRemoved(t *testing.T) {
	s, file := entered(t)
	folder := filepath.Dir(s.cfg.ResolutionsFile)
	for _, name := range []string{".resolutions.json.ABCDEFGHIJ.tmp", ".resolutions.state.json.ABCDEFGHIJ.tmp", ".other.json.ABCDEFGHIJ.tmp"} {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte("{"), 0o600))
	}
	s.run(file, func(o *Options) { o.DryRun = true })
	assert.Contains(t, s.files(), ".resolutions.json.ABCDEFGHIJ.tmp", "a dry run changes nothing")
	s.run(file)
	assert.NotContains(t, s.files(), ".resolutions.json.ABCDEFGHIJ.tmp")
	assert.NotContains(t, s.files(), ".resolutions.state.json.ABCDEFGHIJ.tmp")
	assert.Contains(t, s.files(), ".other.json.ABCDEFGHIJ.tmp")
}

// shutting puts a folder in the place of a file once it was read.
type shutting struct {
	Directory
	path string
	shut bool
}

func (s *shutting) Search(ctx context.Context, search ad.Search, each func(ad.Entry) error) (ad.Summary, error) {
	if search.Scope == ad.ScopeSubtree && !s.shut {
		s.shut = true
		if err := errors.Join(os.Remove(s.path), os.MkdirAll(filepath.Join(s.path, "x"), 0o700)); err != nil {
			return ad.Summary{}, err
		}
	}
	return s.Directory.Search(ctx, search, each)
}
