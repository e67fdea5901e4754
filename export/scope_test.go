package export

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/schema"
)

// The digest is part of the format: these bytes and this number must not
// change, or every import stops and asks.
func TestScopeDigestIsStable(t *testing.T) {
	w := mustRead(t, config(func(c *schema.ExportConfig) {
		c.Queries = []schema.Query{
			{Base: "OU=Rhône\\, Süd,DC=corp,DC=example", Scope: "onelevel", Filter: "(Department=R&D)"},
			{Base: "OU=People,DC=corp,DC=example", Scope: "subtree"},
		}
		c.NestedGroups = true
		c.Exclude = map[string][]string{"sAMAccountName": {"svc-*", "Adm-*"}}
	}))
	assert.Equal(t, `{"version":1,"queries":[[["ou=people","dc=corp","dc=example"],"subtree",""],`+
		`[["ou=rhône, süd","dc=corp","dc=example"],"onelevel","(department=r&d)"]],`+
		`"group_path":["ou=groups","dc=corp","dc=example"],`+
		`"search_groups":[["cn=t-editors","ou=groups","dc=corp","dc=example"],["cn=t-viewers","ou=groups","dc=corp","dc=example"]],`+
		`"nested_groups":true,"exclude":{"samaccountname":["adm-*","svc-*"]}}`, string(canonical(w.scope())))
	assert.Equal(t, "ea0414090e04b33b1bfab9b3f1b5df0fd737b0db41d18995da11bbbe5a159827", w.digest())
}

func TestScopeDigestIgnoresSpelling(t *testing.T) {
	want := mustRead(t, config(nil)).digest()
	for name, change := range map[string]func(*schema.ExportConfig){
		"case":               func(c *schema.ExportConfig) { c.UserPath = "ou=PEOPLE,dc=Corp,dc=Example" },
		"escapes":            func(c *schema.ExportConfig) { c.UserPath = `OU=P\65ople,DC=corp,DC=example` },
		"order of groups":    func(c *schema.ExportConfig) { c.SearchGroups = []string{"CN=t-editors", "CN=t-viewers"} },
		"one query":          func(c *schema.ExportConfig) { c.Queries = []schema.Query{{Base: c.UserPath, Scope: "subtree"}} },
		"further attributes": func(c *schema.ExportConfig) { c.Attributes = []string{"mail"} },
		"empty exclude":      func(c *schema.ExportConfig) { c.Exclude = map[string][]string{"mail": {}} },
		"another file":       func(c *schema.ExportConfig) { c.ExportFile = "other.json" },
	} {
		assert.Equal(t, want, mustRead(t, config(change)).digest(), name)
	}
}

func TestScopeDigestNamesTheSelection(t *testing.T) {
	seen := map[string]string{mustRead(t, config(nil)).digest(): "unchanged"}
	for name, change := range map[string]func(*schema.ExportConfig){
		"user_path":     func(c *schema.ExportConfig) { c.UserPath = "DC=corp,DC=example" },
		"group_path":    func(c *schema.ExportConfig) { c.GroupPath = "DC=corp,DC=example" },
		"one group":     func(c *schema.ExportConfig) { c.SearchGroups = c.SearchGroups[:1] },
		"no groups":     func(c *schema.ExportConfig) { c.SearchGroups = nil },
		"nested_groups": func(c *schema.ExportConfig) { c.NestedGroups = true },
		"exclude":       func(c *schema.ExportConfig) { c.Exclude = map[string][]string{"mail": {"*"}} },
		"scope":         func(c *schema.ExportConfig) { c.Queries = []schema.Query{{Base: c.UserPath, Scope: "onelevel"}} },
		"filter":        func(c *schema.ExportConfig) { c.Queries = []schema.Query{{Base: c.UserPath, Filter: "(mail=*)"}} },
	} {
		digest := mustRead(t, config(change)).digest()
		assert.Empty(t, seen[digest], name)
		seen[digest] = name
	}
}
