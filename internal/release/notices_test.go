package main

import (
	"os"
	"path/filepath"
	"runtime/debug"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestNoticesThatLackADependencyAreRefused(t *testing.T) {
	text, err := written(map[string]map[string]string{"example.com/a@v1.0.0": {"LICENSE": "as you like"}})
	require.NoError(t, err)
	require.NoError(t, notices(text).name([]*debug.Module{{Path: "example.com/a", Version: "v1.0.0"}}))
	assert.ErrorContains(t, notices(text).name([]*debug.Module{{Path: "example.com/b", Version: "v1.0.0"}}), "licence of example.com/b is missing")
	_, err = written(map[string]map[string]string{"example.com/m@v1.0.0": {}})
	assert.ErrorContains(t, err, "example.com/m@v1.0.0 has no licence")
}

func TestLicencesOfPartsOfAModuleAreFound(t *testing.T) {
	module := t.TempDir()
	require.NoError(t, os.MkdirAll(filepath.Join(module, "a", "b"), 0o755))
	for name, text := range map[string]string{"LICENSE": "of all", "NOTICE.txt": "of all, too", "a/LICENSE.md": "of a", "a/license.go": "package a", "README": "no"} {
		require.NoError(t, os.WriteFile(filepath.Join(module, name), []byte(text), 0o644))
	}
	found := map[string]string{}
	require.NoError(t, licences(found, module, filepath.Join(module, "a", "b")))
	assert.Equal(t, map[string]string{"LICENSE": "of all", "NOTICE.txt": "of all, too", "a/LICENSE.md": "of a"}, found)
}
