package plan_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
)

// What a person is told is written to an account that is taken over.
func TestRowsMatchTold(t *testing.T) {
	t.Run("row 43 what is filled in is said", func(t *testing.T) {
		w, u, _ := matching()
		u.Attributes.Set("department", value("IT"))
		assert.Contains(t, w.plan().Questions[0].Context, plan.Field{Code: plan.FieldFilledIn, After: []string{"department: IT"}})
	})
}
