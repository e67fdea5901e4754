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

	"ad-user-sync/hmacfile"
	importer "ad-user-sync/import"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adtest"
	"ad-user-sync/schema"
)

// crossing is one installation on both sides, with 50 people in the source.
type crossing struct {
	*testing.T
	lab            *adtest.TwoDomains
	source, target *place // target is below OU=Managed, where svc-import has its rights
	dir            string
	export         string // configurations
	imports        string
	file           string
}

const people = 50

func newCrossing(t *testing.T) *crossing {
	lab := adtest.Lab(t)
	x := &crossing{T: t, lab: lab, dir: t.TempDir(), source: newPlace(t, lab.Source), target: managedPlace(t, lab.Target)}
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
		"log_level": "DEBUG", "directory": x.directory(lab.Target, "svc-import"), "approval_directory": x.directory(lab.Target, "svc-approver")})
	return x
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
	cmd.Dir, cmd.Stdout, cmd.Stderr = x.dir, &out, &log
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
}

// flipBits refuses the signed file with a bit changed at any position.
func (x *crossing) flipBits(t *testing.T) {
	signed, err := os.ReadFile(x.file)
	require.NoError(t, err)
	text, err := os.ReadFile(x.lab.HMAC)
	require.NoError(t, err)
	key, err := hmacfile.ParseKey(string(text))
	require.NoError(t, err)
	_, err = importer.Open("users.json", signed, []hmacfile.Key{key})
	require.NoError(t, err)
	for at := range signed {
		changed := bytes.Clone(signed)
		changed[at] ^= 1 << (at % 8)
		_, err := importer.Open("users.json", changed, []hmacfile.Key{key})
		require.Error(t, err, "bit %d of byte %d", at%8, at)
	}
	before := x.state()
	for _, at := range []int{0, len(signed) / 2, len(signed) - 65, len(signed) - 1} {
		changed := bytes.Clone(signed)
		changed[at] ^= 4
		path := filepath.Join(x.dir, "changed.json")
		require.NoError(t, os.WriteFile(path, changed, 0o600))
		cmd, out, log := x.command("import", "--input", path)
		assert.Error(t, cmd.Run())
		assert.Equal(t, exitRefused, cmd.ProcessState.ExitCode(), log.String())
		assert.Empty(t, out.String())
	}
	assert.Equal(t, before, x.state())
}

// approve is one person at the approval page: enables 0, rejects 1, and puts 2
// into the guarded group.
func (x *crossing) approve(t *testing.T) {
	w := x.sit(t)
	p := open(t, w.address)
	enable := p.card(x.name(0), "Enable")
	password := p.until("document.querySelector(" + quote(enable+" output") + ")?.textContent")
	p.decide(enable, "Enable")
	reject := p.card(x.name(1), "Enable")
	p.decide(reject, "Reject")
	join := p.card(x.name(2), "Add to group")
	p.decide(join, "Add to group")

	// The password is not handed out: the first interrupt warns, the second ends.
	w.interrupt(t, "1 new password not handed out yet and would be lost.")
	p.until(`document.body.textContent.includes("The session is about to end") && "warned"`)
	w.interrupt(t, "The approval session ended (interrupted at the terminal)")
	log := w.ended(t)
	assert.Contains(t, log, "Done: 1 enabled, 1 added to a group.")
	assert.Regexp(t, `These accounts have a new password that was not handed out; set another one for them:\n  `+x.account(0)+`\n`, log)

	r := x.report(w.out)
	assert.Equal(t, []string{"EXT " + x.name(0)}, r.Enabled)
	assert.Equal(t, []schema.Membership{{User: "EXT " + x.name(2), Group: "p-Administrators"}}, r.Joined)
	assert.Empty(t, r.Failed)
	assert.NoError(t, x.lab.Target.LogOn(x.account(0), password))
	assert.Error(t, x.lab.Target.LogOn(x.account(1), password))
	assert.Equal(t, []string{"514"}, x.target.Read(x.managed(1), "userAccountControl")["userAccountControl"])
	assert.Equal(t, []string{x.managed(2)}, x.members("p-Administrators"))

	kept, err := os.ReadFile(filepath.Join(x.dir, "resolutions.json"))
	require.NoError(t, err)
	list, err := importer.LoadResolutions(filepath.Join(x.dir, "resolutions.json"))
	require.NoError(t, err)
	require.Len(t, list, 1, string(kept))
	assert.Equal(t, "enable", list[0].Type)
	assert.Equal(t, "EXT "+x.name(1), list[0].User)
	assert.False(t, list[0].Accept)
	x.nowhere(t, password, w.out.String(), log)
}

