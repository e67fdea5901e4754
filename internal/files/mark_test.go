package files_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/files"
)

func markElsewhere(t *testing.T, prefix string) (process *exec.Cmd, release func()) {
	t.Helper()
	return elsewhere(t, exec.Command(os.Args[0]), markEnv+"="+prefix)
}

func left(t *testing.T, folder string) int {
	t.Helper()
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	return len(entries)
}

func TestMarksTellOfEachOther(t *testing.T) {
	folder := t.TempDir()
	prefix := filepath.Join(folder, "resolutions [1].json.session-")
	mine, err := files.MakeMark(t.Context(), prefix)
	require.NoError(t, err)
	assert.Empty(t, mine.Others(), "not oneself")
	require.NoError(t, os.WriteFile(filepath.Join(folder, "resolutions [1].json"), nil, 0o600))
	require.NoError(t, os.Mkdir(prefix+"folder", 0o700))

	other, release := markElsewhere(t, prefix)
	host, _ := os.Hostname()
	require.Len(t, mine.Others(), 1)
	assert.Contains(t, mine.Others()[0], fmt.Sprintf("process %d on %s, since 2", other.Process.Pid, host))
	another, err := files.MakeMark(t.Context(), prefix)
	require.NoError(t, err)
	assert.Len(t, mine.Others(), 2)
	another.Remove()
	release()
	require.NoError(t, other.Wait())
	assert.Empty(t, mine.Others())
	mine.Remove()
	assert.Equal(t, 2, left(t, folder), "no mark stays behind")
}

// Whose process was killed is no one's neighbour, and what it left is cleared away.
func TestMarkOfAKilledProcess(t *testing.T) {
	folder := t.TempDir()
	prefix := filepath.Join(folder, "session-")
	other, _ := markElsewhere(t, prefix)
	mine, err := files.MakeMark(t.Context(), prefix)
	require.NoError(t, err)
	require.Len(t, mine.Others(), 1)
	require.NoError(t, other.Process.Kill())
	_ = other.Wait()
	assert.Empty(t, mine.Others())
	assert.Equal(t, 2, left(t, folder), "it might be one that is just being made")
	old := time.Now().Add(-time.Hour)
	marks, err := filepath.Glob(prefix + "*")
	require.NoError(t, err)
	for _, path := range marks {
		require.NoError(t, os.Chtimes(path, old, old))
	}
	assert.Empty(t, mine.Others())
	assert.Equal(t, 1, left(t, folder), "the own one stays")
	mine.Remove()
}

// A link in place of a mark is not followed, and one that was forged tells nothing.
func TestMarkThatIsALink(t *testing.T) {
	folder := t.TempDir()
	mine, err := files.MakeMark(t.Context(), filepath.Join(folder, "session-"))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "other"), []byte("text"), 0o600))
	require.NoError(t, os.Symlink(filepath.Join(folder, "other"), filepath.Join(folder, "session-link")))
	assert.Empty(t, mine.Others())
	assert.FileExists(t, filepath.Join(folder, "other"))
	mine.Remove()
	_, err = files.MakeMark(t.Context(), filepath.Join(folder, "nowhere", "session-"))
	require.ErrorContains(t, err, "tell others of this process")
}
