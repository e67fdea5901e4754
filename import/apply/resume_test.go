package apply

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

type nowhere struct{ Directory }

func (nowhere) Domain() ad.Domain { return ad.Domain{} }

// Of someone who has two accounts, a failure of one is none of the other: what a
// lost controller did to that one is done.
func TestAFailureIsOfOneAccount(t *testing.T) {
	one, two := plan.Person{Anchor: "a", GUID: adrules.GUID{1}}, plan.Person{Anchor: "a", GUID: adrules.GUID{2}}
	x := New(Options{Directory: nowhere{}, Observed: &plan.Observation{}, Plan: &plan.Plan{Failed: []plan.Note{{Person: one, Reason: plan.AnchorLost}}}})
	_, of := x.failing(plan.Action{Kind: plan.Disable, Person: two})
	assert.False(t, of)
	_, of = x.failing(plan.Action{Kind: plan.Disable, Person: one})
	assert.True(t, of)
	_, of = x.failing(plan.Action{Kind: plan.Create, Person: plan.Person{Anchor: "a"}})
	assert.True(t, of, "who has no account yet goes by the anchor")
}

func TestAMissingGroupIsOfItsMembershipsAlone(t *testing.T) {
	who := plan.Person{Anchor: "a"}
	groups := []plan.Group{{SID: "there"}, {SID: "gone", Missing: "renamed"}}
	notes := []plan.Note{{Person: who, Reason: plan.GroupMissing}, {Person: who, Reason: plan.PrimaryGroup}}
	x := New(Options{Directory: nowhere{}, Observed: &plan.Observation{Groups: groups}, Plan: &plan.Plan{Failed: notes}})
	for _, c := range []struct {
		kind  plan.Kind
		group *plan.Group
		fails bool
	}{
		{plan.Create, nil, false}, {plan.Extend, nil, false}, {plan.Join, &plan.Group{SID: "there"}, false},
		{plan.Join, &plan.Group{SID: "gone"}, true}, {plan.Leave, &plan.Group{SID: "there"}, true},
	} {
		_, fails := x.failing(plan.Action{Kind: c.kind, Person: who, Group: c.group})
		assert.Equal(t, c.fails, fails, "%s %v", c.kind, c.group)
	}
}
