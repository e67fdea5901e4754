package files_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/files"
)

func testCheckPrivate(t *testing.T) {
	if !posix {
		return
	}
	for _, c := range []struct {
		name           string
		folder, file   fs.FileMode // file 0: missing
		fault, warning bool
	}{
		{"owner only", 0o700, 0o600, false, false},
		{"readable by everybody", 0o755, 0o644, false, true},
		{"writable by the group", 0o775, 0o660, false, false},
		{"writable by everybody", 0o700, 0o602, true, false},
		{"folder writable by everybody", 0o777, 0o600, true, false},
		{"folder sticky", 0o777 | fs.ModeSticky, 0o600, false, false},
		{"missing", 0o700, 0, false, false},
		{"missing, folder writable by everybody", 0o777, 0, true, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			folder := filepath.Join(t.TempDir(), "folder")
			require.NoError(t, os.Mkdir(folder, 0o700))
			path := filepath.Join(folder, "config.json")
			if c.file != 0 {
				require.NoError(t, os.WriteFile(path, nil, 0o600))
				require.NoError(t, os.Chmod(path, c.file))
			}
			require.NoError(t, os.Chmod(folder, c.folder))
			fault, warning := files.CheckPrivate(path)
			assert.Equal(t, c.fault, fault != nil, "%v", fault)
			assert.Equal(t, c.warning, warning != nil, "%v", warning)
			if fault != nil {
				assert.ErrorContains(t, fault, "chmod o-w '")
			}
		})
	}
}

func testCheckPrivateLooksBehindLinks(t *testing.T) {
	if !posix {
		return
	}
	root := t.TempDir()
	open, closed := filepath.Join(root, "open"), filepath.Join(root, "closed")
	require.NoError(t, os.Mkdir(open, 0o700))
	require.NoError(t, os.Mkdir(closed, 0o700))
	require.NoError(t, os.Chmod(open, 0o777))
	for _, c := range []struct{ link, target string }{{open, closed}, {closed, open}} {
		target, link := filepath.Join(c.target, "target"), filepath.Join(c.link, "link")
		require.NoError(t, os.WriteFile(target, nil, 0o600))
		require.NoError(t, os.Symlink(target, link))
		fault, _ := files.CheckPrivate(link)
		assert.Error(t, fault, "%s -> %s", link, target)
	}
}

func testWhatIsCreatedIsPrivate(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "a", "b")
	require.NoError(t, files.MkdirPrivate(folder))
	require.NoError(t, files.MkdirPrivate(folder), "again")
	path := filepath.Join(folder, "key")
	require.NoError(t, files.Replace(path, 0o600, text("x")))
	fault, warning := files.CheckPrivate(path)
	assert.NoError(t, fault)
	assert.NoError(t, warning)
}
