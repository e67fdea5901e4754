package approval

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
)

// madeAnew is a page on which three people are asked about who were made anew.
func madeAnew() plan.View {
	view := sample()
	view.Questions = nil
	for _, cn := range []string{"Mia Again", "Noah Again", "Otto Again"} {
		q := asks(plan.Adopt, plan.MadeAnew, cn)
		q.MayKeep, q.Former = cn != "Otto Again", "6f9619ff-8b86-d011-b42d-00c04fc964ff"
		q.Single = cn == "Otto Again"
		q.Holder = &plan.Account{DN: "CN=" + cn + ",OU=Partners,DC=plant,DC=example", Parent: "OU=Partners,DC=plant,DC=example", InContainer: true, Class: "user", CN: cn, AccountName: "old"}
		q.Decision = append(q.Decision, plan.Field{Code: plan.FieldEvidence, After: []string{"employeeID is 4711 in the file, of no one else who is active there, and here"}})
		view.Questions = append(view.Questions, q)
	}
	return view
}

// Who was made anew, by number and name, is taken over together with others, and keeps
// no password; alone it may, if someone says that it is the same person.
func TestPeopleMadeAnewAreTakenOver(t *testing.T) {
	view := madeAnew()
	desk := &paperDesk{view: view}
	_, b := opened(t, desk)
	b.sees("employeeID is 4711")
	b.click("#open .tools", "Select all shown (2)")
	b.click(".bulk", "Accept")
	b.sees("Take over from before: 2 accounts, disabled until enabled with a new password")
	b.click("dialog", "Accept")
	for _, q := range view.Questions[:2] {
		assert.Equal(t, &plan.Keeps{}, q.Keeping(answerTo(t, desk, q.ID).Keeps))
	}

	_, b = opened(t, desk)
	b.click("#open article:last-of-type", "Take over")
	b.sees("with a new password")
	b.click("dialog", "Take over")
	assert.Equal(t, &plan.Keeps{}, answerTo(t, desk, view.Questions[2].ID).Keeps)
}

func TestSomeoneMadeAnewKeepsThePasswordIfTicked(t *testing.T) {
	for _, ticked := range []bool{false, true} {
		view := sample()
		q := asks(plan.Adopt, plan.MadeAnew, "Mia Again")
		q.MayKeep = true
		q.Holder = &plan.Account{DN: "CN=Mia,OU=Partners,DC=plant,DC=example", Parent: "OU=Partners,DC=plant,DC=example", InContainer: true, Class: "user", CN: "Mia", AccountName: "mia"}
		view.Questions = []plan.Question{q}
		desk := &paperDesk{view: view}
		_, b := opened(t, desk)
		b.click("#open article", "Take over")
		b.sees("its password: it is the same person")
		if ticked {
			b.click("dialog", "its password: it is the same person")
		}
		b.click("dialog", "Take over")
		assert.Equal(t, &plan.Keeps{Password: ticked}, answerTo(t, desk, q.ID).Keeps)
	}
}
