package export_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/export"
	"ad-user-sync/hmacfile"
	"ad-user-sync/internal/memad"
	"ad-user-sync/schema"
)

// moving is a domain whose users move to another one, and its last user file, which has
// their SIDs.
type moving struct {
	from, to *memad.Directory
	file     *schema.UserFile
	path     string
	sids     map[string]string
}

func newMoving(t *testing.T, people ...memad.User) *moving {
	t.Helper()
	m := &moving{from: memad.New("old.example", memad.At(clock)), to: memad.New("corp.example", memad.At(clock)), sids: map[string]string{}}
	m.to.AddOU("OU=People")
	for _, u := range people {
		u.Parent, u.Password = "OU=People", "Passw0rd.Lab"
		m.from.AddUser(u)
	}
	cfg := config(t, func(c *schema.ExportConfig) {
		c.UserPath, c.GroupPath, c.SearchGroups = "OU=People,DC=old,DC=example", "", nil
		c.Attributes = []string{"employeeID", "objectSid"}
	})
	m.file, _ = exported(t, m.from, cfg)
	m.path = cfg.ExportFile
	for _, u := range m.file.Users {
		m.sids[u.SAMAccountName] = u.Attributes.List("objectSid")[0]
	}
	return m
}

// arrived is a user of the new domain, with the sIDHistory of someone.
func (m *moving) arrived(cn, account, number, sid string) {
	u := memad.User{Parent: "OU=People", CN: cn, AccountName: account, Password: "Passw0rd.Lab", Attributes: map[string]string{}}
	if number != "" {
		u.Attributes["employeeID"] = number
	}
	dn := m.to.AddUser(u)
	if sid != "" {
		m.to.Overwrite(dn, map[string]string{"sIDHistory": sid})
	}
}

func (m *moving) export(t *testing.T) (*schema.UserFile, export.Result) {
	t.Helper()
	former, err := export.ReadFormer(m.path, nil)
	require.NoError(t, err)
	before := options
	options.Former = former
	defer func() { options = before }()
	return exported(t, m.to, config(t, func(c *schema.ExportConfig) { c.GroupPath, c.SearchGroups = "", nil }))
}

func number(n string) map[string]string { return map[string]string{"employeeID": n} }

func TestMigratedFrom(t *testing.T) {
	m := newMoving(t, memad.User{CN: "Jane Doe", AccountName: "jdoe"}, memad.User{CN: "Max Muster", AccountName: "max", Attributes: number("4711")},
		memad.User{CN: "Twin One", AccountName: "one", Attributes: number("7")}, memad.User{CN: "Twin Two", AccountName: "two", Attributes: number("7")},
		memad.User{CN: "Eve Both", AccountName: "eve", Attributes: number("8")}, memad.User{CN: "Carl Gone", AccountName: "carl"}, memad.User{CN: "Split", AccountName: "split"})
	m.arrived("Jane Roe", "jroe", "", m.sids["jdoe"])
	m.arrived("Max Muster", "mmuster", " 4711", "")
	m.arrived("Twin One", "one", "7", "")
	m.arrived("Eve Both", "eve", "8", m.sids["carl"]) // the two contradict each other
	m.arrived("Split 1", "split1", "", m.sids["split"])
	m.arrived("Split 2", "split2", "", m.sids["split"])
	m.arrived("Nina New", "nina", "99", "")
	file, result := m.export(t)
	old := func(account string) string { return find(t, m.file, account).ObjectGUID }
	assert.Equal(t, "old.example", file.Migrated.From)
	assert.Len(t, file.Migrated.File, 64)
	assert.ElementsMatch(t, []schema.MigratedUser{
		{ObjectGUID: find(t, file, "jroe").ObjectGUID, Former: old("jdoe"), By: "sIDHistory"},
		{ObjectGUID: find(t, file, "mmuster").ObjectGUID, Former: old("max"), By: "employeeID"},
	}, file.Migrated.Users)
	assert.Equal(t, file.Migrated.Users, result.Migrated)
	said := strings.Join(result.Warnings, "\n")
	for _, text := range []string{
		"--migrated-from: Twin One (one) is left out of the map: the employeeID 7 is that of 2 users there and 1 here",
		"--migrated-from: Eve Both (eve) is left out of the map: its sIDHistory has the SID of Carl Gone (carl), and its employeeID 8 is that of Eve Both (eve)",
		"--migrated-from: Split 1 (split1) is left out of the map: several users of this domain may be Split (split)",
		"--migrated-from: no user of this export is known to be one of 5 of old.example: Carl Gone (carl), Eve Both (eve), Split (split), Twin One (one), Twin Two (two)",
	} {
		assert.Contains(t, said, text)
	}
	assert.NotContains(t, said, "Nina New")
}

func TestMigratedFromIsProvedAndOfAnotherDomain(t *testing.T) {
	m := newMoving(t, memad.User{CN: "Jane Doe", AccountName: "jdoe"})
	key, err := hmacfile.ParseKey(hmacfile.NewKey())
	require.NoError(t, err)
	_, err = export.ReadFormer(m.path, []hmacfile.Key{key})
	require.ErrorIs(t, err, hmacfile.ErrNoTrailer)
	_, err = export.ReadFormer(filepath.Join(t.TempDir(), "none"), nil)
	require.ErrorIs(t, err, os.ErrNotExist)
	older := filepath.Join(t.TempDir(), "older.json")
	require.NoError(t, os.WriteFile(older, []byte(`{"users": [{"cn": "a", "sAMAccountName": "a"}]}`), 0o600))
	_, err = export.ReadFormer(older, nil)
	require.ErrorContains(t, err, "it was exported without source_anchor")

	former, err := export.ReadFormer(m.path, nil)
	require.NoError(t, err)
	same := options
	same.Former = former
	_, err = export.Run(t.Context(), m.from, config(t, func(c *schema.ExportConfig) {
		c.UserPath, c.GroupPath, c.SearchGroups = "OU=People,DC=old,DC=example", "", nil
	}), same)
	require.ErrorContains(t, err, "comes from old.example, the domain that is exported")
}

// Who may not read sIDHistory sees none: the number is what is left.
func TestMigratedFromByNumberAloneWhereTheFileHasNoSIDs(t *testing.T) {
	m := newMoving(t, memad.User{CN: "Jane Doe", AccountName: "jdoe", Attributes: number("1")})
	text, err := os.ReadFile(m.path)
	require.NoError(t, err)
	require.Contains(t, string(text), `"objectSid": {`)
	require.NoError(t, os.WriteFile(m.path, []byte(strings.Replace(string(text), `"objectSid"`, `"other"`, 1)), 0o600))
	m.arrived("Jane Doe", "jdoe", "1", m.sids["jdoe"])
	file, _ := m.export(t)
	require.Len(t, file.Migrated.Users, 1)
	assert.Equal(t, schema.ByEmployeeID, file.Migrated.Users[0].By)
}
