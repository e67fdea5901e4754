package export_test

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/export"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/memad"
	"ad-user-sync/schema"
)

func excluding(t testing.TB, exclude map[string][]string) *schema.ExportConfig {
	return config(t, func(c *schema.ExportConfig) { c.SearchGroups, c.GroupPath, c.Exclude = nil, "", exclude })
}

// warned returns the warnings of an export, which those of preview and check equal.
func warned(t *testing.T, d export.Directory, cfg *schema.ExportConfig) []string {
	t.Helper()
	_, result := exported(t, d, cfg)
	preview, err := export.Preview(t.Context(), d, cfg)
	require.NoError(t, err)
	assert.Equal(t, result.Warnings, preview.Warnings)
	failed, check := checked(t, d, cfg)
	assert.Zero(t, failed, check)
	for _, w := range result.Warnings {
		assert.Contains(t, check, ": "+w)
	}
	return result.Warnings
}

// A primary group is in no memberOf; a group that is nested in another is not
// in that of a user.
func TestExcludeOverEveryGroupThatSomebodyIsIn(t *testing.T) {
	d := corp()
	d.AddGroup("CN=No Sync,OU=Groups", "CN=Circle,OU=Groups", "CN=Nina Keller,OU=Lab,OU=People")
	primary(t, d, "CN=No Sync,OU=Groups", "CN=Nina Keller,OU=Lab,OU=People")
	for _, pattern := range []string{"CN=No Sync,*", "CN=No Sync,OU=Groups,DC=corp,DC=example", "cn=no sync, ou=groups, dc=corp, dc=example"} {
		cfg := excluding(t, map[string][]string{"memberOf": {pattern}})
		file, result := exported(t, d, cfg)
		assert.ElementsMatch(t, []string{"boss", "jdoe", "gparty", "adm-jane"}, accounts(file), "not ngroup, not jmueller, who is in Interns, in Circle, in No Sync")
		assert.Equal(t, 2, result.LeftOut)
		assert.Empty(t, warned(t, d, cfg))
	}
}

// A filter sees neither.
func TestGroupsThatAFilterDoesNotSee(t *testing.T) {
	d := corp()
	d.AddGroup("CN=No Sync,OU=Groups", "CN=Nina Keller,OU=Lab,OU=People")
	primary(t, d, "CN=No Sync,OU=Groups", "CN=Nina Keller,OU=Lab,OU=People")
	for filter, want := range map[string][]string{
		"(!(memberOf=CN=No Sync,OU=Groups,DC=corp,DC=example))":   {`queries[1].filter: CN=No Sync,OU=Groups,DC=corp,DC=example is the primary group of 1 user, to begin with CN=Nina Keller,OU=Lab,OU=People,DC=corp,DC=example, and memberOf does not hold that; "search_groups" and "exclude" see it`},
		"(!(memberOf=CN=t-Viewers,OU=Groups,DC=corp,DC=example))": nil,
		"(!(memberOf=CN=t-Viewer,OU=Groups,DC=corp,DC=example))":  {`queries[1].filter: no one can be in CN=t-Viewer,OU=Groups,DC=corp,DC=example, which does not exist`},
		"(!(memberOf=t-Viewers))":                                 {`queries[1].filter: memberOf holds full names (DNs), and "t-Viewers" is not one`},
	} {
		cfg := excluding(t, nil)
		filtering(filter)(cfg)
		warnings := warned(t, d, cfg)
		require.Len(t, warnings, len(want), "%s: %v", filter, warnings)
		for i := range want {
			assert.Contains(t, warnings[i], want[i])
		}
	}
}

// primary makes a group that of someone who is a member.
func primary(t *testing.T, d *memad.Directory, group, user string) {
	t.Helper()
	groupDN, err := d.Domain().Base.Join(group)
	require.NoError(t, err)
	userDN, err := d.Domain().Base.Join(user)
	require.NoError(t, err)
	rid := 0
	_, err = d.Search(t.Context(), ad.Search{Base: groupDN, Scope: ad.ScopeBase, Filter: ad.Anything, Attributes: []string{"objectSid"}}, func(e ad.Entry) error {
		rid = int(e.SID().RID())
		return nil
	})
	require.NoError(t, err)
	d.Set(userDN, map[string]string{"primaryGroupID": strconv.Itoa(rid)})
}

// Groups may stand in a circle, and be of another domain.
func TestExcludeOverGroupsInACircle(t *testing.T) {
	d := corp()
	circle, err := d.Domain().Base.Join("CN=Interns,OU=Groups")
	require.NoError(t, err)
	require.NoError(t, d.Modify(t.Context(), circle, []ad.Change{{Kind: ad.AddValues, Attribute: "member", Values: ad.Values("CN=Circle,OU=Groups,DC=corp,DC=example")}}))
	file, _ := exported(t, d, excluding(t, map[string][]string{"memberOf": {"CN=t-Editors,*"}}))
	assert.ElementsMatch(t, []string{"jdoe", "gparty", "adm-jane", "ngroup"}, accounts(file))
}

