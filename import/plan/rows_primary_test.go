package plan_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// A primary group holds its members otherwise than other groups; what cannot be
// done by an import is told by the plan, so that a dry run says the same.
func TestPrimaryGroups(t *testing.T) {
	t.Run("row 30 row 35 a primary group cannot be left", func(t *testing.T) {
		w := newWorld()
		_, a := w.both("Jane", "jane")
		w.both("Max", "max")
		a.MemberOf[sid("p-View")], a.Primary = true, sid("p-View")
		p := w.expect(t, "failed Jane: primary group", "unchanged Max")
		assert.Contains(t, p.Failed[0].Detail, "p-View is the account's primary group; set Domain Users as its primary group")
		w.users = w.users[1:]
		w.expect(t, "disable Jane: missing in file [userAccountControl 512>514]", "failed Jane: primary group", "unchanged Max")
	})
	t.Run("row 30 row 34 everybody is in Domain Users", func(t *testing.T) {
		w := newWorld()
		w.cfg.GroupMap = map[string]schema.OneOrMore{"*": {"Domain Users"}}
		w.groups = nil
		everybody := w.group("Domain Users")
		everybody.SID = "S-1-5-21-1-2-3-513"
		for _, name := range []string{"jane", "max", "anna"} {
			_, a := w.both(name, name)
			a.MemberOf[everybody.SID], a.Primary = true, everybody.SID
		}
		w.accounts[2].Primary, w.accounts[2].MemberOf = "S-1-5-21-1-2-3-514", nil
		w.user("New", "new")
		w.users = w.users[1:]
		p := w.expect(t, "disable jane: missing in file [userAccountControl 512>514]", "create New: new", "join anna Domain Users: group_map",
			"enable? New: new", "unchanged max")
		assert.Empty(t, p.Failed)
	})
	t.Run("rule 15 an attribute that users cannot have", func(t *testing.T) {
		w := newWorld()
		w.cfg.Attributes["location"] = schema.AttributeRule{}
		w.schema = append(w.schema, plan.Attribute{Name: "location", Single: true, NotOfUsers: true})
		u, _ := w.both("Jane", "jane")
		w.expect(t, "unchanged Jane")
		u.Attributes.Set("location", value("Room 1"))
		u.Attributes.Set("department", value("IT"))
		w.expect(t, "update Jane: differs [department >IT]", "left out Jane: value not accepted")
	})
}
