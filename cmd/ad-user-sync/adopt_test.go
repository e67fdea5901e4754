package main

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/unicode"

	"ad-user-sync/internal/adtest"
)

// TestATableCrosses takes over two dozen accounts by a table that was saved by a
// spreadsheet, and that an approver confirms once.
func TestATableCrosses(t *testing.T) {
	if withoutBrowser() {
		t.Skip("left out: this needs Chromium, and AD_USER_SYNC_BROWSER=none was given")
	}
	x := newCrossing(t)
	staff := newPlace(t, x.lab.Target)
	x.lab.Target.Delegate(t, adtest.Rights{Container: x.target.ou, Elsewhere: []string{staff.ou}})
	const matched = 24
	old := func(i int) string { return "Old " + x.name(i) }
	for i := range matched {
		number := fmt.Sprintf("00%d-%s", i, x.source.mark)
		given, surname := "Person", fmt.Sprintf("Number %d", i)
		for attribute, value := range map[string]string{"employeeID": number, "givenName": given, "sn": surname} {
			x.source.Replace(x.source.dn(x.name(i)), attribute, value)
		}
		staff.Add(staff.dn(old(i)), map[string][]string{"objectClass": {"user"}, "sAMAccountName": {fmt.Sprintf("old%d%s", i, staff.mark)},
			"employeeID": {number}, "givenName": {given}, "sn": {surname}})
		staff.SetPassword(staff.dn(old(i)), "Of-Before-4711!")
		staff.Replace(staff.dn(old(i)), "userAccountControl", "512")
	}
	attributes := []string{"displayName", "department", "employeeID", "givenName", "sn"}
	x.write("export_config.json", map[string]any{"export_file": "users.json", "user_path": x.source.ou, "attributes": attributes,
		"hmac_file": x.lab.HMAC, "directory": x.directory(x.lab.Source, "svc-export")})
	x.configured(map[string]any{"group_map": map[string]any{}, "restricted_groups": []string{}, "attributes": map[string]any{"employeeID": map[string]any{}, "givenName": map[string]any{}, "sn": map[string]any{}},
		"match": map[string]any{"keys": []string{"employeeID"}, "within": []string{staff.ou}, "until": time.Now().AddDate(0, 0, 30).Format(time.DateOnly)}})
	x.runExport()

	table := filepath.Join(x.dir, "accounts.csv")
	cmd, _, log := x.command("match", "--format", "csv", "--out", table)
	require.NoError(t, cmd.Run(), log.String())
	x.saveAsUnicodeText(table, func(cells []string) {
		if strings.Contains(strings.Join(cells, " "), x.name(3)) {
			cells[0] = "no"
		}
	})
	staff.Replace(staff.dn(old(4)), "sn", "Married") // after the table was made

	w := x.sit(t, "--adopt", table)
	p := open(t, w.address)
	p.until(`document.querySelector(".tabled")?.textContent.includes("23 rows to be taken over: 22 as proposed, to be confirmed together, 1 not answered by the table.") && "told"`)
	p.click(".tabled", "Take over 22 accounts of the table")
	p.until(`(() => {
		const typed = document.querySelector("dialog input");
		if (!typed) return "";
		typed.value = "22";
		typed.dispatchEvent(new Event("input", {bubbles: true}));
		return "typed";
	})()`)
	assert.Empty(t, staff.Read(staff.dn(old(0)), "adminDescription")["adminDescription"], "not before it is confirmed")
	p.click("dialog", "Accept")
	p.until(`document.querySelector(".tabled")?.textContent.includes("22 taken over, 1 not answered") && "done"`)
	w.interrupt(t, "The approval session ended (interrupted at the terminal)")
	shown := w.ended(t)
	assert.Contains(t, shown, "Done: 22 ")

	r := x.report(w.out)
	assert.Len(t, r.Adopted, matched-2)
	assert.Empty(t, r.Failed)
	for i := range matched {
		if i == 3 || i == 4 {
			assert.Empty(t, staff.Read(staff.dn(old(i)), "adminDescription")["adminDescription"])
			continue
		}
		has := x.target.Read(x.target.dn(old(i)), "adminDescription", "sAMAccountName", "userAccountControl")
		require.NotNil(t, has, old(i))
		assert.Equal(t, []string{fmt.Sprintf("old%d%s", i, staff.mark)}, has["sAMAccountName"])
		assert.Equal(t, []string{"512"}, has["userAccountControl"])
		assert.NotEmpty(t, has["adminDescription"])
	}
	assert.NoError(t, x.lab.Target.LogOn(fmt.Sprintf("old0%s", staff.mark), "Of-Before-4711!"), "the password is what it was")

	x.runExport() // a newer file
	cmd, _, log = x.command("import", "--adopt", table)
	assert.Error(t, cmd.Run())
	assert.Equal(t, exitUsage, cmd.ProcessState.ExitCode(), log.String())
	assert.Contains(t, log.String(), "the table is of the user file written")
}

// saveAsUnicodeText is what Excel makes of a table: UTF-16 with its mark, and tabs.
func (x *crossing) saveAsUnicodeText(path string, edit func(cells []string)) {
	text, err := os.ReadFile(path)
	require.NoError(x, err)
	in := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(text), "\ufeff")))
	in.Comma = ';'
	lines, err := in.ReadAll()
	require.NoError(x, err)
	var out strings.Builder
	writer := csv.NewWriter(&out)
	writer.Comma, writer.UseCRLF = '\t', true
	for _, cells := range lines {
		edit(cells)
		require.NoError(x, writer.Write(cells))
	}
	writer.Flush()
	saved, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(out.String())
	require.NoError(x, err)
	require.NoError(x, os.WriteFile(path, []byte(saved), 0o600))
}
