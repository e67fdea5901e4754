package files_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/files"
)

// What the running user can change is controlled, but not administered, unless that
// user is an administrator.
func TestCheckAdministered(t *testing.T) {
	folder, err := os.MkdirTemp("", "administered") // reached by every user
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	path := filepath.Join(folder, "program")
	require.NoError(t, os.WriteFile(path, nil, 0o700))
	if os.Geteuid() == 0 {
		require.NoError(t, files.CheckAdministered(path))
		const user = 54321
		require.NoError(t, os.Chown(path, user, 0))
		require.NoError(t, os.Chown(folder, user, 0))
		require.NoError(t, syscall.Seteuid(user))
		defer func() { require.NoError(t, syscall.Seteuid(0)) }()
	}
	require.NoError(t, files.CheckControlled(path))
	assert.ErrorContains(t, files.CheckAdministered(path), "program can be changed by its owner, the user ")
}