// nowhere looks for a secret in the texts and in every file that was written.
func (x *crossing) nowhere(t *testing.T, secret string, texts ...string) {
	paths, err := filepath.Glob(filepath.Join(x.dir, "*"))
	require.NoError(t, err)
	for _, path := range paths {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		texts = append(texts, string(text))
	}
	for _, text := range texts {
		assert.False(t, strings.Contains(text, secret), "a password was written down")
	}
}

// askLeft asks only what nobody answered.
func (x *crossing) askLeft(t *testing.T) {
	before := x.state()
	r := x.runImport()
	assert.Equal(t, before, x.state())
	assert.Len(t, r.RequiredInteractions, people-2)
	for _, q := range r.RequiredInteractions {
		assert.Equal(t, "enable", q.Type)
		assert.NotContains(t, []string{"EXT " + x.name(0), "EXT " + x.name(1)}, q.User)
	}
}

// changes happen in the source: somebody is renamed, somebody changes groups,
// somebody leaves. The import has no right on the guarded group, so whoever is
// to be out of it is named until somebody has taken them out.
func (x *crossing) changes(t *testing.T) {
	x.rename(3, "Renamed "+x.source.mark)
	x.source.Replace(x.source.dn("t-Admins"), "member", x.source.dn(x.name(4)))
	x.source.Delete(x.source.dn(x.name(0)))
	guid := x.target.Read(x.managed(3), "objectGUID")["objectGUID"]
	x.runExport()

	r := x.importEnds(5)
	require.Len(t, r.Failed, 1)
	assert.Contains(t, r.Failed[0].Reason, "Take it out of p-Administrators by hand")
	x.target.Leave("CN=p-Administrators,OU=Groups,"+x.lab.Target.Base, x.managed(2))
	assert.Equal(t, []string{"EXT " + x.name(0)}, r.Disabled)
	assert.Error(t, x.lab.Target.LogOn(x.account(0), "anything"))
	assert.Nil(t, x.target.Read(x.managed(3), "cn"))
	assert.Equal(t, guid, x.target.Read(x.target.dn("EXT Renamed "+x.source.mark), "objectGUID")["objectGUID"], "the account is the same")
	assert.Empty(t, x.members("p-Administrators"), "one was put out, the other has to wait")
	assert.NotContains(t, x.members("p-Viewers"), x.managed(0))
	var joins []schema.Interaction
	for _, q := range r.RequiredInteractions {
		if q.Type == "join" {
			joins = append(joins, q)
		}
	}
	assert.Equal(t, []schema.Interaction{{Type: "join", User: "EXT " + x.name(4), Group: "p-Administrators",
		Reason: "group_map: nested in Administrators, a built-in group"}}, joins)

	before := x.state()
	x.runImport()
	assert.Equal(t, before, x.state())
}

func (x *crossing) rename(i int, cn string) {
	dir, err := ad.Connect(x.Context(), ad.Options{Servers: []string{x.lab.Source.URL()}, CAFile: x.lab.CAFile, Auth: ad.AuthSimple,
		Username: x.lab.Source.Account("Administrator"), Password: ad.Password(x.lab.Source.Password(x, "Administrator")), Timeout: time.Minute})
	require.NoError(x, err)
	defer dir.Close()
	from, err := ad.ParseDN(x.source.dn(x.name(i)))
	require.NoError(x, err)
	require.NoError(x, dir.Rename(x.Context(), from, from.Parent().Child("CN", cn)))
}
