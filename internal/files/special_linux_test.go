package files_test

import (
	"io"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/files"
)

// What stands where a file is expected is never waited for, nor read.
func TestWhatIsNoFileIsRefused(t *testing.T) {
	folder := t.TempDir()
	pipe, socket := filepath.Join(folder, "pipe"), filepath.Join(folder, "socket")
	require.NoError(t, syscall.Mkfifo(pipe, 0o600))
	listener, err := net.Listen("unix", socket)
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	link := filepath.Join(folder, "link")
	require.NoError(t, os.Symlink(pipe, link))

	doors := map[string]func(path string) error{
		"ReadLimited": func(path string) error { _, err := files.ReadLimited(path, 10); return err },
		"ReadOwn":     func(path string) error { _, err := files.ReadOwn(path, 10); return err },
		"OpenLimited": func(path string) error { _, err := files.OpenLimited(path, 10); return err },
		"CheckRead":   files.CheckRead,
		"CheckAppend": files.CheckAppend,
		"Replace": func(path string) error {
			return files.Replace(path, 0o600, func(io.Writer) error { return nil })
		},
		"Lock":   func(path string) error { _, err := files.Lock(t.Context(), path, time.Second); return err },
		"Append": func(path string) error { _, err := files.Append(path); return err },
	}
	for name, open := range doors {
		for _, path := range []string{pipe, link, socket, "/dev/zero", folder} {
			if name == "Append" && (path == folder || path == "/dev/zero" || os.Geteuid() != 0) {
				continue // it is nothing to this function
			}
			if name == "Append" {
				require.NoError(t, os.Chown(folder, 54321, 54321))
			}
			t.Run(name+" "+filepath.Base(path), func(t *testing.T) {
				assert.Error(t, within(t, func() error { return open(path) }))
			})
			require.NoError(t, os.Chown(folder, os.Geteuid(), os.Getegid()))
		}
	}
	_, err = files.ReadLimited(socket, 10)
	require.ErrorIs(t, err, files.ErrNotRegular)
	_, err = files.ReadOwn(pipe, 10)
	require.ErrorIs(t, err, files.ErrNotRegular)
	assert.NoError(t, within(t, func() error { files.Changeable(pipe); return nil }))
}

// A pipe in the place of a mark is no one's.
func TestAPipeIsNoMark(t *testing.T) {
	prefix := filepath.Join(t.TempDir(), "session.")
	mark, err := files.MakeMark(t.Context(), prefix)
	require.NoError(t, err)
	defer mark.Remove()
	require.NoError(t, syscall.Mkfifo(prefix+"AAAAAAAAAA", 0o600))
	assert.NoError(t, within(t, func() error { assert.Empty(t, mark.Others()); return nil }))
}

func within(t *testing.T, do func() error) error {
	t.Helper()
	done := make(chan error, 1)
	go func() { done <- do() }()
	select {
	case err := <-done:
		return err
	case <-time.After(5 * time.Second):
		t.Error("it still waits")
		return nil
	}
}

func TestMkdirWhereTheWorkingFolderIsGone(t *testing.T) {
	gone := filepath.Join(t.TempDir(), "gone")
	require.NoError(t, os.Mkdir(gone, 0o700))
	t.Chdir(gone)
	require.NoError(t, os.Remove(gone))
	require.ErrorContains(t, files.Mkdir("reports"), "the folder that this program was started in is gone")
	require.Error(t, files.Mkdir("a/b"))
}
