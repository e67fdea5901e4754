//go:build unix

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/memad"
)

// stranger runs the program as a user to whom nothing of root's is open, where root
// runs the tests; other users shut their own files against themselves.
type stranger struct {
	folder     string
	credential *syscall.SysProcAttr
}

func newStranger(t *testing.T) *stranger {
	t.Helper()
	folder, err := os.MkdirTemp("", "stranger")
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	s := &stranger{folder: folder}
	if os.Geteuid() == 0 {
		const nobody = 65534
		s.credential = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
		require.NoError(t, os.Chmod(filepath.Dir(binary), 0o755))
		require.NoError(t, os.Chown(folder, nobody, nobody))
	}
	return s
}

func (s *stranger) run(t *testing.T, arguments string) string {
	t.Helper()
	cmd := exec.Command(binary, strings.Fields(arguments)...)
	cmd.Dir, cmd.SysProcAttr = s.folder, s.credential
	out, err := cmd.CombinedOutput()
	assert.Error(t, err, "%s", out)
	return strings.Join(strings.Fields(string(out)), " ")
}

// shut is a file that the stranger can neither read nor change.
func (s *stranger) shut(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(s.folder, name)
	require.NoError(t, os.WriteFile(path, []byte(text), 0))
	return path
}

func (s *stranger) give(t *testing.T, files map[string]string) {
	t.Helper()
	writeAll(t, s.folder, files)
	for name := range files {
		if s.credential != nil {
			require.NoError(t, os.Chown(filepath.Join(s.folder, name), 65534, 65534))
		}
	}
}

// What a run would stumble over since it belongs to another user, check names before,
// in the words of the run.
func TestCheckForeseesFilesOfAnotherUser(t *testing.T) {
	d, address := newListener(t)
	d.AddUser(memad.User{Parent: "OU=Managed", AccountName: "jdoe", Password: "Some-Passw0rd"})
	directory := fmt.Sprintf(`{"servers": [%q], "security": "insecure-plaintext", "username": "PLANT\\svc-import", "password_file": "password"}`, "ldap://"+address)
	configurations := map[string]string{
		"password": boundPassword, "users.json": oneUser,
		"import.json": `{"input_file": "users.json", "managed_user_path": "OU=Managed,DC=plant,DC=example", "group_path": "OU=Groups,DC=plant,DC=example",
			"group_map": {"t": "CN=p-Viewers"}, "resolutions_file": "r.json", "directory": ` + directory + `}`,
		"export.json": `{"user_path": "OU=Managed,DC=plant,DC=example", "group_path": "OU=Groups,DC=plant,DC=example", "export_file": "out.json", "directory": ` + directory + `}`,
	}
	for name, tc := range map[string]struct{ command, text string }{
		"r.json.lock":         {"import", "lock %s: permission denied: it belongs to the user "},
		"r.json":              {"import", "read %s: permission denied: it belongs to the user "},
		"r.state.json":        {"import", "read %s: permission denied: it belongs to the user "},
		"out.json.controller": {"export", "read %s: permission denied: it belongs to the user "},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStranger(t)
			s.give(t, configurations)
			text := fmt.Sprintf(tc.text, s.shut(t, name, ""))
			arguments := tc.command + " --config " + tc.command + ".json"
			assert.Contains(t, s.run(t, "check "+arguments), text)
			assert.Contains(t, s.run(t, arguments), text)
		})
	}
	if os.Geteuid() != 0 { // only root can give a folder and a file to two others
		return
	}
	s := newStranger(t)
	s.give(t, configurations)
	require.NoError(t, os.Chown(s.folder, 0, 0))
	require.NoError(t, os.Chmod(s.folder, os.ModeSticky|0o777))
	text := fmt.Sprintf("replace %s: operation not permitted: it belongs to the user root", s.shut(t, "out.json", "x"))
	assert.Contains(t, s.run(t, "check export --config export.json"), text)
	assert.Contains(t, s.run(t, "export --config export.json"), text)
}

// Root is told which files the account of the scheduled import, to whom the folder of
// what it writes belongs, cannot read; the run of that account says what helps.
func TestCheckForeseesWhatTheScheduledAccountCannotRead(t *testing.T) {
	if os.Geteuid() != 0 || runtime.GOOS != "linux" {
		t.Skip("only root can look for another account")
	}
	d, address := newListener(t)
	d.AddUser(memad.User{Parent: "OU=Managed", AccountName: "jdoe", Password: "Some-Passw0rd"})
	s := newStranger(t)
	require.NoError(t, os.Chmod(s.folder, 0o755))
	state := filepath.Join(s.folder, "state")
	require.NoError(t, os.Mkdir(state, 0o700))
	require.NoError(t, os.Chown(state, 65534, 65534))
	require.NoError(t, os.Chown(s.folder, 0, 0))
	writeAll(t, s.folder, map[string]string{"password": boundPassword, "users.json": oneUser,
		"import.json": fmt.Sprintf(`{"input_file": "users.json", "managed_user_path": "OU=Managed,DC=plant,DC=example", "resolutions_file": "state/r.json",
			"directory": {"servers": [%q], "security": "insecure-plaintext", "username": "PLANT\\svc-import", "password_file": "password"}}`, "ldap://"+address)})
	check := func() string {
		cmd := exec.Command(binary, "check", "import", "--config", "import.json", "--format", "text")
		cmd.Dir = s.folder
		out, _ := cmd.CombinedOutput()
		return strings.Join(strings.Fields(string(out)), " ")
	}
	for _, name := range []string{"import.json", "password", "users.json"} {
		require.NoError(t, os.Chmod(filepath.Join(s.folder, name), 0o640))
		require.NoError(t, os.Chown(filepath.Join(s.folder, name), 0, 65534))
	}
	assert.NotContains(t, check(), "scheduled account")

	path := filepath.Join(s.folder, "users.json")
	require.NoError(t, os.Chmod(path, 0o600))
	assert.Contains(t, check(), "FAIL scheduled account nobody, to whom "+state+" belongs, cannot read "+path+": "+path+" has the rights -rw-------; let the account: chmod g+r "+path)
	assert.Contains(t, s.run(t, "import --config import.json"), "and this runs as nobody; to let it be read, as root: chmod g+r "+path)
	require.NoError(t, os.Chmod(path, 0o640))
	path = filepath.Join(s.folder, "password")
	require.NoError(t, os.Chown(path, 0, 0))
	assert.Contains(t, check(), "let the account: chgrp nogroup "+path+" && chmod g+r "+path)
}
