package files

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWritableLeavesNothingBehind(t *testing.T) {
	folder := t.TempDir()
	require.NoError(t, Writable(folder))
	left, err := os.ReadDir(folder)
	require.NoError(t, err)
	require.Empty(t, left)
	require.ErrorIs(t, Writable(filepath.Join(folder, "none")), fs.ErrNotExist)
}
