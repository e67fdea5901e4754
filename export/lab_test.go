package export_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/export"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adtest"
	"ad-user-sync/schema"
)

// labSource is the lab's source domain as the service account sees it.
func labSource(t *testing.T) (*ad.Client, adtest.Domain) {
	t.Helper()
	lab := adtest.Lab(t)
	client, err := ad.Connect(t.Context(), ad.Options{
		Servers: []string{lab.Source.URL()}, Security: ad.SecurityLDAPS, CAFile: lab.CAFile, PageSize: 7,
		Auth: ad.AuthSimple, Username: lab.Source.Account("svc-export"), Password: ad.Password(lab.Source.Password(t, "svc-export")),
	})
	require.NoError(t, err)
	t.Cleanup(func() { _ = client.Close() })
	return client, lab.Source
}

func TestLabSamplePeople(t *testing.T) {
	client, domain := labSource(t)
	cfg := config(t, func(c *schema.ExportConfig) {
		c.UserPath, c.GroupPath = "OU=People,"+domain.Base, "OU=Groups,"+domain.Base
		c.SearchGroups = []string{"CN=t-Viewers", "CN=t-Editors", "CN=t-Administrators"}
		c.NestedGroups = true
		c.Attributes = []string{"mail", "manager", "thumbnailPhoto", "department", "secretary"}
	})
	file, result := exported(t, client, cfg)
	assert.Len(t, file.Users, 24, "all but one")
	assert.NotContains(t, accounts(file), "ngroup")
	assert.Equal(t, domain.Name, file.Source.Domain)
	assert.Len(t, result.Warnings, 1, "%v", result.Warnings) // secretary

	operator := find(t, file, "ops1")
	assert.Equal(t, []string{"CN=t-Administrators"}, operator.MemberOf, "nested")
	assert.Equal(t, []string{find(t, file, "jdoe").ObjectGUID}, operator.Attributes.List("manager"))
	assert.Equal(t, `Plus+Minus "Connor" <x>; \ #1`, find(t, file, "cplus").CN)
	assert.True(t, find(t, file, "gparty").Disabled)
	assert.Equal(t, 2023, find(t, file, "eold").AccountExpires.Year())
	assert.True(t, has(find(t, file, "jdoe").Attributes.Get("thumbnailPhoto")).Binary)
	assert.Nil(t, find(t, file, "nomail").Attributes.List("mail"))
}

func TestLabPrimaryGroupQueriesAndPreview(t *testing.T) {
	client, domain := labSource(t)
	admin := domain.Admin(t)
	ou := admin.OU()
	unique, _, _ := strings.Cut(ou[strings.LastIndex(ou, "-")+1:], ",")
	group := "CN=Team," + ou
	admin.Add(group, map[string][]string{"objectClass": {"group"}, "sAMAccountName": {"group-" + unique}})
	for _, name := range []string{"member", "primary", "outside"} {
		admin.Add("CN="+name+","+ou, map[string][]string{"objectClass": {"user"}, "sAMAccountName": {name + "-" + unique}})
	}
	admin.Add("CN=machine,"+ou, map[string][]string{"objectClass": {"computer"}, "sAMAccountName": {unique + "$"}})
	admin.Join(group, "CN=member,"+ou, "CN=primary,"+ou, "CN=machine,"+ou)
	var rid uint32
	_, err := client.Search(t.Context(), ad.Search{Base: mustDN(t, group), Scope: ad.ScopeBase, Filter: ad.Anything, Attributes: []string{"objectSid"}}, func(e ad.Entry) error {
		rid = e.SID().RID()
		return nil
	})
	require.NoError(t, err)
	admin.Replace("CN=primary,"+ou, "primaryGroupID", fmt.Sprint(rid))

	cfg := config(t, func(c *schema.ExportConfig) {
		c.GroupPath, c.SearchGroups = ou, []string{"CN=Team"}
		c.Queries = []schema.Query{{Base: ou, Scope: "onelevel", Filter: "(cn=*)"}, {Base: "CN=member," + ou, Scope: "base"}}
	})
	file, result := exported(t, client, cfg)
	names := []string{}
	for _, u := range file.Users {
		names = append(names, u.CN)
		assert.Equal(t, cfg.SearchGroups, u.MemberOf)
	}
	assert.ElementsMatch(t, []string{"member", "primary"}, names)
	assert.Equal(t, 1, result.Twice)

	leftOut := map[string]string{}
	preview, err := export.Preview(t.Context(), client, cfg)
	require.NoError(t, err)
	assert.Equal(t, 1, preview.Twice)
	for _, c := range preview.Candidates {
		leftOut[c.CN] = c.LeftOut
	}
	assert.Equal(t, map[string]string{"member": "", "primary": "", "outside": "in none of search_groups",
		"machine": "the account of a computer or of a trust, not of a person"}, leftOut)
}

