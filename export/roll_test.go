package export_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/export"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/memad"
	"ad-user-sync/schema"
)

// mixed has a search group with members of every kind.
func mixed() *memad.Directory {
	d := corp()
	d.AddUser(memad.User{Parent: "OU=Elsewhere", CN: "Erika", AccountName: "erika", Password: "Passw0rd.Lab"})
	d.AddUser(memad.User{Parent: "OU=People", CN: "Fred", AccountName: "fred", Password: "Passw0rd.Lab"})
	for _, o := range []struct{ dn, class string }{{"CN=Con Tact,OU=People", "contact"}, {"CN=ws1,OU=People", "computer"}} {
		dn, _ := d.Domain().Base.Join(o.dn)
		attributes := []ad.Attribute{{Name: "objectClass", Values: ad.Values(o.class)}}
		if o.class == "computer" {
			attributes = append(attributes, ad.Attribute{Name: "sAMAccountName", Values: ad.Values("WS1$")}, ad.Attribute{Name: "userAccountControl", Values: ad.Values("4096")})
		}
		if err := d.Add(context.Background(), dn, attributes); err != nil {
			panic(err)
		}
	}
	d.AddGroup("CN=Mixed,OU=Groups", "CN=Erika,OU=Elsewhere", "CN=Fred,OU=People", "CN=Con Tact,OU=People", "CN=ws1,OU=People",
		"CN=Circle,OU=Groups", "CN=Nina Keller,OU=Lab,OU=People", "CN=Adm Jane,OU=People", `CN=Doe\, Jane,OU=People`)
	d.AddGroup("CN=Outer,OU=Groups", "CN=Circle,OU=Groups")
	return d
}

// counted returns what export, preview and check say of those who do not go.
func counted(t *testing.T, d export.Directory, cfg *schema.ExportConfig) map[string]int {
	t.Helper()
	file, result := exported(t, d, cfg)
	preview, err := export.Preview(t.Context(), d, cfg)
	require.NoError(t, err)
	assert.Equal(t, result.Reasons, preview.Reasons)
	assert.Equal(t, result.LeftOut, preview.LeftOut)
	assert.Len(t, file.Users, preview.Going())
	listed, total := map[string]int{}, 0
	for _, c := range preview.Candidates {
		if c.Rule != "" && c.Rule != "in none of search_groups" {
			listed[c.Rule]++
		}
	}
	assert.Equal(t, result.Reasons, listed, "each is listed")
	_, check := checked(t, d, cfg)
	for rule, n := range result.Reasons {
		total += n
		assert.Contains(t, check, "left out: "+string(rune('0'+n))+": "+rule)
	}
	assert.Equal(t, total, result.LeftOut)
	assert.Contains(t, check, "; "+string(rune('0'+total))+" are left out")
	return result.Reasons
}

func TestMembersWhoDoNotGoAreCountedByReason(t *testing.T) {
	cfg := config(t, func(c *schema.ExportConfig) {
		c.SearchGroups = []string{"CN=Mixed"}
		c.Queries = []schema.Query{{Base: "OU=People,DC=corp,DC=example", Scope: "onelevel", Filter: "(!(sAMAccountName=fred))"}}
		c.Exclude = map[string][]string{"sAMAccountName": {"adm-*"}}
	})
	reasons := counted(t, mixed(), cfg)
	assert.Equal(t, map[string]int{
		"outside of user_path and of every query's base":                               2, // erika, and ngroup, below
		"a contact, which has no account":                                              1,
		"the account of a computer or of a trust, not of a person":                     1,
		`a group in a search group; its members go only where "nested_groups" is true`: 1,
		"not matched by the filter of a query":                                         1,
		`exclude: sAMAccountName matches "adm-*"`:                                      1,
	}, reasons)

	cfg.NestedGroups = true
	reasons = counted(t, mixed(), cfg)
	assert.Len(t, reasons, 5, "jmueller goes, and the groups are none of the left out: %v", slices.Collect(maps.Keys(reasons)))
}

func TestOnlyGroupsInASearchGroup(t *testing.T) {
	cfg := config(t, func(c *schema.ExportConfig) { c.SearchGroups = []string{"CN=Outer"} })
	run, preview, check := refused(t, mixed(), cfg)
	assert.Contains(t, run, `(1: a group in a search group; its members go only where "nested_groups" is true)`)
	assert.Contains(t, check, `(1: a group in a search group; its members go only where "nested_groups" is true)`)
	assert.Equal(t, 1, preview.LeftOut)
}

