package importer

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
)

// Nobody without an account is missing from the list, whatever becomes of them.
func TestMatchesListEverybody(t *testing.T) {
	p := plan.Plan{
		Actions: []plan.Action{
			{Kind: plan.Adopt, Reason: plan.MatchedByName, Person: &plan.Person{CN: "Unasked", Anchor: "a", GUID: adrules.GUID{1}}},
			{Kind: plan.Create, Person: &plan.Person{CN: "New", Anchor: "b"}},
			{Kind: plan.Adopt, Answer: &plan.Answer{}, Person: &plan.Person{CN: "Answered", Anchor: "c", GUID: adrules.GUID{2}}},
		},
		Questions: []plan.Question{{Kind: plan.Create, Reason: plan.SeenNowhere, Person: &plan.Person{CN: "Gone", Anchor: "d"}}},
		Failed: []plan.Note{{Person: plan.Person{CN: "Failed", Anchor: "e"}, Reason: plan.AnchorNotUnique, Detail: "two"},
			{Person: plan.Person{CN: "Has one", Anchor: "f", GUID: adrules.GUID{3}}}},
		Skipped: []plan.Note{{Person: plan.Person{CN: "Disabled", Anchor: "g"}, Reason: plan.DisabledInSource}, {Person: plan.Person{CN: "New", Anchor: "b"}}},
	}
	list := matchesOf(&p)
	assert.Equal(t, []string{"sure Unasked", "none Disabled", "none Failed", "none Gone", "none New"}, rowsOf(list))
	assert.Equal(t, []string{"matched by name, and taken over unasked"}, list[0].Evidence)
	assert.Equal(t, "two", list[2].Why)
}
