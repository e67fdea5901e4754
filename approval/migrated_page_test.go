package approval

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
)

// migrated is a page on which accounts are asked about whose source domain changed.
func migrated() plan.View {
	view := sample()
	view.Questions = nil
	for _, cn := range []string{"Mia Moved", "Noah Moved", "Gerd Guarded"} {
		q := asks(plan.Adopt, plan.Migrated, cn)
		q.Holder = &plan.Account{DN: "CN=" + cn + ",OU=Managed,DC=plant,DC=example", Parent: "OU=Managed,DC=plant,DC=example", Class: "user", CN: cn, AccountName: "moved", InContainer: true}
		q.Decision = append(q.Decision, plan.Field{Code: plan.FieldEvidence, After: []string{"sIDHistory holds the SID that the user of old.example had, says the user file"}})
		q.Single = cn == "Gerd Guarded"
		view.Questions = append(view.Questions, q)
	}
	return view
}

// regained is a page on which accounts are asked about that carry an anchor, after the
// ledger was lost.
func regained() plan.View {
	view := sample()
	view.Questions = nil
	for _, cn := range []string{"Mia Kept", "Noah Kept"} {
		q := asks(plan.Adopt, plan.Unconfirmed, cn)
		q.Holder = &plan.Account{DN: "CN=" + cn + ",OU=Managed,DC=plant,DC=example", Parent: "OU=Managed,DC=plant,DC=example", Class: "user", CN: cn, AccountName: "kept", InContainer: true}
		view.Questions = append(view.Questions, q)
	}
	left := asks(plan.Disable, plan.Unconfirmed, "Lena Left")
	left.Decision = []plan.Field{{Code: plan.FieldCommonName, After: []string{left.Person.CN}}, {Code: plan.FieldReason, After: []string{string(plan.Unconfirmed)}},
		{Code: plan.FieldFormerAnchor, After: []string{"6f9619ff-8b86-d011-b42d-00c04fc964ff"}}}
	view.Questions = append(view.Questions, left)
	return view
}

// Accounts of a migrated domain are taken over together, all but the ones that are decided
// alone, and nothing is ticked.
func TestMigratedAccountsAreTakenOverTogether(t *testing.T) {
	view := migrated()
	desk := &paperDesk{view: view}
	_, b := opened(t, desk)
	b.sees("sIDHistory holds the SID that the user of old.example had")
	b.click("#open .tools", "Select all shown (2)")
	b.click(".bulk", "Accept")
	b.sees("Take over: 2 accounts, as they are; only the anchor is written")
	b.click("dialog", "Accept")
	for _, q := range view.Questions[:2] {
		answer := answerTo(t, desk, q.ID)
		assert.True(t, answer.Accept)
		assert.Nil(t, answer.Keeps)
	}
}

func TestAMigratedAccountAloneIsTakenOverAsItIs(t *testing.T) {
	view := migrated()
	view.Questions = view.Questions[2:]
	desk := &paperDesk{view: view}
	_, b := opened(t, desk)
	b.click("#open article", "Take over")
	b.sees("stays as it is; the next import treats it as any other account")
	b.seesNot("It keeps")
	b.click("dialog", "Take over")
	assert.Nil(t, answerTo(t, desk, view.Questions[0].ID).Keeps)
}