// schemaIDGUIDs (MS-ADA1, MS-ADA2).
const (
	mailGUID    = "bf967961-0de6-11d0-a285-00aa003049e2"
	expiresGUID = "bf967915-0de6-11d0-a285-00aa003049e2"

	departmentGUID = "bf96794f-0de6-11d0-a285-00aa003049e2"

	memberOfGUID = "bf967991-0de6-11d0-a285-00aa003049e2"

	primaryGroupGUID = "bf967a00-0de6-11d0-a285-00aa003049e2"
)

func TestLabWhatMayNotBeRead(t *testing.T) {
	client, domain := labSource(t)
	admin := domain.Admin(t)
	ou := admin.OU()
	admin.Add("OU=Closed,"+ou, map[string][]string{"objectClass": {"organizationalUnit"}})
	for name, place := range map[string]string{"open": ou, "half": ou, "closed": "OU=Closed," + ou} {
		dn := "CN=" + name + "," + place
		admin.Add(dn, map[string][]string{"objectClass": {"user"}, "sAMAccountName": {name + mark(ou)}, "mail": {name + "@corp.example"}, "title": {name}})
		if name != "open" {
			admin.DenyRead(dn, mailGUID, "svc-export")
		}
	}
	cfg := config(t, func(c *schema.ExportConfig) {
		c.Queries = []schema.Query{{Base: ou, Scope: "onelevel"}, {Base: "OU=Closed," + ou}}
		c.SearchGroups, c.Attributes = nil, []string{"mail", "title"}
	})
	file, result := exported(t, client, cfg)
	assert.Equal(t, []string{"open@corp.example"}, find(t, file, "open"+mark(ou)).Attributes.List("mail"))
	assert.False(t, carries(find(t, file, "closed"+mark(ou)), "mail"), "not null, which would clear it")
	assert.Equal(t, []string{"closed"}, find(t, file, "closed"+mark(ou)).Attributes.List("title"))
	assert.False(t, carries(find(t, file, "half"+mark(ou)), "mail"), "beside somebody whose mail may be read")
	require.Len(t, result.Warnings, 2)
	assert.Contains(t, result.Warnings[0], "mail is left out for all users of queries[2]")
	assert.Contains(t, result.Warnings[1], `attributes: mail is left out of 1 of the users, as CORP\svc-export may not read it there, to begin with CN=half,`)
	preview, err := export.Preview(t.Context(), client, cfg)
	require.NoError(t, err)
	assert.Equal(t, result.Warnings, preview.Warnings)

	admin.Replace("CN=open,"+ou, "title")
	file, _ = exported(t, client, cfg)
	assert.True(t, carries(find(t, file, "open"+mark(ou)), "title"), "null: may be read, and has none")

	cfg.Queries = cfg.Queries[1:]
	file, result = exported(t, client, cfg)
	assert.False(t, carries(find(t, file, "closed"+mark(ou)), "mail"))
	require.Len(t, result.Warnings, 1)
	assert.Contains(t, result.Warnings[0], `attributes: mail is left out: no user has a value of it that CORP\svc-export may read`)

	admin.DenyRead("CN=closed,OU=Closed,"+ou, expiresGUID, "svc-export")
	_, err = export.Run(t.Context(), client, cfg, options)
	require.ErrorContains(t, err, "accountExpires of CN=closed,OU=Closed,"+ou+" cannot be read", "not as if it never expired")
}

