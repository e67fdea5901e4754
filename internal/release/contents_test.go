package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A script can be run where it was installed or unpacked, and nothing else can.
func TestScriptsCanBeRun(t *testing.T) {
	t.Chdir("../..")
	all, err := documents()
	require.NoError(t, err)
	var scripts []string
	for _, f := range all {
		if f.mode == 0o755 {
			scripts = append(scripts, f.name)
		} else {
			assert.EqualValues(t, 0o644, f.mode, f.name)
		}
	}
	assert.Equal(t, []string{"examples/rights/delegate.py"}, scripts)
}

// Whoever purges the package is told of what is left, why, and how it goes.
func TestPurgeTellsWhatItLeaves(t *testing.T) {
	has(t, "sh")
	text, err := os.ReadFile("linux/postremove.sh")
	require.NoError(t, err)
	root := t.TempDir()
	script := strings.ReplaceAll(strings.ReplaceAll(string(text), " /etc/", " "+root+"/etc/"), " /var/", " "+root+"/var/")
	for _, folder := range []string{"etc/ad-user-sync", "var/lib/ad-user-sync", "var/spool/ad-user-sync"} {
		require.NoError(t, os.MkdirAll(filepath.Join(root, folder), 0o700))
	}
	key := filepath.Join(root, "etc/ad-user-sync/hmac.key")
	require.NoError(t, os.WriteFile(key, nil, 0o600))
	run := func(argument string) string { return said(t, exec.Command("sh", "-c", script, "postremove", argument)) }
	assert.Empty(t, run("remove"))
	assert.Empty(t, run("1"), "an update of the .rpm")
	assert.DirExists(t, filepath.Join(root, "var/lib/ad-user-sync"))
	for _, argument := range []string{"purge", "0"} {
		assert.Contains(t, run(argument), "\n    rm -r "+root+"/etc/ad-user-sync; userdel ad-user-sync; groupdel ad-user-sync-courier\n")
	}
	assert.NoDirExists(t, filepath.Join(root, "var/lib/ad-user-sync"), "it was empty")
	require.NoError(t, os.Remove(key))
	assert.Empty(t, run("purge"), "nothing is left")
}
