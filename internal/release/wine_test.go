package main

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adtest/ldapserver"
	"ad-user-sync/internal/memad"
)

// wine runs the program of the zip, whose files lie in program, in a folder.
type wine struct {
	t               *testing.T
	program, folder string
	environment     []string
	ran             []string
}

// unpacked has a person cross from one domain to the other by the program of the
// zip, under Wine.
func unpacked(t *testing.T, r *release) {
	has(t, "wine", "wineboot", "x86_64-w64-mingw32-gcc", "unzip")
	w := newWine(t, r)
	corp, plant := domain("corp.example"), domain("plant.example")
	corp.AddOU("OU=Staff")
	corp.AddUser(memad.User{Parent: "OU=Staff", CN: "Sinéad O'Brien", AccountName: "sobrien", Password: "Some-Passw0rd", Attributes: map[string]string{"department": "Tooling"}})
	plant.AddOU("OU=Managed")
	w.write("export_config.yaml", fmt.Sprintf("user_path: OU=Staff,DC=corp,DC=example\nexport_file: users.json\nhmac_file: hmac.key\n%s", directory(t, corp)))
	w.write("import_config.yaml", fmt.Sprintf("input_file: users.json\nmanaged_user_path: OU=Managed,DC=plant,DC=example\nhmac_file: hmac.key\nresolutions_file: resolutions.json\nreport_dir: reports\n%s", directory(t, plant)))
	w.write("directory.password", password)

	assert.Contains(t, w.run("version"), "ad-user-sync 1.2.3-rc.1\n")
	w.write("hmac.key", w.run("keygen"))
	w.run("export", "--preview")
	w.run("export")
	w.run("verify", "users.json", "--hmac-file", "hmac.key")
	w.run("import", "--dry-run")
	assert.NotContains(t, plant.Dump(plant.AddOU("OU=Managed")), "Sinéad", "a dry run writes nothing")
	w.run("import")
	assert.Contains(t, plant.Dump(plant.AddOU("OU=Managed")), "CN=Sinéad O'Brien,OU=Managed")
	assert.Contains(t, w.run("demo", "--yes", "--dir", "demo"), "Nothing is left to do")

	w.run("embed", "--config", "import_config.yaml", "--out", "handed.exe")
	require.NoError(t, os.Remove(filepath.Join(w.folder, "import_config.yaml")))
	w.program = filepath.Join(w.folder, "handed.exe")
	assert.Contains(t, w.run("embed", "--show"), "managed_user_path: OU=Managed,DC=plant,DC=example")
	w.run("import", "--dry-run")
	for _, line := range w.ran {
		t.Log("ran under Wine: " + line)
	}
}

const password = "By-Hand-4711!"

func domain(name string) *memad.Directory {
	d := memad.New(name)
	d.AddUser(memad.User{AccountName: "svc-sync", Password: password, Groups: []string{"CN=Domain Admins,CN=Users"}})
	return d
}

// directory serves a domain on this machine, and is how a configuration names it.
func directory(t *testing.T, d *memad.Directory) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	go (&ldapserver.Server{Directory: d}).Serve(listener)
	return fmt.Sprintf("directory:\n  servers: [\"ldap://%s\"]\n  security: %s\n  username: svc-sync@%s\n  password_file: directory.password\n",
		listener.Addr(), ad.SecurityPlaintext, d.Domain().Name)
}

// newWine unpacks the zip into a new Windows. Wine of Debian 12 has no
// bcryptprimitives.dll, without which no Go program starts.
func newWine(t *testing.T, r *release) *wine {
	w := &wine{t: t, folder: t.TempDir()}
	prefix := filepath.Join(t.TempDir(), "windows")
	w.environment = append(os.Environ(), "WINEPREFIX="+prefix, "WINEDEBUG=-all", "DISPLAY=")
	w.said("wineboot", "--init")
	t.Cleanup(func() {
		stop := exec.Command("wineserver", "--kill")
		stop.Env = w.environment
		_ = stop.Run() // it may have ended by itself
	})
	system := filepath.Join(prefix, "drive_c/windows/system32")
	if _, err := os.Stat(filepath.Join(system, "bcryptprimitives.dll")); err != nil {
		said(t, exec.Command("x86_64-w64-mingw32-gcc", "-shared", "-o", filepath.Join(system, "bcryptprimitives.dll"), "internal/release/testdata/bcryptprimitives.c", "-ladvapi32"))
	}
	name := r.name(target{"windows", "amd64"})
	installed := filepath.Join(prefix, "drive_c/Program Files")
	said(t, exec.Command("unzip", "-q", filepath.Join(r.out, name+".zip"), "-d", installed))
	w.program = filepath.Join(installed, name, "ad-user-sync.exe")
	return w
}

func (w *wine) said(name string, args ...string) string {
	w.t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Env = w.folder, w.environment
	return said(w.t, cmd)
}

// run runs the program, which must end with 0, and returns what it says.
func (w *wine) run(args ...string) string {
	w.t.Helper()
	out := w.said("wine", append([]string{w.program}, args...)...)
	w.ran = append(w.ran, filepath.Base(w.program)+" "+strings.Join(args, " "))
	return strings.ReplaceAll(out, "\r\n", "\n")
}

func (w *wine) write(name, text string) {
	w.t.Helper()
	require.NoError(w.t, os.WriteFile(filepath.Join(w.folder, name), []byte(text), 0o600))
}
