package export_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/export"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adtest"
	"ad-user-sync/schema"
)

// labCrowd makes n users and a group of them all, in a unit of their own.
func labCrowd(t testing.TB, domain adtest.Domain, n int) (ou string) {
	t.Helper()
	admin := domain.Admin(t)
	ou = admin.OU()
	var members []string
	for i := range n {
		cn := fmt.Sprintf("%s %05d", mark(ou), i)
		members = append(members, "CN="+cn+","+ou)
		admin.Add(members[i], map[string][]string{"objectClass": {"user"}, "sAMAccountName": {fmt.Sprintf("%s%05d", mark(ou), i)}, "department": {"Crowd"}})
	}
	admin.Add("CN=Crowd,"+ou, map[string][]string{"objectClass": {"group"}, "sAMAccountName": {"crowd-" + mark(ou)}})
	admin.Join("CN=Crowd,"+ou, members...)
	return ou
}

// mark is the random part of a unit's name.
func mark(ou string) string {
	name, _, _ := strings.Cut(ou, ",")
	return name[strings.LastIndex(name, "-")+1:]
}

func labClient(t testing.TB, pageSize int) (*ad.Client, adtest.Domain) {
	t.Helper()
	lab := adtest.Lab(t)
	client, err := ad.Connect(t.Context(), ad.Options{
		Servers: []string{lab.Source.URL()}, CAFile: lab.CAFile, PageSize: pageSize,
		Username: lab.Source.Account("svc-export"), Password: ad.Password(lab.Source.Password(t, "svc-export")),
	})
	require.NoError(t, err)
	t.Cleanup(func() { _ = client.Close() })
	return client, lab.Source
}

func TestLabNoSearchForEachUser(t *testing.T) {
	const many = 60
	client, domain := labClient(t, 10)
	ou := labCrowd(t, domain, many)
	cfg := config(t, func(c *schema.ExportConfig) {
		c.UserPath, c.GroupPath, c.SearchGroups, c.Attributes = ou, ou, []string{"CN=Crowd"}, []string{"department"}
	})
	before := client.Operations().Searches
	file, _ := exported(t, client, cfg)
	assert.Len(t, file.Users, many)
	assert.InDelta(t, many/10+11, client.Operations().Searches-before, 3, "a search for each page, and a few before and after")
	large, _ := labClient(t, 5_000) // more than controllers give
	again, _ := exported(t, large, cfg)
	assert.ElementsMatch(t, accounts(file), accounts(again))
}

// go test -bench LabExport -benchtime 3x ./export
func BenchmarkLabExport5000(b *testing.B) {
	client, domain := labClient(b, 1_000)
	ou := labCrowd(b, domain, 5_000)
	for b.Loop() {
		cfg := config(b, func(c *schema.ExportConfig) {
			c.UserPath, c.GroupPath, c.SearchGroups, c.NestedGroups = ou, ou, []string{"CN=Crowd"}, true
		})
		result, err := export.Run(b.Context(), client, cfg, options)
		require.NoError(b, err)
		require.Equal(b, 5_000, result.Users)
	}
	b.ReportMetric(float64(client.Operations().Searches), "searches")
}

// Every printable ASCII character that means something somewhere, and what
// blanks and other scripts do at the ends of a name.
func TestLabNamesOfEveryKind(t *testing.T) {
	client, domain := labClient(t, 3)
	admin := domain.Admin(t)
	ou := admin.OU()
	unit := mustDN(t, ou)
	names := []string{" first and last ", "#hash", "two  blanks", "a\tb", "Ärzte & Söhne", "e\u0301 und \u00e9", "李伟", "🙂", "الاسم", strings.Repeat("ü", 64)}
	for _, c := range `!"#$%&'()*+,-./:;<=>?@[\]^_` + "`{|}~" {
		names = append(names, "x"+string(c)+"y")
	}
	head := unit.Child("CN", `Boss, "A" + B\C=D`).String()
	admin.Add(head, map[string][]string{"objectClass": {"user"}, "sAMAccountName": {"boss" + mark(ou)}})
	groups := []string{`CN=G\, 1 \+ \"x\"`, `CN=G\3D2 (*)`}
	for i, group := range groups {
		admin.Add(group+","+ou, map[string][]string{"objectClass": {"group"}, "sAMAccountName": {fmt.Sprint("g", i, mark(ou))}})
		admin.Join(group+","+ou, head)
	}
	for i, cn := range names {
		dn := unit.Child("CN", cn).String()
		admin.Add(dn, map[string][]string{"objectClass": {"user"}, "sAMAccountName": {fmt.Sprint(mark(ou), i)}, "displayName": {cn}, "manager": {head}})
		admin.Join(groups[i%2]+","+ou, dn)
	}
	file, result := exported(t, client, config(t, func(c *schema.ExportConfig) {
		c.UserPath, c.GroupPath, c.SearchGroups, c.Attributes = ou, ou, groups, []string{"displayName", "manager"}
	}))
	require.Len(t, file.Users, len(names)+1)
	assert.Equal(t, groups, find(t, file, "boss"+mark(ou)).MemberOf)
	for i, cn := range names {
		u := find(t, file, fmt.Sprint(mark(ou), i))
		assert.Equal(t, []string{cn, cn}, []string{u.CN, u.Attributes.List("displayName")[0]})
		assert.Equal(t, groups[i%2:i%2+1], u.MemberOf, cn)
		assert.Equal(t, []string{find(t, file, "boss"+mark(ou)).ObjectGUID}, u.Attributes.List("manager"), cn)
	}
	assert.Empty(t, result.Warnings)
}

func TestLabTheDeletedDoNotGo(t *testing.T) {
	client, domain := labClient(t, 2)
	admin := domain.Admin(t)
	ou := admin.OU()
	for _, name := range []string{"stays", "boss", "goes"} {
		admin.Add("CN="+name+","+ou, map[string][]string{"objectClass": {"user"}, "sAMAccountName": {name + mark(ou)}})
	}
	admin.Replace("CN=stays,"+ou, "manager", "CN=boss,"+ou)
	admin.Replace("CN=stays,"+ou, "secretary", "CN=boss,"+ou)
	admin.Delete("CN=goes," + ou)
	admin.Delete("CN=boss," + ou)
	file, _ := exported(t, client, config(t, func(c *schema.ExportConfig) {
		c.Queries = []schema.Query{{Base: ou}, {Base: domain.Base, Filter: "(sAMAccountName=*" + mark(ou) + ")"}}
		c.SearchGroups, c.Attributes = nil, []string{"manager", "secretary"}
	}))
	assert.Equal(t, []string{"stays" + mark(ou)}, accounts(file))
}
