package main

import (
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A release is told its version and commit by the linker.
func TestTheVersionOfARelease(t *testing.T) {
	release := filepath.Join(t.TempDir(), "ad-user-sync")
	out, err := exec.Command("go", "build", "-buildvcs=false", "-ldflags", "-X main.version=v1.2.3 -X main.commit=abc123", "-o", release, ".").CombinedOutput()
	require.NoError(t, err, string(out))
	out, err = exec.Command(release, "version").Output()
	require.NoError(t, err)
	assert.Contains(t, string(out), "ad-user-sync 1.2.3\ncommit:    abc123\n")
	out, err = exec.Command(release, "--version").Output()
	require.NoError(t, err)
	assert.Equal(t, "ad-user-sync 1.2.3\n", string(out))
}
