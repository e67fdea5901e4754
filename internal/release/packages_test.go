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

// installed has the .deb installed, run and removed in a new Debian, and then what
// the package does done by hand, as the documents say.
func installed(t *testing.T, r *release) {
	has(t, "mmdebstrap", "unshare")
	if os.Getuid() != 0 && os.Getenv("CI") == "" {
		t.Skip("a new Debian needs root")
	}
	root := filepath.Join(t.TempDir(), "debian")
	said(t, exec.Command("mmdebstrap", "--quiet", "--variant=essential", "--include=systemd,apt", "bookworm", root))
	inside := func(words ...string) string {
		t.Helper()
		return said(t, exec.Command("unshare", append([]string{"--pid", "--fork", "--mount-proc", "--root", root}, words...)...))
	}
	deb := r.name(target{"linux", "amd64"}) + ".deb"
	require.NoError(t, os.WriteFile(filepath.Join(root, deb), []byte(read(t, r, deb)), 0o644))
	// documented runs the commands of the documents, in a folder.
	documented := func(script, folder string) {
		t.Helper()
		text, err := os.ReadFile("cmd/ad-user-sync/testdata/documents/" + script)
		require.NoError(t, err)
		inside("bash", "-euxc", "cd "+folder+"\n"+strings.ReplaceAll(string(text), "VERSION", r.version))
	}

	documented("package.sh", "/")
	assert.Contains(t, inside("ad-user-sync", "version"), "ad-user-sync 1.2.3-rc.1\ncommit:    0123456789abcdef")
	assert.Equal(t, "750 root:ad-user-sync /etc/ad-user-sync\n700 ad-user-sync:ad-user-sync /var/lib/ad-user-sync\n2770 root:ad-user-sync-courier /var/spool/ad-user-sync\n",
		inside("stat", "-c", "%a %U:%G %n", "/etc/ad-user-sync", "/var/lib/ad-user-sync", "/var/spool/ad-user-sync"))
	asJob := func(words ...string) string {
		t.Helper()
		return inside(append([]string{"runuser", "-u", "ad-user-sync", "--"}, words...)...)
	}
	assert.Contains(t, asJob("ad-user-sync", "demo", "--yes", "--dir", "/var/lib/ad-user-sync/demo"), "Nothing is left to do")
	asJob("sh", "-c", "touch /var/spool/ad-user-sync/users.json && ! touch /etc/ad-user-sync/import_config.yaml")
	for _, side := range []string{"export", "import"} {
		assert.Empty(t, inside("systemd-analyze", "verify", "--man=no", "--recursive-errors=one",
			"/usr/lib/systemd/system/ad-user-sync-"+side+".service", "/usr/lib/systemd/system/ad-user-sync-"+side+".timer"))
		inside("systemctl", "enable", "ad-user-sync-"+side+".timer")
	}

	assert.Contains(t, inside("cat", "/usr/lib/systemd/system/ad-user-sync-failed@.service"), "ExecStart=/usr/bin/ad-user-sync notify")

	inside("dpkg", "--install", "/"+deb) // as an update
	assert.Equal(t, "755\n", inside("stat", "-c", "%a", "/usr/share/doc/ad-user-sync/examples/rights/delegate.py"))
	inside("dpkg", "--remove", "ad-user-sync")
	assert.NoFileExists(t, filepath.Join(root, "usr/bin/ad-user-sync"))
	assert.Contains(t, inside("dpkg", "--purge", "ad-user-sync"), "\n    rm -r /var/lib/ad-user-sync")
	assert.NoDirExists(t, filepath.Join(root, "etc/ad-user-sync"), "it was empty")
	assert.FileExists(t, filepath.Join(root, "var/lib/ad-user-sync/demo/resolutions.json"), "what the runs wrote is kept")

	documented("removed.sh", "/")
	assert.NoDirExists(t, filepath.Join(root, "var/lib/ad-user-sync"))
	tree := r.name(target{"linux", "amd64"})
	said(t, exec.Command("tar", "--extract", "--no-same-owner", "--file", filepath.Join(r.out, tree+".tar.gz"), "--directory", filepath.Join(root, "root")))
	documented("by-hand.sh", "/root/"+tree)
}

// samePackage compares what the .rpm and the .deb install.
func samePackage(t *testing.T, r *release) {
	has(t, "rpm2cpio", "rpm", "cpio", "dpkg-deb")
	name := filepath.Join(r.out, r.name(target{"linux", "amd64"}))
	deb, rpm := t.TempDir(), t.TempDir()
	said(t, exec.Command("dpkg-deb", "--extract", name+".deb", deb))
	said(t, exec.Command("sh", "-c", `rpm2cpio "$1" | (cd "$2" && cpio --quiet -idm --no-absolute-filenames)`, "-", name+".rpm", rpm))
	assert.FileExists(t, filepath.Join(rpm, "usr/bin/ad-user-sync"))
	said(t, exec.Command("diff", "-r", deb, rpm))

	listed := func(where string) string {
		return said(t, exec.Command("sh", "-c", `cd "$1" && find . -type f -printf '%m %p\n' | sort`, "-", where))
	}
	assert.Equal(t, listed(deb), listed(rpm))
	for _, script := range []string{"postinstall", "preremove", "postremove"} {
		text, err := os.ReadFile("internal/release/linux/" + script + ".sh")
		require.NoError(t, err)
		assert.Contains(t, said(t, exec.Command("rpm", "-qp", "--scripts", name+".rpm")), string(text))
	}
}
