package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"ad-user-sync/schema"
)

func TestALogThatLacksALineSaysSo(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "logs")
	require.NoError(t, os.Mkdir(folder, 0o700))
	log, err := newRotating(schema.Log{LogFile: filepath.Join(folder, "import.log")})
	require.NoError(t, os.Remove(folder))
	require.NoError(t, os.WriteFile(folder, nil, 0o600)) // in the way
	require.NoError(t, err)
	_, err = log.Write([]byte("lost\n"))
	require.Error(t, err)
	require.ErrorContains(t, log.close(), "log_file: not all of this run could be logged")
}
