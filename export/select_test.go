package export

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

func config(change func(*schema.ExportConfig)) *schema.ExportConfig {
	cfg := &schema.ExportConfig{
		UserPath: "OU=People,DC=corp,DC=example", GroupPath: "OU=Groups,DC=corp,DC=example",
		SearchGroups: []string{"CN=t-Viewers", "CN=t-Editors"}, SourceAnchor: true,
	}
	if change != nil {
		change(cfg)
	}
	return cfg
}

func mustRead(t *testing.T, cfg *schema.ExportConfig) *wanted {
	t.Helper()
	w, err := read(cfg)
	require.NoError(t, err)
	return w
}

func dn(t *testing.T, text string) ad.DN {
	t.Helper()
	d, err := ad.ParseDN(text)
	require.NoError(t, err)
	return d
}

func entry(t *testing.T, attributes map[string][]string) ad.Entry {
	values := map[string][][]byte{}
	for name, texts := range attributes {
		values[name] = ad.Values(texts...)
	}
	return ad.NewEntry(dn(t, "CN=Jane Doe,OU=People,DC=corp,DC=example"), values)
}

func group(dn ad.DN, sid adrules.SID) ad.Entry {
	return ad.NewEntry(dn, map[string][][]byte{"objectSid": {sid.Bytes()}})
}

func TestJudge(t *testing.T) {
	const (
		viewers  = "CN=t-Viewers,OU=Groups,DC=corp,DC=example"
		editors  = "cn=T-editors,ou=groups,dc=corp,dc=example" // spelled otherwise
		nested   = "CN=Interns,OU=Groups,DC=corp,DC=example"
		stranger = "CN=Strangers,OU=Groups,DC=corp,DC=example"
	)
	w := mustRead(t, config(func(c *schema.ExportConfig) {
		c.Exclude = map[string][]string{"sAMAccountName": {"adm-*", "svc?"}, "description": {"*no export*"}}
	}))
	m := newMembership(w.groups)
	m.count(0, group(w.groups[0].dn, "S-1-5-21-1-2-3-1104"))
	m.count(1, group(w.groups[1].dn, "S-1-5-21-1-2-3-1105"))
	m.count(1, group(dn(t, nested), "S-1-5-21-1-2-3-1106"))

	for _, c := range []struct {
		name       string
		attributes map[string][]string
		memberOf   []string
		leftOut    string
	}{
		{"member", map[string][]string{"memberOf": {stranger, viewers}}, []string{"CN=t-Viewers"}, ""},
		{"member of both, in the order configured", map[string][]string{"memberOf": {editors, viewers}}, []string{"CN=t-Viewers", "CN=t-Editors"}, ""},
		{"nested", map[string][]string{"memberOf": {nested}}, []string{"CN=t-Editors"}, ""},
		{"primary group", map[string][]string{"primaryGroupID": {"1104"}}, []string{"CN=t-Viewers"}, ""},
		{"primary group nested", map[string][]string{"primaryGroupID": {"1106"}}, []string{"CN=t-Editors"}, ""},
		{"in no group", map[string][]string{"primaryGroupID": {"513"}, "memberOf": {stranger}}, []string{}, "in none of search_groups"},
		{"excluded", map[string][]string{"memberOf": {viewers}, "sAMAccountName": {"ADM-jdoe"}}, []string{"CN=t-Viewers"},
			`exclude: sAMAccountName is "ADM-jdoe", which matches "adm-*"`},
		{"excluded by one of several values", map[string][]string{"memberOf": {viewers}, "description": {"a", "please NO EXPORT!"}}, []string{"CN=t-Viewers"},
			`exclude: description is "please NO EXPORT!", which matches "*no export*"`},
		{"not excluded", map[string][]string{"memberOf": {viewers}, "sAMAccountName": {"svc12"}}, []string{"CN=t-Viewers"}, ""},
		{"computer", map[string][]string{"memberOf": {viewers}, "userAccountControl": {"4096"}}, []string{"CN=t-Viewers"},
			"the account of a computer or of a trust, not of a person"},
		{"built in", map[string][]string{"memberOf": {viewers}, "isCriticalSystemObject": {"TRUE"}}, []string{"CN=t-Viewers"},
			"an account of the domain itself (isCriticalSystemObject), such as Administrator or krbtgt"},
		{"built in, told by the SID", map[string][]string{"memberOf": {viewers}, "objectSid": {string(adrules.SID("S-1-5-21-1-2-3-500").Bytes())}}, []string{"CN=t-Viewers"},
			"an account of the domain itself (isCriticalSystemObject), such as Administrator or krbtgt"},
		{"the first that somebody made", map[string][]string{"memberOf": {viewers}, "objectSid": {string(adrules.SID("S-1-5-21-1-2-3-1000").Bytes())}}, []string{"CN=t-Viewers"}, ""},
		{"conflict", map[string][]string{"memberOf": {viewers}, "cn": {"Jane Doe\nCNF:7a1c2b3d-8b86-d011-b42d-00cf4fc964aa"}}, []string{"CN=t-Viewers"}, "what a replication conflict left"},
		{"conflict of account names", map[string][]string{"memberOf": {viewers}, "sAMAccountName": {"$duplicate-1f4"}}, []string{"CN=t-Viewers"}, "what a replication conflict left"},
		{"conflict of somebody who does not go", map[string][]string{"cn": {"Jane Doe\nCNF:7a1c2b3d-8b86-d011-b42d-00cf4fc964aa"}}, []string{}, "in none of search_groups"},
		{"CNF is a name, too", map[string][]string{"memberOf": {viewers}, "cn": {"CNF:7a1c2b3d", "Jane CNF:1"}}, []string{"CN=t-Viewers"}, ""},
		{"trust", map[string][]string{"memberOf": {viewers}, "userAccountControl": {"2080"}}, []string{"CN=t-Viewers"},
			"the account of a computer or of a trust, not of a person"},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := w.judge(entry(t, c.attributes), m)
			assert.Equal(t, []any{c.memberOf, c.leftOut}, []any{v.memberOf, v.leftOut})
			assert.Equal(t, c.leftOut == "", v.rule == "")
			assert.NotContains(t, v.rule, " is ", "no value of one user")
		})
	}

	t.Run("everybody without search groups", func(t *testing.T) {
		all := mustRead(t, config(func(c *schema.ExportConfig) { c.SearchGroups = nil }))
		v := all.judge(entry(t, map[string][]string{"memberOf": {viewers}}), newMembership(nil))
		assert.Equal(t, verdict{memberOf: []string{}}, v)
	})
}

