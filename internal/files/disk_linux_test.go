package files_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/files"
)

// A limit on the size of files of this process fails like a full disk, and
// needs no rights.
func TestReplaceLeavesTheOldFileWhenTheDiskIsFull(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "users.json")
	require.NoError(t, os.WriteFile(path, []byte("old"), 0o600))
	limitFileSize(t, 100_000)
	err := files.Replace(path, 0o600, text(strings.Repeat("x", 1_000_000)))
	require.ErrorIs(t, err, syscall.EFBIG)
	assert.NotContains(t, err.Error(), ".tmp", "the temporary file is nobody's business")
	assert.Contains(t, err.Error(), path)

	err = files.Replace(path, 0o600, text(strings.Repeat("x", 100_001))) // fails late
	require.ErrorIs(t, err, syscall.EFBIG)
	assert.Equal(t, "old", content(t, path))
	assert.Equal(t, []string{"users.json"}, names(t, folder))
}

func TestCreateLeavesNothingWhenTheDiskIsFull(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "hmac.key")
	limitFileSize(t, 100_000)
	require.ErrorIs(t, files.Create(path, text(strings.Repeat("x", 100_001))), syscall.EFBIG)
	assert.Empty(t, names(t, folder))

	require.NoError(t, os.Symlink("elsewhere", path))
	require.ErrorIs(t, files.Create(path, text("x")), os.ErrExist, "a link that leads nowhere is there, too")
	require.NoError(t, os.Remove(path))
	require.NoError(t, files.Create(path, text("old")))
	require.ErrorIs(t, files.Create(path, text("new")), os.ErrExist)
	assert.Equal(t, "old", content(t, path))
}

func TestReplaceOnAFullFileSystem(t *testing.T) {
	folder := t.TempDir()
	if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, "size=256k"); err != nil {
		require.True(t, errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.EACCES), "%v", err)
		t.Logf("no right to mount a small file system (%v); the test before this one covers the same", err)
		return
	}
	t.Cleanup(func() { assert.NoError(t, syscall.Unmount(folder, 0)) })
	path := filepath.Join(folder, "users.json")
	require.NoError(t, files.Replace(path, 0o600, text(strings.Repeat("o", 100_000))))
	err := files.Replace(path, 0o600, text(strings.Repeat("x", 300_000)))
	require.ErrorIs(t, err, syscall.ENOSPC)
	assert.Equal(t, strings.Repeat("o", 100_000), content(t, path))
	assert.Equal(t, []string{"users.json"}, names(t, folder))
}

func limitFileSize(t *testing.T, bytes uint64) {
	t.Helper()
	var before syscall.Rlimit
	require.NoError(t, syscall.Getrlimit(syscall.RLIMIT_FSIZE, &before))
	require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: bytes, Max: before.Max}))
	t.Cleanup(func() { require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &before)) })
}

// An administrator who decides in a session leaves files that the account of the
// scheduled import can read.
func TestWhatRootMakesInSomebodysFolderIsTheirs(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Log("only root makes files for others")
		return
	}
	const owner = 54321
	folder := t.TempDir()
	require.NoError(t, os.Chown(folder, owner, owner))
	require.NoError(t, files.Replace(filepath.Join(folder, "resolutions.json"), 0o600, text("{}")))
	unlock, err := files.Lock(t.Context(), filepath.Join(folder, "resolutions.json.lock"), 0)
	require.NoError(t, err)
	unlock()
	for _, name := range names(t, folder) {
		info, err := os.Stat(filepath.Join(folder, name))
		require.NoError(t, err)
		assert.EqualValues(t, owner, info.Sys().(*syscall.Stat_t).Uid, name)
		assert.EqualValues(t, 0o600, info.Mode().Perm(), name)
	}
}
