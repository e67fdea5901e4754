package apply

import (
	"cmp"
	"fmt"
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
	_, of := x.failing(plan.Action{Kind: plan.Disable, Person: &two})
	assert.False(t, of)
	_, of = x.failing(plan.Action{Kind: plan.Disable, Person: &one})
	assert.True(t, of)
	_, of = x.failing(plan.Action{Kind: plan.Create, Person: &plan.Person{Anchor: "a"}})
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
		_, fails := x.failing(plan.Action{Kind: c.kind, Person: &who, Group: c.group})
		assert.Equal(t, c.fails, fails, "%s %v", c.kind, c.group)
	}
}

// What a person was offered is done once the account shows it, and not because it is
// not offered again: who is barred meanwhile is offered nothing.
func TestAnOfferIsDoneOnceTheAccountShowsIt(t *testing.T) {
	who := plan.Person{Anchor: "a", GUID: adrules.GUID{1}}
	given := &plan.Given{Expires: 4711}
	ending := func(end int64) *plan.Observation {
		return &plan.Observation{Accounts: []plan.Account{{GUID: who.GUID, Expires: end}}}
	}
	found := func(f plan.Found) *plan.Plan {
		f.Person = who
		return &plan.Plan{Found: []plan.Found{f}}
	}
	for name, c := range map[string]struct {
		kind plan.Kind
		obs  *plan.Observation
		plan *plan.Plan
		done bool
	}{
		"a password, offered":         {plan.NewPassword, nil, found(plan.Found{Offers: []plan.Question{{Kind: plan.NewPassword, Person: &who}}}), false},
		"a password, barred":          {plan.NewPassword, nil, found(plan.Found{Barred: "the account has expired"}), false},
		"a password, unseen":          {plan.NewPassword, nil, nil, false},
		"unlocked":                    {plan.Unlock, nil, found(plan.Found{}), true},
		"unlocked, barred":            {plan.Unlock, nil, found(plan.Found{Barred: "the account has expired"}), true},
		"locked, barred":              {plan.Unlock, nil, found(plan.Found{Barred: "the account has expired", Logon: plan.Logon{Locked: true}}), false},
		"unlocked, unseen":            {plan.Unlock, nil, nil, false},
		"time, as given":              {plan.Prolong, ending(4711), &plan.Plan{Offer: plan.Offer{People: []plan.Offered{{ID: "other", Person: who}}}}, true},
		"time, not as given":          {plan.Prolong, ending(42), &plan.Plan{Offer: plan.Offer{People: []plan.Offered{{ID: "other", Person: who}}}}, false},
		"time, not given, and barred": {plan.Prolong, ending(42), &plan.Plan{Offer: plan.Offer{Left: []plan.Note{{Person: who}}}}, false},
		"time, unseen":                {plan.Prolong, nil, nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			x := New(Options{Directory: nowhere{}, Observed: cmp.Or(c.obs, &plan.Observation{}), Plan: cmp.Or(c.plan, &plan.Plan{})})
			lost := Nothing(&plan.Observation{})
			lost.Open = []Failure{{plan.Action{Kind: c.kind, Person: &who, Given: given}, fmt.Errorf("write: %w", ad.ErrOutcomeUnknown)}}
			assert.Empty(t, x.Resume(lost))
			if c.done {
				assert.Len(t, x.result.Done, 1)
				return
			}
			assert.Empty(t, x.result.Done)
			if assert.Len(t, x.result.Failed, 1) {
				assert.True(t, x.result.Unsure(x.result.Failed[0]), "a password that may be set is kept as such")
			}
		})
	}
}
