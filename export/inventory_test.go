package export_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/export"
	"ad-user-sync/schema"
)

func counts(v *export.Inventory) map[string]export.AttributeCount {
	all := map[string]export.AttributeCount{}
	for _, a := range v.Attributes {
		all[a.Name] = a
	}
	return all
}

func TestInventory(t *testing.T) {
	d := corp()
	jane, err := d.Domain().Base.Join(`CN=Doe\, Jane,OU=People`)
	require.NoError(t, err)
	d.Overwrite(jane, map[string]string{
		"unixUserPassword": "Passw0rd.Lab", "msDS-cloudExtensionAttribute1": "Passw0rd.Lab", "homeDirectory": `\\fs\home\jdoe`, "adminDescription": "x",
		"info": "a\nb\x1b[2J and so on, longer than anybody wants to read it", "seeAlso": "CN=Nina Keller,OU=Lab,OU=People,DC=corp,DC=example",
	})
	cfg := config(t, func(c *schema.ExportConfig) {
		c.Attributes = []string{"mail", "title"}
		c.Exclude = map[string][]string{"sAMAccountName": {"adm-*"}}
		c.Queries = []schema.Query{{Base: c.UserPath}, {Base: c.UserPath}} // everybody twice
	})
	before := d.Operations().Searches
	read := 0
	v, err := export.TakeInventory(t.Context(), d, cfg, func(users int) { read = users })
	require.NoError(t, err)
	assert.Equal(t, []int{3, 3}, []int{v.Users, read})
	assert.LessOrEqual(t, d.Operations().Searches-before, 8, "none for each user or attribute")
	assert.Equal(t, []string{"title"}, v.Empty)
	assert.Subset(t, v.System, []string{"objectSid", "whenCreated", "name"})
	assert.NotContains(t, v.System, "mail")

	all := counts(v)
	for _, want := range []export.AttributeCount{
		{Name: "cn", Users: 3, Percent: 100, Example: "Ada Okonkwo", Import: export.CarriedAlways, Exported: true},
		{Name: "mail", Users: 1, Percent: 33.3, Example: "jane@corp.example", Import: export.CarriedDefault, Exported: true},
		{Name: "manager", Users: 1, Percent: 33.3, Example: "CN=Ada Okonkwo,OU=People,DC=corp,DC=exam...", Import: export.CarriedByRule},
		{Name: "thumbnailPhoto", Users: 1, Percent: 33.3, Example: "(12 bytes)", Import: export.CarriedByRule},
		{Name: "info", Users: 1, Percent: 33.3, Example: "a[U+000A]b[U+001B][2J and so on, longer than anybody w...", Import: export.CarriedByRule},
		{Name: "unixUserPassword", Users: 1, Percent: 33.3, Example: "(not shown)", Import: export.CarriedNever, Reason: "holds passwords"},
		{Name: "msDS-cloudExtensionAttribute1", Users: 1, Percent: 33.3, Example: "(not shown)", Import: export.CarriedNever, Reason: "is one of msds-*, which hold rights and secrets"},
		{Name: "homeDirectory", Users: 1, Percent: 33.3, Example: `\\fs\home\jdoe`, Import: export.CarriedNever,
			Reason: "belongs to the logon (property set Logon-Information or Account-Restrictions)"},
		{Name: "adminDescription", Users: 1, Percent: 33.3, Example: "x", Import: export.CarriedNever,
			Reason: "keeps the source anchor in the target, unless anchor_attribute names another"},
		{Name: "seeAlso", Users: 1, Percent: 33.3, Example: "CN=Nina Keller,OU=Lab,OU=People,DC=corp,...", Import: export.CarriedNever, Reason: "its values are names of objects in one domain"},
	} {
		assert.Equal(t, want, all[want.Name])
	}
}

func TestAnInventoryOfNobodyIsAnError(t *testing.T) {
	_, err := export.TakeInventory(t.Context(), corp(), config(t, func(c *schema.ExportConfig) { c.SearchGroups = []string{"CN=Circle"} }), nil)
	require.ErrorIs(t, err, export.ErrNoUsers)
}
