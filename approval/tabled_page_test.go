package approval

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
)

// ofATable is a session with a table of four rows, of which two stand.
func ofATable() plan.View {
	view := sample()
	view.Questions = nil
	tabled := &plan.Tabled{Rows: 4}
	for i, cn := range []string{"Mia Match", "Noah Match", "Olga Other", "Sam Sure"} {
		q := asks(plan.Adopt, plan.MatchSure, cn)
		q.Holder = &plan.Account{DN: "CN=" + cn + ",OU=Staff,DC=plant,DC=example", Parent: "OU=Staff,DC=plant,DC=example", Class: "user", CN: cn, AccountName: "old"}
		switch i {
		case 0, 1:
			tabled.Stand = append(tabled.Stand, q.ID)
		case 2:
			q.Single, q.Context = true, append(q.Context, plan.Field{Code: plan.FieldRow, After: []string{string(plan.RowZeros)}})
			tabled.Apart = append(tabled.Apart, plan.Apart{Row: plan.Row{Line: 9, User: "Olga"}, Why: plan.RowZeros, ID: q.ID})
		}
		view.Questions = append(view.Questions, q)
	}
	tabled.Apart = append(tabled.Apart, plan.Apart{Row: plan.Row{Line: 12, User: "=Nobody\u202e"}, Why: plan.RowNotAsked})
	view.Tabled = tabled
	return view
}

// The rows of a table that stand are confirmed once, and the others are named and asked alone.
func TestATableIsConfirmedOnce(t *testing.T) {
	view := ofATable()
	tabled := view.Tabled
	desk := &paperDesk{view: view}
	_, b := opened(t, desk)
	b.sees("4 rows to be taken over: 2 as proposed, to be confirmed together, 2 not answered by the table.")
	b.sees("an account name has lost the zeros it begins with")
	b.click(".tabled", "2 rows of the table decided alone, or not at all: who, and why")
	b.sees("Line 9, P3KI Olga Other: an account name has lost the zeros it begins with, as happens in spreadsheets; it is asked below.")
	b.sees("Line 12, =NobodyU+202E: nothing is asked about this person")
	b.click(".tabled", "Take over 2 accounts of the table")
	b.sees("Take over: 2 accounts, with names, password, state, end and groups as they are")
	b.click("dialog", "Cancel")
	assert.Empty(t, desk.taken(), "nothing is done before it is confirmed")
	b.click(".tabled", "Take over 2 accounts of the table")
	b.click("dialog", "Accept")
	require.Eventually(t, func() bool { return len(desk.taken()) == 2 }, patience, 5*time.Millisecond)
	assert.ElementsMatch(t, tabled.Stand, []string{desk.taken()[0].ID, desk.taken()[1].ID})
	b.seesNot("to be confirmed together")
}
