package demo

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestFolderIsNewOrEmpty(t *testing.T) {
	dir := t.TempDir()
	for _, path := range []string{filepath.Join(dir, "new", "deeper"), filepath.Join(dir, "new", "deeper")} {
		folder, err := NewFolder(path) // then it exists, and is empty
		require.NoError(t, err)
		assert.Equal(t, path, folder)
	}
	require.NoError(t, os.WriteFile(filepath.Join(dir, "mine.txt"), nil, 0o600))
	_, err := NewFolder(dir)
	require.ErrorContains(t, err, "not empty")
	_, err = NewFolder(filepath.Join(dir, "mine.txt"))
	require.ErrorContains(t, err, "new or empty folder")
}

func TestFolderIsNumberedWhereNoneIsNamed(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	for _, want := range []string{"ad-user-sync-demo", "ad-user-sync-demo-2", "ad-user-sync-demo-3"} {
		folder, err := NewFolder("")
		require.NoError(t, err)
		assert.Equal(t, want, filepath.Base(folder))
		assert.DirExists(t, folder)
	}
}
