package report_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
	"ad-user-sync/import/report"
	"ad-user-sync/internal/adrules"
)

// Two people of one name, in two organizational units, are two; one whom two limits
// are about is one.
func TestGuardCountsAccounts(t *testing.T) {
	sales, works := plan.Person{Anchor: "a-1", CN: "Jane Doe"}, plan.Person{Anchor: "a-2", CN: "Jane Doe"}
	one, two := plan.Person{CN: "Max Muster", GUID: adrules.GUID{1}}, plan.Person{CN: "Max Muster", GUID: adrules.GUID{2}} // of a file without anchors
	trips := []plan.Trip{{Name: "disable", Accounts: []plan.Person{sales, works, one}}, {Name: "leave", Accounts: []plan.Person{works, one, two}}}
	g := report.Guard(&plan.Plan{Trips: trips}, false, "")
	assert.Equal(t, []string{"Jane Doe", "Jane Doe", "Max Muster", "Max Muster"}, g.Users)
	assert.Equal(t, 4, plan.Stopping(trips))
}
