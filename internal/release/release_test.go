package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestRelease makes a release and tries it: built twice, installed, run,
// removed. It takes minutes, so it runs where it is asked for: by make test for
// this machine and Windows, by make release-check for all systems.
func TestRelease(t *testing.T) {
	asked := os.Getenv("AD_USER_SYNC_RELEASE")
	if asked == "" && os.Getenv("CI") == "" {
		t.Skip("make test and make release-check ask for it")
	}
	wanted := []target{{"linux", "amd64"}, {"windows", "amd64"}}
	if asked == "all" {
		wanted = targets
	}
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	r := made(t, root, wanted)

	t.Run("twice the same bytes", func(t *testing.T) {
		elsewhere := copied(t, root)
		t.Setenv("TZ", "Asia/Tokyo")
		t.Setenv("GOFLAGS", "-buildvcs=false")
		t.Setenv("GOAMD64", "v2")
		if asked == "all" {
			t.Setenv("GOCACHE", t.TempDir())
		}
		again := made(t, elsewhere, wanted)
		assert.Equal(t, read(t, r, "SHA256SUMS"), read(t, again, "SHA256SUMS"))
	})
	t.Run("checksums", func(t *testing.T) {
		cmd := exec.Command("sha256sum", "--check", "--strict", "SHA256SUMS")
		cmd.Dir = r.out
		said(t, cmd)
	})
	t.Run("deb", func(t *testing.T) { installed(t, r) })
	t.Run("rpm", func(t *testing.T) { samePackage(t, r) })
	t.Run("zip", func(t *testing.T) { unpacked(t, r) })
}

// made is a release of the tree in a folder.
func made(t *testing.T, folder string, wanted []target) *release {
	t.Helper()
	r := &release{version: "1.2.3-rc.1", commit: "0123456789abcdef0123456789abcdef01234567",
		time: time.Date(2026, 3, 1, 12, 30, 0, 0, time.UTC), out: t.TempDir(), work: t.TempDir()}
	t.Chdir(folder)
	require.NoError(t, r.make(wanted))
	return r
}

// copied are the files that git knows or would take, in another place and made
// at another time.
func copied(t *testing.T, root string) string {
	t.Helper()
	to := t.TempDir()
	list := exec.Command("git", "ls-files", "--cached", "--others", "--exclude-standard")
	list.Dir = root
	names, err := list.Output()
	require.NoError(t, err)
	for name := range strings.Lines(string(names)) {
		name = strings.TrimSuffix(name, "\n")
		body, err := os.ReadFile(filepath.Join(root, name))
		if os.IsNotExist(err) {
			continue // removed, and not yet committed
		}
		require.NoError(t, err)
		require.NoError(t, os.MkdirAll(filepath.Join(to, filepath.Dir(name)), 0o700))
		require.NoError(t, os.WriteFile(filepath.Join(to, name), body, 0o600))
	}
	return to
}

func read(t *testing.T, r *release, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(r.out, name))
	require.NoError(t, err)
	return string(text)
}

// said is what a command that must succeed says.
func said(t *testing.T, cmd *exec.Cmd) string {
	t.Helper()
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s\n%s", strings.Join(cmd.Args, " "), out)
	return string(out)
}

// has skips a test for which a program is missing, but where CI is set.
func has(t *testing.T, programs ...string) {
	t.Helper()
	for _, name := range programs {
		if _, err := exec.LookPath(name); err != nil && os.Getenv("CI") == "" {
			t.Skipf("there is no %s; on Debian, as root: make install", name)
		}
	}
}
