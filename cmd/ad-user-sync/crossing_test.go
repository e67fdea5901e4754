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

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/adtest"
	"ad-user-sync/schema"
)

// crossing is one installation on both sides, with people in the source.
type crossing struct {
	*testing.T
	lab            *adtest.TwoDomains
	source, target *place // target is below OU=Managed, where svc-import has its rights
	dir            string
	export         string // configurations
	imports        string
	file           string

	secrets  adtest.Secrets // which are looked for in all that was said and written
	said     []*bytes.Buffer
	sessions []*sitting
	temp     string // TMPDIR of the program
}

const people = 50

func newCrossing(t *testing.T) *crossing { return newCrossingOf(t, people) }

func newCrossingOf(t *testing.T, people int) *crossing {
	lab := adtest.Lab(t)
	x := &crossing{T: t, lab: lab, dir: t.TempDir(), temp: t.TempDir(), source: newPlace(t, lab.Source), target: managedPlace(t, lab.Target)}
	key, err := os.ReadFile(lab.HMAC)
	require.NoError(t, err)
	x.secrets = adtest.Secrets{"the HMAC key": strings.TrimSpace(string(key)), "the password of svc-export": lab.Source.Password(t, "svc-export"),
		"the password of svc-import": lab.Target.Password(t, "svc-import"), "the password of svc-approver": lab.Target.Password(t, "svc-approver")}
	t.Cleanup(x.keepsSecrets)
	var members []string
	for i := range people {
		x.source.Add(x.source.dn(x.name(i)), map[string][]string{"objectClass": {"user"}, "sAMAccountName": {x.account(i)},
			"userAccountControl": {"512"}, "displayName": {x.name(i)}, "department": {"Übung"}})
		members = append(members, x.source.dn(x.name(i)))
	}
	x.group("t-Viewers", members...)
	x.group("t-Admins", members[2])
	x.file = filepath.Join(x.dir, "users.json")
	x.export = x.write("export_config.json", map[string]any{"export_file": "users.json", "user_path": x.source.ou, "group_path": x.source.ou,
		"search_groups": []string{"CN=t-Viewers", "CN=t-Admins"}, "attributes": []string{"displayName", "department"},
		"hmac_file": lab.HMAC, "directory": x.directory(lab.Source, "svc-export")})
	x.imports = x.write("import_config.json", map[string]any{"input_file": "users.json", "managed_user_path": x.target.ou,
		"group_path": "OU=Groups," + lab.Target.Base, "group_map": map[string]any{"CN=t-Viewers": "CN=p-Viewers", "CN=t-Admins": "CN=p-Administrators"},
		"restricted_groups": []string{"CN=p-Administrators"}, "prefix_common_names": "EXT ", "hmac_file": lab.HMAC, "log_file": "import.log",
		"log_level": "DEBUG", "report_dir": "reports", "directory": x.directory(lab.Target, "svc-import"), "approval_directory": x.directory(lab.Target, "svc-approver")})
	return x
}

// keepsSecrets looks for each secret in all that the program said, and in every file that
// it wrote: logs, reports, ledger, answers and what is left of temporary files.
func (x *crossing) keepsSecrets() {
	texts := map[string]string{}
	for i, said := range x.said {
		texts[fmt.Sprintf("output %d", i)] = said.String()
	}
	for i, session := range x.sessions {
		texts[fmt.Sprintf("terminal of session %d", i)] = session.shown()
	}
	x.secrets.Nowhere(x, texts, x.dir, x.temp)
}

// managedPlace is a place where the lab's service accounts have their rights.
func managedPlace(t *testing.T, d adtest.Domain) *place {
	p := &place{Domain: d, Admin: d.Admin(t), mark: mark()}
	p.ou = "OU=crossing-" + p.mark + ",OU=Managed," + d.Base
	p.Add(p.ou, map[string][]string{"objectClass": {"organizationalUnit"}})
	t.Cleanup(func() { p.Delete(p.ou) })
	return p
}