// Someone whose groups may not be read is not as if in none.
func TestLabGroupsThatMayNotBeRead(t *testing.T) {
	client, domain := labSource(t)
	admin := domain.Admin(t)
	ou := admin.OU()
	admin.Add("CN=Team,"+ou, map[string][]string{"objectClass": {"group"}, "sAMAccountName": {"team" + mark(ou)}})
	for _, name := range []string{"member", "hidden", "outside"} {
		admin.Add("CN="+name+","+ou, map[string][]string{"objectClass": {"user"}, "sAMAccountName": {name + mark(ou)}})
	}
	admin.Join("CN=Team,"+ou, "CN=member,"+ou, "CN=hidden,"+ou)
	admin.DenyRead("CN=hidden,"+ou, memberOfGUID, "svc-export")
	cfg := config(t, func(c *schema.ExportConfig) { c.UserPath, c.GroupPath, c.SearchGroups = ou, ou, []string{"CN=Team"} })
	preview, err := export.Preview(t.Context(), client, cfg)
	require.ErrorContains(t, err, "memberOf of CN=hidden,"+ou+" cannot be read")
	_, err = export.Run(t.Context(), client, cfg, options)
	require.ErrorContains(t, err, "memberOf of CN=hidden,"+ou+" cannot be read")
	rules := map[string]string{}
	for _, c := range preview.Candidates {
		rules[c.CN] = c.Rule
	}
	assert.Equal(t, map[string]string{"member": "", "outside": "in none of search_groups", "hidden": "memberOf cannot be read, so the groups are not known"}, rules)
	var told []string
	export.Check(t.Context(), client, cfg, func(s schema.CheckStep) { told = append(told, string(s.State)+" "+s.Step+": "+s.Text) })
	assert.Contains(t, told, "failed selection: memberOf of CN=hidden,"+ou+" cannot be read, so the groups are not known")
}

// A filter passes over whom it cannot judge; a member whom no one may list is
// none the less one.
func TestLabWhomNoSearchFinds(t *testing.T) {
	client, domain := labSource(t)
	admin := domain.Admin(t)
	ou := admin.OU()
	admin.Add("OU=Away,"+ou, map[string][]string{"objectClass": {"organizationalUnit"}})
	admin.Add("OU=People,"+ou, map[string][]string{"objectClass": {"organizationalUnit"}})
	for name, place := range map[string]string{"plain": "OU=People,", "shy": "OU=People,", "erika": "OU=Away,"} {
		admin.Add("CN="+name+","+place+ou, map[string][]string{"objectClass": {"user"}, "sAMAccountName": {name + mark(ou)}, "department": {"Dept 1"}})
	}
	for _, group := range []string{"Inner", "Mixed"} {
		admin.Add("CN="+group+","+ou, map[string][]string{"objectClass": {"group"}, "sAMAccountName": {group + mark(ou)}})
	}
	admin.Add("CN=contact,OU=People,"+ou, map[string][]string{"objectClass": {"contact"}})
	admin.Join("CN=Mixed,"+ou, "CN=plain,OU=People,"+ou, "CN=shy,OU=People,"+ou, "CN=erika,OU=Away,"+ou, "CN=Inner,"+ou, "CN=contact,OU=People,"+ou)
	cfg := config(t, func(c *schema.ExportConfig) {
		c.UserPath, c.GroupPath, c.SearchGroups = "OU=People,"+ou, ou, []string{"CN=Mixed"}
	})
	assert.Len(t, counted(t, client, cfg), 3, "a group, a contact, erika")

	cfg.SearchGroups, cfg.Queries = nil, []schema.Query{{Base: cfg.UserPath, Filter: "(department=Dept 1)"}}
	exported(t, client, cfg)
	admin.DenyRead("CN=shy,OU=People,"+ou, departmentGUID, "svc-export")
	run, _, _ := refused(t, client, cfg)
	assert.Contains(t, run, "department of CN=shy,OU=People,"+ou+" cannot be read, which queries[1].filter looks at")
	cfg.Queries[0].Filter = "(!(department=Dept 2))"
	run, _, _ = refused(t, client, cfg)
	assert.Contains(t, run, "department of CN=shy,OU=People,"+ou+" cannot be read, which queries[1].filter looks at")

	cfg.Queries, cfg.SearchGroups, cfg.Exclude = nil, []string{"CN=Mixed"}, map[string][]string{"department": {"Dept 3"}}
	run, _, _ = refused(t, client, cfg)
	assert.Contains(t, run, "department of CN=shy,OU=People,"+ou+" cannot be read, which exclude looks at")
}

func mustDN(t *testing.T, text string) ad.DN {
	t.Helper()
	dn, err := ad.ParseDN(text)
	require.NoError(t, err)
	return dn
}

