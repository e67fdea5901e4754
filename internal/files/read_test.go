package files_test

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/files"
)

func TestReadLimited(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "users.json")
	write := func(s string) { require.NoError(t, os.WriteFile(path, []byte(s), 0o600)) }

	_, err := files.ReadLimited(path, 10)
	require.ErrorIs(t, err, fs.ErrNotExist)
	assert.Equal(t, 1, strings.Count(err.Error(), path), "named once: %v", err)

	write("")
	_, err = files.ReadLimited(path, 10)
	require.ErrorIs(t, err, files.ErrEmpty)

	write("0123456789")
	data, err := files.ReadLimited(path, 10)
	require.NoError(t, err)
	assert.Equal(t, "0123456789", string(data))

	write("0123456789+")
	_, err = files.ReadLimited(path, 10)
	require.ErrorIs(t, err, files.ErrTooLarge)

	_, err = files.ReadLimited(folder, 10)
	require.ErrorIs(t, err, files.ErrDirectory)
}

func TestOpenLimited(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "users.json")
	write := func(s string) { require.NoError(t, os.WriteFile(path, []byte(s), 0o600)) }

	_, err := files.OpenLimited(path, 10)
	require.ErrorIs(t, err, fs.ErrNotExist)
	assert.Equal(t, 1, strings.Count(err.Error(), path), "named once: %v", err)
	_, err = files.OpenLimited(folder, 10)
	require.ErrorIs(t, err, files.ErrDirectory)
	write("")
	_, err = files.OpenLimited(path, 10)
	require.ErrorIs(t, err, files.ErrEmpty)
	write("0123456789+")
	_, err = files.OpenLimited(path, 10)
	require.ErrorIs(t, err, files.ErrTooLarge)

	write("0123456789")
	f, err := files.OpenLimited(path, 10)
	require.NoError(t, err)
	for range 2 {
		data, err := io.ReadAll(io.NewSectionReader(f, 0, 100))
		require.NoError(t, err)
		assert.Equal(t, "0123456789", string(data))
	}
	write("0123456789, and more")
	_, err = io.ReadAll(io.NewSectionReader(f, 0, 100))
	require.ErrorIs(t, err, files.ErrTooLarge, "it has grown")
	require.NoError(t, f.Close())
	_, err = io.ReadAll(io.NewSectionReader(f, 0, 100))
	require.ErrorIs(t, err, fs.ErrClosed)
	assert.Equal(t, 1, strings.Count(err.Error(), path), "named once: %v", err)
}

// What grows while it is read, or has no size, is limited too.
func TestReadLimitedFromAStream(t *testing.T) {
	_, err := files.ReadLimitedFrom(strings.NewReader("0123456789+"), "standard input", 10)
	require.ErrorIs(t, err, files.ErrTooLarge)
	_, err = files.ReadLimitedFrom(strings.NewReader(""), "standard input", 10)
	require.ErrorIs(t, err, files.ErrEmpty)
	require.ErrorContains(t, err, "standard input")
}