// A member who cannot be seen or judged is not as if no member.
func TestAMemberWhoCanNotBeJudgedIsNamed(t *testing.T) {
	const fred = "CN=Fred,OU=People"
	for _, c := range []struct {
		name   string
		by     map[string][]string
		change func(*schema.ExportConfig)
		says   string // "": an export
	}{
		{"memberOf", map[string][]string{fred: {"memberOf"}}, nil, "memberOf of CN=Fred,OU=People,DC=corp,DC=example cannot be read, so the groups are not known"},
		{"memberOf of somebody who is not a member", map[string][]string{"CN=Ada Okonkwo,OU=People": {"memberOf"}}, nil, ""},
		{"the whole object", map[string][]string{fred: {"*"}}, nil, "CN=Fred,OU=People,DC=corp,DC=example, a member of a search group, cannot be seen"},
		{"the whole object, excluded by its name", map[string][]string{fred: {"*"}}, func(c *schema.ExportConfig) {
			c.Exclude = map[string][]string{"distinguishedName": {"CN=Fred,OU=People,DC=corp,DC=example"}}
		}, ""},
		{"the whole object, elsewhere", map[string][]string{"CN=Erika,OU=Elsewhere": {"*"}}, nil, ""},
		{"what a filter looks at", map[string][]string{fred: {"department"}}, filtering("(department=Dept 1)"), "department of CN=Fred,OU=People,DC=corp,DC=example cannot be read, which queries[1].filter looks at"},
		{"what a filter keeps out by", map[string][]string{fred: {"department"}}, filtering("(!(department=Dept 1))"), "department of CN=Fred,OU=People,DC=corp,DC=example cannot be read, which queries[1].filter looks at"},
		{"the members of a group, and memberOf of one", map[string][]string{"CN=Mixed,OU=Groups": {"member"}, fred: {"memberOf"}}, nil, "memberOf of CN=Fred,OU=People,DC=corp,DC=example cannot be read"},
		{"the members of a group alone", map[string][]string{"CN=Mixed,OU=Groups": {"member"}}, nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			memory := mixed()
			jane, err := memory.Domain().Base.Join(`CN=Doe\, Jane,OU=People`)
			require.NoError(t, err)
			memory.Set(jane, map[string]string{"department": "Dept 1"})
			d := &denied{Directory: memory, t: t, by: c.by}
			cfg := config(t, func(cfg *schema.ExportConfig) {
				cfg.SearchGroups = []string{"CN=Mixed"}
				if c.change != nil {
					c.change(cfg)
				}
			})
			if c.says == "" {
				exported(t, d, cfg)
				return
			}
			run, _, check := refused(t, d, cfg)
			assert.Contains(t, run, "\n  "+c.says)
			assert.Contains(t, run, "of 1 user:")
			assert.Contains(t, check, c.says)
		})
	}
}

// Someone who is found by the primary group may be in others.
func TestGroupsBesideThePrimaryOneHaveToBeRead(t *testing.T) {
	memory := mixed()
	memory.AddGroup("CN=Primary,OU=Groups", "CN=Fred,OU=People")
	primary(t, memory, "CN=Primary,OU=Groups", "CN=Fred,OU=People")
	d := &denied{Directory: memory, t: t}
	cfg := config(t, func(c *schema.ExportConfig) { c.SearchGroups = []string{"CN=Primary", "CN=Mixed"} })
	file, _ := exported(t, d, cfg)
	assert.Equal(t, []string{"CN=Primary", "CN=Mixed"}, find(t, file, "fred").MemberOf)
	d.by = map[string][]string{"CN=Fred,OU=People": {"memberOf"}}
	run, _, _ := refused(t, d, cfg)
	assert.Contains(t, run, "memberOf of CN=Fred,OU=People,DC=corp,DC=example cannot be read")
}

func filtering(filter string) func(*schema.ExportConfig) {
	return func(c *schema.ExportConfig) {
		c.Queries = []schema.Query{{Base: c.UserPath, Filter: filter}}
	}
}

// Without search groups no one else tells whom a filter passed over.
func TestAFilterPassesOverNobodyUnseen(t *testing.T) {
	const nina = "CN=Nina Keller,OU=Lab,OU=People"
	for filter, fails := range map[string]bool{"(department=Dept 1)": true, "(|(department=Dept 1)(sAMAccountName=jdoe))": true, "(!(department=Dept 2))": true, "(sAMAccountName=jdoe)": false, "(&(objectClass=user)(cn=Doe*))": false} {
		memory := corp()
		jane, err := memory.Domain().Base.Join(`CN=Doe\, Jane,OU=People`)
		require.NoError(t, err)
		memory.Set(jane, map[string]string{"department": "Dept 1"})
		d := &denied{Directory: memory, t: t, by: map[string][]string{nina: {"department"}}}
		cfg := excluding(t, nil)
		filtering(filter)(cfg)
		if !fails {
			exported(t, d, cfg)
			continue
		}
		run, preview, _ := refused(t, d, cfg)
		assert.Contains(t, run, "department of "+nina+",DC=corp,DC=example cannot be read, which queries[1].filter looks at", filter)
		assert.True(t, slices.ContainsFunc(preview.Candidates, func(c export.Candidate) bool {
			return c.CN == "Nina Keller" && strings.HasPrefix(c.Rule, "department cannot be read")
		}))
		cfg.Exclude = map[string][]string{"distinguishedName": {"OU=Lab,OU=People,DC=corp,DC=example"}}
		exported(t, d, cfg)
	}
}

// losing loses one entry of every search for users.
type losing struct {
	export.Directory
	cn string
}

func (l losing) Search(ctx context.Context, s ad.Search, each func(ad.Entry) error) (ad.Summary, error) {
	lost := 0
	summary, err := l.Directory.Search(ctx, s, func(e ad.Entry) error {
		if strings.Contains(string(s.Filter), string(ad.People)) && e.Text("cn") == l.cn {
			lost++
			return nil
		}
		return each(e)
	})
	summary.Entries -= lost
	return summary, err
}

// The groups know better.
func TestASearchThatLosesAMemberIsNoExport(t *testing.T) {
	cfg := config(t, func(c *schema.ExportConfig) { c.SearchGroups = []string{"CN=Mixed"} })
	run, _, check := refused(t, losing{mixed(), "Fred"}, cfg)
	assert.Contains(t, run, "CN=Fred,OU=People,DC=corp,DC=example, a member of a search group, was not found by the search")
	assert.Contains(t, check, "was not found by the search")
	exported(t, losing{mixed(), "Jürgen Müller"}, cfg)
}
