package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/hmacfile"
	importer "ad-user-sync/import"
	"ad-user-sync/internal/ad"
	"ad-user-sync/schema"
)

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
	p := w.open(t)
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
	x.secrets["the new password of "+x.account(0)] = password
	x.said = append(x.said, bytes.NewBufferString(log))
}

// nowhere says that there are secrets to look for, and files that may have them.
func (x *crossing) nowhere(t *testing.T) {
	for _, name := range []string{"import.log", "resolutions.json", "resolutions.state.json"} {
		require.FileExists(t, filepath.Join(x.dir, name))
	}
	require.GreaterOrEqual(t, len(x.secrets), 5)
	x.keepsSecrets()
}

// askLeft asks only what no one answered.
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

// changes happen in the source: someone is renamed, someone changes groups,
// someone leaves. The import has no right on the guarded group, so whoever is
// to be out of it is named until someone has taken them out.
func (x *crossing) changes(t *testing.T) {
	x.rename(3, "Renamed "+x.source.mark)
	x.source.Replace(x.source.dn("t-Admins"), "member", x.source.dn(x.name(4)))
	x.source.Delete(x.source.dn(x.name(0)))
	guid := x.target.Read(x.managed(3), "objectGUID")["objectGUID"]
	x.runExport()

	r := x.importEnds(5)
	require.Len(t, r.Failed, 1)
	assert.Contains(t, r.Failed[0].Reason, "out of the group CN=p-Administrators,OU=Groups,"+x.lab.Target.Base+" by hand")
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
			q.Subject = schema.Subject{}
			joins = append(joins, q)
		}
	}
	assert.Equal(t, []schema.Interaction{{Type: "join", User: "EXT " + x.name(4), Group: "p-Administrators",
		Reason: "group_map: nested in Administrators, a built-in group", Code: "group-map", From: []string{"CN=t-Admins"}}}, joins)

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
