package files_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/files"
)

// Two users of one machine, of whom neither may change the other's files.
func TestMarkOfAnotherUser(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("needs root, who alone can run programs as others")
	}
	folder := t.TempDir()
	for parent := folder; parent != os.TempDir(); parent = filepath.Dir(parent) {
		require.NoError(t, os.Chmod(parent, 0o755))
	}
	require.NoError(t, os.Chmod(folder, 0o777|os.ModeSticky))
	prefix := filepath.Join(folder, "session-")
	test := filepath.Join(folder, "test")
	program, err := os.ReadFile(os.Args[0])
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(test, program, 0o755))
	as := func(user uint32) *exec.Cmd {
		cmd := exec.Command(test)
		cmd.Dir, cmd.SysProcAttr = folder, &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: user, Gid: user}}
		return cmd
	}
	one, _ := elsewhere(t, as(54321), markEnv+"="+prefix)
	mine, err := files.MakeMark(t.Context(), prefix)
	require.NoError(t, err)
	require.Len(t, mine.Others(), 1)
	assert.Contains(t, mine.Others()[0], fmt.Sprintf("process %d", one.Process.Pid))
	tell := as(54322)
	tell.Env = append(os.Environ(), tellEnv+"="+prefix)
	said, err := tell.CombinedOutput()
	require.NoError(t, err, "%s", said)
	assert.Contains(t, string(said), fmt.Sprintf("process %d", one.Process.Pid))
	assert.Contains(t, string(said), fmt.Sprintf("process %d", os.Getpid()))
	mine.Remove()
}
