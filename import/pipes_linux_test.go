package importer

import (
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/ledger"
)

// A pipe in the place of a file of ours ends the run before it writes; no run waits for it.
func TestAPipeInThePlaceOfAFileEndsTheRun(t *testing.T) {
	for name, path := range map[string]func(s *scene) string{
		"ledger":      func(s *scene) string { return ledger.Path(s.cfg.ResolutionsFile) },
		"lock":        func(s *scene) string { return ledger.LockPath(s.cfg.ResolutionsFile) },
		"resolutions": func(s *scene) string { return s.cfg.ResolutionsFile },
		"looks":       func(s *scene) string { return ledger.LooksPath(s.cfg.ResolutionsFile) },
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t)
			if name == "looks" {
				s.observing(5, 13, "")
			}
			require.NoError(t, syscall.Mkfifo(path(s), 0o600))
			done := make(chan error, 1)
			go func() {
				_, err := s.start(s.file(s.person("Jane Doe"))).Run(t.Context())
				done <- err
			}()
			select {
			case err := <-done:
				require.Error(t, err)
			case <-time.After(10 * time.Second):
				t.Fatal("it waits for the pipe")
			}
			assert.Zero(t, s.written())
			info, err := os.Lstat(path(s))
			require.NoError(t, err)
			assert.NotZero(t, info.Mode()&os.ModeNamedPipe, "it is as it was")
		})
	}
}
