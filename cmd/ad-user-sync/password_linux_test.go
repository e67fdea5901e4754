package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/adtest"
)

// approverWhoTypes is a folder from which an import runs that asks no one anything but
// the approver's password.
func approverWhoTypes(t *testing.T) (dir, name, password string, tried func() string) {
	t.Helper()
	lab := adtest.Lab(t)
	p := managedPlace(t, lab.Target)
	dir, name, password = t.TempDir(), "types"+p.mark, "Typed-By-Hand-4711"
	dn := "CN=" + name + "," + p.Admin.OU()
	p.User(dn, name, password, nil)
	p.LockAfter(name, lab.Target.Base, 10, dn)
	directory := map[string]any{"servers": []string{lab.Target.URL()}, "ca_file": lab.CAFile, "auth": "simple"}
	bound := map[string]any{"username": lab.Target.Account("svc-import"), "password_file": lab.Target.PasswordFile("svc-import")}
	typed := map[string]any{"username": lab.Target.Account(name)}
	for _, keys := range []map[string]any{bound, typed} {
		for key, value := range directory {
			keys[key] = value
		}
	}
	config, err := json.Marshal(map[string]any{"input_file": "users.json", "managed_user_path": p.ou, "group_path": "OU=Groups," + lab.Target.Base,
		"group_map": map[string]any{"CN=t-Viewers": "CN=p-Viewers"}, "directory": bound, "approval_directory": typed})
	require.NoError(t, err)
	users := fmt.Sprintf(`{"timestamp": %q, "source": {"domain": "corp.example", "scope": %q, "tool": "x"}, "complete": {"users": 1, "searches": [{"base": "DC=corp,DC=example", "filter": "(objectClass=user)", "entries": 1, "referrals": 0}]}, "users": [
		{"cn": "Jane Doe", "sAMAccountName": "jane", "disabled": true, "accountExpires": null, "memberOf": [], "objectGUID": "6f9619ff-8b86-d011-b42d-00cf4fc964ff"}]}`,
		time.Now().UTC().Add(-time.Second).Format(time.RFC3339), strings.Repeat("ab", 32))
	for file, text := range map[string][]byte{"import_config.json": config, "users.json": []byte(users)} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, file), text, 0o600))
	}
	return dir, lab.Target.Account(name), password, func() string { return strings.Join(p.Read(dn, "badPwdCount")["badPwdCount"], "") }
}

// Someone who types wrong is asked again, three times in all: each is a try for the
// lockout policy of the domain.
func TestLabAMistypedPasswordIsAskedForAgain(t *testing.T) {
	t.Run("until it is right", func(t *testing.T) {
		dir, name, password, tried := approverWhoTypes(t)
		x := onTerminal(t, dir, "import", "--interactive", "--no-browser")
		x.answer("Password of "+name+":", "Wrong-Secret-1")
		x.answer("Password of "+name+" (try 2 of 3):", password)
		assert.Equal(t, exitDone, x.ends(), "%s", x.seen())
		assert.NotContains(t, x.seen(), "Wrong-Secret")
		assert.NotContains(t, x.seen(), password)
		assert.Contains(t, x.seen(), "the user name or the password is wrong")
		assert.Equal(t, "0", tried(), "the right one clears it")
	})
	t.Run("not a fourth time", func(t *testing.T) {
		dir, name, _, tried := approverWhoTypes(t)
		x := onTerminal(t, dir, "import", "--interactive", "--no-browser")
		for _, prompt := range []string{":", " (try 2 of 3):", " (try 3 of 3):"} {
			x.answer("Password of "+name+prompt, "Wrong-Secret")
		}
		assert.Equal(t, exitFault, x.ends(), "%s", x.seen())
		assert.Equal(t, "3", tried())
	})
	t.Run("not one of a file", func(t *testing.T) {
		dir, _, _, tried := approverWhoTypes(t)
		path := filepath.Join(dir, "import_config.json")
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		config := map[string]any{}
		require.NoError(t, json.Unmarshal(text, &config))
		require.NoError(t, os.WriteFile(filepath.Join(dir, "pw"), []byte("Wrong-Secret"), 0o600))
		config["approval_directory"].(map[string]any)["password_file"] = "pw"
		text, err = json.Marshal(config)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(path, text, 0o600))
		x := onTerminal(t, dir, "import", "--interactive", "--no-browser")
		assert.Equal(t, exitFault, x.ends(), "%s", x.seen())
		assert.Equal(t, "1", tried())
	})
	t.Run("not where more than the password is wrong", func(t *testing.T) {
		dir, name, password, _ := approverWhoTypes(t)
		lab := adtest.Lab(t)
		admin := lab.Target.Admin(t)
		for dn := range admin.Find(lab.Target.Base, "(sAMAccountName="+strings.SplitN(name, `\`, 2)[1]+")", "cn") {
			admin.Replace(dn, "userAccountControl", "514")
		}
		x := onTerminal(t, dir, "import", "--interactive", "--no-browser")
		x.answer("Password of "+name+":", password)
		assert.Equal(t, exitFault, x.ends(), "%s", x.seen())
		assert.Contains(t, x.seen(), "the account is disabled")
	})
}

// Without a terminal no one is asked.
func TestLabNobodyIsAskedForAPasswordWithoutATerminal(t *testing.T) {
	dir, _, _, tried := approverWhoTypes(t)
	var faults bytes.Buffer
	cmd := exec.Command(binary, "import", "--interactive", "--no-browser")
	cmd.Dir, cmd.Stderr = dir, &faults
	require.Error(t, cmd.Run())
	assert.Equal(t, exitUsage, cmd.ProcessState.ExitCode())
	assert.Contains(t, faults.String(), "run this in a terminal")
	assert.Equal(t, "0", tried())
}
