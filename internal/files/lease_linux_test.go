package files_test

import (
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"ad-user-sync/internal/files"
)

// A file server takes a lease on a file that its client writes, and gives it back when
// somebody else opens the file.
func TestALeaseIsWaitedFor(t *testing.T) {
	path := filepath.Join(t.TempDir(), "users.json")
	require.NoError(t, os.WriteFile(path, []byte("{}"), 0o600))
	server, err := os.OpenFile(path, os.O_RDWR, 0)
	require.NoError(t, err)
	defer server.Close()
	_, err = unix.FcntlInt(server.Fd(), unix.F_SETLEASE, unix.F_WRLCK)
	require.NoError(t, err)
	given := make(chan error)
	go func() {
		time.Sleep(200 * time.Millisecond)
		_, err := unix.FcntlInt(server.Fd(), unix.F_SETLEASE, unix.F_UNLCK)
		given <- err
	}()
	content, err := files.ReadLimited(path, 10)
	require.NoError(t, <-given)
	require.NoError(t, err)
	assert.Equal(t, "{}", string(content))
}

// A shell's <(command) is a pipe that somebody writes to.
func TestAPipeOfTheShellIsRead(t *testing.T) {
	from, to, err := os.Pipe()
	require.NoError(t, err)
	defer from.Close()
	go func() {
		time.Sleep(50 * time.Millisecond)
		_, _ = to.WriteString("key")
		_ = to.Close()
	}()
	fd, err := syscall.Dup(int(from.Fd()))
	require.NoError(t, err)
	content, err := files.ReadLimited("/dev/fd/"+strconv.Itoa(fd), 10)
	require.NoError(t, err)
	assert.Equal(t, "key", string(content))
}