func TestANameStandsForTheObjectAndAllBelowIt(t *testing.T) {
	for _, place := range []string{"OU=Lab,OU=People,DC=corp,DC=example", "CN=Nina Keller,OU=Lab,OU=People,DC=corp,DC=example", "ou=lab , ou=people,dc=CORP,dc=example"} {
		cfg := excluding(t, map[string][]string{"distinguishedName": {place}})
		file, _ := exported(t, corp(), cfg)
		assert.ElementsMatch(t, []string{"boss", "jdoe", "jmueller", "gparty", "adm-jane"}, accounts(file), place)
		assert.Empty(t, warned(t, corp(), cfg))
	}
	file, _ := exported(t, corp(), excluding(t, map[string][]string{"manager": {"CN=Ada Okonkwo,OU=People,DC=corp,DC=example"}}))
	assert.NotContains(t, accounts(file), "jdoe")
	assert.Contains(t, accounts(file), "jmueller")
}

// A pattern that matches no one protects no one.
func TestPatternsThatNobodyMatches(t *testing.T) {
	for _, c := range []struct {
		exclude map[string][]string
		warns   []string
	}{
		{map[string][]string{"memberOf": {"CN=No Sync,"}}, []string{`exclude: no user matches "CN=No Sync," of memberOf; values are full names (DNs): write "CN=No Sync,*", or the full name down to DC=corp,DC=example`}},
		{map[string][]string{"memberOf": {"t-Editors"}}, []string{`exclude: no user matches "t-Editors" of memberOf; values are full names (DNs): write "CN=t-Editors,*", or the full name down to DC=corp,DC=example`}},
		{map[string][]string{"distinguishedName": {"OU=Lab"}}, []string{`exclude: no user matches "OU=Lab" of distinguishedName; write the full name, down to DC=corp,DC=example`}},
		{map[string][]string{"distinguishedName": {"OU=Support,OU=People,DC=corp,DC=example"}}, []string{
			`exclude: no user matches "OU=Support,OU=People,DC=corp,DC=example" of distinguishedName; it stands for that object and all below it; look whether it was renamed or moved`}},
		{map[string][]string{"distinguishedName": {"OU=Support,*"}}, []string{`exclude: no user matches "OU=Support,*" of distinguishedName`}},
		{map[string][]string{"sAMAccountName": {"adm-*", "svc-*", "adm-j*"}}, []string{`exclude: no user matches "svc-*" of sAMAccountName`}},
		{map[string][]string{"department": {"IT", "HR"}}, []string{"exclude: no user has a value of department that "}},
		{map[string][]string{"sAMAccountName": {}}, nil},
	} {
		warnings := warned(t, corp(), excluding(t, c.exclude))
		require.Len(t, warnings, len(c.warns), "%v: %v", c.exclude, warnings)
		for i, w := range c.warns {
			assert.Contains(t, warnings[i], w)
		}
	}
	assert.Empty(t, warned(t, corp(), config(t, func(c *schema.ExportConfig) {
		c.Exclude = map[string][]string{"sAMAccountName": {"ngroup"}}
	})), "for somebody who would not go in any case")
}

// What excludes and cannot be read keeps everybody from going.
func TestWhatExcludesHasToBeRead(t *testing.T) {
	const jane, nina = `CN=Doe\, Jane,OU=People`, "CN=Nina Keller,OU=Lab,OU=People"
	for _, c := range []struct {
		name    string
		by      map[string][]string
		exclude map[string][]string
		says    []string // of whom; none: an export
	}{
		{"an attribute", map[string][]string{jane: {"mail"}, nina: {"mail"}}, map[string][]string{"mail": {"*@old.example"}}, []string{
			`mail of ` + jane + `,DC=corp,DC=example cannot be read, which exclude looks at`, `mail of ` + nina + `,DC=corp,DC=example cannot be read`}},
		{"of somebody whom another pattern leaves out", map[string][]string{jane: {"mail"}}, map[string][]string{"mail": {"*@old.example"}, "sAMAccountName": {"jdoe"}}, nil},
		{"that excludes nobody", map[string][]string{jane: {"mail"}}, map[string][]string{"mail": {}}, nil},
		{"memberOf", map[string][]string{jane: {"memberOf"}}, map[string][]string{"memberOf": {"CN=t-Editors,*"}}, []string{`memberOf of ` + jane}},
		{"primaryGroupID", map[string][]string{jane: {"primaryGroupID"}}, map[string][]string{"memberOf": {"CN=t-Editors,*"}}, []string{`primaryGroupID of ` + jane}},
		{"memberOf of a group", map[string][]string{"CN=t-Viewers,OU=Groups": {"memberOf"}}, map[string][]string{"memberOf": {"CN=t-Editors,*"}}, []string{
			`memberOf of CN=t-Viewers,OU=Groups,DC=corp,DC=example, a group of ` + jane + `,DC=corp,DC=example, cannot be read, which exclude looks at`}},
		{"a name can always be read", map[string][]string{jane: {"distinguishedName"}}, map[string][]string{"distinguishedName": {"OU=Lab,OU=People,DC=corp,DC=example"}}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := &denied{Directory: corp(), t: t, by: c.by}
			cfg := excluding(t, c.exclude)
			if len(c.says) == 0 {
				exported(t, d, cfg)
				return
			}
			run, _, check := refused(t, d, cfg)
			for _, text := range c.says {
				assert.Contains(t, run, "\n  "+text)
				assert.Contains(t, check, text)
			}
		})
	}
}
