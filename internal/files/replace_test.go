package files_test

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/files"
)

func text(s string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, s)
		return err
	}
}

func content(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(data)
}

// names lists a folder, so that a temporary file left behind is seen.
func names(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	var all []string
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

// posix: modes, links and devices mean something.
const posix = runtime.GOOS != "windows"

func TestReplaceCreatesAndReplaces(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "users.json")
	require.NoError(t, files.Replace(path, 0o600, text("first")))
	assert.Equal(t, "first", content(t, path))
	require.NoError(t, files.Replace(path, 0o600, text(strings.Repeat("second", 100_000))))
	assert.Equal(t, strings.Repeat("second", 100_000), content(t, path))
	assert.Equal(t, []string{"users.json"}, names(t, folder))
}

func TestReplaceInTheWorkingFolder(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, files.Replace("users.json", 0o600, text("x")))
	assert.Equal(t, "x", content(t, "users.json"))
}

func TestReplaceLeavesTheOldFileWhenWritingFails(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "users.json")
	require.NoError(t, os.WriteFile(path, []byte("old"), 0o600))
	lost := errors.New("connection lost")
	err := files.Replace(path, 0o600, func(w io.Writer) error {
		_, err := io.WriteString(w, strings.Repeat("half", 1<<20))
		return errors.Join(err, lost)
	})
	require.ErrorIs(t, err, lost)
	assert.Panics(t, func() {
		_ = files.Replace(path, 0o600, func(io.Writer) error { panic("a bug") })
	})
	assert.Equal(t, "old", content(t, path))
	assert.Equal(t, []string{"users.json"}, names(t, folder))
}

func TestReplaceRefusesWhatIsNoFile(t *testing.T) {
	folder := t.TempDir()
	require.ErrorIs(t, files.Replace(folder, 0o600, text("x")), files.ErrDirectory)
	require.Error(t, files.Replace("", 0o600, text("x")))
	require.ErrorIs(t, files.Replace(filepath.Join(folder, "none", "f"), 0o600, text("x")), fs.ErrNotExist)
	if posix {
		require.ErrorContains(t, files.Replace("/dev/null", 0o600, text("x")), "not a file")
	}
}

// What a process that was killed left goes; what another one writes stays.
func TestRemoveLeftoversSparesWhoeverWrites(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "users.json")
	left := filepath.Join(folder, ".users.json.ABCDEFGHIJ.tmp")
	require.NoError(t, os.WriteFile(left, []byte("{"), 0o600))
	require.NoError(t, files.Replace(path, 0o600, func(w io.Writer) error {
		require.NoError(t, files.RemoveLeftovers(path))
		return text("whole")(w)
	}))
	assert.Equal(t, "whole", content(t, path))
	assert.NoFileExists(t, left)
}

func TestReplaceKeepsLinksAndPermissions(t *testing.T) {
	if !posix {
		return
	}
	folder := t.TempDir()
	target, link := filepath.Join(folder, "target"), filepath.Join(folder, "link")
	require.NoError(t, files.Replace(target, 0o600, text("old")))
	assert.Equal(t, fs.FileMode(0o600), mode(t, target))
	require.NoError(t, os.Chmod(target, 0o646))
	require.NoError(t, os.Symlink("target", link))

	require.NoError(t, files.Replace(link, 0o600, text("new")))
	assert.Equal(t, "new", content(t, target))
	assert.Equal(t, fs.FileMode(0o644), mode(t, target), "kept, but for the right of everybody to write")
	info, err := os.Lstat(link)
	require.NoError(t, err)
	assert.NotZero(t, info.Mode()&fs.ModeSymlink)

	require.NoError(t, os.Remove(target))
	require.ErrorContains(t, files.Replace(link, 0o600, text("x")), "leads nowhere")
}

func mode(t *testing.T, path string) fs.FileMode {
	t.Helper()
	info, err := os.Stat(path)
	require.NoError(t, err)
	return info.Mode().Perm()
}

func TestReadersSeeOldOrNewNeverHalf(t *testing.T) {
	if !posix { // a file that is always open somewhere cannot be replaced there
		return
	}
	path := filepath.Join(t.TempDir(), "users.json")
	const size = 300_000
	whole := func(i int) string { return strings.Repeat(fmt.Sprint(i%10), size) }
	require.NoError(t, files.Replace(path, 0o600, text(whole(0))))
	done := make(chan error)
	go func() {
		for i := range 50 {
			if err := files.Replace(path, 0o600, text(whole(i))); err != nil {
				done <- err
				return
			}
		}
		close(done)
	}()
	for {
		data, err := files.ReadLimited(path, size)
		require.NoError(t, err)
		require.Len(t, data, size)
		require.Equal(t, data[0], data[size-1])
		select {
		case err := <-done:
			require.NoError(t, err)
			return
		default:
		}
	}
}