func TestLabRefusals(t *testing.T) {
	client, domain := labSource(t)
	for _, c := range []struct {
		change func(*schema.ExportConfig)
		is     error
		says   string
	}{
		{func(c *schema.ExportConfig) { c.UserPath = "OU=Nobody," + domain.Base }, ad.ErrNotFound, "user_path: OU=Nobody"},
		{func(c *schema.ExportConfig) { c.SearchGroups = []string{"CN=Nobody"} }, ad.ErrNotFound, "the group CN=Nobody"},
		{func(c *schema.ExportConfig) { c.UserPath = "OU=Groups," + domain.Base }, export.ErrNoUsers, "outside of user_path"},
		{func(c *schema.ExportConfig) { c.UserPath = "DC=plant,DC=example" }, nil, "is not in the domain corp.example"},
		{func(c *schema.ExportConfig) { c.Attributes = []string{"maill"} }, nil, `no attribute "maill"`},
		{func(c *schema.ExportConfig) {
			c.Queries = []schema.Query{{Base: c.UserPath, Filter: "(&(2.5.4.3=*)(anr=x)(deprtment=x))"}}
		}, nil, `queries[1].filter: the schema of corp.example has no attribute "deprtment"`},
	} {
		cfg := config(t, c.change)
		_, err := export.Run(t.Context(), client, cfg, options)
		require.ErrorContains(t, err, c.says)
		if c.is != nil {
			require.ErrorIs(t, err, c.is)
		}
		assertAlone(t, filepath.Dir(cfg.ExportFile), 0)
	}
}

// The directory itself names the objects of a conflict so; an administrator may.
func TestLabConflictObjects(t *testing.T) {
	client, domain := labSource(t)
	admin := domain.Admin(t)
	ou := admin.OU()
	admin.Add("CN=Erika,"+ou, map[string][]string{"objectClass": {"user"}, "sAMAccountName": {"erika" + mark(ou)}})
	left := `CN=Erika\0ACNF:7a1c2b3d-8b86-d011-b42d-00cf4fc964aa,` + ou
	admin.Add(left, map[string][]string{"objectClass": {"user"}, "sAMAccountName": {"erika2" + mark(ou)}})
	cfg := config(t, func(c *schema.ExportConfig) { c.UserPath, c.SearchGroups = ou, nil })
	_, err := export.Run(t.Context(), client, cfg, options)
	require.ErrorContains(t, err, left+" is what a replication conflict left")
	cfg.Exclude = map[string][]string{"cn": {"*CNF:*"}}
	file, _ := exported(t, client, cfg)
	assert.Equal(t, []string{"erika" + mark(ou)}, accounts(file))

	cfg = config(t, func(c *schema.ExportConfig) { c.UserPath, c.SearchGroups = "CN=Users,"+domain.Base, nil })
	preview, err := export.Preview(t.Context(), client, cfg)
	require.NoError(t, err)
	rules := map[string]string{}
	for _, c := range preview.Candidates {
		rules[c.SAMAccountName] = c.Rule
	}
	assert.Empty(t, rules["svc-export"])
	for _, name := range []string{"Administrator", "krbtgt", "Guest"} {
		assert.Contains(t, rules[name], "isCriticalSystemObject", name)
	}
}

// A member by primary group is in no group's list, and is not left out of the file
// where the primary group may not be read.
func TestLabPrimaryGroupThatMayNotBeRead(t *testing.T) {
	client, domain := labSource(t)
	admin := domain.Admin(t)
	ou := admin.OU()
	admin.Add("CN=Team,"+ou, map[string][]string{"objectClass": {"group"}, "sAMAccountName": {"team" + mark(ou)}})
	for _, name := range []string{"member", "primary"} {
		admin.Add("CN="+name+","+ou, map[string][]string{"objectClass": {"user"}, "sAMAccountName": {name + mark(ou)}})
		admin.Join("CN=Team,"+ou, "CN="+name+","+ou)
	}
	var rid uint32
	_, err := client.Search(t.Context(), ad.Search{Base: mustDN(t, "CN=Team,"+ou), Scope: ad.ScopeBase, Filter: ad.Anything, Attributes: []string{"objectSid"}}, func(e ad.Entry) error {
		rid = e.SID().RID()
		return nil
	})
	require.NoError(t, err)
	admin.Replace("CN=primary,"+ou, "primaryGroupID", fmt.Sprint(rid))
	cfg := config(t, func(c *schema.ExportConfig) {
		c.UserPath, c.GroupPath, c.SearchGroups = ou, ou, []string{"CN=Team"}
	})
	file, _ := exported(t, client, cfg)
	assert.Len(t, file.Users, 2)
	for _, name := range []string{"primary", "member"} {
		admin.DenyRead("CN="+name+","+ou, primaryGroupGUID, "svc-export")
		_, err = export.Run(t.Context(), client, cfg, options)
		require.ErrorContains(t, err, "primaryGroupID of CN="+name+","+ou+" cannot be read, so it is not known whether the primary group is one of search_groups")
	}
}
