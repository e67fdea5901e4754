package files_test

import (
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/files"
)

// foreign is a folder of a user who is not root. These tests need root.
func foreign(t *testing.T) (folder, victim string) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("needs root, who alone can be led astray in another's folder")
	}
	folder, victim = t.TempDir(), filepath.Join(t.TempDir(), "victim")
	require.NoError(t, os.Chown(folder, 54321, 54321))
	require.NoError(t, os.WriteFile(victim, []byte("secret"), 0o600))
	return folder, victim
}

// Root follows no name that the owner of a folder put there meanwhile.
func TestReplaceInAnothersFolderSetsNoAccessByName(t *testing.T) {
	folder, victim := foreign(t)
	path := filepath.Join(folder, "ledger.json")
	require.NoError(t, os.WriteFile(path, nil, 0o755))
	require.NoError(t, os.Chmod(path, 0o755))
	_ = files.Replace(path, 0o600, func(out io.Writer) error {
		temp, err := filepath.Glob(filepath.Join(folder, ".ledger.json.*.tmp"))
		require.NoError(t, err)
		require.Len(t, temp, 1)
		require.NoError(t, os.Remove(temp[0]))
		require.NoError(t, os.Symlink(victim, temp[0]))
		_, err = out.Write([]byte("new"))
		return err
	})
	info, err := os.Stat(victim)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
}

func TestAppendInAnothersFolder(t *testing.T) {
	folder, victim := foreign(t)
	link := filepath.Join(folder, "link.log")
	require.NoError(t, os.Symlink(victim, link))
	_, err := files.Append(link)
	require.ErrorContains(t, err, "is a link, which could have been made by")
	dangling := filepath.Join(folder, "dangling.log")
	require.NoError(t, os.Symlink(victim+".new", dangling))
	_, err = files.Append(dangling)
	require.Error(t, err)
	assert.NoFileExists(t, victim+".new")

	f, err := files.Append(filepath.Join(folder, "own.log"))
	require.NoError(t, err)
	_, err = f.WriteString("line\n")
	require.NoError(t, err)
	require.NoError(t, f.Close())
	another := filepath.Join(folder, "another.log")
	require.NoError(t, os.Link(filepath.Join(folder, "own.log"), another))
	_, err = files.Append(another)
	require.ErrorContains(t, err, "another name")

	mine, err := files.Append(filepath.Join(t.TempDir(), "import.log"))
	require.NoError(t, err)
	assert.Nil(t, mine, "in a folder of root's own names lead nowhere else")
}

// A log file behind a folder that others lead elsewhere.
func TestALogFileBehindALinkOfOthersIsRefused(t *testing.T) {
	folder, victim := foreign(t)
	require.NoError(t, os.Symlink(filepath.Dir(victim), filepath.Join(folder, "logs")))
	_, err := files.Append(filepath.Join(folder, "logs/victim"))
	require.ErrorContains(t, err, "logs is a link, which could have been made by its owner, the user 54321")

	below := filepath.Join(folder, "below")
	require.NoError(t, os.Mkdir(below, 0o700))
	f, err := files.Append(filepath.Join(below, "import.log"))
	require.NoError(t, err)
	require.NotNil(t, f, "whose folder that is above root's own can exchange it")
	require.NoError(t, f.Close())

	mine := t.TempDir()
	require.NoError(t, os.Symlink(filepath.Join(mine, "later.log"), filepath.Join(mine, "import.log")))
	f, err = files.Append(filepath.Join(mine, "import.log"))
	require.NoError(t, err)
	assert.Nil(t, f, "a link of root's leads to a file that comes yet")
}
