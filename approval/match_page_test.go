package approval

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
)

// Accounts that were found by number and name are taken over together, and lose nothing.
func TestMatchedAccountsAreTakenOverTogether(t *testing.T) {
	view := sample()
	view.Questions = nil
	for _, cn := range []string{"Mia Match", "Noah Match"} {
		q := asks(plan.Adopt, plan.MatchSure, cn)
		q.Holder = &plan.Account{DN: "CN=" + cn + ",OU=Staff,DC=plant,DC=example", Parent: "OU=Staff,DC=plant,DC=example", Class: "user", CN: cn, AccountName: "old"}
		q.Decision = append(q.Decision, plan.Field{Code: plan.FieldEvidence, After: []string{"employeeID is 4711 in the file and here, and no one else's"}})
		view.Questions = append(view.Questions, q)
	}
	desk := &paperDesk{view: view}
	_, b := opened(t, desk)
	b.sees("employeeID is 4711")
	b.click("#open .tools", "Select all shown (2)")
	b.click(".bulk", "Accept")
	b.sees("Take over: 2 accounts, with password, state, end and groups as they are")
	b.click("dialog", "Accept")
	for _, q := range view.Questions {
		assert.Equal(t, &plan.Keeps{Password: true, Expiry: true, Memberships: true}, answerTo(t, desk, q.ID).Keeps)
	}
}
