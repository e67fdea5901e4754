package export_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/export"
	"ad-user-sync/hmacfile"
	"ad-user-sync/internal/memad"
	"ad-user-sync/schema"
	"ad-user-sync/schema/userfile"
)

func TestRun(t *testing.T) {
	cfg := config(t, func(c *schema.ExportConfig) {
		c.Attributes = []string{"mail", "manager", "thumbnailPhoto", "otherTelephone"}
		c.Exclude = map[string][]string{"sAMAccountName": {"adm-*"}}
	})
	file, result := exported(t, corp(), cfg)

	assert.Equal(t, []string{"boss", "jdoe", "gparty"}, accounts(file))
	assert.Equal(t, clock, file.Timestamp)
	assert.Equal(t, &schema.Source{Domain: "corp.example", Scope: result.Scope, Tool: "ad-user-sync test", Controller: "dc1.corp.example"}, file.Source)
	require.Len(t, file.Complete.Searches, 1)
	assert.Equal(t, 3, file.Complete.Users)
	assert.Equal(t, 4, file.Complete.Searches[0].Entries)

	jane := find(t, file, "jdoe")
	assert.Equal(t, "Doe, Jane", jane.CN)
	assert.False(t, jane.Disabled)
	assert.Equal(t, []string{"CN=t-Viewers"}, jane.MemberOf)
	assert.Equal(t, time.Date(2026, 12, 31, 23, 0, 0, 0, time.UTC), *jane.AccountExpires)
	assert.Equal(t, schema.AttributesOf(map[string]schema.Value{
		"mail":           {List: []string{"jane@corp.example"}},
		"manager":        {List: []string{find(t, file, "boss").ObjectGUID}},
		"thumbnailPhoto": {List: []string{photo}, Binary: true},
		"otherTelephone": {List: []string{"1"}, Multi: true},
	}), jane.Attributes)

	gone := find(t, file, "gparty")
	assert.True(t, gone.Disabled)
	assert.Nil(t, gone.AccountExpires)
	assert.Nil(t, gone.Attributes.List("mail"))
	_, null := gone.Attributes.Get("mail")
	assert.True(t, null, "null: no value")
	assert.Equal(t, schema.Value{Multi: true}, withoutEmpty(has(gone.Attributes.Get("otherTelephone"))))

	data, err := os.ReadFile(cfg.ExportFile)
	require.NoError(t, err)
	sum := sha256.Sum256(data)
	assert.Equal(t, hex.EncodeToString(sum[:]), result.SHA256)
	assert.Equal(t, []int{3, 1, 2, 0}, []int{result.Users, result.Disabled, result.LeftOut, result.Twice})
	assert.Empty(t, result.Warnings)
}

func withoutEmpty(v schema.Value) schema.Value {
	if len(v.List) == 0 {
		v.List = nil
	}
	return v
}

func TestNestedGroups(t *testing.T) {
	cfg := config(t, func(c *schema.ExportConfig) { c.NestedGroups = true })
	file, _ := exported(t, corp(), cfg)
	assert.Equal(t, []string{"CN=t-Editors"}, find(t, file, "jmueller").MemberOf)
	assert.Len(t, file.Users, 5)
}

func TestWithoutSearchGroupsEverybodyGoes(t *testing.T) {
	cfg := config(t, func(c *schema.ExportConfig) { c.SearchGroups, c.GroupPath = nil, "" })
	file, _ := exported(t, corp(), cfg)
	assert.ElementsMatch(t, []string{"boss", "jdoe", "jmueller", "gparty", "adm-jane", "ngroup"}, accounts(file))
	assert.Empty(t, file.Users[0].MemberOf)
	data, err := os.ReadFile(cfg.ExportFile)
	require.NoError(t, err)
	assert.Contains(t, string(data), `"memberOf": []`)
}

func TestTheWholeDomainHasNoComputersAndNothingBuiltIn(t *testing.T) {
	d := corp()
	d.AddUser(memad.User{CN: "Trust", AccountName: "OTHER$", Password: "Passw0rd.Lab"})
	trust, err := d.Domain().Base.Join("CN=Trust,CN=Users")
	require.NoError(t, err)
	d.Overwrite(trust, map[string]string{"userAccountControl": "2080"})
	cfg := config(t, func(c *schema.ExportConfig) {
		c.SearchGroups = nil
		c.Queries = []schema.Query{{Base: "DC=corp,DC=example", Scope: "subtree", Filter: "(objectClass=*)"}}
	})
	file, _ := exported(t, d, cfg)
	for _, name := range accounts(file) {
		assert.NotContains(t, name, "$")
	}
	assert.NotContains(t, accounts(file), "Administrator")
	assert.NotContains(t, accounts(file), "krbtgt")
	assert.Contains(t, accounts(file), "jdoe")
}

func TestPrimaryGroupCounts(t *testing.T) {
	cfg := config(t, func(c *schema.ExportConfig) {
		c.GroupPath, c.SearchGroups = "CN=Users,DC=corp,DC=example", []string{"CN=Domain Users"}
	})
	file, _ := exported(t, corp(), cfg)
	assert.Equal(t, []string{"CN=Domain Users"}, find(t, file, "ngroup").MemberOf)
	assert.Len(t, file.Users, 6)
}

