//go:build unix

package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/memad"
	"ad-user-sync/schema"
)

// What tells the scheduled import what to do is not its account's to change: check,
// run as that account, fails. An approver and an administrator may.
func TestCheckFailsWhereTheUnattendedAccountCanChangeItsOrders(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can run as others")
	}
	require.NoError(t, os.Chmod(filepath.Dir(binary), 0o755))
	d, address := newListener(t)
	d.AddUser(memad.User{Parent: "OU=Managed", AccountName: "jdoe", Password: "Some-Passw0rd"})
	directory := fmt.Sprintf(`{"servers": [%q], "security": "insecure-plaintext", "username": "PLANT\\svc-import", "password_file": "password"}`, "ldap://"+address)
	configuration := `{"input_file": "users.json", "managed_user_path": "OU=Managed,DC=plant,DC=example", "resolutions_file": "state/r.json", "hmac_file": "hmac.key",
		"expiration_time": null, "max_age": null, "directory": ` + directory + `, "approval_directory": ` + directory + `}`
	const daemon, person = 1, 54321 // Debian's account of that number, and no one's
	_, err := user.LookupId("1")
	require.NoError(t, err)
	for name, tc := range map[string]struct {
		as, owner int
		mine      string // is the owner's; all else is root's
		want      schema.CheckState
	}{
		"its configuration":                      {daemon, daemon, "import.json", schema.CheckFailed},
		"its key":                                {daemon, daemon, "hmac.key", schema.CheckFailed},
		"its folder":                             {daemon, daemon, ".", schema.CheckFailed},
		"nothing":                                {daemon, daemon, "state", schema.CheckOK},
		"an approver's own configuration":        {person, person, "import.json", schema.CheckWarning},
		"root, and all is root's":                {0, 0, ".", schema.CheckOK},
		"an approver whom the account can trick": {person, daemon, "import.json", schema.CheckFailed},
	} {
		t.Run(name, func(t *testing.T) {
			folder, err := os.MkdirTemp("", "orders")
			require.NoError(t, err)
			t.Cleanup(func() { _ = os.RemoveAll(folder) })
			require.NoError(t, os.Chmod(folder, 0o755))
			writeAll(t, folder, map[string]string{"password": boundPassword, "users.json": oneUser, "import.json": configuration, "hmac.key": "0123456789abcdef0123456789abcdef"})
			for _, file := range []string{"password", "users.json", "import.json", "hmac.key"} {
				require.NoError(t, os.Chmod(filepath.Join(folder, file), 0o644))
			}
			require.NoError(t, os.Mkdir(filepath.Join(folder, "state"), 0o700))
			require.NoError(t, os.Chown(filepath.Join(folder, "state"), tc.as, tc.as))
			require.NoError(t, os.Chown(filepath.Join(folder, tc.mine), tc.owner, tc.owner))
			cmd := exec.Command(binary, "check", "import", "--config", "import.json", "--format", "json")
			cmd.Dir, cmd.SysProcAttr = folder, &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(tc.as), Gid: uint32(tc.as)}}
			out, _ := cmd.Output()
			var check schema.Check
			require.NoError(t, json.Unmarshal(out, &check), "%s", out)
			for _, s := range check.Steps {
				if s.Step == "approval session" {
					assert.Equal(t, tc.want, s.State, s.Text)
					if tc.want == schema.CheckFailed {
						assert.Equal(t, exitFault, cmd.ProcessState.ExitCode())
					}
					return
				}
			}
			assert.Fail(t, "nothing is said", "%s", out)
		})
	}
}
