package report

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// A session may write, and have refused, the same value again.
func TestALeftOutValueIsListedOnce(t *testing.T) {
	for name, who := range map[string]plan.Person{
		"an anchor": {Anchor: "8b0e", CN: "Jane Doe"}, "an account, and no anchor": {GUID: adrules.GUID{1}, CN: "Jane Doe"}, "neither": {CN: "Jane Doe"},
	} {
		notes := []plan.Note{{Person: who, Reason: plan.BadValue, Detail: "title: too long"}}
		r := LeftOut(schema.Report{}, notes, nil, time.Time{})
		assert.Len(t, LeftOut(r, notes, nil, time.Time{}).LeftOut, 1, name)
	}
}