func (x *crossing) name(i int) string    { return fmt.Sprintf("Person %02d %s", i, x.source.mark) }
func (x *crossing) account(i int) string { return fmt.Sprintf("p%02d%s", i, x.source.mark) }
func (x *crossing) managed(i int) string { return x.target.dn("EXT " + x.name(i)) }

func (x *crossing) group(name string, members ...string) {
	x.source.Add(x.source.dn(name), map[string][]string{"objectClass": {"group"}, "sAMAccountName": {name + x.source.mark}, "member": members})
}

func (x *crossing) directory(d adtest.Domain, account string) map[string]any {
	return map[string]any{"domain": d.Name, "servers": []string{d.URL()}, "ca_file": x.lab.CAFile, "auth": "simple",
		"username": d.Account(account), "password_file": d.PasswordFile(account)}
}

func (x *crossing) write(name string, config map[string]any) string {
	text, err := json.Marshal(config)
	require.NoError(x, err)
	path := filepath.Join(x.dir, name)
	require.NoError(x, os.WriteFile(path, text, 0o600))
	return path
}

func (x *crossing) command(args ...string) (*exec.Cmd, *bytes.Buffer, *bytes.Buffer) {
	var out, log bytes.Buffer
	cmd := exec.Command(binary, args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr, cmd.Env = x.dir, &out, &log, append(os.Environ(), "TMPDIR="+x.temp)
	x.said = append(x.said, &out, &log)
	return cmd, &out, &log
}

func (x *crossing) runExport() {
	x.Helper()
	cmd, _, log := x.command("export")
	require.NoError(x, cmd.Run(), log.String())
}

func (x *crossing) runImport(args ...string) schema.Report {
	x.Helper()
	return x.importEnds(0, args...)
}

// importEnds imports with this exit code.
func (x *crossing) importEnds(code int, args ...string) schema.Report {
	x.Helper()
	cmd, out, log := x.command(append([]string{"import", "--format", "json"}, args...)...)
	_ = cmd.Run()
	require.Equal(x, code, cmd.ProcessState.ExitCode(), log.String())
	return x.report(out)
}

func (x *crossing) report(out *bytes.Buffer) (r schema.Report) {
	x.Helper()
	require.NoError(x, json.Unmarshal(out.Bytes(), &r), out.String())
	return r
}

// state is the update number of all that the import may write to.
func (x *crossing) state() map[string]string {
	state := x.target.objects()
	for _, group := range []string{"p-Viewers", "p-Administrators"} {
		dn := "CN=" + group + ",OU=Groups," + x.lab.Target.Base
		state[dn] = strings.Join(x.members(group), "\n")
	}
	return state
}

// members are those of ours that a group of the target has; other tests have
// their own there.
func (x *crossing) members(group string) []string {
	var ours []string
	for _, dn := range x.target.Read("CN="+group+",OU=Groups,"+x.lab.Target.Base, "member")["member"] {
		if strings.HasSuffix(dn, x.target.ou) {
			ours = append(ours, dn)
		}
	}
	return ours
}

// TestCrossing takes people from one real domain to the other, in the order in
// which it happens to them.
func TestCrossing(t *testing.T) {
	if withoutBrowser() {
		t.Skip("left out: this needs Chromium, and AD_USER_SYNC_BROWSER=none was given")
	}
	x := newCrossing(t)
	x.runExport()

	r := x.runImport()
	assert.Len(t, r.Created, people)
	assert.Len(t, r.Joined, people, "the guarded group has to wait")
	assert.Len(t, r.RequiredInteractions, people+1)
	assert.Empty(t, r.Failed)

	before := x.state()
	r = x.runImport()
	assert.Equal(t, before, x.state(), "the second import of a file writes nothing")
	assert.Zero(t, r.Operations.Adds+r.Operations.Modifies+r.Operations.Renames)
	assert.Len(t, r.RequiredInteractions, people+1)

	t.Run("bits", x.flipBits)
	t.Run("approval", x.approve)
	t.Run("left", x.askLeft)
	t.Run("changes", x.changes)
	t.Run("secrets", x.nowhere)
}
