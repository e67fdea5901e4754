package plan_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// What a user of the source may write of himself is no evidence, whatever attribute of the
// target it is written to: nobody chooses whose account is offered as theirs.
func TestRowsWhatUsersOfTheSourceWrite(t *testing.T) {
	number := func(text string) *schema.AttributeRule {
		return map[string]*schema.AttributeRule{"from": {From: "Info"}, "template": {Template: "{info|word}"}}[text]
	}
	for _, how := range []string{"from", "template"} {
		t.Run("row 43 "+how, func(t *testing.T) {
			w, u, _ := matching()
			w.cfg.Attributes["employeeID"] = *number(how)
			u.Attributes.Set("employeeID", value("0815"))
			u.Attributes.Set("info", value("4711"))
			assert.Contains(t, readable(w.plan()), createdJane)
		})
		t.Run("row 41 "+how, func(t *testing.T) {
			w, u := newWorld(), (*schema.User)(nil)
			_, a := w.both("Doe, Jane", "jdoe")
			w.users, a.Control = nil, a.Control.Disable()
			w.remember(a, func(r *plan.Remembered) { r.DisabledFor = plan.MissingInFile })
			a.Values.Set("employeeid", schema.Value{List: []string{"4711"}})
			w.cfg.Attributes["employeeID"] = *number(how)
			u = w.user("Mallory", "mallory")
			u.Attributes.Set("info", value("4711"))
			assert.Contains(t, readable(w.plan()), "create Mallory: new")
		})
	}
	t.Run("row 43 names that they write", func(t *testing.T) {
		w, u, _ := matching()
		w.cfg.Attributes["givenName"] = schema.AttributeRule{From: "personalTitle"}
		u.Attributes.Set("personalTitle", value("Jane"))
		q := w.plan().Questions[0]
		assert.Equal(t, plan.MatchLikely, q.Reason)
		assert.True(t, q.Single)
	})
}
