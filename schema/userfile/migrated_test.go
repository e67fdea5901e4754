package userfile

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/schema"
)

const (
	newJane    = "6f9619ff-8b86-d011-b42d-00cf4fc964ff"
	formerJane = "0a9619ff-8b86-d011-b42d-00cf4fc964aa"
)

func migratedFile(t *testing.T, m *schema.Migrated) string {
	t.Helper()
	var out bytes.Buffer
	w := NewWriter(&out, Head{Timestamp: time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC), Source: &schema.Source{Domain: "corp.example", Scope: "00"}})
	require.NoError(t, w.Write(schema.User{CN: "Jane", SAMAccountName: "jane", ObjectGUID: newJane}))
	w.Migrated(m)
	require.NoError(t, w.Close(&schema.Complete{Users: 1, Searches: []schema.SearchResult{{Entries: 1}}}))
	return out.String()
}

func TestMigratedIsReadAsWritten(t *testing.T) {
	for _, m := range []*schema.Migrated{nil,
		{From: "old.example", File: "ab", Users: []schema.MigratedUser{{ObjectGUID: newJane, Former: formerJane, By: schema.BySIDHistory}}}} {
		f, err := Decode([]byte(migratedFile(t, m)))
		require.NoError(t, err)
		assert.Equal(t, m, f.Migrated)
	}
}

func TestMigratedThatIsRefused(t *testing.T) {
	entry := schema.MigratedUser{ObjectGUID: newJane, Former: formerJane, By: schema.ByEmployeeID}
	other := func(change func(u *schema.MigratedUser)) []schema.MigratedUser {
		u := entry
		change(&u)
		return []schema.MigratedUser{u}
	}
	for want, m := range map[string]*schema.Migrated{
		`migrated.from "CORP.example" is not another domain`:     {From: "CORP.example"},
		`migrated.from "" is not another domain`:                 {},
		`by is "mail", and may be sIDHistory or employeeID`:      {From: "old.example", Users: other(func(u *schema.MigratedUser) { u.By = "mail" })},
		"former \"" + formerJane + "\" is missing, or there twi": {From: "old.example", Users: append(other(func(*schema.MigratedUser) {}), entry)},
		"is no user of the file":                                 {From: "old.example", Users: other(func(u *schema.MigratedUser) { u.ObjectGUID = formerJane })},
		`migrated.users.former "x" is not a GUID`:                {From: "old.example", Users: other(func(u *schema.MigratedUser) { u.Former = "x" })},
	} {
		_, err := Decode([]byte(migratedFile(t, m)))
		assert.ErrorContains(t, err, want)
	}
	_, err := Decode([]byte(strings.Replace(migratedFile(t, &schema.Migrated{From: "old.example"}), `"from"`, `"whence"`, 1)))
	assert.ErrorContains(t, err, `the key "migrated.whence" is not known`)
	_, err = Decode([]byte(`{"users": [{"cn": "a", "sAMAccountName": "a"}], "migrated": {"from": "old.example", "users": []}}`))
	assert.ErrorContains(t, err, "has no source and objectGUIDs")
}
