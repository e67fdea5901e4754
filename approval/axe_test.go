//go:build axe

package approval

import (
	"os"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
)

// TestAxeFindsNothingSerious needs "npm ci" to have been run in testdata.
func TestAxeFindsNothingSerious(t *testing.T) {
	axe, err := os.ReadFile("testdata/node_modules/axe-core/axe.min.js")
	require.NoError(t, err, "run npm ci in approval/testdata")
	check := func(b *tab, what string) {
		t.Helper()
		require.NoError(t, chromedp.Do(b.ctx, chromedp.Evaluate[chromedp.Void](string(axe)+";undefined")))
		found, err := chromedp.Run(b.ctx, chromedp.Evaluate[[]string](`axe.run().then((r) => r.violations
			.flatMap((v) => v.nodes.map((n) => v.impact + " " + v.id + ": " + n.html.slice(0, 120) + " " + n.failureSummary.slice(0, 200))))`, chromedp.EvalAwaitPromise))
		require.NoError(t, err)
		assert.Empty(t, found, what)
	}
	for _, dark := range []bool{false, true} {
		desk := &paperDesk{view: sample(), fails: map[string]string{"rita.returned": "The domain refuses this password."}}
		_, b := opened(t, desk)
		b.viewport(1280, 900, dark)
		b.click(of("id-enable-rita.returned"), "Enable")
		b.until(`document.querySelector('` + of("id-enable-rita.returned") + ` .trouble')?.checkVisibility()`)
		b.click("#open .tools", "Select all shown")
		check(b, "open questions")
		b.click(".bulk", "Reject")
		check(b, "dialog")
		b.click("dialog", "Cancel")
		b.click(of("id-enable-jane.doe"), "Enable")
		b.gone("id-enable-jane.doe")
		b.click(of("id-disable-dora.disable"), "Reject")
		b.gone("id-disable-dora.disable")
		for _, name := range []string{"By somebody else", "Rejected", "Done"} {
			b.click("[role=tablist]", name)
			check(b, name)
		}
		braked := &paperDesk{view: sample()}
		braked.view.Trips = []plan.Trip{{Name: "disable", Reason: "too many", Accounts: []plan.Person{asks(plan.Disable, "", "Anna A").Person}}}
		_, b = opened(t, braked)
		b.viewport(1280, 900, dark)
		check(b, "brake")
	}
}
