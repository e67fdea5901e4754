package main

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/schema"
	"ad-user-sync/schema/userfile"
)

// TestMigratedCrossing migrates people from one real domain into another one, which the
// program exports by the file of the former, and an approver agrees in the browser. Samba
// does not let sIDHistory be written, so that they are recognised by number.
func TestMigratedCrossing(t *testing.T) {
	if withoutBrowser() {
		t.Skip("there is no browser")
	}
	const moved = 3
	x := newCrossing(t)
	for i := range people {
		if i < moved {
			x.source.Replace(x.source.dn(x.name(i)), "employeeID", strconv.Itoa(4700+i)+x.source.mark)
		} else {
			x.source.Delete(x.source.dn(x.name(i)))
		}
	}
	x.configured(map[string]any{"expect": map[string]any{"domain": x.lab.Source.Name}})
	x.exports("export_config.json", "users.json", x.source.ou, x.directory(x.lab.Source, "svc-export"))
	x.runExport()
	require.Len(t, x.runImport().Created, moved)
	former := filepath.Join(x.dir, "former.json")
	require.NoError(t, os.Rename(x.file, former))
	signed, err := os.ReadFile(former)
	require.NoError(t, err)
	assert.Contains(t, string(signed), `"objectSid": {`)

	// they arrive in the other domain, where two of them have a number, and someone is new
	home := newPlace(t, x.lab.Target)
	for i, number := range []string{"4700" + x.source.mark, "4701" + x.source.mark, ""} {
		attributes := map[string][]string{"objectClass": {"user"}, "sAMAccountName": {"n" + strconv.Itoa(i) + home.mark}, "userAccountControl": {"512"}, "displayName": {x.name(i)}}
		if number != "" {
			attributes["employeeID"] = []string{number}
		}
		home.Add(home.dn(x.name(i)), attributes)
	}
	x.exports("export_config.json", "users.json", home.ou, x.directory(x.lab.Target, "svc-import"))
	cmd, _, log := x.command("export", "--migrated-from", former)
	require.NoError(t, cmd.Run(), log.String())
	assert.Contains(t, log.String(), "no user of this export is known to be one of 1 of "+x.lab.Source.Name+": "+x.name(2))
	file := decoded(t, x.file)
	require.Len(t, file.Migrated.Users, 2)

	before := x.state()
	_, code := x.fails("import")
	assert.Equal(t, exitRefused, code)
	x.configured(map[string]any{"expect": map[string]any{"domain": x.lab.Target.Name, "migrated_from": x.lab.Source.Name}})
	r := x.importEnds(exitLimit)
	assert.Equal(t, "migrated", r.Guard.Name)
	assert.Len(t, r.RequiredInteractions, 2)
	said, code := x.fails("import")
	assert.Equal(t, exitLimit, code)
	assert.Contains(t, said, "no one has agreed yet: 2 accounts to be decided about")
	assert.Equal(t, before, x.state(), "nothing is written before that")

	w := x.sit(t)
	p := w.open(t)
	p.until(`document.body.textContent.includes("migrated from the former domain") && "asked"`)
	p.until(`(() => {
		const all = [...document.querySelectorAll("#open .tools label")].find((e) => e.textContent.includes("Select all shown (2)"));
		all?.click();
		return all ? "selected" : "";
	})()`)
	p.click(".bulk", "Accept")
	p.click("dialog", "Accept")
	p.until(`document.body.textContent.includes("2 taken over") && "done"`)
	w.interrupt(t, "The approval session ended")
	w.ended(t)
	for i := range 2 {
		of := x.target.Read(x.managed(i), "adminDescription")["adminDescription"]
		assert.Equal(t, []string{"ad-user-sync:" + anchorOf(t, file, x.name(i)) + "@" + strings.ToLower(x.lab.Target.Name)}, of)
	}
	assert.Equal(t, []string{"514"}, x.target.Read(x.managed(0), "userAccountControl")["userAccountControl"], "and is as it was")

	x.exports("export_config.json", "users.json", x.source.ou, x.directory(x.lab.Source, "svc-export"))
	x.runExport()
	said, code = x.fails("import")
	assert.Equal(t, exitRefused, code)
	assert.Contains(t, said, "expected is")
}

// exports writes the configuration of an export of everybody in a place.
func (x *crossing) exports(name, file, place string, directory map[string]any) {
	x.write(name, map[string]any{"export_file": file, "user_path": place, "attributes": []string{"displayName", "employeeID", "objectSid"},
		"hmac_file": x.lab.HMAC, "directory": directory})
}

// fails runs a command that does not end well, and returns what it said.
func (x *crossing) fails(args ...string) (said string, code int) {
	x.Helper()
	cmd, out, log := x.command(args...)
	require.Error(x, cmd.Run())
	return out.String() + log.String(), cmd.ProcessState.ExitCode()
}

func decoded(t *testing.T, path string) *schema.UserFile {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	body, _, _ := strings.Cut(string(text), "\n}\n")
	file, err := userfile.Decode([]byte(body + "\n}"))
	require.NoError(t, err)
	return file
}

func anchorOf(t *testing.T, file *schema.UserFile, cn string) string {
	t.Helper()
	for _, u := range file.Users {
		if u.CN == cn {
			return u.ObjectGUID
		}
	}
	require.Fail(t, "no such user", cn)
	return ""
}