func TestFoundTwiceGoesOnce(t *testing.T) {
	cfg := config(t, func(c *schema.ExportConfig) {
		c.SearchGroups = nil
		c.Queries = []schema.Query{
			{Base: "OU=Lab,OU=People,DC=corp,DC=example", Scope: "onelevel"},
			{Base: "OU=People,DC=corp,DC=example", Scope: "subtree", Filter: "(|(sAMAccountName=ngroup)(sAMAccountName=boss))"},
			{Base: "CN=Ada Okonkwo,OU=People,DC=corp,DC=example", Scope: "base"},
		}
	})
	file, result := exported(t, corp(), cfg)
	assert.ElementsMatch(t, []string{"ngroup", "boss"}, accounts(file))
	assert.Equal(t, 2, result.Twice)
	assert.Equal(t, []int{1, 2, 1}, []int{result.Searches[0].Entries, result.Searches[1].Entries, result.Searches[2].Entries})
}

// In every way in which a filter may name an attribute.
func TestFilterAttributesThatTheSchemaHas(t *testing.T) {
	for _, filter := range []string{"(SAMACCOUNTNAME=jdoe)", "(1.2.840.113556.1.4.221=jdoe)", "(&(objectCategory=person)(!(!(sAMAccountName=jdoe))))"} {
		cfg := config(t, func(c *schema.ExportConfig) {
			c.SearchGroups, c.Queries = nil, []schema.Query{{Base: c.UserPath, Filter: filter}}
		})
		_, preview := checked(t, corp(), cfg)
		assert.NotContains(t, preview, "has no attribute", filter)
	}
}

func TestOlderShape(t *testing.T) {
	cfg := config(t, func(c *schema.ExportConfig) {
		c.SourceAnchor = false
		c.Attributes = []string{"mail", "thumbnailPhoto", "manager"}
	})
	file, result := exported(t, corp(), cfg)
	assert.Nil(t, file.Source)
	assert.Nil(t, file.Complete)
	assert.False(t, file.Zoned)
	assert.Len(t, result.Warnings, 2, "%v", result.Warnings)
	data, err := os.ReadFile(cfg.ExportFile)
	require.NoError(t, err)
	assert.Equal(t, []string{"cn", "sAMAccountName", "disabled", "accountExpires", "memberOf", "mail"}, members(t, data))
}

func TestSigned(t *testing.T) {
	key, err := hmacfile.ParseKey("d8b1619ae68eec643255a74014233f6d")
	require.NoError(t, err)
	cfg := config(t, nil)
	result, err := export.Run(t.Context(), corp(), cfg, export.Options{Tool: "t", Key: &key})
	require.NoError(t, err)
	assert.True(t, result.Signed)
	data, err := os.ReadFile(cfg.ExportFile)
	require.NoError(t, err)
	opened, err := hmacfile.Open(data, []hmacfile.Key{key})
	require.NoError(t, err)
	assert.Equal(t, hmacfile.FormExact, opened.Form)
	_, err = userfile.Decode(opened.Body)
	require.NoError(t, err)
}

// A key that got lost is not noticed by an import that has none.
func TestUnsignedAfterSignedIsWarnedAbout(t *testing.T) {
	key, err := hmacfile.ParseKey("d8b1619ae68eec643255a74014233f6d")
	require.NoError(t, err)
	cfg := config(t, nil)
	warned := func(key *hmacfile.Key) bool {
		result, err := export.Run(t.Context(), corp(), cfg, export.Options{Tool: "t", Key: key})
		require.NoError(t, err)
		return strings.Contains(strings.Join(result.Warnings, "\n"), "was signed before and no longer is")
	}
	assert.False(t, warned(nil), "there was none")
	assert.False(t, warned(&key))
	assert.False(t, warned(&key))
	assert.True(t, warned(nil))
	assert.False(t, warned(nil), "the file before was not signed")
}

func TestStandardOutputGetsTheSameBytes(t *testing.T) {
	cfg := config(t, nil)
	_, want := exported(t, corp(), cfg)
	file, err := os.ReadFile(cfg.ExportFile)
	require.NoError(t, err)
	cfg.ExportFile = ""
	t.Setenv("TMPDIR", t.TempDir())
	var stdout bytes.Buffer
	got, err := export.Run(t.Context(), corp(), cfg, export.Options{Tool: options.Tool, Stdout: &stdout})
	require.NoError(t, err)
	assert.Equal(t, string(file), stdout.String())
	assert.Equal(t, want.SHA256, got.SHA256)
	left, err := os.ReadDir(os.Getenv("TMPDIR"))
	require.NoError(t, err)
	assert.Empty(t, left)
}

func TestWarnings(t *testing.T) {
	cfg := config(t, func(c *schema.ExportConfig) {
		c.SearchGroups = append(c.SearchGroups, "CN=Circle")
		c.Queries = []schema.Query{{Base: c.UserPath}, {Base: "OU=Groups,DC=corp,DC=example"}}
	})
	_, result := exported(t, corp(), cfg)
	assert.Equal(t, []string{
		"queries[2]: the search below OU=Groups,DC=corp,DC=example found no one",
		"search_groups: no user in the file is in CN=Circle; search groups hold other groups, whose members go only where \"nested_groups\" is true",
	}, result.Warnings)
}

func TestNoQueryPerUser(t *testing.T) {
	searches := func(extra int) int {
		d := corp()
		for i := range extra {
			d.AddUser(memad.User{Parent: "OU=People", AccountName: "u" + string(rune('a'+i)), Groups: []string{"CN=t-Viewers,OU=Groups"},
				Attributes: map[string]string{"manager": "CN=Ada Okonkwo,OU=People,DC=corp,DC=example"}})
		}
		exported(t, d, config(t, func(c *schema.ExportConfig) { c.Attributes = []string{"mail", "manager"}; c.NestedGroups = true }))
		return d.Operations().Searches
	}
	assert.Equal(t, searches(1), searches(20))
}

func has(v schema.Value, _ bool) schema.Value { return v }
