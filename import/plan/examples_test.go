package plan_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

func TestExamplesAreCutAsTheNamesAre(t *testing.T) {
	w := newWorld()
	w.named("Wilhelmina", "Featherstonehaugh")
	e := plan.NameExamples(schema.Names{AccountName: "{givenName|lower}.{sn|lower}{n}"}, w.input().File)
	assert.Equal(t, []string{"Wilhelmina Featherstonehaugh: wilhelmina.featherst"}, e.Names)
	w.cfg.Names.AccountName = "{givenName|lower}.{sn|lower}{n}"
	assert.Equal(t, "wilhelmina.featherst", created(w.plan())["Wilhelmina Featherstonehaugh"][0])
}