func TestTheFilterAsksForMembersAlone(t *testing.T) {
	w := mustRead(t, config(nil))
	m := newMembership(w.groups)
	for i, g := range w.groups {
		m.count(i, group(g.dn, []adrules.SID{"S-1-5-21-1-2-3-1104", "S-1-5-21-1-2-3-1105"}[i]))
	}
	const members = "(|(memberOf=CN=t-Viewers,OU=Groups,DC=corp,DC=example)(memberOf=CN=t-Editors,OU=Groups,DC=corp,DC=example)(primaryGroupID=1104)(primaryGroupID=1105))"
	assert.EqualValues(t, members, m.filter())
	assert.EqualValues(t, "(&"+string(ad.People)+members+")", w.queries[0].users(m.filter()))
	assert.EqualValues(t, "(&"+string(ad.People)+"(mail=*))", query{filter: "(mail=*)"}.users(""))
	assert.Equal(t, ad.People, w.queries[0].users())
	for i := range mostGroupsInFilter {
		m.count(0, group(w.groupPath.Child("CN", fmt.Sprint(i)), "S-1-1-0"))
	}
	assert.Empty(t, m.filter(), "too many: judged here")
}

func TestExpiry(t *testing.T) {
	for value, want := range map[string]string{
		"": "", "0": "", "9223372036854775807": "", "-1": "", "134432316000000000": "2026-12-31T23:00:00Z",
		"2650467744000000000": "", // the year 10000
	} {
		at := expiry(entry(t, map[string][]string{"accountExpires": {value}}))
		if want == "" {
			assert.Nil(t, at, value)
			continue
		}
		require.NotNil(t, at, value)
		assert.Equal(t, want, at.Format("2006-01-02T15:04:05Z07:00"))
	}
}
