package importer

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
)

// Of somebody who has two accounts, a failure of one is none of the other: what a
// lost controller did to that one is done.
func TestAFailureIsOfOneAccount(t *testing.T) {
	one, two := plan.Person{Anchor: "a", GUID: adrules.GUID{1}}, plan.Person{Anchor: "a", GUID: adrules.GUID{2}}
	notes := []plan.Note{{Person: one, Reason: plan.StampLost}}
	_, of := failing(notes, plan.Action{Kind: plan.Disable, Person: two})
	assert.False(t, of)
	_, of = failing(notes, plan.Action{Kind: plan.Disable, Person: one})
	assert.True(t, of)
	_, of = failing(notes, plan.Action{Kind: plan.Create, Person: plan.Person{Anchor: "a"}})
	assert.True(t, of, "who has no account yet goes by the anchor")
}
