package export

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/schema"
)

func TestValidateListsEveryFault(t *testing.T) {
	err := Validate(&schema.ExportConfig{
		Queries: []schema.Query{
			{Base: "People", Scope: "subtree"},
			{Base: "DC=corp,DC=example", Scope: "tree", Filter: "(mail=*"},
			{},
		},
		GroupPath:    "OU=Groups,DC=corp,DC=example",
		SearchGroups: []string{"t-Viewers", "CN=a", "cn=A", `CN=Ops\, Night,OU=Groups,DC=corp,DC=example`},
		Exclude:      map[string][]string{"mail;x": {"*"}},
		Attributes:   []string{"mail", "2.5.4.3", "userCertificate;binary", "", "unicodePwd"},
	})
	require.ErrorIs(t, err, ErrConfig)
	for _, fault := range []string{
		"queries[1].base", `queries[2].scope: "tree"`, "queries[2].filter", "queries[3].base is missing",
		`search_groups[1]: "t-Viewers" is not a name relative to group_path, as "CN=t-Viewers"`, `search_groups[3]: "cn=A" is listed twice`,
		`search_groups[4]: "CN=Ops\\, Night,OU=Groups,DC=corp,DC=example" is a full name; write it relative to group_path (OU=Groups,DC=corp,DC=example), as "CN=Ops\\, Night"`,
		`exclude: "mail;x"`, `attributes: "2.5.4.3"`, `attributes: "userCertificate;binary"`, `attributes: ""`, `attributes: "unicodePwd" holds passwords`,
	} {
		assert.ErrorContains(t, err, fault)
	}
	require.ErrorContains(t, Validate(&schema.ExportConfig{}), "user_path is missing")
	require.ErrorContains(t, Validate(config(func(c *schema.ExportConfig) { c.GroupPath = "" })), "group_path is missing")
	require.NoError(t, Validate(config(nil)))
}

func TestAttributesThatEveryUserCarriesAreNotAskedForTwice(t *testing.T) {
	w := mustRead(t, config(func(c *schema.ExportConfig) {
		c.Attributes = []string{"CN", "mail", "sAMAccountName", "Mail", "memberOf", "objectGUID"}
	}))
	assert.Equal(t, []string{"mail"}, w.attributes)
}
