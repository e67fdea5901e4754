package plan_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// What a person is told is written to an account that is taken over.
func TestRowsMatchTold(t *testing.T) {
	t.Run("row 43 what is filled in is said", func(t *testing.T) {
		w, u, _ := matching()
		u.Attributes.Set("department", value("IT"))
		assert.Contains(t, w.plan().Questions[0].Context, plan.Field{Code: plan.FieldFilledIn, After: []string{"department: IT"}})
	})
	t.Run("row 43 who shares the number of an account with others of the file is named", func(t *testing.T) {
		w, _, a := matching()
		w.user("Doe, Jane (admin)", "jane.adm").Attributes.Set("employeeID", value("4711 "))
		const said = "which counts for none of them since several of the user file have it (2): Doe, Jane (admin) (employeeID 4711), Doe, Jane (employeeID 4711)"
		assert.Contains(t, strings.Join(w.plan().Notices, "\n"), said, "each gets an account")
		a.Values.Set("employeeid", schema.Value{List: []string{"4712"}})
		assert.NotContains(t, strings.Join(w.plan().Notices, "\n"), "counts for none")
	})
}
