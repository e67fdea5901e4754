package approval

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
)

// matched is a page on which two accounts were found by number and name.
func matched() plan.View {
	view := sample()
	view.Questions = nil
	for _, cn := range []string{"Mia Match", "Noah Match"} {
		q := asks(plan.Adopt, plan.MatchSure, cn)
		q.Holder = &plan.Account{DN: "CN=" + cn + ",OU=Staff,DC=plant,DC=example", Parent: "OU=Staff,DC=plant,DC=example", Class: "user", CN: cn, AccountName: "old"}
		q.Decision = append(q.Decision, plan.Field{Code: plan.FieldEvidence, After: []string{"employeeID is 4711 in the file and here, and no one else's"}})
		view.Questions = append(view.Questions, q)
	}
	view.Questions[0].Context = []plan.Field{{Code: plan.FieldOverwritten, After: []string{"department: IT, then Ops", "mail: a@x, then b@x"}}}
	view.Questions[1].Context = []plan.Field{{Code: plan.FieldOverwritten, After: []string{"department: HR, then Ops"}}}
	return view
}

// Accounts that were found by number and name are taken over together, and lose nothing.
func TestMatchedAccountsAreTakenOverTogether(t *testing.T) {
	view := matched()
	for i := range view.Questions {
		view.Questions[i].Context = append(view.Questions[i].Context, plan.Field{Code: plan.FieldPolicies, After: []string{"lost: Office"}},
			plan.Field{Code: plan.FieldFilledIn, After: []string{"title: Fitter"}}, plan.Field{Code: plan.FieldGivenGroup, After: []string{"p-Viewers"}})
	}
	view.Questions[0].Context = append(view.Questions[0].Context, plan.Field{Code: plan.FieldDelegations, After: []string{"gained: svc-import"}})
	all := plan.Keeps{Password: true, Expiry: true, Memberships: true, Names: true, Values: true}
	desk := &paperDesk{view: view}
	_, b := opened(t, desk)
	b.sees("employeeID is 4711")
	b.click("#open .tools", "Select all shown (2)")
	b.click(".bulk", "Accept")
	b.sees("Take over: 2 accounts, with names, password, state, end and groups as they are")
	b.sees("The user file overwrites: department of 2, mail of 1.")
	b.sees("The user file fills in: title of 2.")
	b.sees("The user file grants the groups: p-Viewers to 2.")
	b.sees("Delegation gained: svc-import (1 account)")
	b.sees("Group policy lost: Office (2 accounts)")
	b.click("dialog", "Accept")
	for _, q := range view.Questions {
		assert.Equal(t, &all, answerTo(t, desk, q.ID).Keeps)
	}
}

// Of one alone a person says what it keeps.
func TestAMatchedAccountKeepsWhatIsTicked(t *testing.T) {
	view := sample()
	q := asks(plan.Adopt, plan.MatchLikely, "Mia Match")
	q.Single = true
	q.Holder = &plan.Account{DN: "CN=Old,OU=Staff,DC=plant,DC=example", Parent: "OU=Staff,DC=plant,DC=example", Class: "user", CN: "Old Name", AccountName: "old.name"}
	q.Context = append(q.Context, plan.Field{Code: plan.FieldGuardedMember, After: []string{"p-Admins", "Operators, of the plant"}})
	view.Questions = []plan.Question{q}
	desk := &paperDesk{view: view}
	_, b := opened(t, desk)
	b.sees("Member of a guarded group")
	lines := `[...document.querySelectorAll("#open article dt")].find((e) => e.textContent === "Member of a guarded group").nextElementSibling.children`
	assert.Equal(t, []string{"p-Admins", "Operators, of the plant"}, eval[[]string](b, "[..."+lines+"].map((e) => e.textContent)"))
	b.click("#open article", "Take over")
	b.sees("its names: Old Name, old.name")
	b.click("dialog", "its names: Old Name")
	b.click("dialog", "Take over")
	assert.Equal(t, &plan.Keeps{Password: true, Expiry: true, Memberships: true, Values: true}, answerTo(t, desk, q.ID).Keeps)
}
