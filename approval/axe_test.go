//go:build axe

package approval

import (
	"os"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// axe looks at what a page shows.
func axe(t *testing.T) (check func(b *tab, what string)) {
	script, err := os.ReadFile("testdata/node_modules/axe-core/axe.min.js")
	require.NoError(t, err, "run npm ci in approval/testdata")
	return func(b *tab, what string) {
		t.Helper()
		require.NoError(t, chromedp.Do(b.ctx, chromedp.Evaluate[chromedp.Void](string(script)+";undefined")))
		found, err := chromedp.Run(b.ctx, chromedp.Evaluate[[]string](`axe.run().then((r) => r.violations
			.flatMap((v) => v.nodes.map((n) => v.impact + " " + v.id + ": " + n.html.slice(0, 120) + " " + n.failureSummary.slice(0, 200))))`, chromedp.EvalAwaitPromise))
		require.NoError(t, err)
		assert.Empty(t, found, what)
	}
}

// TestAxeFindsNothingSerious needs "npm ci" to have been run in testdata.
func TestAxeFindsNothingSerious(t *testing.T) {
	check := axe(t)
	for _, dark := range []bool{false, true} {
		desk := &paperDesk{view: sample(), fails: map[string]string{"rita.returned": "The domain refuses this password."}}
		served, b := opened(t, desk)
		b.viewport(1280, 900, dark)
		b.click(of("id-enable-rita.returned"), "Enable")
		b.until(`document.querySelector('` + of("id-enable-rita.returned") + ` .trouble')?.checkVisibility()`)
		b.click(of("id-enable-rita.returned"), "Type one")
		b.until(`document.querySelector('` + of("id-enable-rita.returned") + ` .rules li')`)
		b.click("#open .tools", "Select all shown")
		check(b, "open questions")
		b.viewport(390, 844, dark)
		check(b, "narrow window")
		b.viewport(1280, 900, dark)
		for label, within := range map[string]string{"Reject…": ".bulk", "Accept…": ".bulk", "Take over this account": of("id-name-nora.name"),
			"Reject with reason": of("id-disable-dora.disable"), "End session": "header"} {
			b.click(within, label)
			check(b, label)
			b.click("dialog", "Cancel")
		}
		b.click("#open .tools", "Table")
		b.click("#open tr[data-id='id-name-nora.name']", "Nora Name")
		b.until(`document.querySelector("#open .detail article")`)
		check(b, "table")
		b.viewport(390, 844, dark)
		check(b, "table in a narrow window")
		b.viewport(1280, 900, dark)
		b.click("#open .tools", "Cards")
		b.click(of("id-enable-jane.doe"), "Enable")
		b.gone("id-enable-jane.doe")
		b.sees("not yet handed out")
		check(b, "to be handed out")
		b.click(".handout", "Download encrypted archive")
		b.sees("all handed out")
		check(b, "handed out")
		b.click(of("id-disable-dora.disable"), "Reject")
		b.gone("id-disable-dora.disable")
		for _, name := range []string{"By someone else", "Rejected", "Done"} {
			b.click("[role=tablist]", name)
			check(b, name)
		}
		b.click("#done", "Show")
		b.until(`document.querySelector("#done .passphrase")`)
		check(b, "a password shown")
		served.leaveIdle(brisk.idle)
		b.sees("This page was not used")
		check(b, "locked")

		waiting := &paperDesk{view: many(30), hold: make(chan struct{})}
		_, b = opened(t, waiting)
		b.viewport(1280, 900, dark)
		b.click("#open .tools", "Select all shown (30)")
		b.click(".bulk", "Accept")
		b.sees("Type 30 to confirm")
		check(b, "number to be typed")
		b.keys("30" + kb.Enter)
		waiting.hold <- struct{}{}
		b.sees("Carrying out 1 of 30")
		check(b, "progress")
		close(waiting.hold)
		b.sees("Nothing is waiting for a decision")
		b.click("header", "End session")
		b.click("dialog", "End without handing out")
		b.sees("The session has ended")
		check(b, "ended")

		partly := &paperDesk{view: sample()}
		partly.view.Report.Failed = []schema.Outcome{{User: "P3KI Lea Leave", Reason: "leave group p-Viewers: access denied"}}
		partly.view.Report.Skipped = []schema.Outcome{{User: "P3KI Otto Old", Reason: "disabled in source"}}
		_, b = opened(t, partly)
		b.viewport(1280, 900, dark)
		b.click(".run details:last-of-type", "1 left alone: who, and why")
		check(b, "what failed")

		stopped := &paperDesk{view: sample()}
		stopped.view.Planned = stoppedPlan()
		stopped.view.Trips = []plan.Trip{{Name: "disable", Reason: "too many", Accounts: []plan.Person{*asks(plan.Disable, "", "Anna A").Person}}}
		_, b = opened(t, stopped)
		b.viewport(1280, 900, dark)
		b.click(".planned", "Update (1)")
		check(b, "limit")
	}
}

func TestAxeFindsNothingSeriousWhenNoFileComes(t *testing.T) {
	check := axe(t)
	for _, dark := range []bool{false, true} {
		_, b := opened(t, &paperDesk{view: silence(25)})
		b.viewport(1280, 900, dark)
		b.click(".prolong", "2 accounts left out")
		check(b, "no file comes")
		b.click(".prolong", "Give more time…")
		b.click("dialog", "One person")
		b.click("dialog", "2 accounts left out")
		check(b, "more time")
	}
}

func TestAxeFindsNothingSeriousWhereAccountsAreTakenOver(t *testing.T) {
	check := axe(t)
	for _, dark := range []bool{false, true} {
		_, b := opened(t, &paperDesk{view: ofATable()})
		b.viewport(1280, 900, dark)
		b.click(".tabled", "2 rows of the table decided alone")
		check(b, "the table")
		b.click(".tabled", "Take over 2 accounts of the table")
		check(b, "the table, to be confirmed")
		_, b = opened(t, &paperDesk{view: madeAnew()})
		b.viewport(1280, 900, dark)
		check(b, "made anew")
		b.click("#open article:last-of-type", "Take over")
		check(b, "made anew, to be confirmed")
		_, b = opened(t, &paperDesk{view: regained()})
		b.viewport(1280, 900, dark)
		check(b, "a lost ledger")
	}
}
