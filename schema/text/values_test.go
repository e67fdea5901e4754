package text

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/schema"
)

// A line of a person has what people read: no distinguished names, anchors or steps on the way.
func TestWhatALineSaysOfAPerson(t *testing.T) {
	change := func(attribute string, before, after []string) schema.Change {
		return schema.Change{Cause: &schema.Cause{Action: "update"}, Attribute: attribute, Before: before, After: after}
	}
	one := func(v string) []string { return []string{v} }
	for _, c := range []struct {
		changes []schema.Change
		said    []string
	}{
		{[]schema.Change{change("sAMAccountName", one("jkim"), one("aus-a8818856848c2ecb")), change("userPrincipalName", one("jkim@x"), one("aus-a8818856848c2ecb@x")),
			change("sAMAccountName", one("jkim"), one("jkim2")), change("userPrincipalName", one("jkim@x"), one("jkim2@x"))},
			[]string{"account name jkim -> jkim2", "logon name jkim@x -> jkim2@x"}},
		{[]schema.Change{change("manager", one(`CN=Doe\, Jane,OU=Managed,DC=plant,DC=example`), one("EXT Zoë"))}, []string{`manager Doe, Jane -> EXT Zoë`}},
		{[]schema.Change{change("manager", one(`cn=Doe \2B Roe,DC=plant`), nil)}, []string{`manager cn=Doe \2B Roe,DC=plant -> (none)`}},
		{[]schema.Change{change("secretary", []string{"CN=A,DC=x", "CN=B,DC=x"}, one("CN=C"))}, []string{"secretary A; B -> C"}},
		{[]schema.Change{change("adminDescription", nil, one("ad-user-sync:c52c2e8e-3973-45ff-85a1-1b8d800566bf@corp.example"))}, []string{"anchored"}},
		{[]schema.Change{change("adminDescription", one("ad-user-sync:1@old"), one("ad-user-sync:1@new"))}, []string{"anchored anew"}},
		{[]schema.Change{change("title", nil, one("(none)"))}, []string{`title (none) -> "(none)"`}},
		{[]schema.Change{change("userAccountControl", one("512"), one("514")), change("accountExpires", one("never"), one("2026-12-01T09:00:00Z"))},
			[]string{"state enabled -> disabled", "ends never -> 2026-12-01 09:00 UTC"}},
	} {
		assert.Equal(t, c.said, (&doing{kind: "update", changes: c.changes}).said())
	}
}
