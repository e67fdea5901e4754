package main

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adtest/ldapserver"
	"ad-user-sync/internal/memad"
	"ad-user-sync/schema"
)

const boundPassword, secretPassword = "Bound-Passw0rd", "S3cret-of-a-file"

// newListener is a domain in memory with an account that may log on (svc-import) and
// one that is disabled (svc-off).
func newListener(t *testing.T) (d *memad.Directory, address string) {
	t.Helper()
	d = memad.New("plant.example")
	d.AddOU("OU=Managed")
	d.AddGroup("CN=p-Viewers,OU=Groups")
	d.AddUser(memad.User{AccountName: "svc-import", Password: boundPassword})
	d.AddUser(memad.User{AccountName: "svc-off", Password: secretPassword, Disabled: true})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	go (&ldapserver.Server{Directory: d}).Serve(listener)
	return d, listener.Addr().String()
}

// writeAll writes files that are the owner's alone into a folder.
func writeAll(t *testing.T, folder string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600))
	}
}

const oneUser = `{"users": [{"cn": "Jane Doe", "sAMAccountName": "jdoe", "groups": []}]}`

// Whichever command logs on: a refusal names the account, the controller and the
// settings that hold name and secret, and never the secret.
func TestARefusedLogonNamesItsSettings(t *testing.T) {
	_, address := newListener(t)
	folder := t.TempDir()
	t.Chdir(folder)
	directory := func(account, secret string) string {
		return fmt.Sprintf(`{"servers": [%q], "security": "insecure-plaintext", "username": "PLANT\\%s"%s}`, "ldap://"+address, account, secret)
	}
	const exporting = `{"user_path": "OU=Managed,DC=plant,DC=example", "group_path": "OU=Groups,DC=plant,DC=example", "export_file": "out.json", "directory": %s}`
	const importing = `{"input_file": "users.json", "managed_user_path": "OU=Managed,DC=plant,DC=example", "group_path": "OU=Groups,DC=plant,DC=example",
		"group_map": {"t": "CN=p-Viewers"}, "resolutions_file": "r.json", "directory": %s%s}`
	off := directory("svc-off", `, "password_file": "off.password"`)
	deciding := fmt.Sprintf(`, "approval_directory": %s`, off)
	writeAll(t, folder, map[string]string{
		"users.json": oneUser, "off.password": secretPassword, "good.password": boundPassword,
		"export.json": fmt.Sprintf(exporting, off), "import.json": fmt.Sprintf(importing, off, ""),
		"environment.json": fmt.Sprintf(exporting, directory("svc-off", "")),
		"deciding.json":    fmt.Sprintf(importing, directory("svc-import", `, "password_file": "good.password"`), deciding),
	})
	t.Setenv(passwordVariable, secretPassword)
	file := filepath.Join(folder, "off.password")
	for command, wanted := range map[string]string{
		"export --config export.json":                              `"directory.username", the password is in "directory.password_file" (` + file + `)`,
		"export --config export.json --preview":                    `"directory.username", the password is in "directory.password_file" (` + file + `)`,
		"attributes --config export.json":                          `"directory.username", the password is in "directory.password_file" (` + file + `)`,
		"check export --format text --config export.json":          `"directory.username", the password is in "directory.password_file" (` + file + `)`,
		"import --config import.json":                              `"directory.username", the password is in "directory.password_file" (` + file + `)`,
		"check import --format text --config import.json":          `"directory.username", the password is in "directory.password_file" (` + file + `)`,
		"export --config environment.json":                         `"directory.username", the password is in the environment variable ` + passwordVariable,
		"import --interactive --no-browser --config deciding.json": `"approval_directory.username", the password is in "approval_directory.password_file" (` + file + `)`,
		"check import --format text --config deciding.json":        `"approval_directory.username", the password is in "approval_directory.password_file" (` + file + `)`,
	} {
		t.Run(command, func(t *testing.T) {
			var out bytes.Buffer
			code := run(t.Context(), strings.Fields(command), streams{in: os.Stdin, out: &out, err: &out})
			said := strings.Join(strings.Fields(out.String()), " ")
			assert.Equal(t, exitFault, code, said)
			assert.Contains(t, said, `log on as PLANT\svc-off to ldap://`+address+": the logon was refused: the account is disabled")
			assert.Contains(t, said, "enable the account; the account is "+wanted)
			assert.NotContains(t, said, secretPassword)
			assert.NotContains(t, said, boundPassword)
		})
	}
}

// Every way to log on has its setting, also where none is given.
func TestEveryLogonHasItsSetting(t *testing.T) {
	t.Setenv(passwordVariable, "x")
	for want, c := range map[string]connection{
		`the keytab is "directory.keytab" (/k)`:                                                                {config: &schema.Directory{Username: "u", Keytab: "/k"}},
		`the ticket cache is "approval_directory.ccache" (/c)`:                                                 {config: &schema.Directory{CCache: "/c"}, section: "approval_directory"},
		`"directory.username" is not used, so the logon is that of whoever runs this program`:                  {},
		`"approval_directory.username" is not used, so the logon is that of whoever runs this program`:         {config: &schema.Directory{Auth: "integrated", Username: "u"}, section: "approval_directory"},
		`the account is "directory.username", the password was typed`:                                          {config: &schema.Directory{Username: "u"}},
		`the account is "directory.username", the password is in the environment variable ` + passwordVariable: {config: &schema.Directory{Username: "u"}, environment: true},
	} {
		var auth ad.Auth
		if c.config != nil {
			auth = ad.Auth(c.config.Auth)
		}
		assert.Contains(t, new(app).settings(c, ad.Options{Auth: auth}), want)
	}
}
