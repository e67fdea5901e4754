package approval

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
)

func TestFilterByKindAndText(t *testing.T) {
	_, b := opened(t, &paperDesk{view: sample()})
	shown := `[...document.querySelectorAll("#open article")].filter((e) => e.checkVisibility()).length`
	b.until(shown + " === 9")
	b.fill("#open input[type=search]", "rita")
	b.until(shown + " === 1")
	b.sees("1 of 9 questions shown")
	b.fill("#open input[type=search]", " ")
	b.until(shown + " === 9")
	require.NoError(t, chromedp.Do(b.ctx, chromedp.SetValue(chromedp.CSS("#open select"), "name")))
	eval[bool](b, `document.querySelector("#open select").dispatchEvent(new Event("change"))`)
	b.until(shown + " === 2")
}

func TestBulkAboveTwentyNeedsTheNumberTyped(t *testing.T) {
	desk := &paperDesk{view: many(25)}
	_, b := opened(t, desk)
	b.click("#open .tools", "Select all shown (25)")
	b.sees("25 selected")
	b.click(".bulk", "Accept")
	b.sees("Enable 25 accounts")
	assert.Equal(t, 25, eval[int](b, `document.querySelectorAll("dialog .people li").length`), "each is named")
	assert.Contains(t, eval[string](b, `document.querySelector("dialog .people").innerText`), desk.view.Questions[24].Person.AccountName)
	disabled := `document.querySelector("dialog button[type=submit]").disabled`
	assert.True(t, eval[bool](b, disabled))
	b.keys("24")
	assert.True(t, eval[bool](b, disabled))
	b.keys(kb.Backspace + "5")
	b.until("!" + disabled)
	b.keys(kb.Enter)
	b.sees("25 new passwords not yet handed out")
	b.sees("Nothing is waiting for a decision")
	passwords := map[string]bool{}
	for _, a := range desk.taken() {
		passwords[a.Password.Reveal()] = true
	}
	assert.Len(t, passwords, 25, "one passphrase each")
}

func TestBulkLeavesSingleOnesOut(t *testing.T) {
	desk := &paperDesk{view: sample()}
	_, b := opened(t, desk)
	b.click("#open .tools", "Select all shown (5)")
	b.click(".bulk", "Reject")
	b.keys("not now")
	b.click("dialog", "Reject")
	require.Eventually(t, func() bool { return len(desk.taken()) == 5 }, patience, 5*time.Millisecond)
	for _, a := range desk.taken() {
		assert.False(t, a.Accept)
		assert.Equal(t, "not now", a.Reason)
		assert.Equal(t, strings.Contains(a.ID, "disable") || strings.Contains(a.ID, "leave"), a.Until != nil, a.ID)
	}
}

func TestLimitComesFirst(t *testing.T) {
	desk := &paperDesk{view: sample()}
	desk.view.Trips = []plan.Trip{{Name: "disable", Reason: "2 accounts would be disabled; that is 66 percent of 3. Allowed are up to 1 or 10 percent, whichever is more, and never more than 50",
		Accounts: []plan.Person{*asks(plan.Disable, "", "Anna A").Person, *asks(plan.Disable, "", "Berta B").Person}},
		{Name: "empty group", Reason: "group p-Viewers would lose all of its 2 managed members",
			Accounts: []plan.Person{*asks(plan.Leave, "", "Anna A").Person, *asks(plan.Leave, "", "Berta B").Person}}}
	desk.view.Planned, desk.hold = stoppedPlan(), make(chan struct{})
	_, b := opened(t, desk)
	b.sees("The run was stopped before the first write")
	b.seesNot("Jane Doe")
	b.sees("All that this plan would do (154 changes)")
	assert.Equal(t, []string{"Disable (2)", "Add to group (1)", "Update (1)", "Extend (150)"}, eval[[]string](b, `[...document.querySelectorAll(".planned summary")].map((e) => e.textContent)`), "the worst first")
	b.click(".planned", "Disable (2)")
	b.sees("Anna A anna.a (missing in file)")
	b.click(".planned", "Add to group (1)")
	b.sees("Clara C clara.c: p-Viewers from t-View")
	b.seesNot("group_map")
	b.click(".planned", "Update (1)")
	b.sees("department: Sales → Assembly")
	b.click(".planned", "Extend (150)")
	b.sees("Show more (50)")
	b.click(".planned details[open]:last-of-type", "Show more (50)")
	b.sees("Person 149")
	b.fill(".planned input", "person 149")
	b.sees("Extend (1 of 150)")
	b.seesNot("Clara C")
	b.fill(".limits form input", "3")
	assert.True(t, eval[bool](b, `document.querySelector(".limits form button").disabled`))
	b.fill(".limits form input", "2")
	b.click(".limits", "Override for this plan")
	for range 7 {
		desk.hold <- struct{}{}
	}
	b.sees("Carrying out 7 of 154")
	b.seesNot("To go on all the same")
	close(desk.hold)
	b.sees("Jane Doe")
	assert.Equal(t, []int{2}, desk.released)
}

// stoppedPlan is all that a plan would do that a limit stops.
func stoppedPlan() []plan.Action {
	about := func(kind plan.Kind, why plan.Reason, name string) plan.Action {
		return plan.Action{Kind: kind, Reason: why, Person: asks(kind, why, name).Person}
	}
	update, join := about(plan.Update, plan.Differs, "Dirk D"), about(plan.Join, plan.GroupMap, "Clara C")
	update.Changes = []plan.Change{{Attribute: "department", Before: []string{"Sales"}, After: []string{"Assembly"}}}
	join.Group, join.From = &plan.Group{CN: "p-Viewers"}, []string{"t-View"}
	disable := about(plan.Disable, plan.MissingInFile, "Anna A")
	disable.Changes = []plan.Change{{Attribute: "userAccountControl", Before: []string{"512"}, After: []string{"514"}}}
	list := []plan.Action{update, join, disable, about(plan.Disable, plan.MissingInFile, "Berta B")}
	for i := range 150 {
		list = append(list, about(plan.Extend, plan.Lease, fmt.Sprintf("Person %d", i)))
	}
	return list
}

func TestProgressIsShown(t *testing.T) {
	desk := &paperDesk{view: many(30), hold: make(chan struct{})}
	_, b := opened(t, desk)
	b.click("#open .tools", "Select all shown (30)")
	b.click(".bulk", "Accept")
	b.keys("30" + kb.Enter)
	for range 10 {
		desk.hold <- struct{}{}
	}
	b.sees("Carrying out 10 of 30")
	require.NoError(t, chromedp.Do(b.ctx, chromedp.Reload()))
	b.sees("Carrying out 10 of 30")
	close(desk.hold)
	b.sees("30 new passwords not yet handed out")
	b.sees("Nothing is waiting for a decision")
}
