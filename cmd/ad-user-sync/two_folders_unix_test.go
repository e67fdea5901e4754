//go:build unix

package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The way over from one folder to two is carried out as docs/operation.md has it:
// the same plan follows, and an approval session trusts what it did not before.
func TestFromOneFolderToTwo(t *testing.T) {
	document, err := os.ReadFile("../../docs/operation.md")
	require.NoError(t, err)
	_, address := newListener(t)
	root := t.TempDir()
	state, etc, tools := filepath.Join(root, "var/lib/ad-user-sync"), filepath.Join(root, "etc/ad-user-sync"), filepath.Join(root, "bin")
	require.NoError(t, os.MkdirAll(state, 0o700))
	require.NoError(t, os.MkdirAll(filepath.Dir(etc), 0o755))
	require.NoError(t, os.Mkdir(tools, 0o755))
	const configuration = `input_file: users.json
managed_user_path: OU=Managed,DC=plant,DC=example
expiration_time: null
max_age: null
directory: {servers: ["ldap://%s"], security: insecure-plaintext, username: 'PLANT\svc-import', password_file: import.password}
`
	writeAll(t, state, map[string]string{
		"import_config.yaml": fmt.Sprintf(configuration, address) + "report_dir: reports\nlog_file: import.log\n",
		"import.password":    boundPassword, "users.json": oneUser,
	})
	ran := func(folder, command string) string {
		t.Chdir(folder)
		var out bytes.Buffer
		run(t.Context(), strings.Fields(command), streams{in: os.Stdin, out: &out, err: &out})
		return out.String()
	}
	ran(state, "import")
	plan := func(folder string) string {
		_, text, _ := strings.Cut(ran(folder, "import --dry-run --format text"), "Target ")
		text, _, found := strings.Cut(text, " searches,")
		require.True(t, found)
		return text
	}
	before := plan(state)
	if os.Geteuid() == 0 { // the account of the scheduled import owns it all
		require.NoError(t, exec.Command("chown", "-R", "54321", state).Run())
		assert.Contains(t, ran(state, "check import --format text"), "can be changed by its owner, the user 54321")
	}

	_, text, found := strings.Cut(string(document), "### From one folder to two")
	require.True(t, found)
	var script []string
	for _, line := range regexp.MustCompile(`(?m)^    (.*)$`).FindAllStringSubmatch(text[:strings.Index(text, "\n## ")], -1) {
		script = append(script, line[1])
	}
	require.GreaterOrEqual(t, len(script), 5)
	me, err := user.Current()
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(tools, "systemctl"), []byte("#!/bin/sh\n"), 0o755))
	commands := strings.NewReplacer("/etc/ad-user-sync", etc, "/var/lib/ad-user-sync", state, "-o root -g ad-user-sync", "", "root:ad-user-sync", me.Uid+":"+me.Gid,
		"hmac.key ", "", "ca.pem ", "").Replace(strings.Join(script, "\n"))
	shell := exec.Command("sh", "-euc", commands)
	shell.Env = append(os.Environ(), "PATH="+tools+":"+os.Getenv("PATH"))
	out, err := shell.CombinedOutput()
	require.NoError(t, err, "%s\n%s", commands, out)

	path := filepath.Join(etc, "import_config.yaml")
	_, keys, _ := strings.Cut(string(document), "## Two folders")
	keys = regexp.MustCompile(`(?m)^    ((?:resolutions_file|report_dir|log_file): .*\n)`).ReplaceAllString(keys, "\x00$1")
	moved := fmt.Sprintf(configuration, address)
	for _, line := range regexp.MustCompile(`\x00(.*)`).FindAllStringSubmatch(keys, 3) {
		moved += strings.ReplaceAll(line[1], "/var/lib/ad-user-sync", state) + "\n"
	}
	require.Contains(t, moved, "resolutions_file: "+state)
	moved = strings.Replace(moved, "input_file: users.json", "input_file: "+filepath.Join(state, "users.json"), 1)
	require.NoError(t, os.WriteFile(path, []byte(strings.Replace(moved, "/resolutions.json", "/other.json", 1)), 0o640))
	assert.NotEqual(t, before, plan(etc), "the ledger is in another place")
	require.NoError(t, os.WriteFile(path, []byte(moved), 0o640))
	assert.Equal(t, before, plan(etc), "the ledger was found")
	assert.Contains(t, ran(etc, "check import --format text"), "only administrators and you can change the configuration")
	ran(etc, "import")
	left, err := os.ReadDir(etc)
	require.NoError(t, err)
	assert.Len(t, left, 2, "nothing is written beside the configuration and the password")
}
