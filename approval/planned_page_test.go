package approval

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
)

// What stands in an empty field is read as other text is: WCAG 2.2, 1.4.3, of 4.5 to 1.
func TestPlaceholdersAreReadable(t *testing.T) {
	_, b := opened(t, &paperDesk{view: sample()})
	for _, dark := range []bool{false, true} {
		b.viewport(1280, 900, dark)
		ratio := eval[float64](b, `(() => {
			const input = document.querySelector("#open input[type=search]"), parts = (c) => c.match(/[\d.]+/g).slice(0, 3).map(Number);
			const light = (c) => parts(c).map((v) => v / 255).map((v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4).reduce((n, v, i) => n + v * [0.2126, 0.7152, 0.0722][i], 0.05);
			const [a, z] = [light(getComputedStyle(input, "::placeholder").color), light(getComputedStyle(input).backgroundColor)];
			return Math.max(a, z) / Math.min(a, z);
		})()`)
		assert.GreaterOrEqual(t, ratio, 4.5, dark)
	}
}

// Who reviews a stopped plan of thousands looks for people by what is shown of them.
func TestAStoppedPlanIsSearched(t *testing.T) {
	desk := &paperDesk{view: sample()}
	desk.view.Trips = []plan.Trip{{Name: "disable", Reason: "too many", Accounts: []plan.Person{*asks(plan.Disable, "", "Anna A").Person}}}
	about := func(kind plan.Kind, why plan.Reason, name string) plan.Action {
		return plan.Action{Kind: kind, Reason: why, Person: asks(kind, why, name).Person}
	}
	update := about(plan.Update, plan.Differs, "Dirk D")
	update.Changes = []plan.Change{{Attribute: "department", Before: []string{"R&D (old)"}, After: []string{`R\D "new" [a-z]+.*`}}}
	desk.view.Planned = []plan.Action{update, about(plan.Disable, plan.MissingInFile, "J\u00fcrgen M\u00fcller"), about(plan.Disable, plan.MissingInFile, "Zoe\u0308 M\u00dcLLER")}
	for i := range 5000 {
		desk.view.Planned = append(desk.view.Planned, about(plan.Extend, plan.Lease, fmt.Sprintf("Name Number%04d", i)))
	}
	_, b := opened(t, desk)
	b.sees("All that this plan would do (5,003 changes)")
	summaries := `[...document.querySelectorAll(".planned summary")].filter((e) => e.checkVisibility()).map((e) => e.textContent)`
	for typed, want := range map[string]struct {
		kinds []string
		said  string
	}{
		"number49":            {[]string{"Extend (100 of 5,000)"}, "100 of 5,003 changes shown"},
		"NUMBER4999 name":     {[]string{"Extend (1 of 5,000)"}, "1 of 5,003 changes shown"},
		"m\u00fcll":           {[]string{"Disable (2)"}, "2 of 5,003 changes shown"},
		"mu\u0308ller":        {[]string{"Disable (2)"}, "2 of 5,003 changes shown"},
		"zo\u00eb":            {[]string{"Disable (1 of 2)"}, "1 of 5,003 changes shown"},
		"missing":             {[]string{"Disable (2)"}, "2 of 5,003 changes shown"},
		"(old)":               {[]string{"Update (1)"}, "1 of 5,003 changes shown"},
		`r\d "new" [a-z]+.*`:  {[]string{"Update (1)"}, "1 of 5,003 changes shown"},
		"department":          {[]string{"Update (1)"}, "1 of 5,003 changes shown"},
		".*":                  {[]string{"Update (1)"}, "1 of 5,003 changes shown"},
		"accountname":         {[]string{}, "Nothing matches."}, // what no one sees of the protocol is not found
		"nobody of this name": {[]string{}, "Nothing matches."},
	} {
		eval[bool](b, `(() => { const i = document.querySelector(".planned input"); i.value = `+quote(typed)+`; i.dispatchEvent(new Event("input")); return true; })()`)
		b.until(fmt.Sprintf(`document.querySelector(".planned [role=status]").textContent === %s`, quote(want.said)))
		assert.Equal(t, want.kinds, eval[[]string](b, summaries), typed)
	}
	b.fill(".planned input", " ")
	b.until(`document.querySelector(".planned [role=status]").textContent === ""`)
	assert.Len(t, eval[[]string](b, summaries), 3)

	took := eval[float64](b, `(() => { const i = document.querySelector(".planned input"), start = performance.now();
		for (const v of ["n", "nu", "num", "numb"]) { i.value = v; i.dispatchEvent(new Event("input")); document.body.offsetHeight; } return performance.now() - start; })()`)
	assert.Less(t, took, 1000.0, "ms for four keys")

	// by the keyboard alone: open, show more, and go on where the list goes on
	b.fill(".planned input", "number01")
	b.until(summaries + `[0] === "Extend (100 of 5,000)"`)
	b.fill(".planned input", "number0")
	b.until(summaries + `[0] === "Extend (1,000 of 5,000)"`)
	b.keys(kb.Tab + kb.Enter)
	b.sees("Show more (900)")
	assert.Equal(t, 100, eval[int](b, `document.querySelectorAll(".planned details[open] > ul > li").length`))
	b.fill(".planned input", "number00")
	b.fill(".planned input", "number")
	b.sees("Show more (4,900)")
	eval[bool](b, `(document.querySelector(".planned details[open] > button").focus(), true)`)
	for range 49 {
		b.keys(kb.Enter)
	}
	b.until(`document.activeElement.textContent.includes("Number4900")`)
}
